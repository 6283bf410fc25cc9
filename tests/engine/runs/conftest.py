"""What the tests of the store share: a small data set and events without TensorFlow."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.engine.events import (
    CheckpointTaken,
    Event,
    RunPrepared,
    SnapshotTaken,
    StepsTrained,
    TestEvaluated,
    Validated,
)
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.engine.runs.recorder import RunRecorder
from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Checkpoint, Snapshot, checkpoint_types
from tests.engine.conftest import write_dataset
from tests.refusals import not_told

RECIPE = replace(RECIPES["softmax-tutorial"], steps=40)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    folder = tmp_path / "digits"
    write_dataset(folder, train=240, test=100)
    return load_dataset(folder)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def store(runs: Path) -> RunStore:
    return RunStore(runs)


@pytest.fixture
def told() -> list[MnistGuiError]:
    return []


@pytest.fixture
def recorders() -> Iterator[list[RunRecorder]]:
    """Recorders put here are closed at the end of the test."""
    made: list[RunRecorder] = []
    yield made
    for recorder in made:
        recorder.close(10)


def snapshot_at(step: int, recipe: Recipe = RECIPE) -> Snapshot:
    shapes = recipe.architecture.weight_shapes
    return Snapshot(recipe, step, {n: np.full(s, step, "<f4") for n, s in shapes.items()})


def checkpoint_at(step: int, recipe: Recipe = RECIPE) -> Checkpoint:
    types = checkpoint_types(recipe).items()
    arrays = {name: np.full(kind.shape, step, kind.dtype) for name, kind in types}
    return Checkpoint(recipe, recipe.steps, step, recipe.learning_rate, "float32", -1, arrays)


def steps_to(step: int) -> StepsTrained:
    count = 10
    return StepsTrained(step, step / 220, np.linspace(2, 1, count).tolist(), [(0, 0.5)], 0.25)


def evaluated_at(step: int, dataset: Dataset, wrong: int) -> TestEvaluated:
    labels = dataset.test.labels
    read = labels.copy()
    read[:wrong] = (read[:wrong] + 1) % 10
    return TestEvaluated(RECIPE, step, Evaluation(labels, np.eye(10, dtype=np.float32)[read]), 0.1)


PREPARED = RunPrepared("CPU: one", "float32", 7_850, 0.5)


def whole_run(dataset: Dataset, wrong: int) -> list[Event]:
    """What happens in a run of RECIPE whose best validation comes before its end."""
    return [
        PREPARED,
        SnapshotTaken(snapshot_at(0)),
        steps_to(10),
        steps_to(20),
        Validated(20, 0.9, 0.4),
        CheckpointTaken(checkpoint_at(20)),
        steps_to(30),
        steps_to(40),
        Validated(40, 0.8, 0.5),
        SnapshotTaken(snapshot_at(40)),
        evaluated_at(40, dataset, wrong),
    ]


def record(store: RunStore, dataset: Dataset, events: list[Event]) -> str:
    """Record a run that is completed, and return its ID."""
    recorder = store.start(RECIPE, dataset, not_told)
    for event in events:
        recorder.record(event)
        if event == Validated(20, 0.9, 0.4):
            recorder.save_best(snapshot_at(20))
    recorder.end(RunStatus.COMPLETED)
    assert recorder.close(10)
    assert recorder.info.status is RunStatus.COMPLETED
    assert recorder.run_id is not None
    return recorder.run_id
