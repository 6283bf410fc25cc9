"""The page that shows whether a network learns as it should."""

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QStackedLayout, QWidget

from mnist_gui.engine.history import Curve
from mnist_gui.engine.inside.health import Finding, Found, Health, densities
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.labels import caption, heading, paragraph
from mnist_gui.gui.common.layer_names import layer_name
from mnist_gui.gui.common.qt import Announcer, column, named, row, widget_with
from mnist_gui.gui.health.plot import HealthPlot, Scale
from mnist_gui.gui.health.ridges import RidgePlot
from mnist_gui.gui.health.text import HealthText, Quantity, last_known
from mnist_gui.gui.views.page import ViewPage

# Few numbers need wide parts, or chance would paint needles (the Rice rule).
_FEWEST_BINS, _MOST_BINS = 12, 90
_SCALES = {Quantity.DEAD: Scale.PERCENT, Quantity.UPDATE: Scale.LOGARITHMIC_PERCENT}


class HealthPage(ViewPage):
    """What the rules find, and one quantity over the kept steps: ridges of a layer, or curves.

    `step_chosen` carries a kept step that the user chose in the picture.
    """

    step_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__("health")
        self._words = HealthText(self)
        self._healths: tuple[Health, ...] = ()
        self._rates = Curve(np.empty(0), np.empty(0))
        self._step = 0
        self._speaker = Announcer(self)
        self.quantity_box = named(QComboBox(), "health_quantity_box", self.tr("What is shown"))
        self.layer_box = named(QComboBox(), "health_layer_box", self.tr("Layer"))
        self.verdict = named(heading(""), "health_verdict", self.tr("What is wrong, if anything"))
        self.others = named(paragraph(), "health_others")
        self.note = named(paragraph(), "health_note")
        self.look_for = paragraph()
        self.key = caption()
        self.now = named(paragraph(), "health_now")
        self.ridges = RidgePlot()
        self.plot = HealthPlot(self)
        self._fill_body()
        self.show_purpose(self._words.purpose())
        self.quantity_box.currentIndexChanged.connect(self._draw)
        self.layer_box.currentIndexChanged.connect(self._draw)
        self.ridges.step_chosen.connect(self.choose_step)
        self.plot.step_chosen.connect(self.choose_step)

    @property
    def quantity(self) -> Quantity:
        """What is shown."""
        return list(Quantity)[self.quantity_box.currentIndex()]

    def show_healths(
        self,
        healths: Sequence[Health],
        found: Sequence[Found],
        rates: Curve,
        *,
        is_run: bool,
        is_complete: bool = True,
    ) -> None:
        """Show the kept steps, what the rules find at the last, and the learning rate by step.

        Of a network that is from no run there is one step, and of a run at least one; more follow
        if they are not complete.
        """
        self._healths, self._rates = tuple(healths), rates
        worst, *others = (self._words.found(each) for each in found)
        is_well = found[0].finding is Finding.WELL
        # Not by colour or weight alone: a sign says that something is wrong.
        self.verdict.setText(worst if is_well else f"\u26a0 {worst}")
        self.others.setText(" ".join(others))
        self.others.setVisible(bool(others))
        is_alone = is_complete and len(healths) == 1
        self.note.setText(self._words.one_step(is_run=is_run) if is_alone else "")
        self.note.setVisible(is_alone)
        self._offer_layers()
        self._draw()

    def show_step(self, step: int) -> None:
        """Mark the kept step that the network is of, or the last one before it."""
        self._step = step
        self._show_numbers()

    @Slot(int)
    def choose_step(self, step: int) -> None:
        """Mark a kept step and ask for its network."""
        self.show_step(step)
        self._speaker.say(self.now.text())
        self.step_chosen.emit(step)

    def _offer_layers(self) -> None:
        names = [layer.layer for layer in self._healths[-1].layers]
        if names != [self.layer_box.itemData(at) for at in range(self.layer_box.count())]:
            self.layer_box.blockSignals(True)
            self.layer_box.clear()
            for name in names:
                self.layer_box.addItem(layer_name(name), name)
            self.layer_box.blockSignals(False)

    @Slot()
    def _draw(self) -> None:
        if not self._healths:
            return
        quantity = self.quantity
        self.look_for.setText(self._words.look_for(quantity))
        self.layer_box.setEnabled(quantity.is_distribution)
        shown = self.ridges if quantity.is_distribution else self.plot.widget
        self._pictures.setCurrentWidget(shown)
        if quantity.is_distribution:
            self._draw_ridges(quantity)
        else:
            self._draw_curves(quantity)
        self._show_numbers()

    def _draw_ridges(self, quantity: Quantity) -> None:
        place = max(self.layer_box.currentIndex(), 0)
        distributions = [quantity.distribution(each.layers[place]) for each in self._healths]
        numbers = int(distributions[-1].counts.sum())
        bins = min(max(round(2 * numbers ** (1 / 3)), _FEWEST_BINS), _MOST_BINS)
        ends, heights = densities(distributions, bins)
        self.ridges.show_ridges([each.step for each in self._healths], ends, heights)
        self.key.setVisible(False)

    def _draw_curves(self, quantity: Quantity) -> None:
        curves = self._curves(quantity)
        steps = [each.step for each in self._healths]
        self.plot.show_curves(steps, curves, _SCALES.get(quantity, Scale.LOGARITHMIC))
        keys = (
            f'<span style="color: {self.plot.shade(place)}">\u25cf</span>&nbsp;{name}'
            for place, name in enumerate(curves)
        )
        text = "\u2003".join(keys)
        self.key.setVisible(True)
        self.key.setText(text or self.tr("There is nothing of this kind to show here."))

    def _curves(self, quantity: Quantity) -> Mapping[str, Curve]:
        if quantity is Quantity.RATE:
            return {self._words.title(quantity): self._rates} if len(self._rates) else {}
        curves = {}
        for place, layer in enumerate(self._healths[-1].layers):
            values = [(each.step, quantity.number(each.layers[place])) for each in self._healths]
            known = np.array([(step, value) for step, value in values if value is not None])
            if len(known):
                curves[layer_name(layer.layer)] = Curve(*known.astype(np.float64).T)
        return curves

    def _show_numbers(self) -> None:
        if not self._healths:
            return
        health = last_known(self._healths, self._step)
        self.ridges.show_step(health.step)
        self.plot.show_step(health.step)
        layer = str(self.layer_box.currentData())
        words = self._words.at_step(self.quantity, health, layer, self.rate_at(health.step))
        self.now.setText(words)
        for picture in (self.ridges, self.plot.widget):
            picture.setAccessibleDescription(words)

    def rate_at(self, step: int) -> float | None:
        """Return the learning rate of the step after this one, of the last one at the end."""
        if not len(self._rates):
            return None
        return float(np.interp(step, self._rates.steps, self._rates.values))

    def _fill_body(self) -> None:
        self.quantity_box.addItems([self._words.title(each) for each in Quantity])
        for text in (self.verdict, self.key, self.now):
            text.setWordWrap(True)
        self.key.setTextFormat(Qt.TextFormat.RichText)
        show, layer = QLabel(self.tr("&Show")), QLabel(self.tr("&Layer"))
        show.setBuddy(self.quantity_box)
        layer.setBuddy(self.layer_box)
        parts = (
            widget_with(row(show, self.quantity_box, 0, spacing=6)),
            widget_with(row(layer, self.layer_box, 0, spacing=6)),
        )
        choices = Columns(parts, stretches=(0, 1), spacing=10)
        self._pictures = QStackedLayout()
        self._pictures.addWidget(self.ridges)
        self._pictures.addWidget(self.plot.widget)
        picture = QWidget()
        picture.setLayout(self._pictures)
        said = (self.verdict, self.others, self.note)
        column(
            *said,
            choices,
            self.look_for,
            self.key,
            (picture, 1),
            self.now,
            parent=self.body,
            spacing=8,
        )
