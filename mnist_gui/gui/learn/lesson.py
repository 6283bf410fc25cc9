"""The lesson: five steps with what to do and what to look for."""

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from mnist_gui.gui.common.labels import caption, enlarge, heading, paragraph, tabular
from mnist_gui.gui.common.qt import column, named, row
from mnist_gui.gui.learn.text import term_in, term_links
from mnist_gui.words.lesson import LESSON, LessonStep

_DONE = "\u2713"
_MORE_POINTS = 6


class LessonPage(QWidget):
    """Shows the steps; their buttons ask for what each is about, `left` for the start page."""

    step_requested = Signal(LessonStep)
    term_requested = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.back_button = named(QPushButton(self.tr("Back")), "lesson_back_button")
        self.back_button.clicked.connect(self.left)
        self.steps = {step: StepCard(step) for step in LESSON}
        intro = self.tr(
            "Five steps from a drawing to a network of your own, in about ten minutes. Come back "
            "here after each of them."
        )
        title = row(heading(self.tr("Lesson")), 0, self.back_button)
        cards = column(*self.steps.values(), spacing=18)
        parts = (title, paragraph(intro), cards)
        column(*parts, 1, parent=self, spacing=18, margins=(18, 18, 18, 14))
        for step, card in self.steps.items():
            card.button.clicked.connect(partial(self._take, step))
            card.terms.linkActivated.connect(self._follow)

    def focus_next(self) -> None:
        """Give the focus to the first step that was not taken yet, or else to the last one."""
        cards = [*self.steps.values()]
        card = next((card for card in cards if not card.is_taken), cards[-1])
        card.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, step: LessonStep) -> None:
        self.steps[step].show_taken()
        self.step_requested.emit(step)

    @Slot(str)
    def _follow(self, address: str) -> None:
        self.term_requested.emit(term_in(address))


class StepCard(QFrame):
    """One step: its number, what to do, what to look for, and a button that goes there."""

    def __init__(self, step: LessonStep) -> None:
        super().__init__()
        words = LESSON[step]
        self.is_taken = False
        self.badge = QLabel(str(step.value))
        self.badge.setFont(tabular(self.font()))
        enlarge(self.badge, _MORE_POINTS)
        self.badge.setForegroundRole(QPalette.ColorRole.Link)
        policy = QSizePolicy.Policy
        self.badge.setSizePolicy(policy.Fixed, policy.Preferred)
        self.button = QPushButton(_text(words.button))
        named(self.button, f"lesson_step_{step.value}", tip=_text(words.to_do))
        self.button.setAccessibleDescription(_text(words.title))
        self.terms = _links(term_links(words.terms))
        self.terms.setAccessibleDescription(self.tr("Terms of this step"))
        title, look_for = heading(_text(words.title)), caption(_text(words.look_for))
        for label in (title, look_for):
            label.setWordWrap(True)
        texts = (title, paragraph(_text(words.to_do)), look_for, self.terms)
        right = column(*texts, row(self.button, 0), spacing=6)
        row((self.badge, Qt.AlignmentFlag.AlignTop), (right, 1), parent=self, spacing=8)

    def show_taken(self) -> None:
        """Show that the user has been there."""
        self.is_taken = True
        self.badge.setText(_DONE)
        self.badge.setAccessibleName(self.tr("Done"))


def _text(marked: str) -> str:
    """Translate a text from the declaration of the lesson."""
    return QCoreApplication.translate("lesson", marked)


def _links(html: str) -> QLabel:
    """Return a label with links that mouse and keys reach."""
    label = QLabel(html, wordWrap=True, textFormat=Qt.TextFormat.RichText)
    flags = Qt.TextInteractionFlag
    label.setTextInteractionFlags(flags.LinksAccessibleByMouse | flags.LinksAccessibleByKeyboard)
    return label
