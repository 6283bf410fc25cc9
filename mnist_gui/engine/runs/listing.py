"""List the runs of a folder, and make room when they take too much."""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.io.archive import FileFormatError, NewerVersionError
from mnist_gui.engine.io.files import explain, is_draft, locked
from mnist_gui.engine.runs import run_folder
from mnist_gui.engine.runs.run import (
    RunInfo,
    RunLabels,
    RunList,
    RunRecord,
    RunStatus,
    UnreadableRun,
    parse_labels,
)
from mnist_gui.engine.runs.run_folder import MOST_BYTES, RunFolder, parse_run_info

# When a file was changed, its size and its place on the disk.
_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Known:
    stamps: tuple[_Stamp | None, _Stamp | None]
    info: RunInfo
    labels: RunLabels


class RunLister:
    """Reads what is known of the runs in a folder; raises RunStoreError with its sentences."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, _Known] = {}

    def runs(self) -> RunList:
        """Return all runs, the latest first; a folder that is missing has none."""
        runs: list[RunRecord] = []
        unreadable: list[UnreadableRun] = []
        for run_id in self._identities():
            try:
                runs.append(self.run(run_id))
            except RunStoreError as error:
                if not _is_bare(self._folder / run_id):
                    unreadable.append(UnreadableRun(run_id, str(error)))
        self._known = {run.run_id: self._known[run.run_id] for run in runs}
        runs.sort(key=_age, reverse=True)
        return RunList(tuple(runs), tuple(unreadable))

    def run(self, run_id: str) -> RunRecord:
        """Return one run as it is now."""
        folder = RunFolder(self._folder / run_id)
        try:
            return self._read(folder)
        except OSError as error:
            problem = explain(error)
        except NewerVersionError:
            problem = "it is of a newer version of the program; update the program to use it"
        except FileFormatError as error:
            problem = str(error)
        raise RunStoreError(f"The run {folder.path} cannot be read: {problem}.")

    def _identities(self) -> list[str]:
        try:
            with os.scandir(self._folder) as entries:
                return [
                    entry.name
                    for entry in entries
                    if not entry.name.startswith(".") and (entry.is_dir() or entry.is_symlink())
                ]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise RunStoreError(
                f"The folder of runs {self._folder} cannot be read: {explain(error)}."
            ) from error

    def _read(self, folder: RunFolder) -> RunRecord:
        known = self._known.get(folder.run_id)
        stamps = (_stamp(folder, run_folder.FACTS), _stamp(folder, run_folder.LABELS))
        if known is None or known.stamps != stamps:
            known = _Known(
                stamps, parse_run_info(_content(folder, run_folder.FACTS)), _labels(folder)
            )
            self._known[folder.run_id] = known
        names = folder.names()
        return RunRecord(
            folder.run_id,
            known.info,
            known.labels,
            _status(folder, known.info),
            has_checkpoint=run_folder.CHECKPOINT in names,
            has_weights=bool({run_folder.NETWORK, run_folder.CHECKPOINT} & names),
            has_best=run_folder.BEST in names,
        )


def _is_bare(folder: Path) -> bool:
    """Whether there is nothing in a folder: its program died before it could begin a run."""
    if folder.is_symlink():
        return False
    with suppress(OSError):
        return all(path.name == run_folder.LOCK or is_draft(path.name) for path in folder.iterdir())
    return False


def _age(run: RunRecord) -> tuple[datetime, int, str]:
    # Of those that started in the same second, the names of later ones have a larger number.
    return run.info.started, len(run.run_id), run.run_id


def _stamp(folder: RunFolder, name: str) -> _Stamp | None:
    try:
        found = folder.file(name).stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _content(folder: RunFolder, name: str) -> bytes:
    return folder.read(name, MOST_BYTES)


def _labels(folder: RunFolder) -> RunLabels:
    # A run is not given up for the sake of what it is called.
    try:
        return parse_labels(_content(folder, run_folder.LABELS))
    except (OSError, FileFormatError, NewerVersionError, RunStoreError):
        return RunLabels()


def _status(folder: RunFolder, info: RunInfo) -> RunStatus:
    if info.status is RunStatus.RUNNING and not folder.is_open():
        return RunStatus.INTERRUPTED
    return info.status


def free_space(runs: Path, most_bytes: int) -> None:
    """Remove checkpoints of completed runs, first of those that ended first.

    So many bytes of them stay, those of pinned runs whatever their size. A run without can still
    be looked at and drawn with, but not trained further. Raises OSError or RunStoreError.
    """
    total = 0
    for record in _completed(runs):
        folder = RunFolder(runs / record.run_id)
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
        with suppress(RunStoreError):
            found.append(lister.run(path.parent.name))
    found = [run for run in found if run.status is RunStatus.COMPLETED and run.has_checkpoint]
    return sorted(found, key=lambda run: (run.info.ended or run.info.started, run.run_id))[::-1]
