import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.inside.smallest_change import GradientChange, PixelChange, Way
from mnist_gui.engine.inside.stroke_change import Edit, StrokeChange, StrokeEdit
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import DigitPrediction, NumberPrediction
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session, Source
from mnist_gui.gui.smallest_change.page import SmallestChangePage
from mnist_gui.gui.smallest_change.presenter import SmallestChangePresenter
from mnist_gui.gui.smallest_change.text import edit_text
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.gui.views.parts import ViewParts
from mnist_gui.gui.views.presenter import is_same
from tests.engine.inside.test_smallest_change import blind_network
from tests.gui.recording_shell import RecordingShell
from tests.gui.scripted import prediction


@pytest.fixture(scope="module")
def network() -> Snapshot:
    """The softmax regression that ships."""
    return load_snapshot(SHIPPED_NETWORKS[-1].path)


def four(shift: float = 0.0) -> Drawing:
    """An angle and an upright line."""
    strokes = ([[0.3, 0.2], [0.2, 0.6], [0.5, 0.6]], [[0.42, 0.4], [0.4, 0.9]])
    return Drawing(tuple(Stroke(np.add(each, (shift, 0))) for each in strokes))


def drawn(drawing: Drawing) -> Displayed:
    return Displayed(drawing=drawing, image=preprocess(drawing))


class Shown:
    """The page with its presenter, in front of a window that is shown."""

    def __init__(self, qtbot: QtBot, session: Session, shell: RecordingShell) -> None:
        self.page, self.session, self.shell, self.qtbot = (
            SmallestChangePage(),
            session,
            shell,
            qtbot,
        )
        self.canvas = DrawingCanvas()
        qtbot.addWidget(self.canvas)
        runner = TrainingRunner(session)
        parts = ViewParts(session, runner, self.canvas, shell, print, print)
        self.presenter = SmallestChangePresenter(parts, self.page)
        shell.resize(1000, 800)
        shell.show()
        shell.pages.bring_to_front(Page.SMALLEST_CHANGE)

    def use(self, network: Snapshot, displayed: Displayed) -> None:
        """Have a network and a digit, and wait for all that is found of them."""
        self.session.displayed.set(displayed)
        self.session.use_network(network)
        self.wait()

    def wait(self) -> None:
        self.qtbot.waitUntil(self._has_answer)

    def _has_answer(self) -> bool:
        question = self.presenter.question()
        assert not isinstance(question, str)
        return is_same(self.presenter._answered, question) and self.page.body.isVisible()

    def change(self, way: Way) -> object:
        assert self.presenter._changes is not None
        return self.presenter._changes.found[way]


@pytest.fixture
def shown(qtbot: QtBot, session: Session, shell: RecordingShell) -> Shown:
    return Shown(qtbot, session, shell)


def test_without_a_network_or_a_digit_the_page_says_so(shown: Shown, network: Snapshot) -> None:
    assert shown.page.message.text().startswith("No network yet")
    shown.session.use_network(network)
    assert shown.page.message.text() == "Draw a digit on the pad first."


def test_the_changes_of_a_drawing_are_shown_in_each_way(shown: Shown, network: Snapshot) -> None:
    shown.use(network, drawn(four()))
    assert shown.page.now.text().startswith("It is read as 4 (")
    pixels, stroke, gradient = (shown.change(way) for way in Way)
    assert isinstance(pixels, PixelChange)
    assert isinstance(stroke, StrokeChange)
    assert isinstance(gradient, GradientChange)
    words = shown.page.ways[Way.PIXELS].sentence.text()
    assert words.startswith(f"Pixels changed: {len(pixels.pixels)}.")
    assert shown.page.ways[Way.STROKE].sentence.text() == edit_text(stroke.edit)
    assert f"by {gradient.levels} of 255" in shown.page.ways[Way.GRADIENT].sentence.text()
    for way, line in shown.page.ways.items():
        change = shown.change(way)
        assert isinstance(change, PixelChange | StrokeChange | GradientChange)
        assert change.digit != 4
        assert line.result.text().startswith(f"Now a {change.digit} (")
        assert line.after.isVisible()


def test_changed_pixels_are_framed_and_said(shown: Shown, network: Snapshot) -> None:
    shown.use(network, drawn(four()))
    change = shown.change(Way.PIXELS)
    assert isinstance(change, PixelChange)
    picture = shown.page.ways[Way.PIXELS].marked
    row, column = change.pixels[0].tolist()
    assert f"row {row}, column {column}: " in picture.accessibleDescription()
    image = picture.grab().toImage()
    corner = (picture.pixel_rect(row, column).topLeft() - QPointF(1, 1)).toPoint()
    frame = image.pixelColor(corner * image.devicePixelRatio())
    # Blue or orange, both far from grey.
    assert max(frame.getRgb()[:3]) - min(frame.getRgb()[:3]) > 80


