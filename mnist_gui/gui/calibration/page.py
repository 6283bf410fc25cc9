"""The page on calibration: the diagram, what follows from it, and the measures."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSizePolicy, QWidget

from mnist_gui.engine.calibration import BINS, Honesty, verdict
from mnist_gui.gui.calibration.diagram import (
    CALIBRATED,
    RAW,
    ReliabilityDiagram,
    paint_mark,
    series_colour,
)
from mnist_gui.gui.calibration.text import CalibrationText
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.labels import caption, count, figure, heading, number, paragraph, percent
from mnist_gui.gui.common.qt import column, named, row, widget_with
from mnist_gui.gui.views.page import ViewPage
from mnist_gui.words.calibration import verdict_sentence

TEST, VALIDATION = range(2)
_SWATCH = QSize(26, 16)
_SIDE_WIDTH = 300


class Swatch(QWidget):
    """The line and the mark of raw or calibrated probabilities, as in the diagram."""

    def __init__(self, series: int) -> None:
        super().__init__()
        self._series = series
        fixed = QSizePolicy.Policy.Fixed
        self.setSizePolicy(fixed, fixed)
        self.setFixedSize(_SWATCH)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line and the mark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBackground(QColor(self.palette().color(QPalette.ColorRole.Window)))
        colour = series_colour(self.palette(), self._series)
        line = Qt.PenStyle.DotLine if self._series == RAW else Qt.PenStyle.SolidLine
        painter.setPen(QPen(colour, 1, line))
        place = QRectF(self.rect())
        middle = place.center()
        painter.drawLine(QPointF(place.left(), middle.y()), QPointF(place.right(), middle.y()))
        paint_mark(painter, middle, colour, self._series)
        painter.end()


class CalibrationPage(ViewPage):
    """Shows how honest probabilities are, without the network's temperature and with it."""

    def __init__(self) -> None:
        super().__init__("calibration")
        self._words = CalibrationText(self)
        self.images_box = named(QComboBox(), "calibration_images_box", self.tr("Images"))
        self.images_box.addItems([self.tr("Test images"), self.tr("Validation images")])
        self.fitted_note = named(paragraph(), "calibration_fitted_note")
        self.diagram = ReliabilityDiagram()
        self.bin_label = named(paragraph(), "calibration_bin")
        self.verdicts = tuple(
            named(paragraph(), f"calibration_verdict_{series}") for series in (RAW, CALIBRATED)
        )
        self.names = heading(self.tr("Raw")), heading("")
        self.heads = caption(self.tr("raw")), caption(self.tr("calibrated"))
        self.meanings = tuple(caption() for _ in self._words.measures())
        self.figures = tuple((figure(), figure()) for _ in self._words.measures())
        self.digits_note = named(paragraph(), "calibration_digits_note")
        self.bins_note = caption()
        self.diagram.bin_told.connect(self._show_bin)
        self.show_purpose(
            self.tr(
                "Each mark is a group of answers: how sure the network was, and how often it was "
                "right. On the dashed line it is honest; above, too modest; below, too sure."
            )
        )
        self._lay_out_controls()
        self._lay_out_body()
        self._show_bin("")

    def show_calibration(
        self, raw: Honesty, calibrated: Honesty | None, temperature: float, accuracy: float
    ) -> None:
        """Show probabilities without the temperature, and with it unless it changes nothing.

        The accuracy 0..1 is that of both.
        """
        self.diagram.show_honesty(raw, calibrated)
        self.verdicts[RAW].setText(verdict_sentence(verdict(raw.reliability)))
        name = self.tr("Calibrated, by the temperature {temperature}")
        text = self.tr("This network has no temperature: its raw percentages are all there is.")
        if calibrated is None:
            name = self.tr("Calibrated")
        else:
            text = verdict_sentence(verdict(calibrated.reliability))
        self.names[CALIBRATED].setText(name.format(temperature=number(temperature, 2)))
        self.verdicts[CALIBRATED].setText(text)
        text = self.tr("The answers stay the same: {accuracy} are right either way.")
        self.digits_note.setText(text.format(accuracy=percent(accuracy, 2)))
        self.digits_note.setVisible(calibrated is not None)
        self._show_figures(raw, calibrated)
        self.show_body()

    def show_images_kind(self, kind: int) -> None:
        """Say what has to be known of the images that are chosen."""
        self.fitted_note.setVisible(kind == VALIDATION)

    def _show_figures(self, raw: Honesty, calibrated: Honesty | None) -> None:
        none = ("\u2013",) * len(self.figures)
        columns = (
            self._words.figures(raw),
            none if calibrated is None else self._words.figures(calibrated),
        )
        for series, column_of_figures in enumerate(columns):
            for line, text in enumerate(column_of_figures):
                self.figures[line][series].setText(text)
        for label, meaning in zip(
            self.meanings, self._words.meanings(raw, calibrated), strict=True
        ):
            label.setText(meaning)

    def _show_bin(self, words: str) -> None:
        hint = self.tr("Point at a group, or walk with the arrow keys, to read its numbers.")
        self.bin_label.setText(words or hint)

    # --- putting together ----------------------------------------------------------------------

    def _lay_out_controls(self) -> None:
        label = QLabel(self.tr("&Images"))
        label.setBuddy(self.images_box)
        self.fitted_note.setText(
            self.tr("The temperature was fitted on these images, so here it fits too well.")
        )
        self.fitted_note.hide()
        top = row(label, self.images_box, 0, spacing=8)
        column(top, self.fitted_note, parent=self.controls, spacing=4)

    def _lay_out_body(self) -> None:
        # Lines are kept free, so that the diagram stays where it is.
        self.bin_label.setMinimumHeight(4 * self.fontMetrics().lineSpacing())
        self.bin_label.setAlignment(Qt.AlignmentFlag.AlignTop)
        text = self.tr(
            "{bins} bins of equal width; the bars count the images of each, on a log scale. "
            "The thin lines are 95 % intervals."
        )
        self.bins_note.setText(text.format(bins=count(BINS)))
        for note in (self.bins_note, *self.names, *self.meanings):
            note.setWordWrap(True)
        verdicts = column(self._verdict(RAW), self._verdict(CALIBRATED), spacing=10)
        parts = (verdicts, self.digits_note, self._table(), self.bins_note, 0)
        side = widget_with(column(*parts, spacing=10))
        side.setMinimumWidth(_SIDE_WIDTH)
        figure_part = widget_with(column((self.diagram, 1), self.bin_label, spacing=6))
        both = Columns((figure_part, side), stretches=(3, 2), spacing=18)
        column(both, parent=self.body)

    def _verdict(self, series: int) -> QWidget:
        words = column(self.names[series], self.verdicts[series], spacing=2)
        return widget_with(row((Swatch(series), Qt.AlignmentFlag.AlignTop), (words, 1), spacing=8))

    def _table(self) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(14)
        for series, head in enumerate(self.heads):
            head.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(head, 0, 1 + series)
        for line, name in enumerate(self._words.measures()):
            grid.addWidget(paragraph(name), 1 + 2 * line, 0)
            grid.addWidget(self.meanings[line], 2 + 2 * line, 0, 1, 3)
            for series, label in enumerate(self.figures[line]):
                spoken = f"{name}, {self.heads[series].text()}"
                named(label, f"calibration_figure_{line}_{series}", spoken)
                grid.addWidget(label, 1 + 2 * line, 1 + series)
        grid.setColumnStretch(0, 1)
        return table
