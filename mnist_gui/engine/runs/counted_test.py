"""Tests of a network whose run is kept: the more often they are made, the less they are worth."""

from collections.abc import Callable, Iterator

from mnist_gui.engine.classifier import evaluate_network
from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.events import ImagesRead, Tested
from mnist_gui.engine.runs.ledger import RunLedger
from mnist_gui.engine.snapshot import Snapshot


def counted_test(
    snapshot: Snapshot, dataset: Dataset, count: Callable[[Tested], object]
) -> Iterator[ImagesRead | Tested]:
    """Yield what `evaluate_network` yields; `count` is called once all test images are read."""
    for event in evaluate_network(snapshot, dataset.test):
        if isinstance(event, Tested):
            count(event)
        yield event


def count_in(
    ledger: RunLedger, identity: str, dataset: Dataset, tell: Callable[[str], None]
) -> None:
    """Note with a run that its network has read the test images of a data set once more.

    Where that cannot be noted, `tell` is called with the reason: the result is no worse for it.
    """
    try:
        ledger.count_test(identity, dataset.fingerprint)
    except RunRecordError as error:
        tell(str(error))
