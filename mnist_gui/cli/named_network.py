"""The network that a command is told to use: of a file, or of a run that is kept."""

import argparse

from mnist_gui.cli.messages import tell
from mnist_gui.cli.run_ledger import open_ledger
from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.model_file import load_snapshot
from mnist_gui.engine.runs.counted_test import count_in
from mnist_gui.engine.snapshot import Snapshot


def named_network(arguments: argparse.Namespace) -> Snapshot:
    """Load the network of `--model` or `--run`; raises ModelFileError or RunRecordError."""
    if arguments.model:
        return load_snapshot(arguments.model)
    ledger = open_ledger(arguments)
    return ledger.snapshot(ledger.find(arguments.run).identity)


def count_test(arguments: argparse.Namespace, dataset: Dataset) -> None:
    """Note it with the run of `--run` that its network has read the test images once more."""
    if arguments.run:
        ledger = open_ledger(arguments)
        count_in(ledger, ledger.find(arguments.run).identity, dataset, tell)
