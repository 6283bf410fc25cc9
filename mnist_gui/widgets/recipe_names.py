"""What recipes, optimizers and precisions are called in the window."""

from PySide6.QtCore import QCoreApplication


def recipe_title(name: str) -> str:
    """Return a recipe's title; the name itself where there is none."""
    match name:
        case "softmax-tutorial":
            return QCoreApplication.translate("recipes", "Softmax regression (tutorial)")
        case "cnn-tutorial":
            return QCoreApplication.translate("recipes", "CNN (tutorial)")
    return name


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


def precision_title(name: str) -> str:
    """Return a precision's title; the name itself where there is none."""
    if name == "automatic":
        return QCoreApplication.translate("recipes", "Automatic")
    return name
