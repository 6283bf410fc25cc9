"""Python in a process of its own: what would block the window, or is to be ended at any time."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path
from tempfile import TemporaryFile

import mnist_gui
from mnist_gui.engine.errors import MnistGuiError

_ROOT = Path(mnist_gui.__file__).resolve().parents[1]
_POLL_SECONDS = 0.1
_LONGEST_SECONDS = 600
# Unlike -m, this does not search the working folder for modules.
_RUN_MODULE = """
import runpy, sys
sys.path.append(sys.argv[1])
del sys.argv[:2]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
# A GPU rounds differently, and a run may be using it.
_ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONIOENCODING": "utf-8",
}
_MOST_COMPLAINT_BYTES = 64 << 10
LEAST_PRIORITY = 19


class ProcessError(MnistGuiError):
    """A process failed or took too long; its problem is a clause."""


def module_command(module: str, *arguments: str) -> list[str]:
    """Return Python's arguments to run a module of the program."""
    return ["-P", "-c", _RUN_MODULE, str(_ROOT), module, *arguments]


def run_python(arguments: Sequence[str], folder: Path, *, is_idle: bool = False) -> Iterator[None]:
    """Run Python in a folder, without a GPU, and yield repeatedly until it has ended.

    Its output goes to the file `output` in the folder. Raises ProcessError. Closing the iterator
    ends the process. One that `is_idle` takes as long as it takes, and computes when nothing else
    does: beside a run, which is as fast as without it.
    """
    with TemporaryFile() as errors, (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=os.environ | _ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            creationflags=getattr(subprocess, "IDLE_PRIORITY_CLASS", 0) if is_idle else 0,
        )
        if is_idle and sys.platform != "win32":
            os.setpriority(os.PRIO_PROCESS, process.pid, LEAST_PRIORITY)
        try:
            yield from _wait(process, inf if is_idle else _LONGEST_SECONDS)
        finally:
            process.kill()
            process.wait()
        if process.returncode:
            errors.seek(max(0, errors.seek(0, os.SEEK_END) - _MOST_COMPLAINT_BYTES))
            raise _process_error(errors.read())


def _wait(process: "subprocess.Popen[bytes]", longest_seconds: float) -> Iterator[None]:
    deadline = time.monotonic() + longest_seconds
    while process.poll() is None:
        yield
        if time.monotonic() > deadline:
            raise ProcessError("process-too-long")
        try:
            process.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def _process_error(content: bytes) -> ProcessError:
    """Return the last line of standard error, where Python names an exception, as an error."""
    lines = content.decode(errors="replace").strip().splitlines()
    if not lines:
        return ProcessError("process-ended-from-outside")
    line = "".join(filter(str.isprintable, lines[-1].strip()))[:200].rstrip(".")
    return ProcessError("process-failed", line=line)
