from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.distortions import Distortion
from mnist_gui.engine.inside.forward import layer_outputs
from mnist_gui.engine.inside.robustness import trials
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.pages import Page
from mnist_gui.gui.robustness.page import MNIST_C, RobustnessPage
from mnist_gui.gui.robustness.presenter import RobustnessPresenter
from mnist_gui.gui.session import Displayed, Session
from tests.engine.conftest import softmax_snapshot
from tests.gui.kept_runs import small_mnist, train_kept
from tests.gui.recording_shell import RecordingShell


def dataset(count: int = 12) -> Dataset:
    random = np.random.default_rng(3)
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 6:22, 6:22] = random.integers(0, 256, (count, 16, 16))
    split = LabelledImages(images, (np.arange(count) % 10).astype(np.uint8))
    return Dataset("squares", split, split, split, "fingerprint")


def digit(seed: int = 1) -> Displayed:
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 8:20] = np.random.default_rng(seed).integers(0, 256, (20, 12))
    return Displayed(image=image)


class Shown:
    """The page with its presenter, in front of a window that is shown."""

    def __init__(self, qtbot: QtBot, session: Session, shell: RecordingShell) -> None:
        self.page, self.session, self.shell, self.qtbot = RobustnessPage(), session, shell, qtbot
        self.presenter = RobustnessPresenter(session, self.page, shell)
        shell.resize(1000, 800)
        shell.show()
        shell.pages.bring_to_front(Page.ROBUSTNESS)

    def use(self, network: Snapshot | None = None, displayed: Displayed | None = None) -> None:
        """Have data, a network and a digit, and wait for what is shown of them."""
        self.session.dataset.set(dataset())
        self.session.displayed.set(displayed or digit())
        self.session.use_network(network or softmax_snapshot())
        self.wait()

    def wait(self) -> None:
        """Wait until all is known, of the built-in network too."""
        self.qtbot.waitUntil(self._is_ready)

    def shows(self, distortion: Distortion) -> bool:
        """Whether it is this one's curves that are shown."""
        answer = self.page.chart.answer
        is_this = answer is not None and answer.trials == trials(distortion)
        return is_this and self._is_ready()

    def _is_ready(self) -> bool:
        answer = self.page.picture_shown.answer
        titles = self.page.trial.names
        has_both = titles[1].isVisible()
        return answer is not None and answer.is_whole and has_both and self.page.body.isVisible()


@pytest.fixture
def shown(qtbot: QtBot, session: Session, shell: RecordingShell) -> Shown:
    return Shown(qtbot, session, shell)


def test_without_a_network_or_images_the_page_says_so(shown: Shown) -> None:
    assert shown.page.message.text().startswith("No network yet")
    shown.session.use_network(softmax_snapshot())
    assert shown.page.message.text() == "The data set is still being loaded."
    assert not shown.page.body.isVisible()


def test_the_current_network_and_a_built_in_one_are_drawn_with_the_digit(shown: Shown) -> None:
    shown.use()
    answer = shown.page.chart.answer
    assert answer is not None
    assert answer.correct.shape == (2, 13)
    assert shown.page.title.text() == "Softmax regression (tutorial), after 7 steps"
    assert shown.page.trial.names[1].text() == "Softmax regression, best (built in)"
    assert "12 of the 12 test images" in shown.page.note.text()
    image = shown.session.displayed.value.image
    assert image is not None
    read = layer_outputs(softmax_snapshot(), image[np.newaxis])[-1].argmax()
    shown.page.chart.choose(answer.unchanged)
    assert f"your digit as {read}" in shown.page.chart.accessibleDescription()
    assert np.array_equal(answer.digits[answer.unchanged], image)


def test_a_new_digit_is_read_at_once_and_nothing_else_anew(shown: Shown) -> None:
    shown.use()
    before = shown.page.chart.answer
    shown.session.displayed.set(digit(2))
    shown.qtbot.waitUntil(lambda: shown.page.chart.answer is not before)
    after = shown.page.chart.answer
    assert before is not None
    assert after is not None
    assert np.array_equal(after.correct, before.correct)
    assert np.array_equal(after.digits[after.unchanged], digit(2).image)  # type: ignore[arg-type]


def test_with_an_empty_pad_a_test_image_is_shown_and_said_to_be_one(shown: Shown) -> None:
    shown.use(displayed=Displayed())
    answer = shown.page.chart.answer
    assert answer is not None
    assert np.array_equal(answer.digits[answer.unchanged], dataset().test.images[0])
    assert "Nothing is drawn" in shown.page.note.text()


def test_mnist_c_is_shown_as_bars(shown: Shown) -> None:
    shown.use()
    shown.page.change_box.choose(MNIST_C)
    shown.qtbot.waitUntil(lambda: shown.page.bars.answer is not None)
    shown.wait()
    assert shown.page.bars.isVisible()
    assert not shown.page.chart.isVisible()
    answer = shown.page.bars.answer
    assert answer is not None
    bars, share = shown.page.bars, float(answer.accuracies[0, 3])
    assert bars.bar(0, 3).width() == pytest.approx(share * bars.bar_room(0, 3).width())
    assert "of the spoiled images right" in shown.page.finding.text()


