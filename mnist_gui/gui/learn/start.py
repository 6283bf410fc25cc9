"""The start page: three ways to begin, and the networks of recent runs."""

from collections.abc import Sequence
from functools import cached_property, partial

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mnist_gui.gui.common.icons import icon
from mnist_gui.gui.common.labels import enlarge, heading, paragraph
from mnist_gui.gui.common.qt import SteadyScrollArea, column, named, row, widget_with
from mnist_gui.gui.learn.lesson import LessonPage
from mnist_gui.words.lesson import LessonStep

_PICTURE_SIDE = 40
_TITLE_POINTS = 3
# So many letters side by side a card needs, or the cards are put below each other.
_CARD_LETTERS = 24
_CARDS = 3
_WIDEST = 1_080


class StartPage(QStackedWidget):
    """Asks what the user wants to do first; the lesson takes its place when that is chosen.

    `run_requested` brings the ID of a recent run whose network is to be used, `step_requested` what
    a step of the lesson is about.
    """

    draw_requested = Signal()
    train_requested = Signal()
    run_requested = Signal(str)
    step_requested = Signal(LessonStep)
    term_requested = Signal(str)
    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.draw_card = Card("draw_card", "pen", self.tr("Draw a digit"), self._about_drawing())
        title = self.tr("Train in seconds")
        self.train_card = Card("train_card", "play", title, self._about_training())
        title, about = self.tr("Lesson"), self.tr("Five steps, from a drawing to your own network.")
        self.lesson_card = Card("lesson_card", "lesson", title, about)
        self._runs_title = heading(self.tr("Continue"))
        self._runs = column(spacing=6)
        self.run_buttons: list[RunButton] = []
        self._lay_out()
        self.draw_card.clicked.connect(self.draw_requested)
        self.train_card.clicked.connect(self.train_requested)
        self.lesson_card.clicked.connect(self.show_lesson)
        self.show_runs(())

    @cached_property
    def lesson(self) -> LessonPage:
        """The lesson, made when it is first asked for: so many labels take a frame to style."""
        lesson = LessonPage()
        lesson.left.connect(self._leave_lesson)
        lesson.step_requested.connect(self.step_requested)
        lesson.term_requested.connect(self.term_requested)
        self._add(lesson, "lesson_scroll")
        return lesson

    @Slot()
    def show_lesson(self) -> None:
        """Show the lesson in place of the cards."""
        lesson = self.lesson
        self.setCurrentIndex(1)
        lesson.focus_next()

    def show_runs(self, runs: Sequence[tuple[str, str]]) -> None:
        """Show these runs: the ID of each, and what it is called."""
        for button in self.run_buttons:
            self._runs.removeWidget(button)
            button.deleteLater()
        self.run_buttons = [RunButton(text) for _, text in runs]
        for (run_id, _), button in zip(runs, self.run_buttons, strict=True):
            button.clicked.connect(partial(self.run_requested.emit, run_id))
            self._runs.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        self._runs_title.setVisible(bool(runs))

    def showEvent(self, event: QShowEvent) -> None:
        """Say that the page is seen again."""
        super().showEvent(event)
        self.shown.emit()

    def _about_drawing(self) -> str:
        return self.tr("The built-in network reads it while you draw.")

    def _about_training(self) -> str:
        return self.tr("Train softmax regression, the simplest network, and see it learn.")

    def _lay_out(self) -> None:
        welcome = heading(self.tr("What would you like to do?"))
        enlarge(welcome, _TITLE_POINTS)
        welcome.setWordWrap(True)
        cards = CardRow((self.draw_card, self.train_card, self.lesson_card))
        cards.setMaximumWidth(_WIDEST)
        parts = (welcome, cards, self._runs_title, self._runs, 1)
        start = widget_with(column(*parts, spacing=14, margins=(14, 18, 14, 14)))
        self._add(start, "start_scroll")

    def _add(self, content: QWidget, name: str) -> None:
        area = SteadyScrollArea(content)
        area.setObjectName(name)
        # Its buttons take the focus and scroll it.
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.addWidget(area)

    @Slot()
    def _leave_lesson(self) -> None:
        self.setCurrentIndex(0)
        self.lesson_card.setFocus(Qt.FocusReason.OtherFocusReason)


class CardRow(QWidget):
    """Cards side by side, or below each other where they would be too narrow."""

    def __init__(self, cards: Sequence["Card"]) -> None:
        super().__init__()
        self._cards: QBoxLayout = row(*((card, 1) for card in cards), parent=self, spacing=12)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the direction for the new width."""
        super().resizeEvent(event)
        needed = self.fontMetrics().averageCharWidth() * _CARD_LETTERS * _CARDS
        directions = QBoxLayout.Direction
        is_wide = self.width() >= needed
        self._cards.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)


class Card(QPushButton):
    """A large button with a picture, a title and a sentence that wraps."""

    def __init__(self, name: str, picture: str, title: str, about: str) -> None:
        super().__init__()
        named(self, name, title)
        self.setAccessibleDescription(about)
        title_label, about_label = heading(title), paragraph(about)
        title_label.setWordWrap(True)
        enlarge(title_label, _TITLE_POINTS)
        parts = (Picture(icon(picture)), title_label, about_label, 0)
        self._parts: QVBoxLayout = column(*parts, spacing=8, margins=(18, 18, 18, 18))
        self.setLayout(self._parts)
        for label in (title_label, about_label):
            # What is clicked is the card.
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def sizeHint(self) -> QSize:
        """Room for all parts."""
        return self._parts.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Room for all parts, the sentence wrapped as much as possible."""
        return self._parts.minimumSize()


class Picture(QWidget):
    """An icon in the accent's colour."""

    def __init__(self, picture: QIcon) -> None:
        super().__init__()
        self._picture = picture
        self.setFixedSize(_PICTURE_SIDE, _PICTURE_SIDE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon, in the colours that the palette has by then."""
        with QPainter(self) as painter:
            side = QRect(0, 0, _PICTURE_SIDE, _PICTURE_SIDE)
            self._picture.paint(painter, side, state=QIcon.State.On)


class RunButton(QPushButton):
    """A button with the name of a run, cut where it is too long and whole in its tooltip."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        letters = self.fontMetrics().horizontalAdvance(self._text)
        return QSize(letters + 32, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        return QSize(80, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text for the new width."""
        super().resizeEvent(event)
        room = self.width() - 28
        elided = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideMiddle, room)
        # What is a mark of a key to Qt is a letter of the name.
        self.setText(elided.replace("&", "&&"))
