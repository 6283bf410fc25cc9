"""Where the user wants runs kept: chosen in the window, and followed by every command."""

import json
from pathlib import Path

from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.files.array_archive import UnusableError
from mnist_gui.engine.files.atomic_file import replace_file
from mnist_gui.engine.files.regular_file import explain, read_bounded
from mnist_gui.engine.files.strict_json import JsonObject, NewerError, parse_json
from mnist_gui.folders import runs_folder

_NAME = "choices.json"
_FORMAT = 1
_MOST_BYTES = 64 << 10


def kept_runs(data_folder: Path) -> Path:
    """Return where the runs are: where was chosen, or in the data folder; raises RunRecordError."""
    return read_runs_choice(data_folder) or runs_folder(data_folder)


def read_runs_choice(data_folder: Path) -> Path | None:
    """Return the folder that was chosen in a user's data folder, or None for the usual one.

    Raises RunRecordError for a choice that is there but cannot be read: the runs are then not
    where they are usually looked for.
    """
    path = data_folder / _NAME
    try:
        return _parsed(read_bounded(path, _MOST_BYTES))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(path, explain(error)) from error
    except UnusableError as error:
        raise _unreadable(path, str(error)) from error
    except NewerError as error:
        raise _unreadable(path, "it was written by a later version of the program") from error


def write_runs_choice(data_folder: Path, runs: Path) -> None:
    """Keep runs in this folder from now on; raises RunRecordError, and has then changed nothing."""
    path = data_folder / _NAME
    content = json.dumps({"format": _FORMAT, "runs": str(runs.absolute())}, indent=2)
    try:
        data_folder.mkdir(parents=True, exist_ok=True)
        replace_file(path, content.encode())
    except OSError as error:
        raise RunRecordError(
            f"The folder for runs cannot be remembered in {path}: {explain(error)}."
        ) from error


def _parsed(content: bytes) -> Path:
    found = JsonObject(_NAME, parse_json(_NAME, content))
    found.check_format(_FORMAT)
    runs = found.value("runs")
    # Not only one line of ordinary letters, as other texts are: folders may have any name.
    if not isinstance(runs, str) or "\0" in runs or not Path(runs).is_absolute():
        raise UnusableError("what it names is no folder")
    return Path(runs)


def _unreadable(path: Path, problem: str) -> RunRecordError:
    return RunRecordError(
        f"Where runs are kept cannot be read from {path}: {problem}; name the folder by --runs, "
        "or choose it anew by File > Keep runs in."
    )
