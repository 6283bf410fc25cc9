"""Boxes that say something and let the program go on meanwhile."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def show_warning(parent: QWidget, title: str, sentence: str) -> None:
    """Show what went wrong, as plain text: a file's name is no markup."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, sentence, parent=parent)
    box.setObjectName("error_box")
    box.setTextFormat(Qt.TextFormat.PlainText)
    _open(box)


def show_offer(
    parent: QWidget, title: str, sentence: str, offer: str, accept: Callable[[], None]
) -> None:
    """Show what went wrong, with a button for what can be done about it at once."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, sentence, parent=parent)
    box.setObjectName("offer_box")
    box.setTextFormat(Qt.TextFormat.PlainText)
    button = box.addButton(offer, QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Close)
    button.clicked.connect(accept)
    _open(box)


def show_choice(
    parent: QWidget, title: str, question: str, choices: Mapping[str, Callable[[], None]]
) -> None:
    """Ask a question with an answer on each button; to close the box is to do nothing."""
    box = QMessageBox(QMessageBox.Icon.Question, title, question, parent=parent)
    box.setObjectName("choice_box")
    box.setTextFormat(Qt.TextFormat.PlainText)
    for text, accept in choices.items():
        box.addButton(text, QMessageBox.ButtonRole.AcceptRole).clicked.connect(accept)
    box.addButton(QMessageBox.StandardButton.Cancel)
    _open(box)


def show_text(parent: QWidget, title: str, text: str) -> None:
    """Show a text of the program's own, which may have markup."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, parent=parent)
    box.setTextFormat(Qt.TextFormat.RichText)
    _open(box)


def _open(box: QMessageBox) -> None:
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    # Not exec(): an own event loop in here would let slots run within slots.
    box.open()
