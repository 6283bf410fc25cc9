"""The names of recipes, hyperparameters and annotations in the user's words."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.events import (
    Annotation,
    BestRestored,
    LearningRateChanged,
    Paused,
    Resumed,
    StepsAdded,
)
from mnist_gui.engine.finetune.recipe import PERSONAL_SUFFIX
from mnist_gui.gui.common.text import count

# More of them would hide the curves.
_MOST_MARKS = 20


def value_titles() -> dict[str, str]:
    """Return what each value that the form of a recipe has is called, by its name."""
    return {
        "optimizer": QCoreApplication.translate("values", "Optimizer"),
        "learning_rate": QCoreApplication.translate("values", "Learning rate"),
        "batch_size": QCoreApplication.translate("values", "Batch size"),
        "steps": QCoreApplication.translate("values", "Steps"),
        "dropout": QCoreApplication.translate("values", "Dropout"),
        "schedule": QCoreApplication.translate("values", "Schedule"),
        "distortion": QCoreApplication.translate("values", "Distortion"),
        "drawn_share": QCoreApplication.translate("values", "Pen styles"),
        "label_smoothing": QCoreApplication.translate("values", "Label smoothing"),
        "averaged_share": QCoreApplication.translate("values", "Weight averaging"),
        "beta_2": QCoreApplication.translate("values", "Adam's beta 2"),
        "validate_every": QCoreApplication.translate("values", "Validated every"),
        "patience": QCoreApplication.translate("values", "Patience"),
        "seed": QCoreApplication.translate("values", "Seed"),
        "precision": QCoreApplication.translate("values", "Precision"),
        "device": QCoreApplication.translate("values", "Device"),
    }


def value_tips() -> Mapping[str, str]:
    """Return what each value does, by its name."""
    return {
        "optimizer": QCoreApplication.translate(
            "values",
            "How a step changes the weights. Gradient descent walks straight downhill; "
            "momentum keeps rolling; Adam finds a pace for each weight of its own.",
        ),
        "learning_rate": QCoreApplication.translate(
            "values",
            "How far one step goes. Too small: it learns slowly. Too large: the loss jumps "
            "about or grows without end. Powers of ten such as 1e-3 can be typed. It can be "
            "changed while the network trains.",
        ),
        "batch_size": QCoreApplication.translate(
            "values",
            "How many images the network looks at before it changes its weights once. "
            "Larger batches give smoother but slower steps.",
        ),
        "steps": QCoreApplication.translate(
            "values",
            "How many batches to train on before the final test.",
        ),
        "dropout": QCoreApplication.translate(
            "values",
            "The share of hidden units switched off at random in each training step, so "
            "that the network does not learn the images by heart. 0 switches none off.",
        ),
        "schedule": QCoreApplication.translate(
            "values",
            "How the learning rate goes over the run. Constant: always the same. One cycle: "
            "it climbs in the first quarter and then falls almost to nothing, so that the "
            "network first learns boldly and at last settles.",
        ),
        "distortion": QCoreApplication.translate(
            "values",
            "How strongly each training image is turned, shifted, stretched and bent at "
            "random, so that it never looks the same twice. 1 is about what hands differ "
            "by; 0 leaves the images as they are.",
        ),
        "drawn_share": QCoreApplication.translate(
            "values",
            "The share of each batch that the program draws itself, in ways of writing that "
            "the training images seldom have, such as a 7 with a bar. It helps with digits "
            "that you draw.",
        ),
        "label_smoothing": QCoreApplication.translate(
            "values",
            "How much of the right answer is shared out among all ten digits, so that the "
            "network does not become too sure of itself. 0 asks for full certainty.",
        ),
        "averaged_share": QCoreApplication.translate(
            "values",
            "The last part of the run whose weights are averaged into the final network. An "
            "average errs less than the weights of any one step. 0 takes the last step's.",
        ),
        "beta_2": QCoreApplication.translate(
            "values",
            "How much Adam remembers of how steep each weight's slope was. 0.999 looks back "
            "over some thousand steps, 0.99 over some hundred, which suits short runs.",
        ),
        "validate_every": QCoreApplication.translate(
            "values",
            "After how many steps the validation images are read again, besides a few times "
            "early on and at the end. It costs time, and tells sooner whether the network "
            "still learns.",
        ),
        "patience": QCoreApplication.translate(
            "values",
            "After how many validations in a row that were no better than the best one the "
            "run ends early. It then has the weights that validated best, and its test "
            "accuracy is theirs. Off: it ends after all its steps, with the last weights. For "
            "a constant rate: in one cycle most is learnt at the very end.",
        ),
        "seed": QCoreApplication.translate(
            "values",
            "The number that chance starts from: initial weights, order of the images, "
            "dropout, distortions. The same seed gives the same run again.",
        ),
        "precision": QCoreApplication.translate(
            "values",
            "How exactly the network calculates. bfloat16 is faster on processors that know "
            "it; automatic chooses for this machine.",
        ),
        "device": QCoreApplication.translate(
            "values",
            "The processor or the GPU that the next run is computed on. Automatic takes the "
            "first GPU, or the processor where there is none.",
        ),
    }


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


def mark_texts(marks: Sequence[Annotation]) -> list[tuple[float, str]]:
    """Return steps and words of the latest marks; a pause and its end are one.

    What befell a run at one step stands in one line, for the lines would cover each other. That
    it was resumed goes without saying where it was given more steps.
    """
    extended = {mark.step for mark in marks if isinstance(mark, StepsAdded)}
    shown = [
        mark
        for mark in marks
        if not isinstance(mark, Resumed) or (mark.from_checkpoint and mark.step not in extended)
    ]
    words: dict[int, list[str]] = {}
    for mark in shown[-_MOST_MARKS:]:
        words.setdefault(mark.step, []).append(_words(mark))
    return [(float(step), " \u00b7 ".join(dict.fromkeys(each))) for step, each in words.items()]


def ending_text(restored: BestRestored) -> str:
    """Say how a run ended that went back to the weights of its best validation."""
    if not restored.is_early:
        text = QCoreApplication.translate(
            "marks", "Its weights are those of step {best}, which validated best."
        )
        return text.format(best=count(restored.best_step))
    text = QCoreApplication.translate(
        "marks",
        "Stopped at step {step}: validation had not improved for {validations} validations; "
        "best at step {best}.",
    )
    return text.format(
        step=count(restored.step),
        validations=count(restored.validations),
        best=count(restored.best_step),
    )


def _words(mark: Annotation) -> str:
    match mark:
        case LearningRateChanged():
            text = QCoreApplication.translate("marks", "rate {rate}")
            return text.format(rate=f"{mark.learning_rate:.3g}")
        case StepsAdded():
            text = QCoreApplication.translate("marks", "to {steps} steps")
            return text.format(steps=count(mark.steps))
        case BestRestored():
            return _ending(mark).format(step=count(mark.best_step))
        case Paused():
            return QCoreApplication.translate("marks", "paused")
        case Resumed():
            return QCoreApplication.translate("marks", "resumed")


def _ending(mark: BestRestored) -> str:
    if mark.is_early:
        return QCoreApplication.translate("marks", "stopped, best at {step}")
    return QCoreApplication.translate("marks", "best at {step}")
