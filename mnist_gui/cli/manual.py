"""All commands on one page, and scripts with which a shell completes them."""

import argparse
from collections.abc import Iterator

from mnist_gui.cli.parser import Parser
from mnist_gui.engine.recipe import RECIPES

SHELLS = ("bash", "zsh", "tcsh")
"""The shells that there are scripts for."""

_FILES = ("FILE", "INPUT", "MODEL", "PATH")
_LINE = 80


def manual(parser: Parser) -> str:
    """Return the help of the program and of each command, and of each action of a command."""
    rule = "\n" + _LINE * "=" + "\n\n"
    return rule.join(each.format_help().rstrip() + "\n" for each in _all(parser)).rstrip()


def completion_script(parser: Parser, shell: str) -> str:
    """Return the script that teaches a shell the commands, their options, recipes and files.

    The parser is of no other use afterwards.
    """
    import shtab

    for each in _all(parser):
        for action in each._actions:
            if action.metavar in _FILES:
                action.complete = shtab.FILE  # type: ignore[attr-defined]
            elif action.metavar == "DIR":
                action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
            elif action.dest == "recipe":
                action.choices = tuple(RECIPES)
    return str(shtab.complete(parser, shell))


def _all(parser: Parser) -> Iterator[Parser]:
    """Yield the parser, and those of its commands, with all their options."""
    parser.complete()
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from _all(each)
