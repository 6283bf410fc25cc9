"""What a view's computation returns."""

from collections.abc import Generator
from typing import Any, TypeVar

T = TypeVar("T")


def finished(work: Generator[Any, None, T]) -> T:
    """Return what the generator returns in the end."""
    while True:
        try:
            next(work)
        except StopIteration as ended:
            result: T = ended.value
            return result
