"""What of this computer matters to the program: devices, versions, folders, display, variables.

Nothing in a report says who the user is: the home folder is "~", a user name is "USER".
"""

import getpass
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from mnist_gui.engine.errors import DeviceError, MnistGuiError, as_problem, log_exception
from mnist_gui.engine.models.devices import (
    Device,
    find_devices,
    load_tensorflow,
    processor_name,
    try_tensorflow,
)
from mnist_gui.engine.runs.recorder import versions
from mnist_gui.engine.training.speed import Speed

VARIABLES = (
    "KERAS_BACKEND",
    "KERAS_HOME",
    "TF_XLA_FLAGS",
    "XLA_FLAGS",
    "TF_ENABLE_ONEDNN_OPTS",
    "CUDA_VISIBLE_DEVICES",
    "PYQTGRAPH_QT_LIB",
    "QT_QPA_PLATFORM",
    "QT_PLUGIN_PATH",
    "QT_SCALE_FACTOR",
)
"""The environment variables that change how the program works, or how others like it do."""

UNUSED_VARIABLES = ("KERAS_BACKEND", "KERAS_HOME", "PYQTGRAPH_QT_LIB")
"""Those of them that the program does not follow."""

# Those that end the program where they are wrong.
_TENSORFLOW_FLAGS = ("TF_XLA_FLAGS", "XLA_FLAGS")

DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY")
"""Those that say where windows are shown; their values may name a computer."""

_PCI = Path("/sys/bus/pci/devices")
# Only WSL2 has it; there a GPU is no device of the PCI bus.
_WINDOWS_GPU = Path("/dev/dxg")
_NVIDIA, _DISPLAY_CLASS = "0x10de", "0x03"
_NO_GPUS = ("", "-1")
_GPU_LIBRARIES = "python -m pip install 'tensorflow[and-cuda]'"


@dataclass(frozen=True, slots=True)
class Processor:
    """The processor, the cores of it that the program may use, and the memory in bytes."""

    name: str
    cores: int
    memory: int | None


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that the program writes to; `problem` says why it cannot.

    `purpose` is "data", "runs", "logs" or "settings", `free` the room on its disk in bytes.
    """

    purpose: str
    path: str
    exists: bool
    free: int | None
    problem: MnistGuiError | None


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen in logical pixels, and how many device pixels each of those has along a side."""

    width: int
    height: int
    scaling: float


