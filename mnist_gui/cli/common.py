"""What the commands share: arguments, exit statuses, messages, and named networks and runs."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.digits.files import DrawingsFound, find_drawings, name_fault
from mnist_gui.engine.digits.model import Fault
from mnist_gui.engine.errors import ModelFileError, RunRecordError
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.recipe import AUTOMATIC
from mnist_gui.engine.runs.resume import count_in
from mnist_gui.engine.runs.store import RunLedger, kept_runs
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.paths import SHIPPED_NETWORK, data_folder

DONE = 0
FAILED = 2
INTERRUPTED = 130
MEANINGS = MappingProxyType(
    {
        DONE: "done",
        FAILED: "something has to be put right; standard error says what",
        INTERRUPTED: "stopped by Ctrl-C",
    }
)
Commands = argparse._SubParsersAction
_LONGEST_QUOTE = 40
_MOST_NAMED = 20


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let results be asked for as JSON."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def add_runs_folder(parser: argparse._ActionsContainer, dest: str = "runs") -> None:
    """Let the folder of the runs be named."""
    parser.add_argument(
        "--runs",
        dest=dest,
        type=Path,
        metavar="DIR",
        help="where runs are kept (default: as chosen in the window, else your data folder)",
    )


def add_data(parser: argparse._ActionsContainer, dest: str = "data") -> None:
    """Let the data set be named."""
    parser.add_argument(
        "--data",
        dest=dest,
        type=Path,
        metavar="DIR",
        help="a data set in MNIST's format (default: MNIST)",
    )


def add_device(parser: argparse._ActionsContainer) -> None:
    """Let the device be named."""
    parser.add_argument(
        "--device",
        default=AUTOMATIC,
        metavar="NAME",
        help='what computes: CPU, "GPU 0", ... (default: a GPU if there is one)',
    )


def tell(sentence: str) -> None:
    """Say something on standard error, in one line."""
    print(f"mnist-gui: {' '.join(sentence.splitlines())}", file=sys.stderr)


def percent(share: float, decimals: int = 2) -> str:
    """Return a share, 0..1, as "99.24 %"."""
    return f"{share * 100:.{decimals}f} %"


class Parser(argparse.ArgumentParser):
    """Takes options by their whole names only, so that a new one changes no old command line."""

    def __init__(self, *, example: str = "", **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)
        self._example = example

    def format_help(self) -> str:
        """Return the help, with the example and what the exit status says."""
        parts = [super().format_help()]
        if self._example:
            parts.append(f"example:\n  {self._example}\n")
        meanings = "\n".join(f"  {status:<4} {meaning}" for status, meaning in MEANINGS.items())
        return "\n".join([*parts, f"exit status:\n{meanings}\n"])

    def error(self, message: str) -> NoReturn:
        """End the program with a sentence."""
        tell(f"{message[:1].upper()}{message[1:]}; see '{self.prog} --help'.")
        self.exit(FAILED)


def whole_number(text: str) -> int:
    """Read a whole number that was typed."""
    try:
        return int(text)
    except ValueError as error:
        raise _refused(text, "a whole number") from error


def number(text: str) -> float:
    """Read a number that was typed."""
    try:
        return float(text)
    except ValueError as error:
        raise _refused(text, "a number") from error


def _refused(text: str, wanted: str) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(f"{text[:_LONGEST_QUOTE]!r} is not {wanted}")


def check_out(out: Path) -> None:
    """Find out before the work, not after it, that nothing can be saved there."""
    folder = out.resolve().parent
    if out.is_dir() or not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise ModelFileError(
            f"The network cannot be saved to {out}; name a file in a folder that can be written."
        )


def open_ledger(arguments: argparse.Namespace) -> RunLedger:
    """Return the ledger of the folder that was named, chosen in the window, or the usual one."""
    return RunLedger(arguments.runs or kept_runs(data_folder()))


@dataclass(frozen=True, slots=True)
class NamedNetwork:
    """A network, and the run it is of: found once, as the "last" one may be another one later."""

    snapshot: Snapshot
    ledger: RunLedger | None = None
    run: str = ""

    def count_test(self, dataset: Dataset) -> None:
        """Note it with the run, if it is one's, that its network has read the test images."""
        if self.ledger:
            count_in(self.ledger, self.run, dataset, tell)


def named_network(arguments: argparse.Namespace) -> NamedNetwork:
    """Load the network of `--model` or `--run`, or the one that ships.

    Raises ModelFileError or RunRecordError.
    """
    if arguments.run is None:
        if arguments.runs:
            raise RunRecordError("--runs goes with --run; leave it out, or name a run by --run.")
        return NamedNetwork(load_snapshot(arguments.model or SHIPPED_NETWORK))
    ledger = open_ledger(arguments)
    run = ledger.find(arguments.run).identity
    return NamedNetwork(ledger.snapshot(run), ledger, run)


def find_and_name(path: Path) -> DrawingsFound:
    """Read a file of drawings, and name on standard error what is wrong with it.

    Raises DrawingError for a file that cannot be read at all.
    """
    found = find_drawings(path)
    _name(path, found.faults, "are left out")
    _name(path, found.repeats, "are there more than once")
    return found


def _name(path: Path, faults: Sequence[Fault], what: str) -> None:
    for fault in faults[:_MOST_NAMED]:
        tell(name_fault(path, fault))
    if len(faults) > _MOST_NAMED:
        tell(f"{path}: {len(faults):,} drawings {what}.")
