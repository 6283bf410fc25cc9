"""The smallest change of one stroke of a drawing that makes a network read another digit."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.grouping import may_be_several
from mnist_gui.engine.inside.smallest_change import (
    Changed,
    Goal,
    described,
    read_in_slices,
)
from mnist_gui.engine.preprocessing import preprocess_all
from mnist_gui.engine.snapshot import Snapshot

_Points = NDArray[np.float64]

MOST_STROKES = 8
"""Of a drawing with more strokes, only this many of the first are changed."""
# In canvases: the sizes that are tried, before the one that does it is made smaller.
_STEP = 0.03
_LONGEST_ERASED, _LONGEST_ADDED, _FARTHEST = 0.6, 0.36, 0.3
_TURNS = (-60, -30, 0, 30, 60)
_DIRECTIONS = tuple(range(0, 360, 45))
# An end that is moved takes so much of its stroke along.
_BENT = 1 / 3
_BATCH = 32
_REFINEMENTS = 5


class Edit(Enum):
    """What is done to a stroke."""

    ERASE_START = auto()
    ERASE_END = auto()
    ERASE_WITHIN = auto()
    ERASE_ALL = auto()
    LENGTHEN_START = auto()
    LENGTHEN_END = auto()
    MOVE_START = auto()
    MOVE_END = auto()
    MOVE_ALL = auto()


@dataclass(frozen=True, slots=True)
class StrokeEdit:
    """An edit of the stroke with this number, from 0.

    `size` is the length of the ink that is erased or added, or how far ink is moved, in canvases.
    `at` is where the middle of the erased part is, in canvases from the start, or a direction in
    degrees, clockwise from the right; for lengthening, from that of the stroke.
    """

    edit: Edit
    stroke: int
    size: float
    at: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class StrokeChange(Changed):
    """A changed drawing, and the lines of points (n, 2) where ink is gone and where it is new."""

    edit: StrokeEdit
    drawing: Drawing
    gone: tuple[_Points, ...]
    new: tuple[_Points, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Edited:
    """What becomes of a stroke: the strokes in its place, ink that is gone and ink that is new."""

    strokes: tuple[Stroke, ...]
    gone: tuple[_Points, ...] = ()
    new: tuple[_Points, ...] = ()


_EditFunction = Callable[[Stroke, StrokeEdit], _Edited]


def smallest_stroke_change(
    snapshot: Snapshot, drawing: Drawing, goal: Goal
) -> Generator[None, None, StrokeChange | None]:
    """Look for the smallest edit of one stroke with which the goal is reached.

    Edits are tried from small to large: parts of a stroke or all of it are erased, its ends
    lengthened or moved, and all of it moved. The one that does it is then made smaller as long as
    that will do. None if none of them does. No edit leads off the canvas, or makes what looks like
    several digits.
    """
    edits = sorted(_edits(drawing), key=lambda edit: edit.size)
    for start in range(0, len(edits), _BATCH):
        some = edits[start : start + _BATCH]
        margins = yield from _margins(snapshot, drawing, goal, some)
        good = [place for place in range(len(some)) if margins[place] >= 0]
        if good:
            best = min(good, key=lambda place: (some[place].size, -margins[place]))
            edit = yield from _refined(snapshot, drawing, goal, some[best])
            return _change(snapshot, drawing, edit)
    return None


def _margins(
    snapshot: Snapshot, drawing: Drawing, goal: Goal, edits: list[StrokeEdit]
) -> Generator[None, None, NDArray[np.float64]]:
    """Return by how much each edit reaches the goal (n,); negative where it does not."""
    margins = np.full(len(edits), -np.inf)
    drawings = [apply_edit(drawing, edit) for edit in edits]
    usable = [place for place, each in enumerate(drawings) if _is_usable(each, drawing)]
    yield
    if usable:
        images = preprocess_all([drawings[place] for place in usable])
        yield
        logits = yield from read_in_slices(snapshot, images)
        reached = goal.is_reached(logits)
        margins[usable] = np.where(reached, goal.margins(logits), -1.0)
    return margins


def _refined(
    snapshot: Snapshot, drawing: Drawing, goal: Goal, edit: StrokeEdit
) -> Generator[None, None, StrokeEdit]:
    """Return the same edit, smaller if that will do."""
    low = max(edit.size - _STEP, 0.0)
    if edit.edit is Edit.ERASE_ALL:
        return edit
    for _ in range(_REFINEMENTS):
        smaller = replace(edit, size=(low + edit.size) / 2)
        margins = yield from _margins(snapshot, drawing, goal, [smaller])
        if margins[0] >= 0:
            edit = smaller
        else:
            low = smaller.size
    return edit


def _change(snapshot: Snapshot, drawing: Drawing, edit: StrokeEdit) -> StrokeChange:
    changed, edited = apply_edit(drawing, edit), _edited(drawing.strokes[edit.stroke], edit)
    image = preprocess_all([changed])[0]
    return StrokeChange(image, *described(snapshot, image), edit, changed, edited.gone, edited.new)


def apply_edit(drawing: Drawing, edit: StrokeEdit) -> Drawing:
    """Return a drawing with one stroke edited; its new strokes have no times."""
    before, after = drawing.strokes[: edit.stroke], drawing.strokes[edit.stroke + 1 :]
    return Drawing((*before, *_edited(drawing.strokes[edit.stroke], edit).strokes, *after))


def _is_usable(changed: Drawing, drawing: Drawing) -> bool:
    if not changed or (may_be_several(changed) and not may_be_several(drawing)):
        return False
    points = np.concatenate([stroke.points for stroke in changed.strokes])
    return bool((points >= 0).all() and (points <= 1).all())


# --- which edits there are ----------------------------------------------------------------------


def _edits(drawing: Drawing) -> Iterator[StrokeEdit]:
    is_alone = len(drawing.strokes) == 1
    for number, stroke in enumerate(drawing.strokes[:MOST_STROKES]):
        length = float(_lengths(stroke)[-1])
        if length > 0:
            yield from _erasures(number, length)
            yield from _of_ends(number)
        if not is_alone:
            # Moved alone, a digit is centred where it was.
            yield StrokeEdit(Edit.ERASE_ALL, number, length)
            for size in _sizes(_FARTHEST):
                yield from (StrokeEdit(Edit.MOVE_ALL, number, size, at) for at in _DIRECTIONS)


def _erasures(number: int, length: float) -> Iterator[StrokeEdit]:
    for size in _sizes(min(_LONGEST_ERASED, length - _STEP)):
        yield StrokeEdit(Edit.ERASE_START, number, size)
        yield StrokeEdit(Edit.ERASE_END, number, size)
        places = np.arange(_STEP + size / 2, length - _STEP - size / 2, 2 * _STEP)
        yield from (StrokeEdit(Edit.ERASE_WITHIN, number, size, at) for at in places.tolist())


def _of_ends(number: int) -> Iterator[StrokeEdit]:
    for size in _sizes(_LONGEST_ADDED):
        for edit in (Edit.LENGTHEN_START, Edit.LENGTHEN_END):
            yield from (StrokeEdit(edit, number, size, at) for at in _TURNS)
    for size in _sizes(_FARTHEST):
        for edit in (Edit.MOVE_START, Edit.MOVE_END):
            yield from (StrokeEdit(edit, number, size, at) for at in _DIRECTIONS)


def _sizes(most: float) -> list[float]:
    sizes: list[float] = (np.arange(1, int(most / _STEP + 1e-9) + 1) * _STEP).tolist()
    return sizes


# --- how they are made --------------------------------------------------------------------------


def _edited(stroke: Stroke, edit: StrokeEdit) -> _Edited:
    functions = {
        Edit.ERASE_ALL: _without,
        Edit.LENGTHEN_START: _at_start(_lengthened),
        Edit.LENGTHEN_END: _lengthened,
        Edit.MOVE_START: _at_start(_bent),
        Edit.MOVE_END: _bent,
        Edit.MOVE_ALL: _moved,
    }
    return functions.get(edit.edit, _erased)(stroke, edit)


def _without(stroke: Stroke, _edit: StrokeEdit) -> _Edited:
    return _Edited((), gone=(_points(stroke),))


def _moved(stroke: Stroke, edit: StrokeEdit) -> _Edited:
    moved = _points(stroke) + edit.size * _towards(edit.at)
    return _Edited((_with(stroke, moved),), gone=(_points(stroke),), new=(moved,))


def _at_start(function: _EditFunction) -> _EditFunction:
    """Return what does the same at the start of a stroke as a function does at its end."""

    def at_start(stroke: Stroke, edit: StrokeEdit) -> _Edited:
        edited = function(_backwards(stroke), edit)
        return replace(edited, strokes=tuple(map(_backwards, edited.strokes)))

    return at_start


def _erased(stroke: Stroke, edit: StrokeEdit) -> _Edited:
    length = float(_lengths(stroke)[-1])
    middles = {Edit.ERASE_START: edit.size / 2, Edit.ERASE_END: length - edit.size / 2}
    middle = middles.get(edit.edit, edit.at)
    start, end = middle - edit.size / 2, middle + edit.size / 2
    ends = {Edit.ERASE_START: ((end, length),), Edit.ERASE_END: ((0.0, start),)}
    kept = ends.get(edit.edit, ((0.0, start), (end, length)))
    strokes = tuple(_part(stroke, *each) for each in kept)
    return _Edited(strokes, gone=(_points(_part(stroke, start, end)),))


def _lengthened(stroke: Stroke, edit: StrokeEdit) -> _Edited:
    points = _points(stroke)
    lengths = _lengths(stroke)
    # From a little before, so that a last point beside the end says nothing of the direction.
    before = _points(_part(stroke, max(float(lengths[-1]) - 2 * _STEP, 0.0), float(lengths[-1])))
    along = points[-1] - before[0]
    angle = np.degrees(np.arctan2(along[1], along[0])) + edit.at
    end = points[-1] + edit.size * _towards(float(angle))
    line = np.stack([points[-1], end])
    return _Edited((_with(stroke, np.concatenate([points, [end]])),), new=(line,))


def _bent(stroke: Stroke, edit: StrokeEdit) -> _Edited:
    """Move the end, and what is before it less and less."""
    lengths = _lengths(stroke)
    length = float(lengths[-1])
    start = length * (1 - _BENT)
    # A long straight line needs points to bend at.
    both = (_part(stroke, 0.0, start), _part(stroke, start, length))
    tail, places = _points(both[1]), _lengths(both[1])
    shares = places / places[-1]
    moved = tail + shares[:, np.newaxis] * edit.size * _towards(edit.at)
    head = _points(both[0])
    pressures = None
    if both[0].pressures is not None and both[1].pressures is not None:
        pressures = np.concatenate([both[0].pressures, both[1].pressures[1:]])
    bent = Stroke(np.concatenate([head, moved[1:]]), pressures=pressures)
    return _Edited((bent,), gone=(tail,), new=(moved,))


def _towards(degrees: float) -> _Points:
    angle = np.radians(degrees)
    return np.array([np.cos(angle), np.sin(angle)])


def _points(stroke: Stroke) -> _Points:
    return stroke.points.astype(np.float64)


def _lengths(stroke: Stroke) -> NDArray[np.float64]:
    """Return how far along the stroke each of its points is (n,)."""
    steps = np.hypot(*np.diff(_points(stroke), axis=0).T)
    lengths: NDArray[np.float64] = np.append(0.0, np.cumsum(steps))
    return lengths


def _part(stroke: Stroke, start: float, end: float) -> Stroke:
    """Return the stroke between two lengths along it."""
    lengths = _lengths(stroke)
    inside = lengths[(lengths > start) & (lengths < end)]
    places = np.concatenate([[start], inside, [end]])
    points = np.stack([np.interp(places, lengths, axis) for axis in _points(stroke).T], axis=1)
    if stroke.pressures is None:
        return Stroke(points)
    return Stroke(points, pressures=np.interp(places, lengths, stroke.pressures))


def _with(stroke: Stroke, points: _Points) -> Stroke:
    """Return a stroke at other points, of which the last may be new."""
    if stroke.pressures is None:
        return Stroke(points)
    more = len(points) - len(stroke.pressures)
    return Stroke(points, pressures=np.append(stroke.pressures, [stroke.pressures[-1]] * more))


def _backwards(stroke: Stroke) -> Stroke:
    pressures = None if stroke.pressures is None else stroke.pressures[::-1]
    return Stroke(stroke.points[::-1], pressures=pressures)
