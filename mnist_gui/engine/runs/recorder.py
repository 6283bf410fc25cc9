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
from mnist_gui.engine.errors import RunStoreError, log_unexpected, sentence
from mnist_gui.engine.events import (
    BestRestored,
    CheckpointTaken,
    Event,
    Resumed,
    RunPrepared,
    SnapshotTaken,
    StepsAdded,
    StepsEnded,
    Tested,
    Validated,
)
from mnist_gui.engine.io.files import append_lines, explain, is_draft, locked, sync_folder
from mnist_gui.engine.models.model_file import write_snapshot
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.event_log import encode_event
from mnist_gui.engine.runs.listing import MOST_CHECKPOINT_BYTES, free_space
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
_WRITE_SECONDS = 2.0


class RunWriter:
    """Makes a folder among `runs` when it is first needed, or goes on with one that is `taken`.

    Its methods raise OSError. A folder that vanishes is made anew, and its history is written
    whole again; `was_made` then tells that the rest has to be as well.
    """

    def __init__(self, runs: Path, identity: str) -> None:
        self._runs = runs
        self._wanted = identity
        self._identity: str | None = None
        self._folder: RunFolder | None = None
        self._lock = ExitStack()
        self._history = bytearray()
        self._on_disk = 0
        self.was_made = False

    @property
    def identity(self) -> str | None:
        """The run's identity, once its folder was made."""
        return self._identity

    def take(self) -> RunFolder:
        """Take the lock of a run's folder that is there already; OSError EBUSY if it goes on."""
        folder = RunFolder(self._runs / self._wanted)
        self._take_lock(folder)
        self._remove_drafts(folder)
        self._history += _whole_lines(folder)
        self._on_disk = len(self._history)
        return folder

    def prepare(self) -> RunFolder:
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
        path = self.prepare().file(run_folder.HISTORY)
        if not path.exists() or path.stat().st_size != self._on_disk:
            self.prepare().replace(run_folder.HISTORY, bytes(self._history))
        elif len(self._history) > self._on_disk:
            append_lines(path, bytes(self._history[self._on_disk :]))
        self._on_disk = len(self._history)

    def write_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Put a checkpoint in the place of the last one."""
        with self.prepare().replacing(run_folder.CHECKPOINT) as file:
            write_checkpoint(file, checkpoint)

    def write_snapshot(self, name: str, snapshot: Snapshot) -> None:
        """Write weights under one of the names for them."""
        with self.prepare().replacing(name) as file:
            write_snapshot(file, snapshot)

    def begin_again(self) -> None:
        """Forget what a folder that was taken holds of the run's course and its networks."""
        self._history.clear()
        for name in (run_folder.HISTORY, run_folder.BEST, run_folder.NETWORK, run_folder.READING):
            self.prepare().remove(name)
        self._on_disk = 0

    def free_space(self) -> None:
        """Give up old checkpoints of other runs, where that can be done."""
        with suppress(OSError, RunStoreError):
            free_space(self._runs, MOST_CHECKPOINT_BYTES)

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
        self._identity = folder.identity

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


def follow(facts: RunInfo, event: Event) -> RunInfo:
    """Return what is known of the run after the event."""
    match event:
        case RunPrepared():
            facts = replace(facts, device=one_line(event.device), precision=event.precision)
        case StepsEnded():
            facts = replace(facts, step=event.step, seconds=facts.seconds + event.seconds)
        case StepsAdded():
            facts = replace(facts, steps=event.steps)
        case Resumed(from_checkpoint=True):
            facts = replace(facts, step=event.step)
        case Validated():
            facts = _validated(facts, event)
        case BestRestored():
            score = _score(facts, event.best_step, event.best_accuracy)
            facts = replace(facts, validation=score, reason=ending(event))
        case Tested():
            evaluation = event.evaluation
            score = Score(event.step, evaluation.correct, len(evaluation.labels))
            facts = replace(facts, test=score, test_reads=facts.test_reads + 1)
    return facts


def ending(event: BestRestored) -> str:
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


def _validated(facts: RunInfo, event: Validated) -> RunInfo:
    score = _score(facts, event.step, event.accuracy)
    best = facts.best_validation
    if best is None or score.correct > best.correct:
        best = score
    return replace(facts, validation=score, best_validation=best)


def _score(facts: RunInfo, step: int, accuracy: float) -> Score:
    total = facts.data.validation
    return Score(step, round(accuracy * total), total)


def initial_info(recipe: Recipe, dataset: Dataset) -> RunInfo:
    """Return what is known of a run that starts now."""
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
        started=now(),
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


