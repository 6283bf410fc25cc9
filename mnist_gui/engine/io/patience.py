"""Questions to a disk that may not answer, asked without keeping the window waiting."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import disk_usage
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")
_SECONDS = 0.08


class Asked(Generic[T]):
    """A function that is called on a thread of its own; the program's end does not wait for it."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._answers: list[T] = []
        self._errors: list[Exception] = []
        self._thread = Thread(target=self._run, name="asking the disk", daemon=True)
        self._thread.start()

    def is_answered(self, seconds: float) -> bool:
        """Wait for at most so long; return whether there is an answer."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def answer(self) -> T:
        """What the function has returned; raises what it has raised."""
        if self._errors:
            raise self._errors[0]
        return self._answers[0]

    def _run(self) -> None:
        try:
            self._answers.append(self._ask())
        except Exception as error:  # noqa: BLE001 - it is raised where it was asked
            self._errors.append(error)


def answer_in_time(ask: Callable[[], T], otherwise: T, seconds: float = _SECONDS) -> T:
    """Return what a function returns; `otherwise` if it takes longer, as on a disk that hangs.

    Raises what the function raises.
    """
    asked = Asked(ask)
    return asked.answer if asked.is_answered(seconds) else otherwise


def ask_disks(*paths: Path) -> None:
    """Return once the disks of these files and folders have answered, whatever it is."""
    for path in paths:
        with suppress(OSError, ValueError):
            # Not what the system may remember of a file.
            disk_usage(path)
