"""What can be dropped on the window."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent as DragEnter
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.engine.events import RunState
from mnist_gui.gui.window.files import DroppedFiles
from mnist_gui.gui.window.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


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
    actions = window.actions_offered
    dropped = DroppedFiles(window, actions.open_network, actions.open_dataset)
    told: list[tuple[str, str]] = []
    dropped.network_dropped.connect(lambda path: told.append(("network", path)))
    dropped.dataset_dropped.connect(lambda path: told.append(("dataset", path)))
    dropped.drawings_dropped.connect(lambda path: told.append(("drawings", path)))
    return told


@pytest.mark.parametrize("name", ["a.mnistgui", "a.npz", "a.keras", "a.H5", "a.pt"])
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


@pytest.mark.parametrize(
    "name", ["a.csv", "a.CSV.gz", "a.zip", "a.tar.gz", "a.parquet", "train-images-idx3-ubyte.gz"]
)
def test_a_file_of_a_data_set_can_be_dropped(
    window: MainWindow, told: list[tuple[str, str]], tmp_path: Path, name: str
) -> None:
    assert drop(window, tmp_path / name)
    assert told == [("dataset", str(tmp_path / name))]


def test_files_of_arrays_are_told_apart_by_what_is_in_them(
    window: MainWindow, told: list[tuple[str, str]], tmp_path: Path
) -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    np.savez(tmp_path / "mnist.npz", x_train=images, y_train=images[:, 0, 0])
    np.savez(tmp_path / "kmnist-train-imgs.npz", images)
    np.savez(tmp_path / "xy.npz", x=images, y=images[:, 0, 0])
    np.savez(tmp_path / "named.npz", images=images, labels=images[:, 0, 0].astype(np.float32))
    np.savez(tmp_path / "unnamed.npz", images.reshape(2, 784), images[:, 0, 0])
    np.savez(tmp_path / "weights.npz", np.zeros((784, 10)), np.zeros(10))
    np.savez(tmp_path / "turned.npz", weight=np.zeros((10, 784)), bias=np.zeros(10))
    datasets = ["mnist.npz", "kmnist-train-imgs.npz", "xy.npz", "named.npz", "unnamed.npz"]
    broken = bytearray((tmp_path / "xy.npz").read_bytes())
    broken[:200] = bytes(200)
    (tmp_path / "broken.npz").write_bytes(broken)
    for name in (*datasets, "weights.npz", "turned.npz", "broken.npz"):
        assert drop(window, tmp_path / name)
    assert [kind for kind, _ in told] == ["dataset"] * 5 + ["network"] * 3


@pytest.mark.parametrize(
    "names",
    [
        ("train-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz", "T10K-IMAGES-IDX3-UBYTE"),
        ("train.csv", "test.csv"),
        ("kmnist-train-imgs.npz", "kmnist-train-labels.npz"),
    ],
)
def test_the_files_of_one_data_set_can_be_dropped_together(
    window: MainWindow, told: list[tuple[str, str]], tmp_path: Path, names: tuple[str, ...]
) -> None:
    assert drop(window, *(tmp_path / name for name in names))
    assert told == [("dataset", str(tmp_path / names[0]))]
    window.actions_offered.set_state(RunState.TRAINING)
    assert not drop(window, *(tmp_path / name for name in names))


@pytest.mark.parametrize(
    "names",
    [
        ("train.csv", "there/test.csv"),
        ("train.csv", "test.npz"),
        ("a-train.csv", "b-test.csv"),
        ("a.csv", "b.csv"),
        ("train-1.png", "train-2.png"),
    ],
)
def test_files_that_are_no_one_data_set_are_left_to_others(
    window: MainWindow, told: list[tuple[str, str]], tmp_path: Path, names: tuple[str, ...]
) -> None:
    assert not drop(window, *(tmp_path / name for name in names))
    assert not told


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


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.ndjson", "a.inkml", "a.SVG"])
def test_drawings_can_be_dropped_anywhere_also_during_training(
    window: MainWindow, told: list[tuple[str, str]], tmp_path: Path, name: str
) -> None:
    window.actions_offered.set_state(RunState.TRAINING)
    assert drop(window.canvas, tmp_path / name)
    assert told == [("drawings", str(tmp_path / name))]


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
    window.actions_offered.set_state(RunState.TRAINING)
    assert not drop(window, tmp_path / "a.npz")
    assert not drop(window, tmp_path)
    assert not told
