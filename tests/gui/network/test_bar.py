import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.gui.common.theme import Theme, apply_theme
from mnist_gui.gui.network.bar import NetworkBar, NetworkChoice
from tests.gui.common.test_theme import contrast
from tests.gui.recording_shell import RecordingShell

NETWORKS = (
    (NetworkChoice("shipped", "Built in", "99.63 %"),),
    (NetworkChoice("run b", "CNN, fast 2", "99.18 %"), NetworkChoice("run a", "CNN, fast")),
)


@pytest.fixture
def bar(shell: RecordingShell, qtbot: QtBot) -> NetworkBar:
    bar = NetworkBar(shell.actions_offered)
    qtbot.addWidget(bar)
    bar.network_box.show_networks(NETWORKS, "run a")
    bar.show_steps((0, 10, 100, 1_000), 1_000)
    return bar


def test_networks_are_listed_with_their_accuracy_and_a_file_can_be_opened(bar: NetworkBar) -> None:
    box = bar.network_box
    texts = [text for place in range(box.count()) if (text := box.itemText(place))]
    assert texts == ["Built in · 99.63 %", "CNN, fast 2 · 99.18 %", "CNN, fast", "Open a file …"]
    assert box.currentText() == "CNN, fast"


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK, Theme.HIGH_CONTRAST])
def test_the_lines_between_the_networks_are_seen(
    bar: NetworkBar, theme: Theme, qapp: QApplication
) -> None:
    apply_theme(qapp, theme)
    bar.show()
    box = bar.network_box
    box.showPopup()
    line = box.view().visualRect(box.model().index(1, 0))
    picture = box.view().viewport().grab(line).toImage()
    middle = [QColor(picture.pixel(line.width() // 2, y)) for y in range(line.height())]
    assert max(contrast(colour.name(), middle[0].name()) for colour in middle) >= 3
    box.hidePopup()
    apply_theme(qapp, Theme.SYSTEM)


def test_the_keys_of_what_is_chosen_are_told_and_a_file_is_asked_for(
    bar: NetworkBar, qtbot: QtBot
) -> None:
    box = bar.network_box
    with qtbot.waitSignal(box.network_chosen) as chosen:
        qtbot.keyClick(box, Qt.Key.Key_Up)
    assert chosen.args == ["run b"]
    with qtbot.waitSignal(box.open_requested):
        qtbot.keyClick(box, Qt.Key.Key_End)
    assert box.currentText() == "CNN, fast"


def test_the_slider_goes_through_the_steps_by_keys(bar: NetworkBar, qtbot: QtBot) -> None:
    told: list[int] = []
    bar.step_chosen.connect(told.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(bar.slider, key)
    assert told == [100, 10, 0, 1_000]
    assert bar.step_label.text() == "Step 1,000"


def test_what_is_shown_asks_for_nothing(bar: NetworkBar) -> None:
    told: list[object] = []
    bar.step_chosen.connect(told.append)
    bar.network_box.network_chosen.connect(told.append)
    bar.network_box.show_networks(NETWORKS, "shipped")
    bar.show_steps((0, 5, 50), 7)
    assert (bar.slider.value(), bar.step_label.text()) == (1, "Step 7")
    assert not told


def test_one_step_needs_no_slider(bar: NetworkBar) -> None:
    assert not bar.slider.isHidden()
    bar.show_steps((100,), 100)
    assert bar.slider.isHidden()


def test_the_buttons_are_faces_of_the_windows_actions(
    bar: NetworkBar, shell: RecordingShell, qtbot: QtBot
) -> None:
    actions = shell.actions_offered
    with qtbot.waitSignal(actions.train.triggered):
        bar.train_button.click()
    assert not bar.stop_button.isEnabled()
    actions.stop.setEnabled(True)
    with qtbot.waitSignal(actions.stop.triggered):
        bar.stop_button.click()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_narrow_bar_shortens_the_accuracy_after_all_else(
    bar: NetworkBar, qtbot: QtBot, scale: float
) -> None:
    bar.show_accuracy("Validation 99.99 %", "Measured at step 1,000")
    bar.show()
    font = bar.font()
    font.setPointSizeF(font.pointSizeF() * scale)
    bar.setFont(font)
    whole = QFontMetrics(bar.accuracy.font()).horizontalAdvance(bar.accuracy.text())
    narrow = bar.minimumSizeHint().width() + whole + 2
    bar.resize(narrow, bar.height())
    qtbot.waitUntil(lambda: bar.accuracy.width() >= whole)
    bar.resize(bar.minimumSizeHint().width(), bar.height())
    qtbot.waitUntil(lambda: bar.accuracy.width() < whole)
    assert bar.accuracy.toolTip() == "Validation 99.99 %\nMeasured at step 1,000"
    for part in (bar.network_box, bar.slider, bar.step_label, bar.stop_button):
        assert part.width() >= part.minimumSizeHint().width()
        assert bar.rect().contains(part.geometry())


def test_every_control_has_a_name_for_assistive_technology(bar: NetworkBar) -> None:
    assert bar.accuracy.accessibleDescription() == "Accuracy"
    parts: list[QWidget] = [bar.network_box, bar.slider]
    parts += [bar.train_button, bar.pause_button, bar.stop_button]
    assert all(part.accessibleName() and part.objectName() for part in parts)
    assert len({part.objectName() for part in parts}) == len(parts)
    assert not {"start_button", "pause_button", "stop_button"} & {p.objectName() for p in parts}
