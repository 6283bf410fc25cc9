"""Export networks for other programs."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from mnist_gui.engine.exchange.formats import Exported, ExportPhase
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.common.qt import named, row
from mnist_gui.gui.common.values import network_file_name, network_title
from mnist_gui.gui.jobs import Job
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.words.errors import sentence

_NAME_WIDTH = 160
_BAR_WIDTH = 80


class ExportStatus(QWidget):
    """Says what is being exported and offers to cancel; hidden while nothing is."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("export_status")
        self.label = named(QLabel(), "export_label", self.tr("Export"))
        tip = self.tr("An export is under way; how long it takes is not known.")
        bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.bar = named(bar, "export_bar", self.tr("An export is under way"), tip)
        self.bar.setFixedWidth(_BAR_WIDTH)
        spoken = self.tr("Cancel the export")
        tip = self.tr("End the export; an existing file is kept.")
        cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button = named(cancel_button, "cancel_export_button", spoken, tip)
        parts = (self.label, self.bar, self.cancel_button)
        row(*parts, parent=self, spacing=8, margins=(8, 0, 8, 0))
        fixed = QSizePolicy.Policy.Fixed
        self.setSizePolicy(fixed, fixed)
        self.cancel_button.setSizePolicy(fixed, fixed)
        self.cancel_button.clicked.connect(self._show_cancelling)
        self.hide()

    @Slot(bool)
    def set_running(self, running: bool) -> None:
        """Show that an export begins, or hide when it has ended."""
        self.label.setText(self.tr("Exporting \u2026"))
        self.cancel_button.setEnabled(True)
        self.setVisible(running)

    @Slot(str, ExportPhase)
    def show_phase(self, path: str, phase: ExportPhase) -> None:
        """Show what is done to the file."""
        texts = {
            ExportPhase.WRITING: self.tr("Writing {file} \u2026"),
            ExportPhase.CHECKING: self.tr("Reading {file} back \u2026"),
        }
        middle = Qt.TextElideMode.ElideMiddle
        name = self.fontMetrics().elidedText(Path(path).name, middle, _NAME_WIDTH)
        self.label.setText(texts[phase].format(file=name))
        self.label.setToolTip(path)

    @Slot()
    def _show_cancelling(self) -> None:
        self.cancel_button.setEnabled(False)
        self.label.setText(self.tr("Cancelling \u2026"))


class ExchangePresenter(QObject):
    """Lets the user export the current network, one export at a time, and cancel it.

    Exports have a thread of their own, as each takes seconds in other processes.
    """

    def __init__(self, session: Session, status: ExportStatus, shell: Shell) -> None:
        super().__init__()
        self._session, self._status, self._shell = session, status, shell
        self._job: Job | None = None
        self._path = ""
        text, keys = self.tr("E&xport network \u2026"), QKeySequence("Ctrl+Shift+E")
        self.export_network = QAction(text, self, shortcut=keys, enabled=False)
        menu, offered = shell.menus.file_menu, shell.actions_offered
        actions = menu.actions()
        after_saving = actions[actions.index(offered.save_network) + 1]
        menu.insertAction(after_saving, self.export_network)
        self.export_network.triggered.connect(self._ask_to_export)
        status.cancel_button.clicked.connect(self._cancel)
        session.network.follow(self._enable)

    @Slot(object)
    def _enable(self, _network: object = None) -> None:
        has_network = self._session.network.value is not None
        self.export_network.setEnabled(has_network and self._job is None)

    @Slot()
    def _ask_to_export(self) -> None:
        snapshot = self._session.network.value
        if snapshot is None:
            return
        recipe, step = snapshot.recipe.name, snapshot.step
        title, file_name = network_title(recipe, step), network_file_name(recipe, step)
        if path := dialogs.ask_network_to_export(self._shell.dialog_parent, title, file_name):
            self._export(snapshot, path)

    def _export(self, snapshot: Snapshot, path: str) -> None:
        """Export a network in the format that the path's ending asks for."""
        self._path = path
        self._job = job = Job(partial(_export, snapshot, Path(path)))
        job.happened.connect(self._handle)
        job.cancelled.connect(self._end_cancelled)
        job.failed.connect(self._end_failed)
        job.completed.connect(self._end)
        self._enable()
        self._status.set_running(True)
        self._session.export_thread.submit(job)

    @Slot()
    def _cancel(self) -> None:
        """End the export that is under way, so that nothing is written."""
        if self._job is not None:
            self._job.stop()

    @Slot(object)
    def _handle(self, event: object) -> None:
        match event:
            case Exported():
                self._show_exported(event)
            case ExportPhase() if self._job is not None and not self._job.is_stopped:
                self._status.show_phase(self._path, event)

    def _show_exported(self, exported: Exported) -> None:
        text = self.tr(
            "Exported {network} and {script} to {folder}. "
            "Checked on {count} drawings: identical answers."
        )
        script, drawings = exported.script, count(exported.drawings)
        names = {"network": exported.path.name, "script": script.name, "folder": script.parent}
        self._shell.show_written(text.format(count=drawings, **names), str(exported.path))

    @Slot()
    def _end_cancelled(self) -> None:
        self._end()
        self._shell.show_status(self.tr("Nothing was exported"))

    @Slot(object)
    def _end_failed(self, error: object) -> None:
        self._end()
        self._shell.show_error(self.tr("The network was not exported"), sentence(error))

    @Slot()
    def _end(self) -> None:
        self._job = None
        self._enable()
        self._status.set_running(False)


def _export(snapshot: Snapshot, path: Path) -> Iterator[ExportPhase | Exported]:
    # Imported with the first export, as the import takes time.
    from mnist_gui.engine.exchange.export import export_network

    yield from export_network(snapshot, path)
