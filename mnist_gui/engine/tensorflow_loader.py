"""Loads TensorFlow beside a living window."""

import ctypes
import gc
import importlib.util
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mnist_gui.engine.errors import TensorFlowError

_LOCK = threading.Lock()
_LIBRARIES = ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2")


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
