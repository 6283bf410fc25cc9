"""Where the user's own files are: what is kept, and what is logged."""

from contextlib import suppress
from pathlib import Path

from platformdirs import user_data_path, user_log_path

RUNS_FOLDER = "runs"
"""What the folder of the runs is called in the data folder."""

_PROGRAM = "mnist-gui"


def data_folder() -> Path:
    """Return the folder for the user's digits and runs; it need not exist yet."""
    return user_data_path(_PROGRAM, appauthor=False)


def log_file(name: str) -> Path | None:
    """Return the path of a log file in a folder that exists, or None if none can be made."""
    with suppress(OSError):
        return user_log_path(_PROGRAM, ensure_exists=True) / name
    return None
