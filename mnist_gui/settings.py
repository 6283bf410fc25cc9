"""What is remembered from one start to the next."""

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QSettings

_GEOMETRY = "window/geometry"
_SPLITTER = "window/splitter"
_THEME = "window/theme"
_RECIPE = "training/recipe"


@dataclass(frozen=True, slots=True)
class Settings:
    """The window's place and layout, the theme's and the recipe's name; empty if not known."""

    geometry: QByteArray
    splitter: QByteArray
    theme: str = ""
    recipe: str = ""


def load_settings() -> Settings:
    """Read the settings; what is missing or of another type is empty."""
    stored = QSettings()
    return Settings(
        _bytes(stored.value(_GEOMETRY)),
        _bytes(stored.value(_SPLITTER)),
        str(stored.value(_THEME) or ""),
        str(stored.value(_RECIPE) or ""),
    )


def store_settings(settings: Settings) -> None:
    """Write the settings."""
    stored = QSettings()
    stored.setValue(_GEOMETRY, settings.geometry)
    stored.setValue(_SPLITTER, settings.splitter)
    stored.setValue(_THEME, settings.theme)
    stored.setValue(_RECIPE, settings.recipe)


def _bytes(value: object) -> QByteArray:
    return value if isinstance(value, QByteArray) else QByteArray()
