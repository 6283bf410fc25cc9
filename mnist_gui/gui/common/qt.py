"""Small pieces of Qt that several views share."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

_PAUSE_MS = 700

_STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}

_Named = TypeVar("_Named", bound=QWidget)
_Margins = tuple[int, int, int, int]
_Item = QWidget | QLayout | int | tuple[QWidget | QLayout, int | Qt.AlignmentFlag]


def named(widget: _Named, object_name: str, accessible_name: str = "", tip: str = "") -> _Named:
    """Name a widget, say what it is to assistive technology, and explain it; return the widget.

    A button without an accessible name is called by its text.
    """
    widget.setObjectName(object_name)
    if not accessible_name and isinstance(widget, QAbstractButton):
        accessible_name = widget.text()
    if accessible_name:
        widget.setAccessibleName(accessible_name)
    if tip:
        widget.setToolTip(tip)
    return widget


def row(
    *items: _Item,
    parent: QWidget | None = None,
    spacing: int | None = None,
    margins: _Margins = (0, 0, 0, 0),
) -> QHBoxLayout:
    """Lay items out from left to right, on the parent if there is one.

    An item is a widget, a layout, or either with a stretch factor or an alignment. A number is
    empty room with that stretch factor. Margins are left, top, right and bottom, in pixels.
    """
    layout = QHBoxLayout(parent)
    _fill(layout, items, spacing, margins)
    return layout


def column(
    *items: _Item,
    parent: QWidget | None = None,
    spacing: int | None = None,
    margins: _Margins = (0, 0, 0, 0),
) -> QVBoxLayout:
    """Lay items out from top to bottom, as `row` does from left to right."""
    layout = QVBoxLayout(parent)
    _fill(layout, items, spacing, margins)
    return layout


def widget_with(layout: QLayout) -> QWidget:
    """Return a new widget that this layout fills."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


def _fill(
    layout: QBoxLayout, items: tuple[_Item, ...], spacing: int | None, margins: _Margins
) -> None:
    layout.setContentsMargins(*margins)
    if spacing is not None:
        layout.setSpacing(spacing)
    for item in items:
        if isinstance(item, int):
            layout.addStretch(item)
        else:
            _add(layout, *(item if isinstance(item, tuple) else (item, 0)))


def _add(layout: QBoxLayout, part: QWidget | QLayout, how: int | Qt.AlignmentFlag) -> None:
    if isinstance(part, QWidget):
        layout.addWidget(part)
    else:
        layout.addLayout(part)
    if isinstance(how, Qt.AlignmentFlag):
        layout.setAlignment(part, how)
    else:
        layout.setStretch(layout.count() - 1, how)


class Announcer(QObject):
    """Speaks the newest text once it has stood for a moment; never the same text twice in a row."""

    def __init__(self, speaker: QObject) -> None:
        super().__init__(speaker)
        self._speaker = speaker
        self._text = ""
        self._spoken = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._speak)

    def say(self, text: str) -> None:
        """Have this spoken next."""
        self._text = text
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _speak(self) -> None:
        if self._text == self._spoken:
            return
        self._spoken = self._text
        if self._text and QAccessible.isActive():
            announcement = QAccessibleAnnouncementEvent(self._speaker, self._text)
            QAccessible.updateAccessibility(announcement)


class Watcher(QObject):
    """Emits `watched_changed` when the first of its widgets is shown, and when none is any more."""

    watched_changed = Signal(bool)

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__(widgets[0])
        self._shown = {widget for widget in widgets if widget.isVisible()}
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of what is shown and hidden; never keeps an event from anyone."""
        if isinstance(watched, QWidget) and event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            before = bool(self._shown)
            if event.type() == QEvent.Type.Show:
                self._shown.add(watched)
            else:
                self._shown.discard(watched)
            if bool(self._shown) != before:
                self.watched_changed.emit(bool(self._shown))
        return False


def step_of(key: int) -> tuple[int, int] | None:
    """Return by how many rows and columns a key moves, or None for a key that is no arrow."""
    return _STEPS.get(Qt.Key(key))


class SteadyScrollArea(QScrollArea):
    """Lets its content scroll where the area is too low for it; would be as high as the content.

    The bar's room stays free when there is no bar. Otherwise content whose height depends on its
    width may leave it open whether there is to be a bar, and Qt, which then resizes the content
    within its resizing, does so until its stack overflows.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.bar_width = self.verticalScrollBar().sizeHint().width()
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        """As much as the content would have, and the bar."""
        return self._content.sizeHint() + QSize(self.bar_width, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for other room when the content does."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the content the room that it has with the bar."""
        self._content.setFixedWidth(self.contentsRect().width() - self.bar_width)
        super().resizeEvent(event)


class FoldButton(QToolButton):
    """Shows the part while it is pressed in; starts folded."""

    def __init__(self, text: str, part: QWidget) -> None:
        super().__init__()
        self._part = part
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggled.connect(self._fold)
        self._fold(unfolded=False)

    @Slot(bool)
    def _fold(self, unfolded: bool) -> None:
        self.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        self._part.setVisible(unfolded)
