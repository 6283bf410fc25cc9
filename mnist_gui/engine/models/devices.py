"""Load TensorFlow and find the devices it computes on."""

import ctypes
import gc
import importlib.util
import os
import platform
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mnist_gui.engine.errors import DeviceError, TensorFlowError
from mnist_gui.engine.recipe import AUTOMATIC

_CPU_INFO = Path("/proc/cpuinfo")
_NVIDIA_DRIVER = Path("/proc/driver/nvidia/version")
# From this compute capability on, a GPU computes in bfloat16.
_AMPERE = (8, 0)


_LOCK = threading.Lock()
_LIBRARIES = ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2")


@dataclass(frozen=True, slots=True)
class Device:
    """A processor or a GPU.

    `key` is what a user chooses it by ("CPU", "GPU 0"), `placement` TensorFlow's word for it.
    `reason` says why it is not a GPU, empty if it is one.
    """

    key: str
    name: str
    placement: str
    computes_bfloat16: bool
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.key}: {self.name}"


def find_devices() -> tuple[Device, ...]:
    """Return the GPUs, best first as TensorFlow numbers them, and then the processor."""
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    processor = Device(
        "CPU",
        _processor_field("model name") or platform.processor() or platform.machine(),
        "/CPU:0",
        bool({"avx512_bf16", "amx_bf16"} & set(_processor_field("flags").split())),
        "" if gpus else _reason_for_no_gpu(),
    )
    return (*(_gpu(number, gpu) for number, gpu in enumerate(gpus)), processor)


def find_device(key: str = AUTOMATIC) -> Device:
    """Return the device of this key, or the first for "automatic"; raises DeviceError."""
    devices = find_devices()
    if key == AUTOMATIC:
        return devices[0]
    for device in devices:
        if device.key.casefold() == key.casefold():
            return device
    keys = ", ".join(device.key for device in devices)
    raise DeviceError(f"There is no device {key!r} here; choose automatic or one of: {keys}.")


def pick_precision(wanted: str, architecture: str, device: Device) -> str:
    """Return "float32" or "bfloat16": the wanted one, or for "automatic" the quicker one there.

    bfloat16 pays where the device has it and there are convolutions to compute.
    """
    if wanted != AUTOMATIC:
        return wanted
    return "bfloat16" if architecture != "softmax" and device.computes_bfloat16 else "float32"


def _gpu(number: int, gpu: object) -> Device:
    import tensorflow as tf

    details = tf.config.experimental.get_device_details(gpu)
    return Device(
        f"GPU {number}",
        details.get("device_name", "unnamed"),
        f"/GPU:{number}",
        details.get("compute_capability", (0, 0)) >= _AMPERE,
    )


def _processor_field(name: str) -> str:
    try:
        lines = _CPU_INFO.read_text().splitlines()
    except OSError:
        return ""
    fields = (line.partition(":") for line in lines)
    return next((value.strip() for key, _, value in fields if key.strip() == name), "")


def _reason_for_no_gpu() -> str:
    import tensorflow as tf

    if sys.platform != "linux":
        return "TensorFlow uses GPUs on Linux only (on Windows, inside WSL2)."
    if not tf.test.is_built_with_cuda():
        return "This TensorFlow was built without GPU support."
    if not _NVIDIA_DRIVER.exists():
        return "No NVIDIA driver was found."
    return "The CUDA libraries were not found; install mnist-gui with its extra: mnist-gui[gpu]."


def load_tensorflow(log: Path | None = None) -> None:
    """Import TensorFlow and Keras, if that has not been done; safe to call on any thread.

    Their start-up lines go to the file `log`, or nowhere. Raises TensorFlowError.
    """
    with _LOCK:
        if "keras" in sys.modules:
            return
        with _quiet_stderr(log), _paused_collection():
            _open_libraries()
            try:
                import keras  # noqa: F401 - loads it
                import tensorflow as tf
            except ImportError as error:
                raise TensorFlowError(
                    f"TensorFlow cannot be loaded ({error}); install mnist-gui again."
                ) from error
            # The first look for devices has things to say, too.
            for gpu in tf.config.list_physical_devices("GPU"):
                tf.config.experimental.set_memory_growth(gpu, True)


def is_loading() -> bool:
    """Whether TensorFlow is being imported on some thread right now."""
    return _LOCK.locked()


def _open_libraries() -> None:
    """Open TensorFlow's libraries without holding the interpreter's lock.

    Python's own dlopen keeps the lock for up to half a second, and with it the window; as a
    foreign function of ctypes it gives the lock away. The import then finds them open.
    """
    spec = importlib.util.find_spec("tensorflow")
    if sys.platform != "linux" or spec is None or not spec.submodule_search_locations:
        return
    folder = Path(next(iter(spec.submodule_search_locations)))
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes = (ctypes.c_char_p, ctypes.c_int)
    dlopen.restype = ctypes.c_void_p
    for name in _LIBRARIES:
        dlopen(os.fsencode(folder / name), os.RTLD_NOW | os.RTLD_LOCAL)


@contextmanager
def _paused_collection() -> Iterator[None]:
    """Collect no garbage meanwhile, and never again look at the objects that came to be.

    A full collection with TensorFlow loaded stops every thread for a fifth of a second.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _quiet_stderr(log: Path | None) -> Iterator[None]:
    """Send what is written to file descriptor 2 into the log: TensorFlow heeds nothing else."""
    target = _open_log(log)
    kept = os.dup(2)
    os.dup2(target, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(target)


def _open_log(log: Path | None) -> int:
    try:
        return os.open(log or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
