"""How far a view's computation is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ViewProgress:
    """`done` of `total` parts are computed; the parts take about equally long."""

    done: int
    total: int
