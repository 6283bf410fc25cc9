"""Where the files that ship with the program are."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """Return the path of a shipped file or folder: in the wheel, or in a checkout."""
    installed = _PACKAGE / "_resources" / name
    return installed if installed.exists() else _PACKAGE.parent / "resources" / name


MNIST_FOLDER = resource("mnist")
SHIPPED_NETWORK = resource("models/cnn-best.mnistgui")
