"""Export a network for other programs, checked against the original before it counts."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import numpy as np
from numpy.typing import NDArray

import mnist_gui
from mnist_gui.engine.digits.files import write_drawings
from mnist_gui.engine.drawing import LabelledDrawing
from mnist_gui.engine.errors import DrawingError, ExchangeError, ModelFileError
from mnist_gui.engine.exchange.formats import Exported, ExportStage, Format, format_of
from mnist_gui.engine.io.files import explain, replace_file, replacing
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.synthetic.generate import DIGIT_STYLES, draw

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


CHECKED_DRAWINGS = 100
LARGEST_DIFFERENCE = 1e-4
"""Probabilities that differ by more are not those of the same network."""
_SCRIPT = Path(__file__).with_name("predict.py")
_MOST_SCRIPTS = 100


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


def export_network(snapshot: Snapshot, path: Path) -> Iterator[ExportStage | Exported]:
    """Write the network in the format that the name asks for, and `predict.py` beside it.

    In a fresh process that script reads the new file with the format's own runtime and 100
    drawings with it; only if its answers are the engine's does the file get its name. Yields the
    stages, again and again while they last, and Exported at the end. Raises ExchangeError; then,
    and when the iterator is closed early, nothing was written and what was there is as it was.
    """
    kind = format_of(path)
    try:
        _check_target(path)
        with TemporaryDirectory(prefix="mnist-gui-") as folder:
            yield from _exported(snapshot, path, kind, Path(folder))
    except OSError as error:
        raise _failure(path, explain(error)) from error
    except (ModelFileError, DrawingError) as error:
        raise _failure(path, str(error).rstrip(".")) from error


def _check_target(path: Path) -> None:
    """Find out before the work, not after it, that there is no such folder."""
    if path.is_dir():
        raise IsADirectoryError(21, "", str(path))
    path.resolve().parent.stat()


def _exported(
    snapshot: Snapshot, path: Path, kind: Format, folder: Path
) -> Iterator[ExportStage | Exported]:
    draft = folder / f"network{kind.value}"
    yield ExportStage.WRITING
    save_snapshot(folder / "network.mnistgui", snapshot)
    write_drawings(folder / "drawings.jsonl", check_drawings())
    command = module_command(
        "mnist_gui.engine.exchange.export_process",
        "network.mnistgui",
        draft.name,
        "drawings.jsonl",
        "answers.npy",
    )
    try:
        for _ in run_python(command, folder):
            yield ExportStage.WRITING
    except ProcessError as error:
        raise _failure(path, f"it could not be written ({error})") from error
    content = draft.read_bytes()
    difference = 0.0
    for step in check(draft, np.load(folder / "answers.npy"), path):
        if isinstance(step, float):
            difference = step
        else:
            yield step
    with replacing(path) as file:
        file.write(content)
        script = place_script(path.parent)
    yield Exported(path, script, kind, len(content), CHECKED_DRAWINGS, difference)


def check_drawings() -> list[LabelledDrawing]:
    """Return the drawings that every export is checked with: all pen styles, by many hands."""
    styles = [DIGIT_STYLES[number % len(DIGIT_STYLES)] for number in range(CHECKED_DRAWINGS)]
    drawings = draw(styles, np.random.default_rng(2024))
    return [
        LabelledDrawing(drawing, style.digit)
        for drawing, style in zip(drawings, styles, strict=True)
    ]


def check(draft: Path, wanted: NDArray[np.float32], path: Path) -> Iterator[ExportStage | float]:
    """Have `predict.py` read `drawings.jsonl`, beside the draft, and compare its answers.

    Yields the largest difference at the end. Raises ExchangeError, which names `path`.
    """
    folder = draft.parent
    (folder / _SCRIPT.name).write_bytes(_SCRIPT.read_bytes())
    command = ["-P", _SCRIPT.name, draft.name, "drawings.jsonl", "--json"]
    try:
        yield ExportStage.CHECKING
        for _ in run_python(command, folder):
            yield ExportStage.CHECKING
        found = _answers((folder / "output").read_text("utf-8"))
    except ProcessError as error:
        raise _failure(path, f"it could not be read back ({error})") from error
    if found.shape != wanted.shape or not np.isfinite(found).all():
        raise _failure(path, "read back, it does not give ten probabilities for each drawing")
    difference = float(np.abs(found - wanted).max())
    if difference > LARGEST_DIFFERENCE:
        raise _failure(path, f"read back, its answers differ by {difference:.2g} from the engine's")
    yield difference


def _answers(output: str) -> NDArray[np.float64]:
    """Return the probabilities of the lines that `predict.py --json` prints."""
    lines = [line for line in output.splitlines() if line.startswith("{")]
    rows = [json.loads(line)["probabilities"] for line in lines]
    return np.array(rows, np.float64) if len({len(row) for row in rows}) == 1 else np.empty((0, 0))


def place_script(folder: Path) -> Path:
    """Return where `predict.py` lies in the folder; no other file of this name is lost for it."""
    content = _SCRIPT.read_bytes()
    for number in range(1, _MOST_SCRIPTS):
        path = folder / (_SCRIPT.name if number == 1 else f"{_SCRIPT.stem}-{number}.py")
        if not path.exists():
            replace_file(path, content)
            return path
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return path
    raise FileExistsError(17, "the folder is full of other files named predict.py", str(folder))


def _failure(path: Path, reason: str) -> ExchangeError:
    return ExchangeError(f"The network was not exported to {path}: {reason}.")
