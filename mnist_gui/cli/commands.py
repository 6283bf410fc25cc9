"""Runs the command that was typed; what goes wrong becomes one line and an exit status."""

import argparse
import os
import sys

from mnist_gui.cli.exit_status import DONE, FAILED, INTERRUPTED
from mnist_gui.cli.messages import tell
from mnist_gui.engine.errors import log_unexpected, sentence


def run_command(arguments: argparse.Namespace) -> int:
    """Run the command that the arguments name; return the exit status, 2 for what went wrong."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain once more when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - a user gets a sentence, never a traceback
        log_unexpected(error)
        tell(sentence(error))
        return FAILED


def _run(arguments: argparse.Namespace) -> int:
    # Each command loads only what it needs.
    match arguments.command:
        case "train" if arguments.recipe == "personal":
            from mnist_gui.cli.personal import run_personal as run
        case "train":
            from mnist_gui.cli.train import run_train as run
        case "evaluate":
            from mnist_gui.cli.evaluate import run_evaluate as run
        case "classify":
            from mnist_gui.cli.classify import run_classify as run
        case "export":
            from mnist_gui.cli.exchange import run_export as run
        case "import":
            from mnist_gui.cli.exchange import run_import as run
        case "runs":
            from mnist_gui.cli.runs import run_runs as run
        case "sweep":
            from mnist_gui.cli.sweep import run_sweep as run
    return run(arguments)
