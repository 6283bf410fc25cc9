"""What the network reads: the digit, its image and ten bars."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAction,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.prediction import Certainty, NumberPrediction, Prediction
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.icons import icon
from mnist_gui.gui.common.images import PixelImage
from mnist_gui.gui.common.labels import (
    LargeLabel,
    caption,
    count,
    enlarge,
    paragraph,
    percent,
    tabular,
)
from mnist_gui.gui.common.qt import (
    ActionFace,
    Announcer,
    column,
    explain,
    named,
    row,
    widget_with,
)
from mnist_gui.gui.displayed import Displayed, Source, doubt
from mnist_gui.gui.drawing.digit_tiles import DigitTiles

_BAR_GAP = 10.0
_THICKEST = 12.0
_DIMMED = 0.4
_DIGIT_POINTS = 54
_SEVERAL_POINTS = 32
_CANDIDATES_POINTS = 26
_BACK_SIDE = 24
_MORE_POINTS = 3
# Of a sentence in place of a digit.
_LINES = 4


class ProbabilityBars(QWidget):
    """Shows a prediction's ten probabilities, a digit that is sure in the accent colour.

    Without one, all bars are dimmed.
    """

    def __init__(self) -> None:
        super().__init__()
        # Per digit, the bar's length as a share of its track, and the same in words.
        self._shares: list[tuple[float, str]] = []
        self._read: int | None = None
        self._measured: tuple[QFont, tuple[float, float]] | None = None
        is_to_be(self, QAccessible.Role.Chart)
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show a prediction, or empty bars."""
        shares: list[tuple[float, str]] = []
        read = None
        if prediction is not None:
            exact = prediction.probabilities.tolist()
            shares = [(round(share, 3), percent(share)) for share in exact]
            read = prediction.digit if prediction.is_sure else None
        # Painting takes a millisecond, and a network that learns is asked again and again.
        if (shares, read) != (self._shares, self._read):
            self._shares, self._read = shares, read
            self.update()

    def track(self, digit: int) -> QRectF:
        """Return the place that a digit's bar fills when its probability is 1."""
        row, (left, right) = self._row(digit), self._margins()
        thickness = min(_THICKEST, row.height() - 4)
        width = row.width() - right - left
        return QRectF(left, row.center().y() - thickness / 2, width, thickness)

    def _margins(self) -> tuple[float, float]:
        """Return the widths beside the bars for digits and percentages, measured once a font."""
        font = self.font()
        if self._measured is None or self._measured[0] != font:
            metrics = QFontMetricsF(font)
            texts = ("0", percent(0.9999))
            left, right = (metrics.horizontalAdvance(text) + _BAR_GAP for text in texts)
            self._measured = font, (left, right)
        return self._measured[1]

    def _row(self, digit: int) -> QRectF:
        height = self.height() / CLASSES
        return QRectF(0, digit * height, self.width(), height)

    def sizeHint(self) -> QSize:
        """Comfortable rows."""
        return QSize(240, 17 * CLASSES)

    def minimumSizeHint(self) -> QSize:
        """Rows as low as their text."""
        return QSize(160, self.fontMetrics().height() * CLASSES)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint digit, bar and percentage of each row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setPen(Qt.PenStyle.NoPen)
        for digit in range(CLASSES):
            self._paint_row(painter, digit, self._row(digit))
        painter.end()

    def _paint_row(self, painter: QPainter, digit: int, row: QRectF) -> None:
        is_read = digit == self._read
        self._paint_bar(painter, digit, self.track(digit), is_read=is_read)
        role = QPalette.ColorRole.WindowText if is_read else QPalette.ColorRole.PlaceholderText
        painter.setPen(self.palette().color(role))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignLeft, str(digit))
        if self._shares:
            painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, self._shares[digit][1])
        painter.setPen(Qt.PenStyle.NoPen)

    def _paint_bar(self, painter: QPainter, digit: int, track: QRectF, *, is_read: bool) -> None:
        colours, radius = self.palette(), track.height() / 4
        painter.setBrush(colours.color(QPalette.ColorRole.Mid))
        painter.setOpacity(0.45)
        painter.drawRoundedRect(track, radius, radius)
        painter.setOpacity(1.0)
        if not self._shares:
            return
        role = QPalette.ColorRole.Accent if is_read else QPalette.ColorRole.PlaceholderText
        painter.setBrush(colours.color(role))
        painter.setOpacity(1.0 if self._read is not None else _DIMMED)
        filled = QRectF(track)
        filled.setWidth(track.width() * self._shares[digit][0])
        painter.drawRoundedRect(filled, radius, radius)
        painter.setOpacity(1.0)


