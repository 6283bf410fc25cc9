"""What the commands are given: networks, runs and files of drawings, found by their names."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mnist_gui.cli.parser import tell
from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.digits.files import DrawingsFile, line_error_text, read_drawings_leniently
from mnist_gui.engine.digits.model import LineError
from mnist_gui.engine.errors import ModelFileError, RunStoreError
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.runs.active_run import record_test_evaluation
from mnist_gui.engine.runs.store import RunStore, kept_runs
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.paths import SHIPPED_NETWORK, data_folder

_MOST_NAMED = 20


def check_out(out: Path) -> None:
    """Find out before the work, not after it, that nothing can be saved there."""
    folder = out.resolve().parent
    if out.is_dir() or not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise ModelFileError(
            f"The network cannot be saved to {out}; name a file in a folder that can be written."
        )


def open_run_store(arguments: argparse.Namespace) -> RunStore:
    """Return the run store of the folder that was named, chosen in the window, or the usual one."""
    return RunStore(arguments.runs or kept_runs(data_folder()))


@dataclass(frozen=True, slots=True)
class SelectedNetwork:
    """A network, and the run it is of: found once, as the "last" one may be another one later."""

    snapshot: Snapshot
    store: RunStore | None = None
    run: str = ""

    def count_test(self, dataset: Dataset) -> None:
        """Note it with the run, if it is one's, that its network has read the test images."""
        if self.store:
            record_test_evaluation(self.store, self.run, dataset, tell)


def selected_network(arguments: argparse.Namespace) -> SelectedNetwork:
    """Load the network of `--model` or `--run`, or the one that ships.

    Raises ModelFileError or RunStoreError.
    """
    if arguments.run is None:
        if arguments.runs:
            raise RunStoreError("--runs goes with --run; leave it out, or name a run by --run.")
        return SelectedNetwork(load_snapshot(arguments.model or SHIPPED_NETWORK))
    store = open_run_store(arguments)
    run = store.find(arguments.run).identity
    return SelectedNetwork(store.snapshot(run), store, run)


def find_and_name(path: Path) -> DrawingsFile:
    """Read a file of drawings, and name on standard error what is wrong with it.

    Raises DrawingError for a file that cannot be read at all.
    """
    found = read_drawings_leniently(path)
    _name(path, found.faults, "are left out")
    _name(path, found.repeats, "are there more than once")
    return found


def _name(path: Path, faults: Sequence[LineError], what: str) -> None:
    for fault in faults[:_MOST_NAMED]:
        tell(line_error_text(path, fault))
    if len(faults) > _MOST_NAMED:
        tell(f"{path}: {len(faults):,} drawings {what}.")
