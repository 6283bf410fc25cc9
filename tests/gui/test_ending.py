"""The window's end while something is still read, in a process of its own, as it may abort."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from mnist_gui.engine.digits.store import UserDigitStore
from tests.engine.pictures.scenes import encoded, in_scans

_PROGRAM = """
import os, sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from mnist_gui.app import build_application, exit_status
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.gui import session as session_module
from mnist_gui.gui.digits.collection import DigitCollection
from mnist_gui.gui.pictures.drop import PictureSource
from mnist_gui.gui.pictures.presenter import _open_and_find
from mnist_gui.gui.session import Session

session_module._LONGEST_READING_MILLISECONDS = int(sys.argv[2])
application = build_application()
session = Session(Path(sys.argv[1]), Path(sys.argv[1]) / "runs")
collection = DigitCollection(session)

def read_hung():
    # As from a disk that does not answer.
    reading, writing = os.pipe()
    os.read(reading, 1)

def read_picture():
    session.reading_thread.run(lambda: _open_and_find(PictureSource(sys.argv[3]), "picture"))

session.reading_thread.call(read_hung) if len(sys.argv) < 4 else read_picture()

def leave():
    collection.save(Drawing((Stroke([[0.2, 0.2], [0.8, 0.8]]),)), 7, None)
    session.end_threads()
    application.exit(3)

QTimer.singleShot(300, leave)
status = application.exec()
print("ended", session.threads_have_ended, flush=True)
sys.exit(exit_status(status))
"""


def ended(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM, *map(str, arguments)],
        env={"QT_QPA_PLATFORM": "offscreen"} | os.environ,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


def test_what_cannot_be_read_to_its_end_keeps_nothing_from_being_saved(tmp_path: Path) -> None:
    finished = ended(tmp_path, 200)
    assert (finished.returncode, finished.stdout) == (3, "ended False\n")
    assert "Destroyed" not in finished.stderr
    assert [digit.label for digit in UserDigitStore(tmp_path).read().digits] == [7]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_a_picture_that_is_being_decoded_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    even = encoded(Image.new("L", (7_900, 7_900)), "JPEG", progressive=True)
    path.write_bytes(in_scans(even, 90))
    finished = ended(tmp_path, 30_000, path)
    assert (finished.returncode, finished.stdout) == (3, "ended True\n")
    assert [digit.label for digit in UserDigitStore(tmp_path).read().digits] == [7]
