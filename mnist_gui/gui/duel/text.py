"""What came of a duel, in words."""

from PySide6.QtCore import QCoreApplication, QObject

from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.run import Comparison
from mnist_gui.gui.common.labels import count, percent
from mnist_gui.gui.common.values import choice_title, hyperparameter_title, recipe_title

LETTERS = ("A", "B")
_CERTAIN = 0.001


def side_title(side: int, recipe: Recipe, changed: str) -> str:
    """Return what a side is called; `changed` is the hyperparameter it was given another value."""
    title = f"{LETTERS[side]}: {recipe_title(recipe.name)}"
    if not changed:
        return title
    value = getattr(recipe, changed)
    text = choice_title(changed, value) if isinstance(value, str) else f"{value:,.6g}"
    words = QCoreApplication.translate("duel", "{recipe} ({hyperparameter}: {value})")
    name = hyperparameter_title(changed)
    return words.format(recipe=title, hyperparameter=name, value=text)


class DuelText(QObject):
    """Puts the end of a duel into sentences."""

    def accuracy(self, evaluation: Evaluation) -> str:
        """Say how many of the test images one side reads rightly."""
        low, high = (percent(bound, 2) for bound in evaluation.interval)
        text = self.tr("Test: {accuracy} (95 % interval: {low} to {high})")
        return text.format(accuracy=percent(evaluation.accuracy, 2), low=low, high=high)

    def verdict(self, comparison: Comparison) -> str:
        """Say which side is better, and how often chance would make such a difference."""
        only_first, only_second = comparison.only_first, comparison.only_second
        if only_first == only_second:
            text = self.tr(
                "Of the {images} test images, A alone reads {first} rightly and B alone {second}: "
                "neither is better."
            )
        elif only_first > only_second:
            text = self.tr(
                "Of the {images} test images, A alone reads {first} rightly and B alone {second}: "
                "A reads more."
            )
        else:
            text = self.tr(
                "Of the {images} test images, A alone reads {first} rightly and B alone {second}: "
                "B reads more."
            )
        return text.format(
            images=count(comparison.images), first=count(only_first), second=count(only_second)
        )

    def chance(self, comparison: Comparison) -> str:
        """Say how often equally good networks would differ so much, by McNemar's test."""
        p = comparison.p_value
        if comparison.only_first == comparison.only_second:
            return ""
        if p < _CERTAIN:
            return self.tr(
                "Two equally good networks would differ so much in less than 1 of 1,000 duels: "
                "this is no luck (McNemar's test)."
            )
        if comparison.is_distinguishable:
            text = self.tr(
                "Two equally good networks would differ so much in about {number} of 1,000 duels: "
                "this is hardly luck (McNemar's test)."
            )
        else:
            text = self.tr(
                "Two equally good networks would differ so much in about {number} of 1,000 duels: "
                "this may be luck (McNemar's test)."
            )
        return text.format(number=count(round(1_000 * p)))
