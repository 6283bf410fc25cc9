"""The network that a command is told to use: of a file, or of a run that is kept."""

import argparse

from mnist_gui.cli.recorded_training import open_ledger, tell
from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.model_file import load_snapshot
from mnist_gui.engine.snapshot import Snapshot


def named_network(arguments: argparse.Namespace) -> Snapshot:
    """Load the network of `--model` or `--run`; raises ModelFileError or RunRecordError."""
    if arguments.model:
        return load_snapshot(arguments.model)
    ledger = open_ledger(arguments)
    return ledger.snapshot(ledger.find(arguments.run).identity)


def count_test(arguments: argparse.Namespace) -> None:
    """Note it with the run of `--run` that the test images were read once more."""
    if arguments.run:
        ledger = open_ledger(arguments)
        try:
            ledger.count_test(ledger.find(arguments.run).identity)
        except RunRecordError as error:
            # The result is no worse for it.
            tell(str(error))
