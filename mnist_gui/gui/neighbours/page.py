"""The page of the training images that are most like the digit on the pad."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.diverging import diverging_colormap
from mnist_gui.gui.common.images import PixelImage
from mnist_gui.gui.common.labels import caption, paragraph
from mnist_gui.gui.common.qt import Announcer, column, named, widget_with
from mnist_gui.gui.views.page import ViewPage
from mnist_gui.gui.views.strip import ImageStrip, StripImage

_FITTED = 9
# Six pixels for each of the image's, and a frame.
_SIDE = 6 * IMAGE_SIDE + 2


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """The nearest images of one kind of nearness, with their labels."""

    images: Sequence[StripImage]
    labels: Sequence[int]

    @property
    def vote(self) -> tuple[int, int]:
        """The label that most of them have, and how many."""
        counts = np.bincount(self.labels, minlength=10)
        return int(counts.argmax()), int(counts.max())


class DifferenceImage(PixelImage):
    """Shows where only one of two images has ink: blue is the first, orange the second."""

    def __init__(self) -> None:
        super().__init__()
        self._difference: NDArray[np.float64] | None = None

    def show_difference(self, one: NDArray[np.uint8], other: NDArray[np.uint8]) -> None:
        """Show by how much two images (28, 28) uint8 differ."""
        self._difference = one.astype(np.float64) - other
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the difference, in the colours of the theme."""
        super().paintEvent(event)
        if self._difference is None:
            return
        full = np.full(self._difference.shape, 255, np.uint8)
        colours = diverging_colormap(self.palette())
        # What is the same in both is the ground.
        ink = np.where(self._difference == 0, 0, full).astype(np.uint8)
        picture: QImage = colours.picture(self._difference, ink, 255.0)
        painter = QPainter(self)
        painter.drawImage(self.rect().adjusted(1, 1, -1, -1), picture)
        painter.end()


class NeighboursPage(ViewPage):
    """Shows two rows of nine training images, and one of them beside the digit on the pad."""

    def __init__(self) -> None:
        super().__init__("neighbours")
        self._digit: NDArray[np.uint8] | None = None
        self._chosen: tuple[int, int] | None = None
        tip = self.tr("Label and distance of each training image. Click one to compare it.")
        titles = {
            "alike_pixels": self.tr("Nearest by pixels"),
            "alike_seen": self.tr("Nearest by what the network makes of them"),
        }
        self.verdicts = [named(paragraph(), f"{name}_verdict") for name in titles]
        self.strips = [ImageStrip(*each, tip, fitted=_FITTED) for each in titles.items()]
        self.digit_image = named(PixelImage(), "alike_digit", self.tr("Digit on the pad"))
        self.near_image = named(PixelImage(), "alike_image", self.tr("Training image"))
        self.difference = named(DifferenceImage(), "alike_difference", self.tr("Difference"))
        for image in (self.digit_image, self.near_image, self.difference):
            image.setFixedSize(_SIDE, _SIDE)
        self.near_title, self.comparison = caption(), named(paragraph(), "comparison")
        self._comparison_announcer = Announcer(self)
        self._lay_out_parts()
        for number, strip in enumerate(self.strips):
            strip.current_changed.connect(partial(self._choose, number))
        self.show_purpose(
            self.tr(
                "The training images that lie nearest to the digit on the pad: by their pixels, "
                "and by what the network makes of them. See whether the network finds alike what "
                "you would. Near does not mean that they made it answer so."
            )
        )

    def show_rows(
        self, digit: NDArray[np.uint8], rows: Sequence[Row | None], verdicts: Sequence[str]
    ) -> None:
        """Show what is alike to a digit (28, 28) uint8; None stands for a row still to come."""
        self.show_body(is_complete=None not in rows)
        self._digit = digit
        for strip, label, row, verdict in zip(
            self.strips, self.verdicts, rows, verdicts, strict=True
        ):
            strip.setVisible(row is not None)
            strip.show_images(row.images if row is not None else ())
            label.setText(verdict)
        self._compare()

    def _choose(self, row: int, place: int) -> None:
        self._chosen = (row, place)
        self._compare()
        self._comparison_announcer.say(self.near_title.text())

    def _compare(self) -> None:
        """Show the chosen image beside the digit, at first the nearest one."""
        row, place = self._chosen or (len(self.strips) - 1, 0)
        images = self.strips[row].images or self.strips[0].images
        if self._digit is None or not images:
            return
        near = images[min(place, len(images) - 1)]
        self.digit_image.show_image(self._digit)
        self.near_image.show_image(near.image)
        self.near_image.setAccessibleDescription(near.words)
        self.difference.show_difference(self._digit, near.image)
        self.near_title.setText(near.words)

    def _lay_out_parts(self) -> None:
        for label in self.verdicts:
            label.setForegroundRole(QPalette.ColorRole.WindowText)
        self.near_title.setWordWrap(True)
        self.comparison.setText(
            self.tr("Blue: ink of your digit only. Orange: ink of the training image only.")
        )
        self.comparison.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        parts = (
            (caption(self.tr("Digit on the pad")), self.digit_image),
            (self.near_title, self.near_image),
            (self.comparison, self.difference),
        )
        pairs = [widget_with(column(image, words, 0, spacing=4)) for words, image in parts]
        compared = Columns(pairs, stretches=(0, 0, 1), spacing=16)
        rows = zip(self.verdicts, self.strips, strict=True)
        body = [each for row in rows for each in row]
        column(*body, compared, 0, parent=self.body, spacing=6)
