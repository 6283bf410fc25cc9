"""The parser of every command: one sentence for what is wrong, an example for what is right."""

import argparse
from typing import Any, NoReturn

from mnist_gui.cli.exit_status import FAILED, MEANINGS
from mnist_gui.cli.messages import tell

Commands = argparse._SubParsersAction
_LONGEST_QUOTE = 40


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
