import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.data.correction import Correction, DatasetChoice, Turn
from mnist_gui.engine.dataset import Dataset, corrected, load_dataset
from mnist_gui.engine.errors import DeviceError
from mnist_gui.engine.models.devices import Device
from mnist_gui.engine.recipe import AUTOMATIC, RECIPES
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.session import Session
from mnist_gui.gui.training.data import DataPresenter
from mnist_gui.gui.training.recipe_form import RecipeForm
from tests.engine.conftest import write_dataset
from tests.engine.data.conftest import halves, table, write_files
from tests.gui.recording_shell import RecordingShell
from tests.own_settings import own_settings  # noqa: F401

GPU = Device("GPU 0", "New", "/GPU:0", computes_bfloat16=True)
CPU = Device("CPU", "Old", "/CPU:0", computes_bfloat16=False, reason=DeviceError("no-gpu-driver"))


@pytest.fixture
def form(qtbot: QtBot) -> RecipeForm:
    form = RecipeForm(RECIPES["softmax-tutorial"])
    qtbot.addWidget(form)
    return form


@pytest.fixture
def presenter(session: Session, form: RecipeForm, shell: RecordingShell) -> DataPresenter:
    return DataPresenter(session, form, shell)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_dataset(tmp_path / "digits", train=24, test=10)
    return tmp_path / "digits"


@pytest.fixture
def dataset(folder: Path, session: Session) -> Dataset:
    """The data set in use, of the folder."""
    dataset = load_dataset(folder)
    session.dataset.set(dataset)
    return dataset


