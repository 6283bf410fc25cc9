"""Settings that other programs left behind: the program works all the same, or says what is wrong.

Each test starts the program as its user does, with the setting in its environment.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.active_run import start_run
from mnist_gui.engine.runs.run import NextAction, RunStatus
from mnist_gui.engine.runs.store import RunStore
from tests.engine.conftest import write_dataset
from tests.refusals import not_told

HIDDEN = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE")
RECIPE = replace(RECIPES["cnn-fast"], steps=3, batch_size=16)
DAMAGED = '{"floatx": "float16"'
FOREIGN = json.dumps(
    {
        "backend": "theano",
        "floatx": "float16",
        "epsilon": 0.5,
        "image_data_format": "channels_first",
    }
)
# Trains as the test does by itself, and prints what the weights are.
TRAINING = """
import sys
from pathlib import Path
from tests.faults.test_settings import trained
print(trained(Path(sys.argv[1])))
"""
# Opens the real window, and presses Start once there is a data set.
TRAINING_WINDOW = """
import os, sys
from PySide6.QtCore import QTimer
from mnist_gui import app
from mnist_gui.__main__ import main
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.gui.program import Program

open_window = app.open_window

def opened(*arguments, **options):
    window = open_window(*arguments, **options)
    timer = QTimer(window, interval=50)
    said = []

    def look():
        program = window.findChild(Program)
        if program is None or program.session.dataset.value is None:
            return
        run = program.runner.run
        if run is None and not said:
            said.append(program.runner.start(RECIPES["cnn-tutorial"]))
        elif run is not None and run.history.step > 0 and len(said) == 1:
            said.append(print("training", flush=True))

    timer.timeout.connect(look)
    timer.start()
    return window

app.open_window = opened
sys.argv = ["mnist-gui", *sys.argv[1:]]
sys.exit(main())
"""

# Opens the real window, and closes it once TensorFlow is there or not.
WAITING_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from mnist_gui import app
from mnist_gui.__main__ import main
from mnist_gui.gui.program import Program

open_window = app.open_window

def opened(*arguments, **options):
    window = open_window(*arguments, **options)
    timer = QTimer(window, interval=50)

    def look():
        program = window.findChild(Program)
        if program is None or not (program.session.devices.value or window.device_label.toolTip()):
            return
        print(window.device_label.text(), window.device_label.toolTip(), flush=True)
        timer.stop()
        window.close()

    timer.timeout.connect(look)
    timer.start()
    return window

app.open_window = opened
sys.argv = ["mnist-gui"]
sys.exit(main())
"""


def environment(**variables: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in HIDDEN} | variables


def run(*command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *command],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def small_dataset(folder: Path) -> Dataset:
    if not folder.exists():
        write_dataset(folder, train=240, test=100)
    return load_dataset(folder)


def trained(folder: Path) -> str:
    """Return a checksum of a network's weights after a few steps on a small data set."""
    run = start_run(None, small_dataset(folder), RECIPE, device="CPU", warn=not_told)
    for _ in run.events():
        pass
    weights = run._trainer.snapshot().weights
    return hashlib.sha256(b"".join(weights[name].tobytes() for name in weights)).hexdigest()


@pytest.mark.parametrize(
    ("settings", "variables"),
    [
        (FOREIGN, {}),
        pytest.param(
            DAMAGED,
            {"KERAS_BACKEND": "torch", "KERAS_MAX_EPOCHS": "many"},
            marks=pytest.mark.slow,
        ),
        pytest.param("[]", {"KERAS_BACKEND": "jax"}, marks=pytest.mark.slow),
        pytest.param(None, {"KERAS_BACKEND": "none"}, marks=pytest.mark.slow),
    ],
)
def test_with_any_settings_of_keras_the_weights_have_the_same_bits(
    tmp_path: Path, settings: str | None, variables: dict[str, str]
) -> None:
    home = tmp_path / "keras"
    if settings is None:
        # A folder that cannot be read.
        home.write_bytes(b"")
    else:
        home.mkdir()
        (home / "keras.json").write_text(settings)
    expected = trained(tmp_path / "digits")
    done = run("-c", TRAINING, str(tmp_path / "digits"), KERAS_HOME=str(home), **variables)
    assert done.stdout.strip() == expected, done.stderr
    if settings is not None:
        assert (home / "keras.json").read_text() == settings


def test_the_plots_take_the_windows_qt_whatever_a_variable_asks_for() -> None:
    code = "import mnist_gui.gui.curves.plot as plot; print(plot.pg.Qt.QT_LIB)"
    done = run("-c", code, PYQTGRAPH_QT_LIB="PyQt5", QT_QPA_PLATFORM="offscreen")
    assert done.stdout.strip() == "PySide6", done.stderr


