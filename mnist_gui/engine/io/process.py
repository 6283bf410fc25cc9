"""Python in a process of its own: what would block the window, or is to be ended at any time."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from math import inf
from pathlib import Path
from threading import Thread
from typing import IO

import mnist_gui
from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.engine.io.files import check_writable
from mnist_gui.engine.io.temporary import explaining_temporary_files, temporary_file

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
# One thread needs little address space.
_LEAN = _ENVIRONMENT | {"OPENBLAS_NUM_THREADS": "1"}
_END_SECONDS = 1
_MOST_COMPLAINT_BYTES = 64 << 10
LEAST_PRIORITY = 19


class ProcessError(MnistGuiError):
    """A process failed or took too long; its problem is a clause."""


def module_command(module: str, *arguments: str) -> list[str]:
    """Return Python's arguments to run a module of the program."""
    return ["-P", "-c", _RUN_MODULE, str(_ROOT), module, *arguments]


def module_process(
    module: str, given: IO[bytes], variables: dict[str, str]
) -> "subprocess.Popen[bytes]":
    """Start a module of the program that reads a file and answers on its standard output.

    It has one thread for products, which need little address space, and these variables besides.
    """
    return subprocess.Popen(
        [sys.executable, *module_command(module)],
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"} | variables,
    )


def run_python(arguments: Sequence[str], folder: Path, *, is_idle: bool = False) -> Iterator[None]:
    """Run Python in a temporary folder, without a GPU, and yield repeatedly until it has ended.

    Its output goes to the file `output` in the folder. Raises ProcessError, and TemporaryFilesError
    where it could not write there. Closing the iterator ends the process. One that `is_idle` takes
    as long as it takes, and computes when nothing else does: beside a run, which is as fast as
    without it.
    """
    with ExitStack() as stack:
        errors = stack.enter_context(temporary_file(b""))
        with explaining_temporary_files():
            output = stack.enter_context((folder / "output").open("wb"))
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
            complaint = errors.read()
            _check_room(folder, complaint)
            raise _process_error(complaint)


def answers_of(
    module: str, *arguments: str, given: bytes, most_bytes: int, seconds: float
) -> Iterator[bytes | None]:
    """Give a module of the program some bytes in a process; yield None until its output is there.

    Raises ProcessError if it fails, writes more bytes than allowed or takes more seconds, and
    TemporaryFilesError. Closing the iterator ends the process.
    """
    with temporary_file(given) as content:
        process = subprocess.Popen(
            [sys.executable, *module_command(module, *arguments)],
            stdin=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _LEAN,
        )
    output = _Output(process, most_bytes)
    try:
        deadline = time.monotonic() + seconds
        while not output.is_whole(_POLL_SECONDS):
            yield None
            if time.monotonic() > deadline:
                raise ProcessError("process-too-long")
        if process.wait() or len(output.content) > most_bytes:
            raise ProcessError("process-ended-from-outside")
        yield output.content
    finally:
        process.kill()
        # One that waits for a disk may not end before that answers.
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)


class _Output:
    """What a process writes, read on a thread of its own, as a pipe cannot be polled everywhere."""

    def __init__(self, process: "subprocess.Popen[bytes]", most_bytes: int) -> None:
        self.content = b""
        self._process, self._most_bytes = process, most_bytes
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def is_whole(self, seconds: float) -> bool:
        """Wait for so long; return whether all is there, or too much."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            self.content = pipe.read(self._most_bytes + 1)


def limit_resources(memory_bytes: int, processor_seconds: int) -> None:
    """Limit this process' memory and time, and forbid it to write files; not on Windows."""
    try:
        import resource
    except ImportError:
        return
    for limit, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, processor_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # macOS refuses some limits; the others still hold there.
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (allowed, hard))


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


def _check_room(folder: Path, complaint: bytes) -> None:
    """Raise TemporaryFilesError if a process could have failed as the disk is full."""
    with explaining_temporary_files():
        # Of little room it may have had too little to say so.
        check_writable(folder / "tried")
        for code in (errno.ENOSPC, errno.EDQUOT):
            if os.strerror(code).encode() in complaint:
                raise OSError(code, os.strerror(code), str(folder))


def _process_error(content: bytes) -> ProcessError:
    """Return the last line of standard error, where Python names an exception, as an error."""
    lines = content.decode(errors="replace").strip().splitlines()
    if not lines:
        return ProcessError("process-ended-from-outside")
    line = "".join(filter(str.isprintable, lines[-1].strip()))[:200].rstrip(".")
    return ProcessError("process-failed", line=line)