def choose_folder(shell: RecordingShell, folder: Path | None) -> None:
    """Ask for another data set, and name this folder or none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialogs, "ask_dataset_folder", lambda _parent: str(folder) if folder else "")
        shell.actions_offered.open_data_folder.trigger()


def wait_for_files(session: Session, qtbot: QtBot) -> None:
    """Wait until the thread for files has done and answered what it was asked so far."""
    answered: list[None] = []
    session.reading_thread.call(lambda: None, then=answered.append)
    qtbot.waitUntil(lambda: bool(answered))


def offered(form: RecipeForm) -> dict[str, str]:
    """The devices that can be chosen, by their keys."""
    box = form.device
    return {box.itemData(place): box.itemText(place) for place in range(box.count())}


def test_the_data_set_of_a_chosen_folder_is_used_and_named(
    presenter: DataPresenter, session: Session, shell: RecordingShell, folder: Path, qtbot: QtBot
) -> None:
    choose_folder(shell, folder)
    wait_for_files(session, qtbot)
    assert session.dataset.value is not None
    assert len(session.dataset.value.test) == 10
    assert shell.datasets == ["digits"]


def test_the_data_set_of_a_chosen_file_is_used_and_told_how_it_was_split(
    presenter: DataPresenter,
    session: Session,
    shell: RecordingShell,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    images, labels, *_ = halves(70)
    path = write_files(tmp_path, {"mine.csv": table(images, labels)}) / "mine.csv"
    monkeypatch.setattr(dialogs, "ask_dataset_to_open", lambda _parent: str(path))
    shell.actions_offered.open_dataset.trigger()
    wait_for_files(session, qtbot)
    assert shell.datasets == ["mine"]
    ((sentence, where),) = shell.written
    assert "10 of its images, drawn at random" in sentence
    assert where == str(path)


def test_larger_images_are_resized_when_that_is_accepted(
    presenter: DataPresenter, session: Session, shell: RecordingShell, tmp_path: Path, qtbot: QtBot
) -> None:
    large = np.kron(halves()[0], np.ones((1, 2, 2), np.uint8))
    path = write_files(tmp_path, {"mine.csv": table(large, halves()[1])}) / "mine.csv"
    presenter.open(path)
    wait_for_files(session, qtbot)
    ((sentence, button, accept),) = shell.offers
    assert "are 56x56 pixels instead of grey ones of 28x28" in sentence
    assert button == "Make them 28x28"
    assert not shell.datasets
    accept()
    wait_for_files(session, qtbot)
    assert shell.datasets == ["mine"]
    assert not shell.offers


def test_what_was_done_to_a_data_set_is_done_again_when_it_is_opened_by_the_menu(
    presenter: DataPresenter, session: Session, shell: RecordingShell, folder: Path, qtbot: QtBot
) -> None:
    mends = (Correction(brightens=True), Correction(Turn.RIGHT, inverts=True))
    chosen: list[DatasetChoice] = []
    shell.menus.recent_menu.dataset_chosen.connect(chosen.append)
    presenter.open(folder)
    wait_for_files(session, qtbot)
    mended = session.dataset.value
    assert mended is not None
    # As the button does that is offered for such images, at times a second one after the first.
    for mend in mends:
        mended = corrected(mended, mend)
        session.dataset.set(mended)
    (action,) = shell.menus.recent_menu.actions()
    assert action.text() == "digits"
    assert action.toolTip() == f"Data set {folder}, mended as last time"
    action.trigger()
    assert chosen == [DatasetChoice(folder, corrections=mends)]
    presenter.use(*chosen)
    wait_for_files(session, qtbot)
    again = session.dataset.value
    assert again is not None
    assert again is not mended
    assert again.fingerprint == mended.fingerprint
    np.testing.assert_array_equal(again.train.images, mended.train.images)
    assert len(shell.menus.recent_menu.actions()) == 1


def test_a_dismissed_question_leaves_the_data_set(
    presenter: DataPresenter,
    session: Session,
    shell: RecordingShell,
    dataset: Dataset,
    qtbot: QtBot,
) -> None:
    choose_folder(shell, None)
    wait_for_files(session, qtbot)
    assert session.dataset.value is dataset
    assert not shell.file_errors


def test_a_folder_that_cannot_be_read_is_told_and_leaves_the_data_set(
    presenter: DataPresenter,
    session: Session,
    shell: RecordingShell,
    dataset: Dataset,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    choose_folder(shell, tmp_path / "none")
    wait_for_files(session, qtbot)
    assert session.dataset.value is dataset
    (told,) = shell.file_errors
    assert str(tmp_path / "none") in told


def test_mnist_is_used_again_when_it_is_asked_for(
    presenter: DataPresenter,
    session: Session,
    shell: RecordingShell,
    dataset: Dataset,
    qtbot: QtBot,
) -> None:
    shell.actions_offered.use_mnist.trigger()
    wait_for_files(session, qtbot)
    assert shell.datasets == ["digits", "MNIST"]


def test_what_was_found_before_the_presenter_came_is_shown_too(
    session: Session, form: RecipeForm, shell: RecordingShell, dataset: Dataset
) -> None:
    session.devices.set((CPU,))
    DataPresenter(session, form, shell)
    assert shell.datasets == ["digits"]
    assert shell.devices == [("CPU: Old", "No NVIDIA driver was found.")]


def test_the_best_device_is_named_and_all_are_offered(
    presenter: DataPresenter, session: Session, form: RecipeForm, shell: RecordingShell
) -> None:
    session.devices.set((GPU, CPU))
    assert shell.devices == [("GPU 0: New", "")]
    assert offered(form) == {AUTOMATIC: "Automatic", "GPU 0": "GPU 0: New", "CPU": "CPU: Old"}


def test_several_gpus_are_offered_together_too(
    presenter: DataPresenter, session: Session, form: RecipeForm
) -> None:
    together = replace(GPU, key="all GPUs", name="2 \u00d7 New", replicas=("/GPU:0", "/GPU:1"))
    session.devices.set((GPU, together, CPU))
    assert offered(form)["all GPUs"] == "All GPUs together: 2 \u00d7 New"
    form.device.choose("all GPUs")
    assert session.device.value == "all GPUs"


def test_the_next_run_computes_on_the_device_that_is_chosen(
    presenter: DataPresenter, session: Session, form: RecipeForm
) -> None:
    session.devices.set((GPU, CPU))
    form.device.choose("CPU")
    assert session.device.value == "CPU"
    form.device.choose(AUTOMATIC)
    assert session.device.value == AUTOMATIC


def test_the_devices_are_those_that_tensorflow_computes_on(
    presenter: DataPresenter,
    session: Session,
    form: RecipeForm,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    with qtbot.waitSignal(session.devices.changed):
        presenter.find_devices(None)
    assert session.devices.value is not None
    assert session.devices.value[-1].placement == "/CPU:0"
    assert set(offered(form)) == {AUTOMATIC, *(each.key for each in session.devices.value)}


def test_without_tensorflow_the_window_says_so_and_why(
    presenter: DataPresenter,
    session: Session,
    shell: RecordingShell,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("keras", "tensorflow"):
        # So Python refuses to import it.
        monkeypatch.setitem(sys.modules, module, None)
    presenter.find_devices(None)
    qtbot.waitUntil(lambda: bool(shell.devices))
    ((title, why),) = shell.devices
    assert title == "TensorFlow cannot be loaded"
    assert "tensorflow" in why
    assert session.devices.value is None
