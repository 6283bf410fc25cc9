"""The page of the learning-rate range test."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton

from mnist_gui.engine.hyperparameter import Bounds
from mnist_gui.engine.rate_test import FIRST_RATE, LAST_RATE, RateTest
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.fields import FractionField
from mnist_gui.gui.common.labels import caption, number, paragraph
from mnist_gui.gui.common.qt import Announcer, column, explain, named
from mnist_gui.gui.common.theme import LIGHT_PLOT, PlotColours
from mnist_gui.gui.rate_test.chart import RateChart, rate_text
from mnist_gui.gui.views.page import ViewPage


class RateTestPage(ViewPage):
    """Shows a range test as it grows, the safe zone at its end, and a rate to use.

    `use_requested` carries the rate that is chosen.
    """

    use_requested = Signal(float)

    def __init__(self) -> None:
        super().__init__("rate_test")
        self._test: RateTest | None = None
        self._colours = LIGHT_PLOT
        self.chart = RateChart()
        self.key = named(caption(), "rate_key", self.tr("What is drawn"))
        self.result = named(paragraph(), "rate_result")
        self.ending = named(caption(), "rate_ending")
        self.rate = FractionField(Bounds(FIRST_RATE, LAST_RATE), decimals=8)
        self.loss = named(caption(), "rate_loss")
        self.use_button = QPushButton(self.tr("Use this rate"))
        self._speaker = Announcer(self)
        self._name_parts()
        self._lay_out_body()
        self.rate.valueChanged.connect(self._show_chosen)
        self.chart.rate_pointed_at.connect(self._choose)
        self.use_button.clicked.connect(lambda: self.use_requested.emit(self.rate.value()))
        self.apply_theme(self._colours)

    @property
    def test(self) -> RateTest | None:
        """The test that is shown."""
        return self._test

    def show_growing(self, test: RateTest) -> None:
        """Show what is known of a test that goes on."""
        self._test = test
        self.chart.show_test(test)
        self.chart.show_zone(None)
        self.chart.show_chosen(None)
        for part in (self.result, self.ending, self._choice):
            part.hide()
        self.show_body(is_complete=False)

    def show_test(self, test: RateTest) -> None:
        """Show a test that is over, and choose the rate that it suggests."""
        self._test = test
        zone = test.zone
        self.chart.show_test(test)
        self.chart.show_zone(zone)
        self.result.setText(self._words(test))
        self.ending.setText(self._ending(test))
        for part in (self.result, self.ending, self._choice):
            part.show()
        self._choice.setVisible(zone is not None)
        if zone is not None:
            self._choose(zone.suggested)
            self._show_chosen()
        self._speaker.say(self.result.text())
        self.chart.widget.setAccessibleDescription(self.result.text())
        self.show_body()

    def offer_use(self, *, offered: bool, tip: str) -> None:
        """Let the rate be used or not; the tip says what it does, or when it can be."""
        self.use_button.setEnabled(offered)
        explain(self.use_button, tip)

    @Slot(object)
    def apply_theme(self, colours: PlotColours) -> None:
        """Use the theme's colours."""
        self._colours = colours
        self.chart.apply_theme(colours)
        parts = (
            (colours.training, "\u00b7", self.tr("each batch")),
            (colours.training, "\u2014", self.tr("smoothed")),
            (colours.test, "\u25a0", self.tr("safe rates")),
            (colours.validation, "|", self.tr("chosen")),
        )
        mark = '<b style="color: {}">{}</b>&nbsp;{}'
        self.key.setText("&nbsp;&nbsp; ".join(mark.format(*part) for part in parts))

    def _words(self, test: RateTest) -> str:
        if (zone := test.zone) is None:
            return self.tr(
                "The loss never fell clearly, so no rate can be suggested. "
                "With the other values of this recipe the network may be unable to learn."
            )
        text = self.tr(
            "Safe rates go from {low} to {high}: there the loss has done between a tenth and nine "
            "tenths of its fall. Suggested is {suggested}, at about four fifths."
        )
        rates = (zone.low, zone.high, zone.suggested)
        low, high, suggested = map(rate_text, rates)
        return text.format(low=low, high=high, suggested=suggested)

    def _ending(self, test: RateTest) -> str:
        if not len(test):
            return self.tr("The loss was not finite from the first batch on.")
        last = rate_text(float(test.rates[-1]))
        if test.has_exploded:
            return self.tr("At {rate} the loss had exploded, and the test ended.").format(rate=last)
        return self.tr("Up to {rate} the loss did not explode.").format(rate=last)

    @Slot()
    def _show_chosen(self) -> None:
        rate = self.rate.value()
        self.chart.show_chosen(rate)
        loss = self._test.loss_at(rate) if self._test is not None else None
        if loss is None:
            self.loss.setText(self.tr("This rate was not reached."))
        else:
            self.loss.setText(self.tr("Loss there: {loss}").format(loss=number(loss, 2)))

    @Slot(float)
    def _choose(self, rate: float) -> None:
        self.rate.setValue(float(f"{rate:.2g}"))

    def _name_parts(self) -> None:
        for label in (self.title, self.ending, self.loss):
            label.setWordWrap(True)
        named(self.compute_button, "rate_test_compute_button", self.tr("Start the test"))
        self.compute_button.setText(self.tr("Start the test"))
        self.key.setTextFormat(Qt.TextFormat.RichText)
        self.key.setWordWrap(True)
        tip = self.tr("The learning rate that is marked in the chart")
        named(self.rate, "chosen_rate", self.tr("Learning rate"), tip)
        named(self.use_button, "use_rate_button")

    def _lay_out_body(self) -> None:
        name = caption(self.tr("Learning rate"))
        name.setBuddy(self.rate)
        parts = (name, self.rate, self.loss, self.use_button)
        self._choice = Columns(parts, stretches=(0, 0, 1, 0))
        words = (self.key, self.result, self.ending, self._choice)
        column((self.chart, 1), *words, parent=self.body, spacing=6)
