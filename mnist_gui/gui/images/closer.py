"""One image enlarged: what was read in it, why it is listed, and what it is most like."""

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QPushButton, QWidget

from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.inside.image_lists import ReadImages
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.images import PixelImage
from mnist_gui.gui.common.labels import caption, heading, paragraph
from mnist_gui.gui.common.qt import Announcer, column, named, row, widget_with
from mnist_gui.gui.images.bars import DigitBars
from mnist_gui.gui.images.strip import ReadingStrip
from mnist_gui.gui.images.text import Listing, ListText

_SMALL = 3 * IMAGE_SIDE + 2


class Alike(NamedTuple):
    """The places of the images most like one that is looked at, None where there is none.

    One is of the digit that was read, or the next best one where that is right, one of the label.
    """

    of_read: int | None = None
    of_label: int | None = None


class _Lookalike(QWidget):
    """A small image with what it is."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.image = named(PixelImage(), f"{name}_image", title)
        self.image.setFixedSize(_SMALL, _SMALL)
        self.words = caption()
        self.words.setWordWrap(True)
        words = widget_with(column(self.words, 1))
        # Otherwise all else would move while it is searched.
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        row((self.image, Qt.AlignmentFlag.AlignTop), (words, 1), parent=self, spacing=8)

    def show_image(self, read: ReadImages, at: int | None, words: str) -> None:
        """Show the image at a place, or nothing."""
        self.setVisible(at is not None)
        if at is not None:
            self.image.show_image(read.images[at])
            self.words.setText(words)
            self.image.setAccessibleDescription(words)


class CloserLook(QWidget):
    """Shows an image of a listing enlarged, and says why it is there and how it is read.

    `pad_requested` asks for it to be put on the pad.
    """

    pad_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = ListText(self)
        self._announcer = Announcer(self)
        self._shown: tuple[Listing, int] | None = None
        self.heading = heading("")
        self.heading.setWordWrap(True)
        self.image = named(PixelImage(), "enlarged_image", self.tr("Image, enlarged"))
        self.enlarge(5)
        self.bars = DigitBars()
        self.legend = caption()
        self.why_read = named(paragraph(), "why_read")
        self.why_listed = named(paragraph(), "why_listed")
        self.strip = ReadingStrip()
        self._strip_words = caption(self.tr("Read at each kept step, filled where it was right:"))
        self._strip_words.setWordWrap(True)
        self.of_read = _Lookalike("taken_for", self.tr("What it is taken for"))
        self.of_label = _Lookalike("of_label", self.tr("What its label looks like"))
        self.pad_button = named(
            QPushButton(self.tr("Put on the pad")),
            "pad_button",
            tip=self.tr("Read this image on the pad, where all other pages follow it"),
        )
        self.pad_button.clicked.connect(self.pad_requested)
        self._lay_out()

    def enlarge(self, times: int) -> None:
        """Show the image so many times as large."""
        side = times * IMAGE_SIDE + 2
        self.image.setFixedSize(side, side)

    def show_image(self, listing: Listing, place: int) -> None:
        """Show the image at a place of a listing's order."""
        read, at = listing.read, int(listing.order[place])
        self._shown = (listing, at)
        self.heading.setText(self._words.heading(read, at))
        self.image.show_image(read.images[at])
        series = [read.probabilities[at]]
        if read.second is not None:
            series.append(read.second[at])
        self.bars.show_shares(int(read.labels[at]), *series)
        self.legend.setText(self._legend(listing))
        self.why_read.setText(self._words.why_read(listing, at))
        self.why_listed.setText(self._words.why_listed(listing, place))
        self._strip.setVisible(read.learning is not None)
        if read.learning is not None:
            self.strip.show_readings(read.learning, at)
        self.show_alike(Alike())
        said = (self.heading.text(), self.why_listed.text(), self.why_read.text())
        self._announcer.say(". ".join(said))

    def show_alike(self, alike: Alike) -> None:
        """Show the images that are most like the one that is shown."""
        if self._shown is None:
            return
        read, at = self._shown[0].read, self._shown[1]
        for widget, place, is_label in (
            (self.of_read, alike.of_read, False),
            (self.of_label, alike.of_label, True),
        ):
            words = ""
            if place is not None:
                words = self._words.alike(read, at, place, is_label=is_label)
            widget.show_image(read, place, words)

    def _legend(self, listing: Listing) -> str:
        if listing.second:
            text = self.tr("Above: {network}. Striped: {second}. The framed digit is the label.")
            return text.format(network=listing.network, second=listing.second)
        return self.tr("The framed digit is the label.")

    def _lay_out(self) -> None:
        self.legend.setWordWrap(True)
        self.why_listed.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._strip = widget_with(column(self._strip_words, self.strip, spacing=4))
        picture = widget_with(row(self.image, 1))
        bars = widget_with(column(self.bars, 1))
        both = Columns((picture, bars), stretches=(0, 1), spacing=12)
        button = row(self.pad_button, 1)
        alike = row((self.of_read, 1), (self.of_label, 1), spacing=12)
        said = (self.legend, self.why_read, self.why_listed, self._strip, alike, button)
        column(self.heading, both, *said, 1, parent=self, spacing=8)
