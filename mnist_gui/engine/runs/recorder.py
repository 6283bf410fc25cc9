"""Record a run while it is trained."""

import platform
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np

from mnist_gui import __version__
from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import MnistGuiError, RunStoreError, as_problem, log_exception
from mnist_gui.engine.events import (
    BestWeightsRestored,
    CheckpointTaken,
    Event,
    Resumed,
    RunPrepared,
    SnapshotTaken,
    StepsAdded,
    StepsTrained,
    TestEvaluated,
    Validated,
)
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.event_log import encode_event
from mnist_gui.engine.runs.run import (
    RunData,
    RunInfo,
    RunStatus,
    RunVersions,
    Score,
    TestPredictions,
)
from mnist_gui.engine.runs.run_folder import format_run_info, format_test_predictions
from mnist_gui.engine.runs.writer import NETWORK_FILES, RunWriter
from mnist_gui.engine.snapshot import Checkpoint, Snapshot, is_spaced

_MOST_LETTERS = 500
_MOST_NAME = 40

WRITE_SECONDS = 2.0
"""How often events are written: what a crash may cost of the curves."""


def apply_event(info: RunInfo, event: Event) -> RunInfo:
    """Return the run info after an event."""
    match event:
        case RunPrepared():
            info = replace(info, device=one_line(event.device), precision=event.precision)
        case StepsTrained():
            info = replace(info, step=event.step, seconds=info.seconds + event.seconds)
        case StepsAdded():
            info = replace(info, steps=event.steps)
        case Resumed(from_checkpoint=True):
            info = replace(info, step=event.step)
        case Validated():
            score, best = _score(info, event.step, event.accuracy), info.best_validation
            if best is None or score.correct > best.correct:
                best = score
            info = replace(info, validation=score, best_validation=best)
        case BestWeightsRestored():
            score = _score(info, event.best_step, event.best_accuracy)
            info = replace(info, validation=score, reason=event.ending.as_json())
        case TestEvaluated():
            evaluation = event.evaluation
            score = Score(event.step, evaluation.correct, len(evaluation.labels))
            info = replace(info, test=score, test_reads=info.test_reads + 1)
    return info


def one_line(text: str) -> str:
    """Return a text as one printable line of at most 500 characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _MOST_LETTERS else f"{line[: _MOST_LETTERS - 1]}…"


def _bounded(fact: Any) -> Any:
    """Return a part of an error's JSON, in which each text is one short line."""
    match fact:
        case str():
            return one_line(fact)
        case list():
            return [_bounded(part) for part in fact]
        case dict():
            return {name: _bounded(part) for name, part in fact.items()}
    return fact


def _score(info: RunInfo, step: int, accuracy: float) -> Score:
    total = info.data.validation
    return Score(step, round(accuracy * total), total)


def initial_info(recipe: Recipe, dataset: Dataset, started: datetime) -> RunInfo:
    """Return the info of a run that starts."""
    return RunInfo(
        recipe=recipe,
        data=RunData(
            one_line(dataset.name),
            dataset.fingerprint,
            len(dataset.train),
            len(dataset.validation),
            len(dataset.test),
        ),
        versions=versions(),
        started=started,
        steps=recipe.steps,
    )


@cache
def versions() -> RunVersions:
    """Return the versions of the packages that compute runs; read from the disk once."""
    return RunVersions(
        __version__,
        platform.python_version(),
        *(package_version(package) for package in ("tensorflow", "keras", "numpy")),
    )


def new_run_id(info: RunInfo) -> str:
    """Return a run ID: local time of the start, recipe and seed."""
    moment = info.started.astimezone().strftime("%Y%m%d-%H%M%S")
    name = re.sub(r"[^a-z0-9]+", "-", info.recipe.name.lower())[:_MOST_NAME].strip("-")
    return "-".join(filter(None, (moment, name, f"s{info.recipe.seed}")))


def now() -> datetime:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def package_version(package: str) -> str:
    """Return the version of an installed package, "" if it is not installed."""
    # Takes 10 ms to import.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


