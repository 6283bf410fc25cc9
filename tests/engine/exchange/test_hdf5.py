"""HDF5 files of strangers: their arrays are read, in a process of its own, and nothing else."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from mnist_gui.engine.errors import FileFormatError
from mnist_gui.engine.exchange import hdf5_process
from mnist_gui.engine.exchange.hdf5_process import read_arrays
from mnist_gui.engine.exchange.import_weights import _HDF5_PROBLEMS, _parsed, read_hdf5
from mnist_gui.engine.io.process import module_command
from tests.refusals import refused

Forgery = Callable[[h5py.File], object]


def forged(path: Path, forge: Forgery) -> bytes:
    """Return a file with one good array and what the forger adds."""
    with h5py.File(path, "w") as file:
        file["layer/kernel"] = np.zeros((2, 2), np.float32)
        forge(file)
    return path.read_bytes()


def _external(file: h5py.File) -> None:
    file.create_dataset("x", (4,), "f4", external=[("/etc/passwd", 0, 16)])


def _virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4,))
    file.create_virtual_dataset("x", layout)


def _nested(file: h5py.File) -> None:
    file.create_group("/".join("abcdefghijklmnopqrstuvwxyz"))


def _circle(file: h5py.File) -> None:
    file["layer/self"] = file["layer"]


def _declared(file: h5py.File) -> None:
    file.create_dataset("x", (1 << 40,), "f4")


def _text(file: h5py.File) -> None:
    file["x"] = "hello"


HOSTILE: dict[str, tuple[Forgery, str]] = {
    "a link to another file": (
        lambda f: f.__setitem__("x", h5py.ExternalLink("/etc/passwd", "y")),
        "a link, which could lead",
    ),
    "a soft link": (lambda f: f.__setitem__("x", h5py.SoftLink("/layer")), "a link, which"),
    "an array kept elsewhere": (_external, "kept in another file"),
    "a virtual array": (_virtual, "kept in another file"),
    "a compressed bomb": (
        lambda f: f.create_dataset("x", (1 << 22,), "f4", compression="gzip"),
        "compressed or kept in pieces",
    ),
    "an array in pieces": (
        lambda f: f.create_dataset("x", (64,), "f4", chunks=(8,)),
        "compressed or kept in pieces",
    ),
    "terabytes, never written": (_declared, "far larger than a network"),
    "deep groups": (_nested, "nested too deeply"),
    "a group within itself": (_circle, "nested too deeply"),
    "too many groups": (
        lambda f: [f.create_group(str(n)) for n in range(2_001)],
        "far more parts",
    ),
    "too many arrays": (
        lambda f: [f.create_dataset(str(n), data=np.zeros(1, "f4")) for n in range(201)],
        "far larger than a network",
    ),
    "text": (_text, "not of floats"),
    "records": (
        lambda f: f.create_dataset("x", data=np.zeros(3, [("a", "f4"), ("b", "i4")])),
        "not of floats",
    ),
    "whole numbers": (lambda f: f.create_dataset("x", data=np.zeros(100, int)), "not of floats"),
    "nothing at all": (lambda f: f.create_dataset("x", data=h5py.Empty("f4")), "not of floats"),
    "a named type": (lambda f: f.__setitem__("x", np.dtype("f4")), "parts that are no arrays"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_its_fault(tmp_path: Path, case: str) -> None:
    forge, fault = HOSTILE[case]
    with refused(FileFormatError, match=fault):
        read_arrays(forged(tmp_path / "x.h5", forge))


@pytest.mark.parametrize("length", [0, 8, 100, 700])
def test_truncated_files_are_damaged(tmp_path: Path, length: int) -> None:
    content = forged(tmp_path / "x.h5", lambda _: None)
    with refused(FileFormatError, match="damaged or truncated"):
        read_arrays(content[:length])


def test_the_process_gives_the_arrays(tmp_path: Path) -> None:
    values = np.arange(6, dtype=np.float64).reshape(2, 3)
    content = forged(tmp_path / "x.h5", lambda f: f.create_dataset("layer/bias", data=values))
    arrays, _ = read_hdf5(content)
    assert sorted(arrays) == ["layer/bias", "layer/kernel"]
    np.testing.assert_array_equal(arrays["layer/bias"], values.astype(np.float32))


def test_the_process_names_the_fault(tmp_path: Path) -> None:
    with refused(FileFormatError, match="a link, which could lead"):
        read_hdf5(forged(tmp_path / "x.h5", HOSTILE["a link to another file"][0]))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"problem": "hdf5-link", "more": "x" * 9_999}, "it has a link"),
        ({"problem": "device-unknown", "key": "x", "keys": ["y"]}, "it could not be read"),
        ({"problem": "Send us your files."}, "it could not be read"),
        ({"problem": ["hdf5-link"]}, "it could not be read"),
        ({"problem": None}, "it could not be read"),
    ],
)
def test_a_process_that_was_taken_over_cannot_say_what_it_likes(
    answer: dict[str, Any], words: str
) -> None:
    with refused(FileFormatError, match=f"^{words}") as caught:
        _parsed(json.dumps(answer).encode() + b"\n")
    assert not caught.value.facts


def test_every_problem_that_the_process_names_is_expected() -> None:
    named = re.findall(r'FileFormatError\("([\w-]+)"\)', Path(hdf5_process.__file__).read_text())
    assert set(named) == set(_HDF5_PROBLEMS)


def test_values_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    content = forged(tmp_path / "x.h5", lambda f: f.create_dataset("x", data=np.array([np.inf])))
    with refused(FileFormatError, match="not finite"):
        read_hdf5(content)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_the_process_may_take_little_memory_and_write_no_file(tmp_path: Path) -> None:
    code = (
        "from mnist_gui.engine.io.process import limit_resources; limit_resources(2 << 30, 30)\n"
        "try: bytearray(3 << 30)\n"
        "except MemoryError: print('no memory', flush=True)\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try: open('written', 'wb', 0).write(b'x')\n"
        "except OSError: print('no file', flush=True)\n"
    )
    root = module_command("")[3]
    finished = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    )
    assert finished.stdout.split("\n")[:2] == ["no memory", "no file"]
    assert (tmp_path / "written").read_bytes() == b""
