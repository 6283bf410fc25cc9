"""An export under way, in the status bar."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from mnist_gui.engine.exchange.formats import ExportStage

_NAME_WIDTH = 160
_BAR_WIDTH = 80


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
