"""Start the program: a command, or the window if none is given."""

import sys
from functools import partial

# Before anything else is imported: Ctrl-C meanwhile ends the program as silently as later.
sys.excepthook = lambda kind, error, trace: (
    None if kind is KeyboardInterrupt else sys.__excepthook__(kind, error, trace)
)

import os  # noqa: E402

from mnist_gui import __version__  # noqa: E402
from mnist_gui.cli.console import (  # noqa: E402
    INTERRUPTED,
    discard_output,
    end_at_interrupt,
    output_error,
    prepare_streams,
    raise_at_interrupt,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def main() -> int:
    """Run what the command line asks for; return the exit status.

    All else is imported only now, so that Ctrl-C ends the program at any time without a traceback.
    """
    end_at_interrupt()
    prepare_streams()
    try:
        status = _run()
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 0
    return _status_once_written(status)


def _run() -> int:
    if sys.argv[1:] == ["--version"]:
        # At once, without all that reads a command line.
        print(f"mnist-gui {__version__}")
        return 0
    from mnist_gui.cli.main import parse_arguments, run_command

    arguments = parse_arguments()
    # Only now, as help has ended the program by then.
    from mnist_gui.engine.io import sudden_end
    from mnist_gui.error_log import keep_error_log
    from mnist_gui.words.language import tr

    keep_error_log()
    sudden_end.words = tr("TensorFlow ended the program while it was being loaded. It said last:")
    if not arguments.command:
        return _open_window(arguments)
    try:
        raise_at_interrupt()
        status = run_command(arguments)
        end_at_interrupt()
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _status_once_written(status: int) -> int:
    """Return the exit status; FAILED, and say why, if what was printed cannot be written."""
    error = output_error()
    if error is None:
        return status
    discard_output()
    if isinstance(error, BrokenPipeError):
        # Its reader has seen enough.
        return status
    from mnist_gui.cli.parser import FAILED, print_message
    from mnist_gui.words.errors import reason
    from mnist_gui.words.language import tr

    text = tr("What is printed cannot be written: {reason}.")
    print_message(text.format(reason=reason(error)))
    return FAILED


def _open_window(arguments: "argparse.Namespace") -> int:
    from mnist_gui.cli.parser import FAILED, dataset_choice, print_message
    from mnist_gui.display import display_problem, has_display

    if arguments.screenshot and not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    problem = display_problem()
    if problem:
        print_message(problem)
        return FAILED
    from mnist_gui.app import run_window
    from mnist_gui.engine.io import sudden_end
    from mnist_gui.paths import log_file

    # Who starts it from a menu sees no standard error, and is told at the next start.
    sudden_end.find_mark = partial(log_file, "tensorflow-ended")
    status = run_window(arguments, dataset_choice(arguments))
    end_at_interrupt()
    return status


if __name__ == "__main__":
    sys.exit(main())
