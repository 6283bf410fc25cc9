"""The data set and the devices: load, find and choose them."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.data.correction import DatasetChoice
from mnist_gui.engine.data.kinds import OTHER_SIZE
from mnist_gui.engine.dataset import Dataset, load_choice
from mnist_gui.engine.errors import DatasetError
from mnist_gui.engine.models.devices import Device, find_devices, load_tensorflow
from mnist_gui.engine.runs.recorder import versions
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.training.recipe_form import RecipeForm
from mnist_gui.words.errors import sentence
from mnist_gui.words.language import in_sequence
from mnist_gui.words.recipes import device_title


class DataPresenter(QObject):
    """Lets the user choose what is learnt from and on which device.

    A data set that cannot be read leaves the last one in use.
    """

    def __init__(self, session: Session, form: RecipeForm, shell: Shell) -> None:
        super().__init__()
        self._session, self._form, self._shell = session, form, shell
        shell.actions_offered.open_dataset.triggered.connect(self._ask_file)
        shell.actions_offered.open_data_folder.triggered.connect(self._ask_folder)
        shell.actions_offered.use_mnist.triggered.connect(lambda: self.open(None))
        form.device_chosen.connect(session.device.set)
        session.dataset.follow(self._show_dataset)
        session.dataset.changed.connect(self._note)
        session.devices.follow(self._show_devices)

    @Slot(str)
    def open(self, path: str | Path | None) -> None:
        """Use the data set in this folder or file, or MNIST as it ships."""
        self.use(DatasetChoice(Path(path) if path else None))

    def use(self, choice: DatasetChoice) -> None:
        """Use this data set.

        If its images are larger than 28x28, or coloured, offer to make them so.
        """
        if choice.path:
            self._shell.withdraw_offer()
            self._shell.show_status(self.tr("Reading {path} \u2026").format(path=choice.path))
        self._session.reading_thread.call(
            partial(_load, choice),
            then=partial(self._take, choice),
            failed=self._shell.show_file_error,
            place=choice.path,
        )

    def _take(self, choice: DatasetChoice, loaded: Dataset | DatasetError) -> None:
        if isinstance(loaded, DatasetError):
            offer = partial(self.use, replace(choice, resizes=True))
            self._shell.offer(sentence(loaded), self.tr("Make them 28x28"), offer)
            return
        self._session.dataset.set(loaded)
        if choice.path:
            self._shell.show_opened(str(choice.path))
        if loaded.notes:
            text = in_sequence([sentence(note) for note in loaded.notes])
            self._shell.show_written(text, str(choice.path))

    @Slot(object)
    def _note(self, dataset: Dataset) -> None:
        """Offer to open a data set again, in the way in which it is used now."""
        if dataset.choice.path is not None:
            self._shell.menus.recent_menu.note_dataset(dataset.choice)

    def find_devices(self, log: Path | None) -> None:
        """Load TensorFlow, whose messages go to the log, and offer the devices it computes on."""
        self._session.engine_thread.call(
            partial(_load_tensorflow, log),
            then=self._session.devices.set,
            failed=self._show_no_device,
        )

    @Slot()
    def _ask_file(self) -> None:
        if path := dialogs.ask_dataset_to_open(self._shell.dialog_parent):
            self.open(path)

    @Slot()
    def _ask_folder(self) -> None:
        if folder := dialogs.ask_dataset_folder(self._shell.dialog_parent):
            self.open(folder)

    @Slot(object)
    def _show_dataset(self, dataset: Dataset) -> None:
        self._shell.show_dataset(dataset.name)

    @Slot(object)
    def _show_devices(self, devices: tuple[Device, ...]) -> None:
        reason = devices[0].reason
        self._shell.show_device(str(devices[0]), sentence(reason) if reason else "")
        self._form.offer_devices({device.key: device_title(device) for device in devices})

    def _show_no_device(self, sentence: str) -> None:
        self._shell.show_device(self.tr("TensorFlow cannot be loaded"), sentence)


def _load(choice: DatasetChoice) -> Dataset | DatasetError:
    """Load a data set; return the error if it could be loaded by resizing its images."""
    try:
        return load_choice(choice)
    except DatasetError as error:
        if error.problem == OTHER_SIZE:
            return error
        raise


def _load_tensorflow(log: Path | None) -> tuple[Device, ...]:
    load_tensorflow(log)
    # Looked up here, so that the first run's start does not wait for the disk.
    versions()
    return find_devices()
