"""The languages: a menu, and a button that opens it."""

from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton

from mnist_gui.gui.common.icons import icon
from mnist_gui.gui.common.qt import named
from mnist_gui.words.language import LANGUAGES, SHORT_NAMES, language

_ICON_SIDE = 16


class LanguageMenu(QMenu):
    """Offers each language by its own name; `chosen` is the code of one, "" for the system's."""

    language_chosen = Signal(str)

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        self.setTitle(self.tr("Lan&guage"))
        self.chosen = ""
        # Held: its actions would not outlive it in Python.
        self._group = group = QActionGroup(self)
        self.languages = {code: QAction(name, group) for code, name in LANGUAGES.items()}
        for code, action in self.languages.items():
            action.setCheckable(True)
            action.setChecked(code == language())
            action.triggered.connect(partial(self._choose, code))
        self.addActions(group.actions())
        menu.addMenu(self)

    def _choose(self, code: str) -> None:
        self.chosen = code
        self.language_chosen.emit(code)


class LanguageButton(QPushButton):
    """Shows the language in use by its short name, and opens the menu of languages."""

    def __init__(self, menu: LanguageMenu) -> None:
        super().__init__()
        spoken = self.tr("Language: {language}").format(language=LANGUAGES[language()])
        named(self, "language_button", spoken, self.tr("The language of the window"))
        self.setIcon(icon("globe"))
        self.setIconSize(QSize(_ICON_SIDE, _ICON_SIDE))
        self.setText(SHORT_NAMES[language()])
        self.setMenu(menu)
