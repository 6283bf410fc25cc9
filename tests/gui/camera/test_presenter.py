import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import PySide6
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QImage
from pytestqt.qtbot import QtBot

from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.pictures.open import decode_picture
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.camera.dialog import CameraDialog
from mnist_gui.gui.camera.presenter import CameraPresenter
from mnist_gui.gui.pictures.drop import PictureSource
from mnist_gui.gui.session import Session
from tests.engine.pictures.scenes import encoded, page
from tests.gui.recording_shell import RecordingShell
from tests.gui.scripted import prediction
from tests.own_settings import own_settings  # noqa: F401

# What Qt remarks on machines without sound, graphics card or camera.
pytestmark = pytest.mark.qt_log_ignore("No RHI backend", "Couldn't (load|resolve)")


class Fives(Classifier):
    """Stands in for the network: reads each digit as a 5, but what it doubts as no digit."""

    doubts = False

    def predictions(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> list[Prediction]:
        read = Prediction(np.eye(10, dtype=np.float32)[5], 0.0) if self.doubts else None
        return [read or prediction(5, 0.9)] * len(images)


@pytest.fixture
def classifier(session: Session) -> Fives:
    classifier = Fives()
    session.classifier = classifier
    session.network.set(Snapshot(find_recipe("softmax-tutorial"), 1, {}))
    return classifier


@pytest.fixture
def action() -> QAction:
    return QAction()


@pytest.fixture
def presenter(session: Session, action: QAction, shell: RecordingShell) -> CameraPresenter:
    shell.show()
    return CameraPresenter(session, action, shell)


# --- without QtMultimedia --------------------------------------------------------------------


def test_without_the_extra_one_sentence_says_what_to_install(
    presenter: CameraPresenter,
    action: QAction,
    shell: RecordingShell,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    action.trigger()
    qtbot.waitUntil(lambda: bool(shell.errors))
    ((_, sentence),) = shell.errors
    assert sentence.startswith('To use a camera, install mnist-gui with its extra "camera"')
    assert shell.findChild(CameraDialog) is None


def test_without_a_library_of_the_system_its_name_is_told(
    presenter: CameraPresenter,
    action: QAction,
    shell: RecordingShell,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    missing = "libpulse.so.0: cannot open shared object file"
    (tmp_path / "QtMultimedia.py").write_text(f"raise ImportError({missing!r})")
    monkeypatch.delitem(sys.modules, "PySide6.QtMultimedia", raising=False)
    monkeypatch.setattr(PySide6, "__path__", [str(tmp_path), *PySide6.__path__])
    action.trigger()
    qtbot.waitUntil(lambda: bool(shell.errors))
    assert missing in shell.errors[0][1]


# --- with it: frames come by the way of a camera's, from this test ---------------------------


@pytest.fixture
def opened(
    presenter: CameraPresenter, action: QAction, shell: RecordingShell, qtbot: QtBot
) -> Iterator[CameraDialog]:
    pytest.importorskip("PySide6.QtMultimedia", exc_type=ImportError)
    action.trigger()
    qtbot.waitUntil(lambda: presenter.camera is not None)
    dialog = shell.findChild(CameraDialog)
    assert isinstance(dialog, CameraDialog)
    yield dialog
    shell.leaving.emit()


@pytest.fixture
def held_up(opened: CameraDialog, presenter: CameraPresenter) -> Iterator[list[QImage]]:
    """What the camera sees from now on: the last picture of this list, again and again."""
    from PySide6.QtMultimedia import QVideoFrame, QVideoFrameInput

    assert presenter.camera is not None
    presenter.camera.stop()
    camera = QVideoFrameInput()
    presenter.camera.capture.setVideoFrameInput(camera)
    seen: list[QImage] = []
    timer = QTimer(interval=30)
    timer.timeout.connect(lambda: seen and camera.sendVideoFrame(QVideoFrame(seen[-1])))
    timer.start()
    yield seen
    timer.stop()


def frame_with(rows: list[str]) -> QImage:
    """Return what a camera sees of a sheet with these digits in the middle of a grey room."""
    sheet, frame = page(rows), Image.new("L", (640, 480), 245)
    frame.paste(sheet, ((640 - sheet.width) // 2, (480 - sheet.height) // 2))
    image = QImage()
    assert image.loadFromData(encoded(frame.convert("RGB")))
    return image.convertToFormat(QImage.Format.Format_RGB32)


def reads(dialog: CameraDialog, text: str) -> Callable[[], bool]:
    return lambda: dialog.reading.text() == text


def test_a_sheet_is_read_live_and_what_is_taken_reads_the_same(
    opened: CameraDialog,
    held_up: list[QImage],
    presenter: CameraPresenter,
    classifier: Fives,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    taken: list[tuple[PictureSource, str]] = []
    presenter.taken.connect(lambda source, name: taken.append((source, name)))
    held_up.append(frame_with(["71", "0"]))
    qtbot.waitUntil(reads(opened, "55   5"))
    held_up.append(frame_with(["7"]))
    qtbot.waitUntil(reads(opened, "5"))
    opened.take_button.click()
    ((source, name),) = taken
    assert name == "picture from the camera"
    picture = decode_picture(source.content, name)
    assert picture.size == (448, 336)
    assert picture.greys.min() < 0.3
    assert presenter.camera is None
    qtbot.waitUntil(lambda: shell.findChild(CameraDialog) is None)


def test_what_looks_like_no_digit_is_not_marked(
    opened: CameraDialog, held_up: list[QImage], classifier: Fives, qtbot: QtBot
) -> None:
    held_up.append(frame_with(["7"]))
    qtbot.waitUntil(reads(opened, "5"))
    classifier.doubts = True
    qtbot.waitUntil(reads(opened, "\u2013"))
    classifier.doubts = False
    qtbot.waitUntil(reads(opened, "5"))
    held_up.append(frame_with([""]))
    qtbot.waitUntil(reads(opened, "\u2013"))


def test_without_a_camera_one_sentence_says_so(opened: CameraDialog, qtbot: QtBot) -> None:
    from PySide6.QtMultimedia import QMediaDevices

    if QMediaDevices.videoInputs():
        pytest.skip("this computer has a camera")
    assert opened.message.text().startswith("No camera is found")
    assert not opened.take_button.isEnabled()


def test_without_permission_one_sentence_says_where_to_give_it(
    opened: CameraDialog, presenter: CameraPresenter
) -> None:
    assert presenter.camera is not None
    presenter.camera.use_answer(Qt.PermissionStatus.Denied)
    assert "does not let this program use the camera" in opened.message.text()
