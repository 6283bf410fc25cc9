"""A bar above the pages that offers something and can be put away."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mnist_gui.widgets.labels import paragraph


class OfferBar(QFrame):
    """Says a sentence beside a button for what it offers; hidden until it has something to say."""

    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text: QLabel = paragraph()
        self.accept_button = QPushButton()
        self.dismiss_button = QPushButton(self.tr("Not now"))
        self.setObjectName("offer_bar")
        self.accept_button.setObjectName("offer_accept_button")
        self.dismiss_button.setObjectName("offer_dismiss_button")
        self.accept_button.setAccessibleName(self.tr("Accept the offer"))
        self.accept_button.setToolTip(self.tr("Do what is offered"))
        self.dismiss_button.setAccessibleName(self.tr("Put the offer away"))
        self.dismiss_button.setToolTip(self.tr("Put the offer away; the page of the runs keeps it"))
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.text, stretch=1)
        layout.addWidget(self.accept_button)
        layout.addWidget(self.dismiss_button)
        self.accept_button.clicked.connect(self._accept)
        self.dismiss_button.clicked.connect(self.hide)
        self.hide()

    def offer(self, sentence: str, button: str) -> None:
        """Show this sentence, and a button with this text."""
        self.text.setText(sentence)
        self.accept_button.setText(button)
        self.accept_button.setAccessibleName(button)
        self.show()

    @Slot()
    def _accept(self) -> None:
        self.hide()
        self.accepted.emit()


def beneath(bar: OfferBar, pages: QWidget) -> QWidget:
    """Return the pages with the bar above them, where it takes room only while it is shown."""
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(bar)
    layout.addWidget(pages, stretch=1)
    return column
