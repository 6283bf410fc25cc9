"""Which folder the runs are kept in, as the user chose it."""

import errno
import os
from pathlib import Path

import msgspec

from mnist_gui.engine.errors import FileFormatError, RunStoreError
from mnist_gui.engine.io.archive import check_format, decode, encode
from mnist_gui.engine.io.files import read_file_bounded, write_file_atomically
from mnist_gui.engine.runs.run_folder import MOST_BYTES, UNUSABLE
from mnist_gui.paths import runs_folder

_NAME = "choices.json"
_FORMAT = 1


def kept_runs(data_folder: Path) -> Path:
    """Return the chosen folder of runs, or the one in the data folder; raise RunStoreError."""
    return read_runs_choice(data_folder) or runs_folder(data_folder)


def read_runs_choice(data_folder: Path) -> Path | None:
    """Return the folder of runs that was chosen, or None for the usual one.

    Raise RunStoreError for a choice that cannot be read.
    """
    path = data_folder / _NAME
    try:
        content = read_file_bounded(path, MOST_BYTES)
        check_format(content, _FORMAT, _NAME)
        runs = decode(content, _Choice, _NAME).runs
        # Folders may have any name, but for a NUL.
        if "\0" in runs or not Path(runs).is_absolute():
            raise FileFormatError("choice-no-folder")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UNUSABLE as error:
        raise RunStoreError("choice-unreadable", path=path, reason=error) from error
    return Path(runs)


def no_answer_error(data_folder: Path) -> RunStoreError:
    """Return the error for a choice that could not be read in time."""
    reason = OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
    return RunStoreError("choice-unreadable", path=data_folder / _NAME, reason=reason)


def write_runs_choice(data_folder: Path, runs: Path) -> None:
    """Choose the folder of runs; raise RunStoreError, and then change nothing."""
    path = data_folder / _NAME
    choice = _Choice(str(runs.absolute()))
    try:
        data_folder.mkdir(parents=True, exist_ok=True)
        write_file_atomically(path, encode(choice, _FORMAT, in_lines=True))
    except UnicodeEncodeError as error:
        reason = RunStoreError("choice-name")
        raise RunStoreError("choice-unwritable", path=path, reason=reason) from error
    except OSError as error:
        raise RunStoreError("choice-unwritable", path=path, reason=error) from error


class _Choice(msgspec.Struct):
    runs: str
