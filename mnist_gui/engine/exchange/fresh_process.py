"""Python processes of their own: what happens in them cannot harm the program."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile

import mnist_gui

_ROOT = Path(mnist_gui.__file__).resolve().parents[1]
_POLL_SECONDS = 0.1
_LONGEST_SECONDS = 600
# Unlike -m, this looks for modules in no folder that the program was started from.
_RUN_MODULE = """
import runpy, sys
sys.path.append(sys.argv[1])
del sys.argv[:2]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
_MOST_COMPLAINT_BYTES = 64 << 10


class ProcessError(Exception):
    """A process failed, or took too long; a clause that says so."""


def module_command(module: str, *arguments: str) -> list[str]:
    """Return what Python must be given to run a module of the program."""
    return ["-P", "-c", _RUN_MODULE, str(_ROOT), module, *arguments]


def run_python(arguments: Sequence[str], folder: Path) -> Iterator[None]:
    """Run Python in a folder, on the processor, and yield now and then until it has ended.

    What it prints goes to the file `output` in the folder. Raises ProcessError. If the iterator
    is closed, the process is ended.
    """
    with TemporaryFile() as errors, (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
        try:
            yield from _wait(process)
        finally:
            process.kill()
            process.wait()
        if process.returncode:
            errors.seek(max(0, errors.seek(0, os.SEEK_END) - _MOST_COMPLAINT_BYTES))
            raise ProcessError(_last_line(errors.read()))


def _wait(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    deadline = time.monotonic() + _LONGEST_SECONDS
    while process.poll() is None:
        yield
        if time.monotonic() > deadline:
            raise ProcessError("it took far too long")
        try:
            process.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def _environment() -> dict[str, str]:
    # A graphics card rounds otherwise, and a run may be using it.
    return os.environ | {
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONIOENCODING": "utf-8",
    }


def _last_line(content: bytes) -> str:
    """Return the last line of what a process complained about: there an exception names itself."""
    lines = [line.strip() for line in content.decode(errors="replace").splitlines()]
    last = next((line for line in reversed(lines) if line), "it was ended from outside")
    return "".join(filter(str.isprintable, last))[:200].rstrip(".")
