"""The preferences: what the menus have of them, in one place."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QFormLayout, QWidget

from mnist_gui.gui.common.qt import (
    ActionButton,
    ActionFace,
    column,
    named,
    row,
    widget_with,
    without_key,
)
from mnist_gui.gui.window.main_window import MainWindow


class ActionChoice(QComboBox):
    """Chooses one of a group's actions, as a menu does."""

    def __init__(self, actions: Sequence[QAction], name: str, spoken: str) -> None:
        super().__init__()
        self._actions = tuple(actions)
        named(self, name, spoken)
        for action in self._actions:
            self.addItem(without_key(action.text()))
            action.toggled.connect(self._follow)
        self._follow()
        self.activated.connect(self._choose)

    @Slot()
    def _follow(self) -> None:
        checked = (at for at, action in enumerate(self._actions) if action.isChecked())
        self.setCurrentIndex(next(checked, -1))

    @Slot(int)
    def _choose(self, place: int) -> None:
        self._actions[place].trigger()


class PreferencesDialog(QDialog):
    """Theme, language, type, where runs are kept, two switches; each choice is used at once."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("preferences")
        self.setWindowTitle(self.tr("Preferences"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        actions = window.actions_offered
        theme, language = self.tr("Theme"), self.tr("Language")
        self.theme_box = ActionChoice([*window.themes.values()], "theme_box", theme)
        languages = [*window.language_menu.languages.values()]
        self.language_box = ActionChoice(languages, "language_box", language)
        sizes = (actions.smaller, actions.usual_size, actions.larger)
        form = QFormLayout()
        form.setSpacing(12)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        form.addRow(theme, self.theme_box)
        form.addRow(language, self.language_box)
        form.addRow(self.tr("Text size"), _buttons(sizes))
        form.addRow(self.tr("Runs"), _buttons(window.menus.preferences))
        switches = {"calibrated_box": actions.calibrated, "erase_right_box": actions.erase_right}
        for name, action in switches.items():
            box = named(QCheckBox(), name)
            ActionFace(box, action)
            form.addRow("", box)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column(form, 1, buttons, parent=self, spacing=18, margins=(18, 18, 18, 14))


def _buttons(actions: Sequence[QAction]) -> QWidget:
    buttons = (ActionButton(action, f"preference_{at}") for at, action in enumerate(actions))
    return widget_with(row(*buttons, 0, spacing=6))


class Preferences(QObject):
    """Shows the preferences when the user asks."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.actions_offered.preferences.triggered.connect(self._show)

    @Slot()
    def _show(self) -> None:
        PreferencesDialog(self._window).show()
