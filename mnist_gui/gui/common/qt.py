"""Small pieces of Qt that several views share."""

import re
from collections.abc import Iterator
from functools import partial
from html import escape
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAction,
    QFocusEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QMenuBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

_PAUSE_MS = 700
# Of a content, each within the one before.
_MOST_RESIZINGS = 4
# Qt breaks the lines of rich text only.
_LONGEST_LINE = 70
_ICON_SIDE = 16
_TO_MENUS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)

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

    A button without an accessible name is called by its text. A label always is, so that its text
    is heard; the accessible name says besides what the text is.
    """
    widget.setObjectName(object_name)
    if tip:
        explain(widget, tip)
    if not accessible_name and isinstance(widget, QAbstractButton):
        accessible_name = widget.text()
    if accessible_name and isinstance(widget, QLabel):
        widget.setAccessibleDescription(accessible_name)
    elif accessible_name:
        widget.setAccessibleName(accessible_name)
    return widget


def explain(widget: QWidget, tip: str) -> None:
    """Say what a widget is for: in a tooltip, whose lines break, and in the window's hint line.

    A screen reader gets it without the marks of the tooltip.
    """
    widget.setAccessibleDescription(tip)
    widget.setToolTip(tip if len(tip) <= _LONGEST_LINE else f"<p>{escape(tip)}</p>")
    widget.setStatusTip(tip)


def row(
    *items: _Item,
    parent: QWidget | None = None,
    spacing: int | None = None,
    margins: _Margins | None = (0, 0, 0, 0),
) -> QHBoxLayout:
    """Lay items out from left to right, on the parent if there is one.

    An item is a widget, a layout, or either with a stretch factor or an alignment. A number is
    empty room with that stretch factor. Margins are left, top, right and bottom, in pixels, or
    None for those of the style.
    """
    layout = QHBoxLayout(parent)
    _fill(layout, items, spacing, margins)
    return layout


def column(
    *items: _Item,
    parent: QWidget | None = None,
    spacing: int | None = None,
    margins: _Margins | None = (0, 0, 0, 0),
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
    layout: QBoxLayout, items: tuple[_Item, ...], spacing: int | None, margins: _Margins | None
) -> None:
    if margins is not None:
        layout.setContentsMargins(*margins)
    if spacing is not None:
        layout.setSpacing(spacing)
    for item in items:
        if isinstance(item, int):
            layout.addStretch(item)
            continue
        part, how = item if isinstance(item, tuple) else (item, 0)
        if isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
        if isinstance(how, Qt.AlignmentFlag):
            layout.setAlignment(part, how)
        else:
            layout.setStretch(layout.count() - 1, how)


def never_mirrored(widget: _Named) -> _Named:
    """Keep figures as they are where the window goes from right to left; return the widget."""
    widget.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return widget


def in_reading_order(splitter: QSplitter) -> QSplitter:
    """Let assistive technology meet the parts of a splitter in their order; return the splitter."""
    # By itself the last part comes first.
    parts = [splitter.widget(place) for place in range(splitter.count())]
    for part in filter(None, reversed(parts)):
        part.lower()
    return splitter


def without_key(text: str) -> str:
    """Return a menu's text without its key: "File" of "&File", and of "File(&F)" as in Chinese."""
    return re.sub(r"\(&?[A-Za-z]\)|&", "", text)


def menu_of(action: QAction) -> QMenu | None:
    """Return the menu that an action opens, if it opens one."""
    menu = action.menu()
    return menu if isinstance(menu, QMenu) else None


def actions_in(menu: QMenu | QMenuBar) -> Iterator[QAction]:
    """Return what a menu or a bar of menus offers, also in the menus within."""
    for action in menu.actions():
        inner = menu_of(action)
        if inner is None:
            yield action
        else:
            yield from actions_in(inner)