@dataclass(frozen=True, slots=True)
class Display:
    """What a window is shown by: Qt's platform and the screens, if there is a window.

    `obstacle` is a sentence on why none can be opened, "" if one can.
    """

    platform: str = ""
    screens: tuple[Screen, ...] = ()
    obstacle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found; `problems` are those that should be put right.

    `versions` has "" for what is not installed. `no_gpu` says why no GPU is used, `mending` is the
    command that changes that, "" if there is none. Of `variables`, None are those that are not set;
    of `display_variables` it is only said whether they are.
    """

    versions: Mapping[str, str]
    system: str
    processor: Processor
    devices: tuple[Device, ...]
    no_gpu: MnistGuiError | None
    mending: str
    folders: tuple[Folder, ...]
    display: Display
    display_variables: Mapping[str, bool]
    variables: Mapping[str, str | None]
    problems: tuple[MnistGuiError, ...]
    speeds: tuple[Speed, ...] = ()


Devices = tuple[Device, ...] | MnistGuiError
"""The devices there are, or why TensorFlow cannot tell."""


def load_devices() -> Devices:
    """Load TensorFlow and return the devices, or the problem if that fails in any way."""
    try:
        if any(map(os.environ.get, _TENSORFLOW_FLAGS)):
            try_tensorflow()
        load_tensorflow()
        return find_devices()
    except Exception as error:  # noqa: BLE001 - a broken TensorFlow is what a doctor has to find
        log_exception(error)
        return as_problem(error)


def examine(
    devices: Devices,
    folders: Mapping[str, Path],
    display: Display,
    packages: Mapping[str, str],
) -> Report:
    """Look at everything but the speed. Nothing is left behind in the folders.

    `folders` are by their purpose, `packages` the versions of what the engine does not know.
    """
    found = devices if isinstance(devices, tuple) else ()
    no_gpu = _why_no_gpu(found[0].reason) if found else None
    checked = tuple(check_folder(purpose, path) for purpose, path in folders.items())
    problems = [] if isinstance(devices, tuple) else [_without_person(devices)]
    problems += [folder.problem for folder in checked if folder.problem]
    return Report(
        versions=_all_versions(packages),
        system=platform.platform(),
        processor=Processor(processor_name(), _usable_cores(), _memory()),
        devices=found,
        no_gpu=no_gpu,
        mending=_mending(no_gpu.problem) if no_gpu else "",
        folders=checked,
        display=display,
        display_variables={name: bool(os.environ.get(name)) for name in DISPLAY_VARIABLES},
        variables=_variables(),
        problems=(*problems, *_troublesome_variables()),
    )


def check_folder(purpose: str, path: Path) -> Folder:
    """Try to write a file in a folder, or where it would be made, and remove the file again."""
    path = path.absolute()
    free = problem = None
    exists = False
    try:
        exists = path.exists()
        nearest = next(folder for folder in (path, *path.parents) if folder.exists())
        free = shutil.disk_usage(nearest).free
        with NamedTemporaryFile(prefix=".mnist-gui-", dir=nearest) as file:
            file.write(b"\0")
            file.flush()
    except OSError as error:
        problem = MnistGuiError("folder-not-writable", path=without_person(str(path)), reason=error)
    return Folder(purpose, without_person(str(path)), exists, free, problem)


def without_person(text: str) -> str:
    """Return a text with the home folder as "~" and without the user's name."""
    for home in sorted(_homes(), key=len, reverse=True):
        text = re.sub(rf"{re.escape(home)}(?![\w.-])", "~", text)
    for name in sorted(_user_names(), key=len, reverse=True):
        text = re.sub(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", "USER", text)
    return text


def _homes() -> set[str]:
    homes = set()
    with suppress(RuntimeError):
        homes = {str(Path.home()), str(Path("~").expanduser().resolve())}
    return {home for home in homes if len(home) > 1}


def _user_names() -> set[str]:
    names = {os.environ.get(name, "") for name in ("USER", "LOGNAME", "USERNAME")}
    # Where the system does not know the user, each version of Python raises another error.
    with suppress(OSError, KeyError, ImportError):
        names.add(getpass.getuser())
    return names - {""}


def _without_person(problem: MnistGuiError) -> MnistGuiError:
    facts = {
        name: without_person(fact) if isinstance(fact, str) else fact
        for name, fact in problem.facts.items()
    }
    return type(problem)(problem.problem, **facts)


# --- why not the GPU ---------------------------------------------------------------------------


def _why_no_gpu(reason: DeviceError | None) -> DeviceError | None:
    """Return the reason that the devices give, or a nearer one."""
    if reason is None:
        return None
    if reason.problem == "no-gpu-driver" and not may_have_nvidia_gpu():
        return DeviceError("no-gpu-hardware")
    hides = os.environ.get("CUDA_VISIBLE_DEVICES") in _NO_GPUS
    if reason.problem == "no-gpu-libraries" and hides:
        return DeviceError("no-gpu-hidden")
    return reason


def may_have_nvidia_gpu(pci: Path = _PCI, windows_gpu: Path = _WINDOWS_GPU) -> bool:
    """Return whether there is an NVIDIA GPU, also true where that cannot be seen."""
    if windows_gpu.exists() or not pci.exists():
        return True
    return any(
        _content(device / "vendor") == _NVIDIA
        and _content(device / "class").startswith(_DISPLAY_CLASS)
        for device in pci.iterdir()
    )


def _content(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def _mending(reason: str) -> str:
    """Return the command that gives the program a GPU, "" where none alone does."""
    commands = {
        "no-gpu-off-linux": "wsl --install" if sys.platform == "win32" else "",
        "no-gpu-support": _GPU_LIBRARIES if platform.machine() == "x86_64" else "",
        "no-gpu-driver": _driver_command(),
        "no-gpu-libraries": _GPU_LIBRARIES,
        "no-gpu-hidden": "unset CUDA_VISIBLE_DEVICES",
    }
    return commands.get(reason, "")


def _driver_command() -> str:
    commands = ("sudo ubuntu-drivers install", "sudo apt-get install nvidia-driver")
    return next((each for each in commands if shutil.which(each.split()[1])), "")


# --- the computer and what is installed --------------------------------------------------------


def _all_versions(packages: Mapping[str, str]) -> dict[str, str]:
    engine = versions()
    return {
        "mnist-gui": engine.program,
        "Python": engine.python,
        "TensorFlow": engine.tensorflow,
        "Keras": engine.keras,
        "NumPy": engine.numpy,
        **packages,
    }


def _usable_cores() -> int:
    has_affinity = hasattr(os, "sched_getaffinity")
    return len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1


def _memory() -> int | None:
    if not hasattr(os, "sysconf"):
        return None
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _variables() -> dict[str, str | None]:
    found = {name: os.environ.get(name) for name in VARIABLES}
    return {name: value and without_person(value) for name, value in found.items()}


def _troublesome_variables() -> Iterator[MnistGuiError]:
    if "auto_jit" in os.environ.get("TF_XLA_FLAGS", ""):
        yield MnistGuiError("variable-xla")
    if os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0":
        yield MnistGuiError("variable-onednn")
