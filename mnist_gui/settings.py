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
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The window's place and layout, the theme's and the recipe's name; empty if not known.

    `page` is the name of the page in front, `more_values` whether the recipe's rarer values are
    unfolded.
    """

    geometry: QByteArray
    splitter: QByteArray
    theme: str = ""
    recipe: str = ""
    page: str = ""
    more_values: bool = False


def load_settings() -> Settings:
    """Read the settings; what is missing or of another type is empty."""
    stored = QSettings()
    geometry, splitter, theme, recipe, page, more_values = map(stored.value, _KEYS.values())
    return Settings(
        _bytes(geometry),
        _bytes(splitter),
        str(theme or ""),
        str(recipe or ""),
        str(page or ""),
        # Settings files hold text.
        str(more_values).lower() == "true",
    )


def store_settings(settings: Settings) -> None:
    """Write the settings."""
    stored = QSettings()
    for name, key in _KEYS.items():
        stored.setValue(key, getattr(settings, name))


def _bytes(value: object) -> QByteArray:
    return value if isinstance(value, QByteArray) else QByteArray()
