"""The bar at the top: the network, and buttons for the window itself."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from mnist_gui.gui.common.qt import IconButton, named, row
from mnist_gui.gui.shell import WindowActions

_ROOM_FOR_ALL = 1_000


class TopBar(QFrame):
    """The network bar, and beside it language, help, presentation and pad.

    In a narrow window help and presentation are in the menus only.
    """

    def __init__(
        self, network_bar: QWidget, language_button: QWidget, actions: WindowActions
    ) -> None:
        super().__init__()
        named(self, "top_bar")
        self._rarer = (
            IconButton(actions.help, "help_button"),
            IconButton(actions.present, "present_button"),
        )
        pad_button = IconButton(actions.pad, "pad_button")
        buttons = row(language_button, *self._rarer, pad_button, spacing=4)
        row((network_bar, 1), buttons, parent=self, margins=(8, 5, 8, 5))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer what there is room for."""
        super().resizeEvent(event)
        for button in self._rarer:
            button.setVisible(self.width() >= _ROOM_FOR_ALL)
