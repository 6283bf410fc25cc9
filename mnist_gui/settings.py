"""What is remembered from one start to the next."""

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QSettings

_GEOMETRY = "window/geometry"
_SPLITTER = "window/splitter"
_THEME = "window/theme"
_RECIPE = "training/recipe"
_MORE_VALUES = "training/more_values"
_PAGE = "window/page"


@dataclass(frozen=True, slots=True)
class Settings:
    """The window's place and layout, the theme's and the recipe's name; empty if not known.

    `page` is the page in front, `more_values` whether the recipe's rarer values are unfolded.
    """

    geometry: QByteArray
    splitter: QByteArray
    theme: str = ""
    recipe: str = ""
    page: int = 0
    more_values: bool = False


def load_settings() -> Settings:
    """Read the settings; what is missing or of another type is empty."""
    stored = QSettings()
    return Settings(
        _bytes(stored.value(_GEOMETRY)),
        _bytes(stored.value(_SPLITTER)),
        str(stored.value(_THEME) or ""),
        str(stored.value(_RECIPE) or ""),
        _number(stored.value(_PAGE)),
        # Settings files hold text.
        str(stored.value(_MORE_VALUES)).lower() == "true",
    )


def store_settings(settings: Settings) -> None:
    """Write the settings."""
    stored = QSettings()
    stored.setValue(_GEOMETRY, settings.geometry)
    stored.setValue(_SPLITTER, settings.splitter)
    stored.setValue(_THEME, settings.theme)
    stored.setValue(_RECIPE, settings.recipe)
    stored.setValue(_PAGE, settings.page)
    stored.setValue(_MORE_VALUES, settings.more_values)


def _bytes(value: object) -> QByteArray:
    return value if isinstance(value, QByteArray) else QByteArray()


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
