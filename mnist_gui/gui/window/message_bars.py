"""The bars below the network: an offer, and what is said until it is put away."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy

from mnist_gui.gui.common.labels import paragraph
from mnist_gui.gui.common.qt import Announcer, named, row


class OfferBar(QFrame):
    """Shows a sentence and a button for what it offers; hidden while there is no offer."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("offer_bar")
        self._accept_offer: Callable[[], object] = lambda: None
        self._show_details: Callable[[], object] = lambda: None
        self.text: QLabel = paragraph()
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        spoken, tip = self.tr("Accept the offer"), self.tr("Do what is offered")
        self.accept_button = named(QPushButton(), "offer_accept_button", spoken, tip)
        spoken = self.tr("Put the offer away")
        tip = self.tr("Put the offer away")
        dismiss_button = QPushButton(self.tr("Not now"))
        self.dismiss_button = named(dismiss_button, "offer_dismiss_button", spoken, tip)
        details_button = QPushButton(self.tr("Details"))
        tip = self.tr("See what else there is to know of this")
        self.details_button = named(details_button, "offer_details_button", tip=tip)
        self.details_button.clicked.connect(self._tell_more)
        buttons = (self.accept_button, self.details_button, self.dismiss_button)
        row((self.text, 1), *buttons, parent=self, spacing=8, margins=(14, 8, 12, 8))
        self.accept_button.clicked.connect(self._accept)
        self.dismiss_button.clicked.connect(self.hide)
        self.hide()

    def offer(
        self,
        sentence: str,
        button: str,
        accept: Callable[[], object],
        details: Callable[[], object] | None,
    ) -> None:
        """Show this sentence, and a button with this text that calls `accept`.

        If there are `details`, there is a button that calls these, and the offer stays.
        """
        self._accept_offer = accept
        self._show_details = details or (lambda: None)
        self.details_button.setVisible(details is not None)
        self.text.setText(sentence)
        self.accept_button.setText(button)
        self.accept_button.setAccessibleName(button)
        self.show()

    @Slot()
    def _tell_more(self) -> None:
        self._show_details()

    @Slot()
    def _accept(self) -> None:
        self.hide()
        self._accept_offer()


class NoticeBar(QFrame):
    """Says something until it is put away, such as what was written to a file in which folder."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice_bar")
        self._folder = Path()
        self.text: QLabel = paragraph()
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        tip = self.tr("Show the folder with the file")
        button = QPushButton(self.tr("Open folder"))
        self.open_button = named(button, "open_folder_button", tip=tip)
        spoken = self.tr("Close the message")
        button = QPushButton(self.tr("Close"))
        self.close_button = named(button, "close_notice_button", spoken, spoken)
        self._announcer = Announcer(self.text)
        buttons = (self.open_button, self.close_button)
        row((self.text, 1), *buttons, parent=self, spacing=8, margins=(14, 8, 12, 8))
        self.open_button.clicked.connect(self._open_folder)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    def show_written(self, sentence: str, folder: Path) -> None:
        """Show this sentence in place of the one before."""
        self._folder = folder
        self.show_notice(sentence)
        self.open_button.show()

    def show_notice(self, sentence: str) -> None:
        """Show this sentence, which is about no folder, in place of the one before."""
        self.text.setText(sentence)
        self._announcer.say(sentence)
        self.open_button.hide()
        self.show()

    def take_over(self, before: "NoticeBar") -> None:
        """Show what another bar shows, in the words that it has there."""
        if before.isHidden():
            return
        if before.open_button.isHidden():
            self.show_notice(before.text.text())
        else:
            self.show_written(before.text.text(), before._folder)

    @Slot()
    def _open_folder(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder)):
            text = self.tr("No program here shows folders. The file is in {folder}.")
            self.text.setText(text.format(folder=self._folder))
