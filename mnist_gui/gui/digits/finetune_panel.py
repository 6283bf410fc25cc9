"""The panel that starts personalizing and shows what it gained."""

from enum import Enum

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mnist_gui.engine.finetune.result import FineTuningPhase, FineTuningProgress, FineTuningResult
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.gui.common.labels import caption, count, figure, paragraph, percent
from mnist_gui.gui.common.qt import Announcer
from mnist_gui.gui.digits.text import difference, verdict

_PARTS = 1_000


class PersonalizeTable(QFrame):
    """A row for the own digits that were held out, one for the test images."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hand_table")
        self.own = tuple(figure() for _ in range(3))
        self.test = tuple(figure() for _ in range(3))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 8, 12, 8)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(6)
        # In a wide window the figures stay near what they are of.
        self._grid.setColumnStretch(4, 1)
        for column, text in enumerate(
            (self.tr("Before"), self.tr("After"), self.tr("Change (points)"))
        ):
            head = caption(text)
            head.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(head, 0, column + 1)
        self.own_title = QLabel()
        self.own_title.setToolTip(
            self.tr("Each was read by a network that had not learnt from it.")
        )
        self.test_title = QLabel()
        self._add_row(1, self.own_title, self.own)
        self._add_row(2, self.test_title, self.test)

    def show_result(self, result: FineTuningResult) -> None:
        """Show how both were read before and after."""
        own, test = len(result.user_before.labels), len(result.test_before.labels)
        self.own_title.setText(self.tr("Your digits, held out ({count})").format(count=count(own)))
        self.test_title.setText(self.tr("Test images ({count})").format(count=count(test)))
        for title, figures in ((self.own_title, self.own), (self.test_title, self.test)):
            for label in figures:
                label.setAccessibleName(title.text())
        _show(self.own, result.user_before, result.user_after, decimals=1)
        _show(self.test, result.test_before, result.test_after, decimals=2)

    def _add_row(self, row: int, title: QLabel, figures: tuple[QLabel, ...]) -> None:
        self._grid.addWidget(title, row, 0)
        for column, label in enumerate(figures):
            self._grid.addWidget(label, row, column + 1)


def _show(
    figures: tuple[QLabel, ...], before: Evaluation, after: Evaluation, *, decimals: int
) -> None:
    shares = (percent(each.accuracy, decimals) for each in (before, after))
    texts = (*shares, difference(before, after, decimals))
    for label, text in zip(figures, texts, strict=True):
        label.setText(text)


class _State(Enum):
    READY = "ready"
    LEARNING = "learning"
    LEARNT = "learnt"
    KEPT = "kept"


class PersonalizePanel(QWidget):
    """One button to learn, one to stop, then a table, one to keep and one to go back."""

    learn_requested = Signal()
    stop_requested = Signal()
    keep_requested = Signal()
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._stages = {
            FineTuningPhase.PREPARING: self.tr("Varying your digits \u2026"),
            FineTuningPhase.CROSS_VALIDATING: self.tr(
                "Learning from some of your digits, read on others"
            ),
            FineTuningPhase.TRAINING: self.tr("Learning from all of your digits \u2026"),
            FineTuningPhase.TESTING: self.tr("Reading the test images \u2026"),
        }
        self.learn_button = QPushButton(self.tr("Learn my hand"))
        self.stop_button = QPushButton(self.tr("Stop"))
        self.keep_button = QPushButton(self.tr("Keep"))
        self.back_button = QPushButton(self.tr("Go back"))
        self.close_button = QPushButton(self.tr("Close"))
        self.progress = QProgressBar()
        self.message = caption()
        self.table = PersonalizeTable()
        self.verdict = paragraph()
        self._announcer = Announcer(self.message)
        self._name_parts()
        self._lay_out()
        self._connect()
        self._show_state(_State.READY)
        self.show_obstacle("")

    @Slot(str)
    def show_obstacle(self, sentence: str) -> None:
        """Say why it cannot begin, or that it can."""
        self.learn_button.setEnabled(not sentence)
        self._ready = sentence or self.tr(
            "In about 10 seconds you see what it gains and what it forgets; then keep it or not."
        )
        if self._state is _State.READY:
            self.message.setText(self._ready)

    @Slot()
    def show_begun(self) -> None:
        """Show that it has begun."""
        self._show_state(_State.LEARNING)
        self.show_progress(FineTuningProgress(FineTuningPhase.PREPARING, 0.0))

    @Slot(FineTuningProgress)
    def show_progress(self, progress: FineTuningProgress) -> None:
        """Show how far it is."""
        self.progress.setValue(round(_PARTS * progress.share))
        self.message.setText(self._stages[progress.stage])

    @Slot(FineTuningResult)
    def show_result(self, result: FineTuningResult) -> None:
        """Show what it gained and forgot, and ask whether to keep it."""
        self.table.show_result(result)
        self.verdict.setText(verdict(result))
        self._announcer.say(verdict(result))
        self._show_state(_State.LEARNT)

    @Slot()
    def show_ready(self) -> None:
        """Offer to learn."""
        self._show_state(_State.READY)
        self.message.setText(self._ready)

    @Slot()
    def _keep(self) -> None:
        self._show_state(_State.KEPT)
        self.verdict.setText(
            self.tr("Kept: this is the current network now. Save network writes it to a file.")
        )
        self.keep_requested.emit()

    @Slot()
    def _go_back(self) -> None:
        self.show_ready()
        self.back_requested.emit()

    def _show_state(self, state: _State) -> None:
        self._state = state
        seen = {
            self.learn_button: (_State.READY,),
            self.message: (_State.READY, _State.LEARNING),
            self.progress: (_State.LEARNING,),
            self.stop_button: (_State.LEARNING,),
            self.table: (_State.LEARNT, _State.KEPT),
            self.verdict: (_State.LEARNT, _State.KEPT),
            self.keep_button: (_State.LEARNT,),
            self.back_button: (_State.LEARNT, _State.KEPT),
            self.close_button: (_State.KEPT,),
        }
        for part, states in seen.items():
            part.setVisible(state in states)

    def _connect(self) -> None:
        self.learn_button.clicked.connect(self.learn_requested)
        self.stop_button.clicked.connect(self.stop_requested)
        self.keep_button.clicked.connect(self._keep)
        self.back_button.clicked.connect(self._go_back)
        self.close_button.clicked.connect(self.show_ready)

    def _name_parts(self) -> None:
        self.progress.setRange(0, _PARTS)
        self.progress.setTextVisible(False)
        self.progress.setObjectName("hand_progress")
        self.progress.setAccessibleName(self.tr("How much of learning your hand is done"))
        self.message.setObjectName("hand_message")
        self.message.setWordWrap(True)
        self.verdict.setObjectName("hand_verdict")
        self.learn_button.setObjectName("learn_hand_button")
        self.learn_button.setAccessibleName(self.tr("Learn my hand"))
        self.learn_button.setToolTip(
            self.tr("Train the current network on with your digits among MNIST's.")
        )
        self.stop_button.setObjectName("stop_hand_button")
        self.stop_button.setAccessibleName(self.tr("Stop learning my hand"))
        self.stop_button.setToolTip(self.tr("End it; the current network stays as it is."))
        self.keep_button.setObjectName("keep_hand_button")
        self.keep_button.setAccessibleName(self.tr("Keep the network that has learnt my hand"))
        self.keep_button.setToolTip(self.tr("Make it the current network."))
        self.back_button.setObjectName("hand_back_button")
        self.back_button.setAccessibleName(self.tr("Go back to the network before"))
        self.back_button.setToolTip(self.tr("Return to the previous network."))
        self.close_button.setObjectName("close_hand_button")
        self.close_button.setAccessibleName(self.tr("Close the comparison"))
        self.close_button.setToolTip(self.tr("Put the table away; what you have kept stays."))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.learn_button)
        top.addWidget(self.progress, stretch=2)
        top.addWidget(self.message, stretch=3)
        top.addWidget(self.stop_button)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self.verdict, stretch=1)
        for button in (self.keep_button, self.back_button, self.close_button):
            bottom.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.table)
        layout.addLayout(bottom)
