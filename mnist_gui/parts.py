"""What works behind the window: the controllers and the threads they share."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from mnist_gui.controllers.curves import CurvesController
from mnist_gui.controllers.dataset import DatasetController
from mnist_gui.controllers.device import DeviceController
from mnist_gui.controllers.digit_images import DigitImagesController
from mnist_gui.controllers.drawing import DrawingController
from mnist_gui.controllers.drawing_files import DrawingFilesController
from mnist_gui.controllers.explanation import ExplanationController
from mnist_gui.controllers.export import ExportController
from mnist_gui.controllers.keeping import KeepingController
from mnist_gui.controllers.learning_hand import HandController
from mnist_gui.controllers.my_digits import MyDigitsController
from mnist_gui.controllers.network import NetworkController
from mnist_gui.controllers.own_reading import OwnReadingController
from mnist_gui.controllers.picture import PictureController
from mnist_gui.controllers.replay import ReplayController
from mnist_gui.controllers.runs import RunsController
from mnist_gui.controllers.shown_image import ShownImageController
from mnist_gui.controllers.training import TrainingController
from mnist_gui.engine.own_digits.own_reader import OwnReader
from mnist_gui.engine.runs.ledger import RunLedger
from mnist_gui.folders import log_file
from mnist_gui.workers.job_thread import JobThread

# A thread cannot be interrupted inside a call; the longest is TensorFlow's import.
_LONGEST_WAIT_MILLISECONDS = 60_000
# A disk that takes longer to take the end of a run is not waited for.
_LONGEST_RECORD_SECONDS = 10.0


class Parts(QObject):
    """The controllers and threads behind a window; they live and end with it."""

    def __init__(
        self, parent: QObject, dataset: Path | None, data_folder: Path, runs: Path
    ) -> None:
        """`dataset` is a folder to use in place of MNIST, `data_folder` for what the user keeps.

        `runs` is the folder of the runs.
        """
        super().__init__(parent)
        self.data_folder = data_folder
        self._first_dataset = dataset
        self.engine_thread = JobThread("engine")
        self.reading_thread = JobThread("reading")
        self.file_thread = JobThread("files")
        self.export_thread = JobThread("export")
        self.threads_have_ended = False
        # One ledger for each thread that works with runs.
        self.training = TrainingController(self.engine_thread, RunLedger(runs))
        self.runs = RunsController(self.file_thread, RunLedger(runs))
        self.drawing = DrawingController(self.reading_thread)
        self.drawing_files = DrawingFilesController(self.file_thread)
        self.replay = ReplayController()
        self.explanation = ExplanationController(self.reading_thread, self.drawing.classifier)
        self.keeping = KeepingController()
        self.my_digits = MyDigitsController(self.file_thread, data_folder)
        self.shown_image = ShownImageController(self.reading_thread, self.drawing.classifier)
        self.picture = PictureController(
            self.file_thread, self.reading_thread, self.drawing.classifier
        )
        self.digit_images = DigitImagesController(self.file_thread)
        own_reader = OwnReader(self.drawing.classifier)
        self.own_reading = OwnReadingController(self.reading_thread, own_reader)
        self.hand = HandController(self.engine_thread)
        self.network = NetworkController(self.file_thread)
        self.export = ExportController(self.export_thread)
        self.curves = CurvesController(self.file_thread)
        self.dataset = DatasetController(self.file_thread)
        self.device = DeviceController(self.engine_thread, log_file("tensorflow.log"))

    @Slot()
    def load(self) -> None:
        """Load what takes longer than opening the window."""
        self.network.open_shipped()
        if self._first_dataset is None:
            self.dataset.open_mnist()
        else:
            self.dataset.open_folder(str(self._first_dataset))
        self.my_digits.read()
        self.device.load()

    @Slot()
    def close(self) -> None:
        """End the threads once what is to be saved is."""
        self.training.runs.leave()
        self.engine_thread.stop()
        self.reading_thread.stop()
        self.export_thread.stop()
        self.file_thread.finish()
        threads = (self.engine_thread, self.reading_thread, self.export_thread, self.file_thread)
        self.threads_have_ended = all(thread.wait(_LONGEST_WAIT_MILLISECONDS) for thread in threads)
        self.training.runs.close(_LONGEST_RECORD_SECONDS)
