"""Curves as PNG and SVG pictures, fit for print."""

import re

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QPoint, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtSvg import QSvgGenerator, QSvgRenderer
from PySide6.QtWidgets import QWidget

from mnist_gui.engine.recipe import Recipe
from mnist_gui.gui.common.images import png_file
from mnist_gui.gui.common.labels import caption, count, heading
from mnist_gui.gui.common.qt import column
from mnist_gui.gui.common.theme import PlotColours
from mnist_gui.gui.common.values import choice_title, recipe_title
from mnist_gui.gui.curves.figure import CurvesFigure

_GROUP = re.compile(r'(<g [^>]*?transform="matrix\()([^)]*)(\)"[^>]*>)(.*?)(?=</g>)', re.DOTALL)
_POINT = re.compile(r"(-?[\d.]+(?:e[-+]?\d+)?),(-?[\d.]+(?:e[-+]?\d+)?)")
_ONE_PIXEL = ' vector-effect="non-scaling-stroke"'
_UNCHANGED = "1,0,0,1,0,0"
# Of curves without points; readers complain of it.
_EMPTY_PATH = '<path fill-rule="evenodd" d=""/>'
_SIZE = QSize(960, 660)
# As wide as a page of A4 at 300 dots an inch.
_PIXELS = 2.5
_DOTS_PER_INCH = 96
_TITLE_POINTS = 15


def with_scaled_lines(svg: str) -> str:
    """Return Qt's SVG with all line widths in the units of the picture.

    Qt writes curves in the units of their axes, with lines of fixed pixels on the screen: too thin
    in print, and far too thick in programs that ignore this.
    """
    return _GROUP.sub(_place, svg).replace(_EMPTY_PATH, "")


def _place(group: re.Match[str]) -> str:
    head, matrix, rest, content = group.groups()
    if _ONE_PIXEL not in content:
        return group[0]
    a, b, c, d, e, f = map(float, matrix.split(","))

    def moved(point: re.Match[str]) -> str:
        x, y = float(point[1]), float(point[2])
        return f"{a * x + c * y + e:.2f},{b * x + d * y + f:.2f}"

    return head + _UNCHANGED + rest + _POINT.sub(moved, content).replace(_ONE_PIXEL, "")


class CurvesPicture(QWidget):
    """The curves with a title, always of one size; never shown, only painted into files."""

    def __init__(self, colours: PlotColours) -> None:
        super().__init__()
        self.title = heading("")
        self.settings = caption()
        self.figure = CurvesFigure(switches=False)
        self.figure.apply_theme(colours)
        ground = self.palette()
        ground.setColor(QPalette.ColorRole.Window, QColor(colours.background))
        self.setPalette(ground)
        font = self.title.font()
        font.setPointSizeF(_TITLE_POINTS)
        self.title.setFont(font)
        parts = (self.title, self.settings, (self.figure, 1))
        layout = column(*parts, parent=self, spacing=2, margins=(24, 20, 16, 14))
        layout.insertSpacing(2, 12)
        self.resize(_SIZE)

    def show_run(self, recipe: Recipe, name: str = "") -> None:
        """Title the picture with the user's name for the run, or the recipe."""
        self.title.setText(name or recipe_title(recipe.name))
        words = _settings(recipe)
        self.settings.setText(f"{recipe_title(recipe.name)} \u00b7 {words}" if name else words)

    def drawing(self) -> str:
        """Return the picture as Qt's SVG, for `svg_of` and `png_of`.

        pyqtgraph's own SVG exporter fails with Qt 6.11 (pyqtgraph#3495).
        """
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setTitle(QCoreApplication.translate("curves", "Accuracy and loss over steps"))
        generator.setDescription(f"{self.title.text()}, {self.settings.text()}")
        generator.setSize(_SIZE)
        generator.setViewBox(self.rect())
        generator.setResolution(_DOTS_PER_INCH)
        with self.figure.painted_as_lines():
            painter = QPainter(generator)
            self.render(painter, QPoint())
            painter.end()
        return bytes(buffer.data().data()).decode()


def svg_of(drawing: str) -> bytes:
    """Return the content of an SVG file: lines and letters, sharp at any size; on any thread."""
    return with_scaled_lines(drawing).encode()


def image_of(drawing: str) -> QImage:
    """Return an image with pixels enough for print; on any thread."""
    image = QImage(_SIZE * _PIXELS, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg_of(drawing))).render(painter)
    painter.end()
    return image


def png_of(drawing: str) -> bytes:
    """Return the content of a PNG file with that image; on any thread."""
    return png_file(image_of(drawing))


def _settings(recipe: Recipe) -> str:
    words = QCoreApplication.translate(
        "curves",
        "{steps} steps of {batch} images \u00b7 {optimizer}, {schedule}, learning rate {rate}"
        " \u00b7 seed {seed}",
    )
    return words.format(
        steps=count(recipe.steps),
        batch=count(recipe.batch_size),
        optimizer=choice_title("optimizer", recipe.optimizer),
        schedule=choice_title("schedule", recipe.schedule).lower(),
        rate=f"{recipe.learning_rate:.3g}",
        seed=recipe.seed,
    )
