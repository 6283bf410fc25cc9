"""The curves' key, which also reads their values out."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mnist_gui.widgets.labels import caption, figure
from mnist_gui.widgets.number_text import count, number


class LineSample(QWidget):
    """A short piece of a curve."""

    def __init__(self) -> None:
        super().__init__()
        self._pen = QPen()
        self.setFixedSize(QSize(30, 12))

    def set_pen(self, pen: QPen) -> None:
        """Draw with this pen, thicker than on the plot so that its dashes can be told apart."""
        self._pen = QPen(pen)
        self._pen.setWidthF(2.0)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the piece across the middle."""
        painter = QPainter(self)
        painter.setPen(self._pen)
        middle = self.height() // 2
        painter.drawLine(0, middle, self.width(), middle)
        painter.end()


class CurveLegend(QWidget):
    """A table: a row for each curve with its line, name, accuracy and loss at one step."""

    def __init__(self) -> None:
        super().__init__()
        self._samples: dict[str, LineSample] = {}
        self._rows: dict[str, tuple[QLabel, QLabel, QLabel]] = {}
        self.step = caption()
        self.first_column = figure()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnMinimumWidth(2, 76)
        self._grid.setColumnMinimumWidth(3, 56)
        self._add_head()
        self._add_row("training", self.tr("Training, smoothed"))
        self._add_row("batch", self.tr("Training, as measured"))
        self._add_row("validation", self.tr("Validation"))
        self._add_row("earlier_training", self.tr("Previous run, training"))
        self._add_row("earlier_validation", self.tr("Previous run, validation"))
        self.show_earlier(shown=False)

    def show_pens(self, pens: dict[str, QPen]) -> None:
        """Draw the samples as the curves are drawn."""
        for name, sample in self._samples.items():
            sample.set_pen(pens[name])

    def show_step(self, step: int | None) -> None:
        """Say at which step the values are read."""
        self.step.setText("" if step is None else self.tr("Step {step}").format(step=count(step)))

    def show_values(self, name: str, accuracy: str, loss: float | None) -> None:
        """Show a curve's values in its row; an empty text where there is none."""
        _, first, second = self._rows[name]
        first.setText(accuracy)
        second.setText("" if loss is None else number(loss, 4))

    def value(self, name: str) -> tuple[str, str]:
        """Return the texts in a curve's row: accuracy, loss."""
        _, first, second = self._rows[name]
        return first.text(), second.text()

    def show_earlier(self, *, shown: bool) -> None:
        """Show the rows of the previous run, or leave them out."""
        for name in ("earlier_training", "earlier_validation"):
            self._samples[name].setVisible(shown)
            for label in self._rows[name]:
                label.setVisible(shown)

    def _add_head(self) -> None:
        loss = figure(self.tr("Loss"))
        for label in (self.first_column, loss):
            label.setForegroundRole(self.step.foregroundRole())
        self._grid.addWidget(self.step, 0, 0, 1, 2)
        self._grid.addWidget(self.first_column, 0, 2)
        self._grid.addWidget(loss, 0, 3)

    def _add_row(self, name: str, title: str) -> None:
        row = len(self._rows) + 1
        self._samples[name] = LineSample()
        self._rows[name] = (QLabel(title), figure(), figure())
        self._grid.addWidget(self._samples[name], row, 0)
        for column, label in enumerate(self._rows[name], start=1):
            self._grid.addWidget(label, row, column)