class RunRecorder:
    """Write what happens in a run on a thread of its own, until it is closed.

    Methods may be called from any thread and never fail. When writing fails, everything is kept in
    memory and tried again; `warn` is called on the recorder's thread when that begins and when it
    is over.
    """

    def __init__(
        self,
        writer: RunWriter,
        info: RunInfo,
        warn: Callable[[MnistGuiError], None],
        write_seconds: float = WRITE_SECONDS,
        now: Callable[[], datetime] = now,
    ) -> None:
        """`info` is that of a run that begins or is resumed."""
        self._writer = writer
        self._warn = warn
        self._info = info
        self._write_seconds = write_seconds
        self._now = now
        self._events: list[Event] = []
        self._checkpoint: Checkpoint | None = None
        # The last content of files, written again if the folder vanishes; the unwritten files.
        self._last: dict[str, Snapshot | TestPredictions] = {}
        self._unwritten: set[str] = {run_folder.INFO}
        self._snapshot: Snapshot | None = None
        # The snapshots to keep that are not written yet, by their steps.
        self._snapshots: dict[int, Snapshot] = {}
        self._kept_step: int | None = None
        # The steps and the status in the copy of the info.
        self._copied: tuple[int, RunStatus] | None = None
        # Whether the run has ended and all of it was written: then it may be deleted.
        self._is_complete = False
        self._is_failing = False
        self._is_closing = False
        self._changed = threading.Condition()
        self._is_urgent = True
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    @property
    def info(self) -> RunInfo:
        """The info of the run now."""
        return self._info

    @property
    def run_id(self) -> str | None:
        """The run's ID, once its folder could be made."""
        return self._writer.run_id

    @property
    def is_written(self) -> bool:
        """Whether everything is on the disk."""
        with self._changed:
            return not (self._events or self._checkpoint or self._snapshots or self._unwritten)

    def record(self, event: Event) -> None:
        """Record an event."""
        with self._changed:
            self._info = apply_event(self._info, event)
            self._unwritten.add(run_folder.INFO)
            match event:
                case SnapshotTaken():
                    self._snapshot = event.snapshot
                    if self._is_to_be_kept(event.snapshot.step):
                        self._keep(event.snapshot)
                case CheckpointTaken():
                    # Replaces one that is not written yet.
                    self._checkpoint = event.checkpoint
                    self._wake()
                case TestEvaluated():
                    evaluation = event.evaluation
                    predictions = TestPredictions(
                        self._info.data.fingerprint,
                        event.step,
                        evaluation.labels,
                        evaluation.predicted.astype(np.uint8),
                        evaluation.probabilities,
                    )
                    self._save(run_folder.TEST_PREDICTIONS, predictions)
                    self._events.append(event)
                case _:
                    self._events.append(event)

    def count_test_evaluation(self) -> None:
        """Count one more evaluation on the test images, with other weights of the run."""
        with self._changed:
            self._info = replace(self._info, test_reads=self._info.test_reads + 1)
            self._unwritten.add(run_folder.INFO)

    def save_best(self, snapshot: Snapshot) -> None:
        """Write the weights of the best validation so far."""
        with self._changed:
            self._save(run_folder.BEST, snapshot)

    def mark_resumed(self) -> None:
        """Record that a run that had ended is running again."""
        with self._changed:
            self._info = replace(self._info, status=RunStatus.RUNNING, ended=None, reason=None)
            self._is_complete = False
            self._unwritten.add(run_folder.INFO)
            self._wake()

    def end(self, status: RunStatus, error: Exception | None = None) -> None:
        """Record how the run ended, and write its last good weights."""
        with self._changed:
            self._info = replace(self._info, status=status, ended=self._now())
            if error is not None:
                reason = _bounded(as_problem(error).as_json())
                self._info = replace(self._info, reason=reason)
            self._unwritten.add(run_folder.INFO)
            if self._snapshot is not None:
                self._save(run_folder.NETWORK, self._snapshot)
                self._keep(self._snapshot)
            self._wake()

    def close(self, wait_seconds: float | None = None) -> bool:
        """Write what is left and unlock the folder; return whether all could be written."""
        with self._changed:
            self._is_closing = True
            self._wake()
        self._thread.join(wait_seconds)
        return not self._thread.is_alive() and self.is_written

    def _is_to_be_kept(self, step: int) -> bool:
        if self._kept_step is None:
            return True
        # While nothing can be written, the memory is not filled with what a run can do without.
        return not self._is_failing and is_spaced(self._kept_step, step, self._info.steps)

    def _keep(self, snapshot: Snapshot) -> None:
        self._kept_step = snapshot.step
        # The last one comes last, as it is the one that is never thinned out.
        self._snapshots.pop(snapshot.step, None)
        self._snapshots[snapshot.step] = snapshot

    def _save(self, name: str, content: Snapshot | TestPredictions) -> None:
        self._last[name] = content
        self._unwritten.add(name)

    def _wake(self) -> None:
        self._is_urgent = True
        self._changed.notify()

    def _work(self) -> None:
        is_closing = False
        while not is_closing:
            with self._changed:
                self._changed.wait_for(lambda: self._is_urgent, self._write_seconds)
                self._is_urgent = False
                is_closing = self._is_closing
            if self.is_written:
                continue
            try:
                self._write()
            except OSError as error:
                self._warn_once(error)
            except Exception as error:  # noqa: BLE001 - nothing above a thread would catch it
                log_exception(error)
                self._warn_once(as_problem(error))
            else:
                if self._is_failing:
                    self._is_failing = False
                    self._warn(RunStoreError("run-recorded-again"))
        self._writer.close()

    def _write(self) -> None:
        """Write what is not written yet, `run.json` last."""
        if self._is_complete and not self._writer.is_still_there():
            self._forget()
            return
        folder = self._writer.create()
        if self._writer.was_made:
            # First, so that a crash never leaves a folder without it.
            begun = replace(self._info, status=RunStatus.RUNNING, ended=None)
            try:
                folder.replace(run_folder.INFO, format_run_info(begun))
            except OSError:
                self._writer.discard()
                raise
            self._writer.was_made = False
            self._copied = None
            with self._changed:
                self._unwritten |= {run_folder.INFO, *self._last}
        info = self._info
        self._write_events()
        self._write_snapshots()
        for name in NETWORK_FILES:
            self._write_last(name)
        self._write_info(info)

    def _forget(self) -> None:
        """Write nothing of what was still done with a run that was deleted."""
        with self._changed:
            self._events.clear()
            self._snapshots.clear()
            self._unwritten.clear()
            self._checkpoint = None

    def _write_events(self) -> None:
        """Write the events, and then the checkpoint."""
        with self._changed:
            # Together: the checkpoint on the disk must never be ahead of the history there.
            events, self._events = self._events, []
            checkpoint = self._checkpoint
        self._writer.append_history(b"".join(map(encode_event, events)))
        if checkpoint is None:
            return
        self._writer.write_checkpoint(checkpoint)
        with self._changed:
            if self._checkpoint is checkpoint:
                self._checkpoint = None

    def _write_snapshots(self) -> None:
        with self._changed:
            snapshots = tuple(self._snapshots.values())
        for snapshot in snapshots:
            self._writer.keep_snapshot(snapshot)
            with self._changed:
                if self._snapshots.get(snapshot.step) is snapshot:
                    del self._snapshots[snapshot.step]

    def _write_last(self, name: str) -> None:
        with self._changed:
            content = self._last[name] if name in self._unwritten else None
            self._unwritten.discard(name)
        try:
            match content:
                case Snapshot():
                    self._writer.write_snapshot(name, content)
                case TestPredictions():
                    self._writer.create().replace(name, format_test_predictions(content))
        except BaseException:
            with self._changed:
                self._unwritten.add(name)
            raise

    def _write_info(self, info: RunInfo) -> None:
        folder = self._writer.create()
        content = format_run_info(info)
        folder.replace(run_folder.INFO, content)
        if self._copied != (info.steps, info.status):
            with suppress(OSError):
                folder.replace(run_folder.INFO_COPY, content)
                self._copied = (info.steps, info.status)
        if info.status is RunStatus.COMPLETED:
            folder.remove(run_folder.CHECKPOINT_BEFORE)
            if info.best_validation == info.validation:
                folder.remove(run_folder.BEST)
        if info.status is not RunStatus.RUNNING:
            self._writer.free_space()
        with self._changed:
            if self._info is info:
                self._unwritten.discard(run_folder.INFO)
                self._is_complete = info.status is not RunStatus.RUNNING

    def _warn_once(self, reason: Exception) -> None:
        if not self._is_failing:
            self._is_failing = True
            self._warn(RunStoreError("run-not-recorded", folder=self._writer.runs, reason=reason))
