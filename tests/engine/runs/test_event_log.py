import json
from io import BytesIO
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mnist_gui.engine.events import (
    BestRestored,
    Event,
    LearningRateChanged,
    Paused,
    Resumed,
    SnapshotTaken,
    StepsAdded,
    StepsEnded,
    Validated,
)
from mnist_gui.engine.io.archive import UnusableError
from mnist_gui.engine.runs.event_log import format_event, parse_event, read_history
from tests.engine.runs.conftest import PREPARED, RECIPE, snapshot_at, steps_to


def read_back(event: Event) -> Event | None:
    line = format_event(event)
    assert line is not None
    assert "\n" not in line
    return parse_event(json.loads(line))


@pytest.mark.parametrize(
    "event",
    [
        PREPARED,
        Validated(250, 0.9123, 0.31),
        LearningRateChanged(3, 0.001),
        StepsAdded(10, 20),
        Paused(7),
        Resumed(7, from_checkpoint=True),
        BestRestored(40, 20, 0.9123, 5, is_early=True),
    ],
)
def test_an_event_is_read_back_from_its_line(event: Event) -> None:
    assert read_back(event) == event


@given(
    arrays.arrays(np.float32, st.integers(1, 50), elements=st.floats(0, 2**20, width=32)),
    st.data(),
)
def test_losses_are_read_back_to_the_bit(losses: np.ndarray, data: st.DataObject) -> None:
    accuracies = data.draw(
        arrays.arrays(
            np.float32, len(losses), elements=st.one_of(st.just(np.nan), st.floats(0, 1, width=32))
        )
    )
    event = StepsEnded(len(losses) + 3, 1.5, losses, accuracies, 0.04)
    found = read_back(event)
    assert isinstance(found, StepsEnded)
    assert (found.step, found.epoch, found.seconds) == (event.step, 1.5, 0.04)
    assert found.losses.tobytes() == losses.tobytes()
    assert np.array_equal(found.accuracies, accuracies, equal_nan=True)


def test_weights_leave_no_line() -> None:
    assert format_event(SnapshotTaken(snapshot_at(1))) is None


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        {},
        {"event": "unknown"},
        {"event": "steps", "step": 1, "epoch": 0, "seconds": 1, "losses": 3, "accuracies": []},
        {"event": "steps", "step": 1, "epoch": 0, "seconds": 1, "losses": [1, 2], "accuracies": []},
        {"event": "steps", "step": 1, "epoch": 0, "seconds": 1, "losses": ["1"], "accuracies": []},
        {
            "event": "steps",
            "step": 1,
            "epoch": 0,
            "seconds": 1,
            "losses": [1],
            "accuracies": [[1, 0]],
        },
        {"event": "steps", "step": 1, "epoch": 0, "seconds": 1, "losses": [1e99], "accuracies": []},
        {"event": "steps", "step": -1, "epoch": 0, "seconds": 1, "losses": [], "accuracies": []},
        {"event": "validated", "step": True, "accuracy": 1, "loss": 1},
        {"event": "resumed", "step": 1, "from_checkpoint": 1},
    ],
)
def test_a_line_that_cannot_be_is_refused(record: object) -> None:
    with pytest.raises(UnusableError):
        parse_event(record)


def lines(*events: Event) -> bytes:
    return "".join(f"{format_event(event)}\n" for event in events).encode()


def test_what_is_damaged_is_left_out_and_counted() -> None:
    content = lines(PREPARED, steps_to(10)) + b"\xff{}\n" + lines(steps_to(20), steps_to(30))
    kept = read_history(BytesIO(content[:-20]), RECIPE)
    assert kept.damaged_lines == 1
    assert kept.history.loss.steps.tolist() == list(range(1, 21))
    assert kept.history.prepared == PREPARED


def test_steps_never_count_twice() -> None:
    kept = read_history(BytesIO(lines(steps_to(10), steps_to(20), steps_to(10))), RECIPE)
    assert kept.history.loss.steps.tolist() == list(range(1, 21))


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    content = b"[" * (9 << 20) + b"\n" + lines(steps_to(10))
    kept = read_history(BytesIO(content), RECIPE)
    assert (len(kept.history.loss), kept.damaged_lines) == (10, 1)


def test_a_history_that_goes_back_in_every_line_takes_no_longer_than_another() -> None:
    ahead, back = lines(Paused(5)), lines(Resumed(5, from_checkpoint=True))
    started = process_time()
    kept = read_history(BytesIO(ahead * 10_000 + back * 10_000), RECIPE)
    assert process_time() - started < 5  # Each with each would take several times as long.
    assert len(kept.history.marks) == 20_000


@pytest.mark.parametrize("accuracy", [1.5, 1e12, -0.1])
def test_an_accuracy_that_is_no_share_is_damage(accuracy: float) -> None:
    with pytest.raises(UnusableError, match="accuracy"):
        parse_event({"event": "validated", "step": 1, "accuracy": accuracy, "loss": 1.0})