class PredictionPanel(QWidget):
    """Shows the 28x28 image, the digit in large type with its probability, and ten bars.

    What is not sure gets one sentence in place of digit and probability.

    Of a number it shows the digits in large type, each one's image, and one's bars. Above all
    stands what is read; the button beside it asks for the drawing on the canvas again.
    """

    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.source = paragraph()
        self.back = QAction(icon("close"), self.tr("Back to your drawing"), self)
        self.back_button = QToolButton(autoRaise=True)
        ActionFace(self.back_button, self.back)
        self.picture = QWidget()
        self.image = PixelImage()
        self.digit = LargeLabel()
        self.probability = QLabel()
        self.remark = caption()
        self.message = paragraph()
        self.reader = caption()
        self.tiles = DigitTiles()
        self.bars = ProbabilityBars()
        self._number: NumberPrediction | None = None
        self._network = ""
        self._announcer = Announcer(self.bars)
        # While the network learns, its answers change all the time: each subject is spoken once.
        self.is_learning = False
        self._subject: tuple[object, ...] = ()
        self._spoken_of: tuple[object, ...] = ()
        self._name_parts()
        self._lay_out()
        self.back.triggered.connect(self.back_requested)
        self.tiles.digit_chosen.connect(self._show_digit_of_number)
        self._show_source(Displayed())
        self.show_prediction(None)

    @Slot(object)
    def show_displayed(self, displayed: Displayed) -> None:
        """Show what is displayed; what is not known of it yet stays as it is."""
        self._show_source(displayed)
        self._subject = (displayed.source, displayed.drawing, displayed.index)
        if displayed.is_drawn and not displayed.drawing:
            self.clear()
            return
        if displayed.image is not None:
            self.image.show_image(displayed.image)
        match displayed.prediction:
            case Prediction() as prediction:
                self.show_prediction(prediction)
                if displayed.label is not None:
                    self.show_remark(self._verdict(prediction, displayed.label))
            case NumberPrediction() as number:
                self.show_number(number)
            case None if displayed.problem:
                self.show_message(displayed.problem)

    def _say(self, text: str) -> None:
        if not (self.is_learning and self._subject == self._spoken_of):
            self._spoken_of = self._subject
            self._announcer.say(text)

    def _verdict(self, prediction: Prediction, label: int) -> str:
        if not prediction.is_sure:
            return self.tr("it is a {digit}").format(digit=label)
        if prediction.digit == label:
            return self.tr("read correctly")
        return self.tr("wrong: it is a {digit}").format(digit=label)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show what the network says, or no digit at all."""
        self._show_number(None)
        self.show_remark("")
        self._show_bars(prediction)
        self._show_digit_or_message(is_digit=prediction is not None)
        if prediction is None:
            self.digit.clear()
            self.probability.clear()
            self._announcer.say("")
            return
        self.message.clear()
        self._show_digit(prediction)

    def show_number(self, reading: NumberPrediction) -> None:
        """Show what the network says of several digits side by side."""
        self._show_number(reading)
        self.show_remark(self._doubts(reading))
        self._show_digit_or_message(is_digit=True)
        self.probability.clear()
        self.probability.hide()
        self.message.clear()
        self.digit.show_text(reading.text, _SEVERAL_POINTS)
        self._show_digit_of_number(self.tiles.chosen)
        self.tiles.setAccessibleDescription(self._number_in_words(reading))
        spoken = self.tr("Read as {number}").format(number=reading.text)
        self._say(". ".join(filter(None, (spoken, self._doubts(reading)))))

    @Slot()
    def clear(self) -> None:
        """Show that there is nothing to read."""
        self.image.show_image(None)
        self.show_message("")

    @Slot(str)
    def show_message(self, text: str) -> None:
        """Show a sentence where the digit would be."""
        self.show_prediction(None)
        self.message.setText(text)

    def show_reader(self, network: str, details: str) -> None:
        """Name the network that reads; the details are for who points at the name."""
        self._network = network
        self.reader.setToolTip(details)
        self._show_reader()

    def show_remark(self, text: str) -> None:
        """Add a line beneath the digit."""
        self.remark.setText(text)
        self.remark.setVisible(bool(text))

    def _show_source(self, displayed: Displayed) -> None:
        self.source.setText(self._now_reading(displayed))
        self.back_button.setVisible(displayed.source is not Source.DRAWING)

    def _now_reading(self, displayed: Displayed) -> str:
        match displayed.source:
            case Source.DRAWING:
                return self.tr("Now reading: your drawing")
            case Source.REPLAY:
                return self.tr("Now reading: the replay of your drawing")
            case Source.TEST_IMAGE:
                text = self.tr("Now reading: test image {number}")
                return text.format(number=count(displayed.index or 0))
            case Source.TRAINING_IMAGE:
                text = self.tr("Now reading: training image {number}")
                return text.format(number=count(displayed.index or 0))
            case Source.PICTURE:
                text = self.tr("Now reading: digit {place} of the picture")
                return text.format(place=count((displayed.index or 0) + 1))

    def _show_digit(self, prediction: Prediction) -> None:
        spoken = doubt(prediction)
        match prediction.certainty:
            case Certainty.SURE:
                self.digit.show_text(str(prediction.digit), _DIGIT_POINTS)
                self.probability.setText(percent(prediction.probability))
                spoken = self.tr("Read as {digit}, {probability}").format(
                    digit=prediction.digit, probability=percent(prediction.probability, 0)
                )
            case Certainty.UNDECIDED:
                self.digit.show_text(spoken, _CANDIDATES_POINTS)
                self.probability.clear()
            case Certainty.NOT_A_DIGIT:
                self.digit.clear()
                self.probability.setText(spoken)
        for label in (self.digit, self.probability):
            label.setVisible(bool(label.text()))
        self._explain_probability(prediction.certainty)
        self._say(spoken)

    def _explain_probability(self, certainty: Certainty) -> None:
        tip = self.tr(
            "How sure the network is. Training ends with a calibration: of 100 digits read "
            "with 90 %, about 90 are read correctly."
        )
        if certainty is Certainty.NOT_A_DIGIT:
            tip = self.tr(
                "It resembles none of the digits that the network learned from; the bars only "
                "compare the ten digits with each other."
            )
        spoken = self.tr("Probability of the digit")
        named(self.probability, "probability_label", spoken, tip)

    def _doubts(self, reading: NumberPrediction) -> str:
        """Return what is not sure of each digit, from left to right; there is little room."""
        words = {Certainty.NOT_A_DIGIT: self.tr("Not a digit?")}
        predictions = [digit.prediction for digit in reading.unsure]
        return " \u00b7 ".join(words.get(p.certainty, doubt(p)) for p in predictions)

    def _show_number(self, reading: NumberPrediction | None) -> None:
        self._number = reading
        self.tiles.show_number(reading)
        self.tiles.setVisible(reading is not None)
        self._show_reader()
        self.picture.setVisible(reading is None)

    @Slot(int)
    def _show_digit_of_number(self, place: int) -> None:
        if self._number is not None:
            prediction = self._number.digits[place].prediction
            self._show_bars(prediction)
            self._say(self._digit_in_words(prediction))
        self._show_reader()

    def _show_reader(self) -> None:
        """Say above the bars who reads, and which digit of a number."""
        if not self._network:
            return
        if self._number is None:
            self.reader.setText(self.tr("Read by {network}").format(network=self._network))
            return
        text = self.tr("Digit {place} of {total}, read by {network}")
        place, total = count(self.tiles.chosen + 1), count(len(self._number.digits))
        self.reader.setText(text.format(place=place, total=total, network=self._network))

    def _show_bars(self, prediction: Prediction | None) -> None:
        self.bars.show_prediction(prediction)
        words = self.tr("No prediction") if prediction is None else self._in_words(prediction)
        self.bars.setAccessibleDescription(words)

    def _show_digit_or_message(self, *, is_digit: bool) -> None:
        self.digit.setVisible(is_digit)
        self.probability.setVisible(is_digit)
        self.message.setVisible(not is_digit)

    def _in_words(self, prediction: Prediction) -> str:
        shares = enumerate(prediction.probabilities.tolist())
        return ", ".join(f"{digit}: {percent(share)}" for digit, share in shares)

    def _number_in_words(self, reading: NumberPrediction) -> str:
        predictions = [digit.prediction for digit in reading.digits]
        return ", ".join(map(self._digit_in_words, predictions))

    def _digit_in_words(self, prediction: Prediction) -> str:
        return doubt(prediction) or f"{prediction.digit}: {percent(prediction.probability)}"

    def _name_parts(self) -> None:
        named(self.source, "now_reading", self.tr("What is read now"))
        self.back_button.setObjectName("back_to_drawing_button")
        self.back_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.back_button.setFixedSize(_BACK_SIDE, _BACK_SIDE)
        named(self.image, "network_image", self.tr("Image the network receives"))
        explain(
            self.image,
            self.tr(
                "The drawing as the network receives it: 28x28 pixels, sized and centred as the "
                "digits of MNIST are."
            ),
        )
        tip = self.tr("The digit the network takes the drawing for.")
        named(self.digit, "digit_label", self.tr("Digit read"), tip)
        self._explain_probability(Certainty.SURE)
        self.probability.setFont(tabular(self.font()))
        enlarge(self.probability, _MORE_POINTS)
        self.remark.setObjectName("prediction_remark")
        self.message.setObjectName("prediction_message")
        named(self.reader, "reader_label", self.tr("Network that reads"))
        named(self.tiles, "digit_tiles", self.tr("The number's digits"))
        explain(
            self.tiles,
            self.tr("Each digit as the network receives it. Click one to see its probabilities."),
        )
        named(self.bars, "probability_bars", self.tr("Probability of each digit"))
        explain(self.bars, self.tr("How likely each digit is, according to the network."))

    def _lay_out(self) -> None:
        labels = (self.message, self.digit, self.probability, self.remark)
        for label in labels:
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for label in (self.probability, self.remark, self.reader):
            label.setWordWrap(True)
        column(self.image, 0, parent=self.picture)
        # As high without the button.
        source = widget_with(row((self.source, 1), self.back_button, spacing=8))
        source.setMinimumHeight(_BACK_SIDE)
        reading = column(0, *labels, self.tiles, 0, spacing=0)
        self._top = widget_with(row(self.picture, (reading, 1), spacing=12))
        self._fix_height()
        bars = widget_with(column(self.reader, (self.bars, 1), spacing=4))
        column(source, self._top, (bars, 1), parent=self, spacing=8)
        self.bars.setMaximumHeight(24 * CLASSES)

    def changeEvent(self, event: QEvent) -> None:
        """Reserve other room for a type of another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fix_height()

    def _fix_height(self) -> None:
        """Keep what is beneath the reading where it is, whatever is read: also a number."""
        font = tabular(self.font())
        font.setWeight(QFont.Weight.Light)
        one, several = (
            QFontMetrics(tabular(font, points)).height()
            for points in (_DIGIT_POINTS, _SEVERAL_POINTS)
        )
        larger = tabular(self.font(), self.font().pointSizeF() + _MORE_POINTS)
        line = QFontMetrics(larger).lineSpacing() + 2
        several += self.tiles.sizeHint().height()
        needed = (self.picture.sizeHint().height(), one + line, several, _LINES * line)
        self._top.setFixedHeight(max(needed))
