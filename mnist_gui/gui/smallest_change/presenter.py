"""What changes least to be read as another digit: asked for the digit on the pad."""

from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot

from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.inside.smallest_change import (
    Changed,
    Goal,
    SmallestChanges,
    Way,
    described,
    fast_gradient,
    fewest_pixels,
)
from mnist_gui.engine.inside.stroke_change import StrokeChange, smallest_stroke_change
from mnist_gui.engine.prediction import NumberPrediction
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.values import network_file_name, network_title
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Source
from mnist_gui.gui.smallest_change.page import SmallestChangePage
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter

Search = Generator[None, None, Changed | None]


def add(parts: ViewParts) -> Building:
    """Build the page, and its presenter in another turn."""
    page = SmallestChangePage()
    yield
    return SmallestChangePresenter(parts, page)


class SmallestChangePresenter(ViewPresenter):
    """Shows the smallest changes of the digit on the pad that make the network read another."""

    def __init__(self, parts: ViewParts, page: SmallestChangePage) -> None:
        super().__init__(parts.session, page, parts.shell, Page.SMALLEST_CHANGE)
        self._changes_page, self._canvas = page, parts.canvas
        self._changes: SmallestChanges | None = None
        self._shown_of: Displayed | None = None
        page.goal_chosen.connect(self.ask_at_once)
        page.taken.connect(self._take_drawing)
        self._session.displayed.changed.connect(self.ask_at_once)
        self.follow_networks(self._session.reader)

    def question(self) -> Question | str:
        """Return the network, the digit, its strokes if it was drawn, and the digit wanted."""
        network, displayed = self._session.reader.value, self._session.displayed.value
        if network is None:
            return self.no_network()
        image, _ = displayed.digit
        if image is None or not image.any():
            return self.no_digit()
        return network, image, _strokes(displayed), self._changes_page.target, displayed.source

    def answers(self, question: Question) -> Iterator[Any]:
        """Search in each way; the quick one first."""
        network, image, drawing, target, _ = question
        read, probability = described(network, image)
        found: dict[Way, Changed | None] = {}
        searches = _searches(network, image, drawing, Goal(read, target))
        if read == target:
            searches = {}
        yield SmallestChanges(image, read, probability, {})
        for place, (way, search) in enumerate(searches.items()):
            found[way] = yield from _followed(search, place, len(searches))
            yield SmallestChanges(image, read, probability, dict(found))

    def show_answer(self, question: Question, answer: Any) -> None:
        """Show what was found so far."""
        network, _, drawing, target, source = question
        page = self._changes_page
        page.show_title(network_title(network.recipe.name, network.step))
        page.show_purpose(self._purpose())
        if answer.read == target:
            text = self.tr("It is read as {digit} already: choose another digit.")
            page.show_message(text.format(digit=target))
            return
        self._changes, self._shown_of = answer, self._session.displayed.value
        page.show_changes(answer, without_strokes=self._without_strokes(drawing))
        change = answer.found.get(Way.STROKE)
        page.offer_drawing(offered=change is not None and source is Source.DRAWING)
        ways = len(Way) - (not drawing)
        page.show_body(is_complete=len(answer.found) == ways)
        if len(answer.found) < ways:
            # There is more to come of it.
            self._answered = None

    def _purpose(self) -> str:
        return self.tr(
            "How little must change until the network reads another digit? Look at the changed "
            "digits: where you still see the old one, the network looks at other things than you."
        )

    def _without_strokes(self, drawing: Drawing) -> str:
        if drawing:
            return ""
        return self.tr("Only what is drawn on the pad has strokes.")

    @Slot()
    def _take_drawing(self) -> None:
        change = self._changes and self._changes.found.get(Way.STROKE)
        shown_of = self._shown_of
        if isinstance(change, StrokeChange) and shown_of is not None:
            self._canvas.set_drawing(_with_others(shown_of, change.drawing))
            self._shell.show_status(self.tr("The changed drawing is on the pad"))

    def numbers(self) -> bytes:
        """Return all changed pixels as CSV."""
        assert self._changes is not None
        return self._changes.csv()

    def file_name(self) -> str:
        """Return the network's name and that of the page."""
        network = self._session.network.value
        assert network is not None
        name = network_file_name(network.recipe.name, network.step)
        return f"{name}-{self.tr('change')}"


def _strokes(displayed: Displayed) -> Drawing:
    """Return the strokes of the digit that is displayed; none if it was not drawn."""
    if not displayed.is_drawn:
        return Drawing()
    if isinstance(displayed.prediction, NumberPrediction):
        return displayed.prediction.digits[displayed.prediction.least_sure].drawing
    return displayed.drawing


def _with_others(displayed: Displayed, changed: Drawing) -> Drawing:
    """Return the changed strokes of a digit with those of the other digits beside it."""
    own = set(map(id, _strokes(displayed).strokes))
    others = (stroke for stroke in displayed.drawing.strokes if id(stroke) not in own)
    return Drawing((*others, *changed.strokes))


def _searches(
    network: Snapshot, image: NDArray[np.uint8], drawing: Drawing, goal: Goal
) -> dict[Way, Search]:
    searches: dict[Way, Search] = {Way.GRADIENT: fast_gradient(network, image, goal)}
    if drawing:
        searches[Way.STROKE] = smallest_stroke_change(network, drawing, goal)
    searches[Way.PIXELS] = fewest_pixels(network, image, goal)
    return searches


def _followed(
    search: Search, place: int, searches: int
) -> Generator[ViewProgress, None, Changed | None]:
    """Yield that it is this one of so many searches that is under way; return what it finds."""
    while True:
        try:
            next(search)
        except StopIteration as end:
            found: Changed | None = end.value
            return found
        yield ViewProgress(place, searches)
