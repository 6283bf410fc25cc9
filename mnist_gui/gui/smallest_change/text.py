"""What was changed, in sentences."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from mnist_gui.engine.inside.smallest_change import (
    MOST_PIXELS,
    Changed,
    GradientChange,
    PixelChange,
    Way,
)
from mnist_gui.engine.inside.stroke_change import Edit, StrokeChange, StrokeEdit
from mnist_gui.gui.common.labels import count, percent
from mnist_gui.words.language import in_sequence, listed


def way_title(way: Way) -> str:
    """Return what a way to change a digit is called."""
    titles = {
        Way.PIXELS: QCoreApplication.translate("change", "The fewest pixels"),
        Way.STROKE: QCoreApplication.translate("change", "The smallest change of a stroke"),
        Way.GRADIENT: QCoreApplication.translate("change", "A little of every pixel"),
    }
    return titles[way]


def way_meaning(way: Way) -> str:
    """Say what is done in a way, and what its colours mean."""
    texts = {
        Way.PIXELS: QCoreApplication.translate(
            "change", "Blue frame: gets full ink. Orange, dashed: loses its ink."
        ),
        Way.STROKE: QCoreApplication.translate(
            "change", "Blue: new ink. Orange, dashed: ink that is gone."
        ),
        Way.GRADIENT: QCoreApplication.translate(
            "change",
            "For comparison, the fast gradient sign method. Blue: more ink. Orange: less. Shown "
            "much stronger than it is.",
        ),
    }
    return texts[way]


def found_text(change: Changed) -> str:
    """Say what was changed."""
    match change:
        case PixelChange():
            return _pixels(change)
        case StrokeChange():
            return edit_text(change.edit)
        case GradientChange():
            text = QCoreApplication.translate(
                "change",
                "Every pixel gets more or less ink by {levels} of 255 levels of grey. With fewer "
                "levels this does not do it.",
            )
            return text.format(levels=count(change.levels))
    return ""


def _pixels(change: PixelChange) -> str:
    text = QCoreApplication.translate("change", "Pixels changed: {pixels}.")
    fewest = QCoreApplication.translate("change", "No fewer will do.")
    needed = QCoreApplication.translate(
        "change",
        "Without any one of them it is not enough. It may still be done with fewer others: not "
        "all can be tried.",
    )
    words = text.format(pixels=count(len(change.pixels)))
    return in_sequence((words, fewest if change.is_fewest else needed))


def edit_text(edit: StrokeEdit) -> str:
    """Say how a stroke was changed."""
    start, end = (
        QCoreApplication.translate(
            "change", "Lengthen the start of stroke {number} by {size} of the pad's width."
        ),
        QCoreApplication.translate(
            "change", "Lengthen the end of stroke {number} by {size} of the pad's width."
        ),
    )
    first = QCoreApplication.translate(
        "change", "Erase the start of stroke {number}: {size} of the pad's width."
    )
    last = QCoreApplication.translate(
        "change", "Erase the end of stroke {number}: {size} of the pad's width."
    )
    gap = QCoreApplication.translate(
        "change", "Erase a gap in stroke {number}: {size} of the pad's width."
    )
    texts = {
        Edit.ERASE_START: first,
        Edit.ERASE_END: last,
        Edit.ERASE_WITHIN: gap,
        Edit.ERASE_ALL: QCoreApplication.translate("change", "Erase stroke {number}."),
        Edit.LENGTHEN_START: start,
        Edit.LENGTHEN_END: end,
        Edit.MOVE_START: QCoreApplication.translate(
            "change", "Move the start of stroke {number} by {size} of the pad's width."
        ),
        Edit.MOVE_END: QCoreApplication.translate(
            "change", "Move the end of stroke {number} by {size} of the pad's width."
        ),
        Edit.MOVE_ALL: QCoreApplication.translate(
            "change", "Move stroke {number} by {size} of the pad's width."
        ),
    }
    return texts[edit.edit].format(size=percent(edit.size), number=count(edit.stroke + 1))


def nothing_text(way: Way) -> str:
    """Say that a way does not bring about what is wanted."""
    texts = {
        Way.PIXELS: QCoreApplication.translate(
            "change", "Not found: {most} pixels are not enough."
        ),
        Way.STROKE: QCoreApplication.translate(
            "change",
            "Not found: to erase a part of one stroke, to lengthen an end or to move one by less "
            "than a third of the pad is not enough.",
        ),
        Way.GRADIENT: QCoreApplication.translate(
            "change", "Not even with all 255 levels of grey: it does not do it."
        ),
    }
    return texts[way].format(most=count(MOST_PIXELS))


def spoken_pixels(before: NDArray[np.uint8], change: PixelChange) -> str:
    """Say which pixels were changed, for who does not see them."""
    more = QCoreApplication.translate("change", "row {row}, column {column}: full ink")
    less = QCoreApplication.translate("change", "row {row}, column {column}: no ink")
    pixels: Sequence[tuple[int, int]] = change.pixels.tolist()
    return listed(
        (more if change.image[row, column] > before[row, column] else less).format(
            row=row, column=column
        )
        for row, column in pixels
    )
