"""Read a sheet that is held up to the camera."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QImage

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.pictures.result import FoundDigit, PicturePrediction
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.camera.dialog import CameraDialog, frame_of
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.pictures.drop import PictureSource
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QVideoFrame

    from mnist_gui.gui.camera.camera import Camera

# So long after a picture was read the next one is.
_REST_MILLISECONDS = 150
# A room full of things is not searched for digits that touch.
_MOST_SCORED = 100


class CameraPresenter(QObject):
    """Opens the dialog, shows what the camera sees there and reads it a few times a second.

    Frames are converted on the thread for the camera and read on those for reading and predictions,
    of those that come meanwhile only the newest. `taken` brings the picture that was read last,
    and its name. When the dialog is closed, the camera is released.
    """

    taken = Signal(PictureSource, str)

    def __init__(self, session: Session, action: QAction, shell: Shell) -> None:
        super().__init__()
        self._session, self._shell = session, shell
        self._dialog: CameraDialog | None = None
        self.camera: Camera | None = None
        self._content = b""
        self._is_reading = False
        self._converting = LatestJob(session.camera_thread)
        self._finding = LatestJob(session.reading_thread)
        self._predicting = LatestJob(session.prediction_thread)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        action.triggered.connect(self.open)
        shell.leaving.connect(self._close)

    @Slot()
    def open(self) -> None:
        """Show the dialog, once what it needs is loaded."""
        if self._dialog is None:
            self._session.camera_thread.call(_load_multimedia, then=self._begin)

    def _begin(self, problem: ImportError | None) -> None:
        if problem is not None:
            self._shell.show_error(self.tr("No camera can be used"), self._explained(problem))
        elif self._dialog is None:
            self._show()

    def _explained(self, problem: ImportError) -> str:
        if isinstance(problem, ModuleNotFoundError):
            return self.tr(
                'To use a camera, install mnist-gui with its extra "camera"; README says how.'
            )
        text = self.tr("Qt's part for cameras cannot be loaded ({reason}); README says what helps.")
        return text.format(reason=problem)

    def _show(self) -> None:
        self._dialog = dialog = CameraDialog(self._shell.dialog_parent)
        dialog.take_requested.connect(self._take)
        dialog.finished.connect(self._end)
        dialog.open()
        # What Qt loads for it takes a turn of its own.
        QTimer.singleShot(0, self._switch_on)

    @Slot()
    def _switch_on(self) -> None:
        if self._dialog is None:
            return
        from mnist_gui.gui.camera.camera import Camera

        self.camera = camera = Camera()
        camera.setParent(self)
        camera.frame_came.connect(self._convert)
        camera.listed.connect(self._dialog.show_cameras)
        camera.failed.connect(self._show_problem)
        self._dialog.camera_chosen.connect(camera.use)
        camera.start()

    @Slot()
    def _close(self) -> None:
        if self._dialog is not None:
            self._dialog.close()

    @Slot()
    def _end(self) -> None:
        if self.camera is not None:
            self.camera.stop()
            self.camera.deleteLater()
        self._dialog = self.camera = None
        self._forget()

    def _forget(self) -> None:
        for job in (self._converting, self._finding, self._predicting):
            job.cancel()
        self._is_reading = False
        self._content = b""

    @Slot(str)
    def _show_problem(self, sentence: str) -> None:
        self._forget()
        if self._dialog is not None:
            self._dialog.show_problem(sentence)

    @Slot()
    def _take(self) -> None:
        source = PictureSource(content=self._content)
        self._close()
        self.taken.emit(source, self.tr("picture from the camera"))

    # --- what becomes of a frame ---------------------------------------------------------------

    @Slot(object)
    def _convert(self, frame: "QVideoFrame") -> None:
        self._converting.call(frame.toImage, then=self._show_picture)

    def _show_picture(self, picture: QImage) -> None:
        if self._dialog is None or picture.isNull():
            return
        self._dialog.show_frame(picture)
        if not self._is_reading and not self._rest.isActive():
            self._is_reading = True
            sheet = picture.copy(frame_of(picture.size()))
            self._finding.call(partial(_find, sheet), then=self._predict, failed=self._skip)

    def _predict(self, found: tuple[bytes, tuple[FoundDigit, ...]]) -> None:
        self._content, digits = found
        snapshot = self._session.reader.value
        if not digits or snapshot is None:
            self._mark(None)
            return
        self._predicting.call(
            partial(_predict, digits, snapshot, self._session.classifier),
            then=self._mark,
            failed=self._skip,
        )

    def _mark(self, reading: PicturePrediction | None) -> None:
        self._is_reading = False
        self._rest.start()
        if self._dialog is not None:
            self._dialog.show_reading(reading)
            self._dialog.offer_taking()

    def _skip(self, _sentence: str) -> None:
        """Go on with the next frame; what went wrong is in the log of errors."""
        self._is_reading = False
        self._rest.start()


def _load_multimedia() -> ImportError | None:
    """Import QtMultimedia; return what went wrong, if it did."""
    try:
        import PySide6.QtMultimedia  # noqa: F401 - it is imported, not used
    except ImportError as error:
        return error
    return None


def _find(sheet: QImage) -> tuple[bytes, tuple[FoundDigit, ...]]:
    """Return a picture as a file's content, and the digits in it as in any opened picture."""
    from mnist_gui.engine.pictures.find import find_digits
    from mnist_gui.engine.pictures.open import decode_picture

    content = _as_file(sheet)
    try:
        return content, find_digits(decode_picture(content, "frame"), max_scored=_MOST_SCORED)
    except PictureError:
        return content, ()


def _as_file(picture: QImage) -> bytes:
    """Return the content of a BMP file, which takes a tenth of a PNG's time."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "BMP")  # type: ignore[call-overload]  # PySide6 takes a str.
    return bytes(buffer.data().data())


def _predict(
    digits: tuple[FoundDigit, ...], snapshot: Snapshot, classifier: Classifier
) -> PicturePrediction | None:
    """Return the prediction of those that look like a digit, if there are any."""
    from mnist_gui.engine.pictures.find import predict_digits

    whole = predict_digits(digits, snapshot, classifier)
    pairs = zip(whole.digits, whole.predictions, strict=True)
    kept = [(digit, prediction) for digit, prediction in pairs if prediction.plausible_digits]
    if not kept:
        return None
    found, predictions = zip(*kept, strict=True)
    return PicturePrediction(found, predictions)
