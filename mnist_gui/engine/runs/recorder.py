"""Record a run while it goes on."""

import errno
import os
import platform
import re
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import numpy as np

from mnist_gui import __version__
from mnist_gui.engine.checkpoint import Checkpoint
from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RunStoreError, log_exception, sentence
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
from mnist_gui.engine.io.files import append_lines, explain, is_draft, locked, sync_folder
from mnist_gui.engine.models.model_file import write_snapshot
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.event_log import encode_event
from mnist_gui.engine.runs.listing import free_space
from mnist_gui.engine.runs.run import RunData, RunInfo, RunStatus, RunVersions, Score
from mnist_gui.engine.runs.run_folder import (
    RunFolder,
    TestPredictions,
    format_reading,
    format_run_info,
    write_checkpoint,
)
from mnist_gui.engine.snapshot import Snapshot

# Somebody who only looks whether a run goes on holds its lock for a moment.
_LOCK_SECONDS = 0.5
_MOST_HISTORY_BYTES = 64 << 20
_MOST_LETTERS = 500
_MOST_NAME = 40

# So often what happened is written; what a crash may cost of the curves.
WRITE_SECONDS = 2.0
# Ten of the largest network's, or hundreds of those of the lean ones.
MOST_CHECKPOINT_BYTES = 400 << 20


class RunWriter:
    """Writes one run's files: makes its folder among `runs` when needed, or opens an existing one.

    Its methods raise OSError. A folder that vanishes is made anew, and its history is written
    whole again; `was_made` then tells that the rest has to be as well.
    """

    def __init__(
        self, runs: Path, run_id: str, most_checkpoint_bytes: int = MOST_CHECKPOINT_BYTES
    ) -> None:
        self._runs = runs
        self._wanted = run_id
        self._most_checkpoint_bytes = most_checkpoint_bytes
        self._run_id: str | None = None
        self._folder: RunFolder | None = None
        self._lock = ExitStack()
        self._history = bytearray()
        self._on_disk = 0
        self.was_made = False

    @property
    def run_id(self) -> str | None:
        """The run's ID, once its folder was made."""
        return self._run_id

    def open_existing(self) -> RunFolder:
        """Take the lock of a run's folder that is there already; OSError EBUSY if it goes on."""
        folder = RunFolder(self._runs / self._wanted)
        self._take_lock(folder)
        self._remove_drafts(folder)
        self._history += _whole_lines(folder)
        self._on_disk = len(self._history)
        return folder

    def create(self) -> RunFolder:
        """Return the folder, and make it if it is not there."""
        if self._folder is not None and not self._folder.file(run_folder.LOCK).exists():
            # It is told of as trouble, and made anew the next time.
            path = self._folder.path
            self.close()
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        if self._folder is None:
            self._make()
        assert self._folder is not None
        return self._folder

    def append_history(self, lines: bytes) -> None:
        """Append whole lines to the history, or write it anew if it is not what it should be.

        The lines count as appended in any case: what failed now is written the next time.
        """
        self._history += lines
        path = self.create().file(run_folder.HISTORY)
        if not path.exists() or path.stat().st_size != self._on_disk:
            self.create().replace(run_folder.HISTORY, bytes(self._history))
        elif len(self._history) > self._on_disk:
            append_lines(path, bytes(self._history[self._on_disk :]))
        self._on_disk = len(self._history)

    def write_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Put a checkpoint in the place of the last one."""
        with self.create().replacing(run_folder.CHECKPOINT) as file:
            write_checkpoint(file, checkpoint)

    def write_snapshot(self, name: str, snapshot: Snapshot) -> None:
        """Write weights under one of the names for them."""
        with self.create().replacing(name) as file:
            write_snapshot(file, snapshot)

    def restart(self) -> None:
        """Remove what an existing folder holds of the run's history and its networks."""
        self._history.clear()
        for name in (run_folder.HISTORY, run_folder.BEST, run_folder.NETWORK, run_folder.READING):
            self.create().remove(name)
        self._on_disk = 0

    def free_space(self) -> None:
        """Remove old checkpoints of other runs, where that can be done."""
        with suppress(OSError, RunStoreError):
            free_space(self._runs, self._most_checkpoint_bytes)

    def close(self) -> None:
        """Let the folder go; nothing is written any more."""
        self._lock.close()
        self._folder = None

    def _make(self) -> None:
        self._runs.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            path = self._runs / (self._wanted + (f"-{number}" if number > 1 else ""))
            try:
                path.mkdir()
            except FileExistsError:
                continue
            self._take_lock(RunFolder(path))
            self._on_disk = 0
            self.was_made = True
            sync_folder(self._runs)
            return

    def _take_lock(self, folder: RunFolder) -> None:
        lock = locked(folder.file(run_folder.LOCK), wait_seconds=_LOCK_SECONDS)
        self._lock.enter_context(lock)
        self._folder = folder
        self._run_id = folder.run_id

    def _remove_drafts(self, folder: RunFolder) -> None:
        """Remove what a program that died while it wrote has left behind."""
        for name in folder.names():
            if is_draft(name):
                folder.remove(name)


