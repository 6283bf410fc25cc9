"""A drawing is kept as what the user saw of it, never as what was read of another one."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mnist_gui.engine.digits.model import SavedPrediction, UserDigit, same_points
from mnist_gui.engine.digits.store import FILE_NAME
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.digits.collection import DigitCollection
from mnist_gui.gui.digits.save import SaveDigitPresenter
from mnist_gui.gui.digits.save_row import SaveDigitRow
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.session import Displayed, Session, Source
from tests.gui.recording_shell import RecordingShell
from tests.gui.scripted import number, prediction

LINE = Drawing((Stroke([[0.5, 0.2], [0.5, 0.8]]),))
LONGER = Drawing((Stroke([[0.5, 0.2], [0.5, 0.8], [0.5, 0.9]]),))
CROSS = LINE.with_stroke(Stroke([[0.2, 0.5], [0.8, 0.5]]))
RING = Drawing((Stroke([[0.4, 0.2], [0.8, 0.5], [0.5, 0.8], [0.4, 0.2]]),))


@dataclass
class Pad:
    """A canvas with its row, and what the user's digits are."""

    session: Session
    canvas: DrawingCanvas
    row: SaveDigitRow
    shell: RecordingShell
    qtbot: QtBot

    @property
    def offer(self) -> str:
        """What the row's button offers, nothing while it does not."""
        button = self.row.save_button
        return button.text() if button.isEnabled() else ""

    @property
    def digits(self) -> tuple[UserDigit, ...]:
        return self.session.digits.value.digits if self.session.digits.value else ()

    @property
    def labels(self) -> list[int]:
        return [digit.label for digit in self.digits]

    def read(self, drawing: Drawing, answer: Prediction) -> None:
        """Tell what was predicted of a drawing, be it on the canvas or not any more."""
        self.session.displayed.set(Displayed(drawing=drawing, prediction=answer))

    def read_number(self) -> None:
        answer = number(prediction(4, 0.9), prediction(2, 0.9))
        drawing = self.session.drawing.value
        self.session.displayed.set(Displayed(drawing=drawing, prediction=answer))

    def keep_as(self, label: int) -> None:
        self.row.labels[label].trigger()

    def wait_for_files(self) -> None:
        """Wait until all is written and read that was asked for."""
        answered: list[None] = []
        self.session.file_thread.call(lambda: None, then=answered.append)
        self.qtbot.waitUntil(lambda: bool(answered))


@pytest.fixture
def pad(session: Session, shell: RecordingShell, qtbot: QtBot) -> Pad:
    canvas, row = DrawingCanvas(), SaveDigitRow()
    for widget in (canvas, row):
        qtbot.addWidget(widget)
    # As the presenter of the drawing does.
    canvas.drawing_changed.connect(session.drawing.set)
    session.use_network(Snapshot(find_recipe("cnn-fast"), 5, {}))
    return Pad(session, canvas, row, shell, qtbot)


@pytest.fixture
def collection(session: Session) -> DigitCollection:
    return DigitCollection(session)


@pytest.fixture(autouse=True)
def presenter(pad: Pad, collection: DigitCollection) -> SaveDigitPresenter:
    return SaveDigitPresenter(pad.session, collection, pad.canvas, pad.row, pad.shell)


def test_what_was_read_of_the_drawing_is_offered(pad: Pad) -> None:
    pad.canvas.set_drawing(LINE)
    assert pad.offer == ""
    pad.read(LINE, prediction(1, 0.9))
    assert pad.offer == "Save to My digits as 1"


def test_a_late_reading_of_another_drawing_is_not_offered(pad: Pad) -> None:
    pad.canvas.set_drawing(LINE)
    pad.canvas.set_drawing(RING)
    pad.read(LINE, prediction(1, 0.9))
    assert pad.offer == ""
    pad.read(RING, prediction(0, 0.9))
    assert pad.offer == "Save to My digits as 0"


@pytest.mark.parametrize("drawings", [(LINE, LONGER), (LINE, CROSS), (LONGER, CROSS)])
def test_what_was_read_stands_while_the_drawing_grows(
    pad: Pad, drawings: Sequence[Drawing]
) -> None:
    pad.canvas.set_drawing(drawings[0])
    pad.read(drawings[0], prediction(1, 0.9))
    pad.canvas.set_drawing(drawings[1])
    assert pad.offer == "Save to My digits as 1"


@pytest.mark.parametrize("next_one", [Drawing(), RING])
def test_the_offer_goes_with_its_drawing(pad: Pad, next_one: Drawing) -> None:
    pad.canvas.set_drawing(LINE)
    pad.read(LINE, prediction(1, 0.9))
    pad.canvas.set_drawing(next_one)
    assert pad.offer == ""


def test_of_a_number_no_digit_is_offered(pad: Pad) -> None:
    pad.canvas.set_drawing(LINE)
    pad.read(LINE, prediction(1, 0.9))
    pad.read_number()
    assert pad.offer == ""


