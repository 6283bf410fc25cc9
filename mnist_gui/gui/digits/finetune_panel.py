"""The panel that starts personalizing and shows what it gained."""

from enum import Enum, auto

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QPushButton, QWidget

from mnist_gui.engine.finetune.result import FineTuningPhase, FineTuningProgress, FineTuningResult
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.labels import caption, count, figure, paragraph, percent
from mnist_gui.gui.common.qt import Announcer, column, named
from mnist_gui.gui.digits.text import difference, verdict

_PARTS = 1_000


class PersonalizeTable(QFrame):
    """A row for the user's digits that were held out, one for the test images."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("hand_table")
        self.user = tuple(figure() for _ in range(3))
        self.test = tuple(figure() for _ in range(3))
        self.user_title, self.test_title = QLabel(), QLabel()
        self.user_title.setToolTip(
            self.tr("Each was read by a network that had not learnt from it.")
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        # In a wide window the figures stay side by side.
        grid.setColumnStretch(3, 1)
        heads = [self.tr("Before"), self.tr("After"), self.tr("Change (points)")]
        for place, text in enumerate(heads):
            head = caption(text)
            head.setWordWrap(True)
            head.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
            grid.addWidget(head, 0, place)
            grid.addWidget(self.user[place], 2, place)
            grid.addWidget(self.test[place], 4, place)
        for row, title in ((1, self.user_title), (3, self.test_title)):
            title.setWordWrap(True)
            grid.addWidget(title, row, 0, 1, 4)

    def show_result(self, result: FineTuningResult) -> None:
        """Show the accuracies before and after."""
        user, test = len(result.user_before.labels), len(result.test_before.labels)
        self.user_title.setText(
            self.tr("Your digits, held out ({count})").format(count=count(user))
        )
        self.test_title.setText(self.tr("Test images ({count})").format(count=count(test)))
        for title, figures in ((self.user_title, self.user), (self.test_title, self.test)):
            for label in figures:
                label.setAccessibleDescription(title.text())
        _show(self.user, result.user_before, result.user_after, decimals=1)
        _show(self.test, result.test_before, result.test_after, decimals=2)


def _show(
    figures: tuple[QLabel, ...], before: Evaluation, after: Evaluation, *, decimals: int
) -> None:
    shares = (percent(each.accuracy, decimals) for each in (before, after))
    texts = (*shares, difference(before, after, decimals))
    for label, text in zip(figures, texts, strict=True):
        label.setText(text)


class _State(Enum):
    READY = auto()
    TRAINING = auto()
    TRAINED = auto()
    ACCEPTED = auto()


class PersonalizePanel(QWidget):
    """Starts and stops personalizing, then shows the gain, with buttons to keep it or go back."""

    def __init__(self) -> None:
        super().__init__()
        self._phases = {
            FineTuningPhase.PREPARING: self.tr("Varying your digits \u2026"),
            FineTuningPhase.CROSS_VALIDATING: self.tr(
                "Learning from some of your digits, read on others"
            ),
            FineTuningPhase.TRAINING: self.tr("Learning from all of your digits \u2026"),
            FineTuningPhase.TESTING: self.tr("Reading the test images \u2026"),
        }
        self._make_buttons()
        self.progress = QProgressBar(maximum=_PARTS, textVisible=False, objectName="hand_progress")
        self.progress.setAccessibleName(
            self.tr("How much of the training on your handwriting is done")
        )
        self.message = named(caption(), "hand_message")
        self.message.setWordWrap(True)
        self.table = PersonalizeTable()
        self.verdict = named(paragraph(), "hand_verdict")
        self._announcer = Announcer(self.message)
        parts = (self.start_button, self.progress, self.message, self.stop_button)
        top = Columns(parts, stretches=(0, 2, 3, 0), spacing=12)
        buttons = (self.accept_button, self.back_button, self.close_button)
        bottom = Columns((self.verdict, *buttons), stretches=(1, 0, 0, 0))
        column(top, self.table, bottom, parent=self, spacing=8)
        self.accept_button.clicked.connect(self._show_accepted)
        self.back_button.clicked.connect(self.show_ready)
        self.close_button.clicked.connect(self.show_ready)
        self._show_state(_State.READY)
        self.show_obstacle("")

    def _make_buttons(self) -> None:
        self.start_button = named(
            QPushButton(self.tr("Train on my handwriting")),
            "learn_hand_button",
            tip=self.tr("Keep training the current network with your digits among those of MNIST."),
        )
        self.stop_button = named(
            QPushButton(self.tr("Stop")),
            "stop_hand_button",
            self.tr("Stop training on my handwriting"),
            self.tr("End it; the current network stays as it is."),
        )
        self.accept_button = named(
            QPushButton(self.tr("Keep")),
            "keep_hand_button",
            self.tr("Keep the network trained on my handwriting"),
            self.tr("Make it the current network."),
        )
        self.back_button = named(
            QPushButton(self.tr("Discard")),
            "hand_back_button",
            self.tr("Go back to the network before"),
            self.tr("Return to the previous network."),
        )
        self.close_button = named(
            QPushButton(self.tr("Close")),
            "close_hand_button",
            self.tr("Close the comparison"),
            self.tr("Put the table away; what you have kept stays."),
        )

    def show_obstacle(self, sentence: str) -> None:
        """Say why training cannot begin, or that it can if there is no obstacle."""
        self.start_button.setEnabled(not sentence)
        self._ready = sentence or self.tr(
            "In about 10 seconds you see what it gains and what it forgets; then keep it or not."
        )
        if self._state is _State.READY:
            self.message.setText(self._ready)

    def show_begun(self) -> None:
        """Show that training has begun."""
        self._show_state(_State.TRAINING)
        self.show_progress(FineTuningProgress(FineTuningPhase.PREPARING, 0.0))

    @Slot(FineTuningProgress)
    def show_progress(self, progress: FineTuningProgress) -> None:
        """Show how far the training is."""
        self.progress.setValue(round(_PARTS * progress.share))
        self.message.setText(self._phases[progress.phase])

    def show_result(self, result: FineTuningResult) -> None:
        """Show what it gained and forgot, and ask whether to keep it."""
        self.table.show_result(result)
        text = verdict(result)
        self.verdict.setText(text)
        self._announcer.say(text)
        self.back_button.setText(self.tr("Discard"))
        self._show_state(_State.TRAINED)

    def take_over(self, before: "PersonalizePanel", result: FineTuningResult) -> None:
        """Show this result as another panel does, unless it was put away there."""
        if before._state in (_State.TRAINED, _State.ACCEPTED):
            self.show_result(result)
        if before._state is _State.ACCEPTED:
            self._show_accepted()

    @Slot()
    def show_ready(self) -> None:
        """Offer to personalize the network."""
        self._show_state(_State.READY)
        self.message.setText(self._ready)

    @Slot()
    def _show_accepted(self) -> None:
        self._show_state(_State.ACCEPTED)
        self.back_button.setText(self.tr("Go back"))
        self.verdict.setText(
            self.tr("Kept: this is the current network now. Save network writes it to a file.")
        )

    def _show_state(self, state: _State) -> None:
        self._state = state
        seen = {
            self.start_button: (_State.READY,),
            self.message: (_State.READY, _State.TRAINING),
            self.progress: (_State.TRAINING,),
            self.stop_button: (_State.TRAINING,),
            self.table: (_State.TRAINED, _State.ACCEPTED),
            self.verdict: (_State.TRAINED, _State.ACCEPTED),
            self.accept_button: (_State.TRAINED,),
            self.back_button: (_State.TRAINED, _State.ACCEPTED),
            self.close_button: (_State.ACCEPTED,),
        }
        for part, states in seen.items():
            part.setVisible(state in states)
