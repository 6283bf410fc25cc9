"""The window's left column: what is trained, and how far it is."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnist_gui.widgets.training.progress_panel import ProgressPanel
from mnist_gui.widgets.training.recipe_panel import RecipePanel

_MARGIN = 14


class LeftColumn(QWidget):
    """What is to run above, how far it is beneath; the values above scroll, so that both fit."""

    def __init__(self, recipe_panel: RecipePanel, progress_panel: ProgressPanel) -> None:
        super().__init__()
        bar = recipe_panel.values.bar_width
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, max(_MARGIN - bar, 2), 12)
        layout.setSpacing(18)
        layout.addWidget(recipe_panel)
        layout.addWidget(progress_panel)
        layout.addStretch()
        # In line with what scrolls above.
        progress_panel.setContentsMargins(0, 0, bar, 0)
        self.setMinimumWidth(max(270, layout.minimumSize().width()))
