"""`mnist-gui doctor`, also where there is no display, no TensorFlow and nothing can be saved."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mnist_gui.cli.main import parse_arguments, run_command
from tests.journeys.test_drop_over_x import running

HIDDEN = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.fixture
def without_tensorflow(tmp_path: Path) -> dict[str, str]:
    """The variables of alice, who has no display, no TensorFlow, and a file as her data folder."""
    home, modules = tmp_path / "alice", tmp_path / "modules"
    home.mkdir()
    modules.mkdir()
    (modules / "tensorflow.py").write_text('raise ImportError("there is none")')
    (home / "data").write_bytes(b"")
    kept = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    return kept | {
        "HOME": str(home),
        "USER": "alice",
        "LOGNAME": "alice",
        "PYTHONPATH": os.pathsep.join([str(modules), os.environ.get("PYTHONPATH", "")]),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CONFIG_HOME": str(home / "config"),
    }


def doctor(variables: dict[str, str]) -> str:
    command = [sys.executable, "-m", "mnist_gui", "doctor"]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout


def test_whatever_is_missing_is_said_and_nobody_is_named(
    without_tensorflow: dict[str, str],
) -> None:
    text = doctor(without_tensorflow)
    assert text.startswith("TensorFlow cannot be loaded (there is none);")
    assert "There is no display to open a window on" in text
    assert "Nothing can be saved in the folder ~/data/mnist-gui: part of its path is" in text
    assert "~/state/mnist-gui/log (not there yet, can be made, " in text
    assert "alice" not in text
    made = {path.name for path in Path(without_tensorflow["HOME"]).iterdir()}
    # Keras makes a folder of its own.
    assert made <= {"data", ".keras"}


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="not installed: Xvfb")
def test_with_a_display_a_window_can_be_opened(without_tensorflow: dict[str, str]) -> None:
    with running("Xvfb", "-displayfd", "1", "-screen", "0", "800x600x24") as server:
        display = f":{server.readline().strip()}"
        text = doctor(without_tensorflow | {"DISPLAY": display})
    assert "can be opened" in text
    assert f"{'DISPLAY':<15}  set" in text
    assert display not in text


def test_a_platform_that_qt_cannot_use_is_said(without_tensorflow: dict[str, str]) -> None:
    text = doctor(without_tensorflow | {"QT_QPA_PLATFORM": "windows"})
    assert "No window can be opened with QT_QPA_PLATFORM=windows (Could not find the Qt" in text


def test_the_speed_is_measured_and_all_of_it_can_be_had_as_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_command(parse_arguments(["doctor", "--json"])) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["summary"].startswith("This computer trains the tutorial CNN in about ")
    assert [speed["recipe"] for speed in found["speed"]] == ["cnn-tutorial", "softmax-tutorial"]
    assert found["devices"][-1]["key"] == "CPU"
    assert [folder["purpose"] for folder in found["folders"]][:3] == ["data", "runs", "logs"]
    assert all(folder["writable"] for folder in found["folders"])
    assert found["versions"]["PySide6"]
    assert found["problems"] == []
