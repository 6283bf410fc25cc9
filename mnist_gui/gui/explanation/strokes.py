"""What each stroke contributes to the prediction."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.explain.explanation import Explanation
from mnist_gui.engine.prediction import Prediction
from mnist_gui.gui.common.images import CANVAS_COLOUR, INK_COLOUR
from mnist_gui.gui.common.labels import caption, count, percent, tabular
from mnist_gui.gui.common.qt import column
from mnist_gui.gui.drawing.ink import paint_strokes

_SIDE = 50
# As fractions of the picture's side.
_PEN_WIDTH = 0.1
_FILLED = 0.76
# A dot is not enlarged further; a fraction of the canvas.
_SMALLEST_EXTENT = 0.05
_IN_A_ROW = 4
_DIM_INK = QColor("#4d5560")


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

    def show_explanation(self, explanation: Explanation) -> None:
        """Show the prediction without each of the first strokes."""
        drawing, without = explanation.strip.drawing, explanation.stroke_ablations
        for place in range(len(self.parts), len(without)):
            self.parts.append(StrokeContribution())
            self._grid.addWidget(self.parts[-1], *divmod(place, _IN_A_ROW))
        for place, part in enumerate(self.parts):
            part.setVisible(place < len(without))
        for place, prediction in enumerate(without):
            is_other = prediction.digit != explanation.prediction.digit
            self.parts[place].show_part(drawing, place, prediction, is_other=is_other)
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
        self, drawing: Drawing, stroke: int, prediction: Prediction, *, is_other: bool
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


class _StrokePicture(QWidget):
    """The drawing in a small square, one of its strokes bright."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing = Drawing()
        self._stroke = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_stroke(self, drawing: Drawing, stroke: int) -> None:
        """Show a drawing, with the stroke of this index bright."""
        self._drawing, self._stroke = drawing, stroke
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a small square."""
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the other strokes, and this one above them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Mid))
        place = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.fillRect(place, CANVAS_COLOUR)
        painter.setClipRect(place)
        canvas = _enlarged(self._drawing, place)
        width = _PEN_WIDTH * place.width() / canvas.width()
        strokes = self._drawing.strokes
        paint_strokes(painter, strokes, canvas, width, _DIM_INK)
        paint_strokes(painter, strokes[self._stroke : self._stroke + 1], canvas, width, INK_COLOUR)
        painter.end()


def _enlarged(drawing: Drawing, place: QRectF) -> QRectF:
    """Return the rectangle of the canvas in which the drawing fills a square."""
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = _FILLED * place.width() / max(float((high - low).max()), _SMALLEST_EXTENT)
    x, y = ((low + high) / 2 * scale).tolist()
    middle = place.center()
    return QRectF(middle.x() - x, middle.y() - y, scale, scale)
