import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.runs.run_folder import load_checkpoint, write_checkpoint
from mnist_gui.engine.snapshot import BestValidation, best_snapshot, checkpoint_types
from tests.engine.conftest import ArchiveParts
from tests.engine.runs.conftest import RECIPE, checkpoint_at
from tests.refusals import refused

PATIENT = replace(RECIPE, patience=3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A checkpoint of a run that knows its best validation."""
    path = tmp_path / "checkpoint.safetensors"
    checkpoint = checkpoint_at(20, PATIENT)
    kinds = checkpoint_types(PATIENT, has_best=True).items()
    best = {n: np.full(kind.shape, 10, kind.dtype) for n, kind in kinds if n.startswith("best/")}
    standing = BestValidation(10, 0.85, 2, temperature=0.5)
    arrays = {**checkpoint.arrays, **best}
    with path.open("wb") as file:
        write_checkpoint(
            file, replace(checkpoint, arrays=arrays, best=standing, validated=20, temperature=0.6)
        )
    return path


def test_the_best_validation_is_kept_with_its_weights_and_the_patience_that_was_used(
    path: Path,
) -> None:
    checkpoint = load_checkpoint(path)
    assert checkpoint.best == BestValidation(10, 0.85, 2, temperature=0.5)
    best = best_snapshot(checkpoint)
    assert (best.step, best.temperature, checkpoint.temperature) == (10, 0.5, 0.6)
    assert all((array == 10).all() for array in best.weights.values())


def test_a_run_without_a_validation_has_no_best(tmp_path: Path) -> None:
    with (tmp_path / "checkpoint.safetensors").open("wb") as file:
        write_checkpoint(file, checkpoint_at(20, PATIENT))
    assert load_checkpoint(tmp_path / "checkpoint.safetensors").best is None


@pytest.mark.parametrize(
    ("best", "words"),
    [
        (None, "an array that it should not have, 'best/output/bias'"),
        ({"step": 10, "accuracy": 1.5, "since": 2}, "Expected `float` <= 1.0 in `best.accuracy`"),
        ({"step": 30, "accuracy": 0.5, "since": 2}, "its steps contradict each other"),
        ({"step": 10, "accuracy": 0.5, "since": -1}, "Expected `int` >= 0 in `best.since`"),
        ([10, 0.5, 2], "got `array` in `best`"),
    ],
)
def test_a_best_validation_that_cannot_be_is_refused(path: Path, best: object, words: str) -> None:
    parts = ArchiveParts.of(path)
    parts.change_facts(best=best)
    parts.write(path)
    with refused(RunStoreError, match=re.escape(words)):
        load_checkpoint(path)


def test_what_is_none_is_called_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.safetensors"
    path.write_bytes(bytes(100))
    with refused(RunStoreError, match="it is no checkpoint file"):
        load_checkpoint(path)
