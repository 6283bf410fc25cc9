"""Exports a network: written aside, read back by another program's own reader, then moved."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.errors import DrawingError, ExchangeError, ModelFileError
from mnist_gui.engine.exchange.events import Exported, ExportStage
from mnist_gui.engine.exchange.formats import Format, format_of
from mnist_gui.engine.exchange.fresh_process import ProcessError, module_command, run_python
from mnist_gui.engine.files.atomic_file import replace_file, replacing
from mnist_gui.engine.files.regular_file import explain
from mnist_gui.engine.model_file import save_snapshot
from mnist_gui.engine.own_digits.drawings_file import write_drawings
from mnist_gui.engine.pen_drawings import draw
from mnist_gui.engine.pen_styles import PEN_STYLES
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.strokes import LabelledDrawing

CHECKED_DRAWINGS = 100
LARGEST_DIFFERENCE = 1e-4
"""Probabilities that differ by more are not those of the same network."""

_SCRIPT = Path(__file__).with_name("predict.py")
_MOST_SCRIPTS = 100


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
        "mnist_gui.engine.exchange.writing_process",
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
    styles = [PEN_STYLES[number % len(PEN_STYLES)] for number in range(CHECKED_DRAWINGS)]
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
