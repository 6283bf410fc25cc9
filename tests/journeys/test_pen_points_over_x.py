"""A quick stroke of a real pointer keeps all of its points, through a real X server."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.test_drop_over_x import running

_NEEDED = ("Xvfb", "xdotool")
_MISSING = [name for name in _NEEDED if shutil.which(name) is None]
_MOVES = 60
_SIDE = 400
# The canvas alone, which tells how many points its stroke has once the pen is lifted.
_CANVAS = f"""
from PySide6.QtCore import QEvent, QObject, QTimer
from mnist_gui.app import build_application
from mnist_gui.gui.drawing.canvas import DrawingCanvas

class Teller(QObject):
    def eventFilter(self, canvas, event):
        if event.type() == QEvent.Type.MouseButtonRelease:
            QTimer.singleShot(0, self.tell)
        return False

    def tell(self):
        print(*(len(stroke.points) for stroke in canvas.drawing.strokes), flush=True)

application = build_application()
canvas, teller = DrawingCanvas(), Teller()
canvas.setGeometry(0, 0, {_SIDE}, {_SIDE})
canvas.installEventFilter(teller)
canvas.show()
QTimer.singleShot(0, lambda: print("ready", flush=True))
application.exec()
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}"),
]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of a program on a screen of its own."""
    with running("Xvfb", "-displayfd", "1", "-screen", "0", "800x600x24") as server:
        display = f":{server.readline().strip()}"
        own = {"XDG_CONFIG_HOME": str(tmp_path), "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        yield os.environ | own


def test_all_points_of_a_quick_stroke_count(environment: dict[str, str]) -> None:
    start = ("mousemove", 100, 100, "mousedown", 1)
    moves = [("sleep", 0.001, "mousemove", 100 + 2 * step, 100) for step in range(1, 1 + _MOVES)]
    words = [str(word) for part in (start, *moves, ("mouseup", 1)) for word in part]
    with running(sys.executable, "-c", _CANVAS, env=environment) as canvas:
        assert canvas.readline() == "ready\n"
        subprocess.run(["xdotool", *words], env=environment, check=True)
        # The point where the pen was put down is one more.
        assert int(canvas.readline()) == 1 + _MOVES