def test_what_tensorflow_says_when_it_ends_the_program_is_told(tmp_path: Path) -> None:
    # From here on TensorFlow ends the process without an exception.
    done = run("-m", "mnist_gui", "evaluate", TF_XLA_FLAGS="--bogus", TMPDIR=str(tmp_path))
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.endswith("It said last: Unknown flag in TF_XLA_FLAGS: --bogus")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_window_that_tensorflow_ended_stays_open_at_the_next_start_and_says_why(
    tmp_path: Path,
) -> None:
    own = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "STATE")}
    own["QT_QPA_PLATFORM"] = "offscreen"
    bogus = own | {"TF_XLA_FLAGS": "--bogus"}
    first = run("-c", WAITING_WINDOW, **bogus)
    assert first.returncode not in (0, 2)
    assert "It said last: Unknown flag in TF_XLA_FLAGS: --bogus" in first.stderr
    second = run("-c", WAITING_WINDOW, **bogus)
    assert second.returncode == 0, second.stderr
    assert "TensorFlow ends the program that loads it (Unknown flag in TF" in second.stdout
    assert list(tmp_path.rglob("tensorflow-ended"))
    # Once that is put right, all is as before.
    third = run("-c", WAITING_WINDOW, **own)
    assert third.returncode == 0, third.stderr
    assert third.stdout.startswith(("CPU", "GPU"))
    assert not list(tmp_path.rglob("tensorflow-ended"))


@pytest.mark.slow
def test_the_doctor_tells_what_tensorflow_would_end_it_for() -> None:
    done = run("-m", "mnist_gui", "doctor", TF_XLA_FLAGS="--bogus")
    assert done.returncode == 0
    words = "TensorFlow ends the program that loads it (Unknown flag in TF_XLA_FLAGS: --bogus)."
    assert done.stdout.startswith(words)


def test_a_processor_that_tensorflow_cannot_run_on_is_named(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("model name\t: Old One\nflags\t\t: fpu sse sse2 ssse3\n")
    code = (
        "import sys; from pathlib import Path; from mnist_gui.engine.models import devices; "
        "from mnist_gui.words.errors import sentence\n"
        "devices._CPU_INFO = Path(sys.argv[1])\n"
        "try: devices.load_tensorflow()\n"
        "except Exception as error: print(sentence(error), 'tensorflow' in sys.modules)"
    )
    words = "TensorFlow cannot run on the processor Old One, which has no AVX; "
    assert run("-c", code, str(info)).stdout == f"{words}use a computer from 2012 or later. False\n"


@pytest.mark.skipif(sys.platform != "linux", reason="platforms of Linux")
@pytest.mark.parametrize(
    "platform", ["wayland", "windows", "eglfs", "minimalegl", "linuxfb", "xcb", "xcb;wayland"]
)
def test_where_qt_can_open_no_window_one_sentence_says_so(tmp_path: Path, platform: str) -> None:
    done = run("-m", "mnist_gui", QT_QPA_PLATFORM=platform, XDG_RUNTIME_DIR=str(tmp_path))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "'mnist-gui train'" in line
    assert platform == "xcb" or f"No window can be opened with QT_QPA_PLATFORM={platform} (" in line
    assert not done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="displays of Linux")
def test_a_wayland_display_that_has_gone_is_none(tmp_path: Path) -> None:
    done = run("-m", "mnist_gui", WAYLAND_DISPLAY="wayland-7", XDG_RUNTIME_DIR=str(tmp_path))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "There is no display to open a window on" in line


def xvfb(opened: ExitStack) -> tuple["subprocess.Popen[str]", str]:
    """Start an X server that ends with the test; return it and the name of its display."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1200x800x24"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    opened.enter_context(server)
    opened.callback(server.kill)
    assert server.stdout is not None
    return server, f":{server.stdout.readline().strip()}"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="not installed: Xvfb")
def test_when_the_x_server_dies_the_program_ends_in_order_and_its_run_can_go_on(
    tmp_path: Path,
) -> None:
    runs = tmp_path / "runs"
    own = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "STATE")}
    with ExitStack() as opened:
        server, display = xvfb(opened)
        # What a session left behind that ran Wayland does not matter.
        variables = environment(DISPLAY=display, WAYLAND_DISPLAY="wayland-7", **own)
        program = subprocess.Popen(
            [sys.executable, "-c", TRAINING_WINDOW, "--runs", str(runs)],
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        opened.enter_context(program)
        opened.callback(program.kill)
        assert program.stdout is not None
        assert program.stdout.readline() == "training\n"
        server.send_signal(signal.SIGKILL)
        _, errors = program.communicate(timeout=60)
    assert program.returncode == 2, errors
    assert "The display that the window was on has gone" in errors.splitlines()[-1]
    assert "Traceback" not in errors
    store = RunStore(runs)
    (found,) = store.runs().runs
    assert found.status is RunStatus.INTERRUPTED
    assert found.continuation is NextAction.RESUME
    assert store.checkpoint(found.run_id).step == found.info.step > 0
