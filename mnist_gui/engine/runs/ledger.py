"""The runs that are kept in a folder: to start, list, label, load, delete and bring back."""

import errno
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from mnist_gui.engine.checkpoint import Checkpoint
from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.files.regular_file import explain, open_regular
from mnist_gui.engine.model_file import load_snapshot
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.checkpoint_file import load_checkpoint
from mnist_gui.engine.runs.comparison import Comparison, compare
from mnist_gui.engine.runs.facts import RunFacts
from mnist_gui.engine.runs.facts_json import format_facts
from mnist_gui.engine.runs.folder_writer import FolderWriter
from mnist_gui.engine.runs.history_reader import KeptHistory, read_history
from mnist_gui.engine.runs.labels import RunLabels, format_labels
from mnist_gui.engine.runs.lister import RunLister
from mnist_gui.engine.runs.record import RunList, RunRecord
from mnist_gui.engine.runs.recorder import RunRecorder
from mnist_gui.engine.runs.run_bin import RunBin
from mnist_gui.engine.runs.run_folder import RunFolder
from mnist_gui.engine.runs.starting import first_facts, identity_of, versions
from mnist_gui.engine.runs.status import RunStatus
from mnist_gui.engine.runs.test_reading import TestReading, load_reading
from mnist_gui.engine.snapshot import Snapshot

_IDENTITY = re.compile(r"[a-z0-9][a-z0-9-]{0,120}")


