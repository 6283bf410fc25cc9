"""Somebody does hundreds of things at random in the real window, which takes them all.

MNIST_GUI_MONKEY_ACTIONS tells how many, and MNIST_GUI_MONKEY_SEEDS with which seeds.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.events import RunState
from mnist_gui.gui.common import dialogs as file_questions
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow
from tests.faults.corpus_files import CORPUS
from tests.faults.monkey import Monkey
from tests.faults.readers import KINDS
from tests.journeys.conftest import program, window  # noqa: F401
from tests.own_settings import own_settings  # noqa: F401

pytestmark = pytest.mark.slow

ACTIONS = int(os.environ.get("MNIST_GUI_MONKEY_ACTIONS", "400"))
SEEDS = [int(seed) for seed in os.environ.get("MNIST_GUI_MONKEY_SEEDS", "1 2").split()]
_ENDINGS = {
    "own": ".mnistgui",
    "plain": ".npz",
    "hdf5": ".h5",
    "keras": ".keras",
    "pytorch": ".safetensors",
    "onnx": ".onnx",
    "drawings": ".jsonl",
    "kept": ".sqlite3",
    "png": ".png",
    "jpeg": ".jpg",
    "gif": ".gif",
    "bmp": ".bmp",
    "webp": ".webp",
}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Good files of all kinds, and some of those that fuzzing found."""
    for name, kind in KINDS.items():
        folder = tmp_path / "files" / name.replace(" ", "-")
        folder.mkdir(parents=True)
        kind.make(folder)
    for found in CORPUS.rglob("*"):
        ending = _ENDINGS.get(found.parent.name.split("-")[0])
        if ending:
            (tmp_path / "files" / f"{found.name}{ending}").write_bytes(found.read_bytes())
    return sorted((tmp_path / "files").rglob("*"))


@pytest.fixture
def _answers(
    monkeypatch: pytest.MonkeyPatch, files: list[Path], tmp_path: Path, random: Random
) -> None:
    """Let the system's dialogs, which tests cannot reach, be answered at random at once."""

    def open_name(*_: Any) -> tuple[str, str]:
        return random.choice([*map(str, files), ""]), ""

    def save_name(_parent: QWidget, _title: str, kinds: dict[str, str], *_: Any, **__: Any) -> str:
        # As the real question does, it gives each name the ending of its kind.
        ending = random.choice([*kinds.values()])
        folder = tmp_path / f"folder{ending}"
        folder.mkdir(exist_ok=True)
        new, lost = tmp_path / f"saved-{random.randrange(5)}{ending}", tmp_path / "no" / "such"
        return random.choice([str(new), "", str(folder), f"{lost}{ending}"])

    def folder(*_: Any) -> str:
        return random.choice([*(str(path) for path in files if path.is_dir()), ""])

    monkeypatch.setattr(QFileDialog, "getOpenFileName", open_name)
    monkeypatch.setattr(file_questions, "ask_to_save", save_name)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", folder)


class FileManager(QObject):
    """Takes the folders that are to be opened, and opens none."""

    def __init__(self) -> None:
        super().__init__()
        QDesktopServices.setUrlHandler("file", self, "open")  # type: ignore[arg-type]  # PySide6 takes a str.

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        assert Path(url.toLocalFile()).is_dir()


@pytest.fixture
def _folders() -> Iterator[None]:
    """Let folders be opened by what stands for the system's file manager, which tests lack."""
    manager = FileManager()
    yield
    QDesktopServices.unsetUrlHandler("file")
    manager.deleteLater()


@pytest.fixture(params=SEEDS)
def random(request: pytest.FixtureRequest) -> Random:
    """What decides, from a seed."""
    return Random(request.param)


@pytest.mark.usefixtures("_answers", "_folders")
def test_whatever_somebody_does_the_window_goes_on(
    qtbot: QtBot,
    window: MainWindow,  # noqa: F811
    program: Program,  # noqa: F811
    files: list[Path],
    random: Random,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkey = Monkey(window, random, files)
    try:
        for number in range(ACTIONS):
            monkey.act()
            assert window.isVisible()
            if not number % 20:
                monkey.wait(100)
                assert not monkey.complaints()
        monkey.put_away()
        program.runner.stop()
        qtbot.waitUntil(lambda: program.session.run_state.value is RunState.IDLE)
        answered = QSignalSpy(window.closing)
        assert window.close()
        assert answered.count() == 1
        assert program.session.threads_have_ended
    except BaseException as error:
        error.add_note("\n".join(monkey.deeds))
        raise
    with capsys.disabled():
        print(f"\n{ACTIONS} things done at random")
