import json
from io import BytesIO
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.events import (
    BestWeightsRestored,
    Event,
    LearningRateChanged,
    LoggedEvent,
    Paused,
    Resumed,
    SnapshotTaken,
    StepsAdded,
    StepsTrained,
    Validated,
)
from mnist_gui.engine.runs.event_log import decode_event, encode_event, read_history
from mnist_gui.engine.runs.store import RunStore
from tests.engine.conftest import lines_run
from tests.engine.runs.conftest import PREPARED, RECIPE, evaluated_at, record, snapshot_at, steps_to

STEPS = {
    "event": "steps",
    "step": 1,
    "epoch": 0,
    "seconds": 1,
    "losses": [1],
    "accuracies": [[0, 1]],
}


def read_back(event: Event) -> Event:
    line = encode_event(event)
    assert line.endswith(b"\n")
    assert b"\n" not in line[:-1]
    return decode_event(line)


@pytest.mark.parametrize(
    "event",
    [
        PREPARED,
        Validated(250, 0.9123, 0.31),
        LearningRateChanged(3, 0.001),
        StepsAdded(10, 20),
        Paused(7),
        Resumed(7, from_checkpoint=True),
        BestWeightsRestored(40, 20, 0.9123, 5, is_early=True),
    ],
)
def test_an_event_is_read_back_from_its_line(event: Event) -> None:
    assert read_back(event) == event


@given(arrays.arrays(np.float32, st.integers(1, 50), elements=st.floats(0, 2**20, width=32)))
def test_losses_are_read_back_to_the_bit(losses: np.ndarray) -> None:
    accuracies = [(index, loss / 2**20) for index, loss in enumerate(losses.tolist()) if index % 3]
    event = StepsTrained(len(losses) + 3, 1.5, losses.tolist(), accuracies, 0.04)
    found = read_back(event)
    assert found == event
    assert isinstance(found, StepsTrained)
    assert np.array(found.losses, np.float32).tobytes() == losses.tobytes()


def test_weights_and_tests_leave_no_line(dataset: Dataset) -> None:
    assert encode_event(SnapshotTaken(snapshot_at(1))) == b""
    assert encode_event(evaluated_at(1, dataset, 0)) == b""


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {},
        {"event": "unknown"},
        STEPS | {"losses": 3},
        STEPS | {"losses": [1, 2]},
        STEPS | {"losses": ["1"]},
        STEPS | {"losses": [1e99]},
        STEPS | {"accuracies": [[1, 0]]},
        STEPS | {"accuracies": [[0, 2]]},
        STEPS | {"accuracies": [[0]]},
        STEPS | {"accuracies": [[0, 1], [0, 1]]},
        STEPS | {"step": -1},
        STEPS | {"step": 1_000_001},
        {"event": "validated", "step": True, "accuracy": 1, "loss": 1},
        {"event": "resumed", "step": 1, "from_checkpoint": 1},
        {"event": "paused"},
        {
            "event": "prepared",
            "device": "a\nb",
            "precision": "",
            "parameters": 1,
            "setup_seconds": 1,
        },
    ],
)
def test_a_line_that_cannot_be_is_refused(values: object) -> None:
    assert isinstance(decode_event(json.dumps(STEPS).encode()), StepsTrained)
    with pytest.raises(ValueError, match=" "):
        decode_event(json.dumps(values).encode())


@pytest.mark.parametrize(
    "line", [b"", b"{", b"\xff{}", b'{"event":"paused","step":1,"x":' + b"[" * 10**5]
)
def test_what_is_no_json_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=" "):
        decode_event(line)


def lines(*events: Event) -> bytes:
    return b"".join(map(encode_event, events))


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


def test_a_history_that_goes_back_in_every_line_takes_work_in_proportion_to_its_lines() -> None:
    ahead, back = lines(Paused(5)), lines(Resumed(5, from_checkpoint=True))

    def read(times: int) -> None:
        kept = read_history(BytesIO(ahead * times + back * times), RECIPE)
        assert len(kept.history.annotations) == 2 * times

    # Each line with each other one would be four times the work.
    assert lines_run(lambda: read(1_000)) < 2.1 * lines_run(lambda: read(500))


@pytest.mark.parametrize("accuracy", [1.5, 1e12, -0.1])
def test_an_accuracy_that_is_no_share_is_damage(accuracy: float) -> None:
    values = {"event": "validated", "step": 1, "accuracy": accuracy, "loss": 1.0}
    with pytest.raises(ValueError, match="accuracy"):
        decode_event(json.dumps(values).encode())


class Noted(LoggedEvent, frozen=True, tag="noted"):
    """A new event, as `engine/events.py` would declare it."""

    step: int
    text: str


def test_a_new_event_is_declared_and_is_then_recorded_read_and_marked_without_more(
    store: RunStore, dataset: Dataset
) -> None:
    noted = cast("Event", Noted(20, "a note"))  # There it would also join the union `Annotation`.
    run = record(store, dataset, [steps_to(20), noted, steps_to(30)])
    log = (store.folder / run / "history.jsonl").read_bytes()
    assert b'\n{"event":"noted","step":20,"text":"a note"}\n' in log
    assert store.history(run).history.annotations == (noted,)
    assert store.history(run).damaged_lines == 0
    assert store.run(run).info.step == 30
