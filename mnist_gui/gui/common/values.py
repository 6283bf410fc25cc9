"""The names of recipes, hyperparameters and annotations in the user's words."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.events import (
    Annotation,
    BestWeightsRestored,
    LearningRateChanged,
    Paused,
    Resumed,
    StepsAdded,
)
from mnist_gui.engine.finetune.recipe import PERSONAL_SUFFIX
from mnist_gui.engine.recipe import HYPERPARAMETERS, IMPORTED, usual_recipe
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.gui.common.labels import count

# More of them would hide the curves.
_MAX_ANNOTATIONS = 20


def hyperparameter_title(name: str) -> str:
    """Return what a hyperparameter is called."""
    return hyperparameter_text(HYPERPARAMETERS[name].title)


def hyperparameter_tip(name: str) -> str:
    """Return what a hyperparameter does."""
    return hyperparameter_text(HYPERPARAMETERS[name].tip)


def choice_title(name: str, choice: str) -> str:
    """Return what a choice of a hyperparameter is called; its name where it is none of them."""
    choices = HYPERPARAMETERS[name].allowed
    title = choices.get(choice, choice) if isinstance(choices, Mapping) else choice
    return hyperparameter_text(title)


def hyperparameter_text(marked: str) -> str:
    """Translate a text from the declaration of a hyperparameter."""
    return QCoreApplication.translate("hyperparameters", marked)


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


def recipe_short_title(name: str) -> str:
    """Return a recipe's title where it is marked in another way that it is of the tutorial."""
    titles = {
        "softmax-tutorial": QCoreApplication.translate("recipes", "Softmax regression"),
        "cnn-tutorial": QCoreApplication.translate("recipes", "CNN"),
    }
    return titles.get(name) or recipe_title(name)


def architecture_title(network: str) -> str:
    """Return what a network's architecture is called: as the first recipe that trains it.

    One of other sizes is called by them.
    """
    if network not in ARCHITECTURES:
        return network
    return recipe_title(usual_recipe(network).name)


def network_name(recipe: str, file: Path | None) -> str:
    """Return what a network is called: the file's name if the user opened one, or the recipe's."""
    if file is None or file in [each.path for each in SHIPPED_NETWORKS]:
        return recipe_title(recipe)
    if recipe == IMPORTED:
        return QCoreApplication.translate("recipes", "{file} (imported)").format(file=file.name)
    return file.name


def network_title(recipe: str, step: int) -> str:
    """Return what a network is called after so many steps of a recipe."""
    if not step:
        return recipe_title(recipe)
    named = QCoreApplication.translate("recipes", "{recipe}, after {steps} steps")
    return named.format(recipe=recipe_title(recipe), steps=count(step))


def network_file_name(recipe: str, step: int) -> str:
    """Return what a network's file may be called, without a suffix: cnn-fast-1150."""
    return f"{recipe}-{step}" if step else recipe


def recipe_purpose(name: str) -> str:
    """Say what a recipe is good for; "" where that is not known."""
    purposes = {
        "softmax-tutorial": QCoreApplication.translate(
            "recipes", "The simplest network: a single layer"
        ),
        "cnn-tutorial": QCoreApplication.translate(
            "recipes", "The classic: two convolutions and a large layer"
        ),
        "cnn-fast": QCoreApplication.translate("recipes", "Small and quick: good to begin with"),
        "cnn-best": QCoreApplication.translate(
            "recipes", "The most accurate, also on digits that you draw"
        ),
        "softmax-best": QCoreApplication.translate(
            "recipes", "The most that a single layer can do"
        ),
    }
    return purposes.get(name, "")


def recipe_accuracy(name: str) -> float | None:
    """Return a recipe's test accuracy 0..1, as README has it; None where that is not known."""
    accuracies = {
        "softmax-tutorial": 0.9175,
        "cnn-tutorial": 0.9920,
        "cnn-fast": 0.9922,
        "cnn-best": 0.9958,
        "softmax-best": 0.9253,
    }
    return accuracies.get(name)


def annotation_texts(annotations: Sequence[Annotation]) -> list[tuple[float, str]]:
    """Return steps and texts of the latest annotations, one text for each step.

    A pause and its end are one annotation; more steps imply that the run was resumed.
    """
    extended = {annotation.step for annotation in annotations if isinstance(annotation, StepsAdded)}
    shown = [each for each in annotations if not _is_implied(each, extended)]
    texts: dict[int, list[str]] = {}
    for annotation in shown[-_MAX_ANNOTATIONS:]:
        texts.setdefault(annotation.step, []).append(_text(annotation))
    return [(float(step), " \u00b7 ".join(dict.fromkeys(each))) for step, each in texts.items()]


def _is_implied(annotation: Annotation, extended: set[int]) -> bool:
    if not isinstance(annotation, Resumed):
        return False
    return not annotation.from_checkpoint or annotation.step in extended


def _text(annotation: Annotation) -> str:
    match annotation:
        case LearningRateChanged():
            text = QCoreApplication.translate("marks", "rate {rate}")
            return text.format(rate=f"{annotation.learning_rate:.3g}")
        case StepsAdded():
            text = QCoreApplication.translate("marks", "to {steps} steps")
            return text.format(steps=count(annotation.steps))
        case BestWeightsRestored():
            early = QCoreApplication.translate("marks", "stopped, best at {step}")
            best = QCoreApplication.translate("marks", "best at {step}")
            text = early if annotation.is_early else best
            return text.format(step=count(annotation.best_step))
        case Paused():
            return QCoreApplication.translate("marks", "paused")
        case Resumed():
            return QCoreApplication.translate("marks", "resumed")
