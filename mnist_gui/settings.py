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
    "raw_percentages": "window/raw_percentages",
    "erases_right": "window/erases_right",
    "network": "window/network",
    "drawing": "window/drawing",
    "scale": "window/scale",
    "language": "window/language",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The window's place and layout, the theme, the recipe, the language; empty if not known.

    `page` is the name of the page in front, `more_values` whether the recipe's rarer values are
    unfolded. `network` is what the network bar restores, `drawing` the canvas' drawing as JSON,
    `scale` how large type is, `language` the code of the window's language. `raw_percentages` is
    whether percentages are not calibrated, `erases_right` whether the right button erases.
    """

    geometry: QByteArray
    splitter: QByteArray
    theme: str = ""
    recipe: str = ""
    page: str = ""
    more_values: bool = False
    raw_percentages: bool = False
    erases_right: bool = False
    network: str = ""
    drawing: str = ""
    scale: str = ""
    language: str = ""


def load_settings() -> Settings:
    """Read the settings; what is missing or of another type is empty."""
    stored = QSettings()
    values = map(stored.value, _KEYS.values())
    geometry, splitter, theme, recipe, page, more_values, raw_percentages, erases, *texts = values
    return Settings(
        _bytes(geometry),
        _bytes(splitter),
        str(theme or ""),
        str(recipe or ""),
        str(page or ""),
        _flag(more_values),
        _flag(raw_percentages),
        _flag(erases),
        *(str(text or "") for text in texts),
    )


def store_settings(settings: Settings) -> None:
    """Write the settings."""
    stored = QSettings()
    for name, key in _KEYS.items():
        stored.setValue(key, getattr(settings, name))


def _flag(value: object) -> bool:
    # Settings files hold text.
    return str(value).lower() == "true"


def _bytes(value: object) -> QByteArray:
    return value if isinstance(value, QByteArray) else QByteArray()
