from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.pictures.open import decode_picture, reduced_picture
from mnist_gui.gui.pictures.drop import PictureDrop, PictureSource, has_picture, picture_in
from tests.engine.pictures.scenes import encoded
from tests.refusals import refused


def files(*names: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(name) for name in names])
    return data


def pixels(alpha: int = 255) -> QMimeData:
    image = QImage(5, 3, QImage.Format.Format_ARGB32)
    image.fill(0x00336699 + (alpha << 24))
    data = QMimeData()
    data.setImageData(image)
    return data


def test_of_several_files_the_first_picture_is_taken() -> None:
    source = picture_in(files("/a/notes.txt", "/a/photo.JPG", "/a/scan.png"))
    assert source == PictureSource(path="/a/photo.JPG")


@pytest.mark.parametrize("data", [QMimeData(), files("/a/notes.txt"), files("/a/net.mnistgui")])
def test_what_is_no_picture_is_left_to_others(data: QMimeData) -> None:
    assert not has_picture(data)
    assert picture_in(data) is None


def test_pixels_are_taken_as_they_are_in_bands() -> None:
    source = picture_in(pixels(alpha=128))
    assert source is not None
    bands = list(source.bands(2))
    assert [band.shape for band in bands] == [(2, 5, 4), (1, 5, 4)]
    for band in bands:
        assert (band == [0x33, 0x66, 0x99, 128]).all()


@pytest.mark.parametrize("kind", [QImage.Format.Format_Grayscale8, QImage.Format.Format_RGB16])
def test_pixels_of_any_kind_become_colours(kind: QImage.Format) -> None:
    image = QImage(5, 3, kind)
    image.fill(Qt.GlobalColor.white)
    (band,) = PictureSource(pixels=image).bands(10)
    assert band.shape == (3, 5, 3)
    assert (band == 255).all()


@pytest.mark.parametrize("alpha", [255, 128])
def test_large_pixels_make_the_same_picture_as_their_file(alpha: int) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1_501, 2_503, 4), np.uint8)
    noise[..., 3] = alpha
    pixels = QImage(noise.tobytes(), 2_503, 1_501, QImage.Format.Format_RGBA8888)
    source = PictureSource(pixels=pixels)
    *waits, picture = reduced_picture((2_503, 1_501), source.bands, "pixels")
    assert len(waits) > 2
    assert picture is not None
    content = encoded(Image.fromarray(noise))
    there = decode_picture(content, "file")
    np.testing.assert_array_equal(picture.greys, there.greys)
    np.testing.assert_array_equal(picture.colours, there.colours)
    assert picture.size == there.size


def test_too_many_pixels_are_refused() -> None:
    image = QImage(70_000, 2, QImage.Format.Format_Mono)
    with refused(PictureError, match="copied picture has more than 64,000,000 pixels, or more"):
        list(reduced_picture((70_000, 2), PictureSource(pixels=image).bands, "copied picture"))


def test_a_files_own_bytes_are_taken_rather_than_its_pixels() -> None:
    data = pixels()
    data.setData("image/jpeg", b"the bytes of a photo")
    assert picture_in(data) == PictureSource(content=b"the bytes of a photo")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 200)
    window.show()
    return window


@pytest.fixture
def drop(window: QWidget) -> PictureDrop:
    return PictureDrop(window)


def enter(window: QWidget, data: QMimeData) -> bool:
    event = QDragEnterEvent(
        window.rect().center(),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def test_a_picture_held_above_the_window_is_welcome_and_shown_to_be(
    window: QWidget, drop: PictureDrop
) -> None:
    assert enter(window, files("/a/photo.webp"))
    assert drop.highlight.isVisible()
    assert drop.highlight.geometry() == window.rect()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not drop.highlight.isVisible()


def test_other_files_held_above_it_are_not_welcome(window: QWidget, drop: PictureDrop) -> None:
    assert not enter(window, files("/a/notes.txt"))
    assert not drop.highlight.isVisible()


def test_a_dropped_picture_is_told(
    window: QWidget, drop: PictureDrop, qtbot: QtBot, tmp_path: Path
) -> None:
    path = str(tmp_path / "photo.png")
    data = files(path)
    enter(window, data)
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QEvent.Type.Drop,
    )
    with qtbot.waitSignal(drop.dropped) as told:
        QApplication.sendEvent(window, event)
    assert told.args == [PictureSource(path=path)]
    assert not drop.highlight.isVisible()
