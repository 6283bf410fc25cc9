"""The bars at the top: the menus, and the network with buttons for the window itself."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenuBar, QStyle, QStyleOptionMenuItem, QWidget

from mnist_gui.gui.common.access import paints_own_ring
from mnist_gui.gui.common.qt import IconButton, named, row
from mnist_gui.gui.network.bar import NetworkBar
from mnist_gui.gui.pages import Page, Pages, Room
from mnist_gui.gui.shell import WindowActions

_ROOM_FOR_ALL = 1_000


class MenuBar(QMenuBar):
    """Shows which of its menus has the focus, also while that is not open."""

    def __init__(self) -> None:
        super().__init__()
        paints_own_ring(self)

    def initStyleOption(self, option: QStyleOptionMenuItem, action: QAction) -> None:
        """Have the menu with the focus painted like an open one."""
        super().initStyleOption(option, action)
        if self.hasFocus() and option.state & QStyle.StateFlag.State_Selected:
            option.state |= QStyle.StateFlag.State_Sunken


class TopBar(QFrame):
    """The network bar, and beside it language, help, presentation and pad.

    In a narrow window help and presentation are in the menus only. The network bar's button Train
    leads to the recipes; where they are seen, it makes way for their Start.
    """

    def __init__(
        self,
        network_bar: NetworkBar,
        language_button: QWidget,
        actions: WindowActions,
        pages: Pages,
    ) -> None:
        super().__init__()
        named(self, "top_bar")
        self._train_button = network_bar.train_button
        self._actions, self._pages = actions, pages
        self._rarer = (
            IconButton(actions.help, "help_button"),
            IconButton(actions.present, "present_button"),
        )
        pad_button = IconButton(actions.pad, "pad_button")
        buttons = row(language_button, *self._rarer, pad_button, spacing=4)
        row((network_bar, 1), buttons, parent=self, margins=(8, 5, 8, 5))
        actions.train.triggered.connect(self._train)
        actions.present.toggled.connect(self._offer_training)
        pages.page_changed.connect(self._offer_training)
        self._offer_training()

    @Slot()
    def _train(self) -> None:
        if self._pages.in_front is Page.CURVES:
            self._actions.start.trigger()
        else:
            self._pages.enter(Room.TRAIN)

    @Slot()
    def _offer_training(self) -> None:
        # A presentation shows no recipes.
        is_recipe_seen = not self._actions.present.isChecked()
        self._train_button.setHidden(self._pages.in_front is Page.CURVES and is_recipe_seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer what there is room for."""
        super().resizeEvent(event)
        for button in self._rarer:
            button.setVisible(self.width() >= _ROOM_FOR_ALL)
