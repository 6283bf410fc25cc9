"""The map of the ink that speaks for or against a digit, and what each stroke contributes."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QStandardItemModel,
    QStatusTipEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QComboBox,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QToolTip,
    QWidget,
)

from mnist_gui.engine.architectures import CLASSES, IMAGE_SIDE
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.explain.explanation import Explanation, ImageExplanation
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.diverging import DivergingLegend, diverging_colormap
from mnist_gui.gui.common.images import CANVAS_COLOUR, INK_COLOUR, KeptPicture
from mnist_gui.gui.common.labels import caption, count, paragraph, percent, tabular
from mnist_gui.gui.common.qt import Announcer, arrow_delta, column, explain, named, row, widget_with
from mnist_gui.gui.drawing.stroke_painter import paint_strokes
from mnist_gui.gui.explanation.text import ExplanationText, full_colour_weight

_BLANK = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.uint8)
_SMALLEST = 6 * IMAGE_SIDE
_LARGEST = 16 * IMAGE_SIDE
_GAP = 18
_LEGEND_GAP = 6
_NARROWEST_WORDS = 230
_STROKE_SIDE = 50
# As fractions of the picture's side.
_PEN_WIDTH = 0.1
_FILLED = 0.76
# A dot is not enlarged further; a fraction of the canvas.
_SMALLEST_EXTENT = 0.05
_IN_A_ROW = 4
_DIM_INK = QColor("#4d5560")


class EvidenceMap(QWidget):
    """Shows an image (28, 28) as a large square, its ink coloured by its weight."""

    def __init__(self) -> None:
        super().__init__()
        self._image = _BLANK
        self._weights: NDArray[np.float64] = np.zeros(_BLANK.shape)
        self._odds = ""
        self._words_for_all = ""
        self._pixel: tuple[int, int] | None = None
        self._words = ExplanationText(self)
        self._announcer = Announcer(self)
        is_to_be(self, QAccessible.Role.Graphic)
        named(self, "evidence_map", self.tr("Which parts of the drawing decided"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaximumSize(_LARGEST + 2, _LARGEST + 2)

    def show_evidence(
        self, image: NDArray[np.uint8], weights: NDArray[np.float64], *, odds: str, words: str
    ) -> None:
        """Show an image (28, 28) and the weights (28, 28) of its ink, in nats.

        `odds` names what they weigh; `words` says the same for a screen reader.
        """
        self._image, self._weights = image, weights
        self._odds, self._words_for_all = odds, words
        pixel = words if self._pixel is None else self._describe(*self._pixel)
        self.setAccessibleDescription(pixel)
        self.update()

    @property
    def picture(self) -> QRectF:
        """The rectangle of the image inside its frame, in logical pixels."""
        side = min(self.width(), self.height()) - 2
        return QRectF(1, 1, side, side)

    def pixel_rect(self, row: int, column: int) -> QRectF:
        """Return the rectangle of one pixel of the image, in logical pixels."""
        place = self.picture
        side = place.width() / IMAGE_SIDE
        return QRectF(place.x() + column * side, place.y() + row * side, side, side)

    def sizeHint(self) -> QSize:
        """Return a size in which every pixel can be seen."""
        return QSize(8 * IMAGE_SIDE + 2, 8 * IMAGE_SIDE + 2)

    def minimumSizeHint(self) -> QSize:
        """Return a size in which it can be seen where the ink is."""
        return QSize(_SMALLEST + 2, _SMALLEST + 2)

    # --- asking for a pixel --------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Explain the pixel under the pointer in a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.describe_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from pixel to pixel, beginning at the one that matters most."""
        step = arrow_delta(event.key())
        if step is None or not self._image.any():
            super().keyPressEvent(event)
            return
        if self._pixel is None:
            row, column = np.unravel_index(np.abs(self._weights).argmax(), self._weights.shape)
            self._select(int(row), int(column))
        else:
            self._select(self._pixel[0] + step[0], self._pixel[1] + step[1])

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget the selected pixel."""
        super().focusOutEvent(event)
        self._pixel = None
        self.setAccessibleDescription(self._words_for_all)
        QApplication.sendEvent(self, QStatusTipEvent(""))
        self.update()

    def describe_at(self, position: QPointF) -> str:
        """Say what the ink at a position of the widget does; "" beside the image."""
        side = self.picture.width() / IMAGE_SIDE
        row, column = int((position.y() - 1) // side), int((position.x() - 1) // side)
        inside = 0 <= row < IMAGE_SIDE and 0 <= column < IMAGE_SIDE
        return self._describe(row, column) if inside else ""

    def _describe(self, row: int, column: int) -> str:
        what = self.tr("no ink")
        if self._image[row, column]:
            what = self._words.pixel(float(self._weights[row, column]), self._odds)
        text = self.tr("Row {row}, column {column}: {what}")
        return text.format(row=row, column=column, what=what)

    def _select(self, row: int, column: int) -> None:
        row, column = min(max(row, 0), IMAGE_SIDE - 1), min(max(column, 0), IMAGE_SIDE - 1)
        self._pixel = (row, column)
        words = self._describe(row, column)
        self.setAccessibleDescription(words)
        self._announcer.say(words)
        # The window shows it at the bottom.
        QApplication.sendEvent(self, QStatusTipEvent(words))
        self.update()

    # --- painting ------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame, the ink and the selected pixel."""
        painter = QPainter(self)
        colours, place = self.palette(), self.picture
        edge = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid
        painter.fillRect(place.adjusted(-1, -1, 1, 1), colours.color(edge))
        scale = full_colour_weight(self._weights)
        painter.drawImage(
            place, diverging_colormap(colours).picture(self._weights, self._image, scale)
        )
        if self._pixel is not None:
            painter.setPen(QPen(colours.color(QPalette.ColorRole.WindowText), 2))
            painter.drawRect(self.pixel_rect(*self._pixel))
        painter.end()


