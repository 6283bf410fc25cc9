"""Numbers and times as text, and labels for text and figures."""

from collections.abc import Sequence
from datetime import datetime
from math import floor, isfinite, log10

from PySide6.QtCore import QEvent, QLocale, QObject, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QWidget,
)

from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.qt import column, named, row, widget_with
from mnist_gui.words.language import tr

_NO_BREAK_SPACE = "\u00a0"
_MORE_POINTS = 13
_MOST_LINES = 6
_SMALLEST_POINTS = 14
_LEAST_WRITTEN_OUT, _LEAST_TOO_LONG = 1e-4, 1e7


def plain_numbers() -> QLocale:
    """Return the way in which numbers are written and read everywhere: 1,234.5."""
    locale = QLocale.c()
    # Otherwise it leaves the separators of thousands out.
    locale.setNumberOptions(QLocale.NumberOption.DefaultNumberOptions)
    return locale


_NUMBERS = plain_numbers()


def percent(share: float, decimals: int = 1) -> str:
    """Write a share 0..1 as "97.2 %"; only an exact 1 becomes "100.0 %"."""
    smallest = 10.0**-decimals
    is_nearly_all = 1 - smallest / 200 <= share < 1
    shown = number(100 - smallest if is_nearly_all else 100 * share, decimals)
    text = tr("{number} %").format(number=f">{shown}" if is_nearly_all else shown)
    return text.replace(" ", _NO_BREAK_SPACE)


def number(value: float, decimals: int) -> str:
    """Write a number with so many decimals, its thousands grouped."""
    return _NUMBERS.toString(float(value), "f", decimals)


def signed(value: float, decimals: int = 3) -> str:
    """Write a number with its sign, a true minus; 0 has none."""
    text = number(abs(value), decimals)
    if not round(value, decimals):
        return text
    return f"+{text}" if value > 0 else f"\u2212{text}"


def count(value: int) -> str:
    """Write a whole number, its thousands grouped."""
    return number(value, 0)


def significant(value: float) -> str:
    """Write a number with three digits that count: 45.6, 0.00123, 1.2e-7."""
    if not isfinite(value):
        return "\u2013"
    if value and not _LEAST_WRITTEN_OUT <= abs(value) < _LEAST_TOO_LONG:
        digits, power = f"{value:.2e}".split("e")
        return f"{digits.rstrip('0').removesuffix('.')}e{int(power)}"
    decimals = 2 - floor(log10(abs(value))) if value else 0
    return number(value, max(decimals, 0))


def rate(value: float) -> str:
    """Write a speed: one decimal where it is small, none where it is large."""
    return number(value, 1 if value < 100 else 0)


def duration(seconds: float) -> str:
    """Write a time in seconds as "3.2 s", "1:05" or "1:02:03"."""
    if 0 < seconds < 10:
        return f"{number(seconds, 1)}{_NO_BREAK_SPACE}s"
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def reading_arrow() -> str:
    """Return an arrow that points the way in which one reads."""
    return "\u2190" if QGuiApplication.isRightToLeft() else "\u2192"


def moment(time: datetime) -> str:
    """Write a day and a time of day, in the user's zone: 2026-11-28 09:05."""
    return f"{time.astimezone():%Y-%m-%d %H:%M}"


def heading(text: str) -> QLabel:
    """Return the bold title of a section."""
    label = QLabel(text)
    font = label.font()
    font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)
    return label


def caption(text: str = "") -> QLabel:
    """Return a muted label, which says what a number beside it means."""
    label = QLabel(text)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def figure(text: str = "") -> QLabel:
    """Return a right-aligned label for a number, its digits of one width."""
    label = QLabel(text)
    label.setFont(tabular(label.font()))
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


def paragraph(text: str = "") -> QLabel:
    """Return a label that wraps, for a sentence."""
    return QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)


def tabular(font: QFont, points: float | None = None) -> QFont:
    """Return the font with digits of one width, in another size if points are given."""
    font = QFont(font)
    font.setFeature(QFont.Tag("tnum"), 1)
    if points is not None:
        font.setPointSizeF(points)
    return font


def enlarge(widget: QWidget, points: float) -> None:
    """Have the type of a widget so many points larger than the program's, also when that grows."""
    _LargerType(widget, points)


