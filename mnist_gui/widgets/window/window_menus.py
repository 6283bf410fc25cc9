"""The menus, and what stands where in them."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenuBar

from mnist_gui.widgets.window.window_actions import WindowActions


class WindowMenus(QObject):
    """Fills a bar with menus; what else the program offers is added to them by its own name.

    Where data is goes before `after_data`, what else concerns files before `before_quit`, what is
    copied or pasted before `after_copying` or `after_pasting`: it does not matter what comes first.
    """

    def __init__(self, bar: QMenuBar, actions: WindowActions, pages: Sequence[QAction]) -> None:
        """`pages` are the actions that bring up the pages."""
        super().__init__(bar)
        self.file_menu = bar.addMenu(self.tr("&File"))
        self.edit_menu = bar.addMenu(self.tr("&Edit"))
        self.training_menu = bar.addMenu(self.tr("&Training"))
        self.view_menu = bar.addMenu(self.tr("&View"))
        self.help_menu = bar.addMenu(self.tr("&Help"))
        self._fill_file_menu(actions)
        self._fill_edit_menu(actions)
        self.training_menu.addActions(
            [actions.start, actions.pause, actions.stop, actions.train_on]
        )
        self.training_menu.addSeparator()
        self.training_menu.addAction(actions.test)
        self._fill_view_menu(actions, pages)
        self.help_menu.addActions([actions.shortcuts, actions.about])

    def _fill_file_menu(self, actions: WindowActions) -> None:
        menu = self.file_menu
        menu.addActions([actions.open_network, actions.save_network])
        menu.addSeparator()
        menu.addActions([actions.open_dataset, actions.use_mnist])
        self.after_data: QAction = menu.addSeparator()
        self.before_quit: QAction = menu.addSeparator()
        menu.addAction(actions.quit)

    def _fill_edit_menu(self, actions: WindowActions) -> None:
        menu = self.edit_menu
        menu.addActions([actions.undo, actions.redo, actions.erase, actions.clear])
        menu.addSeparator()
        self.after_copying: QAction = menu.addSeparator()
        self.after_pasting: QAction = menu.addSeparator()

    def _fill_view_menu(self, actions: WindowActions, pages: Sequence[QAction]) -> None:
        menu = self.view_menu
        menu.addActions(pages)
        menu.addSeparator()
        menu.addAction(actions.error_rate)
        menu.addSeparator()
        menu.addMenu(self.tr("&Theme")).addActions(list(actions.themes.values()))
