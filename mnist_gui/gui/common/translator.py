"""Lets Qt translate by the catalogues that the command line uses, too."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from mnist_gui.words.language import (
    ENGLISH,
    LANGUAGES,
    chosen_language,
    find_language,
    translation,
    use_language,
)


class CatalogueTranslator(QTranslator):
    """Answers `self.tr(...)` and `QCoreApplication.translate(...)` from the catalogue in use.

    The context, for Qt the name of a class, does not count: a text is translated in one way
    everywhere, unless a disambiguation tells two uses apart.
    """

    def translate(
        self,
        _context: str | bytes,
        text: str | bytes,
        disambiguation: str | bytes | None = None,
        _number: int = -1,
    ) -> str:
        """Return the translation, or None, so that Qt asks its other translators."""
        # Qt takes "" for a translation.
        return translation(_text(text), _text(disambiguation or ""))  # type: ignore[return-value]

    def isEmpty(self) -> bool:
        """Say that there are texts; Qt takes no translator without any."""
        return False


def install_language(app: QApplication, code: str) -> None:
    """Let the program speak a language of `LANGUAGES`, Qt's own texts included.

    Texts that are shown already stay as they are.
    """
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    use_language(code)
    if code == ENGLISH:
        return
    of_qt = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if of_qt.load(f"qtbase_{code}", folder):
        app.installTranslator(of_qt)
    # Qt asks the one that was installed last first.
    app.installTranslator(CatalogueTranslator(app))


def window_language(option: str, stored: str) -> str:
    """Return the language of the command line, else the one chosen before, else the system's."""
    stored = stored if stored in LANGUAGES else ""
    of_system = QLocale.system().uiLanguages()
    return chosen_language(option) or stored or find_language(of_system) or ENGLISH


def _text(text: str | bytes) -> str:
    return text.decode() if isinstance(text, bytes) else text
