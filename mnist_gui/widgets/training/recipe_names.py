"""What recipes, optimizers and other choices are called in the window."""

from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.finetune.recipe import PERSONAL_SUFFIX
from mnist_gui.widgets.number_text import count


def recipe_title(name: str) -> str:
    """Return a recipe's title; the name itself where there is none."""
    if name.endswith(PERSONAL_SUFFIX):
        learnt = QCoreApplication.translate("recipes", "{recipe}, your hand")
        return learnt.format(recipe=_title(name.removesuffix(PERSONAL_SUFFIX)))
    return _title(name)


def _title(name: str) -> str:
    titles = {
        "softmax-tutorial": QCoreApplication.translate("recipes", "Softmax regression (tutorial)"),
        "cnn-tutorial": QCoreApplication.translate("recipes", "CNN (tutorial)"),
        "cnn-fast": QCoreApplication.translate("recipes", "CNN, fast"),
        "cnn-best": QCoreApplication.translate("recipes", "CNN, best"),
        "softmax-best": QCoreApplication.translate("recipes", "Softmax regression, best"),
        "imported": QCoreApplication.translate("recipes", "Imported weights"),
    }
    return titles.get(name, name)


def network_title(recipe: str, step: int) -> str:
    """Return what a network is called that has learnt for so many steps by a recipe."""
    if not step:
        return recipe_title(recipe)
    named = QCoreApplication.translate("recipes", "{recipe}, after {steps} steps")
    return named.format(recipe=recipe_title(recipe), steps=count(step))


def network_file_name(recipe: str, step: int) -> str:
    """Return what a network's file may be called, without a suffix: cnn-fast-1150."""
    return f"{recipe}-{step}" if step else recipe


def recipe_purpose(name: str) -> str:
    """Return in a few words what a recipe is good for; nothing where that is not known."""
    match name:
        case "softmax-tutorial":
            return QCoreApplication.translate("recipes", "The simplest: about 92 % in a second")
        case "cnn-tutorial":
            return QCoreApplication.translate("recipes", "The classic: 99.2 % in minutes")
        case "cnn-fast":
            return QCoreApplication.translate("recipes", "99.2 % in seconds")
        case "cnn-best":
            return QCoreApplication.translate("recipes", "The best reader, also of drawn digits")
        case "softmax-best":
            return QCoreApplication.translate("recipes", "The most that one layer can do")
    return ""


def optimizer_title(name: str) -> str:
    """Return an optimizer's title; the name itself where there is none."""
    match name:
        case "gradient-descent":
            return QCoreApplication.translate("recipes", "Gradient descent")
        case "momentum":
            return QCoreApplication.translate("recipes", "Momentum")
        case "adam":
            return QCoreApplication.translate("recipes", "Adam")
    return name


def schedule_title(name: str) -> str:
    """Return a schedule's title; the name itself where there is none."""
    match name:
        case "constant":
            return QCoreApplication.translate("recipes", "Constant")
        case "one-cycle":
            return QCoreApplication.translate("recipes", "One cycle")
    return name


def precision_title(name: str) -> str:
    """Return a precision's title; the name itself where there is none."""
    if name == "automatic":
        return QCoreApplication.translate("recipes", "Automatic")
    return name
