"""Light, dark and high contrast: the palette, the colours of plots and the style sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget

# Its colours are the palette's, so that a theme needs another palette only.
_SHEET = """
QPushButton {
    min-height: 20px; padding: 4px 10px; border: 1px solid palette(shadow); border-radius: 5px;
    background: palette(button); color: palette(text);
}
QPushButton:hover { border-color: palette(accent); }
QPushButton:pressed { background: palette(window); }
QPushButton:checked { background: palette(midlight); }
QPushButton:disabled { color: palette(dark); background: palette(window); }
QPushButton#start_button {
    background: palette(accent); border-color: palette(accent); color: palette(highlighted-text);
}
QPushButton#start_button:disabled {
    background: palette(window); border-color: palette(mid); color: palette(dark);
}
QAbstractSpinBox, QComboBox { min-height: 24px; }
QComboBox QAbstractItemView {
    border: 1px solid palette(shadow); background: palette(base); color: palette(text);
}
QCheckBox, QRadioButton { min-height: 24px; padding: 0 3px; }
QLineEdit#run_filter { min-height: 26px; }
QPushButton#cancel_export_button { min-height: 22px; padding: 0 8px; }
QProgressBar {
    max-height: 8px; min-height: 8px; border: 1px solid palette(shadow); border-radius: 5px;
    background: palette(base);
}
QProgressBar::chunk { background: palette(accent); border-radius: 4px; }
QTabWidget::pane { border: 0; border-top: 1px solid palette(mid); }
QTabBar::tab {
    padding: 7px 14px; border: 0; border-bottom: 2px solid transparent;
    color: palette(placeholder-text);
}
QTabBar::tab:selected { color: palette(text); border-bottom-color: palette(accent); }
QTabBar::tab:hover { color: palette(text); }
QTabBar::tab:focus {
    border: 2px solid palette(accent); border-radius: 5px; padding: 5px 12px 7px 12px;
}
QToolButton#doctor_chip {
    min-height: 20px; padding: 1px 6px; border: 1px solid transparent; border-radius: 5px;
}
QToolButton#doctor_chip:hover { border-color: palette(accent); }
QToolButton#more_values_button, QToolButton#values_button {
    border: 0; padding: 3px 6px 3px 0; color: palette(placeholder-text);
}
QToolButton#more_values_button:hover, QToolButton#values_button:hover { color: palette(accent); }
QToolButton#label_filter {
    padding: 3px 0; border: 1px solid palette(shadow); border-radius: 5px;
    background: palette(button); color: palette(placeholder-text);
}
QToolButton#label_filter:hover { border-color: palette(accent); }
QToolButton#label_filter:checked {
    border: 2px solid palette(accent); padding: 2px 0; color: palette(text);
    background: palette(base);
}
QPlainTextEdit#run_note {
    border: 1px solid palette(shadow); border-radius: 3px; background: palette(base);
}
QPlainTextEdit#run_note:focus { border-color: palette(accent); }
QFrame#banner { border: 1px solid palette(bright-text); border-radius: 5px; }
QScrollBar:vertical { width: 9px; border: 0; background: transparent; }
QScrollBar::handle:vertical { min-height: 24px; border-radius: 4px; background: palette(shadow); }
QScrollBar::handle:vertical:hover { background: palette(placeholder-text); }
QScrollBar:horizontal { height: 9px; border: 0; background: transparent; }
QScrollBar::handle:horizontal { min-width: 24px; border-radius: 4px; background: palette(shadow); }
QScrollBar::handle:horizontal:hover { background: palette(placeholder-text); }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: palette(mid); }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QTableView, QListWidget {
    selection-background-color: palette(midlight); selection-color: palette(text);
}
QFrame#top_bar { border: 0; border-bottom: 1px solid palette(mid); }
QWidget#rail { border: 0; border-right: 1px solid palette(mid); }
QWidget#rail QToolButton { border: 0; border-radius: 6px; padding: 4px 2px; }
QWidget#rail QToolButton:hover { background: palette(base); }
QWidget#rail QToolButton:checked { background: palette(midlight); color: palette(text); }
QFrame#offer_bar, QFrame#notice_bar {
    background: palette(base); border: 0; border-bottom: 1px solid palette(accent);
}
QHeaderView::section {
    padding: 4px 6px; border: 0; border-bottom: 1px solid palette(mid);
    background: palette(window); color: palette(placeholder-text);
}
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QStatusBar { border-top: 1px solid palette(mid); }
QStatusBar::item { border: 0; }
QToolTip {
    color: palette(text); background: palette(base); border: 1px solid palette(mid); padding: 4px;
}
"""
_PIECE = 60
_STYLED = "mnist_gui_theme"
_OWN_COLOURS = "mnist_gui_own_colours"
_FRAMED = (
    "QAbstractSpinBox",
    "QCheckBox",
    "QComboBox",
    "QLineEdit",
    "QMenu",
    "QRadioButton",
    "QSlider",
)
_TEXT_ROLES = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.HighlightedText,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shades:
    """The window's colours as "#rrggbb": surfaces, text, lines and the one accent.

    An outline shows where a control is, a border only parts what is beside it.
    """

    window: str
    base: str
    button: str
    text: str
    muted: str
    faded: str
    border: str
    outline: str
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
    test: str = "#009e73"


LIGHT_SHADES = Shades(
    window="#f4f5f7",
    base="#ffffff",
    button="#ffffff",
    text="#1c2127",
    muted="#5a6472",
    faded="#a3abb5",
    border="#cfd5dd",
    outline="#717a86",
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
    outline="#7a8490",
    accent="#56b4e9",
    selected="#213a4d",
    on_accent="#0b1218",
    danger="#ff8a80",
)
HIGH_CONTRAST_SHADES = Shades(
    window="#000000",
    base="#000000",
    button="#000000",
    text="#ffffff",
    muted="#ffffff",
    faded="#a6a6a6",
    border="#8a8a8a",
    outline="#ffffff",
    accent="#ffff00",
    selected="#00317a",
    on_accent="#000000",
    danger="#ff9d9d",
)
LIGHT_PLOT = PlotColours(
    background="#ffffff", text="#5a6472", training="#0072b2", validation="#d55e00"
)
DARK_PLOT = PlotColours(
    background="#15171b", text="#9ba6b3", training="#56b4e9", validation="#e69f00"
)
HIGH_CONTRAST_PLOT = PlotColours(
    background="#000000",
    text="#ffffff",
    training="#6fd0ff",
    validation="#ffff00",
    test="#6dffa0",
)


class Theme(Enum):
    """What the user chose; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high contrast"


