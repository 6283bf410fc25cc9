"""Load TensorFlow and find the devices it computes on."""

import ctypes
import gc
import importlib.util
import os
import platform
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkstemp

from mnist_gui.engine.errors import DeviceError, TensorFlowError
from mnist_gui.engine.io import sudden_end
from mnist_gui.engine.recipe import ALL_GPUS, AUTOMATIC

_CPU_INFO = Path("/proc/cpuinfo")
_NVIDIA_DRIVER = Path("/proc/driver/nvidia/version")
# From this compute capability on, a GPU computes in bfloat16.
_AMPERE = (8, 0)
_LOCK = threading.Lock()
_LIBRARIES = ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2")
# The first listing of devices reads TensorFlow's own settings.
_TRIAL = "import tensorflow; tensorflow.config.list_physical_devices()"
_KERAS_VARIABLES = "KERAS_"
# Keras finds no settings there, and can write none.
_KERAS_ENVIRONMENT = {"KERAS_BACKEND": "tensorflow", "KERAS_HOME": os.devnull}


@dataclass(frozen=True, slots=True)
class Device:
    """A processor, a GPU, or all GPUs together.

    `key` is its name for choosing it ("CPU", "GPU 0"), `placement` TensorFlow's name of it.
    `reason` says why no GPU was found; it is None otherwise. `replicas` are the placements of
    those that train together; what one device computes alone is then for the first of them, at
    `placement`.
    """

    key: str
    name: str
    placement: str
    computes_bfloat16: bool
    reason: DeviceError | None = None
    replicas: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.key}: {self.name}"


def find_devices(nvidia_driver: Path = _NVIDIA_DRIVER) -> tuple[Device, ...]:
    """Return the GPUs, in TensorFlow's order with the best first, and then the processor.

    Where there are several GPUs, all of them together are one more device before the processor.
    The file `nvidia_driver` exists where that driver is installed.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    processor = Device(
        "CPU",
        processor_name(),
        "/CPU:0",
        bool({"avx512_bf16", "amx_bf16"} & set(_processor_field("flags").split())),
        None if gpus else _reason_for_no_gpu(nvidia_driver),
    )
    single = tuple(_gpu(number, gpu) for number, gpu in enumerate(gpus))
    together = (_together(single),) if len(single) > 1 else ()
    return (*single, *together, processor)


def find_device(key: str = AUTOMATIC) -> Device:
    """Return the device of this key, or the best for "automatic"; raises DeviceError."""
    devices = find_devices()
    if key == AUTOMATIC:
        return devices[0]
    for device in devices:
        if device.key.casefold() == key.casefold():
            return device
    raise DeviceError("device-unknown", key=repr(key), keys=[device.key for device in devices])


def next_device(key: str, process: int) -> str:
    """Return the key of the device for one of several processes, counted from 0.

    With "automatic" each takes another GPU, as far as there are so many like the first: another
    one might give other bits, or train in another precision.
    """
    *gpus, _ = find_devices()
    alike = [each.key for each in gpus if not each.replicas and each.name == gpus[0].name]
    return alike[process % len(alike)] if alike and key == AUTOMATIC else key


def processor_name() -> str:
    """Return what the processor is called."""
    return _processor_field("model name") or platform.processor() or platform.machine()


def pick_precision(wanted: str, architecture: str, device: Device) -> str:
    """Return "float32" or "bfloat16": the wanted one, or for "automatic" the faster one.

    bfloat16 is faster for convolutions where the device supports it.
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


def _together(gpus: Sequence[Device]) -> Device:
    names = Counter(gpu.name for gpu in gpus)
    return Device(
        ALL_GPUS,
        " + ".join(f"{count} \u00d7 {name}" for name, count in names.items()),
        gpus[0].placement,
        all(gpu.computes_bfloat16 for gpu in gpus),
        replicas=tuple(gpu.placement for gpu in gpus),
    )


def _processor_field(name: str) -> str:
    try:
        lines = _CPU_INFO.read_text().splitlines()
    except OSError:
        return ""
    fields = (line.partition(":") for line in lines)
    return next((value.strip() for key, _, value in fields if key.strip() == name), "")


def _reason_for_no_gpu(nvidia_driver: Path) -> DeviceError:
    import tensorflow as tf

    if sys.platform != "linux":
        return DeviceError("no-gpu-off-linux")
    if not tf.test.is_built_with_cuda():
        return DeviceError("no-gpu-support")
    if not nvidia_driver.exists():
        return DeviceError("no-gpu-driver")
    return DeviceError("no-gpu-libraries")


