"""The colours of the window and of its plots, light and dark."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shades:
    """The window's colours as "#rrggbb": surfaces, text, lines and the one accent."""

    window: str
    base: str
    button: str
    text: str
    muted: str
    faded: str
    border: str
    accent: str
    selected: str
    on_accent: str
    danger: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotColours:
    """The plots' colours as "#rrggbb"; the curves' are Okabe and Ito's, safe for all eyes."""

    background: str
    text: str
    training: str
    validation: str


LIGHT_SHADES = Shades(
    window="#f4f5f7",
    base="#ffffff",
    button="#ffffff",
    text="#1c2127",
    muted="#5a6472",
    faded="#a3abb5",
    border="#cfd5dd",
    accent="#0072b2",
    selected="#d3e6f3",
    on_accent="#ffffff",
    danger="#b3261e",
)
DARK_SHADES = Shades(
    window="#1d2025",
    base="#15171b",
    button="#2a2f36",
    text="#e7eaee",
    muted="#9ba6b3",
    faded="#5e6772",
    border="#3c434c",
    accent="#56b4e9",
    selected="#213a4d",
    on_accent="#0b1218",
    danger="#ff8a80",
)
LIGHT_PLOT = PlotColours(
    background="#ffffff", text="#5a6472", training="#0072b2", validation="#d55e00"
)
DARK_PLOT = PlotColours(
    background="#15171b", text="#9ba6b3", training="#56b4e9", validation="#e69f00"
)