def _whole_lines(folder: RunFolder) -> bytes:
    try:
        content = folder.read(run_folder.HISTORY, _MOST_HISTORY_BYTES)
    except FileNotFoundError:
        return b""
    return content[: content.rfind(b"\n") + 1]


def apply_event(info: RunInfo, event: Event) -> RunInfo:
    """Return what is known of the run after the event."""
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
            info = _validated(info, event)
        case BestWeightsRestored():
            score = _score(info, event.best_step, event.best_accuracy)
            info = replace(info, validation=score, reason=ending_text(event))
        case TestEvaluated():
            evaluation = event.evaluation
            score = Score(event.step, evaluation.correct, len(evaluation.labels))
            info = replace(info, test=score, test_reads=info.test_reads + 1)
    return info


def ending_text(event: BestWeightsRestored) -> str:
    """Say how a run ended that went back to its best weights."""
    if event.is_early:
        return (
            f"Stopped at step {event.step:,}: validation had not improved for "
            f"{event.validations:,} validations; best at step {event.best_step:,}."
        )
    return f"Its weights are those of step {event.best_step:,}, which validated best."


def one_line(text: str) -> str:
    """Return a text as one printable line that is not too long to be kept."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _MOST_LETTERS else f"{line[: _MOST_LETTERS - 1]}…"


def _validated(info: RunInfo, event: Validated) -> RunInfo:
    score = _score(info, event.step, event.accuracy)
    best = info.best_validation
    if best is None or score.correct > best.correct:
        best = score
    return replace(info, validation=score, best_validation=best)


def _score(info: RunInfo, step: int, accuracy: float) -> Score:
    total = info.data.validation
    return Score(step, round(accuracy * total), total)


def initial_info(recipe: Recipe, dataset: Dataset, started: datetime) -> RunInfo:
    """Return what is known of a run that starts."""
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
    """Return the versions of what computes runs in this program; looked up once, on the disk."""
    return RunVersions(
        __version__,
        platform.python_version(),
        *(_version(package) for package in ("tensorflow", "keras", "numpy")),
    )


def new_run_id(info: RunInfo) -> str:
    """Return a name for a run's folder: when it was started, which recipe, which seed."""
    moment = info.started.astimezone().strftime("%Y%m%d-%H%M%S")
    name = re.sub(r"[^a-z0-9]+", "-", info.recipe.name.lower())[:_MOST_NAME].strip("-")
    return "-".join(filter(None, (moment, name, f"s{info.recipe.seed}")))


