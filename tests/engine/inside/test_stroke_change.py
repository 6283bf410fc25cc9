import numpy as np
import pytest

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.inside.smallest_change import Goal
from mnist_gui.engine.inside.stroke_change import (
    Edit,
    StrokeEdit,
    apply_edit,
    smallest_stroke_change,
)
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.preprocessing import preprocess, preprocess_all
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.inside.test_smallest_change import blind_network, read, read_one, result


@pytest.fixture(scope="module")
def network() -> Snapshot:
    """The softmax regression that ships."""
    return load_snapshot(SHIPPED_NETWORKS[-1].path)


def four() -> Drawing:
    """An angle and an upright line."""
    return Drawing(
        (
            Stroke([[0.4, 0.1], [0.2, 0.6], [0.8, 0.6]]),
            Stroke([[0.65, 0.3], [0.6, 0.9]], pressures=[0.2, 0.8]),
        )
    )


def length(drawing: Drawing) -> float:
    return sum(
        float(np.hypot(*np.diff(stroke.points.astype(float), axis=0).T).sum())
        for stroke in drawing.strokes
    )


@pytest.mark.parametrize("edit", [Edit.ERASE_START, Edit.ERASE_END, Edit.ERASE_WITHIN])
def test_so_much_ink_is_erased_as_is_asked_for(edit: Edit) -> None:
    changed = apply_edit(four(), StrokeEdit(edit, 0, 0.2, at=0.5))
    assert length(changed) == pytest.approx(length(four()) - 0.2, abs=1e-5)
    assert len(changed.strokes) == (3 if edit is Edit.ERASE_WITHIN else 2)
    assert changed.strokes[-1] == four().strokes[-1]


def test_both_ends_of_a_gap_lie_on_the_stroke() -> None:
    changed = apply_edit(four(), StrokeEdit(Edit.ERASE_WITHIN, 1, 0.2, at=0.3))
    (before, after) = changed.strokes[1:]
    along = np.array([-0.05, 0.6]) / np.hypot(0.05, 0.6)
    assert np.allclose(before.points[-1], [0.65, 0.3] + 0.2 * along, atol=1e-5)
    assert np.allclose(after.points[0], [0.65, 0.3] + 0.4 * along, atol=1e-5)
    assert before.pressures is not None
    assert before.pressures[-1] == pytest.approx(0.2 + 0.6 * 0.2 / np.hypot(0.05, 0.6), abs=1e-4)


@pytest.mark.parametrize(("edit", "end"), [(Edit.LENGTHEN_START, 0), (Edit.LENGTHEN_END, -1)])
def test_an_end_is_lengthened_straight_on(edit: Edit, end: int) -> None:
    changed = apply_edit(four(), StrokeEdit(edit, 1, 0.1))
    assert length(changed) == pytest.approx(length(four()) + 0.1, abs=1e-5)
    along = np.array([-0.05, 0.6]) / np.hypot(0.05, 0.6)
    old, new = four().strokes[1].points[end], changed.strokes[1].points[end]
    assert np.allclose(new - old, along * (0.1 if end else -0.1), atol=1e-5)


@pytest.mark.parametrize(("edit", "end"), [(Edit.MOVE_START, 0), (Edit.MOVE_END, -1)])
def test_an_end_is_moved_and_the_other_stays(edit: Edit, end: int) -> None:
    changed = apply_edit(four(), StrokeEdit(edit, 1, 0.1, at=90))
    old, new = four().strokes[1].points, changed.strokes[1].points
    assert np.allclose(new[end] - old[end], [0, 0.1], atol=1e-6)
    assert np.allclose(new[-1 - end], old[-1 - end])
    assert len(new) > len(old)


def test_a_whole_stroke_is_moved_or_erased() -> None:
    moved = apply_edit(four(), StrokeEdit(Edit.MOVE_ALL, 1, 0.1, at=180))
    assert np.allclose(moved.strokes[1].points - four().strokes[1].points, [-0.1, 0], atol=1e-6)
    assert apply_edit(four(), StrokeEdit(Edit.ERASE_ALL, 0, 1.0)).strokes == four().strokes[1:]


@pytest.mark.parametrize("target", [None, 9])
def test_keras_reads_the_changed_drawing_otherwise(network: Snapshot, target: int | None) -> None:
    before = read_one(network, preprocess(four()))
    assert before == 4
    change = result(smallest_stroke_change(network, four(), Goal(before, target)))
    assert change is not None
    assert change.drawing == apply_edit(four(), change.edit)
    assert np.array_equal(change.image, preprocess(change.drawing))
    after = read_one(network, change.image)
    assert after == change.digit
    assert after == target if target is not None else after != before
    assert change.gone or change.new


def test_no_smaller_edit_of_those_tried_will_do(network: Snapshot) -> None:
    change = result(smallest_stroke_change(network, four(), Goal(4)))
    assert change is not None
    sizes = 0.03 * np.arange(1, int((change.edit.size - 1e-9) / 0.03) + 1)
    edits = [
        StrokeEdit(edit, stroke, size, at)
        for size in sizes.tolist()
        for stroke in (0, 1)
        for edit, ways in ((Edit.ERASE_START, 1), (Edit.ERASE_END, 1), (Edit.MOVE_ALL, 8))
        for at in range(0, 45 * ways, 45)
    ]
    images = preprocess_all([apply_edit(four(), edit) for edit in edits])
    assert set(read(network, images)) == {4}


def test_no_edit_leads_off_the_canvas(network: Snapshot) -> None:
    points = four().strokes[0].points
    high = Drawing((Stroke(points - [0.0, 0.1]), four().strokes[1]))
    change = result(smallest_stroke_change(network, high, Goal(4)))
    assert change is not None
    drawn = np.concatenate([stroke.points for stroke in change.drawing.strokes])
    assert drawn.min() >= 0
    assert drawn.max() <= 1


def test_where_no_edit_will_do_nothing_is_found() -> None:
    small = Drawing((Stroke([[0.4, 0.4], [0.5, 0.4]]),))
    assert result(smallest_stroke_change(blind_network(), small, Goal(3))) is None
    dot = Drawing((Stroke([[0.5, 0.5]]),))
    assert result(smallest_stroke_change(blind_network(), dot, Goal(3))) is None
