"""Which test images the View menu offers to show in place of the drawing."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from mnist_gui.engine.architectures import CLASSES


class TestImageActions(QObject):
    """Fills a menu of its own, put behind what is in another; each wish has a key."""

    random_requested = Signal()
    mistake_requested = Signal()
    digit_requested = Signal(int)
    drawing_requested = Signal()

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        menu.addSeparator()
        self.menu = menu.addMenu(self.tr("Test &image"))
        self.random = self._action(self.tr("Any test &image"), "N")
        self.random.triggered.connect(self._ask_random)
        self.mistake = self._action(self.tr("Next &mistake of the network"), "M")
        self.mistake.triggered.connect(self._ask_mistake)
        self.menu.addSeparator()
        self.digits = [self._digit_action(digit) for digit in range(CLASSES)]
        self.menu.addSeparator()
        self.drawing = self._action(self.tr("&Back to the drawing"), "B")
        self.drawing.triggered.connect(self._ask_drawing)
        self.set_shown(False)

    @Slot(bool)
    def set_shown(self, shown: bool) -> None:
        """Offer the way back while an image is shown."""
        self.drawing.setEnabled(shown)

    @Slot()
    def _ask_random(self) -> None:
        self.random_requested.emit()

    @Slot()
    def _ask_mistake(self) -> None:
        self.mistake_requested.emit()

    @Slot()
    def _ask_drawing(self) -> None:
        self.drawing_requested.emit()

    def _digit_action(self, digit: int) -> QAction:
        action = self._action(self.tr("Next &{digit}").format(digit=digit), f"Alt+{digit}")
        action.triggered.connect(partial(self.digit_requested.emit, digit))
        return action

    def _action(self, text: str, key: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        self.menu.addAction(action)
        return action
