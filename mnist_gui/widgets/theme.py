"""Light and dark: one palette, one accent and the plots' colours for each."""

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from mnist_gui.widgets.shades import (
    DARK_PLOT,
    DARK_SHADES,
    LIGHT_PLOT,
    LIGHT_SHADES,
    PlotColours,
    Shades,
)
from mnist_gui.widgets.style_sheet import style_sheet


class Theme(Enum):
    """What the user chose; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


_SCHEMES = {
    Theme.SYSTEM: Qt.ColorScheme.Unknown,
    Theme.LIGHT: Qt.ColorScheme.Light,
    Theme.DARK: Qt.ColorScheme.Dark,
}


_APPLIED = "mnist_gui_theme"


def apply_theme(app: QApplication, theme: Theme) -> PlotColours:
    """Give the whole program the theme; returns the colours for its plots."""
    QGuiApplication.styleHints().setColorScheme(_SCHEMES[theme])
    dark = is_dark(theme)
    shades = DARK_SHADES if dark else LIGHT_SHADES
    # Every widget is styled anew each time, so only where something changes.
    applied = f"{theme.value}, {dark}"
    if app.property(_APPLIED) != applied:
        app.setProperty(_APPLIED, applied)
        _restyle(app, shades)
    return DARK_PLOT if dark else LIGHT_PLOT


def _restyle(app: QApplication, shades: Shades) -> None:
    if not app.styleSheet():
        app.setStyle("Fusion")
    app.setPalette(palette(shades))
    framed = palette(shades)
    # Fusion draws frames of fields in a darker shade of their window's colour, which would not
    # be seen in the dark.
    framed.setColor(QPalette.ColorRole.Window, QColor(shades.faded).lighter(140))
    # Choices are as flat as the fields beside them.
    framed.setColor(QPalette.ColorRole.Button, QColor(shades.base))
    for kind in ("QAbstractSpinBox", "QComboBox", "QLineEdit"):
        # PySide6 takes a str, whatever its signature says.
        app.setPalette(framed, kind)  # type: ignore[arg-type]
    app.setStyleSheet(style_sheet(shades))


def is_dark(theme: Theme) -> bool:
    """Whether the theme is dark on this desktop."""
    if theme is Theme.SYSTEM:
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return theme is Theme.DARK


def palette(shades: Shades) -> QPalette:
    """Return the palette, so that every platform shows the same colours."""
    result = QPalette()
    for role, shade in _roles(shades).items():
        result.setColor(role, QColor(shade))
    disabled = QPalette.ColorGroup.Disabled
    for role in _TEXT_ROLES:
        result.setColor(disabled, role, QColor(shades.faded))
    result.setColor(disabled, QPalette.ColorRole.Base, QColor(shades.window))
    result.setColor(disabled, QPalette.ColorRole.Highlight, QColor(shades.border))
    return result


_TEXT_ROLES = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.HighlightedText,
)


def _roles(shades: Shades) -> dict[QPalette.ColorRole, str]:
    role = QPalette.ColorRole
    return {
        role.Window: shades.window,
        role.WindowText: shades.text,
        role.Base: shades.base,
        role.AlternateBase: shades.window,
        role.Text: shades.text,
        role.Button: shades.button,
        role.ButtonText: shades.text,
        role.BrightText: shades.danger,
        role.PlaceholderText: shades.muted,
        role.ToolTipBase: shades.base,
        role.ToolTipText: shades.text,
        role.Highlight: shades.accent,
        role.HighlightedText: shades.on_accent,
        role.Accent: shades.accent,
        role.Link: shades.accent,
        role.LinkVisited: shades.accent,
        role.Light: shades.base,
        role.Midlight: shades.window,
        role.Mid: shades.border,
        role.Dark: shades.border,
        role.Shadow: shades.border,
    }
