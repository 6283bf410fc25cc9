"""What the page for pictures shows while it has none: how to bring one."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mnist_gui.widgets.labels import caption, heading

_CORNER = 10.0


class PictureInvitation(QWidget):
    """A dashed frame to drop a picture into, with buttons for the other ways."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = heading(self.tr("Drop a photo or scan of digits here"))
        self.message = caption()
        self.open_button = QPushButton(self.tr("Open picture \u2026"))
        self.paste_button = QPushButton(self.tr("Paste"))
        self._hint = self.tr(
            "One digit or rows of them, dark on light or light on dark: "
            "PNG, JPEG, BMP, GIF or WebP. Nothing leaves your computer."
        )
        self._name_parts()
        self._lay_out()
        self.show_message("")

    def show_message(self, text: str) -> None:
        """Show what is under way, or what pictures are welcome if it is empty."""
        self.message.setText(text or self._hint)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = self.palette().color(QPalette.ColorRole.Mid)
        painter.setPen(QPen(edge, 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), _CORNER, _CORNER)
        painter.end()

    def _name_parts(self) -> None:
        font = self.title.font()
        font.setPointSizeF(font.pointSizeF() + 4)
        self.title.setFont(font)
        self.message.setObjectName("picture_invitation_message")
        self.title.setWordWrap(True)
        self.message.setWordWrap(True)
        self.open_button.setObjectName("open_picture_button")
        self.open_button.setAccessibleName(self.tr("Open a picture"))
        self.open_button.setToolTip(self.tr("Choose a picture file (Ctrl+Shift+O)"))
        self.paste_button.setObjectName("paste_picture_button")
        self.paste_button.setAccessibleName(self.tr("Paste a picture"))
        self.paste_button.setToolTip(self.tr("Read the picture that was copied last (Ctrl+V)"))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.paste_button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 20, 48, 20)
        layout.setSpacing(12)
        layout.addStretch()
        for label in (self.title, self.message):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addLayout(buttons)
        layout.addStretch()
