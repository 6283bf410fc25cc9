"""Export a network for other programs, and verify the file before it is saved."""

import json
from collections.abc import Generator, Iterator
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.drawing import LabelledDrawing, format_drawing
from mnist_gui.engine.errors import ExchangeError, FileFormatError
from mnist_gui.engine.exchange.formats import Exported, ExportPhase, Format, format_of
from mnist_gui.engine.io.files import real_path, replacing, write_file_atomically
from mnist_gui.engine.io.process import ProcessError, module_command, run_python
from mnist_gui.engine.io.temporary import explaining_temporary_files, temporary_folder
from mnist_gui.engine.models.model_file import write_snapshot
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.synthetic.generate import draw
from mnist_gui.engine.synthetic.styles import DIGIT_STYLES

CHECKED_DRAWINGS = 100
LARGEST_DIFFERENCE = 1e-4
"""The largest difference of probabilities with which an export is accepted."""
_SCRIPT = Path(__file__).with_name("predict.py")
_MOST_SCRIPTS = 100


def export_network(
    snapshot: Snapshot, path: Path, tolerance: float = LARGEST_DIFFERENCE
) -> Iterator[ExportPhase | Exported]:
    """Write the network in the format of the file's name, and `predict.py` beside it.

    Before the file gets its name, the script predicts 100 drawings with it in a new process, and
    its probabilities must be the engine's within `tolerance`. Yields the phase, repeatedly, and
    Exported at the end. Raises ExchangeError and TemporaryFilesError; then, and when the iterator
    is closed early, nothing has changed.
    """
    kind = format_of(path)
    try:
        # Fail before the work if there is no such folder.
        if path.is_dir():
            raise IsADirectoryError(21, "", str(path))
        real_path(path).parent.stat()
        with temporary_folder() as folder:
            yield from _exported(snapshot, path, kind, folder, tolerance)
    except (OSError, FileFormatError) as error:
        raise _failure(path, error) from error


def _exported(
    snapshot: Snapshot, path: Path, kind: Format, folder: Path, tolerance: float
) -> Iterator[ExportPhase | Exported]:
    draft = folder / f"network{kind.value}"
    yield ExportPhase.WRITING
    drawings = "".join(f"{format_drawing(each)}\n" for each in check_drawings())
    with explaining_temporary_files():
        with (folder / "network.mnistgui").open("wb") as file:
            write_snapshot(file, snapshot)
        (folder / "drawings.jsonl").write_text(drawings, "utf-8")
    command = module_command(
        "mnist_gui.engine.exchange.export_process",
        "network.mnistgui",
        draft.name,
        "drawings.jsonl",
        "answers.npy",
    )
    try:
        for _ in run_python(command, folder):
            yield ExportPhase.WRITING
    except ProcessError as error:
        raise _failure(path, ExchangeError("export-not-written", reason=error)) from error
    content = draft.read_bytes()
    answers = np.load(folder / "answers.npy")
    difference = yield from check(draft, answers, path, tolerance)
    with replacing(path) as file:
        file.write(content)
        script = place_script(path.parent)
    yield Exported(path, script, kind, len(content), CHECKED_DRAWINGS, difference)


def check_drawings() -> list[LabelledDrawing]:
    """Return the drawings that every export is verified with, of all digit styles."""
    styles = list(islice(cycle(DIGIT_STYLES), CHECKED_DRAWINGS))
    drawings = draw(styles, np.random.default_rng(2024))
    return list(map(LabelledDrawing, drawings, (style.digit for style in styles)))


def check(
    draft: Path, wanted: NDArray[np.float32], path: Path, tolerance: float = LARGEST_DIFFERENCE
) -> Generator[ExportPhase, None, float]:
    """Run `predict.py` on `drawings.jsonl`, beside the draft, and compare its probabilities.

    Returns the largest difference. Raises ExchangeError, which names `path`.
    """
    folder = draft.parent
    with explaining_temporary_files():
        (folder / _SCRIPT.name).write_bytes(_SCRIPT.read_bytes())
    command = ["-P", _SCRIPT.name, draft.name, "drawings.jsonl", "--json"]
    try:
        yield ExportPhase.CHECKING
        for _ in run_python(command, folder):
            yield ExportPhase.CHECKING
        found = _answers((folder / "output").read_text("utf-8"))
    except ProcessError as error:
        raise _failure(path, ExchangeError("export-not-read", reason=error)) from error
    if found.shape != wanted.shape or not np.isfinite(found).all():
        raise _failure(path, ExchangeError("export-not-ten"))
    difference = float(np.abs(found - wanted).max())
    if difference > tolerance:
        raise _failure(path, ExchangeError("export-differs", difference=difference))
    return difference


def _answers(output: str) -> NDArray[np.float64]:
    """Return the probabilities (n, 10) that `predict.py --json` printed."""
    lines = [line for line in output.splitlines() if line.startswith("{")]
    rows = [json.loads(line)["probabilities"] for line in lines]
    return np.array(rows, np.float64) if len({len(row) for row in rows}) == 1 else np.empty((0, 0))


def place_script(folder: Path) -> Path:
    """Write `predict.py` to the folder and return its path; no other file is overwritten."""
    content = _SCRIPT.read_bytes()
    for number in range(1, _MOST_SCRIPTS):
        path = folder / (_SCRIPT.name if number == 1 else f"{_SCRIPT.stem}-{number}.py")
        if not path.exists():
            write_file_atomically(path, content)
            return path
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return path
    raise ExchangeError("export-script-names-taken", folder=folder, name=_SCRIPT.name)


def _failure(path: Path, reason: Exception) -> ExchangeError:
    return ExchangeError("not-exported", path=path, reason=reason)
