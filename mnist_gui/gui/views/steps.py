"""Long work beside a view's answers, one step at a time."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.session import Session
from mnist_gui.gui.views.presenter import is_mark, paced


class SteppedWork:
    """Takes the events of a generator on the views' thread, each by a job of its own.

    So what a view answers comes in between, such as the digit that is being drawn. While a run
    trains it is paced as answers are.
    """

    def __init__(self, session: Session, is_training: Callable[[], bool]) -> None:
        self._job = LatestJob(session.view_thread)
        self._is_training = is_training

    @property
    def is_busy(self) -> bool:
        """Whether there is work that has not ended."""
        return self._job.is_busy

    def start(
        self,
        events: Iterator[object],
        each: Callable[[Any], object],
        failed: Callable[[str], object],
    ) -> None:
        """Take these events in place of those before, to their end."""
        self.cancel()
        self._step(paced(events, self._is_training), each, failed)

    def cancel(self) -> None:
        """Take no more events."""
        self._job.cancel()

    def _step(
        self,
        events: Iterator[object],
        each: Callable[[Any], object],
        failed: Callable[[str], object],
    ) -> None:
        taken: list[object] = []

        def end() -> None:
            if not taken:
                return
            self._step(events, each, failed)
            if not is_mark(taken[0]):
                each(taken[0])

        self._job.run(lambda: islice(events, 1), each=taken.append, ended=end, failed=failed)