def test_a_number_is_not_kept_as_one_digit_and_the_user_is_told(pad: Pad) -> None:
    pad.canvas.set_drawing(LINE)
    pad.read_number()
    pad.keep_as(2)
    pad.wait_for_files()
    assert pad.shell.statuses == ["There are several digits: draw one alone to save it."]
    assert pad.labels == []
    pad.canvas.clear()
    pad.canvas.set_drawing(LINE)
    pad.keep_as(1)
    pad.wait_for_files()
    assert pad.labels == [1]


def test_a_digit_that_is_not_sure_is_not_offered(pad: Pad) -> None:
    pad.canvas.set_drawing(LINE)
    pad.read(LINE, prediction(1, 0.9))
    pad.read(LINE, prediction(1, 0.9, digit_score=0.0))
    assert pad.offer == ""


def test_what_is_read_of_a_part_in_a_replay_leaves_the_offer_as_it_is(pad: Pad) -> None:
    pad.canvas.set_drawing(CROSS)
    pad.read(CROSS, prediction(4, 0.9))
    pad.session.displayed.set(Displayed(Source.REPLAY, LINE, prediction=prediction(1, 0.9)))
    assert pad.offer == "Save to My digits as 4"


def test_nothing_is_offered_while_a_test_image_is_shown(pad: Pad) -> None:
    pad.canvas.set_drawing(LINE)
    pad.read(LINE, prediction(1, 0.9))
    pad.session.displayed.set(Displayed(Source.TEST_IMAGE, prediction=prediction(7, 0.9)))
    assert pad.offer == ""
    pad.session.display_drawing()
    assert pad.offer == "Save to My digits as 1"


def test_it_is_kept_with_what_it_was_read_as(pad: Pad) -> None:
    pad.canvas.set_drawing(LINE)
    pad.read(LINE, prediction(1, 0.75))
    pad.keep_as(7)
    pad.wait_for_files()
    (digit,) = pad.digits
    assert same_points(digit.drawing) == same_points(LINE)
    assert digit.label == 7
    assert digit.read_as == SavedPrediction(1, 0.75, "cnn-fast")


def test_what_is_kept_leaves_the_canvas_and_undo_brings_it_back(pad: Pad, qtbot: QtBot) -> None:
    pad.canvas.set_drawing(LINE)
    pad.read(LINE, prediction(1, 0.9))
    qtbot.mouseClick(pad.row.save_button, Qt.MouseButton.LeftButton)
    pad.wait_for_files()
    assert pad.labels == [1]
    assert not pad.canvas.drawing
    assert "Saved to My digits as 1" in pad.row.note.text()
    qtbot.mouseClick(pad.row.undo_button, Qt.MouseButton.LeftButton)
    assert pad.canvas.drawing == LINE
    pad.wait_for_files()
    assert pad.labels == []


def test_what_was_saved_is_said_as_it_is_labelled_now(
    pad: Pad, collection: DigitCollection
) -> None:
    pad.canvas.set_drawing(LINE)
    pad.keep_as(7)
    pad.wait_for_files()
    collection.relabel(pad.digits, 2)
    pad.wait_for_files()
    assert "Saved to My digits as 2" in pad.row.note.text()
    collection.delete(pad.digits)
    pad.wait_for_files()
    assert not pad.row.note.isVisibleTo(pad.row)


def test_what_was_read_of_a_part_is_not_said_of_the_whole(pad: Pad) -> None:
    pad.canvas.set_drawing(LINE)
    pad.read(LINE, prediction(1, 0.75))
    pad.canvas.set_drawing(CROSS)
    pad.keep_as(4)
    pad.wait_for_files()
    (digit,) = pad.digits
    assert (digit.label, digit.read_as) == (4, None)


def test_one_drawing_is_kept_at_a_time_and_an_empty_one_never(pad: Pad) -> None:
    pad.row.save_requested.emit(1)
    pad.canvas.set_drawing(LINE)
    pad.keep_as(1)
    pad.keep_as(2)
    pad.wait_for_files()
    assert pad.labels == [1]
    pad.canvas.set_drawing(RING)
    pad.keep_as(0)
    pad.wait_for_files()
    assert pad.labels == [1, 0]


def test_a_drawing_that_cannot_be_kept_stays_and_can_be_kept_again(pad: Pad) -> None:
    path = pad.session.data_folder / FILE_NAME
    path.mkdir(parents=True)
    pad.canvas.set_drawing(LINE)
    pad.keep_as(1)
    pad.wait_for_files()
    ((title, sentence),) = pad.shell.errors
    assert title == "The drawing was not saved"
    assert "it is a folder" in sentence
    assert pad.canvas.drawing == LINE
    path.rmdir()
    pad.keep_as(1)
    pad.wait_for_files()
    assert pad.labels == [1]
