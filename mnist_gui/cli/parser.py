"""What the commands share: their parser and arguments, exit statuses and messages."""

import argparse
import sys
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from mnist_gui.engine.hyperparameter import Bounds
from mnist_gui.engine.recipe import AUTOMATIC, HYPERPARAMETERS

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
OPTIONS = tuple(name for name, each in HYPERPARAMETERS.items() if each.option)
"""The hyperparameters that can be typed."""

Commands = argparse._SubParsersAction
_LONGEST_QUOTE = 40


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let results be asked for as JSON."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def add_runs_folder(parser: argparse._ActionsContainer) -> None:
    """Let the folder of the runs be named."""
    parser.add_argument(
        "--runs",
        type=Path,
        metavar="DIR",
        help="where runs are kept (default: as chosen in the window, else your data folder)",
    )


def add_data(parser: argparse._ActionsContainer) -> None:
    """Let the data set be named."""
    parser.add_argument(
        "--data",
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


def add_value(parser: argparse._ActionsContainer, name: str, help_text: str = "") -> None:
    """Let a hyperparameter be typed; `help_text` takes the place of its own help."""
    declared = HYPERPARAMETERS[name]
    help_text = help_text or declared.option
    match declared.allowed:
        case Bounds(is_whole=True):
            how: dict[str, Any] = {"type": whole_number, "metavar": "N"}
        case Bounds():
            how = {"type": number, "metavar": "X"}
        case choices:
            how = {"metavar": "NAME"}
            help_text = f"{help_text}: {', '.join(choices)}"
    parser.add_argument(f"--{name.replace('_', '-')}", help=help_text.replace("%", "%%"), **how)


def typed_values(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the hyperparameters that were typed, by name."""
    values = {name: getattr(arguments, name, None) for name in OPTIONS}
    return {name: value for name, value in values.items() if value is not None}


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
