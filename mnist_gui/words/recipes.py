"""What hyperparameters are called in sentences, in tables and on the command line."""

from mnist_gui.engine.recipe import ALL_GPUS, HYPERPARAMETERS
from mnist_gui.words.language import tr


def hyperparameter_name(name: str) -> str:
    """Return a hyperparameter's title, but in English the words that are typed for it."""
    declared = HYPERPARAMETERS.get(name)
    title = declared.title if declared else ""
    return tr(title) if title and tr(title) != title else name.replace("_", " ")


def device_title(device: object) -> str:
    """Return what a device is called, given itself or what is recorded of it."""
    text = str(device)
    names = text.removeprefix(f"{ALL_GPUS}: ")
    return text if names == text else tr("All GPUs together: {names}").format(names=names)


def option_help(name: str) -> str:
    """Return what the command line's help says of a hyperparameter."""
    return tr(HYPERPARAMETERS[name].option)
