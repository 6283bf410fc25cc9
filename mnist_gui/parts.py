"""What works behind the window: the controllers and the threads they share."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QObject, Slot

from mnist_gui.engine.runs.store import RunStore
from mnist_gui.gui.curves.presenter import CurvesPresenter
from mnist_gui.gui.drawing.presenter import DrawingPresenter
from mnist_gui.gui.jobs import JobThread
from mnist_gui.gui.training.data import DatasetPresenter, DevicePresenter
from mnist_gui.gui.training.network import NetworkPresenter
from mnist_gui.gui.training.presenter import TrainingPresenter
from mnist_gui.paths import log_file

if TYPE_CHECKING:
    from mnist_gui.gui.digits.finetune import PersonalizePresenter
    from mnist_gui.gui.digits.keep import SaveDigitPresenter
    from mnist_gui.gui.digits.predictions import UserDigitImages, UserDigitPredictionsPresenter
    from mnist_gui.gui.digits.presenter import UserDigitsPresenter
    from mnist_gui.gui.drawing.files import DrawingFilesPresenter
    from mnist_gui.gui.drawing.replay import ReplayPresenter
    from mnist_gui.gui.exchange.presenter import ExportPresenter
    from mnist_gui.gui.explanation.presenter import ExplanationPresenter
    from mnist_gui.gui.pictures.presenter import PicturePresenter
    from mnist_gui.gui.results.presenter import TestImagePresenter
    from mnist_gui.gui.runs.presenter import RunsPresenter

# A thread cannot be interrupted inside a call; the longest is TensorFlow's import.
_LONGEST_WAIT_MILLISECONDS = 60_000
# A disk that takes longer to take the end of a run is not waited for.
_LONGEST_RECORD_SECONDS = 10.0


class Parts(QObject):
    """The controllers and threads behind a window; they live and end with it.

    What every session needs is made at once, the others, and what they import, when they are
    first asked for.
    """

    def __init__(
        self, parent: QObject, dataset: Path | None, data_folder: Path, runs: Path
    ) -> None:
        """`dataset` is a folder to use in place of MNIST, `data_folder` for what the user keeps.

        `runs` is the folder of the runs.
        """
        super().__init__(parent)
        self.data_folder = data_folder
        self._first_dataset = dataset
        self._runs_folder = runs
        self.engine_thread = JobThread("engine")
        self.reading_thread = JobThread("reading")
        self.file_thread = JobThread("files")
        self.export_thread = JobThread("export")
        self.threads_have_ended = False
        self.training = TrainingPresenter(self.engine_thread, RunStore(runs))
        self.drawing = DrawingPresenter(self.reading_thread)
        self.network = NetworkPresenter(self.file_thread)
        self.dataset = DatasetPresenter(self.file_thread)
        self.device = DevicePresenter(self.engine_thread, log_file("tensorflow.log"))
        self.curves = CurvesPresenter(self.file_thread)

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
        # All of them end in the same time.
        until = QDeadlineTimer(_LONGEST_WAIT_MILLISECONDS)
        self.threads_have_ended = all(thread.wait(until.remainingTime()) for thread in threads)
        self.training.runs.close(_LONGEST_RECORD_SECONDS)

    # --- made when they are first asked for ----------------------------------------------------

    @cached_property
    def keeping(self) -> "SaveDigitPresenter":
        """What is drawn becomes one of the user's own digits."""
        from mnist_gui.gui.digits.keep import SaveDigitPresenter

        return SaveDigitPresenter()

    @cached_property
    def replay(self) -> "ReplayPresenter":
        """A drawing is drawn again."""
        from mnist_gui.gui.drawing.replay import ReplayPresenter

        return ReplayPresenter()

    @cached_property
    def drawing_files(self) -> "DrawingFilesPresenter":
        """Files of drawings."""
        from mnist_gui.gui.drawing.files import DrawingFilesPresenter

        return DrawingFilesPresenter(self.file_thread)

    @cached_property
    def shown_image(self) -> "TestImagePresenter":
        """Images of the test set in place of the drawing."""
        from mnist_gui.gui.results.presenter import TestImagePresenter

        return TestImagePresenter(self.reading_thread, self.drawing.classifier)

    @cached_property
    def export(self) -> "ExportPresenter":
        """Networks for other programs."""
        from mnist_gui.gui.exchange.presenter import ExportPresenter

        return ExportPresenter(self.export_thread)

    @cached_property
    def picture(self) -> "PicturePresenter":
        """Photos and scans."""
        from mnist_gui.gui.pictures.presenter import PicturePresenter

        return PicturePresenter(self.file_thread, self.reading_thread, self.drawing.classifier)

    @cached_property
    def explanation(self) -> "ExplanationPresenter":
        """How a drawing is read, and why so."""
        from mnist_gui.gui.explanation.presenter import ExplanationPresenter

        return ExplanationPresenter(self.reading_thread, self.drawing.classifier)

    @cached_property
    def runs(self) -> "RunsPresenter":
        """The runs that are kept."""
        from mnist_gui.gui.runs.presenter import RunsPresenter

        # One ledger for each thread that works with runs.
        return RunsPresenter(self.file_thread, RunStore(self._runs_folder))

    @cached_property
    def my_digits(self) -> "UserDigitsPresenter":
        """The digits that the user has kept."""
        from mnist_gui.gui.digits.presenter import UserDigitsPresenter

        return UserDigitsPresenter(self.file_thread, self.data_folder)

    @cached_property
    def digit_images(self) -> "UserDigitImages":
        """Their images."""
        from mnist_gui.gui.digits.predictions import UserDigitImages

        return UserDigitImages(self.file_thread)

    @cached_property
    def own_reading(self) -> "UserDigitPredictionsPresenter":
        """How each network reads them."""
        from mnist_gui.engine.digits.store import UserDigitClassifier
        from mnist_gui.gui.digits.predictions import UserDigitPredictionsPresenter

        return UserDigitPredictionsPresenter(
            self.reading_thread, UserDigitClassifier(self.drawing.classifier)
        )

    @cached_property
    def hand(self) -> "PersonalizePresenter":
        """A network learns them."""
        from mnist_gui.gui.digits.finetune import PersonalizePresenter

        return PersonalizePresenter(self.engine_thread)
