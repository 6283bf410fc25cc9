"""List the runs of a folder, and remove what can be missed when it takes too much space."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mnist_gui.engine.errors import FileFormatError, RunStoreError
from mnist_gui.engine.io.files import is_draft, locked
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
from mnist_gui.engine.runs.run_folder import (
    MOST_BYTES,
    UNUSABLE,
    RunFolder,
    parse_run_info,
)

# Modification time, size and inode of a file: equal for a file that did not change.
_Stamp = tuple[int, int, int]
SNAPSHOTS_SHARE = 0.5
"""How much of the space of runs their snapshots may take."""
RUN_SHARE = 0.75
"""How much of that one run may take, so that smaller ones beside it keep theirs."""


@dataclass(frozen=True, slots=True)
class _Known:
    stamps: tuple[_Stamp | None, _Stamp | None]
    info: RunInfo
    labels: RunLabels


class RunLister:
    """Read the records of the runs in a folder, again only if their files changed.

    Methods raise RunStoreError.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, _Known] = {}

    def runs(self) -> RunList:
        """Return all runs, the latest first; a missing folder has none."""
        runs: list[RunRecord] = []
        unreadable: list[UnreadableRun] = []
        for run_id in self._identities():
            try:
                runs.append(self.run(run_id))
            except RunStoreError as error:
                if not _is_bare(self._folder / run_id):
                    unreadable.append(UnreadableRun(run_id, error))
        self._known = {run.run_id: self._known[run.run_id] for run in runs}
        runs.sort(key=_age, reverse=True)
        return RunList(tuple(runs), tuple(unreadable))

    def run(self, run_id: str) -> RunRecord:
        """Return one run."""
        folder = RunFolder(self._folder / run_id)
        try:
            return self._read(folder)
        except UNUSABLE as error:
            raise RunStoreError("run-unreadable", path=folder.path, reason=error) from error

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
            raise RunStoreError("runs-unreadable", folder=self._folder, reason=error) from error

    def _read(self, folder: RunFolder) -> RunRecord:
        known = self._known.get(folder.run_id)
        stamps = (_stamp(folder, run_folder.INFO), _stamp(folder, run_folder.LABELS))
        if known is None or known.stamps != stamps:
            known = _Known(stamps, _info(folder), _labels(folder))
            self._known[folder.run_id] = known
        names, status = folder.names(), known.info.status
        if status is RunStatus.RUNNING and not folder.is_open():
            status = RunStatus.INTERRUPTED
        return RunRecord(
            folder.run_id,
            known.info,
            known.labels,
            status,
            has_checkpoint=not names.isdisjoint(run_folder.CHECKPOINTS),
            has_weights=not names.isdisjoint((run_folder.NETWORK, *run_folder.CHECKPOINTS)),
            has_best=run_folder.BEST in names,
        )


def _is_bare(folder: Path) -> bool:
    """Whether a folder is still empty: its program died before it could begin a run."""
    if folder.is_symlink():
        return False
    with suppress(OSError):
        return all(path.name == run_folder.LOCK or is_draft(path.name) for path in folder.iterdir())
    return False


def _age(run: RunRecord) -> tuple[datetime, int, str]:
    # Of runs started in the same second, the IDs of later ones end in a larger number.
    return run.info.started, len(run.run_id), run.run_id


def _stamp(folder: RunFolder, name: str) -> _Stamp | None:
    try:
        found = folder.file(name).stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _info(folder: RunFolder) -> RunInfo:
    try:
        return parse_run_info(folder.read(run_folder.INFO, MOST_BYTES))
    except (OSError, FileFormatError):
        with suppress(*UNUSABLE):
            return parse_run_info(folder.read(run_folder.INFO_COPY, MOST_BYTES))
        raise


def _labels(folder: RunFolder) -> RunLabels:
    # A run with damaged labels is still a run.
    try:
        return parse_labels(folder.read(run_folder.LABELS, MOST_BYTES))
    except (*UNUSABLE, RunStoreError):
        return RunLabels()


def free_space(runs: Path, most_bytes: int) -> None:
    """Remove files of ended runs, of the oldest first, until `most_bytes` are left.

    Those are snapshots, which may take a share of the space, and checkpoints of completed runs.
    Those of pinned runs stay. A run without a checkpoint can be used, but not continued. Raise
    OSError or RunStoreError.
    """
    records = [run for run in RunLister(runs).runs().runs if run.status is not RunStatus.RUNNING]
    records.sort(key=lambda run: (run.info.ended or run.info.started, run.run_id), reverse=True)
    snapshots = [(run, _snapshot_files(RunFolder(runs / run.run_id))) for run in records]
    taken = _remove_oldest(runs, snapshots, int(most_bytes * SNAPSHOTS_SHARE))
    completed = [run for run in records if run.status is RunStatus.COMPLETED and run.has_checkpoint]
    checkpoints = [(run, _checkpoint_files(RunFolder(runs / run.run_id))) for run in completed]
    _remove_oldest(runs, checkpoints, most_bytes - taken)


def _snapshot_files(folder: RunFolder) -> tuple[str, ...]:
    return tuple(map(run_folder.snapshot_file, run_folder.snapshot_steps(folder.names())))


def _checkpoint_files(folder: RunFolder) -> tuple[str, ...]:
    return tuple(folder.names().intersection(run_folder.CHECKPOINTS))


def _remove_oldest(
    runs: Path, files: Sequence[tuple[RunRecord, tuple[str, ...]]], most_bytes: int
) -> int:
    """Go through the runs, remove all files of each that does not fit; return the bytes that stay.

    A large run does not take the room of smaller ones that come after it.
    """
    stay = 0
    for record, names in files:
        folder = RunFolder(runs / record.run_id)
        size = sum(folder.file(name).stat().st_size for name in names)
        if stay + size <= most_bytes or record.labels.is_pinned:
            stay += size
            continue
        stay += 0 if _remove(folder, names) else size
    return stay


def _remove(folder: RunFolder, names: Sequence[str]) -> bool:
    """Remove files of a run; return whether they could be."""
    with suppress(OSError), locked(folder.file(run_folder.LOCK), wait_seconds=0):
        # A run that is being continued is locked.
        for name in names:
            folder.remove(name)
        return True
    return False