def test_the_sentence_says_what_spoils_the_reading_and_that_is_chosen(shown: Shown) -> None:
    shown.use()
    answer = shown.page.chart.answer
    assert answer is not None
    place = answer.breaking_point(0)
    # The weights are random, so that the images are read by chance even as they are.
    assert place == answer.unchanged
    assert shown.page.finding.text().startswith("Unchanged: Softmax regression (tutorial)")
    assert shown.page.chart.chosen == place


def test_keys_and_clicks_choose_a_strength_and_its_numbers_are_shown(shown: Shown) -> None:
    shown.use()
    chart = shown.page.chart
    chart.choose(6)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert shown.page.trial.change.text() == "Turned clockwise by 15\u00b0"
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert shown.page.trial.change.text() == "Turned anticlockwise by 90\u00b0"
    at = chart.column(9).center().toPoint()
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    assert chart.chosen == 9
    assert "Turned clockwise by 45\u00b0" in chart.accessibleDescription()
    # What is chosen stays while one draws.
    before = chart.answer
    shown.session.displayed.set(digit(4))
    shown.qtbot.waitUntil(lambda: chart.answer is not before)
    assert chart.chosen == 9


def test_curves_are_drawn_where_the_accuracies_are(shown: Shown) -> None:
    shown.use()
    chart = shown.page.chart
    answer = chart.answer
    assert answer is not None
    chart.choose(0)
    picture = chart.grab().toImage()
    for network in (0, 1):
        at = chart.point(network, 9).toPoint() * picture.devicePixelRatio()
        others = chart.point(1 - network, 9).toPoint() * picture.devicePixelRatio()
        if at != others:
            assert picture.pixelColor(at) == chart.shade(network)


def test_networks_are_ticked_and_unticked(shown: Shown) -> None:
    shown.use()
    actions = {
        action.text().split("\t")[0]: action for action in shown.page.networks_menu.actions()
    }
    assert list(actions) == ["CNN, best (built in)", "Softmax regression, best (built in)"]
    actions["Softmax regression, best (built in)"].trigger()
    shown.qtbot.waitUntil(lambda: not shown.page.trial.names[1].isVisible())
    answer = shown.page.chart.answer
    assert answer is not None
    assert answer.correct.shape == (1, 13)


def test_the_current_network_is_not_offered_to_be_compared_with_itself(shown: Shown) -> None:
    shipped = SHIPPED_NETWORKS[-1]
    shown.session.dataset.set(dataset())
    shown.session.use_network(softmax_snapshot(), file=shipped.path)
    texts = [action.text() for action in shown.page.networks_menu.actions()]
    assert len(texts) == 1
    assert texts[0].startswith("CNN, best")


def test_numbers_are_saved_for_all_networks(shown: Shown) -> None:
    shown.use()
    lines = shown.presenter.numbers().decode().splitlines()
    assert len(lines) == 1 + 2 * 13
    assert lines[1].startswith('"Softmax regression (tutorial), after 7 steps",rotation,-90,12,')


def test_a_kept_run_is_compared_and_said_to_be_of_other_images(shown: Shown) -> None:
    shown.use()
    store = RunStore(shown.session.runs_folder.value)
    run_id = train_kept(store, small_mnist())
    shown.session.runs.set(store.runs().runs)
    offered = [action.text() for action in shown.page.networks_menu.actions()]
    assert len(offered) == 3
    shown.page.network_toggled.emit(f"run {run_id}", True)
    name = shown.page.trial.names[2]
    shown.qtbot.waitUntil(name.isVisible)
    assert name.text() == "Softmax regression (tutorial) (trained on MNIST)"


def test_a_run_that_is_gone_is_said_and_not_shown(shown: Shown, tmp_path: Path) -> None:
    shown.use()
    shown.page.network_toggled.emit("run gone-1", True)
    shown.qtbot.waitUntil(lambda: len(shown.shell.file_errors) == 1)
    answer = shown.page.chart.answer
    assert answer is not None
    assert answer.correct.shape == (2, 13)


def test_each_change_has_words_and_a_picture_of_its_own(shown: Shown) -> None:
    shown.use()
    chart = shown.page.chart
    pictures, words = [], set[str]()
    for distortion in (Distortion.THICKNESS, Distortion.CONTRAST):
        shown.page.change_box.choose(distortion.value)
        shown.qtbot.waitUntil(partial(shown.shows, distortion))
        pictures.append(chart.grab().toImage())
        words |= {chart.describe(place) for place in range(len(trials(distortion)))}
    assert pictures[0] != pictures[1]
    # Of 13 and 10 strengths, one each changes nothing.
    assert len(words) == 22
