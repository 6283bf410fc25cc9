"""The map: a digit where each test image lies, to be moved, enlarged and selected from."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QMouseEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.inside.image_map import ImageMap, PlacedDigit
from mnist_gui.engine.inside.lasso import inside
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.qt import arrow_delta, named, never_mirrored
from mnist_gui.gui.map.marks import digit_colours, glyphs, star

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_ZOOM = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25}
# Of the height of the type.
_GLYPH, _RING, _NAME, _STAR = 0.6, 1.0, 1.5, 1.6
_MARGIN = 0.04
# Of the shorter side of the view.
_FRAME, _FRAME_STEP = 0.25, 0.05
_LEAST_SIDE = 200
_FEW = 200
_LEAST_PIXELS = 4
_MOST_CORNERS = 400
_NOTHING: NDArray[np.float32] = np.empty((0, 2), np.float32)
_NOWHERE: NDArray[np.intp] = np.empty(0, np.intp)


class MapPlot(QObject):
    """Shows an `ImageMap` in `widget`; `selected` carries the places of the images selected in it.

    They are those inside the line that the pointer draws, or inside the frame that the arrow keys
    move. While `moves` is set, the pointer moves the map instead.
    """

    selected = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.moves = False
        self._map: ImageMap | None = None
        self._placed: PlacedDigit | None = None
        self.selection = _NOWHERE
        self._line: list[QPointF] = []
        self._frame = (0.5, 0.5)
        self.widget: Any = never_mirrored(pg.GraphicsView(useOpenGL=False))
        self._box: Any = pg.ViewBox(enableMenu=False)
        self._set_up()
        self.scatters: list[Any] = [self._add_scatter(0) for _ in range(CLASSES)]
        self._names, self._rings, self._chosen = (self._add_scatter(z) for z in (1, 2, 3))
        self._ties, self._star, self._lasso = (
            self._add_line(4),
            self._add_scatter(5),
            self._add_line(6),
        )
        self._use_colours()

    # --- what is shown -------------------------------------------------------------------------

    def show_map(self, shown: ImageMap, placed: PlacedDigit | None) -> None:
        """Show a map, and where the digit on the pad lies on it; another map is seen whole."""
        before, self._map = self._map, shown
        is_moved = before is None or before.points is not shown.points
        if is_moved:
            self._show_points(shown)
            if before is None or before.indices is not shown.indices:
                self.selection = _NOWHERE
            self._show_selection()
            self.show_whole()
        self._placed = placed
        self._show_digit()

    def select(self, places: NDArray[np.intp]) -> None:
        """Mark the images at these places in the map as selected, and say so."""
        self.selection = places
        self._show_selection()
        self.selected.emit(places)

    def show_whole(self) -> None:
        """Show the whole map."""
        if self._map is None:
            return
        low, high = self._map.points.min(axis=0), self._map.points.max(axis=0)
        middle, half = (low + high) / 2, (1 + 2 * _MARGIN) * (high - low) / 2
        # All images may lie in one point.
        half = np.maximum(half, max(1e-3, 1e-3 * float(np.abs(middle).max())))
        ends = [(float(m - h), float(m + h)) for m, h in zip(middle, half, strict=True)]
        self._box.setRange(xRange=ends[0], yRange=ends[1], padding=0)

    def position(self, place: int) -> QPointF:
        """Return where in the widget an image of the map is."""
        assert self._map is not None
        x, y = self._map.points[place].tolist()
        inside_scene = self._box.mapViewToScene(QPointF(x, y))
        return QPointF(self.widget.mapFromScene(inside_scene))

    def star_position(self) -> QPointF | None:
        """Return where in the widget the digit on the pad is, if it is there."""
        if self._placed is None:
            return None
        x, y = self._placed.point.tolist()
        return QPointF(self.widget.mapFromScene(self._box.mapViewToScene(QPointF(x, y))))

    def _show_points(self, shown: ImageMap) -> None:
        symbols = glyphs(self.widget.font().family())
        size = round(_GLYPH * self._type)
        for digit, scatter in enumerate(self.scatters):
            points = shown.points[shown.labels == digit]
            look = {"symbol": symbols[digit], "brush": self._colours[digit], "size": size}
            scatter.setData(x=points[:, 0], y=points[:, 1], pen=None, **look)
        self._show_names(shown)
        wrong = shown.points[shown.mistakes]
        self._ring(self._rings, wrong, self._text, 1.5)

    def _show_names(self, shown: ImageMap) -> None:
        """Write each digit large in the middle of its images, where they are too many to read."""
        symbols = glyphs(self.widget.font().family())
        labels = np.unique(shown.labels).tolist()
        middles = np.array([np.median(shown.points[shown.labels == d], axis=0) for d in labels])
        self._names.setData(
            x=middles[:, 0],
            y=middles[:, 1],
            symbol=[symbols[label] for label in labels],
            size=round(_NAME * self._type),
            brush=self._text,
            pen=_cosmetic(self._ground, 1.5),
        )

    def _show_selection(self) -> None:
        points = _NOTHING if self._map is None else self._map.points[self.selection]
        self._ring(self._chosen, points, self._accent, 2.5)

    def _show_digit(self) -> None:
        if self._map is None or self._placed is None:
            self._star.setData(x=[], y=[])
            self._ties.setData([], [])
            return
        near = self._map.points[self._placed.nearest]
        ends = np.stack([np.broadcast_to(self._placed.point, near.shape), near], axis=1)
        self._ties.setData(ends[..., 0].ravel(), ends[..., 1].ravel(), connect="pairs")
        look = {"symbol": star(), "brush": self._accent, "pen": _cosmetic(self._ground, 1.5)}
        point = self._placed.point[np.newaxis]
        size = round(_STAR * self._type)
        self._star.setData(x=point[:, 0], y=point[:, 1], size=size, **look)

    def _ring(
        self, scatter: Any, points: NDArray[np.float32], colour: QColor, width: float
    ) -> None:
        """Ring points; where they are many, by lines that leave the rest to be seen."""
        pen = _cosmetic(colour, width if len(points) <= _FEW else 1)
        look = {"symbol": "o", "brush": None, "pen": pen, "size": round(_RING * self._type)}
        scatter.setData(x=points[:, 0], y=points[:, 1], **look)

    # --- the pointer ---------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Draw the line with the pointer, follow the keys, the focus and the theme."""
        kind = event.type()
        if isinstance(event, QMouseEvent) and watched is self.widget.viewport():
            return not self.moves and self._follow_pointer(event)
        if isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress:
            return self._follow_key(event)
        if kind in (QEvent.Type.FocusIn, QEvent.Type.FocusOut, QEvent.Type.Resize):
            self._show_frame()
        elif kind in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._use_colours()
        return super().eventFilter(watched, event)

    def _follow_pointer(self, event: QMouseEvent) -> bool:
        kind, left = event.type(), Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseButtonPress and event.button() == left:
            self.widget.setFocus(Qt.FocusReason.MouseFocusReason)
            self._line = [event.position()]
        elif kind == QEvent.Type.MouseMove and self._line and event.buttons() & left:
            away = event.position() - self._line[-1]
            if away.manhattanLength() >= _LEAST_PIXELS and len(self._line) < _MOST_CORNERS:
                self._line.append(event.position())
                self._show_line(self._line)
        elif kind == QEvent.Type.MouseButtonRelease and self._line:
            line, self._line = self._line, []
            self._show_frame()
            self._select_inside(line)
        else:
            return False
        return True

    def _select_inside(self, line: list[QPointF]) -> None:
        if self._map is not None:
            corners = np.array([(each.x(), each.y()) for each in map(self._in_view, line)])
            self.select(np.flatnonzero(inside(self._map.points, corners)))

    def _in_view(self, position: QPointF) -> QPointF:
        place: QPointF = self._box.mapSceneToView(self.widget.mapToScene(position.toPoint()))
        return place

    def _show_line(self, line: list[QPointF]) -> None:
        places = [self._in_view(each) for each in [*line, *line[:1]]]
        self._lasso.setData([each.x() for each in places], [each.y() for each in places])

    # --- the keys ------------------------------------------------------------------------------

    def _follow_key(self, event: QKeyEvent) -> bool:
        key, step = Qt.Key(event.key()), arrow_delta(event.key())
        if step is not None:
            self._move_frame(*step)
        elif key in _ENTER:
            self._select_inside(self._frame_corners())
        elif key in _ZOOM:
            middle = self._in_view(self._frame_rect().center())
            self._box.scaleBy((_ZOOM[key], _ZOOM[key]), center=middle)
        elif key == Qt.Key.Key_Home:
            self.show_whole()
        elif key == Qt.Key.Key_Escape and len(self.selection):
            self.select(_NOWHERE)
        else:
            return False
        self._show_frame()
        return True

    def _move_frame(self, down: int, right: int) -> None:
        """Move the frame; at an edge of the view, the map."""
        x, y = self._frame[0] + _FRAME_STEP * right, self._frame[1] + _FRAME_STEP * down
        self._frame = (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))
        over = (x - self._frame[0], y - self._frame[1])
        seen = self._box.viewRect()
        self._box.translateBy(x=over[0] * seen.width(), y=-over[1] * seen.height())

    def _frame_rect(self) -> QRectF:
        size = self.widget.viewport().size()
        side = _FRAME * min(size.width(), size.height())
        rect = QRectF(0, 0, side, side)
        rect.moveCenter(QPointF(self._frame[0] * size.width(), self._frame[1] * size.height()))
        return rect

    def _frame_corners(self) -> list[QPointF]:
        rect = self._frame_rect()
        return [rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft()]

    def _show_frame(self) -> None:
        """Show the frame while the keys would move it."""
        if self.widget.hasFocus() and not self._line:
            self._show_line(self._frame_corners())
        else:
            self._lasso.setData([], [])

    # --- looks ---------------------------------------------------------------------------------

    def _use_colours(self) -> None:
        palette = self.widget.palette()
        self._ground = palette.color(QPalette.ColorRole.Base)
        self._text = palette.color(QPalette.ColorRole.Text)
        self._accent = palette.color(QPalette.ColorRole.Accent)
        self._colours = digit_colours(palette)
        self._type = self.widget.fontMetrics().height()
        self.widget.setBackground(QColor(self._ground))
        self._ties.setPen(_cosmetic(self._accent, 1))
        self._lasso.setPen(_cosmetic(self._text, 1.5, Qt.PenStyle.DashLine))
        if self._map is not None:
            self._show_points(self._map)
            self._show_selection()
            self._show_digit()

    def _set_up(self) -> None:
        self.widget.setCentralItem(self._box)
        self._box.setAspectLocked(True)
        self._box.disableAutoRange()
        self._box.sigRangeChanged.connect(self._show_frame)
        is_to_be(self.widget, QAccessible.Role.Chart)
        tip = self.tr(
            "Draw round images to select them, or move the frame with the arrow keys and press "
            "Enter. The wheel, + and - zoom."
        )
        named(self.widget, "map_plot", self.tr("Map of the test images"), tip)
        self.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.widget.setFrameShape(QFrame.Shape.StyledPanel)
        # By itself it would be as large as its scene.
        self.widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.widget.setMinimumSize(_LEAST_SIDE, _LEAST_SIDE)
        self.widget.installEventFilter(self)
        self.widget.viewport().installEventFilter(self)

    def _add_scatter(self, z: int) -> Any:
        scatter = pg.ScatterPlotItem(pxMode=True)
        scatter.setZValue(z)
        self._box.addItem(scatter, ignoreBounds=True)
        return scatter

    def _add_line(self, z: int) -> Any:
        line = pg.PlotCurveItem(antialias=True)
        line.setZValue(z)
        self._box.addItem(line, ignoreBounds=True)
        return line


def _cosmetic(colour: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    return pen
