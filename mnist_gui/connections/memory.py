"""What the window remembers from one start to the next."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.gui.common.theme import Theme
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.settings import Settings, store_settings


class MemoryConnections(QObject):
    """Restores the settings at once and stores them when the window closes.

    The theme is the window's own from the start: to style everything twice takes its time.
    """

    def __init__(self, window: MainWindow, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        window.restore_state(settings.geometry, settings.splitter)
        window.recipe_panel.set_recipe_name(settings.recipe)
        window.recipe_panel.form.more_button.setChecked(settings.more_values)
        # What a later version of the program had behind the others may be missing.
        window.tabs.setCurrentIndex(min(settings.page, window.tabs.count() - 1))
        window.leaving.connect(self._store)

    @Slot()
    def _store(self) -> None:
        window = self._window
        store_settings(
            Settings(
                *window.save_state(),
                window.theme.value,
                window.recipe_panel.recipe_name,
                window.tabs.currentIndex(),
                window.recipe_panel.form.more_button.isChecked(),
            )
        )


def theme_of(settings: Settings) -> Theme:
    """Return the theme that was chosen, or the desktop's."""
    known = {theme.value for theme in Theme}
    return Theme(settings.theme) if settings.theme in known else Theme.SYSTEM
