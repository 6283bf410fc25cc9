"""Exchange with other programs: networks in and out, files dropped."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.exchange.formats import Exported
from mnist_gui.gui.common.text import count
from mnist_gui.gui.exchange.presenter import ExchangeActions, ExportStatus
from mnist_gui.gui.window.files import DroppedFiles
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts


class ExchangeConnections(QObject):
    """Lets the user export networks, import weights, and drop files on the window."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts
        self.actions = ExchangeActions(window)
        self._connect_export(ExportStatus())
        parts.network.network_changed.connect(self.actions.take_network)
        parts.network.imported.connect(self._show_imported)
        dropped = DroppedFiles(window, window.actions_offered)
        dropped.network_dropped.connect(window.open_network_requested)
        dropped.dataset_dropped.connect(window.open_dataset_requested)

    def _connect_export(self, status: ExportStatus) -> None:
        export = self._parts.export
        self._window.statusBar().insertPermanentWidget(0, status)
        self.actions.export_requested.connect(export.export)
        status.cancel_requested.connect(export.cancel)
        self._parts.network.network_changed.connect(export.use_snapshot)
        export.running_changed.connect(self.actions.set_exporting)
        export.running_changed.connect(status.set_running)
        export.stage_changed.connect(status.show_stage)
        export.exported.connect(self._show_exported)
        export.cancelled.connect(self._show_cancelled)
        export.failed.connect(self._show_failure)

    @Slot(Exported)
    def _show_exported(self, exported: Exported) -> None:
        text = self.tr("Exported {network} and {script} to {folder}; {count} drawings read alike")
        self._window.show_status(
            text.format(
                network=exported.path.name,
                script=exported.script.name,
                folder=exported.script.parent,
                count=count(exported.drawings),
            )
        )

    @Slot()
    def _show_cancelled(self) -> None:
        self._window.show_status(self.tr("Nothing was exported"))

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._window.show_error(self.tr("The network was not exported"), sentence)

    @Slot(str, str)
    def _show_imported(self, path: str, network: str) -> None:
        text = self.tr("Opened {path}: the weights of a {network}")
        self._window.show_status(text.format(path=path, network=network))