_SCHEMES = {
    Theme.SYSTEM: Qt.ColorScheme.Unknown,
    Theme.LIGHT: Qt.ColorScheme.Light,
    Theme.DARK: Qt.ColorScheme.Dark,
    Theme.HIGH_CONTRAST: Qt.ColorScheme.Dark,
}
_COLOURS = {
    Theme.LIGHT: (LIGHT_SHADES, LIGHT_PLOT),
    Theme.DARK: (DARK_SHADES, DARK_PLOT),
    Theme.HIGH_CONTRAST: (HIGH_CONTRAST_SHADES, HIGH_CONTRAST_PLOT),
}


def apply_theme(app: QApplication, theme: Theme) -> PlotColours:
    """Give the whole program the theme; returns the colours for its plots."""
    hints = QGuiApplication.styleHints()
    hints.setColorScheme(_SCHEMES[theme])
    if theme is Theme.SYSTEM:
        theme = Theme.DARK if hints.colorScheme() is Qt.ColorScheme.Dark else Theme.LIGHT
    shades, plot = _COLOURS[theme]
    painter = app.findChild(_Painter) or _Painter(app)
    painter.use(theme, shades)
    return plot


class _Painter(QObject):
    """Gives the program's widgets their colours."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._theme: Theme | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)
        if app.style().name() != "fusion":
            app.setStyle("Fusion")

    def use(self, theme: Theme, shades: Shades) -> None:
        """Use a theme's colours."""
        if theme is self._theme:
            return
        self._app.setPalette(palette(shades))
        framed = palette(shades)
        # Fusion draws frames of controls in a darker shade of their window's colour, which would
        # not be seen in the dark.
        framed.setColor(QPalette.ColorRole.Window, QColor(shades.outline).lighter(140))
        # Choices are as flat as the fields beside them.
        framed.setColor(QPalette.ColorRole.Button, QColor(shades.base))
        for kind in _FRAMED:
            # PySide6 takes a str, whatever its signature says.
            self._app.setPalette(framed, kind)  # type: ignore[arg-type]
        is_first, self._theme = self._theme is None, theme
        if is_first:
            self._app.setStyleSheet(_SHEET)
        else:
            self._style(widget for widget in self._left() if widget.isVisible())
            self._timer.start()

    @Slot()
    def _go_on(self) -> None:
        """Style what came into sight meanwhile, and some of what did not."""
        left = self._left()
        seen = [widget for widget in left if widget.isVisible()]
        self._style(seen + [widget for widget in left if not widget.isVisible()][:_PIECE])
        if len(left) <= len(seen) + _PIECE:
            self._timer.stop()

    def _left(self) -> list[QWidget]:
        """Return the widgets that have the colours of another theme.

        They are asked for in each turn: of Qt's own widgets Python is not told when they go.
        """
        assert self._theme is not None
        name = self._theme.value
        widgets = (each for each in self._app.allWidgets() if not _has_own_colours(each))
        return [widget for widget in widgets if widget.property(_STYLED) != name]

    def _style(self, widgets: Iterable[QWidget]) -> None:
        """Let the sheet look the palette's colours up anew, which it does once for each widget."""
        assert self._theme is not None
        style = self._app.style()
        for widget in widgets:
            widget.setProperty(_STYLED, self._theme.value)
            font = widget.font()
            style.unpolish(widget)
            style.polish(widget)
            # Both forget a font that was set after the sheet.
            if widget.font() != font:
                widget.setFont(font)
            widget.update()


