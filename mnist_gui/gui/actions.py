"""The window's actions and menus."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenuBar

from mnist_gui.engine.events import RunState
from mnist_gui.gui.common.theme import Theme

Keys = QKeySequence.StandardKey


class WindowActions(QObject):
    """The window's actions, made once, and enabled as the run's state allows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._state = RunState.IDLE
        self._has_network = False
        self._is_run_kept = False
        self._make_file_actions()
        self._make_edit_actions()
        self._make_training_actions()
        self._make_view_actions()
        self._make_help_actions()
        self._enable()

    def set_state(self, state: RunState) -> None:
        """Offer what can be done in this state of the run."""
        self._state = state
        paused = state is RunState.PAUSED
        self.pause.setText(self.tr("&Resume") if paused else self.tr("&Pause"))
        self._enable()

    def set_network_available(self, available: bool) -> None:
        """Offer what needs a network, or not."""
        self._has_network = available
        self._enable()

    def set_run_kept(self, kept: bool) -> None:
        """Offer what needs a run to go on with, or not."""
        self._is_run_kept = kept
        self._enable()

    def offer_undo(self, change: str) -> None:
        """Offer to take this change to the drawing back; none if it is empty."""
        self.undo.setEnabled(bool(change))
        text = self.tr("&Undo: {change}").format(change=change)
        self.undo.setText(text if change else self.tr("&Undo"))

    def offer_redo(self, change: str) -> None:
        """Offer to make this change to the drawing again; none if it is empty."""
        self.redo.setEnabled(bool(change))
        text = self.tr("&Redo: {change}").format(change=change)
        self.redo.setText(text if change else self.tr("&Redo"))

    def show_theme(self, theme: Theme) -> None:
        """Annotation the theme in use."""
        self.themes[theme].setChecked(True)

    def _enable(self) -> None:
        idle = not self._state.is_active
        for action in (self.start, self.open_network, self.open_dataset, self.use_mnist):
            action.setEnabled(idle)
        self.pause.setEnabled(self._state in (RunState.TRAINING, RunState.PAUSED))
        self.stop.setEnabled(self._state.is_active and self._state is not RunState.STOPPING)
        self.save_network.setEnabled(self._has_network)
        self.train_on.setEnabled(idle and self._is_run_kept)
        self.test.setEnabled(idle and self._has_network)

    def _make_file_actions(self) -> None:
        self.open_network = self._action(self.tr("&Open network \u2026"), [Keys.Open])
        self.save_network = self._action(self.tr("&Save network \u2026"), [Keys.Save])
        self.open_dataset = self._action(self.tr("Open &data set \u2026"), ["Ctrl+D"])
        self.use_mnist = self._action(self.tr("Use &MNIST"), [])
        self.quit = self._action(self.tr("&Quit"), ["Ctrl+Q"])
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)

    def _make_edit_actions(self) -> None:
        self.undo = self._action("", [Keys.Undo])
        self.redo = self._action("", ["Ctrl+Shift+Z", "Ctrl+Y"])
        self.clear = self._action(self.tr("&Clear drawing"), ["Del", "Esc"])
        # In a number field the same keys edit the number.
        self.clear.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.erase = self._action(self.tr("&Eraser"), ["E"])
        self.erase.setCheckable(True)
        self.erase.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.offer_undo("")
        self.offer_redo("")

    def _make_training_actions(self) -> None:
        self.start = self._action(self.tr("&Start"), ["Ctrl+R", "F5"])
        self.pause = self._action(self.tr("&Pause"), ["Ctrl+P"])
        self.stop = self._action(self.tr("S&top"), ["Ctrl+."])
        self.train_on = self._action(self.tr("Train &on"), ["Ctrl+Shift+R"])
        self.test = self._action(self.tr("T&est network"), ["Ctrl+T"])

    def _make_view_actions(self) -> None:
        self.error_rate = self._action(self.tr("&Error rate, logarithmic"), ["Ctrl+L"])
        self.error_rate.setCheckable(True)
        names = {
            Theme.SYSTEM: self.tr("&System"),
            Theme.LIGHT: self.tr("&Light"),
            Theme.DARK: self.tr("&Dark"),
        }
        group = QActionGroup(self)
        self.themes = {theme: self._action(name, []) for theme, name in names.items()}
        for theme, action in self.themes.items():
            action.setCheckable(True)
            action.setData(theme.value)
            group.addAction(action)
        self.theme_group = group

    def _make_help_actions(self) -> None:
        self.shortcuts = self._action(self.tr("&Keyboard shortcuts"), ["F1"])
        self.about = self._action(self.tr("&About mnist-gui"), [])
        self.about.setMenuRole(QAction.MenuRole.AboutRole)

    def _action(self, text: str, keys: Sequence[str | QKeySequence.StandardKey]) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        return action


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
