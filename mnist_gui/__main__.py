"""Start the program: a command, or the window if none is given."""

import argparse
import os
import sys

from mnist_gui.cli.main import parse_arguments
from mnist_gui.cli.parser import FAILED, print_message
from mnist_gui.display import display_problem, has_display
from mnist_gui.engine.io import sudden_end
from mnist_gui.error_log import keep_error_log
from mnist_gui.words.language import tr


def main() -> int:
    """Run what the command line asks for; return the exit status."""
    arguments = parse_arguments()
    keep_error_log()
    sudden_end.words = tr("TensorFlow ended the program while it was being loaded. It said last:")
    if arguments.command:
        from mnist_gui.cli.main import run_command

        return run_command(arguments)
    return _open_window(arguments)


def _open_window(arguments: argparse.Namespace) -> int:
    if arguments.screenshot and not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    problem = display_problem()
    if problem:
        print_message(problem)
        return FAILED
    from mnist_gui.app import run_window

    return run_window(arguments)


if __name__ == "__main__":
    sys.exit(main())
