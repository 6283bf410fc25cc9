"""A plot that shows and does nothing of its own accord."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt

SIDES = ("left", "bottom")
# The last one of an axis may stand out over its end by so many pixels.
_ROOM_FOR_LABELS = 40


def plain_plot(*, axis_width: int) -> Any:
    """Return a plot widget without menu, buttons and ticks, whose ranges are set by hand alone.

    Its upright axis is as wide as asked for, in pixels, whatever is written there.
    """
    # Menus that nobody can open take a tenth of a plot's time to be built.
    widget = pg.PlotWidget(useOpenGL=False, enableMenu=False)
    item = widget.getPlotItem()
    # The plot never destroys its other menu, which has no parent.
    item.ctrlMenu.setParent(widget, Qt.WindowType.Popup)
    item.hideButtons()
    item.setMouseEnabled(x=False, y=False)
    item.disableAutoRange()
    for side in SIDES:
        axis = item.getAxis(side)
        axis.enableAutoSIPrefix(False)
        axis.setStyle(
            tickLength=0, hideOverlappingLabels=_ROOM_FOR_LABELS, autoExpandTextSpace=False
        )
    item.getAxis("left").setWidth(axis_width)
    return widget