def load_tensorflow(log: Path | None = None) -> None:
    """Import TensorFlow and Keras once; any thread may call this.

    Their start-up messages go to the file `log`, or nowhere. What the user has set for Keras in
    variables and in `keras.json` is for other programs. Raises TensorFlowError.
    """
    with _LOCK:
        if "keras" in sys.modules:
            return
        _check_processor()
        _check_last_start()
        with _quiet_stderr(log), _paused_collection(), _absent("sklearn"), _own_keras_settings():
            _open_libraries()
            try:
                import keras  # noqa: F401 - loads it
                import tensorflow as tf
            except ImportError as error:
                raise TensorFlowError("tensorflow-not-loaded", reason=str(error)) from error
            # Here, as the first listing of devices prints messages too.
            for gpu in tf.config.list_physical_devices("GPU"):
                tf.config.experimental.set_memory_growth(gpu, True)


def _check_processor() -> None:
    """Raise TensorFlowError for a processor that cannot run TensorFlow, which would just abort."""
    flags = _processor_field("flags").split()
    if flags and "avx" not in flags:
        raise TensorFlowError("processor-without-avx", processor=processor_name())


def _check_last_start() -> None:
    """Raise TensorFlowError if TensorFlow ended the program last time and would do so again.

    It is tried in a process, which takes seconds, but only after such an end.
    """
    mark = sudden_end.find_mark()
    if mark is not None and mark.exists():
        try_tensorflow()
        mark.unlink(missing_ok=True)


def try_tensorflow() -> None:
    """Raise TensorFlowError if TensorFlow ends a program that loads it."""
    said = _said_at_trial()
    if said is not None:
        raise TensorFlowError("tensorflow-ends-program", words=said)


@cache
def _said_at_trial() -> str | None:
    """Return TensorFlow's last words in a process that it ended, None if it did not end it."""
    command = [sys.executable, "-P", "-c", _TRIAL]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    return (sudden_end.last_words(tried.stderr) or "?") if tried.returncode else None


@contextmanager
def _own_keras_settings() -> Iterator[None]:
    """Let Keras see no settings of the user's while it is imported: they change what is computed.

    Those are a backend, a type of numbers and an order of dimensions.
    """
    theirs = {name: os.environ[name] for name in os.environ if name.startswith(_KERAS_VARIABLES)}
    for name in theirs:
        del os.environ[name]
    os.environ.update(_KERAS_ENVIRONMENT)
    try:
        yield
    finally:
        for name in _KERAS_ENVIRONMENT:
            del os.environ[name]
        os.environ.update(theirs)


def usual_threads() -> int:
    """Return among how many threads TensorFlow divides its sums here, unless it is told."""
    # Its own variable; else a thread for each core that this process may use.
    named = os.environ.get("TF_NUM_INTRAOP_THREADS", "")
    if named.isdecimal() and int(named) > 0:
        return int(named)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def use_threads(threads: int) -> int:
    """Let TensorFlow divide its sums among so many threads; return how many they are.

    It cannot be changed any more once the process has computed.
    """
    load_tensorflow()
    import tensorflow as tf

    with suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(threads)
    return tf.config.threading.get_intra_op_parallelism_threads() or usual_threads()


def is_loading() -> bool:
    """Return whether a thread is importing TensorFlow right now."""
    return _LOCK.locked()


def _open_libraries() -> None:
    """Open TensorFlow's libraries without holding Python's lock.

    The import would hold it, and so block the window, for up to half a second; a foreign function
    of ctypes releases it. The import then finds the libraries open.
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
def _absent(package: str) -> Iterator[None]:
    """Let nobody find a package meanwhile.

    Keras imports scikit-learn wherever it is, for wrappers: a second in which the window waits.
    """
    if package in sys.modules:
        yield
        return
    # So says Python that there is no such module.
    sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[package]


@contextmanager
def _paused_collection() -> Iterator[None]:
    """Pause garbage collection, and exempt the objects created meanwhile from it forever.

    A full collection with TensorFlow loaded would stop every thread for a fifth of a second.
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
    """Redirect file descriptor 2 to the log, as TensorFlow's C++ code writes there.

    If TensorFlow ends the program, the last line is told.
    """
    target, path = _open_log(log)
    with ExitStack() as stack:
        stack.callback(os.close, target)
        if path is not None:
            stack.enter_context(sudden_end.told(path, is_temporary=log is None))
        saved = os.dup(2)
        stack.callback(os.close, saved)
        stack.callback(os.dup2, saved, 2)
        os.dup2(target, 2)
        yield


def _open_log(log: Path | None) -> tuple[int, Path | None]:
    """Return a file for messages and its path, None where they go nowhere."""
    try:
        if log is None:
            file, name = mkstemp(prefix="mnist-gui-", suffix=".log")
            return file, Path(name)
        return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), log
    except OSError:
        return os.open(os.devnull, os.O_WRONLY), None
