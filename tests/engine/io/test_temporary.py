"""Temporary files: what is said where there is no place for them."""

import io
import tempfile
from pathlib import Path

import numpy as np
import pytest

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.io.npy import write_npy
from mnist_gui.engine.io.process import run_python
from mnist_gui.engine.io.temporary import (
    TemporaryFilesError,
    temporary_copy,
    temporary_file,
    temporary_folder,
)
from tests.engine.data.conftest import npz, write_zip
from tests.refusals import refused


def test_a_copy_is_read_from_its_start() -> None:
    source = io.BytesIO(b"0123")
    source.read(1)
    with temporary_copy(source) as copy, temporary_file(b"45") as file:
        assert (copy.read(), file.read()) == (b"123", b"45")


def test_a_folder_for_temporary_files_that_cannot_be_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.npz": npz(x_train=np.zeros(3))})
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    said = f"^The folder for temporary files, {tmp_path / 'none'}, cannot be used: there is no"
    with refused(TemporaryFilesError, match=said):
        load_dataset(path)
    with refused(TemporaryFilesError, match=said), temporary_folder():
        pass


def test_a_process_that_found_the_disk_full_says_so(tmp_path: Path) -> None:
    code = "import errno, os; raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))"
    with refused(TemporaryFilesError, match="temporary files.*: the disk is full; free some"):
        list(run_python(["-c", code], tmp_path))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it is a full disk of Linux's")
def test_an_array_that_does_not_fit_is_not_written_in_part_and_silently(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        write_npy(Path("/dev/full"), np.zeros(1_000))
    write_npy(tmp_path / "a.npy", np.arange(3))
    assert np.load(tmp_path / "a.npy").tolist() == [0, 1, 2]
