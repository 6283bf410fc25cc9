"""A notice that stays where it is until it no longer holds."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from mnist_gui.widgets.labels import paragraph


class Banner(QFrame):
    """Says what is wrong, and may have a button for what can be done about it; hidden at first."""

    def __init__(self, offer: QPushButton) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.text = paragraph()
        self.offer = offer
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(12)
        layout.addWidget(self.text, stretch=1)
        layout.addWidget(offer, alignment=Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_text(self, text: str, *, with_offer: bool) -> None:
        """Say this, or nothing."""
        self.text.setText(text)
        self.offer.setVisible(with_offer)
        self.setVisible(bool(text))