class Announcer(QObject):
    """Has a screen reader speak the newest text after a pause, unless it was the last one."""

    def __init__(self, speaker: QObject) -> None:
        super().__init__(speaker)
        self._speaker = speaker
        self._text = ""
        self._spoken = ""
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._speak)

    def say(self, text: str) -> None:
        """Speak this text next."""
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


def paint_once_settled(widget: QWidget) -> None:
    """Keep a widget, whose parts are about to change places, as it is seen until they have them.

    Views of graphics otherwise have the window painted in the very turn of the event loop in which
    it is laid out. Painting comes two turns later.
    """
    if widget.isVisible() and widget.updatesEnabled():
        widget.setUpdatesEnabled(False)
        paint = partial(widget.setUpdatesEnabled, True)
        QTimer.singleShot(0, widget, lambda: QTimer.singleShot(0, widget, paint))


class VisibilityWatcher(QObject):
    """Emits `visible_changed` when the first of its widgets is shown, and the last is hidden."""

    visible_changed = Signal(bool)

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__(widgets[0])
        self._shown = {widget for widget in widgets if widget.isVisible()}
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note which widgets are shown and hidden; let all events pass."""
        if isinstance(watched, QWidget) and event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            before, is_shown = bool(self._shown), event.type() == QEvent.Type.Show
            (self._shown.add if is_shown else self._shown.discard)(watched)
            if bool(self._shown) != before:
                self.visible_changed.emit(is_shown)
        return False


class FocusWatcher(QObject):
    """Tells whether a widget has the focus; a menu, from which it comes back, does not count."""

    changed = Signal(bool)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Watch the focus; let all events pass."""
        if isinstance(event, QFocusEvent):
            if event.type() == QEvent.Type.FocusIn:
                self.changed.emit(True)
            elif event.type() == QEvent.Type.FocusOut and event.reason() not in _TO_MENUS:
                self.changed.emit(False)
        return False


def arrow_delta(key: int) -> tuple[int, int] | None:
    """Return by how many rows and columns an arrow key moves, or None for other keys."""
    return _STEPS.get(Qt.Key(key))


class BoundedScrollArea(QScrollArea):
    """Leaves content that asks for another size at each size at one of them.

    Qt would resize it within its resizing until the stack overflows.
    """

    _resizings = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """End a resizing within resizings."""
        if event.type() != QEvent.Type.Resize:
            return super().eventFilter(watched, event)
        if self._resizings >= _MOST_RESIZINGS:
            return False
        self._resizings += 1
        try:
            return super().eventFilter(watched, event)
        finally:
            self._resizings -= 1


class SteadyScrollArea(BoundedScrollArea):
    """Scrolls its content vertically, with the room of the scroll bar always left free.

    Otherwise content whose height depends on its width may need the bar only while it is there.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.bar_width = self.verticalScrollBar().sizeHint().width()
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        # What is in it takes the focus and scrolls it.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        """Return the size of the content, as high as it is in its width, and the bar."""
        content, hint = self._content, self._content.sizeHint()
        if content.hasHeightForWidth():
            hint.setHeight(content.heightForWidth(content.width()))
        return hint + QSize(self.bar_width, 0)

    def minimumSizeHint(self) -> QSize:
        """Return the width that the content needs: it does not scroll sideways."""
        width = self._content.minimumSizeHint().width() + self.bar_width
        return QSize(width, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Update the size hint with that of the content."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the content the width beside the bar, and ask for its height in that width."""
        self._content.setFixedWidth(max(0, self.contentsRect().width() - self.bar_width))
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()


class FittedWidget(QWidget):
    """Calls `fit` for each width it has, and again where a part of it needs other room."""

    def fit(self) -> None:
        """Fit the parts to the width."""
        raise NotImplementedError

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new width."""
        super().resizeEvent(event)
        self.fit()

    def event(self, event: QEvent) -> bool:
        """Fit parts that need other room than before."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().event(event)


