"""Walking from step to step by keys."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt

_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)
_ON = (Qt.Key.Key_Right, Qt.Key.Key_Down)


def walked(steps: Sequence[int], now: int, key: int) -> int | None:
    """Return the step that a key leads to from the present one; None for other keys."""
    if not steps:
        return None
    place, last = int(np.searchsorted(steps, now)), len(steps) - 1
    if key in _BACK:
        return steps[max(place - 1, 0)]
    if key in _ON:
        return steps[min(place + 1, last)]
    ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
    return steps[ends[Qt.Key(key)]] if key in ends else None
