"""Locks: held by one at a time, asked for without a trace, and let go by who is killed."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mnist_gui.engine.io.files import is_locked, locked

HOLDER = """
import sys
from pathlib import Path
from mnist_gui.engine.io.files import locked
with locked(Path(sys.argv[1]), wait_seconds=0):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_program_holding(path: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "held\n"
        yield program


def refused(path: Path) -> bool:
    try:
        with locked(path, wait_seconds=0):
            return False
    except OSError as error:
        return error.errno == errno.EBUSY


def test_another_program_has_it_until_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with another_program_holding(path) as program:
        assert is_locked(path)
        assert refused(path)
        program.send_signal(signal.SIGKILL)
        program.wait()
        assert not is_locked(path)
        assert not refused(path)


def test_two_windows_of_one_program_have_it_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path, wait_seconds=0):
        assert is_locked(path)
        assert refused(path)
    assert not is_locked(path)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b""


def test_asking_makes_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_locked(path)
    assert not list(tmp_path.iterdir())
    path.touch(0o400)
    os.utime(path, (1, 1))
    assert not is_locked(path)
    assert path.stat().st_mtime == 1


def test_who_waits_gets_it_or_is_told(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with another_program_holding(path) as program:
        with (
            pytest.raises(OSError, match="busy"),
            locked(path, wait_seconds=0.02),
        ):
            pass
        program.send_signal(signal.SIGKILL)
        with locked(path, wait_seconds=30):
            assert refused(path)
