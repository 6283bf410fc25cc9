"""What leaving stages of preprocessing out costs on digits drawn with a pen, as measured.

The counts are what

    python -m benchmarks.preprocessing_cost pendigits-orig.tra.gz --json

prints for the networks that ship. No network has learnt from these digits. Stretching changes
none of their readings: strokes wider than a pixel fill some pixel whole anyway.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mnist_gui.engine.film_strip import ALL_STAGES, Stages

PEN_DIGITS = 7_494
"""How many digits were read, drawn with a pen by 30 people."""

_LINEAR = "softmax"


@dataclass(frozen=True, slots=True)
class _Right:
    """How many of the digits each of the shipped networks read right."""

    cnn: int
    softmax: int


# In the order of the stages: redraw, fit, stretch, centre.
_RIGHT: Mapping[Stages, _Right] = {
    Stages(True, True, True, True): _Right(7406, 6208),
    Stages(True, True, True, False): _Right(7408, 4984),
    Stages(True, True, False, True): _Right(7406, 6208),
    Stages(True, True, False, False): _Right(7408, 4984),
    Stages(True, False, True, True): _Right(6409, 1670),
    Stages(True, False, True, False): _Right(5845, 1457),
    Stages(True, False, False, True): _Right(6409, 1670),
    Stages(True, False, False, False): _Right(5845, 1457),
    Stages(False, True, True, True): _Right(7218, 5866),
    Stages(False, True, True, False): _Right(7222, 4799),
    Stages(False, True, False, True): _Right(7218, 5866),
    Stages(False, True, False, False): _Right(7222, 4799),
    Stages(False, False, True, True): _Right(6410, 1655),
    Stages(False, False, True, False): _Right(5844, 1449),
    Stages(False, False, False, True): _Right(6410, 1655),
    Stages(False, False, False, False): _Right(5844, 1449),
}


def share_read_right(stages: Stages, network: str) -> float:
    """Return the share (0..1) of the pen digits that is read right after these stages.

    It is that of the shipped network of the architecture's kind: softmax regression's for
    "softmax", the deep convolutional one's for all others.
    """
    right = _RIGHT[stages]
    return (right.softmax if network == _LINEAR else right.cnn) / PEN_DIGITS


def cost_of_leaving_out(stages: Stages, network: str) -> float:
    """Return the share (0..1) of the pen digits that is read wrong for want of stages."""
    return share_read_right(ALL_STAGES, network) - share_read_right(stages, network)
