"""The test images that excite a map or a unit most."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QPushButton, QWidget

from mnist_gui.engine.inside.receptive_field import Field
from mnist_gui.gui.activations.number_grid import outline
from mnist_gui.gui.common.images import as_qimage
from mnist_gui.gui.common.labels import count, paragraph, tabular
from mnist_gui.gui.common.qt import column, explain, named, never_mirrored, row, widget_with

_SIDE, _GAP = 64, 6
_IN_HALF = 4


@dataclass(frozen=True, slots=True, eq=False)
class ExcitingImage:
    """A test image: its index, the image (28, 28), what is framed in it, and what is said of it."""

    index: int
    image: NDArray[np.uint8]
    field: Field
    text: str
    spoken: str


class ImageButton(QAbstractButton):
    """A test image; a click puts it on the pad."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: ExcitingImage | None = None
        self._picture = QImage()
        self.setObjectName("exciting_image")
        self.setFont(tabular(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_image(self, shown: ExcitingImage) -> None:
        """Show a test image."""
        self.shown, self._picture = shown, as_qimage(shown.image)
        self.setAccessibleName(shown.spoken)
        explain(self, self.tr("Put this test image on the pad"))
        self.setToolTip(shown.spoken)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the image with its number."""
        return QSize(_SIDE, _SIDE + self.fontMetrics().height() + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the image, the frame, and the number below."""
        if self.shown is None:
            return
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        square = QRectF((self.width() - _SIDE) / 2, 0, _SIDE, _SIDE)
        painter.drawImage(square, self._picture)
        field, pixel = self.shown.field, _SIDE / len(self.shown.image)
        frame = QRectF(
            square.left() + field.left * pixel,
            square.top() + field.top * pixel,
            field.columns * pixel,
            field.rows * pixel,
        )
        if field.rows < len(self.shown.image):
            outline(painter, frame, self.palette())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        below = QRectF(0, _SIDE + 2, self.width(), self.fontMetrics().height())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.shown.text)
        painter.end()


class ExcitingImages(QWidget):
    """Offers to look for the images, shows how far that is, and shows them.

    `asked` and `cancelled` begin and end the search, `image_chosen` carries one of the images.
    """

    asked = Signal()
    cancelled = Signal()
    image_chosen = Signal(int, np.ndarray)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[ImageButton] = []
        self.words = named(paragraph(), "exciting_words")
        text = self.tr("Find the test images that excite it most")
        self.find_button = named(QPushButton(text), "find_exciting_button")
        self.find_button.clicked.connect(self.asked)
        self.cancel_button = named(QPushButton(self.tr("Cancel")), "cancel_exciting_button")
        self.cancel_button.clicked.connect(self.cancelled)
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        self._images = never_mirrored(widget_with(self._grid))
        self._grid.setContentsMargins(0, 0, 0, 0)
        offer, images = row(self.find_button, 0), row(self._images, 0)
        state = row((self.words, 1), self.cancel_button, spacing=8)
        column(offer, state, images, parent=self, spacing=6)
        self.show_offer("")

    def show_offer(self, reason: str, *, can_search: bool = True) -> None:
        """Offer to look for images, or say why not."""
        self.find_button.setVisible(True)
        self.find_button.setEnabled(can_search)
        self.cancel_button.setVisible(False)
        self.words.setText(reason)
        self.words.setVisible(bool(reason))
        self._images.setVisible(False)

    def show_progress(self, done: int, total: int) -> None:
        """Show how far the search is."""
        text = self.tr("Looking through the test images: {done} of {total}")
        self.words.setText(text.format(done=count(done), total=count(total)))
        self.words.setVisible(True)
        self.cancel_button.setVisible(True)
        if self.find_button.hasFocus():
            # Disabled, it would hand the focus to the top of the page.
            self.cancel_button.setFocus()
        self.find_button.setEnabled(False)
        self._images.setVisible(False)

    def show_images(self, sentence: str, images: Sequence[ExcitingImage]) -> None:
        """Show the images that were found, and the sentence on what they are."""
        for _ in range(len(self.buttons), len(images)):
            self.buttons.append(ImageButton())
            self.buttons[-1].clicked.connect(self._choose)
        for place, button in enumerate(self.buttons):
            button.setVisible(place < len(images))
            if place < len(images):
                button.show_image(images[place])
        self._arrange()
        self._images.setVisible(True)
        if self.cancel_button.hasFocus() and images:
            self.buttons[0].setFocus()
        self.find_button.setVisible(False)
        self.cancel_button.setVisible(False)
        self.words.setText(sentence)
        self.words.setVisible(True)

    def minimumSizeHint(self) -> QSize:
        """Return the width of half of the images: they can be in two rows."""
        height = super().minimumSizeHint().height()
        return QSize(_IN_HALF * (_SIDE + _GAP), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the images into two rows where it is narrow."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        is_wide = self.width() >= len(self.buttons) * (_SIDE + _GAP)
        columns = len(self.buttons) if is_wide else _IN_HALF
        for place, button in enumerate(self.buttons):
            self._grid.addWidget(button, *divmod(place, columns))

    @Slot()
    def _choose(self) -> None:
        button = self.sender()
        if isinstance(button, ImageButton) and button.shown is not None:
            self.image_chosen.emit(button.shown.index, button.shown.image)
