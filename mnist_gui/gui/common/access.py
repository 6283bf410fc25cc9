"""The ring around what has the focus, and what painted widgets are to assistive technology."""

from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QRegion,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAccessibleWidget,
    QApplication,
    QRadioButton,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

from mnist_gui.gui.common.theme import contrast

RING_WIDTH = 2
_CORNER = 5
_LEAST_CONTRAST = 3
_ROLE = "accessible_role"
_OWN_RING = "paints_own_ring"


def paints_own_ring(widget: QWidget) -> None:
    """Have no ring put around a widget that paints one itself."""
    widget.setProperty(_OWN_RING, True)


def is_to_be(widget: QWidget, role: QAccessible.Role) -> None:
    """Say what a widget is that Qt does not know.

    It has to be said before the widget is named: by then a screen reader may ask.
    """
    widget.setProperty(_ROLE, role.value)


def put_last_in_tab_order(part: QWidget) -> None:
    """Let Tab reach what is in a part of a window after all else."""
    chain, at = [], part.window().nextInFocusChain()
    while at is not None and not at.isWindow():
        chain.append(at)
        at = at.nextInFocusChain()
    tabbed = [each for each in chain if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    others = [each for each in tabbed if not part.isAncestorOf(each)]
    inside = [each for each in tabbed if part.isAncestorOf(each)]
    if tabbed != others + inside:
        order = [*others[-1:], *inside]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)


def beside(widget: QWidget) -> QWidget | None:
    """Return what can have the focus next to a widget, in the same part; rather what follows."""
    parts = [each for each in (widget.parent() or widget).children() if isinstance(each, QWidget)]
    place = parts.index(widget)
    in_turn = [*parts[place + 1 :], *reversed(parts[:place])]
    return next((part for part in in_turn if can_have_focus(part)), None)


def can_have_focus(widget: QWidget) -> bool:
    """Whether Tab reaches a widget now."""
    is_tabbed = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return is_tabbed and widget.isEnabled() and widget.isVisible()


def first_in(part: QWidget) -> QWidget | None:
    """Return what Tab reaches first in a part of a window; of a choice, what is chosen."""
    at = part.nextInFocusChain()
    while at is not None and at is not part:
        is_other_choice = isinstance(at, QRadioButton) and not at.isChecked()
        if part.isAncestorOf(at) and can_have_focus(at) and not is_other_choice:
            return at
        at = at.nextInFocusChain()
    return None


class FocusKeeper(QObject):
    """Gives the focus back to what lost it while disabled, unless the user moved it since."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._lost: list[QWidget] = []
        self._holder: QWidget | None = None

    def note(self, lost: QWidget, holder: QWidget | None) -> None:
        """Keep in mind that a widget that is disabled has passed the focus on to a holder."""
        if lost is not self._holder:
            self._lost.clear()
        self._lost.append(lost)
        self._holder = holder
        lost.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what is enabled again; let all events pass."""
        if event.type() == QEvent.Type.EnabledChange and watched in self._lost:
            self._give_back(self._lost[self._lost.index(watched)])
        return False

    def _give_back(self, lost: QWidget) -> None:
        if lost.isEnabled() and lost.window().focusWidget() is self._holder:
            lost.setFocus()
            self._lost.clear()


def offer_access(app: QApplication) -> None:
    """Ring what has the focus from now on, and let assistive technology see painted widgets."""
    if app.findChild(Access) is None:
        Access(app)


class Access(QObject):
    """Puts a ring around the widget that has the focus, in all windows of the program."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ring: FocusRing | None = None
        app.focusChanged.connect(self._follow_focus)
        QAccessible.installFactory(_interface)

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _before: QWidget | None, focused: QWidget | None) -> None:
        # It goes with the widget that it lies on.
        if self._ring is not None and isValid(self._ring):  # type: ignore[no-untyped-call]
            self._ring.hide()
            self._ring.deleteLater()
        self._ring = FocusRing(focused) if focused is not None and _needs_ring(focused) else None


def _needs_ring(widget: QWidget) -> bool:
    is_popup = widget.window().windowType() == Qt.WindowType.Popup
    # The style sheet frames the tab in front.
    has_own = isinstance(widget, QTabBar) or bool(widget.property(_OWN_RING))
    return not (is_popup or has_own or widget.isWindow())


class FocusRing(QWidget):
    """Lies on the edge of a widget."""

    def __init__(self, focused: QWidget) -> None:
        super().__init__(focused)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("focus_ring")
        self._fit()
        self.raise_()
        self.show()
        focused.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the size of the widget; let all events pass."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ring in a colour that is seen on the widget."""
        # Asked for each time: a widget that is kept may be taken for deleted, such as Qt's own.
        widget = self.parentWidget()
        if widget is None:
            return
        colours = widget.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = colours.color(QPalette.ColorRole.Accent)
        half = RING_WIDTH / 2
        if contrast(ring, colours.color(QPalette.ColorRole.Button)) < _LEAST_CONTRAST:
            # Within the edge of what is filled with the accent.
            ring = colours.color(QPalette.ColorRole.WindowText)
            half += RING_WIDTH
        painter.setPen(QPen(ring, RING_WIDTH))
        place = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(place, _CORNER - RING_WIDTH / 2, _CORNER - RING_WIDTH / 2)
        painter.end()

    def _fit(self) -> None:
        """Cover the widget's edge only, so that the ring is not painted with what is inside."""
        widget = self.parentWidget()
        if widget is None:
            return
        outside = widget.rect()
        self.setGeometry(outside)
        inside = outside.adjusted(_CORNER, _CORNER, -_CORNER, -_CORNER)
        self.setMask(QRegion(outside).subtracted(QRegion(inside)))


def _interface(_kind: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, QWidget) or thing.property(_ROLE) is None:
        return None
    role = QAccessible.Role(thing.property(_ROLE))
    if isinstance(thing, QAbstractButton):
        return Choice(thing, role)
    return QAccessibleWidget(thing, role)


class Choice(QAccessibleWidget):
    """What a button of several, of which one is checked, is to assistive technology."""

    def __init__(self, button: QAbstractButton, role: QAccessible.Role) -> None:
        super().__init__(button, role)
        self._button = button

    def state(self) -> QAccessible.State:
        """Say whether it is the one."""
        state = super().state()
        state.checkable, state.checked = True, self._button.isChecked()
        return state

    def actionNames(self) -> list[str]:
        """Say that it can be pressed."""
        return [self.pressAction(), *super().actionNames()]

    def doAction(self, name: str) -> None:
        """Press it."""
        if name == self.pressAction():
            self._button.click()
        else:
            super().doAction(name)
