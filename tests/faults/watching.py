"""Watches what reading a file does: what it executes, opens, allocates and which lines it runs."""

import codecs
import importlib
import os
import sys
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Any

from PIL import Image

import mnist_gui

_ENGINE = str(Path(mnist_gui.__file__).parent / "engine")
_READERS = ("mnist_gui.engine.exchange.hdf5_process", "mnist_gui.engine.pictures.decode_process")
_NEVER = ("exec", "compile", "pickle.", "os.", "shutil.", "socket.", "ctypes.", "marshal.")
_HARMLESS = {"os.scandir", "os.listdir", "os.walk", "os.getxattr"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

# In the folder for temporary files, what is opened by the folder's name has no name of its own.
_NOBODYS = {os.devnull, tempfile.gettempdir()}

# Of JSON, and of names in zip files.
_ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *("ascii", "latin-1", "cp437"),
)

_watches: list["Watch"] = []


class Watch:
    """While entered, notes what must not happen while a file is read.

    `seconds` are the processor's, since others may keep it busy. Which lines are run is noted with
    `lines` only, since it makes all of it many times slower.
    """

    def __init__(self, *, lines: bool = True) -> None:
        self._notes_lines = lines
        self.misdeeds: list[str] = []
        self.seconds = 0.0
        self.peak_megabytes = 0.0
        self.lines: set[tuple[str, int]] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch this thread; the memory as well, where tracemalloc traces it."""
        before = tracemalloc.get_traced_memory()[0]
        started = process_time()
        tracemalloc.reset_peak()
        _watches.append(self)
        previous = sys.gettrace()
        if self._notes_lines:
            sys.settrace(self._trace)
        try:
            yield
        finally:
            sys.settrace(previous)
            _watches.remove(self)
            self.seconds = process_time() - started
            self.peak_megabytes = (tracemalloc.get_traced_memory()[1] - before) / 2**20

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take an event of Python's auditing; see PEP 578."""
        if event == "open":
            path, _, flags = arguments
            is_kept = str(path) not in _NOBODYS and not str(path).endswith(".lock")
            if flags & _WRITING and is_kept:
                self.misdeeds.append(f"opened {path} to write")
        elif event == "subprocess.Popen":
            if not set(_READERS) & set(arguments[1]):
                self.misdeeds.append(f"started {arguments[1]}")
        elif event.startswith(_NEVER) and event not in _HARMLESS:
            self.misdeeds.append(f"{event} {str(arguments)[:200]}")

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(_ENGINE):
            return None
        self.lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._trace


def allow(event: str) -> None:
    """Let an event of Python's auditing pass from now on."""
    _HARMLESS.add(event)


def import_decoders() -> None:
    """Import now what decodes texts and pictures: an import executes code."""
    importlib.import_module("mnist_gui.engine.data.resize")
    Image.init()
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    for watch in _watches:
        watch.note(event, arguments)


sys.addaudithook(_audit)
