"""Which own digits are held out of which training, so that reading them says something."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# With fewer digits, each is held out once; with more, a share of them is held out, once.
_MANY = 200
_ROUNDS = 3
_HELD_OUT_SHARE = 4  # one in so many


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Places (n,), among the own digits, of those that are learnt from and those held out."""

    learnt: NDArray[np.int64]
    held_out: NDArray[np.int64]


def divide(labels: NDArray[np.uint8], seed: int) -> tuple[Fold, ...]:
    """Return the rounds of a cross-validation; each digit is spread evenly over them.

    Many digits are divided once only, since a part of them is enough to tell.
    """
    parts = _HELD_OUT_SHARE if len(labels) >= _MANY else _ROUNDS
    part = np.empty(len(labels), np.int64)
    part[_by_label(labels, seed)] = np.arange(len(labels)) % parts
    rounds = 1 if len(labels) >= _MANY else parts
    return tuple(
        Fold(np.flatnonzero(part != number), np.flatnonzero(part == number))
        for number in range(rounds)
    )


def _by_label(labels: NDArray[np.uint8], seed: int) -> NDArray[np.int64]:
    """Return the places sorted by label, at random among equals."""
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    places: NDArray[np.int64] = shuffled[np.argsort(labels[shuffled], kind="stable")]
    return places
