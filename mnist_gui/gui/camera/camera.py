"""The computer's cameras, by QtMultimedia, which nothing else imports: it is an extra."""

from PySide6.QtCore import (
    QByteArray,
    QCameraPermission,
    QCoreApplication,
    QObject,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtMultimedia import (
    QCamera,
    QCameraDevice,
    QCameraFormat,
    QMediaCaptureSession,
    QMediaDevices,
    QVideoFrame,
    QVideoSink,
)

# Large enough to read digits, and converted in a few milliseconds.
_WANTED_PIXELS = 640 * 480
_SLOWEST_RATE = 15.0
# A camera that has brought nothing for so long brings nothing.
_PATIENCE_MILLISECONDS = 8_000


class Camera(QObject):
    """Brings the frames of one camera, from `start` until `stop`, which releases it at once.

    `frame_came` brings each frame, `listed` the names of the cameras there are and the place of
    the one in use, `failed` a sentence that says why no frames come.
    """

    frame_came = Signal(QVideoFrame)
    listed = Signal(list, int)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        # Frames are converted by the processor: without a graphics card OpenGL takes 0.1 s each.
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ForceRasterWidgets)
        self._inputs = QMediaDevices()
        self._camera: QCamera | None = None
        self._used = QByteArray()
        self._sink = QVideoSink()
        self.capture = QMediaCaptureSession()
        self.capture.setVideoSink(self._sink)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MILLISECONDS)
        self._patience.timeout.connect(self._give_up)
        self._inputs.videoInputsChanged.connect(self._follow_inputs)
        self._sink.videoFrameChanged.connect(self._pass_on)

    def start(self) -> None:
        """Use the system's first choice of camera, once the user lets the program."""
        application = QCoreApplication.instance()
        assert application is not None
        permission = QCameraPermission()
        match application.checkPermission(permission):
            case Qt.PermissionStatus.Undetermined:
                application.requestPermission(permission, self, self.use_answer)
            case status:
                self.use_answer(status)

    def use_answer(self, answer: object) -> None:
        """Use the system's first choice of camera if this is the permission to."""
        # To a request Qt answers with the permission, which PySide6 hands over as an object.
        status = answer.status() if hasattr(answer, "status") else answer
        if status == Qt.PermissionStatus.Granted:
            self._use_first()
        else:
            self.failed.emit(
                self.tr(
                    "The system does not let this program use the camera; "
                    "allow it in the system's settings for privacy."
                )
            )

    def use(self, place: int) -> None:
        """Use the camera at this place of those that were listed."""
        devices = QMediaDevices.videoInputs()
        self.stop()
        if place < len(devices):
            self._begin(devices[place])
            self.listed.emit([device.description() for device in devices], place)

    def stop(self) -> None:
        """Release the camera."""
        self._patience.stop()
        self._used = QByteArray()
        if self._camera is not None:
            self._camera.stop()
            # Without it, the session has no camera.
            self._camera.deleteLater()
            self._camera = None

    def _use_first(self) -> None:
        devices, first = QMediaDevices.videoInputs(), QMediaDevices.defaultVideoInput()
        if devices:
            self.use(max(range(len(devices)), key=lambda place: devices[place] == first))
        else:
            self.listed.emit([], -1)
            self.failed.emit(self.tr("No camera is found. Connect one, and it is used at once."))

    def _begin(self, device: QCameraDevice) -> None:
        self._used = device.id()
        self._camera = QCamera(device)
        if formats := device.videoFormats():
            self._camera.setCameraFormat(min(formats, key=_distance))
        self._camera.errorOccurred.connect(self._give_up)
        self.capture.setCamera(self._camera)
        self._patience.start()
        self._camera.start()

    @Slot(QVideoFrame)
    def _pass_on(self, frame: QVideoFrame) -> None:
        if frame.isValid():
            self._patience.stop()
            self.frame_came.emit(frame)

    @Slot()
    def _follow_inputs(self) -> None:
        """Use another camera if the one in use is gone, or none was there."""
        used, devices = self._used, QMediaDevices.videoInputs()
        places = [place for place, device in enumerate(devices) if device.id() == used]
        if places:
            self.listed.emit([device.description() for device in devices], places[0])
            return
        self.stop()
        self._use_first()

    @Slot()
    def _give_up(self) -> None:
        self.stop()
        self.failed.emit(
            self.tr(
                "The camera gives no picture: another program may be using it, "
                "or the system does not allow it."
            )
        )


def _distance(offered: QCameraFormat) -> tuple[bool, int]:
    """Return how far a format is from what is wanted, first whether it is too slow."""
    size = offered.resolution()
    is_slow = offered.maxFrameRate() < _SLOWEST_RATE
    return is_slow, abs(size.width() * size.height() - _WANTED_PIXELS)
