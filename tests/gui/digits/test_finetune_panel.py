import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from mnist_gui.engine.finetune.result import FineTuningPhase, FineTuningProgress
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.values import recipe_title
from mnist_gui.gui.digits.finetune_panel import PersonalizePanel
from mnist_gui.gui.digits.text import verdict
from tests.gui.scripted import hand_result

BASE = Snapshot(find_recipe("cnn-best"), 5, {})


@pytest.fixture
def panel(qtbot: QtBot) -> PersonalizePanel:
    panel = PersonalizePanel()
    qtbot.addWidget(panel)
    panel.resize(476, 160)
    panel.show()
    return panel


def click(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def seen(panel: PersonalizePanel) -> list[str]:
    buttons = panel.findChildren(QAbstractButton)
    return sorted(button.objectName() for button in buttons if button.isVisible())


def asked(panel: PersonalizePanel) -> list[str]:
    requests: list[str] = []
    panel.start_button.clicked.connect(lambda: requests.append("learn"))
    panel.stop_button.clicked.connect(lambda: requests.append("stop"))
    panel.accept_button.clicked.connect(lambda: requests.append("keep"))
    panel.back_button.clicked.connect(lambda: requests.append("back"))
    return requests


def test_it_says_why_it_cannot_begin(panel: PersonalizePanel) -> None:
    panel.show_obstacle("Keep 7 more.")
    assert panel.message.text() == "Keep 7 more."
    assert not panel.start_button.isEnabled()
    panel.show_obstacle("")
    assert panel.start_button.isEnabled()
    assert "what it forgets" in panel.message.text()


def test_learning_is_begun_watched_and_stopped(panel: PersonalizePanel) -> None:
    requests = asked(panel)
    click(panel.start_button)
    panel.show_begun()
    panel.show_progress(FineTuningProgress(FineTuningPhase.TESTING, 0.25))
    assert panel.progress.value() == panel.progress.maximum() // 4
    assert "test images" in panel.message.text()
    assert seen(panel) == ["stop_hand_button"]
    panel.show_obstacle("A run is active.")
    assert "test images" in panel.message.text()
    click(panel.stop_button)
    panel.show_ready()
    assert requests == ["learn", "stop"]
    assert panel.message.text() == "A run is active."


def test_before_and_after_stand_in_a_table(panel: PersonalizePanel) -> None:
    panel.show_result(hand_result(BASE, own=(6, 9), test=(996, 995)))
    own, test = ([label.text() for label in row] for row in (panel.table.user, panel.table.test))
    assert own == ["60.0\u00a0%", "90.0\u00a0%", "+3 (+30.0)"]
    assert test == ["99.60\u00a0%", "99.50\u00a0%", "\u22121 (\u22120.10)"]
    assert panel.table.user_title.text() == "Your digits, held out (10)"
    assert panel.table.test_title.text() == "Test images (1,000)"
    assert "3 more of your digits" in panel.verdict.text()


def test_one_click_keeps_it_and_one_goes_back(panel: PersonalizePanel) -> None:
    requests = asked(panel)
    panel.show_result(hand_result(BASE))
    assert seen(panel) == ["hand_back_button", "keep_hand_button"]
    click(panel.accept_button)
    assert "current network now" in panel.verdict.text()
    click(panel.back_button)
    assert requests == ["keep", "back"]
    assert seen(panel) == ["learn_hand_button"]


@pytest.mark.parametrize(
    ("own", "test", "words"),
    [
        ((6, 7), (996, 996), "reads 1 more of your digits right"),
        ((6, 6), (996, 996), "No change on your digits."),
        ((6, 5), (996, 996), "Your digits got worse"),
        ((6, 9), (996, 990), "MNIST got worse: 6 more errors"),
    ],
)
def test_the_verdict_is_honest(own: tuple[int, int], test: tuple[int, int], words: str) -> None:
    assert words in verdict(hand_result(BASE, own=own, test=test))


@pytest.mark.parametrize("test", [(9_963, 9_966), (9_963, 8_766)])
def test_the_result_fits_beside_the_other_columns_of_a_small_window(
    panel: PersonalizePanel, test: tuple[int, int]
) -> None:
    panel.show_result(hand_result(BASE, own=(10, 10), test=test, images=10_000))
    assert panel.minimumSizeHint().width() <= 476


def test_a_network_that_learnt_a_hand_has_a_title() -> None:
    assert recipe_title("cnn-best-personal") == "CNN, best, your hand"
    assert recipe_title("cnn" + "-personal" * 2_000).endswith("-personal, your hand")


def test_every_control_has_a_name_and_a_tooltip(panel: PersonalizePanel) -> None:
    buttons = panel.findChildren(QAbstractButton)
    assert len(buttons) == 5
    for button in buttons:
        assert button.accessibleName()
        assert button.toolTip()
