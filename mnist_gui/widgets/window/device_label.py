"""The label that says where networks run."""

from PySide6.QtWidgets import QLabel, QWidget


class DeviceLabel(QLabel):
    """Names the device; a long name is cut here and whole in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("device_label")
        self.setAccessibleName(self.tr("Device"))
        # It must not widen the window.
        self.setMinimumWidth(40)
        self.setContentsMargins(12, 0, 8, 0)

    def show_device(self, text: str, tooltip: str) -> None:
        """Show where the network runs, and in the tooltip why there."""
        self.setText(text)
        self.setToolTip(tooltip or text)
