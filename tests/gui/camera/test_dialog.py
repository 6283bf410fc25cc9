import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage

from mnist_gui.engine.pictures.find import find_digits
from mnist_gui.engine.pictures.result import PicturePrediction
from mnist_gui.gui.camera.dialog import CameraDialog, frame_of
from tests.engine.pictures.scenes import page, picture
from tests.gui.recording_shell import RecordingShell
from tests.gui.scripted import prediction
from tests.own_settings import own_settings  # noqa: F401


@pytest.fixture
def dialog(shell: RecordingShell) -> CameraDialog:
    dialog = CameraDialog(shell)
    dialog.show()
    return dialog


def reading() -> PicturePrediction:
    """What is read in a frame with a 7 on the left and a 1 on the right."""
    digits = find_digits(picture(page(["71"])))
    return PicturePrediction(digits, (prediction(7, 0.9), prediction(1, 0.9)))


def left_half_dark() -> QImage:
    frame = QImage(640, 480, QImage.Format.Format_RGB32)
    frame.fill(QColor("white"))
    for x in range(320):
        for y in range(480):
            frame.setPixelColor(x, y, QColor("black"))
    return frame


def test_a_choice_is_offered_only_among_several_cameras(dialog: CameraDialog) -> None:
    chosen: list[int] = []
    dialog.camera_chosen.connect(chosen.append)
    dialog.show_cameras(["in the lid"], 0)
    assert not dialog.choice.isVisible()
    dialog.show_cameras(["in the lid", "on the desk"], 1)
    assert dialog.choice.isVisible()
    assert dialog.choice.currentText() == "on the desk"
    assert not chosen
    dialog.choice.activated.emit(0)
    assert chosen == [0]


def test_what_is_read_in_the_frame_is_marked_in_the_whole_picture(dialog: CameraDialog) -> None:
    dialog.show_frame(left_half_dark())
    dialog.show_reading(reading())
    assert dialog.reading.text() == "71"
    inside = frame_of(dialog.view.size())
    boxes = [dialog.view.box_rect(place) for place in (0, 1)]
    assert boxes[0].right() < boxes[1].left()
    assert all(inside.contains(box.toRect()) for box in boxes)
    dialog.show_reading(None)
    assert dialog.reading.text() == "\u2013"


def test_a_mirror_turns_picture_and_marks_and_not_what_is_read(
    dialog: CameraDialog, shell: RecordingShell
) -> None:
    dialog.mirror.click()
    dialog.show_frame(left_half_dark())
    dialog.show_reading(reading())
    assert dialog.reading.text() == "71"
    assert dialog.view.box_rect(0).left() > dialog.view.box_rect(1).right()
    shown = dialog.view.grab().toImage()
    frame = QSize(640, 480).scaled(shown.size(), Qt.AspectRatioMode.KeepAspectRatio)
    middle, across, down = shown.width() // 2, round(0.3 * frame.width()), frame.height() // 5
    assert shown.pixelColor(middle - across, down).lightness() > 200
    assert shown.pixelColor(middle + across, down).lightness() < 50
    again = CameraDialog(shell)
    assert again.mirror.isChecked()
    assert again.view.is_mirrored


def test_a_problem_takes_the_place_of_the_picture(dialog: CameraDialog) -> None:
    dialog.show_frame(left_half_dark())
    dialog.show_reading(reading())
    dialog.offer_taking()
    dialog.show_problem("The lens cap is on.")
    assert dialog.message.isVisible()
    assert dialog.message.text() == "The lens cap is on."
    assert not dialog.view.isVisible()
    assert not dialog.take_button.isEnabled()
    assert dialog.reading.text() == "\u2013"
    dialog.show_frame(left_half_dark())
    assert dialog.view.isVisible()


@pytest.mark.parametrize("size", [QSize(640, 480), QSize(1_280, 720), QSize(481, 641)])
def test_the_frame_is_in_the_middle_of_the_picture(size: QSize) -> None:
    frame = frame_of(size)
    assert abs(frame.left() - (size.width() - 1 - frame.right())) <= 1
    assert abs(frame.top() - (size.height() - 1 - frame.bottom())) <= 1
    assert frame.width() == round(0.7 * size.width())