def test_a_digit_that_is_asked_for_is_what_all_ways_lead_to(
    shown: Shown, network: Snapshot
) -> None:
    shown.use(network, drawn(four()))
    shown.page.goal_box.choose("9")
    shown.wait()
    for way in Way:
        change = shown.change(way)
        assert isinstance(change, PixelChange | StrokeChange | GradientChange)
        assert change.digit == 9
    shown.page.goal_box.choose("4")
    shown.qtbot.waitUntil(lambda: "as 4 already" in shown.page.message.text())
    assert not shown.page.body.isVisible()


def test_what_is_not_found_is_said(shown: Shown) -> None:
    shown.page.goal_box.choose("8")
    shown.use(blind_network(), drawn(Drawing((Stroke([[0.4, 0.4], [0.5, 0.4]]),))))
    sentences = [line.sentence.text() for line in shown.page.ways.values()]
    assert [sentence.split(":")[0] for sentence in sentences] == [
        "Not found",
        "Not found",
        "Not even with all 255 levels of grey",
    ]
    assert not any(line.after.isVisible() for line in shown.page.ways.values())
    assert not shown.page.take_button.isVisible()


def test_the_changed_drawing_goes_on_the_pad_and_can_be_undone(
    shown: Shown, network: Snapshot
) -> None:
    shown.canvas.set_drawing(four())
    shown.use(network, drawn(four()))
    stroke = shown.change(Way.STROKE)
    assert isinstance(stroke, StrokeChange)
    shown.page.take_button.click()
    assert shown.canvas.drawing == stroke.drawing
    assert shown.shell.statuses == ["The changed drawing is on the pad"]
    shown.canvas.document.undo()
    assert shown.canvas.drawing == four()


def test_of_a_number_the_least_sure_digit_is_changed_and_the_others_stay(
    shown: Shown, network: Snapshot
) -> None:
    first, second = four(), four(0.4)
    both = Drawing((*first.strokes, *second.strokes))
    digits = (
        DigitPrediction(first, preprocess(first), prediction(4, 0.99)),
        DigitPrediction(second, preprocess(second), prediction(4, 0.6)),
    )
    shown.canvas.set_drawing(both)
    shown.use(network, Displayed(drawing=both, prediction=NumberPrediction(digits)))
    shown.page.take_button.click()
    strokes = shown.canvas.drawing.strokes
    assert strokes[:2] == first.strokes
    assert strokes[2:] != second.strokes
    assert min(float(stroke.points[:, 0].min()) for stroke in strokes[2:]) > 0.3


def test_a_test_image_has_no_strokes(shown: Shown, network: Snapshot) -> None:
    image = preprocess(four())
    shown.use(network, Displayed(Source.TEST_IMAGE, image=image, label=4))
    line = shown.page.ways[Way.STROKE]
    assert line.sentence.text() == "Only what is drawn on the pad has strokes."
    assert not shown.page.take_button.isVisible()
    assert shown.change(Way.PIXELS) is not None


def test_a_new_digit_takes_the_place_of_the_old_ones_search(
    shown: Shown, network: Snapshot
) -> None:
    shown.session.use_network(network)
    shown.session.displayed.set(drawn(four()))
    mirrored = Drawing(tuple(Stroke(stroke.points[:, ::-1]) for stroke in four().strokes))
    shown.session.displayed.set(drawn(mirrored))
    shown.wait()
    changes = shown.presenter._changes
    assert changes is not None
    assert np.array_equal(changes.image, preprocess(mirrored))


def test_all_edits_have_words_of_their_own() -> None:
    words = {edit_text(StrokeEdit(edit, 0, 0.12)) for edit in Edit}
    assert len(words) == len(Edit)


def test_the_numbers_are_the_changed_pixels(shown: Shown, network: Snapshot) -> None:
    shown.use(network, drawn(four()))
    change = shown.change(Way.PIXELS)
    assert isinstance(change, PixelChange)
    lines = shown.presenter.numbers().decode().splitlines()
    assert sum(line.startswith("pixels,") for line in lines) == len(change.pixels)
    assert shown.presenter.file_name().startswith("softmax-best-")
