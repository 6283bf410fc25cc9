"""Open what the arguments of a command name: networks, the run store, files of drawings."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import Any, TypeAlias

from mnist_gui.cli.parser import dataset_choice, print_message, print_problem
from mnist_gui.engine.data.correction import DatasetChoice
from mnist_gui.engine.dataset import Dataset, load_choice
from mnist_gui.engine.digits.files import DrawingsFile, line_error, read_drawings_leniently
from mnist_gui.engine.digits.model import LineError
from mnist_gui.engine.drawing import DRAWING_SUFFIXES
from mnist_gui.engine.errors import DrawingError, ModelFileError, ReportFileError, RunStoreError
from mnist_gui.engine.io.files import check_writable
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.pictures.result import SUFFIXES, UNREAD_SUFFIXES
from mnist_gui.engine.runs.active_run import record_test_evaluation
from mnist_gui.engine.runs.folder_choice import kept_runs
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.paths import SHIPPED_NETWORK, data_folder
from mnist_gui.words.errors import sentence
from mnist_gui.words.language import tr

_MOST_NAMED = 20


def check_out(out: Path | None) -> None:
    """Raise ModelFileError, before any work is done, if nothing can be saved there."""
    if out is not None:
        try:
            check_writable(out)
        except OSError as error:
            raise ModelFileError("network-not-saved", path=out, reason=error) from error


def check_report(path: Path | None) -> None:
    """Raise ReportFileError, before any work is done, if no report can be saved there."""
    if path is not None:
        try:
            check_writable(path)
        except OSError as error:
            raise ReportFileError("report-unwritable", path=path, reason=error) from error


def open_run_store(arguments: argparse.Namespace) -> RunStore:
    """Open the folder of `--runs`, else the one chosen in the window, else the default one."""
    return RunStore(arguments.runs or kept_runs(data_folder()))


def open_store_to_record(arguments: argparse.Namespace) -> RunStore:
    """Open that folder; raise RunStoreError before any work if it cannot be written to."""
    store = open_run_store(arguments)
    store.check_writable()
    return store


@dataclass(frozen=True, slots=True)
class SelectedNetwork:
    """A network and its run, if it has one; "last" is looked up once, as it may change."""

    snapshot: Snapshot
    store: RunStore | None = None
    run: str = ""

    def count_test_evaluation(self, dataset: Dataset) -> None:
        """Record in the run, if there is one, that its network was tested once more."""
        if self.store:
            record_test_evaluation(self.store, self.run, dataset, print_problem)


def selected_network(arguments: argparse.Namespace) -> SelectedNetwork:
    """Load the network of `--model` or `--run`, or the one shipped with the program.

    Raises ModelFileError or RunStoreError.
    """
    if arguments.run is None:
        if arguments.runs:
            raise RunStoreError(tr("--runs goes with --run; leave it out, or name a run by --run."))
        return SelectedNetwork(load_snapshot(arguments.model or SHIPPED_NETWORK))
    store = open_run_store(arguments)
    run = store.find(arguments.run).run_id
    return SelectedNetwork(store.snapshot(run), store, run)


Load: TypeAlias = Callable[[DatasetChoice], Dataset]
"""Loads a data set, as `load_choice` does."""


def open_dataset(
    arguments: argparse.Namespace, load: Load = load_choice, *, tells: bool = True
) -> Dataset:
    """Open the data set of `--data`, or MNIST, as the options say.

    Unless it does not `tell`, say on standard error what is to be known of how it was read.
    """
    dataset = load(dataset_choice(arguments))
    for note in dataset.notes if tells else ():
        text = tr("{data}: {sentence}")
        print_message(text.format(data=dataset.name, sentence=sentence(note)))
    return dataset


def read_drawings_file(path: Path) -> DrawingsFile:
    """Read a file of drawings; name on standard error the lines that are wrong or repeated.

    Raises DrawingError for a file that cannot be read at all.
    """
    found = read_drawings_leniently(path)
    print_faults(path, found)
    text = tr("{path}: {count:,} drawings are there more than once.")
    _print_errors(path, found.repeats, text)
    return found


def print_faults(path: Path, found: DrawingsFile) -> None:
    """Name on standard error the lines of a file of drawings that are wrong."""
    _print_errors(path, found.faults, tr("{path}: {count:,} drawings are left out."))


def files_named(path: Path) -> list[Path]:
    """Return the files that an argument names: itself, those in a folder, or those of a pattern.

    In a folder these are the pictures and drawings, by their names, without those of its own
    folders. On Windows nobody else expands patterns such as `*.png`. Raises DrawingError if there
    are none.
    """
    try:
        if path.is_dir():
            return _files_in(path)
        if not has_magic(str(path)) or path.exists():
            return [path]
    except OSError as error:
        raise DrawingError("drawings-unreadable", path=path, reason=error) from error
    # Not Path.glob: a pattern may begin at the root, and has parts that are no patterns.
    found = sorted(Path(each) for each in glob(str(path), recursive=True))  # noqa: PTH207
    if not found:
        text = tr("No file is named like {pattern}; check the pattern and its folder.")
        raise DrawingError(text.format(pattern=path))
    return found


def _files_in(folder: Path) -> list[Path]:
    # Also those that cannot be read, so that they are named.
    suffixes = SUFFIXES + UNREAD_SUFFIXES + DRAWING_SUFFIXES
    found = [
        each
        for each in sorted(folder.iterdir())
        if each.suffix.lower() in suffixes and not each.name.startswith(".") and each.is_file()
    ]
    if not found:
        text = tr(
            "The folder {folder} has no pictures or drawings in it; name another one, or, for "
            "those in its own folders, a pattern such as '{pattern}'."
        )
        raise DrawingError(text.format(folder=folder, pattern=folder / "**" / "*.png"))
    return found


def faults_as_json(faults: Sequence[LineError]) -> list[dict[str, Any]]:
    """Return the line and the sentence of each error."""
    return [{"line": fault.line, "reason": sentence(fault.error)} for fault in faults]


def _print_errors(path: Path, faults: Sequence[LineError], summary: str) -> None:
    for fault in faults[:_MOST_NAMED]:
        print_message(sentence(line_error(path, fault)))
    if len(faults) > _MOST_NAMED:
        print_message(summary.format(path=path, count=len(faults)))