_ANY, _RUNNER_UP, _LABEL = -1, -2, -3


class ComparisonChoice(QWidget):
    """Asks "Why 9 and not ...": any other digit, the runner-up, or a digit of one's choice.

    Of an image that is misread it first asks about its label.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._prediction: Prediction | None = None
        self._label: int | None = None
        self._chosen_before = 0
        self.question = QLabel()
        self.box = named(QComboBox(), "comparison_box", self.tr("Digit to compare with"))
        self._items = QStandardItemModel(self)
        self.box.setModel(self._items)
        explain(
            self.box,
            self.tr("Show which parts speak for the digit that is read rather than for this one."),
        )
        self.question.setBuddy(self.box)
        self.box.addItem(self.tr("another digit"), _ANY)
        self.box.addItem(self.tr("the runner-up"), _RUNNER_UP)
        self.box.addItem(self.tr("the label"), _LABEL)
        for digit in range(CLASSES):
            self.box.addItem(str(digit), digit)
        self.box.currentIndexChanged.connect(self.changed)
        column(Columns((self.question, self.box), stretches=(0, 1)), parent=self)

    def show_prediction(self, prediction: Prediction, label: int | None = None) -> None:
        """Ask about the predicted digit; it cannot be compared with itself."""
        self._prediction = prediction
        self.question.setText(self.tr("Why {digit} and not").format(digit=prediction.digit))
        runner_up = self.tr("{digit}, the runner-up").format(digit=prediction.runner_up)
        self.box.setItemText(self.box.findData(_RUNNER_UP), runner_up)
        for digit in range(CLASSES):
            self._items.item(self.box.findData(digit)).setEnabled(digit != prediction.digit)
        self._offer_label(None if label == prediction.digit else label)

    def _offer_label(self, label: int | None) -> None:
        """Choose the label of a misread image; go back to what was chosen before the first."""
        place = self.box.findData(_LABEL)
        self._items.item(place).setEnabled(label is not None)
        text = self.tr("the label")
        if label is not None:
            text = self.tr("{digit}, the label").format(digit=label)
        self.box.setItemText(place, text)
        was_known, self._label = self._label is not None, label
        if label is not None and not was_known:
            self._chosen_before = self.box.currentIndex()
            self.box.setCurrentIndex(place)
        elif label is None and self.box.currentIndex() == place:
            self.box.setCurrentIndex(self._chosen_before)

    @property
    def other(self) -> int | None:
        """The digit to compare with; None for all others, also if it is the predicted one."""
        if self._prediction is None:
            return None
        chosen = int(self.box.currentData())
        if chosen == _RUNNER_UP:
            return self._prediction.runner_up
        if chosen == _LABEL:
            return self._label
        return None if chosen in (_ANY, self._prediction.digit) else chosen


class StrokeContributions(QWidget):
    """A small picture for each stroke, and the prediction without it."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[StrokeContribution] = []
        self.more = caption()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(10)
        self._grid.setColumnStretch(_IN_A_ROW, 1)
        column(self._grid, self.more, parent=self, spacing=4)

    def make_parts(self, count: int) -> None:
        """Have so many parts at least; they can be made before, as that takes a while."""
        for place in range(len(self.parts), count):
            self.parts.append(StrokeContribution())
            self.parts[-1].hide()
            self._grid.addWidget(self.parts[-1], *divmod(place, _IN_A_ROW))

    def show_explanation(self, explanation: Explanation) -> None:
        """Show the prediction without each of the first strokes."""
        drawing, without = explanation.strip.drawing, explanation.stroke_ablations
        small = _SmallDrawing(drawing)
        self.make_parts(len(without))
        for place, part in enumerate(self.parts):
            part.setVisible(place < len(without))
        for place, prediction in enumerate(without):
            is_other = prediction.digit != explanation.prediction.digit
            self.parts[place].show_part(small, place, prediction, is_other=is_other)
        hidden = len(drawing.strokes) - len(without) if without else 0
        self.more.setVisible(hidden > 0)
        self.more.setText(self.tr("and {count} more strokes").format(count=count(hidden)))


