"""The menu of languages."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from mnist_gui.words.language import LANGUAGES, language


class LanguageMenu(QMenu):
    """Offers each language by its own name; `chosen` is the code of one, "" for the system's."""

    language_chosen = Signal(str)

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        self.setTitle(self.tr("&Language"))
        self.chosen = ""
        group = QActionGroup(self)
        self.languages = {code: group.addAction(name) for code, name in LANGUAGES.items()}
        for code, action in self.languages.items():
            action.setCheckable(True)
            action.setChecked(code == language())
            action.triggered.connect(partial(self._choose, code))
        self.addActions(group.actions())
        menu.addMenu(self)

    def _choose(self, code: str) -> None:
        self.chosen = code
        self.language_chosen.emit(code)
