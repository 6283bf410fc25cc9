"""The frame of a view: title, a plain sentence, what is computed, progress, and its export."""

from collections.abc import Sequence
from enum import Enum, auto
from time import perf_counter

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QImage, QPainter, QPalette
from PySide6.QtWidgets import QMenu, QProgressBar, QPushButton, QWidget

from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.labels import caption, count, duration, heading, paragraph
from mnist_gui.gui.common.qt import (
    Announcer,
    Pane,
    VisibilityWatcher,
    column,
    named,
    row,
)

# What is ready sooner shows no progress, which would only flicker.
_PATIENCE_MILLISECONDS = 300
# Before, what is left is hardly known.
_LEAST_TIMED_SECONDS = 1.0
# Pictures are saved with so many pixels for each one of the window, for print.
_SAVED_SCALE = 2
_LEAST_BUTTON = (34, 28)
_PICTURE_GAP = 8


class Wish(Enum):
    """What is to be done with what a view shows."""

    COPY_PICTURE = auto()
    SAVE_PICTURE = auto()
    SAVE_NUMBERS = auto()


class ViewPage(Pane):
    """Shows a view's title, its sentence and its `body`, or why there is nothing to show.

    A subclass puts its widgets into `body`, and its choices into `controls`, once. `wished`
    carries what the user wants done with what is shown; `cancelled` and `asked` that a
    computation is to be cancelled or begun, `is_computing` says whether one is under way. It
    decides nothing.
    """

    wished = Signal(Wish)
    cancelled = Signal()
    asked = Signal()

    def __init__(self, name: str) -> None:
        """`name` begins the names of the widgets, such as "map"."""
        super().__init__()
        self.title = heading("")
        self.title.setWordWrap(True)
        self.purpose = named(paragraph(), f"{name}_purpose")
        self.sample = named(paragraph(), f"{name}_sample")
        self.sample.hide()
        self.message = named(paragraph(), f"{name}_message")
        self.compute_button = named(QPushButton(self.tr("Compute")), f"{name}_compute_button")
        self.cancel_button = named(QPushButton(self.tr("Cancel")), f"{name}_cancel_button")
        self.progress = named(
            QProgressBar(textVisible=False), f"{name}_progress", self.tr("Progress")
        )
        self.remaining = named(caption(), f"{name}_remaining", self.tr("Time left"))
        self.more_button = named(
            QPushButton("\u2026"),
            f"{name}_more_button",
            self.tr("Save or copy"),
            self.tr("Save or copy what is shown here"),
        )
        self.more_button.setMinimumSize(*_LEAST_BUTTON)
        self.controls, self.body = QWidget(), Pane()
        self.watcher = VisibilityWatcher(self)
        self._announcer = Announcer(self)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MILLISECONDS)
        self._patience.timeout.connect(self._show_patience)
        self.is_computing = False
        # The total of what is counted, how much of it was done first, and when.
        self._timed = (0, 0, 0.0)
        self.menu = self._make_menu()
        self.more_button.setMenu(self.menu)
        self.compute_button.clicked.connect(self.asked)
        self.cancel_button.clicked.connect(self.cancelled)
        self._lay_out()
        self.show_message("")

    def show_title(self, title: str) -> None:
        """Show what the view is of: the network and its step."""
        self.title.setText(title)

    def show_purpose(self, sentence: str) -> None:
        """Show the sentence on what one sees and what to look for."""
        self.purpose.setText(sentence)

    def show_sample(self, note: str) -> None:
        """Say that only a part of the data set is looked at, or nothing."""
        self.sample.setText(note)
        self.sample.setVisible(bool(note))

    def show_message(self, sentence: str, *, offers_computing: bool = False) -> None:
        """Show a sentence in place of the body, and a button that has it computed."""
        self.end_progress()
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))
        self.compute_button.setVisible(offers_computing)
        self.body.setVisible(False)
        self._offer_saving(offered=False)
        if sentence and self.isVisible():
            self._announcer.say(sentence)

    def show_body(self, *, is_complete: bool = True) -> None:
        """Show the body; more of it is still being computed unless it is complete."""
        if is_complete:
            self.end_progress()
        self.message.setVisible(False)
        self.compute_button.setVisible(False)
        self.body.setVisible(True)
        self._offer_saving(offered=True)

    def _offer_saving(self, *, offered: bool) -> None:
        self.more_button.setEnabled(offered)
        for action in self.menu.actions():
            action.setEnabled(offered)

    def begin_progress(self) -> None:
        """Say that something is being computed, unless it is ready at once."""
        self.is_computing = True
        self._timed = (0, 0, 0.0)
        self.remaining.clear()
        if not self.progress.isVisible():
            self.progress.setRange(0, 0)
            self._patience.start()

    def show_progress(self, done: int, total: int) -> None:
        """Show how far the computation is."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        shares = self.tr("{done} of {total}").format(done=count(done), total=count(total))
        self.progress.setAccessibleDescription(shares)
        self._show_remaining(done, total)

    def _show_remaining(self, done: int, total: int) -> None:
        """Show how long the rest takes, as long as what was done since it is counted."""
        now = perf_counter()
        counted, first, begun = self._timed
        if counted != total or done <= first:
            self._timed = (total, done, now)
            self.remaining.clear()
        elif now - begun > _LEAST_TIMED_SECONDS:
            left = (now - begun) * (total - done) / (done - first)
            # The last tenths of a second are not read.
            text = self.tr("{time} left").format(time=duration(max(1, round(left))))
            self.remaining.setText(text)

    def end_progress(self) -> None:
        """Show no progress any more."""
        self.is_computing = False
        self._patience.stop()
        self._progress_row.setVisible(False)

    def pictured(self) -> Sequence[QWidget]:
        """Return what a picture shows, from top to bottom: what scrolls is better whole."""
        return self.title, self.body

    def picture(self) -> QImage:
        """Return what is to be `pictured`, in the colours of the theme."""
        parts = self.pictured()
        height = sum(part.height() + _PICTURE_GAP for part in parts) + _PICTURE_GAP
        ratio = max(_SAVED_SCALE, self.devicePixelRatioF())
        picture = QImage(
            round(self.width() * ratio), round(height * ratio), QImage.Format.Format_RGB32
        )
        picture.setDevicePixelRatio(ratio)
        picture.fill(self.palette().color(QPalette.ColorRole.Window))
        painter = QPainter(picture)
        top = _PICTURE_GAP
        for part in parts:
            part.render(painter, QPoint(part.mapTo(self, QPoint()).x(), top))
            top += part.height() + _PICTURE_GAP
        painter.end()
        return picture

    @Slot()
    def _show_patience(self) -> None:
        if self.is_computing:
            self.message.setVisible(False)
            self.compute_button.setVisible(False)
            self._progress_row.setVisible(True)

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        texts = {
            Wish.COPY_PICTURE: self.tr("&Copy picture"),
            Wish.SAVE_PICTURE: self.tr("&Save picture as \u2026"),
            Wish.SAVE_NUMBERS: self.tr("Save &numbers as CSV \u2026"),
        }
        for wish, text in texts.items():
            action = QAction(text, menu)
            action.triggered.connect(lambda _=False, wish=wish: self.wished.emit(wish))
            menu.addAction(action)
        return menu

    def _lay_out(self) -> None:
        self._progress_row = Columns(
            (self.progress, self.remaining, self.cancel_button), stretches=(1, 0, 0)
        )
        top = row((self.title, 1), self.more_button, spacing=8)
        button = row(self.compute_button, 0)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        parts = (self.purpose, self.sample, self.controls, self._progress_row, self.message, button)
        margins = (14, 12, 14, 12)
        column(top, *parts, (self.body, 1), 0, parent=self, spacing=8, margins=margins)
