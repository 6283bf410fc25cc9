"""The ledger of the runs that a command works with."""

import argparse

from mnist_gui.engine.runs.ledger import RunLedger
from mnist_gui.folders import data_folder
from mnist_gui.runs_choice import kept_runs


def open_ledger(arguments: argparse.Namespace) -> RunLedger:
    """Return the ledger of the folder that was named, chosen in the window, or the usual one."""
    return RunLedger(arguments.runs or kept_runs(data_folder()))
