"""The composition root: builds every part and connects them."""

import gc
import sys
from pathlib import Path

from platformdirs import user_log_path
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from mnist_gui import __version__
from mnist_gui.controllers.curves import CurvesController
from mnist_gui.controllers.dataset import DatasetController
from mnist_gui.controllers.device import DeviceController
from mnist_gui.controllers.drawing import DrawingController
from mnist_gui.controllers.network import NetworkController
from mnist_gui.controllers.training import TrainingController
from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.devices import Device
from mnist_gui.engine.events import Tested
from mnist_gui.engine.history import History
from mnist_gui.settings import Settings, load_settings, store_settings
from mnist_gui.widgets.main_window import MainWindow
from mnist_gui.widgets.number_text import count, percent
from mnist_gui.widgets.recipe_names import recipe_title
from mnist_gui.widgets.theme import Theme
from mnist_gui.workers.job_thread import JobThread

_COLLECTION_MILLISECONDS = 10_000
# A thread cannot be interrupted inside a call; the longest is TensorFlow's import.
_LONGEST_WAIT_MILLISECONDS = 60_000


def build_application() -> QApplication:
    """Return the one QApplication, named so that settings and files find their place."""
    # Every point of a quick stroke counts, also those that came while the window was busy.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    application = QApplication(sys.argv[:1])
    application.setOrganizationName("mnist-gui")
    application.setApplicationName("mnist-gui")
    application.setApplicationVersion(__version__)
    # A busy thread hands the interpreter over ten times sooner than by default.
    sys.setswitchinterval(0.0005)
    _collect_on_main_thread(application)
    return application


def _collect_on_main_thread(application: QApplication) -> None:
    """Collect garbage by a timer: on another thread it could destroy Qt objects of this one."""
    gc.disable()
    timer = QTimer(application, interval=_COLLECTION_MILLISECONDS)
    timer.timeout.connect(_collect)
    timer.start()


def _collect() -> None:
    gc.collect()


def _tensorflow_log() -> Path | None:
    try:
        return user_log_path("mnist-gui", ensure_exists=True) / "tensorflow.log"
    except OSError:
        return None


def _theme(name: str) -> Theme:
    return Theme(name) if name in {theme.value for theme in Theme} else Theme.SYSTEM


def build_window(dataset: Path | None = None) -> MainWindow:
    """Build the whole connected window; needs a QApplication, does not enter its loop.

    `dataset` is a folder to use in place of MNIST. Data and TensorFlow load once the event loop
    runs; closing the window ends all threads.
    """
    window = MainWindow()
    parts = Parts(window, dataset)
    QTimer.singleShot(0, parts.load)
    return window


