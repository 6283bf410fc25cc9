"""Records a run into its folder while it goes on, without keeping the training waiting."""

import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mnist_gui.engine.checkpoint import Checkpoint
from mnist_gui.engine.errors import log_unexpected, sentence
from mnist_gui.engine.events import CheckpointTaken, Event, SnapshotTaken, Tested
from mnist_gui.engine.files.regular_file import explain
from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.facts import RunFacts
from mnist_gui.engine.runs.facts_json import format_facts
from mnist_gui.engine.runs.folder_writer import FolderWriter
from mnist_gui.engine.runs.following import follow, one_line
from mnist_gui.engine.runs.history_lines import format_event
from mnist_gui.engine.runs.starting import now
from mnist_gui.engine.runs.status import RunStatus
from mnist_gui.engine.runs.test_reading import TestReading, format_reading
from mnist_gui.engine.snapshot import Snapshot

# So often what happened is written; what a crash may cost of the curves.
_WRITE_SECONDS = 2.0


class RunRecorder:
    """Writes what happens in a run on a thread of its own, until it is closed.

    Its methods may be called from any thread and never fail. When the disk does, all is kept in
    memory, `tell` is called once, on the recorder's thread, with a sentence, and the recorder goes
    on trying; `tell` is called again once all is written.
    """

    def __init__(self, writer: FolderWriter, facts: RunFacts, tell: Callable[[str], None]) -> None:
        """`writer` is used by the recorder only; `facts` are of a run that begins or goes on."""
        self._writer = writer
        self._tell = tell
        self._facts = facts
        self._events: list[Event] = []
        self._checkpoint: Checkpoint | None = None
        # What may have to be written again, by the names of the files, and what has to be now.
        self._last: dict[str, Snapshot | TestReading] = {}
        self._unwritten: set[str] = {run_folder.FACTS}
        self._snapshot: Snapshot | None = None
        self._in_trouble = False
        self._is_closing = False
        self._news = threading.Condition()
        self._is_urgent = True
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    @property
    def facts(self) -> RunFacts:
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

    def _keep(self, name: str, content: Snapshot | TestReading) -> None:
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
            folder.replace(run_folder.FACTS, format_facts(begun))
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
        lines = (format_event(event) for event in events)
        self._writer.append_history("".join(f"{line}\n" for line in lines if line).encode())
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
                case TestReading():
                    self._writer.prepare().replace(name, format_reading(content))
        except BaseException:
            with self._news:
                self._unwritten.add(name)
            raise

    def _write_facts(self, facts: RunFacts) -> None:
        folder = self._writer.prepare()
        folder.replace(run_folder.FACTS, format_facts(facts))
        if facts.status is RunStatus.COMPLETED:
            if facts.best_validation == facts.validation:
                folder.remove(run_folder.BEST)
            self._writer.make_room()
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


def _reading(facts: RunFacts, event: Tested) -> TestReading:
    evaluation = event.evaluation
    predicted = evaluation.predicted.astype(np.uint8)
    return TestReading(facts.data.fingerprint, event.step, evaluation.labels, predicted)
