"""The network that a command is told to use: of a file, or of a run that is kept."""

import argparse
from dataclasses import dataclass

from mnist_gui.cli.messages import tell
from mnist_gui.cli.run_ledger import open_ledger
from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.runs.resume import count_in
from mnist_gui.engine.runs.store import RunLedger
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.resources import SHIPPED_NETWORK


@dataclass(frozen=True, slots=True)
class NamedNetwork:
    """A network, and the run it is of: found once, as the "last" one may be another one later."""

    snapshot: Snapshot
    ledger: RunLedger | None = None
    run: str = ""

    def count_test(self, dataset: Dataset) -> None:
        """Note it with the run, if it is one's, that its network has read the test images."""
        if self.ledger:
            count_in(self.ledger, self.run, dataset, tell)


def named_network(arguments: argparse.Namespace) -> NamedNetwork:
    """Load the network of `--model` or `--run`, or the one that ships.

    Raises ModelFileError or RunRecordError.
    """
    if arguments.run is None:
        if arguments.runs:
            raise RunRecordError("--runs goes with --run; leave it out, or name a run by --run.")
        return NamedNetwork(load_snapshot(arguments.model or SHIPPED_NETWORK))
    ledger = open_ledger(arguments)
    run = ledger.find(arguments.run).identity
    return NamedNetwork(ledger.snapshot(run), ledger, run)
