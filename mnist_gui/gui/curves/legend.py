"""The legend of the curves: their lines, names, switches and values."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from mnist_gui.gui.common.labels import caption, count, figure, number
from mnist_gui.gui.common.qt import FittedWidget, named
from mnist_gui.gui.curves.plot import MARKS

# Targets are to be hit without aiming.
_ROW_HEIGHT = 24
_EARLIER = ("earlier_training", "earlier_validation")
_VALIDATION_IMAGES = 5_000


class LineSample(QWidget):
    """A short piece of a curve."""

    def __init__(self, *, marked: bool) -> None:
        super().__init__()
        self._pen = QPen()
        self._is_marked = marked
        self.setFixedSize(QSize(30, 12))

    def set_pen(self, pen: QPen) -> None:
        """Draw with this pen."""
        self._pen = QPen(pen)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the piece across the middle."""
        painter = QPainter(self)
        painter.setPen(self._pen)
        middle = self.height() // 2
        painter.drawLine(0, middle, self.width(), middle)
        if self._is_marked:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(self._pen.color())
            painter.drawEllipse(QPointF(self.width() / 2, middle), 2, 2)
        painter.end()


class CurveLegend(FittedWidget):
    """A table with a row for each curve: line, name, accuracy and loss at one place.

    With `switches` the names are check boxes, and `switched` says that one was clicked.
    """

    switched = Signal()

    def __init__(self, *, switches: bool) -> None:
        super().__init__()
        self._has_switches = switches
        self._validation, self._short = "", self.tr("Validation")
        self._switch_tip = self.tr("Show this curve or hide it")
        self._samples: dict[str, LineSample] = {}
        self._names: dict[str, QLabel | QCheckBox] = {}
        self._values: dict[str, tuple[QLabel, QLabel]] = {}
        self.step = caption()
        self.first_column = figure()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(2, 68)
        self._grid.setColumnMinimumWidth(3, 52)
        # The values stand beside what they are of.
        self._grid.setColumnStretch(4, 1)
        self._add_head()
        self._add_row("training", self.tr("Training (average)"))
        self._add_row("batch", self.tr("Training (each batch)"))
        self._add_row("validation", "")
        self._add_row("test", self.tr("Test"))
        self._add_row("earlier_training", self.tr("Previous run, training"))
        self._add_row("earlier_validation", self.tr("Previous run, validation"))
        self.show_validation_images(_VALIDATION_IMAGES)
        self.show_rows(test=False, earlier=False)

    def show_pens(self, pens: Mapping[str, QPen], frame: QPalette) -> None:
        """Draw the samples as the curves are drawn, and the boxes with this palette."""
        for name, sample in self._samples.items():
            sample.set_pen(pens[name])
            if self._has_switches:
                self._names[name].setPalette(frame)

    def show_validation_images(self, images: int) -> None:
        """Say how many images the validation is on."""
        text = self.tr("Validation ({images} images not trained on)")
        self._validation = text.format(images=count(images))
        self._names["validation"].setAccessibleName(self._validation)
        self._name_validation(self._validation)
        self._name_values("validation")

    def show_place(self, text: str) -> None:
        """Show where the values are read."""
        self.step.setText(text)

    def show_values(self, name: str, accuracy: str, loss: float | None) -> None:
        """Show a curve's values in its row; an empty text where there is none."""
        first, second = self._values[name]
        first.setText(accuracy)
        second.setText("" if loss is None else number(loss, 4))

    def value(self, name: str) -> tuple[str, str]:
        """Return the texts in a curve's row: accuracy, loss."""
        first, second = self._values[name]
        return first.text(), second.text()

    def name(self, name: str) -> str:
        """Return what a curve is called."""
        return self._validation if name == "validation" else self._names[name].text()

    def switch(self, name: str) -> QCheckBox:
        """Return the box that shows a curve; raises LookupError where there are no boxes."""
        box = self._names[name]
        if isinstance(box, QCheckBox):
            return box
        raise LookupError(name)

    def hidden(self) -> frozenset[str]:
        """Return the curves that are switched off."""
        boxes = {name: box for name, box in self._names.items() if isinstance(box, QCheckBox)}
        return frozenset(name for name, box in boxes.items() if not box.isChecked())

    def minimumSizeHint(self) -> QSize:
        """Return the width with the shorter name of the validation."""
        hint = super().minimumSizeHint()
        width = hint.width() - self._width_of_names() + self._width_of_names(self._short)
        return QSize(width, hint.height())

    def fit(self) -> None:
        """Give the validation a shorter name where there is no room for the whole one."""
        others = super().minimumSizeHint().width() - self._width_of_names()
        fits = others + self._width_of_names(self._validation) <= self.width()
        self._name_validation(self._validation if fits else self._short)

    def _width_of_names(self, validation: str = "") -> int:
        """Return the width of the column of names, with another name of the validation if any."""
        box = self._names["validation"]
        shown = [each for each in self._names.values() if not each.isHidden() and each is not box]
        metrics, width = box.fontMetrics(), box.sizeHint().width()
        if validation:
            width += metrics.horizontalAdvance(validation) - metrics.horizontalAdvance(box.text())
        return max(width, *(each.sizeHint().width() for each in shown))

    def _name_validation(self, text: str) -> None:
        box = self._names["validation"]
        box.setText(text)
        if self._has_switches:
            lines = ("" if text == self._validation else self._validation, self._switch_tip)
            box.setToolTip("\n".join(filter(None, lines)))

    def show_rows(self, *, test: bool, earlier: bool) -> None:
        """Show the rows of the test and of the previous run, or leave them out."""
        for name, shown in (("test", test), *((each, earlier) for each in _EARLIER)):
            if self._samples[name].isHidden() == shown:
                for part in (self._samples[name], self._names[name], *self._values[name]):
                    part.setVisible(shown)

    def _name_values(self, name: str) -> None:
        """Let the values be heard with the name of their curve."""
        for value in self._values[name]:
            value.setAccessibleDescription(self.name(name))

    def _add_head(self) -> None:
        loss = figure(self.tr("Loss"))
        for label in (self.first_column, loss):
            label.setForegroundRole(self.step.foregroundRole())
        self._grid.addWidget(self.step, 0, 0, 1, 2)
        self._grid.addWidget(self.first_column, 0, 2)
        self._grid.addWidget(loss, 0, 3)

    def _add_row(self, name: str, title: str) -> None:
        self._samples[name] = LineSample(marked=name in MARKS)
        self._names[name] = self._switch(name, title) if self._has_switches else QLabel(title)
        self._values[name] = (figure(), figure())
        self._name_values(name)
        row = len(self._names)
        parts = (self._samples[name], self._names[name], *self._values[name])
        for place, part in enumerate(parts):
            self._grid.addWidget(part, row, place)

    def _switch(self, name: str, title: str) -> QCheckBox:
        box = named(QCheckBox(title), f"show_{name}_box", title)
        box.setToolTip(self._switch_tip)
        box.setMinimumHeight(_ROW_HEIGHT)
        box.setChecked(True)
        box.toggled.connect(self.switched)
        return box
