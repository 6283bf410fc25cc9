"""Pictures dragged out of another program and dropped on the window, through a real X server."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Timer
from typing import IO, Any

import numpy as np
import pytest

from benchmarks.picture_scenes import Condition, make_scene, mnist_cell
from mnist_gui.engine.dataset import load_dataset
from tests.journeys.drag_source import HEIGHT, WIDTH

_NEEDED = ("Xvfb", "xdotool")
_MISSING = [name for name in _NEEDED if shutil.which(name) is None]
_SOURCE = (10, 640)
_STEPS = 20
_LONGEST_SECONDS = 120.0
_REST_SECONDS = 0.5

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}"),
]


@contextmanager
def running(*command: str, **options: Any) -> Iterator[IO[str]]:
    """Run a program until the end of the block; return what it prints."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options) as program:
        assert program.stdout is not None
        # Who waits for a word of it that does not come reads its end.
        watchdog = Timer(_LONGEST_SECONDS, program.kill)
        watchdog.start()
        try:
            yield program.stdout
        finally:
            watchdog.cancel()
            program.terminate()


class Desk:
    """A screen of its own with the real window on it, and a hand."""

    def __init__(self, folder: Path, opened: ExitStack) -> None:
        # The server writes the number of a free display to its standard output.
        server = running("Xvfb", "-displayfd", "1", "-screen", "0", "1200x800x24")
        number = opened.enter_context(server).readline().strip()
        own = {f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "DATA", "STATE")}
        self._variables = os.environ | own | {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        self._opened = opened
        self._target = self._open("tests.journeys.drop_target")
        places = self.told()
        self.canvas, self.pages = places["canvas"], places["pages"]

    def told(self) -> dict[str, Any]:
        """Return what the window tells next, but for what is held above it."""
        words: dict[str, Any] = {"above": True}
        while "above" in words:
            words = json.loads(self._target.readline())
        return words

    def drag(self, kind: str, path: Path, to: Sequence[int], *, is_welcome: bool = True) -> str:
        """Drag a file or its pixels onto a place and drop it; return how that ended."""
        left, top = _SOURCE
        # It stays, as what was dropped is fetched from it afterwards.
        source = self._open("tests.journeys.drag_source", str(left), str(top), kind, str(path))
        assert source.readline() == "ready\n"
        start = (left + WIDTH // 2, top + HEIGHT // 2)
        ways = [
            [a + (b - a) * step // _STEPS for a, b in zip(start, to, strict=True)]
            for step in range(_STEPS + 1)
        ]
        self._do("mousemove", *ways[0], "mousedown", 1, "mousemove", *ways[1])
        assert source.readline() == "dragging\n"
        for way in ways[2:]:
            self._do("mousemove", *way)
        # The window has been asked by then, and has answered.
        assert self._target.readline() == '{"above": true}\n'
        if is_welcome:
            assert source.readline() == "welcome\n"
        # A hand rests before it lets go. Qt loses a drop that comes upon the heels of a move.
        time.sleep(_REST_SECONDS)
        self._do("mouseup", 1)
        return source.readline().strip()

    def _open(self, module: str, *words: str) -> IO[str]:
        program = running(sys.executable, "-m", module, *words, env=self._variables)
        return self._opened.enter_context(program)

    def _do(self, *words: object) -> None:
        command = ["xdotool", *map(str, words)]
        subprocess.run(command, env=self._variables, check=True)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with ExitStack() as opened:
        yield Desk(tmp_path_factory.mktemp("desk"), opened)


def photo(path: Path, rows: Sequence[str], **condition: Any) -> Path:
    """Write a picture of MNIST's test images, as a camera would take it."""
    test, random = load_dataset().test, np.random.default_rng(1)
    first = {digit: int(np.flatnonzero(test.labels == digit)[3]) for digit in range(10)}
    cells = [mnist_cell(test.images[first[int(digit)]], 112) for digit in "".join(rows)]
    laid_out = Condition(name="", rows=len(rows), columns=len(rows[0]), **condition)
    path.write_bytes(make_scene(cells, laid_out, random).content)
    return path


def test_a_png_of_one_digit_dropped_on_the_canvas_is_read(desk: Desk, tmp_path: Path) -> None:
    # Blanks in a name are written otherwise in a file's address.
    picture = photo(tmp_path / "one digit.png", ["7"])
    assert desk.drag("file", picture, desk.canvas) == "copied"
    assert desk.told() == {"read": "7", "page": "PICTURE"}


def test_a_photo_of_several_digits_dropped_on_the_pages_is_read_row_by_row(
    desk: Desk, tmp_path: Path
) -> None:
    taken = {"noise": 0.03, "light": 0.35, "shadow": 0.15, "slope": 4, "jpeg": 85, "table": 0.8}
    picture = photo(tmp_path / "photo.jpg", ["2026", "1125"], **taken)
    assert desk.drag("file", picture, desk.pages) == "copied"
    assert desk.told() == {"read": "2026\n1125", "page": "PICTURE"}


def test_the_pixels_of_a_picture_in_another_program_are_read(desk: Desk, tmp_path: Path) -> None:
    picture = photo(tmp_path / "pixels.png", ["56"])
    assert desk.drag("pixels", picture, desk.canvas) == "copied"
    assert desk.told() == {"read": "56", "page": "PICTURE"}


def test_a_file_that_is_no_picture_is_refused_before_it_is_dropped(
    desk: Desk, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("7")
    assert desk.drag("file", notes, desk.canvas, is_welcome=False) == "refused"


def test_a_broken_picture_is_said_to_be_one(desk: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    assert desk.drag("file", broken, desk.pages) == "copied"
    assert str(broken) in desk.told()["failed"]
