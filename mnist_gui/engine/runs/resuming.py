"""Runs that are kept, such that they can be gone on with."""

from collections.abc import Callable

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import AUTOMATIC
from mnist_gui.engine.runs.ledger import RunLedger
from mnist_gui.engine.runs.recorded_run import RecordedRun
from mnist_gui.engine.training.trainer import TrainingRun


def resume_run(
    ledger: RunLedger,
    identity: str,
    dataset: Dataset,
    device: str = AUTOMATIC,
    *,
    tell: Callable[[str], None],
) -> tuple[RecordedRun, History]:
    """Return the run of this identity, to go on from its checkpoint or to begin again.

    With it comes what happened in it before. `device` is a device's key; `tell` is called with
    sentences that the user should know. Raises RunRecordError.
    """
    checkpoint, recorder = ledger.resume(identity, dataset, tell)
    if checkpoint is None:
        recipe = recorder.facts.recipe
        again = TrainingRun(dataset, recipe, device)
        return RecordedRun(again, recorder), History(recipe)
    run = TrainingRun.from_checkpoint(dataset, checkpoint, device)
    try:
        history = ledger.history(identity, checkpoint.step).history
    except RunRecordError as error:
        # Without its curves a run is still worth going on with.
        tell(str(error))
        history = History(run.recipe)
    history.recipe = run.recipe
    return RecordedRun(run, recorder), history