class Pane(FittedWidget):
    """Is never lower than its layout needs in its width; a splitter, which it is for, does not ask.

    Texts in it can wrap, and none of their lines is cut.
    """

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out for the height that came while it was not seen, of which Qt tells nobody."""
        super().showEvent(event)
        if (layout := self.layout()) is not None:
            layout.invalidate()
            layout.activate()

    def fit(self) -> None:
        """Keep the height that the layout needs."""
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            least = layout.totalMinimumHeightForWidth(self.width())
            self.setMinimumHeight(max(0, least + _more_than_asked_for(layout)))


def _more_than_asked_for(layout: QLayout) -> int:
    """Return by how much a box layout gives texts that wrap more than it asks for.

    It asks for their least height and gives them the one they prefer, at the cost of other parts.
    """
    width = layout.contentsRect().width()
    return sum(
        inner.totalHeightForWidth(width) - inner.totalMinimumHeightForWidth(width)
        for inner in _layouts_in(layout)
        if inner.hasHeightForWidth()
    )


def _layouts_in(layout: QLayout) -> Iterator[QLayout]:
    """Return the layouts within a layout, and those of the widgets in it that are shown.

    `itemAt` is not asked: PySide6 keeps what it gives after Qt has deleted it, and then takes what
    lies in that memory next for it.
    """
    yield from (each for each in layout.children() if isinstance(each, QLayout))
    for widget in layout.parentWidget().children():
        if isinstance(widget, QWidget) and layout.indexOf(widget) >= 0 and not widget.isHidden():
            inner = widget.layout()
            if inner is not None:
                yield inner


class FoldButton(QToolButton):
    """Shows a widget while it is checked; hides it at first."""

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


class ActionFace(QObject):
    """Lets a button show an action and do it: texts, icon and state are the action's."""

    def __init__(self, button: QAbstractButton, action: QAction, spoken: str = "") -> None:
        """`spoken` is the accessible name, by default the short text."""
        super().__init__(button)
        self._button, self._action, self._spoken = button, action, spoken
        action.changed.connect(self._mirror)
        button.clicked.connect(self._trigger)
        button.toggled.connect(action.setChecked)
        self._mirror()

    @Slot()
    def _trigger(self) -> None:
        # What is checkable has been toggled by then.
        if not self._action.isCheckable():
            self._action.trigger()

    @Slot()
    def _mirror(self) -> None:
        button, action = self._button, self._action
        button.setEnabled(action.isEnabled())
        button.setCheckable(action.isCheckable())
        button.setChecked(action.isChecked())
        button.setIcon(action.icon())
        text = without_key(action.iconText())
        button.setText(text if action.icon().isNull() else "")
        button.setAccessibleName(self._spoken or text)
        explain(button, _tip(action))
        button.setStatusTip(action.toolTip())


def _tip(action: QAction) -> str:
    """Return the action's tip with its keys; a whole sentence stands alone."""
    native = QKeySequence.SequenceFormat.NativeText
    keys = ", ".join(key.toString(native) for key in action.shortcuts())
    tip = action.toolTip()
    return f"{tip} ({keys})" if keys and not tip.endswith(".") else tip


class ActionButton(QPushButton):
    """A button that does an action."""

    def __init__(self, action: QAction, name: str, spoken: str = "") -> None:
        """`name` is the object's name, `spoken` the accessible one, by default the short text."""
        super().__init__()
        self.setObjectName(name)
        ActionFace(self, action, spoken)


class IconButton(ActionButton):
    """A narrow button with the action's icon in place of a text."""

    def __init__(self, action: QAction, name: str, spoken: str = "") -> None:
        super().__init__(action, name, spoken)
        self.setIconSize(QSize(_ICON_SIDE, _ICON_SIDE))

    def sizeHint(self) -> QSize:
        """As high as a button with a text, and a little wider than high."""
        return QSize(38, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for the icon."""
        return QSize(32, super().minimumSizeHint().height())
