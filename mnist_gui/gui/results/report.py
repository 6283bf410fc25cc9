"""A report on the test of the current network."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.report import Report
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.gui.session import Session


def report_on(
    session: Session, name: str, evaluation: Evaluation, images: NDArray[np.uint8]
) -> Report:
    """Return a report on an evaluation of the current network, which has this name.

    The images (n, 28, 28) uint8 are the test images of the current data set.
    """
    network, reader, dataset = session.network.value, session.reader.value, session.dataset.value
    assert network is not None
    assert reader is not None
    assert dataset is not None
    runs = (run for run in session.runs.value if isinstance(run, RunRecord))
    run = next((run for run in runs if run.run_id == session.run_of_network), None)
    return Report(
        name=name,
        data=dataset.name,
        network=network,
        reader=reader,
        evaluation=evaluation,
        images=images,
        made=datetime.now().astimezone(),
        run=run,
        history=session.history_of_network.value if run is not None else None,
    )
