"""Takes a picture of every page of the window, and puts all of them on one sheet.

    python benchmarks/contact_sheet.py FOLDER [--runs DIR] [--sizes 720x520 ...]
        [--themes light dark ...] [--language zh_CN] [--points 18] [--present] [--empty]

The pictures go to FOLDER, as PAGE-THEME-SIZE.png, with sheet.png, on which a row is a page. Set
QT_SCALE_FACTOR for another scaling. The user's settings and data are neither used nor changed.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from mnist_gui.app import build_application, build_window
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.gui.common.theme import Theme
from mnist_gui.gui.common.translator import install_language
from mnist_gui.gui.pages import Page
from mnist_gui.gui.program import Program
from mnist_gui.gui.views.page import ViewPage
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.screenshot import draw_three

_THUMBNAIL = 400
_GAP = 6
_LONGEST_COMPUTING_SECONDS = 60
_LONGEST_LOAD_SECONDS = 60
_SETTLING_MILLISECONDS = 700


def main() -> None:
    """Take the pictures."""
    arguments = _parse()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mnist-gui-") as own:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            os.environ[name] = own
        application = build_application()
        install_language(application, arguments.language)
        window = _open(application, arguments, Path(own))
        pictures = [
            [_picture(window, page, theme, size, arguments) for page in Page]
            for theme in arguments.themes
            for size in arguments.sizes
        ]
        _sheet(pictures).save(str(arguments.folder / "sheet.png"))
        window.close()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=Path)
    parser.add_argument("--sizes", nargs="+", default=["1280x800"])
    themes = [theme.value for theme in Theme]
    parser.add_argument("--themes", nargs="+", choices=themes, default=["light"])
    parser.add_argument("--language", default="en")
    parser.add_argument("--points", type=float)
    parser.add_argument("--present", action="store_true")
    parser.add_argument("--empty", action="store_true")
    return parser.parse_args()


def _open(application: QApplication, arguments: argparse.Namespace, own: Path) -> MainWindow:
    """Return the window with its data loaded, the newest run, and a digit unless it is empty."""
    if arguments.points:
        font = application.font()
        font.setPointSizeF(arguments.points)
        application.setFont(font)
    runs = arguments.runs or own / "runs"
    window = build_window(runs=runs, kept_in=own, remembers=False)
    program = window.findChild(Program)
    assert program is not None
    newest = next(iter(RunStore(runs).runs().runs), None)
    program.network_to_restore = f"run {newest.run_id}" if newest else ""
    window.show()
    session = program.session
    end = time.monotonic() + _LONGEST_LOAD_SECONDS
    while None in (session.network.value, session.devices.value) and time.monotonic() < end:
        _wait(50)
    window.actions_offered.present.setChecked(arguments.present)
    if not arguments.empty:
        window.canvas.set_drawing(draw_three())
    return window


def _picture(
    window: MainWindow, page: Page, theme: str, size: str, arguments: argparse.Namespace
) -> QPixmap:
    window.set_theme(Theme(theme))
    width, height = map(int, size.split("x"))
    window.resize(width, height)
    window.pages.bring_to_front(page)
    _wait(_SETTLING_MILLISECONDS)
    views = window.pages.place(page).findChildren(ViewPage)
    end = time.monotonic() + _LONGEST_COMPUTING_SECONDS
    while any(view.is_computing for view in views) and time.monotonic() < end:
        _wait(50)
    picture = window.grab()
    name = f"{page.name.lower()}-{theme.replace(' ', '-')}-{size}.png"
    picture.save(str(arguments.folder / name))
    smooth = Qt.TransformationMode.SmoothTransformation
    return picture.scaledToWidth(_THUMBNAIL, smooth)


def _wait(milliseconds: int) -> None:
    # Other than QTest's, this one lets the threads work.
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _sheet(columns: list[list[QPixmap]]) -> QPixmap:
    """Return one picture of all, a row for each page."""
    heights = [
        max(picture.height() for picture in row) + _GAP for row in zip(*columns, strict=True)
    ]
    sheet = QPixmap((_THUMBNAIL + _GAP) * len(columns), sum(heights))
    sheet.fill(Qt.GlobalColor.gray)
    painter = QPainter(sheet)
    for place, column in enumerate(columns):
        for row, picture in enumerate(column):
            picture.setDevicePixelRatio(1)
            painter.drawPixmap(place * (_THUMBNAIL + _GAP), sum(heights[:row]), picture)
    painter.end()
    return sheet


if __name__ == "__main__":
    main()
