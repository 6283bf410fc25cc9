"""Where the program's resources and the user's folders are.

`platformdirs` is imported when it is first needed, after the window is seen.
"""

import sys
from contextlib import suppress
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PROGRAM = "mnist-gui"


def resource(name: str) -> Path:
    """Return the path of a shipped file or folder: in the wheel, or in a checkout."""
    installed = _PACKAGE / "_resources" / name
    return installed if installed.exists() else _PACKAGE.parent / "resources" / name


MNIST_FOLDER = resource("mnist")
SHIPPED_NETWORK = resource("models/cnn-best.mnistgui")


def data_folder() -> Path:
    """Return the folder for the user's digits and runs; it need not exist yet."""
    from platformdirs import user_data_path

    return user_data_path(_PROGRAM, appauthor=False)


def runs_folder(folder: Path) -> Path:
    """Return where in a user's data folder the runs are."""
    return folder / "runs"


def log_folder() -> Path:
    """Return the folder for logs; it need not exist yet."""
    from platformdirs import user_log_path

    return user_log_path(_PROGRAM, appauthor=False)


def settings_folder() -> Path | None:
    """Return the folder where Qt keeps the window's settings; on Windows that is no folder."""
    if sys.platform == "win32":
        return None
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Preferences"
    from platformdirs import user_config_path

    return user_config_path(_PROGRAM, appauthor=False)


def log_file(name: str) -> Path | None:
    """Return the path of a log file in a folder that exists, or None if none can be made."""
    folder = log_folder()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        return folder / name
    return None
