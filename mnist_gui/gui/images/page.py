"""The page of images that are worth a look."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLabel, QToolButton, QWidget

from mnist_gui.engine.architectures import CLASSES, IMAGE_SIDE
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.labels import caption, count, paragraph
from mnist_gui.gui.common.qt import column, named, row, widget_with
from mnist_gui.gui.images.closer import Alike, CloserLook
from mnist_gui.gui.images.grid import ImageGrid
from mnist_gui.gui.images.text import ImageList, Listing, ListText
from mnist_gui.gui.views.page import ViewPage

_CLOSER_WIDTH = 360
_GAP = 14
# From these widths on, an image is enlarged so many times.
_ENLARGEMENTS = ((1_500, 9), (1_100, 7), (0, 5))
SAMPLES = (1_000, 5_000, 20_000)
"""Of how many training images the order of learning can be found; besides, of all."""
_DEFAULT_SAMPLE = 5_000
_NAME_LETTERS = 12
_ANY, _OTHER = -1, -2


class ImagesPage(ViewPage):
    """Shows a list of images, those that fit a filter, and one of them enlarged.

    `changed` says that another list, network or sample was chosen; `image_entered` carries the
    place of the image that is enlarged in the listing's order, `pad_requested` that of one to be
    put on the pad.
    """

    changed = Signal()
    image_entered = Signal(int)
    pad_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__("images")
        self.title.setWordWrap(True)
        self._words = ListText(self)
        self._listing: Listing | None = None
        self._networks: list[tuple[str, str]] = []
        self._fitting: NDArray[np.int64] = np.empty(0, np.int64)
        self.list_box = named(QComboBox(), "image_list_box", self.tr("List"))
        self.second_box = named(QComboBox(), "second_network_box", self.tr("Second network"))
        self.sample_box = named(QComboBox(), "sample_box", self.tr("How many training images"))
        self.label_box = named(QComboBox(), "label_filter_box", self.tr("Label"))
        self.read_box = named(QComboBox(), "read_filter_box", self.tr("Read as"))
        self.summary = named(paragraph(), "images_summary")
        self.none_fits = paragraph(self.tr("No image of this list fits the filter."))
        self.grid = ImageGrid()
        self.back_button = named(QToolButton(), "page_back", self.tr("Page back"))
        self.on_button = named(QToolButton(), "page_on", self.tr("Next page"))
        self.shown = named(caption(), "page_shown")
        self.closer = CloserLook()
        self._fill_boxes()
        self._lay_out_body()
        self._connect()

    # --- what is chosen ------------------------------------------------------------------------

    @property
    def kind(self) -> ImageList:
        """Which list is chosen."""
        return ImageList(self.list_box.currentData())

    @property
    def second(self) -> str:
        """The key of the second network, "" if there is none."""
        return str(self.second_box.currentData() or "")

    @property
    def sample_size(self) -> int:
        """Of how many training images the order of learning is found, 0 for all."""
        return int(self.sample_box.currentData())

    def choose(self, kind: ImageList) -> None:
        """Choose a list."""
        self.list_box.setCurrentIndex(self.list_box.findData(kind.value))

    def show_networks(self, networks: list[tuple[str, str]]) -> None:
        """Offer these networks, each with its key and its title, as the second one."""
        if networks == self._networks:
            return
        before, self._networks = self.second, networks
        self.second_box.blockSignals(True)
        self.second_box.clear()
        for key, title in networks:
            self.second_box.addItem(title, key)
        self.second_box.setCurrentIndex(max(0, self.second_box.findData(before)))
        self.second_box.blockSignals(False)
        if self.second != before:
            self.changed.emit()

    # --- what is shown -------------------------------------------------------------------------

    def show_listing(self, listing: Listing) -> None:
        """Show a list that is not empty."""
        self._listing = listing
        self.summary.setText(self._words.summary(listing))
        self._filter()
        self.show_body()

    def show_alike(self, alike: Alike) -> None:
        """Show what is most like the image that is enlarged."""
        self.closer.show_alike(alike)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the enlarged image beside the others, or below them where it is narrow."""
        super().resizeEvent(event)
        times = next(times for least, times in _ENLARGEMENTS if self.width() >= least)
        self.closer.enlarge(times)
        wanted = _CLOSER_WIDTH + (times - _ENLARGEMENTS[-1][1]) * IMAGE_SIDE
        closer = max(wanted, self.closer.minimumSizeHint().width())
        parts = (self.grid, self.pager)
        grid = max(part.minimumSizeHint().width() for part in parts)
        beside = grid + closer + 3 * _GAP
        is_narrow = self.width() < beside
        directions = QBoxLayout.Direction
        self._body.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)
        self.closer.setMinimumWidth(0 if is_narrow else closer)
        self.closer.setMaximumWidth(self.maximumWidth() if is_narrow else closer)

    def changeEvent(self, event: QEvent) -> None:
        """Have the arrows point the other way where one reads the other way."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._point_arrows()

    def _point_arrows(self) -> None:
        arrows = [Qt.ArrowType.LeftArrow, Qt.ArrowType.RightArrow]
        back, on = reversed(arrows) if self.isRightToLeft() else arrows
        self.back_button.setArrowType(back)
        self.on_button.setArrowType(on)

    @Slot()
    def _filter(self) -> None:
        if self._listing is None:
            return
        read, order = self._listing.read, self._listing.order
        label, digit = self.label_box.currentData(), self.read_box.currentData()
        fits = np.ones(len(order), bool)
        if label != _ANY:
            fits &= read.labels[order] == label
        if digit == _OTHER:
            fits &= read.read[order] != read.labels[order]
        elif digit != _ANY:
            fits &= read.read[order] == digit
        self._fitting = np.flatnonzero(fits)
        self.none_fits.setVisible(not len(self._fitting))
        for part in (self.grid, self.pager, self.closer):
            part.setVisible(bool(len(self._fitting)))
        self.grid.show_list(self._listing, order[self._fitting])

    @Slot(int)
    def _enter(self, place: int) -> None:
        if self._listing is not None:
            in_order = int(self._fitting[place])
            self.closer.show_image(self._listing, in_order)
            self.image_entered.emit(in_order)

    @Slot(int)
    def _choose(self, place: int) -> None:
        self.pad_requested.emit(int(self._fitting[place]))

    @Slot()
    def _choose_current(self) -> None:
        if self.grid.current >= 0:
            self._choose(self.grid.current)

    @Slot(int, int)
    def _show_turned(self, first: int, images: int) -> None:
        text = self.tr("{first} to {last} of {total}")
        total = len(self._fitting)
        facts = {"first": count(first + 1), "last": count(first + images), "total": count(total)}
        self.shown.setText(text.format(**facts))
        self.back_button.setEnabled(first > 0)
        self.on_button.setEnabled(first + images < total)

    @Slot()
    def _change(self) -> None:
        self._fit_controls()
        self.changed.emit()

    def _fit_controls(self) -> None:
        self.show_purpose(self._words.purpose(self.kind))
        self._second.setVisible(self.kind is ImageList.DISAGREEMENTS)
        self._sample.setVisible(self.kind.is_of_learning)

    # --- putting together ----------------------------------------------------------------------

    def _fill_boxes(self) -> None:
        # Names of runs may be long.
        self.second_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.second_box.setMinimumContentsLength(_NAME_LETTERS)
        for kind in ImageList:
            self.list_box.addItem(self._words.title(kind), kind.value)
        for sample in SAMPLES:
            text = self.tr("{count} at random").format(count=count(sample))
            self.sample_box.addItem(text, sample)
        self.sample_box.addItem(self.tr("All"), 0)
        self.sample_box.setCurrentIndex(self.sample_box.findData(_DEFAULT_SAMPLE))
        for box in (self.label_box, self.read_box):
            box.addItem(self.tr("Any"), _ANY)
        self.read_box.addItem(self.tr("Another digit"), _OTHER)
        for digit in range(CLASSES):
            self.label_box.addItem(str(digit), digit)
            self.read_box.addItem(str(digit), digit)

    def _lay_out_body(self) -> None:
        self._second = _labelled(self.tr("&Second network"), self.second_box)
        self._sample = _labelled(self.tr("Training i&mages"), self.sample_box)
        chosen = (
            _labelled(self.tr("&List"), self.list_box),
            self._second,
            self._sample,
            _labelled(self.tr("La&bel"), self.label_box),
            _labelled(self.tr("Read &as"), self.read_box),
        )
        columns = Columns(chosen, stretches=(0, 0, 0, 0, 0), spacing=10)
        row((columns, 1), parent=self.controls)
        self._point_arrows()
        for button in (self.back_button, self.on_button):
            button.setMinimumSize(28, 28)
        parts = (self.back_button, self.shown, self.on_button)
        self.pager = widget_with(row(0, *parts, 0, spacing=8))
        grid = widget_with(column(self.none_fits, (self.grid, 1), self.pager, spacing=6))
        self._body = row((grid, 1), self.closer, spacing=_GAP)
        column(self.summary, (self._body, 1), parent=self.body, spacing=8)
        self._fit_controls()

    def _connect(self) -> None:
        for box in (self.list_box, self.second_box, self.sample_box):
            box.currentIndexChanged.connect(self._change)
        for box in (self.label_box, self.read_box):
            box.currentIndexChanged.connect(self._filter)
        self.grid.entered_image.connect(self._enter)
        self.grid.chosen.connect(self._choose)
        self.grid.turned.connect(self._show_turned)
        self.back_button.clicked.connect(lambda: self.grid.turn(-1))
        self.on_button.clicked.connect(lambda: self.grid.turn(1))
        self.closer.pad_requested.connect(self._choose_current)


def _labelled(text: str, box: QComboBox) -> QWidget:
    label = QLabel(text)
    label.setBuddy(box)
    return widget_with(row(label, (box, 1), spacing=6))