class RunLedger:
    """The runs in a folder, which need not exist yet. To be used by one thread at a time.

    All its methods raise RunRecordError with one sentence; those that load weights ModelFileError.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lister = RunLister(folder)
        self._bin = RunBin(folder)

    def runs(self) -> RunList:
        """Return all runs, the latest first. What has not changed is not read again."""
        return self._lister.runs()

    def run(self, identity: str) -> RunRecord:
        """Return one run as it is now."""
        self._folder(identity)
        return self._lister.run(identity)

    def find(self, words: str) -> RunRecord:
        """Return the run of this identity or of its beginning, of this name, or the "last" one."""
        runs = self.runs().runs
        found = [run for run in runs if words in (run.identity, run.labels.name)]
        found = found or [run for run in runs if run.identity.startswith(words)]
        if words == "last":
            found = list(runs[:1])
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(run.identity for run in found[:3])
            raise RunRecordError(
                f"{words!r} may be any of {len(found)} runs, {names} ...; name one of them."
            )
        raise RunRecordError(f"There is no run {words[:80]!r} in {self.folder}; name a listed one.")

    def start(self, recipe: Recipe, dataset: Dataset, tell: Callable[[str], None]) -> RunRecorder:
        """Return a recorder for a run that begins now; see RunRecorder for `tell`."""
        facts = first_facts(recipe, dataset)
        return RunRecorder(FolderWriter(self.folder, identity_of(facts)), facts, tell)

    def resume(
        self, identity: str, dataset: Dataset, tell: Callable[[str], None]
    ) -> tuple[Checkpoint | None, RunRecorder]:
        """Return where a run that has ended, or was interrupted, is to go on, and its recorder.

        A run that has no checkpoint, and was not completed, begins again: None. It has to be the
        data set it was started on.
        """
        writer = FolderWriter(self.folder, self._folder(identity).identity)
        with self._explaining(identity, "folder"), ExitStack() as undoing:
            _take(writer, identity)
            undoing.callback(writer.close)
            facts = self.run(identity).facts
            if facts.data.fingerprint != dataset.fingerprint:
                raise RunRecordError(
                    f"The run {identity} was trained on other data than {dataset.name}; "
                    f"open its data set, {facts.data.name}, to go on."
                )
            checkpoint = self._checkpoint_to_go_on(identity, facts)
            if checkpoint is None:
                writer.begin_again()
                facts = first_facts(facts.recipe, dataset)
            undoing.pop_all()
        if facts.versions != versions():
            tell(
                f"The run {identity} was begun with other versions of the program, of Python, "
                "TensorFlow, Keras or NumPy; its weights may come to differ in their last bits."
            )
        facts = replace(facts, versions=versions())
        return checkpoint, RunRecorder(writer, facts, tell)

    def _checkpoint_to_go_on(self, identity: str, facts: RunFacts) -> Checkpoint | None:
        has_checkpoint = run_folder.CHECKPOINT in self._names(identity)
        begins_again = facts.status is not RunStatus.COMPLETED and not has_checkpoint
        return None if begins_again else self.checkpoint(identity)

    def history(self, identity: str, until: int | None = None) -> KeptHistory:
        """Read the course of a run, also while it goes on; up to the step `until` if it is given.

        A run that is to go on from a checkpoint has its history until the checkpoint's step.
        """
        recipe = self.run(identity).facts.recipe
        with (
            self._explaining(identity, "history"),
            open_regular(self._folder(identity).file(run_folder.HISTORY)) as file,
        ):
            return read_history(file, recipe, until)

    def snapshot(self, identity: str, *, best: bool = False) -> Snapshot:
        """Load a run's last good weights, or those that read most validation images right."""
        names = self._names(identity)
        if best and run_folder.BEST in names:
            return load_snapshot(self._file(identity, run_folder.BEST))
        has_ended = self.run(identity).facts.status is not RunStatus.RUNNING
        if run_folder.NETWORK in names and (has_ended or run_folder.CHECKPOINT not in names):
            return load_snapshot(self._file(identity, run_folder.NETWORK))
        return _weights(self.checkpoint(identity))

    def checkpoint(self, identity: str) -> Checkpoint:
        """Load what it takes for a run to go on."""
        if run_folder.CHECKPOINT not in self._names(identity):
            raise RunRecordError(
                f"The run {identity} has no checkpoint to go on from; start a new one with its "
                "settings."
            )
        return load_checkpoint(self._file(identity, run_folder.CHECKPOINT))

    def reading(self, identity: str) -> TestReading:
        """Load what a run's network read in each test image."""
        if run_folder.READING not in self._names(identity):
            raise RunRecordError(
                f"The run {identity} has not been tested; choose one that was completed."
            )
        return load_reading(self._file(identity, run_folder.READING))

    def compare(self, first: str, second: str) -> Comparison:
        """Compare what two runs read in the same test images, by McNemar's test."""
        return compare(self.reading(first), self.reading(second))

    def count_test(self, identity: str, fingerprint: str) -> None:
        """Note that test images were read once more with the network of a run that has ended.

        `fingerprint` is of their data set: only the images that the run itself was tested on count.
        A run that goes on counts for itself.
        """
        if self.run(identity).facts.data.fingerprint != fingerprint:
            return
        writer = FolderWriter(self.folder, self._folder(identity).identity)
        with self._explaining(identity, "folder"), closing(writer):
            _take(writer, identity)
            facts = self.run(identity).facts
            facts = replace(facts, test_reads=facts.test_reads + 1)
            self._folder(identity).replace(run_folder.FACTS, format_facts(facts))

    def rename(self, identity: str, name: str) -> RunRecord:
        """Call a run by this name, by its recipe's if it is empty."""
        return self._label(identity, name=name.strip())

    def recolour(self, identity: str, colour: str) -> RunRecord:
        """Give a run one of `labels.COLOURS`."""
        return self._label(identity, colour=colour)

    def pin(self, identity: str, *, is_pinned: bool) -> RunRecord:
        """Pin a run, or let it go."""
        return self._label(identity, is_pinned=is_pinned)

    def note(self, identity: str, note: str) -> RunRecord:
        """Write a note to a run in place of the one it has."""
        return self._label(identity, note=note)

    def delete(self, identity: str) -> None:
        """Delete a run; the last ones that were deleted can be restored."""
        record = self.run(identity)
        if record.status is RunStatus.RUNNING:
            raise RunRecordError(f"The run {identity} still goes on; stop it and delete it then.")
        with self._explaining(identity, "folder"):
            self._bin.take(self._folder(identity))

    def deleted(self) -> tuple[str, ...]:
        """Return the identities of the runs that can be restored, the last deleted first."""
        return self._bin.identities()

    def restore(self, identity: str) -> RunRecord:
        """Bring a deleted run back."""
        self._folder(identity)
        with self._explaining(identity, "folder"):
            self._bin.give_back(identity)
        return self.run(identity)

    def _label(self, identity: str, **changed: Any) -> RunRecord:
        labels: RunLabels = replace(self.run(identity).labels, **changed)
        with self._explaining(identity, "labels"):
            self._folder(identity).replace(run_folder.LABELS, format_labels(labels))
        return self.run(identity)

    def _folder(self, identity: str) -> RunFolder:
        if not _IDENTITY.fullmatch(identity):
            raise RunRecordError(f"There is no run {identity[:80]!r}; name one that is listed.")
        return RunFolder(self.folder / identity)

    def _names(self, identity: str) -> frozenset[str]:
        with self._explaining(identity, "folder"):
            return self._folder(identity).names()

    def _file(self, identity: str, name: str) -> Path:
        with self._explaining(identity, "folder"):
            return self._folder(identity).file(name)

    @contextmanager
    def _explaining(self, identity: str, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise RunRecordError(
                f"The {what} of the run {identity} in {self.folder} cannot be used: "
                f"{explain(error)}."
            ) from error


def _take(writer: FolderWriter, identity: str) -> None:
    try:
        writer.take()
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        raise RunRecordError(
            f"The run {identity} goes on in another program, and can only be looked at here; "
            "stop it there to go on with it."
        ) from error


def _weights(checkpoint: Checkpoint) -> Snapshot:
    names = checkpoint.recipe.architecture.weight_shapes
    weights = {name: checkpoint.arrays[f"network/{name}"] for name in names}
    return Snapshot(checkpoint.recipe, checkpoint.step, weights)
