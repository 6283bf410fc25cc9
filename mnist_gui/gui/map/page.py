"""The page of the map."""

from collections.abc import Sequence
from enum import Enum

import numpy as np
from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QComboBox, QPushButton

from mnist_gui.engine.inside.image_map import ImageMap, Method, Numbers, PlacedDigit
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.labels import count, paragraph, percent
from mnist_gui.gui.common.qt import Announcer, column, named
from mnist_gui.gui.map.plot import MapPlot
from mnist_gui.gui.views.page import ViewPage
from mnist_gui.gui.views.strip import ImageStrip, StripImage
from mnist_gui.words.language import in_sequence, listed

MOST_IMAGES = 200
_MOST_LABELS = 3


class ChoiceBox(QComboBox):
    """Is never narrower than its words, also in larger type, of which Qt's least size is not."""

    def __init__(self) -> None:
        super().__init__(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)

    def minimumSizeHint(self) -> QSize:
        """Return the size that the longest choice needs."""
        return self.sizeHint()


class MapPage(ViewPage):
    """Shows the map, what can be said of it, and the images that are selected in it.

    `choice_changed` says that another map is wanted, `selected` carries the places in the map of
    the images that are now selected; they are to be shown by `show_selection`.
    """

    choice_changed = Signal()

    def __init__(self) -> None:
        super().__init__("map")
        self.plot = MapPlot(self)
        title = self.tr("Selected images")
        tip = self.tr("True digit \u2192 read as. Click one, or press Enter, to put it on the pad.")
        self.strip = ImageStrip("map_strip", title, tip)
        self.numbers_box = self._box(self._numbers_texts())
        self.method_box = self._box(self._method_texts())
        self.move_button = QPushButton(self.tr("Move"), checkable=True)
        self.whole_button = QPushButton(self.tr("Whole map"))
        self.mistakes_button = QPushButton(self.tr("Select mistakes"))
        self.note = named(paragraph(), "map_note")
        self.selection = named(paragraph(), "map_selection")
        self._selection_announcer = Announcer(self)
        self._name_parts()
        self._lay_out_parts()
        self.numbers_box.currentIndexChanged.connect(self._change)
        self.method_box.currentIndexChanged.connect(self._change)
        self.move_button.toggled.connect(self._use_mode)
        self.whole_button.clicked.connect(self.plot.show_whole)
        self.show_purpose(
            self.tr(
                "Each digit is a test image, put where the network sees it: what it takes for "
                "alike lies close together. Where digits mix, look at its mistakes, which are "
                "ringed."
            )
        )

    @property
    def choice(self) -> tuple[Numbers, Method]:
        """By which numbers and by which method the map is to be made."""
        return self.numbers_box.currentData(), self.method_box.currentData()

    def choose_method(self, method: Method) -> None:
        """Choose the method."""
        self.method_box.setCurrentIndex(self.method_box.findData(method))

    def show_map(
        self, shown: ImageMap, placed: PlacedDigit | None, *, has_layer: bool = True
    ) -> None:
        """Show a map with the digit on the pad, and the body.

        It `has_layer` if the network has a hidden layer, or the map is not by that.
        """
        self.show_body(is_complete=not shown.is_draft)
        self.plot.show_map(shown, placed)
        notes = self._notes(shown, placed)
        if not has_layer:
            text = self.tr("This network has no hidden layer: before its scores are the pixels.")
            notes.insert(0, text)
        self.note.setText(in_sequence(notes))
        self.mistakes_button.setEnabled(bool(len(shown.mistakes)))

    def show_selection(self, shown: ImageMap, images: Sequence[StripImage], total: int) -> None:
        """Show the first of the `total` images that are selected, or how to select some."""
        self.strip.show_images(images)
        self.strip.setVisible(bool(images))
        words = self._selection_text(shown, images, total)
        self.selection.setText(words)
        if images:
            self._selection_announcer.say(words)

    def _selection_text(self, shown: ImageMap, images: Sequence[StripImage], total: int) -> str:
        if not images:
            return self.tr("Draw a line round some digits to see their images.")
        text = self.tr("{selected} images, {wrong} of them misread. Most are: {labels}.")
        places = self.plot.selection
        labels = np.bincount(shown.labels[places], minlength=10)
        wrong = int(np.count_nonzero(shown.labels[places] != shown.predicted[places]))
        most = [int(each) for each in np.argsort(-labels, kind="stable")[:_MOST_LABELS]]
        parts = self.tr("{label} ({images})")
        named_labels = [
            parts.format(label=each, images=count(int(labels[each])))
            for each in most
            if labels[each]
        ]
        facts = {"selected": count(total), "wrong": count(wrong), "labels": listed(named_labels)}
        words = text.format(**facts)
        if total <= MOST_IMAGES:
            return words
        first = self.tr("The first {count} are shown, mistakes before all others.")
        return in_sequence([words, first.format(count=MOST_IMAGES)])

    def _notes(self, shown: ImageMap, placed: PlacedDigit | None) -> list[str]:
        notes = []
        if shown.total > len(shown.indices):
            text = self.tr("{count} of {total} test images are on the map.")
            facts = {"count": count(len(shown.indices)), "total": count(shown.total)}
            notes.append(text.format(**facts))
        if shown.share is not None:
            text = self.tr(
                "A flat shadow of {size} numbers: these two directions show {share} of how the "
                "images differ."
            )
            facts = {"size": count(shown.size), "share": percent(shown.share, 0)}
            notes.append(text.format(**facts))
        else:
            text = self.tr(
                "t-SNE keeps what is near together; how far groups lie apart, and how large they "
                "are, means little."
            )
            notes.append(text)
        notes.append(self._digit_note(shown, placed))
        return notes

    def _digit_note(self, shown: ImageMap, placed: PlacedDigit | None) -> str:
        if shown.is_draft:
            return self.tr("It is still moving.")
        if placed is None:
            return self.tr("Draw a digit: it appears here as a star.")
        nearest = listed(str(label) for label in shown.labels[placed.nearest].tolist())
        if shown.share is not None:
            text = self.tr("The star is the digit on the pad; lines lead to the nearest: {labels}.")
        else:
            text = self.tr("The star, the digit on the pad, lies amid the nearest: {labels}.")
        return text.format(labels=nearest)

    @Slot()
    def _change(self) -> None:
        self.choice_changed.emit()

    @Slot(bool)
    def _use_mode(self, moves: bool) -> None:
        self.plot.moves = moves

    def _numbers_texts(self) -> dict[Enum, str]:
        return {
            Numbers.HIDDEN: self.tr("Last hidden layer"),
            Numbers.SCORES: self.tr("Ten scores"),
            Numbers.PIXELS: self.tr("Pixels"),
        }

    def _method_texts(self) -> dict[Enum, str]:
        return {
            Method.PCA: self.tr("PCA (at once)"),
            Method.TSNE: self.tr("t-SNE (takes a while)"),
        }

    def _box(self, texts: dict[Enum, str]) -> QComboBox:
        box = ChoiceBox()
        for choice, text in texts.items():
            box.addItem(text, choice)
        return box

    def _name_parts(self) -> None:
        tip = self.tr("By which numbers of the network, or of the image, images are compared")
        named(self.numbers_box, "map_numbers", self.tr("Numbers"), tip)
        tip = self.tr("PCA looks at the numbers from one side, t-SNE keeps neighbours together")
        named(self.method_box, "map_method", self.tr("Method"), tip)
        tip = self.tr("Dragging moves the map instead of selecting; the wheel zooms.")
        named(self.move_button, "map_move", tip=tip)
        named(self.whole_button, "map_whole", tip=self.tr("See all of the map again"))
        named(self.mistakes_button, "map_mistakes", tip=self.tr("See the images that are misread"))

    def _lay_out_parts(self) -> None:
        boxes = (self.numbers_box, self.method_box)
        parts = (*boxes, self.move_button, self.whole_button, self.mistakes_button)
        column(Columns(parts, stretches=(0, 0, 0, 0, 0)), parent=self.controls)
        body = ((self.plot.widget, 1), self.note, self.selection, self.strip)
        column(*body, parent=self.body, spacing=6)
