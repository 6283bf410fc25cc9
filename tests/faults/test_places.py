"""Places where nothing can be kept: refused before training, by the program as it is started."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.engine.digits.store import UserDigitStore
from mnist_gui.engine.errors import DrawingError
from mnist_gui.engine.runs.writer import RunWriter
from mnist_gui.screenshot import draw_three
from tests.engine.conftest import write_dataset
from tests.refusals import refused

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="places of other systems")
SOFTMAX = ("--recipe", "softmax-tutorial", "--steps", 20)
TRAIN, SWEEP = ("train", *SOFTMAX), ("sweep", *SOFTMAX, "--grid", "learning_rate=0.1")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "digits"
    write_dataset(folder, train=240, test=100)
    return folder


def run(*arguments: object) -> int:
    return run_command(parse_arguments([str(argument) for argument in arguments]))


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A small disk of its own; skips the test where none may be mounted."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    if (
        shutil.which("mount") is None
        or subprocess.run(command, check=False, capture_output=True).returncode
    ):
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def assert_refused(capsys: pytest.CaptureFixture[str], words: str, *arguments: object) -> None:
    capsys.readouterr()
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    # No bar was shown: nothing was trained.
    assert len(err.splitlines()) == 1, err
    assert words in err
    assert not out


def folder_that_is_a_file(folder: Path) -> Path:
    (folder / "file").write_bytes(b"mine")
    return folder / "file"


def folder_in_a_file(folder: Path) -> Path:
    return folder_that_is_a_file(folder) / "runs"


def folder_that_leads_to_itself(folder: Path) -> Path:
    (folder / "loop").symlink_to(folder / "loop")
    return folder / "loop"


def folder_with_a_long_name(folder: Path) -> Path:
    return folder / ("r" * 300)


@pytest.mark.parametrize("command", [TRAIN, SWEEP], ids=["train", "sweep"])
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (folder_that_is_a_file, "part of its path is not a folder"),
        (folder_in_a_file, "part of its path is not a folder"),
        (folder_that_leads_to_itself, "it is a link"),
        (folder_with_a_long_name, "its name is too long"),
    ],
)
def test_a_run_that_could_not_be_recorded_is_refused(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: tuple[object, ...],
    make: Callable[[Path], Path],
    words: str,
) -> None:
    runs = make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert_refused(capsys, words, *command, "--data", data, "--runs", runs)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("command", [TRAIN, SWEEP], ids=["train", "sweep"])
def test_a_run_is_refused_where_the_disk_is_full_or_read_only(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[object, ...]
) -> None:
    with mounted(tmp_path / "full", "size=64k") as full:
        (full / "mine").write_bytes(bytes(48 << 10))
        options = (*command, "--data", data, "--runs")
        assert_refused(capsys, "the disk is full", *options, full)
        assert [path.name for path in full.iterdir()] == ["mine"]
    with mounted(tmp_path / "fixed", "ro") as fixed:
        assert_refused(capsys, "the disk is read-only", *options, fixed / "runs")


def test_a_disk_that_fills_up_while_training_gives_status_2(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Room for what is tried at the start, and not for a checkpoint.
    with mounted(tmp_path / "small", "size=80k") as small:
        assert run(*TRAIN, "--data", data, "--runs", small) == 2
        out, err = capsys.readouterr()
        assert "of the test images read correctly" in out
        assert "Recorded as" not in out
        assert f"The run cannot be recorded now in {small}: the disk is full" in err
        assert "could not be recorded in" in err


def test_a_run_that_cannot_be_begun_leaves_no_folder(tmp_path: Path) -> None:
    # Room for the folder, and not for a file in it.
    with mounted(tmp_path / "few", "nr_inodes=2") as few:
        with pytest.raises(OSError, match="No space"):
            RunWriter(few, "a-run").create()
        assert not list(few.iterdir())


def test_a_disk_that_takes_no_more_files_is_said_to_be_full(tmp_path: Path) -> None:
    # Room for the digits, and not for SQLite's journal.
    with mounted(tmp_path / "few", "nr_inodes=2") as few:
        with refused(DrawingError, match=rf"{few}.*: the disk is full"):
            UserDigitStore(few).keep(draw_three(), 3)
        assert not UserDigitStore(few).read().digits


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pipe", "it is not an ordinary file"),
        ("folder", "it is a folder"),
        ("n" * 300, "its name is too long"),
        ("loop", "it is a link"),
        ("none/net.mnistgui", "there is no such file or folder"),
        ("/dev/full", "it is not an ordinary file"),
    ],
)
def test_a_network_that_could_not_be_saved_is_not_trained(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, words: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    before = sorted(tmp_path.rglob("*"))
    out = tmp_path / name
    assert_refused(capsys, words, *TRAIN, "--data", data, "--no-record", "--out", out)
    assert sorted(tmp_path.rglob("*")) == before


def test_what_would_be_replaced_is_as_it_was_until_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "net.mnistgui"
    out.write_bytes(b"mine")
    words = "/no/where"
    assert_refused(capsys, words, *TRAIN, "--no-record", "--out", out, "--data", "/no/where")
    assert out.read_bytes() == b"mine"
    assert [path.name for path in tmp_path.iterdir()] == ["net.mnistgui"]
