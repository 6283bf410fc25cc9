"""The file into which a command is to write a network."""

import os
from pathlib import Path

from mnist_gui.engine.errors import ModelFileError


def check_out(out: Path) -> None:
    """Find out before the work, not after it, that nothing can be saved there."""
    folder = out.resolve().parent
    if out.is_dir() or not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise ModelFileError(
            f"The network cannot be saved to {out}; name a file in a folder that can be written."
        )
