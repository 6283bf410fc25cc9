"""Ctrl-C as a request, so that a run can end between two steps and keep what it learnt."""

import signal
from types import FrameType, TracebackType
from typing import Self


class Interrupt:
    """While entered, the first Ctrl-C only sets `is_requested`; a second one acts as ever."""

    def __init__(self) -> None:
        self.is_requested = False

    def __enter__(self) -> Self:
        self._previous = signal.signal(signal.SIGINT, self._request)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._previous)

    def _request(self, _number: int, _frame: FrameType | None) -> None:
        self.is_requested = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
