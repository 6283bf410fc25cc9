"""Writing in one step: what a failure leaves, and what is kept."""

import os
import stat
from pathlib import Path

import pytest

from mnist_gui.engine.io.files import new_folder, write_file_atomically


def test_a_new_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_file_atomically(tmp_path / "new", b"text")
    assert (tmp_path / "new").read_bytes() == b"text"
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_old_file_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "old"
    target.write_bytes(b"old")
    target.chmod(0o640)
    write_file_atomically(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_file_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    target = tmp_path / ("n" * 255)
    write_file_atomically(target, b"text")
    assert target.read_bytes() == b"text"


@pytest.mark.parametrize("device", ["/dev/null", "/dev/full"])
def test_a_device_is_not_replaced(device: str) -> None:
    with pytest.raises(OSError, match="Invalid argument"):
        write_file_atomically(Path(device), b"text")
    assert Path(device).is_char_device()


@pytest.mark.parametrize("failure", [OSError(28, "full"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise failure

    target = tmp_path / "old"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(type(failure)):
        write_file_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_folder_has_its_name_once_it_is_whole(tmp_path: Path) -> None:
    def fill(*, fails: bool) -> None:
        with new_folder(tmp_path / "copy") as draft:
            (draft / "first").write_bytes(b"1")
            assert not (tmp_path / "copy").exists()
            if fails:
                raise OSError

    with pytest.raises(OSError, match=r"^$"):
        fill(fails=True)
    assert not list(tmp_path.iterdir())
    fill(fails=False)
    assert (tmp_path / "copy" / "first").read_bytes() == b"1"
    with pytest.raises(FileExistsError):
        fill(fails=False)
    assert len(list(tmp_path.iterdir())) == 1