def keep_own_colours(widget: QWidget) -> None:
    """Let a widget, which sets its colours for each theme, keep them."""
    widget.setProperty(_OWN_COLOURS, True)


def _has_own_colours(widget: QWidget) -> bool:
    # The sheet gives check boxes no colours, and they would lose those of their frames.
    return isinstance(widget, QCheckBox) or bool(widget.property(_OWN_COLOURS))


def palette(shades: Shades) -> QPalette:
    """Return the palette, so that every platform shows the same colours."""
    names = QPalette.ColorRole
    roles = {
        names.Window: shades.window,
        names.WindowText: shades.text,
        names.Base: shades.base,
        names.AlternateBase: shades.window,
        names.Text: shades.text,
        names.Button: shades.button,
        names.ButtonText: shades.text,
        names.BrightText: shades.danger,
        names.PlaceholderText: shades.muted,
        names.ToolTipBase: shades.base,
        names.ToolTipText: shades.text,
        names.Highlight: shades.accent,
        names.HighlightedText: shades.on_accent,
        names.Accent: shades.accent,
        names.Link: shades.accent,
        names.LinkVisited: shades.accent,
        names.Light: shades.base,
        names.Mid: shades.border,
        # Fusion uses none of these three; the style sheet does.
        names.Midlight: shades.selected,
        names.Dark: shades.faded,
        names.Shadow: shades.outline,
    }
    result = QPalette()
    for role, shade in roles.items():
        result.setColor(role, QColor(shade))
    disabled = QPalette.ColorGroup.Disabled
    for role in _TEXT_ROLES:
        result.setColor(disabled, role, QColor(shades.faded))
    result.setColor(disabled, QPalette.ColorRole.Base, QColor(shades.window))
    result.setColor(disabled, QPalette.ColorRole.Highlight, QColor(shades.border))
    return result


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours as WCAG 2 defines it, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * float(red) + 0.7152 * float(green) + 0.0722 * float(blue)


def pale(ground: QColor, colour: QColor, least: float) -> QColor:
    """Return the palest blend of a colour into its ground that still has this contrast."""
    shares = (percent / 100 for percent in range(100))
    blends = (blend(ground, colour, share) for share in shares)
    return next((each for each in blends if contrast(each, ground) >= least), colour)


def seen_on(ground: QColor, shade: str) -> QColor:
    """Return a shade that was chosen for light ground, lighter on dark ground."""
    colour = QColor(shade)
    return colour.lighter(140) if ground.lightness() < 100 else colour


def blend(ground: QColor, colour: QColor, share: float) -> QColor:
    """Return the opaque colour of a ground with this share (0..1) of a colour on it."""
    pairs = zip(ground.getRgb()[:3], colour.getRgb()[:3], strict=True)
    return QColor(*(round(below + (above - below) * share) for below, above in pairs))
