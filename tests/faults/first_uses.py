"""What the program does first with what it has read: shows it, draws it, reads it."""

import json

import numpy as np
from numpy.typing import NDArray

from mnist_gui.cli.runs import info_table, run_as_json, runs_table
from mnist_gui.engine.digits.files import format_entry
from mnist_gui.engine.digits.model import UserDigit
from mnist_gui.engine.drawing import Drawing
from mnist_gui.engine.grouping import group_strokes
from mnist_gui.engine.history import History
from mnist_gui.engine.models.digit_detector import DigitDetector
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.replay import Replay
from mnist_gui.engine.runs.run import RunRecord, settings
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.labels import duration, moment
from mnist_gui.gui.common.values import annotation_texts, network_title
from mnist_gui.gui.curves.data import (
    NO_CURVES,
    accuracy_curves,
    axis_end,
    by_line,
    linear_ticks,
    log_ticks,
    loss_curves,
    values_to_see,
)
from mnist_gui.gui.digits.text import digit_details
from mnist_gui.gui.runs import text as run_text

_MOST_POINTS = 2_000
_DETECTOR = DigitDetector()


def use_drawing(drawing: Drawing) -> None:
    """Make of a drawing what a network reads, find its digits, and replay it."""
    if sum(len(stroke.points) for stroke in drawing.strokes) > _MOST_POINTS:
        return
    preprocess(drawing)
    group_strokes(
        drawing, lambda drawings: _DETECTOR.digit_scores(np.stack(list(map(preprocess, drawings))))
    )
    replay = Replay(drawing)
    replay.at(replay.duration / 2)


def use_digit(digit: UserDigit) -> None:
    """Show what is known of a kept digit, and write it down again."""
    use_drawing(digit.drawing)
    _show(digit_details(digit, None))
    format_entry(digit).encode()


def use_network(snapshot: Snapshot) -> None:
    """Say which network it is."""
    _show(network_title(snapshot.recipe.name, snapshot.step))


def use_run(run: RunRecord) -> None:
    """Show what is known of a run, as the window and the command line do."""
    info = run.info
    _show(run_text.run_title(run))
    _show(moment(info.started))
    _show(run_text.steps_text(info))
    _show(duration(info.seconds))
    _show(run_text.score_text(info.test))
    for name, value in settings(run).items():
        _show(run_text.setting_text(name, value))
    _show(run_text.reason_text(info))
    runs_table([run])
    info_table(run)
    json.dumps(run_as_json(run)).encode()


def use_history(history: History) -> None:
    """Place the curves, the marks and the ends of the axes, and say how far the run is."""
    for curves in (loss_curves(history), accuracy_curves(history)):
        values = values_to_see(by_line(curves, NO_CURVES), 0, curves.last_step)
        if len(values):
            log_ticks(*_logarithms(values))
            linear_ticks(float(values.min()), float(values.max()))
        axis_end(curves.last_step)
    for _, text in annotation_texts(history.annotations):
        _show(text)
    progress = history.progress
    _show(duration(progress.elapsed))
    if progress.remaining is not None:
        _show(duration(progress.remaining))


def _logarithms(values: NDArray[np.float64]) -> tuple[float, float]:
    placed = np.log10(np.maximum(values, 1e-5))
    return float(placed.min()), float(placed.max())


def _show(text: str) -> None:
    # Qt takes no text that UTF-8 could not hold.
    text.encode()
