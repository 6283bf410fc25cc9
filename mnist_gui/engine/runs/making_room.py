"""Gives up what takes the most room and is needed the least: checkpoints of runs long completed."""

from contextlib import suppress
from pathlib import Path

from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.files.file_lock import locked
from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.lister import RunLister
from mnist_gui.engine.runs.record import RunRecord
from mnist_gui.engine.runs.run_folder import RunFolder
from mnist_gui.engine.runs.status import RunStatus

# Ten of the largest network's, or hundreds of those of the lean ones.
MOST_BYTES = 400 << 20


def make_room(runs: Path, most_bytes: int) -> None:
    """Remove checkpoints of completed runs, first of those that ended first.

    So many bytes of them stay, those of pinned runs whatever their size. A run without can still
    be looked at and drawn with, but not trained further. Raises OSError or RunRecordError.
    """
    total = 0
    for record in _completed(runs):
        folder = RunFolder(runs / record.identity)
        total += folder.file(run_folder.CHECKPOINT).stat().st_size
        if total > most_bytes and not record.labels.is_pinned:
            # Who trains it further at this moment has it locked.
            with suppress(OSError), locked(folder.file(run_folder.LOCK), wait_seconds=0):
                folder.remove(run_folder.CHECKPOINT)


def _completed(runs: Path) -> list[RunRecord]:
    """Return the completed runs that have a checkpoint, first the one that ended last."""
    lister = RunLister(runs)
    found: list[RunRecord] = []
    for path in runs.glob(f"*/{run_folder.CHECKPOINT}"):
        with suppress(RunRecordError):
            found.append(lister.run(path.parent.name))
    found = [run for run in found if run.status is RunStatus.COMPLETED and run.has_checkpoint]
    return sorted(found, key=lambda run: (run.facts.ended or run.facts.started, run.identity))[::-1]
