"""The ledger of the runs that a command works with."""

import argparse

from mnist_gui.engine.runs.ledger import RunLedger
from mnist_gui.folders import data_folder, runs_folder


def open_ledger(arguments: argparse.Namespace) -> RunLedger:
    """Return the ledger of the folder that was named, or of the user's own."""
    return RunLedger(arguments.runs or runs_folder(data_folder()))
