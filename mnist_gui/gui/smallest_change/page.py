"""The page of smallest changes: a line for each way, with what is changed and what comes of it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QWidget

from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.inside.smallest_change import (
    Changed,
    PixelChange,
    SmallestChanges,
    Way,
)
from mnist_gui.gui.common.fields import ChoiceField
from mnist_gui.gui.common.images import PixelImage
from mnist_gui.gui.common.labels import caption, enlarge, heading, paragraph, percent
from mnist_gui.gui.common.qt import column, named, row, widget_with
from mnist_gui.gui.smallest_change.pictures import ChangePicture
from mnist_gui.gui.smallest_change.text import (
    found_text,
    nothing_text,
    spoken_pixels,
    way_meaning,
    way_title,
)
from mnist_gui.gui.views.page import ViewPage

_SMALLEST, _COMFORTABLE, _LARGEST = 74, 116, 240
_LINES_ABOVE = 18
# Where it is narrower, the words go below the pictures.
_NARROW = 480
_PICTURES_SHARE, _NARROW_SHARE = 0.2, 0.42
_MORE_POINTS = 5


class SmallestChangePage(ViewPage):
    """Asks for the digit that is wanted, and shows the smallest changes that bring it about.

    `goal_chosen` says that another digit is wanted, `taken` that the changed drawing is to go on
    the pad.
    """

    goal_chosen = Signal()
    taken = Signal()

    def __init__(self) -> None:
        super().__init__("change")
        self.goal_box = named(
            ChoiceField(),
            "goal_box",
            self.tr("Make it"),
            self.tr("What the network is to read once the digit is changed"),
        )
        self.goal_box.addItem(self.tr("any other digit"), "")
        for digit in range(CLASSES):
            self.goal_box.addItem(str(digit), str(digit))
        self.now = heading("")
        self.now.setWordWrap(True)
        self.ways = {way: WayRow(way) for way in Way}
        self.take_button = named(
            QPushButton(self.tr("Put it on the pad")),
            "take_change_button",
            "",
            self.tr("Put the changed drawing on the pad; Undo brings yours back"),
        )
        self.ways[Way.STROKE].add(self.take_button)
        label = QLabel(self.tr("Ma&ke it"))
        label.setBuddy(self.goal_box)
        row(label, self.goal_box, 0, parent=self.controls, spacing=8)
        column(self.now, *self.ways.values(), 0, parent=self.body, spacing=14)
        self.goal_box.currentIndexChanged.connect(self.goal_chosen)
        self.take_button.clicked.connect(self.taken)

    @property
    def target(self) -> int | None:
        """The digit that is wanted; None for any other."""
        value = self.goal_box.value()
        return int(value) if value else None

    def show_changes(self, changes: SmallestChanges, *, without_strokes: str) -> None:
        """Show what was found so far; `without_strokes` says why there are none, or is ""."""
        text = self.tr("It is read as {digit} ({chance}).")
        chance = percent(changes.probability)
        self.now.setText(text.format(digit=changes.read, chance=chance))
        for way, line in self.ways.items():
            if way is Way.STROKE and without_strokes:
                line.show_nothing(changes, without_strokes)
            elif way not in changes.found:
                line.show_nothing(changes, self.tr("Searching \u2026"))
            elif (change := changes.found[way]) is None:
                line.show_nothing(changes, nothing_text(way))
            else:
                line.show_change(changes, change)

    def offer_drawing(self, *, offered: bool) -> None:
        """Offer to put the changed drawing on the pad, or do not."""
        self.take_button.setVisible(offered)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the pictures as large as leaves room for the words."""
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW
        side = round((_NARROW_SHARE if is_narrow else _PICTURES_SHARE) * self.width())
        if not is_narrow:
            # All three lines are seen at once where that leaves pictures in which pixels are seen.
            above = _LINES_ABOVE * self.fontMetrics().lineSpacing()
            side = min(side, max((self.height() - above) // len(Way), _COMFORTABLE))
        side = min(max(side, _SMALLEST), _LARGEST)
        for line in self.ways.values():
            line.fit(side, is_narrow=is_narrow)


class WayRow(QWidget):
    """One way: the digit with what is changed, what the network sees then, and words."""

    def __init__(self, way: Way) -> None:
        super().__init__()
        self._way = way
        self.marked = ChangePicture(f"{way.value}_change")
        self.after = PixelImage()
        # So the words of all lines begin at one edge.
        keeping = self.after.sizePolicy()
        keeping.setRetainSizeWhenHidden(True)
        self.after.setSizePolicy(keeping)
        named(self.after, f"{way.value}_after", self.tr("What the network sees then"))
        self.title = heading(way_title(way))
        self.sentence = named(paragraph(), f"{way.value}_sentence")
        self.result = QLabel()
        enlarge(self.result, _MORE_POINTS)
        self.meaning = caption(way_meaning(way))
        for label in (self.title, self.meaning, self.result):
            label.setWordWrap(True)
        self._words = column(self.title, self.result, self.sentence, self.meaning, spacing=4)
        top = Qt.AlignmentFlag.AlignTop
        words = widget_with(column(self._words, 0))
        pictures = row((self.marked, top), (self.after, top), 0, spacing=12)
        self._parts = row(pictures, (words, 1), parent=self, spacing=12)

    def add(self, button: QPushButton) -> None:
        """Put a button beneath the words."""
        self._words.addLayout(row(button, 0))

    def fit(self, side: int, *, is_narrow: bool) -> None:
        """Give both pictures this side, and put the words below or beside them."""
        directions = QBoxLayout.Direction
        self._parts.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)
        for picture in (self.marked, self.after):
            picture.setFixedSize(QSize(side, side))

    def show_change(self, changes: SmallestChanges, change: Changed) -> None:
        """Show a change and what is read after it."""
        self.marked.show_change(changes.image, change)
        self.after.show_image(change.image)
        text = self.tr("Now a {digit} ({chance})")
        chance = percent(change.probability)
        self.result.setText(text.format(digit=change.digit, chance=chance))
        self.sentence.setText(found_text(change))
        self._show_parts(shown=True)
        spoken = found_text(change)
        if isinstance(change, PixelChange):
            spoken = spoken_pixels(changes.image, change)
        self.marked.setAccessibleDescription(spoken)
        self.after.setAccessibleDescription(self.result.text())

    def show_nothing(self, changes: SmallestChanges, sentence: str) -> None:
        """Show the digit as it is, and say why it is not changed."""
        self.marked.show_change(changes.image, None)
        self.after.show_image(None)
        self.sentence.setText(sentence)
        self.marked.setAccessibleDescription(sentence)
        self._show_parts(shown=False)

    def _show_parts(self, *, shown: bool) -> None:
        for part in (self.after, self.result, self.meaning):
            part.setVisible(shown)
