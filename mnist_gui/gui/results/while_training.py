"""How the network does while it trains, on the validation images."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.events import RunState
from mnist_gui.engine.inside.set_reader import SetReader
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.qt import VisibilityWatcher
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.session import Session
from mnist_gui.gui.views.presenter import paced

# Enough to see what is mistaken for what, and soon read in a fiftieth of the time.
MOST_IMAGES = 500
_STATES = (RunState.TRAINING, RunState.PAUSED)


class TrainingReader(QObject):
    """Has the newest network of a run read the first validation images while a page is seen.

    `begun` says that it begins, `read` brings the network, its evaluation and the images. One
    reading is ended before the next begins, as networks may follow one another faster than they
    can be read: it works for a fiftieth of the time.
    """

    begun = Signal()
    read = Signal(object, object, object)

    def __init__(self, session: Session, page: QWidget) -> None:
        super().__init__(page)
        self._session, self._page = session, page
        self._job = LatestJob(session.view_thread)
        self._asked: Snapshot | None = None
        self._watcher = VisibilityWatcher(page)
        self._watcher.visible_changed.connect(self._ask)
        session.network.changed.connect(self._ask)
        session.run_state.changed.connect(self._ask)

    @property
    def is_wanted(self) -> bool:
        """Whether a run trains and the page is seen."""
        return self._session.run_state.value in _STATES and self._page.isVisible()

    @Slot()
    def _ask(self) -> None:
        network, dataset = self._session.network.value, self._session.view_dataset.value
        if not self.is_wanted or network is None or dataset is None:
            self._job.cancel()
            self._asked = None
        elif network is not self._asked:
            if self._asked is not None and not _follows(network, self._asked):
                self._job.cancel()
            self._asked = network
            images, reader = dataset.validation.first(MOST_IMAGES), self._session.set_reader
            self._job.run(
                lambda: paced(_evaluation(reader, network, images), self._is_training),
                each=lambda event: self._take(network, event, images),
            )
            self.begun.emit()

    def _is_training(self) -> bool:
        return self._session.run_state.value is not RunState.PAUSED

    def _take(self, network: Snapshot, event: object, images: LabelledImages) -> None:
        if isinstance(event, Evaluation):
            self.read.emit(network, event, images)


def _follows(network: Snapshot, before: Snapshot) -> bool:
    """Return whether a network may be of the same run as another one before it."""
    return network.recipe == before.recipe and network.step >= before.step


def _evaluation(reader: SetReader, network: Snapshot, images: LabelledImages) -> Iterator[object]:
    """Read the images, and yield what came of it last."""
    reading = yield from reader.read(network, images.images)
    shares = reading.probabilities(network.temperature).astype(np.float32)
    yield Evaluation(images.labels, shares)
