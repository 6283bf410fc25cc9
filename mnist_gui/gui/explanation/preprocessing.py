"""The preprocessing steps as a row of pictures."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QSizePolicy, QWidget

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.drawing import CANVAS_PEN_WIDTH, Drawing
from mnist_gui.engine.explain.explanation import accuracy_cost
from mnist_gui.engine.preprocessing import ALL_STEPS, PreprocessingSteps, PreprocessingTrace, Square
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.images import CANVAS_COLOUR, INK_COLOUR, KeptPicture, as_qimage
from mnist_gui.gui.common.labels import caption, count, number, reading_arrow, tabular
from mnist_gui.gui.common.qt import FittedWidget, named
from mnist_gui.gui.drawing.stroke_painter import paint_stroke, paint_strokes
from mnist_gui.words.language import plural

_MARK = QColor("#56b4e9")
_SMALLEST = 56
# With more points, smooth curves take too long to paint.
_MOST_CURVED = 1_000
_LARGEST = 160
_GAP = 2
# The middle of pixel 14 of 28, to which the centre of mass is moved.
_CENTRE = QPointF(14.5 / IMAGE_SIDE, 14.5 / IMAGE_SIDE)


class PreprocessingFrame(QWidget):
    """Shows a square picture as large as fits, never blurred."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing = Drawing()
        self._pen_width: float | None = None
        self._square: Square | None = None
        self._image: QImage | None = None
        self._cross: QPointF | None = None
        self._kept = KeptPicture()
        is_to_be(self, QAccessible.Role.Graphic)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_strokes(
        self, drawing: Drawing, pen_width: float | None = None, square: Square | None = None
    ) -> None:
        """Show strokes as on the canvas, or with a pen width (1 is the canvas), and a square."""
        self._drawing, self._pen_width, self._square = drawing, pen_width, square
        self._image = None
        self._kept.forget()
        self.update()

    def show_image(self, image: NDArray[np.uint8], cross: QPointF | None = None) -> None:
        """Show an image (n, n) uint8, and a cross at a point, x and y in 0..1."""
        self._image = as_qimage(image)
        self._cross = cross
        self.update()

    @property
    def picture(self) -> QRectF:
        """The rectangle of the picture inside its frame, in logical pixels."""
        side = min(self.width(), self.height()) - 2
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def minimumSizeHint(self) -> QSize:
        """Return a size in which digits can be recognized."""
        return QSize(_SMALLEST, _SMALLEST)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame, and the strokes or the image."""
        painter = QPainter(self)
        place = self.picture
        painter.fillRect(place.adjusted(-1, -1, 1, 1), self.palette().color(QPalette.ColorRole.Mid))
        if self._image is None:
            self._kept.paint(painter, self._paint_drawing)
        else:
            painter.fillRect(place, CANVAS_COLOUR)
            painter.drawImage(place, self._image)
            self._paint_cross(painter, place)
        painter.end()

    def _paint_drawing(self, painter: QPainter) -> None:
        place = self.picture
        painter.fillRect(place, CANVAS_COLOUR)
        painter.setClipRect(place)
        self._paint_strokes(painter, place)
        self._paint_square(painter, place)

    def _paint_strokes(self, painter: QPainter, place: QRectF) -> None:
        strokes = self._drawing.strokes
        is_long = sum(len(stroke.points) for stroke in strokes) > _MOST_CURVED
        if is_long or self._pen_width is not None:
            width = self._pen_width or CANVAS_PEN_WIDTH
            paint_strokes(painter, strokes, place, width, INK_COLOUR)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(place.topLeft())
        for stroke in strokes:
            paint_stroke(painter, stroke, place.width(), INK_COLOUR)
        painter.restore()

    def _paint_square(self, painter: QPainter, place: QRectF) -> None:
        if self._square is None:
            return
        side = place.width()
        left, top = place.x() + self._square.left * side, place.y() + self._square.top * side
        painter.setPen(_MARK)
        painter.drawRect(QRectF(left, top, self._square.side * side, self._square.side * side))

    def _paint_cross(self, painter: QPainter, place: QRectF) -> None:
        if self._cross is None:
            return
        x = place.x() + self._cross.x() * place.width()
        y = place.y() + self._cross.y() * place.height()
        painter.setPen(_MARK)
        painter.drawLine(QLineF(x, place.top(), x, place.bottom()))
        painter.drawLine(QLineF(place.left(), y, place.right(), y))


_TITLES, _FRAMES, _SWITCHES, _COSTS = range(4)
_PARTS = 4


@dataclass(frozen=True, slots=True)
class _Switch:
    """The switch of a step, the title of its frame, and what leaving it out costs."""

    box: QCheckBox
    title: QLabel
    cost: QLabel


class PreprocessingView(FittedWidget):
    """Shows the image after each preprocessing step, with switches that leave steps out."""

    steps_changed = Signal(PreprocessingSteps)

    def __init__(self) -> None:
        super().__init__()
        self._frames = [PreprocessingFrame() for _ in range(6)]
        self.drawn, self.redrawn, self.box = self._frames[:3]
        self.stretched, self.centred, self.final = self._frames[3:]
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(_GAP)
        self._layout.setVerticalSpacing(_GAP)
        self._arrows = [_centred(caption(reading_arrow())) for _ in range(5)]
        self._columns = 0
        self._titles = self._name_frames()
        steps = enumerate(self._switch_texts().items(), start=1)
        self._switches = {name: self._switch(name, at, *texts) for at, (name, texts) in steps}
        self.show_costs("")
        self._arrange(len(self._frames))

    @property
    def steps(self) -> PreprocessingSteps:
        """The steps that are on."""
        return PreprocessingSteps(
            **{name: switch.box.isChecked() for name, switch in self._switches.items()}
        )

    @property
    def costs(self) -> list[QLabel]:
        """What leaving each step out costs, in their order."""
        return [switch.cost for switch in self._switches.values()]

    def show_preprocessing(self, strip: PreprocessingTrace) -> None:
        """Show the image after each step."""
        self.drawn.show_strokes(strip.drawing)
        square = strip.square if strip.steps.fit else None
        self.redrawn.show_strokes(strip.drawing, strip.pen_width, square)
        self.box.show_image(strip.box)
        self.stretched.show_image(strip.stretched)
        self.centred.show_image(strip.image, _CENTRE if strip.steps.centre else None)
        self.final.show_image(strip.image)
        self._describe(strip)

    def show_costs(self, network: str) -> None:
        """Show what leaving each step out costs a network of this architecture."""
        for name, switch in self._switches.items():
            cost = accuracy_cost(replace(ALL_STEPS, **{name: False}), network)
            points = round(100 * cost, 1)
            switch.cost.setText(_signed(points))
            switch.cost.setToolTip(self._cost_in_words(points))

    def _cost_in_words(self, points: float) -> str:
        more = self.tr(
            "Of 100 digits drawn with a pen, {points} more are misread if this step is skipped."
        )
        fewer = self.tr(
            "Of 100 digits drawn with a pen, {points} fewer are misread if this step is skipped."
        )
        return (fewer if points < 0 else more).format(points=number(abs(points), 1))

    def minimumSizeHint(self) -> QSize:
        """Return the width for two frames side by side: they may stand in several rows."""
        return QSize(self._width_of(2), super().minimumSizeHint().height())

    def fit(self) -> None:
        """Put as many frames side by side as there is room for, as high as they are wide."""
        columns = next((each for each in (6, 3) if self._width_of(each) <= self.width()), 2)
        self._arrange(columns)
        around = self._width_of(columns) - columns * self._narrowest
        side = min((self.width() - around) // columns, _LARGEST)
        for row in range(len(self._frames) // columns):
            self._layout.setRowMinimumHeight(row * _PARTS + _FRAMES, side)
        for frame in self._frames:
            frame.setMaximumHeight(side)

    def _width_of(self, columns: int) -> int:
        arrows = min(columns, len(self._arrows))
        around = (columns + arrows - 1) * _GAP + arrows * self._arrows[0].sizeHint().width()
        return columns * self._narrowest + around

    @property
    def _narrowest(self) -> int:
        """How wide a frame must be for the texts around it."""
        texts = (*self._titles, *(switch.box for switch in self._switches.values()))
        return max(_SMALLEST, *(text.sizeHint().width() for text in texts))

    def _arrange(self, columns: int) -> None:
        """Put so many frames side by side, each with its title, switch and cost."""
        if columns == self._columns:
            return
        self._columns, layout = columns, self._layout
        for row in range(layout.rowCount()):
            layout.setRowMinimumHeight(row, 0)
        for column in range(len(self._frames)):
            layout.setColumnStretch(2 * column, int(column < columns))
        for part, widgets in self._by_part().items():
            for place, widget in widgets.items():
                row, column = divmod(place, columns)
                is_box = isinstance(widget, QCheckBox)
                how = Qt.AlignmentFlag.AlignHCenter if is_box else Qt.AlignmentFlag(0)
                layout.addWidget(widget, row * _PARTS + part, 2 * column, how)
        for place, arrow in enumerate(self._arrows):
            row, column = divmod(place, columns)
            layout.addWidget(arrow, row * _PARTS + _FRAMES, 2 * column + 1)

    def _by_part(self) -> dict[int, dict[int, QWidget]]:
        """Return the widgets by their part of a row, and by their place among the frames."""
        switches = list(self._switches.values())
        return {
            _TITLES: dict(enumerate(self._titles)),
            _FRAMES: dict(enumerate(self._frames)),
            _SWITCHES: {place: each.box for place, each in enumerate(switches, start=1)},
            _COSTS: {place: each.cost for place, each in enumerate(switches, start=1)},
        }

    @Slot()
    def _tell_stages(self) -> None:
        for switch in self._switches.values():
            font = switch.title.font()
            font.setStrikeOut(not switch.box.isChecked())
            switch.title.setFont(font)
        self.steps_changed.emit(self.steps)

    def _describe(self, strip: PreprocessingTrace) -> None:
        drawn = len(strip.drawing.strokes)
        strokes = plural("1 stroke as it was drawn", "{count} strokes as they were drawn", drawn)
        self.drawn.setAccessibleDescription(strokes.format(count=count(drawn)))
        width = self.tr("The strokes are {pixels} pixels wide in the box")
        in_box = strip.pen_width / strip.square.side * len(strip.box)
        self.redrawn.setAccessibleDescription(width.format(pixels=number(in_box, 1)))
        images = (strip.box, strip.stretched, strip.image, strip.image)
        text = self.tr("{side} by {side} pixels, {inked} of them with ink, the brightest {grey}")
        for frame, image in zip(self._frames[2:], images, strict=True):
            inked, grey = count(int((image > 0).sum())), int(image.max())
            frame.setAccessibleDescription(text.format(side=len(image), inked=inked, grey=grey))

    def _name_frames(self) -> list[QLabel]:
        titles = []
        for place, frame in enumerate(self._frames):
            title, tip = self._frame_texts()[place]
            named(frame, f"film_frame_{place}", title, tip)
            titles.append(_centred(caption(title)))
        return titles

    def _frame_texts(self) -> tuple[tuple[str, str], ...]:
        """Return each frame's title and tip."""
        return (
            (self.tr("As drawn"), self.tr("The strokes on the canvas.")),
            (
                self.tr("Redrawn"),
                self.tr(
                    "The strokes redrawn as wide as MNIST's. What is in the square fills the box "
                    "of the next picture."
                ),
            ),
            (
                self.tr("20\u00d720 box"),
                self.tr("The ink fills a box of 20 by 20 pixels, each as grey as it is covered."),
            ),
            (
                self.tr("Stretched"),
                self.tr("The greys are stretched until the brightest pixel is white."),
            ),
            (
                self.tr("Centred"),
                self.tr("The box is moved by whole pixels: its centre of mass is in the cross."),
            ),
            (self.tr("28\u00d728"), self.tr("The 28 by 28 pixels that the network receives.")),
        )

    def _switch_texts(self) -> dict[str, tuple[str, str]]:
        """Return the text and the tip of each step's switch, in the order of the frames."""
        return {
            "redraw": (
                self.tr("Redraw"),
                self.tr("Off: the strokes stay as wide as the canvas's pen."),
            ),
            "fit": (
                self.tr("Fit"),
                self.tr("Off: the whole canvas is shrunk; a small digit stays small, where it is."),
            ),
            "stretch": (
                self.tr("Stretch"),
                self.tr("Off: the greys stay as they are, even if no pixel is white."),
            ),
            "centre": (
                self.tr("Centre"),
                self.tr("Off: the box goes to the middle, wherever its ink is."),
            ),
        }

    def _switch(self, name: str, place: int, text: str, tip: str) -> _Switch:
        box = named(QCheckBox(text), f"{name}_switch", text, tip)
        box.setChecked(True)
        box.toggled.connect(self._tell_stages)
        cost = _centred(caption())
        cost.setFont(tabular(cost.font()))
        return _Switch(box, self._titles[place], cost)


def _centred(label: QLabel) -> QLabel:
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


def _signed(points: float) -> str:
    sign = "\u2212" if points < 0 else "+" if points > 0 else ""
    return f"{sign}{number(abs(points), 1)}"
