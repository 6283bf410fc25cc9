"""The table of a run's curves."""

from math import nan
from pathlib import Path

import pytest

from mnist_gui.engine.errors import HistoryFileError
from mnist_gui.engine.events import StepsTrained, Validated
from mnist_gui.engine.history import History
from mnist_gui.engine.history_file import write_curves_csv
from mnist_gui.engine.recipe import RECIPES
from tests.refusals import refused


@pytest.fixture
def history() -> History:
    history = History(RECIPES["softmax-tutorial"])
    history.append(StepsTrained(3, 0.01, [2.3, 1.5, nan], [(0, 0.1)], 0.1))
    history.append(Validated(3, 0.92, 0.25))
    return history


def test_what_was_not_measured_is_left_empty(tmp_path: Path, history: History) -> None:
    write_curves_csv(tmp_path / "run.csv", history)
    header, *rows = [line.split(",") for line in (tmp_path / "run.csv").read_text().splitlines()]
    assert header == ["step", "loss", "train_accuracy", "validation_accuracy", "validation_loss"]
    accuracy_step = int(history.train_accuracy.steps[0])
    assert [row[:2] for row in rows if row[1]] == [["1", "2.3"], ["2", "1.5"], ["3", "nan"]]
    assert [row for row in rows if row[3]] == [["3", "nan", "", "0.92", "0.25"]]
    assert [(int(row[0]), row[2]) for row in rows if row[2]] == [(accuracy_step, "0.1")]


def test_an_empty_history_has_a_header(tmp_path: Path) -> None:
    write_curves_csv(tmp_path / "run.csv", History(RECIPES["softmax-tutorial"]))
    assert (tmp_path / "run.csv").read_text().startswith("step,loss,")


def test_an_unwritable_target_is_named(tmp_path: Path, history: History) -> None:
    with refused(HistoryFileError, match=r"written to .*none/run\.csv: there is no such"):
        write_curves_csv(tmp_path / "none" / "run.csv", history)
