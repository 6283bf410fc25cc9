"""What is remembered from one start to the next."""

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QSettings

_KEYS = {
    "geometry": "window/geometry",
    "splitter": "window/splitter",
    "theme": "window/theme",
    "recipe": "training/recipe",
    "page": "window/page",
    "more_values": "training/more_values",
    "language": "window/language",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The window's place and layout, the theme, the recipe, the language; empty if not known.

    `page` is the page in front, `more_values` whether the recipe's rarer values are unfolded.
    """

    geometry: QByteArray
    splitter: QByteArray
    theme: str = ""
    recipe: str = ""
    page: int = 0
    more_values: bool = False
    language: str = ""


def load_settings() -> Settings:
    """Read the settings; what is missing or of another type is empty."""
    stored = QSettings()
    geometry, splitter, theme, recipe, page, more_values, language = map(
        stored.value, _KEYS.values()
    )
    return Settings(
        _bytes(geometry),
        _bytes(splitter),
        str(theme or ""),
        str(recipe or ""),
        _number(page),
        # Settings files hold text.
        str(more_values).lower() == "true",
        str(language or ""),
    )


def store_settings(settings: Settings) -> None:
    """Write the settings."""
    stored = QSettings()
    for name, key in _KEYS.items():
        stored.setValue(key, getattr(settings, name))


def _bytes(value: object) -> QByteArray:
    return value if isinstance(value, QByteArray) else QByteArray()


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