class StrokeContribution(QWidget):
    """One stroke, bright among the others, and the prediction without it."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = _StrokePicture()
        self.prediction = QLabel()
        self.prediction.setFont(tabular(self.prediction.font()))
        self.prediction.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column(
            (self.picture, Qt.AlignmentFlag.AlignHCenter), self.prediction, parent=self, spacing=2
        )

    def show_part(
        self, drawing: "_SmallDrawing", stroke: int, prediction: Prediction, *, is_other: bool
    ) -> None:
        """Show a stroke and the prediction without it, bold if that is another digit."""
        self.picture.show_stroke(drawing, stroke)
        share = percent(prediction.probability, 0)
        self.prediction.setText(f"{prediction.digit}  {share}")
        font = self.prediction.font()
        font.setBold(is_other)
        self.prediction.setFont(font)
        words = self.tr("Without stroke {stroke} it is read as {digit}, {probability}").format(
            stroke=stroke + 1, digit=prediction.digit, probability=share
        )
        self.setToolTip(words)
        self.prediction.setAccessibleName(words)
        self.picture.setAccessibleName(self.tr("Stroke {stroke}").format(stroke=stroke + 1))


class _SmallDrawing:
    """A drawing that fills small squares, painted once for all that show one of its strokes."""

    def __init__(self, drawing: Drawing) -> None:
        self._strokes = drawing.strokes
        self._kept = KeptPicture()
        points = np.concatenate([stroke.points for stroke in drawing.strokes])
        self._low, self._high = points.min(axis=0), points.max(axis=0)

    def paint(self, painter: QPainter, place: QRectF, stroke: int) -> None:
        """Paint the drawing dimly in a square of a widget, with the stroke of this index bright."""
        canvas = self._canvas(place)
        width = _PEN_WIDTH * place.width() / canvas.width()

        def paint_dim(anew: QPainter) -> None:
            anew.fillRect(place, CANVAS_COLOUR)
            anew.setClipRect(place)
            paint_strokes(anew, self._strokes, canvas, width, _DIM_INK)

        self._kept.paint(painter, paint_dim)
        painter.setClipRect(place)
        bright = self._strokes[stroke : stroke + 1]
        paint_strokes(painter, bright, canvas, width, INK_COLOUR)

    def _canvas(self, place: QRectF) -> QRectF:
        """Return the rectangle of the canvas in which the drawing fills a square."""
        low, high = self._low, self._high
        scale = _FILLED * place.width() / max(float((high - low).max()), _SMALLEST_EXTENT)
        x, y = ((low + high) / 2 * scale).tolist()
        middle = place.center()
        return QRectF(middle.x() - x, middle.y() - y, scale, scale)


class _StrokePicture(QWidget):
    """The drawing in a small square, one of its strokes bright."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing: _SmallDrawing | None = None
        self._stroke = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_stroke(self, drawing: _SmallDrawing, stroke: int) -> None:
        """Show a drawing, with the stroke of this index bright."""
        self._drawing, self._stroke = drawing, stroke
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a small square."""
        return QSize(_STROKE_SIDE, _STROKE_SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the other strokes, and this one above them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Mid))
        if self._drawing is not None:
            place = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            self._drawing.paint(painter, place, self._stroke)
        painter.end()


class EvidenceView(QWidget):
    """Shows which ink speaks for the predicted digit, rather than for a chosen one."""

    def __init__(self) -> None:
        super().__init__()
        self._explanation: ImageExplanation | None = None
        self._words = ExplanationText(self)
        self.map = EvidenceMap()
        self.legend = DivergingLegend(self.tr("neither"))
        self.choice = ComparisonChoice()
        self.evidence_text = paragraph()
        self.scale_text = paragraph()
        self.scale_text.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.strokes_text = paragraph()
        self.strokes_title = caption(self.tr("Read without the bright stroke"))
        self.strokes = StrokeContributions()
        self._picture = QWidget()
        self._lay_out()
        self.choice.changed.connect(self._show_evidence)

    def show_explanation(self, explanation: Explanation) -> None:
        """Show why a drawing is predicted as it is."""
        self._show(explanation)
        self.strokes.show()
        self.strokes_title.setVisible(bool(explanation.stroke_ablations))
        self.strokes.show_explanation(explanation)
        self.strokes_text.setText(self._words.strokes(explanation))

    def show_image_explanation(
        self, explanation: ImageExplanation, label: int | None = None
    ) -> None:
        """Show why an image without strokes, with its label, is predicted as it is."""
        self._show(explanation, label)
        self.strokes.hide()
        self.strokes_title.hide()
        self.strokes_text.clear()

    def _show(self, explanation: ImageExplanation, label: int | None = None) -> None:
        self._explanation = explanation
        self.choice.show_prediction(explanation.prediction, label)
        self._show_evidence()

    def minimumSizeHint(self) -> QSize:
        """Return the width of the wider part: they need not be side by side."""
        return QSize(max(self._widths()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the map a square, and the legend as wide; below it the words, if it is narrow."""
        super().resizeEvent(event)
        picture, words = self._widths()
        directions = QBoxLayout.Direction
        is_narrow = self.width() < picture + _GAP + words
        self._parts.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)
        height = self.height() - self.legend.sizeHint().height() - _LEGEND_GAP
        side = self.width() if is_narrow else min(height, self.width() - words - _GAP)
        side = max(min(side, self.map.maximumWidth()), picture)
        self._picture.setMaximumWidth(side)
        self.map.setMaximumHeight(side)
        self.map.setMinimumHeight(min(side, 2 * _SMALLEST) if is_narrow else 0)

    def _widths(self) -> tuple[int, int]:
        """Return what the picture and the words need at least."""
        return self._picture.minimumSizeHint().width(), self._text.minimumSizeHint().width()

    @Slot()
    def _show_evidence(self) -> None:
        if self._explanation is None:
            return
        evidence, digit = self._explanation.evidence, self._explanation.prediction.digit
        other = self.choice.other
        weights = evidence.toward(digit) if other is None else evidence.toward_over(digit, other)
        odds, words = self._words.odds(digit, other), self._words.evidence(weights, digit, other)
        self.map.show_evidence(evidence.image, weights, odds=odds, words=words)
        self.evidence_text.setText(words)
        self.scale_text.setText(self._words.full_colour(weights, digit, other))
        against = self.tr("against {digit}").format(digit=digit)
        speaks_for = self.tr("for {digit}")
        self.legend.show_ends(
            against if other is None else speaks_for.format(digit=other),
            speaks_for.format(digit=digit),
        )

    def _lay_out(self) -> None:
        column((self.map, 1_000), self.legend, 0, parent=self._picture, spacing=_LEGEND_GAP)
        layout = column(
            self.choice,
            self.evidence_text,
            self.scale_text,
            self.strokes_text,
            self.strokes_title,
            self.strokes,
            0,
            spacing=8,
        )
        layout.insertSpacing(3, 6)
        layout.addStrut(_NARROWEST_WORDS)
        self._text = widget_with(layout)
        # The map takes what its square can use, the text all the rest.
        parts = ((self._picture, 1_000), (self._text, 1))
        self._parts: QBoxLayout = row(*parts, parent=self, spacing=_GAP)
