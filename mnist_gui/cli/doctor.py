"""`mnist-gui doctor`: what of this computer matters to the program."""

import argparse
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from mnist_gui.cli.parser import DONE, print_result
from mnist_gui.display import display_problem, unopened
from mnist_gui.engine.doctor import Display, Folder, Report, examine, load_devices
from mnist_gui.engine.errors import MnistGuiError, RunStoreError, as_problem, log_exception
from mnist_gui.engine.io.process import module_command
from mnist_gui.engine.models.devices import Device
from mnist_gui.engine.runs.folder_choice import kept_runs
from mnist_gui.engine.runs.recorder import package_version
from mnist_gui.engine.training.speed import Speed, measure_speed
from mnist_gui.paths import data_folder, log_folder, runs_folder, settings_folder
from mnist_gui.words.diagnosis import report_text, summary
from mnist_gui.words.errors import sentence
from mnist_gui.words.language import tr

_LONGEST_SECONDS = 30


def run_doctor(arguments: argparse.Namespace) -> int:
    """Run `mnist-gui doctor`; return the exit status, 0 also where there is something to mend."""
    with Console(stderr=True).status(tr("Looking at this computer, and testing its speed \u2026")):
        devices = load_devices()
        packages = {
            "PySide6": package_version("PySide6-Essentials"),
            "pyqtgraph": package_version("pyqtgraph"),
        }
        display = Display(obstacle=display_problem() or _window_problem())
        report = examine(devices, _folders(), display, packages)
        if report.devices:
            speeds, problems = _speeds(report.devices)
            report = replace(report, speeds=speeds, problems=(*report.problems, *problems))
    print_result(arguments, _as_json(report), report_text(report))
    return DONE


def _window_problem() -> str:
    """Return a sentence on why Qt can open no window, "" if it can; Qt is tried in a process."""
    command = [sys.executable, *module_command("mnist_gui.window_system")]
    with suppress(OSError, subprocess.TimeoutExpired):
        tried = subprocess.run(
            command, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False
        )
        return unopened(tried.stderr.strip()) if tried.returncode else ""
    return ""


def _speeds(devices: Sequence[Device]) -> tuple[tuple[Speed, ...], list[MnistGuiError]]:
    """Test the first device, and all GPUs together where there are several; return what fails."""
    speeds, problems = list[Speed](), list[MnistGuiError]()
    for device in (devices[0], *(device for device in devices if device.replicas)):
        try:
            speeds += [each for each in measure_speed(device) if isinstance(each, Speed)]
        except Exception as error:  # noqa: BLE001 - what else was found is still told
            log_exception(error)
            problems.append(as_problem(error))
    return tuple(speeds), problems


def _folders() -> Mapping[str, Path]:
    data = data_folder()
    try:
        runs = kept_runs(data)
    except RunStoreError:
        runs = runs_folder(data)
    folders = {"data": data, "runs": runs, "logs": log_folder(), "settings": settings_folder()}
    return {purpose: folder for purpose, folder in folders.items() if folder is not None}


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "summary": summary(report),
        "problems": [sentence(problem) for problem in report.problems],
        "speed": [
            asdict(speed) | {"training_seconds": speed.training_seconds} for speed in report.speeds
        ],
        "devices": [{"key": device.key, "name": device.name} for device in report.devices],
        "no_gpu": _told(report.no_gpu),
        "no_gpu_command": report.mending or None,
        "system": report.system,
        "processor": report.processor.name,
        "cores": report.processor.cores,
        "memory_bytes": report.processor.memory,
        "versions": {name: version or None for name, version in report.versions.items()},
        "folders": [_folder_as_json(folder) for folder in report.folders],
        "display": dict(report.display_variables),
        "window_problem": report.display.obstacle or None,
        "variables": dict(report.variables),
    }


def _folder_as_json(folder: Folder) -> dict[str, Any]:
    return {
        "purpose": folder.purpose,
        "path": folder.path,
        "exists": folder.exists,
        "writable": folder.problem is None,
        "problem": _told(folder.problem),
        "free_bytes": folder.free,
    }


def _told(problem: MnistGuiError | None) -> str | None:
    return None if problem is None else sentence(problem)