class Parts(QObject):
    """The controllers and threads behind a window; they live and end with it."""

    def __init__(self, window: MainWindow, dataset: Path | None) -> None:
        super().__init__(window)
        self._window = window
        self._first_dataset = dataset
        self._engine_thread = JobThread("engine")
        self._reading_thread = JobThread("reading")
        self._file_thread = JobThread("files")
        self.threads_have_ended = False
        self.training = TrainingController(self._engine_thread)
        self.drawing = DrawingController(self._reading_thread)
        self.network = NetworkController(self._file_thread)
        self.curves = CurvesController(self._file_thread)
        self.dataset = DatasetController(self._file_thread)
        self.device = DeviceController(self._engine_thread, _tensorflow_log())
        self._connect_training()
        self._connect_network()
        self._connect_drawing()
        self._connect_window()
        self._restore()

    @Slot()
    def load(self) -> None:
        """Load what takes longer than opening the window."""
        self.network.open_shipped()
        if self._first_dataset is None:
            self.dataset.open_mnist()
        else:
            self.dataset.open_folder(str(self._first_dataset))
        self.device.load()

    def _connect_training(self) -> None:
        panel, training = self._window.recipe_panel, self.training
        panel.start_requested.connect(training.start)
        panel.pause_requested.connect(training.pause)
        panel.resume_requested.connect(training.resume)
        panel.stop_requested.connect(training.stop)
        panel.more_steps_requested.connect(training.train_on)
        panel.learning_rate_changed.connect(training.set_learning_rate)
        training.state_changed.connect(self._window.set_state)
        training.run_started.connect(self._show_run)
        training.run_started.connect(self.curves.use_history)
        training.history_changed.connect(self._window.curves.show_history)
        training.progress_changed.connect(self._window.progress_panel.show_progress)
        training.digits_drawn.connect(self._window.progress_panel.show_drawn)
        training.images_read.connect(self._window.progress_panel.show_testing)
        training.run_kept_changed.connect(self._window.set_run_kept)
        training.snapshot_taken.connect(self.network.use_snapshot)
        training.tested.connect(self._show_test)
        training.failed.connect(self._show_failed_run)

    def _connect_network(self) -> None:
        window, network = self._window, self.network
        window.open_network_requested.connect(network.open)
        window.save_network_requested.connect(network.save)
        window.test_requested.connect(self._test)
        network.network_changed.connect(self.drawing.use_snapshot)
        network.network_changed.connect(self._allow_network_actions)
        network.opened.connect(self._show_opened)
        network.saved.connect(self._show_saved)
        network.failed.connect(self._show_file_error)

    def _connect_drawing(self) -> None:
        panel, drawing = self._window.prediction_panel, self.drawing
        self._window.canvas.drawing_changed.connect(drawing.use_drawing)
        drawing.image_changed.connect(panel.show_image)
        drawing.predicted.connect(panel.show_prediction)
        drawing.cleared.connect(panel.clear)
        drawing.network_missing.connect(panel.show_network_missing)
        drawing.failed.connect(panel.show_message)

    def _connect_window(self) -> None:
        window = self._window
        window.open_dataset_requested.connect(self.dataset.open_folder)
        window.use_mnist_requested.connect(self.dataset.open_mnist)
        window.save_curves_csv_requested.connect(self.curves.save)
        self.curves.saved.connect(self._show_saved)
        self.curves.failed.connect(self._show_file_error)
        window.closing.connect(self._close)
        self.dataset.dataset_changed.connect(self.training.use_dataset)
        self.dataset.dataset_changed.connect(self._show_dataset)
        self.dataset.failed.connect(self._show_file_error)
        self.device.devices_found.connect(self._show_devices)
        window.recipe_panel.form.device_chosen.connect(self.training.use_device)
        self.device.failed.connect(self._show_missing_device)

    @Slot(History)
    def _show_run(self, history: History) -> None:
        self._window.curves.keep_as_previous()
        self._window.curves.show_history(history)

    @Slot(Tested, LabelledImages)
    def _show_test(self, tested: Tested, images: LabelledImages) -> None:
        evaluation = tested.evaluation
        low, high = evaluation.interval
        outcome = self.tr("Test accuracy {accuracy} (95 % interval {low} to {high})")
        self._window.progress_panel.show_outcome(
            outcome.format(
                accuracy=percent(evaluation.accuracy, 2), low=percent(low, 2), high=percent(high, 2)
            )
        )
        title = self.tr("{recipe}, after {steps} steps").format(
            recipe=recipe_title(tested.recipe.name), steps=count(tested.step)
        )
        self._window.results.show_evaluation(evaluation, images.images, title)

    @Slot()
    def _test(self) -> None:
        if self.network.snapshot is not None:
            self.training.test(self.network.snapshot)

    @Slot()
    def _allow_network_actions(self) -> None:
        self._window.set_network_available(True)

    @Slot(str)
    def _show_failed_run(self, sentence: str) -> None:
        self._window.show_error(self.tr("The run has ended"), sentence)

    @Slot(str)
    def _show_file_error(self, sentence: str) -> None:
        self._window.show_error(self.tr("The file cannot be used"), sentence)

    @Slot(str)
    def _show_opened(self, path: str) -> None:
        self._window.show_status(self.tr("Opened {path}").format(path=path))

    @Slot(str)
    def _show_saved(self, path: str) -> None:
        self._window.show_status(self.tr("Saved {path}").format(path=path))

    @Slot(Dataset)
    def _show_dataset(self, dataset: Dataset) -> None:
        self._window.show_dataset(dataset.name)

    @Slot(tuple)
    def _show_devices(self, devices: tuple[Device, ...]) -> None:
        self._window.show_device(str(devices[0]), devices[0].reason)
        self._window.recipe_panel.form.offer_devices(
            {device.key: str(device) for device in devices}
        )

    @Slot(str)
    def _show_missing_device(self, sentence: str) -> None:
        self._window.show_device(self.tr("TensorFlow cannot be loaded"), sentence)

    def _restore(self) -> None:
        settings = load_settings()
        self._window.restore_state(settings.geometry, settings.splitter)
        self._window.set_theme(_theme(settings.theme))
        self._window.recipe_panel.set_recipe_name(settings.recipe)

    @Slot()
    def _close(self) -> None:
        """Store what is to be remembered, and end the threads once what is to be saved is."""
        store_settings(
            Settings(
                *self._window.save_state(),
                self._window.theme.value,
                self._window.recipe_panel.recipe_name,
            )
        )
        self._engine_thread.stop()
        self._reading_thread.stop()
        self._file_thread.finish()
        threads = (self._engine_thread, self._reading_thread, self._file_thread)
        self.threads_have_ended = all(thread.wait(_LONGEST_WAIT_MILLISECONDS) for thread in threads)
