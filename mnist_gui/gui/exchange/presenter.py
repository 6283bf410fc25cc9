"""Export networks and import weights."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from mnist_gui.engine.errors import sentence
from mnist_gui.engine.exchange.formats import Exported, ExportStage
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs as file_questions
from mnist_gui.gui.jobs import Job, JobThread
from mnist_gui.gui.window.main_window import MainWindow

_NAME_WIDTH = 160
_BAR_WIDTH = 80


class ExportPresenter(QObject):
    """Exports the newest network on a thread of its own: it takes seconds, in other processes.

    Emits `stage_changed` with the file's path as it goes, then exactly one of `exported`,
    `cancelled`, `failed`; `running_changed` before and after.
    """

    running_changed = Signal(bool)
    stage_changed = Signal(str, ExportStage)
    exported = Signal(Exported)
    cancelled = Signal()
    failed = Signal(str)

    def __init__(self, thread: JobThread) -> None:
        super().__init__()
        self._thread = thread
        self._snapshot: Snapshot | None = None
        self._job: Job | None = None
        self._path = ""
        self._stage: ExportStage | None = None

    @property
    def is_running(self) -> bool:
        """Whether an export is under way."""
        return self._job is not None

    @Slot(Snapshot)
    def use_snapshot(self, snapshot: Snapshot) -> None:
        """Export this network from now on."""
        self._snapshot = snapshot

    @Slot(str)
    def export(self, path: str) -> None:
        """Export the network in the format that the path's ending asks for."""
        if self._snapshot is None or self._job:
            return
        self._path, self._stage = path, None
        self._job = Job(partial(_export, self._snapshot, Path(path)))
        self._job.happened.connect(self._take)
        self._job.cancelled.connect(self._take_cancelled)
        self._job.failed.connect(self._take_failure)
        self._job.completed.connect(self._end)
        self.running_changed.emit(True)
        self._thread.submit(self._job)

    @Slot()
    def cancel(self) -> None:
        """End the export that is under way; nothing is written then."""
        if self._job:
            self._job.stop()

    @Slot(object)
    def _take(self, event: object) -> None:
        match event:
            case Exported():
                self.exported.emit(event)
            case ExportStage() if event is not self._stage:
                self._stage = event
                self.stage_changed.emit(self._path, event)

    @Slot()
    def _take_cancelled(self) -> None:
        self._end()
        self.cancelled.emit()

    @Slot(object)
    def _take_failure(self, error: object) -> None:
        self._end()
        self.failed.emit(sentence(error))

    @Slot()
    def _end(self) -> None:
        self._job = None
        self.running_changed.emit(False)


def _export(snapshot: Snapshot, path: Path) -> Iterator[ExportStage | Exported]:
    # Imported with the first export: it would keep the window from opening.
    from mnist_gui.engine.exchange.export import export_network

    yield from export_network(snapshot, path)


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


class ExportStatus(QWidget):
    """Says what is being exported and offers to cancel; hidden while nothing is."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel()
        self.bar = QProgressBar()
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self._name_parts()
        self._lay_out()
        self.cancel_button.clicked.connect(self._cancel)
        self.hide()

    @Slot(bool)
    def set_running(self, running: bool) -> None:
        """Show that an export begins, or hide that it went on."""
        self.label.setText(self.tr("Exporting \u2026"))
        self.cancel_button.setEnabled(True)
        self.setVisible(running)

    @Slot(str, ExportStage)
    def show_stage(self, path: str, stage: ExportStage) -> None:
        """Show what happens to the file."""
        texts = {
            ExportStage.WRITING: self.tr("Writing {file} \u2026"),
            ExportStage.CHECKING: self.tr("Reading {file} back \u2026"),
        }
        name = self.fontMetrics().elidedText(
            Path(path).name, Qt.TextElideMode.ElideMiddle, _NAME_WIDTH
        )
        self.label.setText(texts[stage].format(file=name))
        self.label.setToolTip(path)

    @Slot()
    def _cancel(self) -> None:
        self.cancel_button.setEnabled(False)
        self.label.setText(self.tr("Cancelling \u2026"))
        self.cancel_requested.emit()

    def _name_parts(self) -> None:
        self.setObjectName("export_status")
        self.label.setObjectName("export_label")
        self.label.setAccessibleName(self.tr("Export"))
        self.bar.setObjectName("export_bar")
        self.bar.setAccessibleName(self.tr("An export is under way"))
        self.bar.setToolTip(self.tr("An export is under way; how long it takes is not known."))
        self.cancel_button.setObjectName("cancel_export_button")
        self.cancel_button.setAccessibleName(self.tr("Cancel the export"))
        self.cancel_button.setToolTip(self.tr("End the export; an existing file is kept."))

    def _lay_out(self) -> None:
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(8)
        layout.addWidget(self.label)
        layout.addWidget(self.bar)
        layout.addWidget(self.cancel_button)
        fixed = QSizePolicy.Policy.Fixed
        self.setSizePolicy(fixed, fixed)
        self.cancel_button.setSizePolicy(fixed, fixed)
