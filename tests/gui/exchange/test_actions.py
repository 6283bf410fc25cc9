"""What the window offers for other programs, and what can be dropped on it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent as DragEnter
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.events import RunState
from mnist_gui.engine.exchange.formats import ExportStage
from mnist_gui.gui.common import dialogs as file_questions
from mnist_gui.gui.exchange.presenter import ExchangeActions, ExportStatus
from mnist_gui.gui.window.files import DroppedFiles
from mnist_gui.gui.window.main_window import MainWindow
from tests.gui.save_answers import answer_save_dialogs

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def actions(window: MainWindow) -> ExchangeActions:
    return ExchangeActions(window)


def test_exporting_needs_a_network_and_is_done_once_at_a_time(actions: ExchangeActions) -> None:
    assert not actions.export_network.isEnabled()
    actions.take_network()
    assert actions.export_network.isEnabled()
    actions.set_exporting(True)
    assert not actions.export_network.isEnabled()
    actions.set_exporting(False)
    assert actions.export_network.isEnabled()


def test_a_chosen_file_is_asked_for_and_a_dismissed_question_asks_nothing(
    actions: ExchangeActions, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.take_network()
    asked: list[str] = []
    actions.export_requested.connect(asked.append)
    for answer in ("/some/where", ""):
        monkeypatch.setattr(file_questions, "ask_network_to_export", lambda *_, a=answer: a)
        actions.export_network.trigger()
    assert asked == ["/some/where"]


def test_the_menu_has_it_beside_its_likes(window: MainWindow, actions: ExchangeActions) -> None:
    texts = [action.text().replace("&", "") for action in window.menus.file_menu.actions()]
    assert texts[:3] == ["Open network …", "Save network …", "Export network …"]


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ("net", "Keras models (*.keras)", "net.keras"),
        ("net", "TensorFlow Lite models (*.tflite)", "net.tflite"),
        ("net.v2", "Weights for NumPy (*.npz)", "net.v2.npz"),
        ("net.TFLITE", "Keras models (*.keras)", "net.TFLITE"),
    ],
)
def test_the_name_or_else_the_chosen_kind_tells_the_format(
    window: MainWindow,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    typed: str,
    kind: str,
    name: str,
) -> None:
    answer_save_dialogs(monkeypatch, str(tmp_path / typed), kind=kind)
    assert file_questions.ask_network_to_export(window, "CNN", "") == str(tmp_path / name)


def test_an_export_says_what_it_does_and_can_be_cancelled(qtbot: QtBot) -> None:
    status = ExportStatus()
    qtbot.addWidget(status)
    assert not status.isVisible()
    status.set_running(True)
    status.show_stage("/some/where/net.keras", ExportStage.WRITING)
    assert status.label.text() == "Writing net.keras …"
    assert status.label.toolTip() == "/some/where/net.keras"
    status.show_stage("/some/where/net.keras", ExportStage.CHECKING)
    assert status.label.text() == "Reading net.keras back …"
    with qtbot.waitSignal(status.cancel_requested):
        qtbot.mouseClick(status.cancel_button, Qt.MouseButton.LeftButton)
    assert not status.cancel_button.isEnabled()
    status.set_running(False)
    assert not status.isVisible()
    status.set_running(True)
    assert status.cancel_button.isEnabled()


def test_a_long_name_does_not_push_the_window_apart(qtbot: QtBot) -> None:
    status = ExportStatus()
    qtbot.addWidget(status)
    status.show_stage(f"/{'long' * 50}.keras", ExportStage.CHECKING)
    assert "…" in status.label.text()
    assert status.sizeHint().width() < 500


def drop(widget: QWidget, *paths: Path) -> bool:
    """Drag files over a widget and drop them if they may be; return whether they might."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = widget.rect().center()
    none = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = DragEnter(place, Qt.DropAction.CopyAction, data, *none)
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        # Qt gives it to whichever widget took the first.
        drop_event = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, *none)
        QApplication.sendEvent(widget, drop_event)
    return enter.isAccepted()


@pytest.fixture
def told(window: MainWindow) -> list[tuple[str, str]]:
    dropped = DroppedFiles(window, window.actions_offered)
    told: list[tuple[str, str]] = []
    dropped.network_dropped.connect(lambda path: told.append(("network", path)))
    dropped.dataset_dropped.connect(lambda path: told.append(("dataset", path)))
    return told


@pytest.mark.parametrize("name", ["a.mnistgui", "a.npz", "a.keras", "a.H5"])
def test_a_networks_file_can_be_dropped_anywhere(
    window: MainWindow, told: list[tuple[str, str]], tmp_path: Path, name: str
) -> None:
    assert drop(window, tmp_path / name)
    assert drop(window.curves.accuracy_pane.widget.viewport(), tmp_path / name)
    assert told == [("network", str(tmp_path / name))] * 2


def test_a_folder_is_taken_for_a_data_set(
    window: MainWindow, told: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert drop(window, tmp_path)
    assert told == [("dataset", str(tmp_path))]


def test_a_folder_on_a_slow_disk_is_looked_at_once_however_far_it_is_dragged(
    window: MainWindow,
    told: list[tuple[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[Path] = []
    is_dir = Path.is_dir

    def look(path: Path) -> bool:
        looks.append(path)
        return is_dir(path)

    monkeypatch.setattr(Path, "is_dir", look)
    assert drop(window, tmp_path)
    assert looks == [tmp_path]
    assert told == [("dataset", str(tmp_path))]


def test_other_files_are_left_to_others(
    window: MainWindow, told: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert not drop(window, tmp_path / "a.png")
    assert not drop(window, tmp_path / "a.npz", tmp_path / "b.npz")
    assert not drop(window)
    assert not told


def test_nothing_is_taken_while_it_could_not_be_opened(
    window: MainWindow, told: list[tuple[str, str]], tmp_path: Path
) -> None:
    window.set_state(RunState.TRAINING)
    assert not drop(window, tmp_path / "a.npz")
    assert not drop(window, tmp_path)
    assert not told
