"""What the File menu offers for other programs: networks for them."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from mnist_gui.widgets import file_questions
from mnist_gui.widgets.window.main_window import MainWindow


class ExchangeActions(QObject):
    """Adds its actions to a window's File menu, and asks for the files they need."""

    export_requested = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._has_network = False
        self._is_exporting = False
        self.export_network = self._action(self.tr("E&xport network \u2026"), "Ctrl+Shift+E")
        self._add_to_menu()
        self.export_network.triggered.connect(self._ask_export)
        self._enable()

    @Slot()
    def take_network(self) -> None:
        """Take note that there is a network."""
        self._has_network = True
        self._enable()

    @Slot(bool)
    def set_exporting(self, exporting: bool) -> None:
        """Offer one export at a time."""
        self._is_exporting = exporting
        self._enable()

    def _enable(self) -> None:
        self.export_network.setEnabled(self._has_network and not self._is_exporting)

    def _add_to_menu(self) -> None:
        menu, offered = self._window.menus.file_menu, self._window.actions_offered
        actions = menu.actions()
        after_saving = actions[actions.index(offered.save_network) + 1]
        menu.insertAction(after_saving, self.export_network)

    @Slot()
    def _ask_export(self) -> None:
        window = self._window
        if path := file_questions.ask_network_to_export(
            window, window.network_title, window.network_file_name
        ):
            self.export_requested.emit(path)

    def _action(self, text: str, keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        return action