class _LargerType(QObject):
    """Follows the program's type, which otherwise a widget with a size of its own does not."""

    def __init__(self, widget: QWidget, points: float) -> None:
        super().__init__(widget)
        self._widget, self._points = widget, points
        widget.installEventFilter(self)
        self._fit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the new size, also after a new style sheet, which resets it; let all pass."""
        if event.type() in (QEvent.Type.ApplicationFontChange, QEvent.Type.StyleChange):
            self._fit()
        return False

    def _fit(self) -> None:
        font = QFont(self._widget.font())
        font.setPointSizeF(QApplication.font().pointSizeF() + self._points)
        self._widget.setFont(font)


class ElidedLabel(QLabel):
    """A line of text that is shortened where there is no room, and whole in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._widest = 0
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str, tip: str = "") -> None:
        """Show a text; the tip explains it."""
        self.setText(text)
        # What is beside it stays where it is when a text gets shorter.
        self._widest = max(self._widest, super().sizeHint().width()) if text else 0
        self.setToolTip("\n".join(filter(None, (text, tip))))

    def changeEvent(self, event: QEvent) -> None:
        """Ask for other room for a type of another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.text():
            self._widest = super().sizeHint().width()

    def sizeHint(self) -> QSize:
        """Return the size of the longest text so far."""
        return QSize(self._widest, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Leave the room to what is beside it."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as much of the text as there is room for."""
        painter = QPainter(self)
        end = Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(self.text(), end, self.width())
        self.style().drawItemText(
            painter,
            self.rect(),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading),
            self.palette(),
            self.isEnabled(),
            text,
            self.foregroundRole(),
        )


class AccuracyFigure(QWidget):
    """An accuracy in large type, with a title and a sentence beside it."""

    def __init__(self, decimals: int) -> None:
        super().__init__()
        self._decimals = decimals
        self.accuracy = QLabel()
        self.title = caption()
        self.words = caption()
        for label in (self.title, self.words):
            label.setWordWrap(True)
        self.accuracy.setFont(tabular(self.font()))
        enlarge(self.accuracy, _MORE_POINTS)
        words = widget_with(column(0, self.title, self.words, 0, spacing=2))
        parts = Columns((self.accuracy, words), stretches=(0, 1), spacing=14)
        column(parts, parent=self)

    def show_share(self, share: float | None) -> None:
        """Show an accuracy 0..1, or a dash for None."""
        # Accuracies below one another are in line.
        widest = self.accuracy.fontMetrics().horizontalAdvance(percent(0.9999, 2))
        self.accuracy.setMinimumWidth(widest)
        self.accuracy.setText("\u2013" if share is None else percent(share, self._decimals))


# More lines have smaller type, and from so many on they scroll; in points more than other text.
_LARGE, _MEDIUM, _SMALL = 17.0, 9.0, 4.0


class NumberLines(QPlainTextEdit):
    """Shows lines of digits, as high as up to six lines."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "picture_numbers", self.tr("Number read"))
        self.setToolTip(self.tr("What is read in the picture, row by row"))
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(0)
        # Like the other text of the page, not like a field.
        self.viewport().setAutoFillBackground(False)
        self.show_lines(())

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show these lines; the same lines keep their selection."""
        text = "\n".join(lines)
        if text == self.toPlainText() and text:
            return
        more = _LARGE if len(lines) <= 1 else _MEDIUM if len(lines) <= 3 else _SMALL
        self.setFont(tabular(self.font(), QApplication.font().pointSizeF() + more))
        self.setPlainText(text or "\u2013")
        shown = min(max(len(lines), 1), _MOST_LINES)
        self.setFixedHeight(QFontMetrics(self.font()).lineSpacing() * shown + 2)


class LargeLabel(QLabel):
    """Shows one line of text in the given size, or in the largest in which it fits the width."""

    def __init__(self) -> None:
        super().__init__()
        self._points = _SMALLEST_POINTS
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_text(self, text: str, points: int) -> None:
        """Show a text, at most in this size."""
        self._points = points
        self.setText(text)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return a small width: the text shrinks, not what is beside it."""
        return QSize(20, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the text again after a new style sheet, which resets the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        font = tabular(self.font(), self._points)
        font.setWeight(QFont.Weight.Light)
        while font.pointSizeF() > _SMALLEST_POINTS and self._text_width(font) > self.width():
            font.setPointSizeF(font.pointSizeF() - 1)
        self.setFont(font)

    def _text_width(self, font: QFont) -> float:
        return QFontMetricsF(font).horizontalAdvance(self.text())


class Banner(QFrame):
    """Says what is wrong; hidden without a text."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.text = paragraph()
        row(self.text, parent=self, margins=(10, 8, 10, 8))
        self.hide()

    def show_text(self, text: str) -> None:
        """Show a text, or hide."""
        self.text.setText(text)
        self.setVisible(bool(text))