def now() -> datetime:
    """Return the time as it is kept, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def _version(package: str) -> str:
    # Imported with the first run: it takes a hundredth of a second to load.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


class RunRecorder:
    """Writes what happens in a run on a thread of its own, until it is closed.

    Its methods may be called from any thread and never fail. When the disk does, all is kept in
    memory, `warn` is called once, on the recorder's thread, with a sentence, and the recorder goes
    on trying; `warn` is called again once all is written.
    """

    def __init__(
        self,
        writer: RunWriter,
        info: RunInfo,
        warn: Callable[[str], None],
        write_seconds: float = WRITE_SECONDS,
        now: Callable[[], datetime] = now,
    ) -> None:
        """`writer` is used by the recorder only; `info` is of a run that begins or is resumed."""
        self._writer = writer
        self._warn = warn
        self._info = info
        self._write_seconds = write_seconds
        self._now = now
        self._events: list[Event] = []
        self._checkpoint: Checkpoint | None = None
        # What may have to be written again, by the names of the files, and what has to be now.
        self._last: dict[str, Snapshot | TestPredictions] = {}
        self._unwritten: set[str] = {run_folder.FACTS}
        self._snapshot: Snapshot | None = None
        self._in_trouble = False
        self._is_closing = False
        self._news = threading.Condition()
        self._is_urgent = True
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    @property
    def info(self) -> RunInfo:
        """What is known of the run now."""
        return self._info

    @property
    def run_id(self) -> str | None:
        """The run's ID, once its folder could be made."""
        return self._writer.run_id

    @property
    def is_written(self) -> bool:
        """Whether all that happened is on the disk."""
        with self._news:
            return not (self._events or self._checkpoint or self._unwritten)

    def record(self, event: Event) -> None:
        """Note what happened next."""
        with self._news:
            self._info = apply_event(self._info, event)
            self._unwritten.add(run_folder.FACTS)
            match event:
                case SnapshotTaken():
                    self._snapshot = event.snapshot
                case CheckpointTaken():
                    # One that is still waiting for the disk is given up for the newer one.
                    self._checkpoint = event.checkpoint
                    self._wake()
                case TestEvaluated():
                    self._save(run_folder.READING, _test_predictions(self._info, event))
                    self._events.append(event)
                case _:
                    self._events.append(event)

    def count_test_evaluation(self) -> None:
        """Note that the test images were read once more with other weights of the run."""
        with self._news:
            self._info = replace(self._info, test_reads=self._info.test_reads + 1)
            self._unwritten.add(run_folder.FACTS)

    def save_best(self, snapshot: Snapshot) -> None:
        """Save the weights that have read most validation images right so far."""
        with self._news:
            self._save(run_folder.BEST, snapshot)

    def mark_resumed(self) -> None:
        """Note that a run that had ended is running again."""
        with self._news:
            self._info = replace(self._info, status=RunStatus.RUNNING, ended=None, reason="")
            self._unwritten.add(run_folder.FACTS)
            self._wake()

    def end(self, status: RunStatus, reason: str = "") -> None:
        """Note how the run ended, and write its last good weights."""
        with self._news:
            reason = one_line(reason) or self._info.reason
            self._info = replace(self._info, status=status, ended=self._now(), reason=reason)
            self._unwritten.add(run_folder.FACTS)
            if self._snapshot is not None:
                self._save(run_folder.NETWORK, self._snapshot)
            self._wake()

    def close(self, wait_seconds: float | None = None) -> bool:
        """Write what is left and let the folder go; return whether all could be written."""
        with self._news:
            self._is_closing = True
            self._wake()
        self._thread.join(wait_seconds)
        return not self._thread.is_alive() and self.is_written

    def _save(self, name: str, content: Snapshot | TestPredictions) -> None:
        self._last[name] = content
        self._unwritten.add(name)

    def _wake(self) -> None:
        self._is_urgent = True
        self._news.notify()

    def _work(self) -> None:
        is_closing = False
        while not is_closing:
            with self._news:
                self._news.wait_for(lambda: self._is_urgent, self._write_seconds)
                self._is_urgent = False
                is_closing = self._is_closing
            if self.is_written:
                continue
            try:
                self._write()
            except OSError as error:
                self._warn_of_trouble(f"{explain(error)}.")
            except Exception as error:  # noqa: BLE001 - nothing above a thread would catch it
                log_exception(error)
                self._warn_of_trouble(sentence(error))
            else:
                self._warn_of_its_end()
        self._writer.close()

    def _write(self) -> None:
        """Write what is not written yet, such that whatever is written last is never missed."""
        folder = self._writer.create()
        if self._writer.was_made:
            # First of all, so that a crash never leaves a folder that does not say what it is.
            begun = replace(self._info, status=RunStatus.RUNNING, ended=None)
            folder.replace(run_folder.FACTS, format_run_info(begun))
            self._writer.was_made = False
            with self._news:
                self._unwritten |= {run_folder.FACTS, *self._last}
        info = self._info
        self._write_events()
        for name in (run_folder.BEST, run_folder.NETWORK, run_folder.READING):
            self._write_last(name)
        self._write_facts(info)

    def _write_events(self) -> None:
        """Write what happened, and then the checkpoint that it led to."""
        with self._news:
            # Together: a checkpoint must never be ahead of the history on the disk.
            events, self._events = self._events, []
            checkpoint = self._checkpoint
        self._writer.append_history(b"".join(map(encode_event, events)))
        if checkpoint is None:
            return
        self._writer.write_checkpoint(checkpoint)
        with self._news:
            if self._checkpoint is checkpoint:
                self._checkpoint = None

    def _write_last(self, name: str) -> None:
        with self._news:
            content = self._last[name] if name in self._unwritten else None
            self._unwritten.discard(name)
        try:
            match content:
                case Snapshot():
                    self._writer.write_snapshot(name, content)
                case TestPredictions():
                    self._writer.create().replace(name, format_reading(content))
        except BaseException:
            with self._news:
                self._unwritten.add(name)
            raise

    def _write_facts(self, info: RunInfo) -> None:
        folder = self._writer.create()
        folder.replace(run_folder.FACTS, format_run_info(info))
        if info.status is RunStatus.COMPLETED:
            if info.best_validation == info.validation:
                folder.remove(run_folder.BEST)
            self._writer.free_space()
        with self._news:
            if self._info is info:
                self._unwritten.discard(run_folder.FACTS)

    def _warn_of_trouble(self, problem: str) -> None:
        if not self._in_trouble:
            self._in_trouble = True
            self._warn(
                f"The run cannot be recorded now: {problem} "
                "Training goes on, and it is recorded as soon as that is possible."
            )

    def _warn_of_its_end(self) -> None:
        if self._in_trouble:
            self._in_trouble = False
            self._warn("The run is recorded again, with all that happened in the meantime.")


def _test_predictions(info: RunInfo, event: TestEvaluated) -> TestPredictions:
    evaluation = event.evaluation
    predicted = evaluation.predicted.astype(np.uint8)
    return TestPredictions(info.data.fingerprint, event.step, evaluation.labels, predicted)
