"""What the commands share: the parser, hyperparameters as options, exit statuses and messages."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from mnist_gui.cli.console import INTERRUPTED
from mnist_gui.cli.wrap import HelpFormatter
from mnist_gui.engine.hyperparameter import Bounds
from mnist_gui.engine.recipe import HYPERPARAMETERS
from mnist_gui.words.language import listed, tr
from mnist_gui.words.recipes import option_help

if TYPE_CHECKING:
    from mnist_gui.engine.data.correction import DatasetChoice
    from mnist_gui.engine.exchange.images import Convention

DONE = 0
FAILED = 2
OPTIONS = tuple(name for name, each in HYPERPARAMETERS.items() if each.option)
"""The hyperparameters that are options of the command line."""

_LONGEST_QUOTE = 40


def add_value(parser: argparse._ActionsContainer, name: str, help_text: str = "") -> None:
    """Add an option for a hyperparameter; `help_text` replaces its own help."""
    declared = HYPERPARAMETERS[name]
    help_text = help_text or option_help(name)
    match declared.allowed:
        case Bounds(is_whole=True):
            how: dict[str, Any] = {"type": whole_number, "metavar": "N"}
        case Bounds():
            how = {"type": number, "metavar": "X"}
        case choices:
            how = {"metavar": "NAME"}
            help_text = tr("{what}: {choices}").format(what=help_text, choices=listed(choices))
    parser.add_argument(f"--{name.replace('_', '-')}", help=help_text.replace("%", "%%"), **how)


def typed_values(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the hyperparameters given on the command line, by name."""
    values = {name: getattr(arguments, name, None) for name in OPTIONS}
    return {name: value for name, value in values.items() if value is not None}


def dataset_choice(arguments: argparse.Namespace) -> "DatasetChoice":
    """Return which data set the options name, and how its images are mended."""
    from mnist_gui.engine.data.correction import Correction, DatasetChoice, Turn

    turn = Turn.TRANSPOSE if arguments.transpose else Turn.NONE
    correction = Correction(turn, arguments.invert, arguments.brighten)
    return DatasetChoice(arguments.data, arguments.resize, (correction,) if correction else ())


def print_message(sentence: str) -> None:
    """Print a sentence on standard error, in one line."""
    print(f"mnist-gui: {' '.join(sentence.splitlines())}", file=sys.stderr)


def print_problem(error: Exception) -> None:
    """Print the sentence of an error on standard error."""
    from mnist_gui.words.errors import sentence

    print_message(sentence(error))


def print_result(arguments: argparse.Namespace, value: Any, text: str) -> None:
    """Print the value as JSON if that is asked for, else the text."""
    import json

    print(json.dumps(value) if arguments.json else text)


class Parser(argparse.ArgumentParser):
    """Accepts only full option names, so that new options cannot make old commands ambiguous.

    `add_options` is called with the parser when its options are needed: of all commands, only one
    is run.
    """

    def __init__(
        self,
        *,
        example: str = "",
        add_options: "Callable[[Parser], None] | None" = None,
        **options: Any,
    ) -> None:
        super().__init__(allow_abbrev=False, formatter_class=HelpFormatter, **options)
        self._example = example
        self._add_options = add_options

    def complete(self) -> None:
        """Add the options, if they are not there yet."""
        add_options, self._add_options = self._add_options, None
        if add_options is not None:
            add_options(self)

    def parse_known_args(self, *arguments: Any, **options: Any) -> Any:
        """Parse as argparse does, with all options."""
        self.complete()
        return super().parse_known_args(*arguments, **options)

    def format_help(self) -> str:
        """Return the help, with an example and the exit statuses."""
        self.complete()
        parts = [super().format_help()]
        if self._example:
            parts.append(tr("example:") + f"\n  {self._example}\n")
        statuses = {
            DONE: tr("done"),
            FAILED: tr("something has to be put right; standard error says what"),
            INTERRUPTED: tr("stopped by Ctrl-C"),
        }
        meanings = (f"  {status:<4} {meaning}\n" for status, meaning in statuses.items())
        return "\n".join([*parts, tr("exit status:") + "\n" + "".join(meanings)])

    def error(self, message: str) -> NoReturn:
        """Print the message and end the program."""
        message = f"{message[:1].upper()}{message[1:]}"
        text = tr("{message}; see '{command} --help'.")
        print_message(text.format(message=message, command=self.prog))
        self.exit(FAILED)


def convention(text: str) -> "Convention":
    """Convert an argument to how a network wants its images."""
    from mnist_gui.engine.exchange.images import CONVENTIONS

    found = {each.name: each for each in CONVENTIONS}
    if text not in found:
        raise _refusal(tr("{text!r} is none of {names}"), text, names=listed(found))
    return found[text]


def whole_number(text: str) -> int:
    """Convert an argument to an int."""
    try:
        return int(text)
    except ValueError as error:
        raise _refusal(tr("{text!r} is not a whole number"), text) from error


def number(text: str) -> float:
    """Convert an argument to a float."""
    try:
        return float(text)
    except ValueError as error:
        raise _refusal(tr("{text!r} is not a number"), text) from error


def _refusal(sentence: str, text: str, **facts: str) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(sentence.format(text=text[:_LONGEST_QUOTE], **facts))
