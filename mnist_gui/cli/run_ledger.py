"""The ledger of the runs that a command works with."""

import argparse

from mnist_gui.engine.runs.store import RunLedger, kept_runs
from mnist_gui.folders import data_folder


def open_ledger(arguments: argparse.Namespace) -> RunLedger:
    """Return the ledger of the folder that was named, chosen in the window, or the usual one."""
    return RunLedger(arguments.runs or kept_runs(data_folder()))
