"""Loads TensorFlow beside a living window, and tells what it will compute on."""

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

from mnist_gui.engine.errors import TensorFlowError

_LOCK = threading.Lock()
_LIBRARIES = ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2")
_CPU_INFO = Path("/proc/cpuinfo")
_NVIDIA_DRIVER = Path("/proc/driver/nvidia/version")


@dataclass(frozen=True, slots=True)
class Device:
    """What networks are computed on; `reason` says why not on a GPU, empty if it is one."""

    kind: str
    name: str
    reason: str = ""

    @property
    def is_gpu(self) -> bool:
        """Whether it is a GPU."""
        return self.kind == "GPU"

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


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
            tf.config.list_physical_devices()


def find_device() -> Device:
    """Return the first GPU, set to take memory as needed, or the processor."""
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return Device("CPU", _processor_name(), _reason_for_no_gpu())
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    details = tf.config.experimental.get_device_details(gpus[0])
    return Device("GPU", details.get("device_name", gpus[0].name))


def pick_precision(wanted: str, architecture: str) -> str:
    """Return "float32" or "bfloat16": the wanted one, or for "automatic" the quicker one here.

    bfloat16 pays where the processor has it and there are convolutions to compute.
    """
    if wanted != "automatic":
        return wanted
    return "bfloat16" if architecture != "softmax" and _computes_bfloat16() else "float32"


def _computes_bfloat16() -> bool:
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        details = tf.config.experimental.get_device_details(gpus[0])
        return bool(details.get("compute_capability", (0, 0)) >= (8, 0))
    return bool({"avx512_bf16", "amx_bf16"} & _processor_flags())


def _processor_flags() -> set[str]:
    return set(_processor_field("flags").split())


def _processor_name() -> str:
    return _processor_field("model name") or platform.processor() or platform.machine()


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
