"""The few shapes that a palette cannot give: buttons, tabs and the progress bar."""

from string import Template

from mnist_gui.widgets.shades import Shades

_SHEET = Template(
    """
QPushButton {
    min-height: 20px; padding: 4px 10px; border: 1px solid $border; border-radius: 5px;
    background: $button; color: $text;
}
QPushButton:hover { border-color: $accent; }
QPushButton:focus { border-color: $accent; }
QPushButton:pressed { background: $window; }
QPushButton:checked { border-color: $accent; background: $window; }
QPushButton:disabled { color: $faded; background: $window; }
QPushButton#start_button { background: $accent; border-color: $accent; color: $on_accent; }
QPushButton#start_button:focus { border-color: $text; }
QPushButton#start_button:disabled {
    background: $window; border-color: $border; color: $faded;
}
QAbstractSpinBox, QComboBox { min-height: 24px; }
QLineEdit#run_filter { min-height: 26px; }
QPushButton#cancel_export_button { min-height: 0; padding: 0 8px; }
QProgressBar {
    max-height: 8px; min-height: 8px; border: 1px solid $border; border-radius: 5px;
    background: $base;
}
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QTabWidget::pane { border: 0; border-top: 1px solid $border; }
QTabBar::tab {
    padding: 7px 14px; border: 0; border-bottom: 2px solid transparent; color: $muted;
}
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $accent; }
QToolButton#more_values_button { border: 0; padding: 3px 6px 3px 0; color: $muted; }
QToolButton#more_values_button:hover, QToolButton#more_values_button:focus { color: $accent; }
QToolButton#label_filter {
    padding: 3px 0; border: 1px solid $border; border-radius: 5px; background: $button;
    color: $muted;
}
QToolButton#label_filter:hover, QToolButton#label_filter:focus { border-color: $accent; }
QToolButton#label_filter:checked {
    border: 2px solid $accent; padding: 2px 0; color: $text; background: $base;
}
QFrame#banner { border: 1px solid $danger; border-radius: 5px; }
QScrollBar:vertical { width: 9px; border: 0; background: transparent; }
QScrollBar::handle:vertical { min-height: 24px; border-radius: 4px; background: $border; }
QScrollBar::handle:vertical:hover { background: $faded; }
QScrollBar:horizontal { height: 9px; border: 0; background: transparent; }
QScrollBar::handle:horizontal { min-width: 24px; border-radius: 4px; background: $border; }
QScrollBar::handle:horizontal:hover { background: $faded; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QTableView { selection-background-color: $selected; selection-color: $text; }
QFrame#offer_bar { background: $base; border: 0; border-bottom: 1px solid $accent; }
QHeaderView::section {
    padding: 4px 6px; border: 0; border-bottom: 1px solid $border;
    background: $window; color: $muted;
}
QStatusBar { border-top: 1px solid $border; }
QStatusBar::item { border: 0; }
QToolTip { color: $text; background: $base; border: 1px solid $border; padding: 4px; }
"""
)


def style_sheet(shades: Shades) -> str:
    """Return the program's style sheet in these colours."""
    return _SHEET.substitute({name: getattr(shades, name) for name in Shades.__slots__})
