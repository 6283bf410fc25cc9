"""The page of robustness: what is done to the images, the picture, and one change in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from mnist_gui.engine.distortions import Distortion
from mnist_gui.engine.inside.robustness import Robustness
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.fields import ChoiceField
from mnist_gui.gui.common.images import PixelImage
from mnist_gui.gui.common.labels import caption, figure, heading, paragraph, percent
from mnist_gui.gui.common.qt import column, named, row, widget_with
from mnist_gui.gui.robustness.bars import CorruptionBars
from mnist_gui.gui.robustness.chart import StrengthChart
from mnist_gui.gui.robustness.picture import (
    MOST_NETWORKS,
    TrialPicture,
    interval_text,
    paint_sample,
    share_text,
)
from mnist_gui.gui.robustness.text import change_text, change_title
from mnist_gui.gui.views.page import ViewPage

MNIST_C = "mnist-c"
_SAMPLE_WIDTH = 34
_HIGHEST_CHART = 640
# With fewer letters in a line, numbers go below the names.
_LETTERS = 64


@dataclass(frozen=True, slots=True)
class Compared:
    """A network that can be shown besides: its key, title, accuracy as text, and a tooltip."""

    key: str
    title: str
    accuracy: str = ""
    tip: str = ""


class RobustnessPage(ViewPage):
    """Chooses a change and networks, shows their accuracies and one of the trials in numbers.

    `change_chosen` says that another change is chosen, `network_toggled` brings the key of a
    network and whether it is to be shown.
    """

    change_chosen = Signal()
    network_toggled = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__("robustness")
        self.change_box = named(
            ChoiceField(),
            "change_box",
            self.tr("Change"),
            self.tr("What is done to the test images and to your digit"),
        )
        for distortion in Distortion:
            self.change_box.addItem(change_title(distortion), distortion.value)
        self.change_box.insertSeparator(self.change_box.count())
        self.change_box.addItem(change_title(None), MNIST_C)
        self.networks_button = named(
            QPushButton(self.tr("Compare with")),
            "compared_button",
            self.tr("Compare with"),
            self.tr("Show other networks beside the current one"),
        )
        self.networks_menu = QMenu(self)
        self.networks_menu.setToolTipsVisible(True)
        self.networks_button.setMenu(self.networks_menu)
        self.finding = named(heading(""), "robustness_finding")
        self.finding.setWordWrap(True)
        self.note = caption()
        self.note.setWordWrap(True)
        self.chart, self.bars = StrengthChart(), CorruptionBars()
        self.trial = TrialNumbers()
        self._lay_out_robustness()
        self.change_box.currentIndexChanged.connect(self.change_chosen)
        for picture in (self.chart, self.bars):
            picture.trial_chosen.connect(self._show_trial)

    @property
    def distortion(self) -> Distortion | None:
        """The distortion that is chosen; None for MNIST-C."""
        value = self.change_box.value()
        return None if value == MNIST_C else Distortion(value)

    @property
    def picture_shown(self) -> TrialPicture:
        """The curves or the bars."""
        return self.bars if self.distortion is None else self.chart

    def show_networks(self, offered: Sequence[Compared], shown: set[str]) -> None:
        """Offer networks to compare with; tick those that are shown."""
        self.networks_menu.clear()
        is_full = len(shown) >= MOST_NETWORKS - 1
        for each in offered:
            text = f"{each.title}\t{each.accuracy}" if each.accuracy else each.title
            action = QAction(text.replace("&", "&&"), self.networks_menu, checkable=True)
            action.setChecked(each.key in shown)
            action.setEnabled(each.key in shown or not is_full)
            action.setToolTip(each.tip)
            action.triggered.connect(
                lambda checked, key=each.key: self.network_toggled.emit(key, checked)
            )
            self.networks_menu.addAction(action)
        self.networks_button.setEnabled(bool(offered))

    def show_robustness(self, answer: Robustness, titles: Sequence[str], chosen: int) -> None:
        """Show what networks of these titles read, and a trial in numbers."""
        is_bars = answer.trials[-1].distortion is None
        self.chart.setVisible(not is_bars)
        self.bars.setVisible(is_bars)
        (self.bars if is_bars else self.chart).show_answer(answer, titles, chosen)
        self.trial.show_trial(answer, titles, chosen)

    @Slot(int)
    def _show_trial(self, place: int) -> None:
        self.trial.show_place(place)

    def _lay_out_robustness(self) -> None:
        label = QLabel(self.tr("C&hange"))
        label.setBuddy(self.change_box)
        choice = widget_with(row(label, (self.change_box, 1), spacing=8))
        controls = Columns((choice, self.networks_button), stretches=(0, 0))
        row(controls, 0, parent=self.controls)
        column(
            self.finding,
            (self.chart, 1),
            (self.bars, 1),
            self.trial,
            self.note,
            0,
            parent=self.body,
            spacing=8,
        )
        policy = QSizePolicy.Policy
        for picture in (self.chart, self.bars):
            picture.setSizePolicy(policy.Expanding, policy.Expanding)
        self.chart.setMaximumHeight(_HIGHEST_CHART)


class TrialNumbers(QWidget):
    """One trial: the digit enlarged, and a line for each network, which also is the key."""

    def __init__(self) -> None:
        super().__init__()
        self._answer: Robustness | None = None
        self._titles: Sequence[str] = ()
        self.change = heading("")
        self.digit = PixelImage()
        self.samples = [_Sample(network) for network in range(MOST_NETWORKS)]
        self.names = [paragraph() for _ in range(MOST_NETWORKS)]
        self.shares = [figure() for _ in range(MOST_NETWORKS)]
        self.intervals = [figure() for _ in range(MOST_NETWORKS)]
        self.digits = [figure() for _ in range(MOST_NETWORKS)]
        self.heads = [caption() for _ in range(3)]
        named(self.change, "trial_change", self.tr("The change that is chosen"))
        self._lay_out()

    def show_trial(self, answer: Robustness, titles: Sequence[str], place: int) -> None:
        """Show a trial of what networks of these titles read."""
        self._answer, self._titles = answer, titles
        self.show_place(place)

    def show_place(self, place: int) -> None:
        """Show another trial."""
        answer = self._answer
        if answer is None:
            return
        self.change.setText(change_text(answer.trials[place]))
        self.digit.show_image(answer.digits[place])
        for network in range(MOST_NETWORKS):
            self._show_line(answer, network, place)
        titles = (self.tr("Right"), self.tr("95 % interval"), self.tr("Your digit"))
        for label, title in zip(self.heads, titles, strict=True):
            label.setText(title)

    def _show_line(self, answer: Robustness, network: int, place: int) -> None:
        shown = network < len(self._titles)
        self.samples[network].setVisible(shown)
        for labels in (self.names, self.shares, self.intervals, self.digits):
            labels[network].setVisible(shown)
        if not shown:
            return
        digit = int(answer.read[network, place])
        chance = percent(float(answer.probabilities[network, place, digit]))
        self.names[network].setText(self._titles[network])
        self.shares[network].setText(share_text(answer, network, place))
        self.intervals[network].setText(interval_text(answer, network, place))
        text = self.tr("{digit} ({chance})").format(digit=digit, chance=chance)
        self.digits[network].setText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the digit and the names above the numbers where it is narrow."""
        super().resizeEvent(event)
        letters = (self.width() - self.digit.width()) / self.fontMetrics().averageCharWidth()
        self._arrange(is_narrow=letters < _LETTERS)

    def _lay_out(self) -> None:
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        self.change.setWordWrap(True)
        top = Qt.AlignmentFlag.AlignTop
        words = widget_with(column(self.change, self._grid, 0, spacing=3))
        self._parts = row((self.digit, top), (words, 1), parent=self, spacing=14)
        self._is_narrow: bool | None = None
        self._arrange(is_narrow=False)

    def _arrange(self, *, is_narrow: bool) -> None:
        if is_narrow == self._is_narrow:
            return
        self._is_narrow = is_narrow
        directions = QBoxLayout.Direction
        self._parts.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)
        right = Qt.AlignmentFlag.AlignRight
        for place, label in enumerate(self.heads, start=2):
            self._grid.addWidget(label, 0, place, right)
        for network in range(MOST_NETWORKS):
            above = 1 + 2 * network
            beside = above + 1 if is_narrow else above
            self._grid.addWidget(self.samples[network], above, 0)
            self._grid.addWidget(self.names[network], above, 1, 1, 4 if is_narrow else 1)
            figures = (self.shares, self.intervals, self.digits)
            for place, labels in enumerate(figures, start=2):
                self._grid.addWidget(labels[network], beside, place)


class _Sample(QWidget):
    """A piece of a network's line."""

    def __init__(self, network: int) -> None:
        super().__init__()
        self._network = network
        self.setFixedWidth(_SAMPLE_WIDTH)

    def sizeHint(self) -> QSize:
        """As high as a line of text."""
        return QSize(_SAMPLE_WIDTH, self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line with its mark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_sample(painter, self.palette(), QRectF(self.rect()), self._network)
        painter.end()