def identity_of(facts: RunInfo) -> str:
    """Return a name for a run's folder: when it was started, which recipe, which seed."""
    moment = facts.started.astimezone().strftime("%Y%m%d-%H%M%S")
    name = re.sub(r"[^a-z0-9]+", "-", facts.recipe.name.lower())[:_MOST_NAME].strip("-")
    return "-".join(filter(None, (moment, name, f"s{facts.recipe.seed}")))


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
    memory, `tell` is called once, on the recorder's thread, with a sentence, and the recorder goes
    on trying; `tell` is called again once all is written.
    """

    def __init__(self, writer: RunWriter, facts: RunInfo, tell: Callable[[str], None]) -> None:
        """`writer` is used by the recorder only; `facts` are of a run that begins or goes on."""
        self._writer = writer
        self._tell = tell
        self._facts = facts
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
    def facts(self) -> RunInfo:
        """What is known of the run now."""
        return self._facts

    @property
    def identity(self) -> str | None:
        """The run's identity, once its folder could be made."""
        return self._writer.identity

    @property
    def is_written(self) -> bool:
        """Whether all that happened is on the disk."""
        with self._news:
            return not (self._events or self._checkpoint or self._unwritten)

    def take(self, event: Event) -> None:
        """Note what happened next."""
        with self._news:
            self._facts = follow(self._facts, event)
            self._unwritten.add(run_folder.FACTS)
            match event:
                case SnapshotTaken():
                    self._snapshot = event.snapshot
                case CheckpointTaken():
                    # One that is still waiting for the disk is given up for the newer one.
                    self._checkpoint = event.checkpoint
                    self._wake()
                case Tested():
                    self._keep(run_folder.READING, _reading(self._facts, event))
                    self._events.append(event)
                case _:
                    self._events.append(event)

    def count_test(self) -> None:
        """Note that the test images were read once more with other weights of the run."""
        with self._news:
            self._facts = replace(self._facts, test_reads=self._facts.test_reads + 1)
            self._unwritten.add(run_folder.FACTS)

    def keep_best(self, snapshot: Snapshot) -> None:
        """Keep the weights that have read most validation images right so far."""
        with self._news:
            self._keep(run_folder.BEST, snapshot)

    def go_on(self) -> None:
        """Let a run that had ended be running again."""
        with self._news:
            self._facts = replace(self._facts, status=RunStatus.RUNNING, ended=None, reason="")
            self._unwritten.add(run_folder.FACTS)
            self._wake()

    def end(self, status: RunStatus, reason: str = "") -> None:
        """Note how the run ended, and write its last good weights."""
        with self._news:
            reason = one_line(reason) or self._facts.reason
            self._facts = replace(self._facts, status=status, ended=now(), reason=reason)
            self._unwritten.add(run_folder.FACTS)
            if self._snapshot is not None:
                self._keep(run_folder.NETWORK, self._snapshot)
            self._wake()

    def close(self, wait_seconds: float | None = None) -> bool:
        """Write what is left and let the folder go; return whether all could be written."""
        with self._news:
            self._is_closing = True
            self._wake()
        self._thread.join(wait_seconds)
        return not self._thread.is_alive() and self.is_written

    def _keep(self, name: str, content: Snapshot | TestPredictions) -> None:
        self._last[name] = content
        self._unwritten.add(name)

    def _wake(self) -> None:
        self._is_urgent = True
        self._news.notify()

    def _work(self) -> None:
        is_closing = False
        while not is_closing:
            with self._news:
                self._news.wait_for(lambda: self._is_urgent, _WRITE_SECONDS)
                self._is_urgent = False
                is_closing = self._is_closing
            if self.is_written:
                continue
            try:
                self._write()
            except OSError as error:
                self._tell_trouble(f"{explain(error)}.")
            except Exception as error:  # noqa: BLE001 - nothing above a thread would catch it
                log_unexpected(error)
                self._tell_trouble(sentence(error))
            else:
                self._tell_end_of_trouble()
        self._writer.close()

    def _write(self) -> None:
        """Write what is not written yet, such that whatever is written last is never missed."""
        folder = self._writer.prepare()
        if self._writer.was_made:
            # First of all, so that a crash never leaves a folder that does not say what it is.
            begun = replace(self._facts, status=RunStatus.RUNNING, ended=None)
            folder.replace(run_folder.FACTS, format_run_info(begun))
            self._writer.was_made = False
            with self._news:
                self._unwritten |= {run_folder.FACTS, *self._last}
        facts = self._facts
        self._write_events()
        for name in (run_folder.BEST, run_folder.NETWORK, run_folder.READING):
            self._write_last(name)
        self._write_facts(facts)

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
                    self._writer.prepare().replace(name, format_reading(content))
        except BaseException:
            with self._news:
                self._unwritten.add(name)
            raise

    def _write_facts(self, facts: RunInfo) -> None:
        folder = self._writer.prepare()
        folder.replace(run_folder.FACTS, format_run_info(facts))
        if facts.status is RunStatus.COMPLETED:
            if facts.best_validation == facts.validation:
                folder.remove(run_folder.BEST)
            self._writer.free_space()
        with self._news:
            if self._facts is facts:
                self._unwritten.discard(run_folder.FACTS)

    def _tell_trouble(self, problem: str) -> None:
        if not self._in_trouble:
            self._in_trouble = True
            self._tell(
                f"The run cannot be recorded now: {problem} "
                "Training goes on, and it is recorded as soon as that is possible."
            )

    def _tell_end_of_trouble(self) -> None:
        if self._in_trouble:
            self._in_trouble = False
            self._tell("The run is recorded again, with all that happened in the meantime.")


def _reading(facts: RunInfo, event: Tested) -> TestPredictions:
    evaluation = event.evaluation
    predicted = evaluation.predicted.astype(np.uint8)
    return TestPredictions(facts.data.fingerprint, event.step, evaluation.labels, predicted)
