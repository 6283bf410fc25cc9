"""Numbers in large type, one a line, to be marked and copied."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from mnist_gui.widgets.labels import tabular

# More lines have smaller type, and from so many on they scroll.
_LARGE, _MEDIUM, _SMALL = 26.0, 18.0, 13.0
_MOST_LINES = 6


class NumberLines(QPlainTextEdit):
    """Shows lines of digits as high as they need, up to six lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picture_numbers")
        self.setAccessibleName(self.tr("Number read"))
        self.setToolTip(self.tr("What is read in the picture, row by row"))
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(0)
        # A number as the other words of the page, not as a field.
        self.viewport().setAutoFillBackground(False)
        self.show_lines(())

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show these lines; marked text stays marked where nothing changed."""
        text = "\n".join(lines)
        if text == self.toPlainText() and text:
            return
        self.setFont(tabular(self.font(), _points(len(lines))))
        self.setPlainText(text or "\u2013")
        shown = min(max(len(lines), 1), _MOST_LINES)
        height = QFontMetrics(self.font()).lineSpacing() * shown + 2
        self.setFixedHeight(height)


def _points(lines: int) -> float:
    if lines <= 1:
        return _LARGE
    return _MEDIUM if lines <= 3 else _SMALL
