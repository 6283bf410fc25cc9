"""What is said of a network's health."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QObject

from mnist_gui.engine.inside.health import Distribution, Finding, Found, Health, LayerHealth
from mnist_gui.gui.common.labels import count, number, percent, significant
from mnist_gui.gui.common.layer_names import layer_name


class Quantity(Enum):
    """What is shown; the value says whether it is a distribution."""

    WEIGHTS = (0, True)
    GRADIENTS = (1, True)
    ACTIVATIONS = (2, True)
    DEAD = (3, False)
    GRADIENT_NORM = (4, False)
    UPDATE = (5, False)
    RATE = (6, False)

    @property
    def is_distribution(self) -> bool:
        """Whether it has a ridge for each step, of one layer."""
        return self.value[1]

    def distribution(self, layer: LayerHealth) -> Distribution:
        """Return this quantity's distribution in a layer."""
        of = {
            Quantity.WEIGHTS: layer.weights,
            Quantity.GRADIENTS: layer.gradients,
            Quantity.ACTIVATIONS: layer.activations,
        }
        return of[self]

    def number(self, layer: LayerHealth) -> float | None:
        """Return this quantity of a layer, None where it has none."""
        of = {
            Quantity.DEAD: layer.dead,
            Quantity.GRADIENT_NORM: layer.gradient_norm,
            Quantity.UPDATE: layer.update,
        }
        return of.get(self)


class HealthText(QObject):
    """Says plainly what the rules found, and what to look for."""

    def purpose(self) -> str:
        """Say what is seen on the page, and what to look for."""
        return self.tr(
            "Whether the network learns as it should, at each step that its run has kept: the "
            "bold sentence says what is wrong, if anything, and the picture since when."
        )

    def title(self, quantity: Quantity) -> str:
        """Return what a quantity is called."""
        texts = {
            Quantity.WEIGHTS: self.tr("Weights"),
            Quantity.GRADIENTS: self.tr("Gradients"),
            Quantity.ACTIVATIONS: self.tr("Activations"),
            Quantity.DEAD: self.tr("Dead units"),
            Quantity.GRADIENT_NORM: self.tr("Gradient norm"),
            Quantity.UPDATE: self.tr("Update per step"),
            Quantity.RATE: self.tr("Learning rate"),
        }
        return texts[quantity]

    def look_for(self, quantity: Quantity) -> str:
        """Say what a quantity is, and what to look for in its picture."""
        texts = {
            Quantity.WEIGHTS: self.tr(
                "How the layer's weights are distributed at each kept step, the newest in front. "
                "Usually they spread slowly; if they spread suddenly, they explode."
            ),
            Quantity.GRADIENTS: self.tr(
                "How the gradients of the layer's weights are distributed. They get smaller as the "
                "network learns; a needle at 0 from early on means that the layer learns nothing."
            ),
            Quantity.ACTIVATIONS: self.tr(
                "What the layer passes on for 100 training images, without exact zeros. It should "
                "stay broad; a few units with huge numbers, or hardly any left, is a bad sign."
            ),
            Quantity.DEAD: self.tr(
                "The share of a layer's units, or of a convolution's maps, that are positive for "
                "none of 100 training images. They learn no more, and seldom come back. Only "
                "layers with ReLU have some."
            ),
            Quantity.GRADIENT_NORM: self.tr(
                "The norm of each layer's gradient on 100 training images. It should be alike in "
                "all layers; a layer far below the others hardly learns."
            ),
            Quantity.UPDATE: self.tr(
                "By how much a step changes a layer's weights, on average since the kept step "
                "before. Around 0.1 % is usual; above 3 % the learning rate is too high."
            ),
            Quantity.RATE: self.tr(
                "How far each step moves the weights, by the recipe's schedule and by changes "
                "while it trained."
            ),
        }
        return texts[quantity]

    def found(self, found: Found) -> str:
        """Say what a rule found."""
        texts = {
            Finding.LOST: self.tr(
                "The network does worse than guessing: its loss is {number}, and that of guessing "
                "2.3. Its steps were too large: the learning rate is too high."
            ),
            Finding.EXPLODED: self.tr(
                "{layer}: the weights explode. They are {number} times as large as at the start: "
                "the learning rate is too high."
            ),
            Finding.DEAD: self.tr(
                "{layer}: {share} of the units never fire. The learning rate may be too high."
            ),
            Finding.VANISHING: self.tr(
                "{layer}: the gradient vanishes. It has {share} of the largest layer's, so that "
                "the layer hardly learns."
            ),
            Finding.TOO_FAST: self.tr(
                "{layer}: each step changes the weights by {share}. The learning rate may be too "
                "high."
            ),
            Finding.TOO_SLOW: self.tr(
                "The weights hardly move, though there is much to learn: the learning rate may be "
                "too low."
            ),
            Finding.WELL: self.tr(
                "All is well: gradients reach every layer, and steps are neither too large nor "
                "too small."
            ),
        }
        name = layer_name(found.layer) if found.layer else ""
        share = percent(found.value) if found.value >= 0.001 else self._small(found.value)
        size = number(found.value, 1)
        return texts[found.finding].format(layer=name, number=size, share=share)

    def one_step(self, *, is_run: bool) -> str:
        """Say why there is one step only."""
        if is_run:
            return self.tr(
                "Only one step of this run is kept at present: a run keeps more as it goes on, "
                "and new runs take the room of old ones."
            )
        return self.tr(
            "This network is not from a run that was kept here: this one moment of it is shown. "
            "Train a network to see how its health changes."
        )

    def at_step(self, quantity: Quantity, health: Health, layer: str, rate: float | None) -> str:
        """Say the numbers of a quantity at a step; of a distribution those of one layer."""
        if quantity.is_distribution:
            chosen = next(each for each in health.layers if each.layer == layer)
            return self._distribution(health.step, quantity.distribution(chosen))
        step = self.tr("Step {step}").format(step=count(health.step))
        if quantity is Quantity.RATE:
            return f"{step}: {self._value(quantity, rate)}"
        values = (f"{layer_name(each.layer)} {self._of(quantity, each)}" for each in health.layers)
        return f"{step}: " + " \u00b7 ".join(values)

    def _of(self, quantity: Quantity, layer: LayerHealth) -> str:
        return self._value(quantity, quantity.number(layer))

    def _value(self, quantity: Quantity, value: float | None) -> str:
        if value is None:
            return "\u2013"
        if quantity is Quantity.DEAD:
            return percent(value)
        if quantity is Quantity.UPDATE:
            return self._small(value)
        return f"{value:.3g}" if quantity is Quantity.RATE else significant(value)

    def _small(self, share: float) -> str:
        return self.tr("{number} %").format(number=significant(100 * share))

    def _distribution(self, step: int, seen: Distribution) -> str:
        text = self.tr(
            "Step {step}: half of the numbers lie between {low} and {high}, nine tenths between "
            "{lowest} and {highest}; {zeros} are exactly 0."
        )
        ends = zip(("lowest", "low", "high", "highest"), (0.05, 0.25, 0.75, 0.95), strict=True)
        numbers = {name: significant(seen.quantile(share)) for name, share in ends}
        return text.format(step=count(step), zeros=percent(seen.zeros), **numbers)


def last_known(healths: Sequence[Health], step: int) -> Health:
    """Return the health at a step, or at the last known step before it, or the first."""
    before = [each for each in healths if each.step <= step]
    return before[-1] if before else healths[0]
