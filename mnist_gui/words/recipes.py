"""What hyperparameters are called in sentences, in tables and on the command line."""

from mnist_gui.engine.recipe import HYPERPARAMETERS
from mnist_gui.words.language import tr


def hyperparameter_name(name: str) -> str:
    """Return a hyperparameter's title, but in English the words that are typed for it."""
    declared = HYPERPARAMETERS.get(name)
    title = declared.title if declared else ""
    return tr(title) if title and tr(title) != title else name.replace("_", " ")


def option_help(name: str) -> str:
    """Return what the command line's help says of a hyperparameter."""
    return tr(HYPERPARAMETERS[name].option)
