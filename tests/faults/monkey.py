"""A user without a plan, who clicks, types, draws, drops and opens whatever there is."""

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)

from mnist_gui.gui.pages import Page
from mnist_gui.gui.window.main_window import MainWindow

_KEYS = [
    *(Qt.Key(code) for code in range(Qt.Key.Key_0, Qt.Key.Key_Z + 1)),
    *(Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Backspace),
    *(Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left),
    *(Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
    *(Qt.Key.Key_F1, Qt.Key.Key_F5, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Period),
]
# These would end it all.
_LAST_KEYS = {Qt.Key.Key_Q, Qt.Key.Key_W}
_MODIFIERS = [
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
]
_TEXTS = [
    "0",
    "-1",
    "1e9",
    "0.5",
    "a name",
    "\u202e\u0416\U0001f600",
    "x" * 300,
    "%1 {0}",
    "<b>b</b>",
]
_UNEXPECTED = "Something unexpected went wrong"


class Monkey:
    """Acts on a window at random; `deeds` are the last things it did."""

    def __init__(self, window: MainWindow, random: Random, files: Sequence[Path]) -> None:
        self._window = window
        self._random = random
        self._files = files
        self.deeds: deque[str] = deque(maxlen=30)

    def act(self) -> None:
        """Do one thing, in the box or the menu in front if there is one."""
        menu, box = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if menu is not None:
            self._use_menu(menu)
        elif box is not None and self._random.random() < 0.8:
            self._answer(box)
        else:
            deeds: list[Callable[[], None]] = [
                *(self._click, self._click, self._click, self._trigger, self._press_key),
                *(self._draw, self._draw, self._choose, self._change_number, self._type),
                *(self._use_list, self._turn_page, self._resize, self._drop, self._right_click),
            ]
            self._random.choice(deeds)()
        QApplication.processEvents()

    def wait(self, milliseconds: int) -> None:
        """Let the program do what it was told."""
        QTest.qWait(milliseconds)

    def put_away(self) -> None:
        """Close all boxes and menus."""
        for widget in QApplication.topLevelWidgets():
            if widget is not self._window and isinstance(widget, (QMenu, QMessageBox)):
                widget.close()

    def _did(self, what: str, widget: object) -> None:
        name = widget.objectName() if isinstance(widget, QWidget) else ""
        self.deeds.append(f"{what} {type(widget).__name__} {name}")

    def _use_menu(self, menu: QWidget) -> None:
        actions = [each for each in menu.actions() if each.isEnabled() and not each.isSeparator()]
        if isinstance(menu, QMenu) and actions and self._random.random() < 0.8:
            action = self._random.choice(actions)
            self.deeds.append(f"chose {action.text()}")
            menu.close()
            if not self._would_end(action):
                action.trigger()
        else:
            menu.close()

    def _answer(self, box: QWidget) -> None:
        if isinstance(box, QMessageBox):
            assert not box.text().startswith(_UNEXPECTED), box.text()
        buttons = [each for each in box.findChildren(QAbstractButton) if each.isVisible()]
        if buttons and self._random.random() < 0.8:
            button = self._random.choice(buttons)
            self.deeds.append(f"answered {button.text()}")
            button.click()
        else:
            self._did("closed", box)
            box.close()

    def _seen(self, kind: type[QWidget]) -> list[QWidget]:
        found: list[QWidget] = self._window.findChildren(kind)
        return [each for each in found if each.isEnabled() and each.visibleRegion().rectCount()]

    def _any(self, kind: type[QWidget]) -> QWidget | None:
        seen = self._seen(kind)
        return self._random.choice(seen) if seen else None

    def _click(self) -> None:
        if button := self._any(QAbstractButton):
            self._did("clicked", button)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _trigger(self) -> None:
        # Also those of menus and keys; not those in menus that pyqtgraph has but does not show.
        menus = self._window.menuBar().findChildren(QMenu)
        owners = [*menus, self._window, *self._window.findChildren(QWidget)]
        offered = {id(action): action for owner in owners for action in owner.actions()}
        actions = [
            action
            for action in offered.values()
            if action.isEnabled() and not action.isSeparator() and not self._would_end(action)
        ]
        action = self._random.choice(actions)
        self.deeds.append(f"triggered {action.text()}")
        action.trigger()

    def _would_end(self, action: QAction) -> bool:
        return action.menuRole() is QAction.MenuRole.QuitRole

    def _press_key(self) -> None:
        widget = QApplication.focusWidget() or self._window
        for _ in range(self._random.randint(1, 4)):
            key = self._random.choice(_KEYS)
            modifier = self._random.choice(_MODIFIERS)
            if key not in _LAST_KEYS:
                self._did(f"pressed {modifier.name} {key.name} in", widget)
                QTest.keyClick(widget, key, modifier)

    def _draw(self) -> None:
        canvas = self._window.findChild(QWidget, "drawing_canvas")
        assert canvas is not None
        self._did("drew on", canvas)
        left = Qt.MouseButton.LeftButton
        QTest.mousePress(canvas, left, pos=self._spot_on(canvas))
        for _ in range(self._random.randint(0, 12)):
            QTest.mouseMove(canvas, self._spot_on(canvas))
        if self._random.random() < 0.95:
            QTest.mouseRelease(canvas, left, pos=self._spot_on(canvas))

    def _spot_on(self, widget: QWidget) -> QPoint:
        """Return a place on the widget or a little beside it."""
        return QPoint(
            self._random.randint(-20, widget.width() + 20),
            self._random.randint(-20, widget.height() + 20),
        )

    def _choose(self) -> None:
        box = self._any(QComboBox)
        if isinstance(box, QComboBox) and box.count():
            self._did("chose in", box)
            place = box.model().index(self._random.randrange(box.count()), box.modelColumn())
            # A line between choices is none.
            if place.flags() & Qt.ItemFlag.ItemIsEnabled:
                box.setCurrentIndex(place.row())

    def _change_number(self) -> None:
        box = self._any(QAbstractSpinBox)
        if isinstance(box, QAbstractSpinBox):
            self._did("changed", box)
            box.stepBy(self._random.choice([-100, -1, 1, 100]))

    def _type(self) -> None:
        field = self._any(self._random.choice([QLineEdit, QPlainTextEdit]))
        if field is not None:
            self._did("typed in", field)
            field.setFocus()
            # As if pasted: the keys of a test are Latin only.
            text = self._random.choice(_TEXTS)
            if isinstance(field, QLineEdit):
                field.insert(text)
            elif isinstance(field, QPlainTextEdit):
                field.insertPlainText(text)
            QTest.keyClick(field, self._random.choice([Qt.Key.Key_Return, Qt.Key.Key_Tab]))

    def _use_list(self) -> None:
        view = self._any(QAbstractItemView)
        if not isinstance(view, QAbstractItemView):
            return
        self._did("clicked in", view)
        place = self._spot_on(view.viewport())
        # Rather on something than below the last row.
        for _ in range(10):
            if view.indexAt(place).isValid():
                break
            place = self._spot_on(view.viewport())
        click = self._random.choice([QTest.mouseClick, QTest.mouseDClick])
        modifier = self._random.choice(_MODIFIERS)
        click(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)

    def _turn_page(self) -> None:
        page = self._random.choice(list(Page))
        self._window.pages.bring_to_front(page)
        self._did("turned to", self._window.pages.place(page))

    def _resize(self) -> None:
        width, height = self._random.randint(300, 2_000), self._random.randint(200, 1_200)
        self._did(f"resized to {width}x{height}", self._window)
        # As by a hand on the window's edge.
        for grown in range(self._random.choice([1, 1, 40])):
            self._window.resize(width, height + grown)
            QApplication.processEvents()

    def _drop(self) -> None:
        data = QMimeData()
        files = self._random.sample(self._files, self._random.choice([1, 1, 2]))
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
        self.deeds.append(f"dropped {', '.join(path.name for path in files)}")
        middle = self._window.rect().center()
        how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, _MODIFIERS[0])
        QApplication.sendEvent(self._window, QDragEnterEvent(middle, *how))
        QApplication.sendEvent(self._window, QDropEvent(QPointF(middle), *how))

    def _right_click(self) -> None:
        widget = self._any(QWidget)
        if widget is not None:
            self._did("right-clicked", widget)
            place = widget.rect().center()
            reason = QContextMenuEvent.Reason.Mouse
            event = QContextMenuEvent(reason, place, widget.mapToGlobal(place))
            # A field of numbers waits for its menu to be closed.
            QTimer.singleShot(20, self._close_menu)
            QApplication.sendEvent(widget, event)

    def _close_menu(self) -> None:
        if menu := QApplication.activePopupWidget():
            menu.close()

    def complaints(self) -> list[str]:
        """Return what the window says went wrong in ways that nobody has thought of."""
        texts = [label.text() for label in self._window.findChildren(QLabel)]
        return [text for text in texts if _UNEXPECTED in text]
