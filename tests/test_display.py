import os
import subprocess
import sys

import pytest

from mnist_gui.display import display_problem, has_display

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="displays are Linux' trouble")


def without_display(**variables: str) -> dict[str, str]:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {key: value for key, value in os.environ.items() if key not in names} | variables


@pytest.mark.parametrize("variables", [{}, {"DISPLAY": ":4711"}])
def test_without_a_display_the_program_says_so_and_names_the_way_out(
    variables: dict[str, str],
) -> None:
    command = [sys.executable, "-m", "mnist_gui"]
    result = subprocess.run(
        command, env=without_display(**variables), capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "mnist-gui train" in result.stderr
    assert "xvfb-run" in result.stderr


def test_the_offscreen_platform_needs_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert display_problem() is None
    assert has_display()


def test_missing_system_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    problem = display_problem(("libnowhere.so.7",)) or ""
    assert problem.startswith("Qt needs system libraries that are not installed (libnowhere.so.7);")
