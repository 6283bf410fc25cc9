"""The main window."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAction,
    QActionGroup,
    QCloseEvent,
    QKeyEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
    QStatusTipEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QSizePolicy,
    QSplitter,
    QWidget,
)
from shiboken6 import isValid

from mnist_gui.gui.common.access import (
    FocusKeeper,
    beside,
    first_in,
    is_to_be,
    offer_access,
    put_last_in_tab_order,
)
from mnist_gui.gui.common.dialogs import show_warning
from mnist_gui.gui.common.labels import ElidedLabel
from mnist_gui.gui.common.qt import (
    SteadyScrollArea,
    column,
    in_reading_order,
    named,
    widget_with,
)
from mnist_gui.gui.common.theme import LIGHT_PLOT, PlotColours, Theme, apply_theme
from mnist_gui.gui.curves.view import CurvesView
from mnist_gui.gui.digits.save_row import SaveDigitRow
from mnist_gui.gui.drawing.canvas import DrawingCanvas, ToolRow
from mnist_gui.gui.drawing.prediction_panel import PredictionPanel
from mnist_gui.gui.network.bar import NetworkBar
from mnist_gui.gui.pages import Page, Pages, Room
from mnist_gui.gui.shell import WindowActions, WindowMenus
from mnist_gui.gui.training.progress import ProgressPanel
from mnist_gui.gui.training.recipe_panel import RecipePanel
from mnist_gui.gui.window.languages import LanguageButton, LanguageMenu
from mnist_gui.gui.window.message_bars import NoticeBar, OfferBar
from mnist_gui.gui.window.top_bar import MenuBar, TopBar

_MARGIN = 14
_SMALLEST = QSize(720, 520)
# Before the window is seen nobody knows how much room its title and edges take.
_FRAME = QSize(8, 40)
_NARROWEST_WITH_PAD = 1_160
_NARROWEST_BESIDE = 780
_NARROWEST_FORM = 270
_NARROWEST_PAD, _USUAL_PAD = 300, 340
_LEAST_FORM_LINES = 41


class TrainingPage(QSplitter):
    """The recipe and the progress at the left of the curves; in a narrow window above them."""

    def __init__(
        self, recipe_panel: RecipePanel, progress_panel: ProgressPanel, curves: CurvesView
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        bar = recipe_panel.values.bar_width
        margins = (_MARGIN, _MARGIN, max(_MARGIN - bar, 2), 12)
        form = column((recipe_panel, 1), progress_panel, 0, spacing=18, margins=margins)
        # In line with what scrolls above.
        progress_panel.setContentsMargins(0, 0, bar, 0)
        form.addStrut(_NARROWEST_FORM - 2 * _MARGIN)
        self.form = widget_with(form)
        self._curves = curves
        self.addWidget(self.form)
        self.addWidget(curves)
        in_reading_order(self)
        self.setChildrenCollapsible(False)
        self.setStretchFactor(1, 1)
        self.setSizes([290, 700])

    def minimumSizeHint(self) -> QSize:
        """Return the width of the wider part: they need not be side by side."""
        return QSize(max(self._widths()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the curves below the form where they would be too narrow beside it."""
        narrow = self.width() < max(_NARROWEST_BESIDE, sum(self._widths()) + self.handleWidth())
        self.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        # Above one another they may be higher than the window: then the page scrolls.
        lines = _LEAST_FORM_LINES * self.fontMetrics().lineSpacing()
        self.form.setMinimumHeight(lines if narrow else 0)
        super().resizeEvent(event)

    def _widths(self) -> list[int]:
        parts = [part for part in (self.form, self._curves) if not part.isHidden()]
        return [part.minimumSizeHint().width() for part in parts]


class DrawingColumn(QWidget):
    """The canvas with its tools, the prediction, and the row that saves the drawing."""

    def __init__(
        self, canvas: DrawingCanvas, prediction_panel: PredictionPanel, actions: WindowActions
    ) -> None:
        super().__init__()
        self._canvas = canvas
        self.tools = ToolRow(canvas, actions)
        self.save_row = SaveDigitRow()
        parts = (self.tools, prediction_panel, self.save_row)
        margins = (_MARGIN, _MARGIN, _MARGIN, 12)
        self._rows = column((canvas, 1), *parts, 0, parent=self, spacing=8, margins=margins)
        self._least_width = _NARROWEST_PAD

    def add_tool_row(self, row: QWidget) -> None:
        """Add a row below the canvas' tools."""
        self._rows.insertWidget(self._rows.indexOf(self.tools) + 1, row)

    def minimumSizeHint(self) -> QSize:
        """Return the room for all parts."""
        hint = super().minimumSizeHint()
        return QSize(max(hint.width(), self._least_width), hint.height())

    def need_width(self, width: int) -> None:
        """Be so wide at least, or as wide as its parts need."""
        self._least_width = max(width, _NARROWEST_PAD)
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the canvas as high as it is wide, where there is room for that."""
        super().resizeEvent(event)
        self._canvas.setMaximumHeight(max(0, self.width() - 2 * _MARGIN))


class MainWindow(QMainWindow):
    """Shows all the views, and is the shell of the presenters.

    `closing` is emitted while the window closes, to end all threads. Just before that, `leaving`
    is emitted, to save what is not saved yet.
    """

    plot_colours_changed = Signal(object)
    leaving = Signal()
    closing = Signal()

    def __init__(self, theme: Theme = Theme.SYSTEM) -> None:
        super().__init__()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            # Before any part is named: by then a screen reader may ask what it is.
            offer_access(application)
            application.focusChanged.connect(self._hint_at_focus)
        self.theme = theme
        self.plot_colours = LIGHT_PLOT
        self.actions_offered = WindowActions(self)
        self.recipe_panel = RecipePanel(self.actions_offered)
        self.progress_panel = ProgressPanel()
        self.curves = CurvesView()
        self.canvas = DrawingCanvas()
        self.prediction_panel = PredictionPanel()
        self.drawing_column = DrawingColumn(
            self.canvas, self.prediction_panel, self.actions_offered
        )
        self.pages = Pages()
        self._focus_keeper = FocusKeeper(self)
        self.network_bar = NetworkBar(self.actions_offered)
        self.offer_bar = OfferBar()
        self.notice_bar = NoticeBar()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._is_narrow = False
        self.type_points = QApplication.font().pointSizeF()
        self.type_scale = 1.0
        training = TrainingPage(self.recipe_panel, self.progress_panel, self.curves)
        self.training_page = training
        self.device_label = named(ElidedLabel(), "device_label", self.tr("Device"))
        self.setMenuBar(MenuBar())
        self.menus = WindowMenus(self.menuBar(), self.actions_offered, self.pages.actions_offered)
        self._add_themes()
        self.language_menu = LanguageMenu(self.menus.view_menu)
        self._lay_out()
        self.pages.fill(Page.CURVES, training)
        self.actions_offered.quit.triggered.connect(self.close)
        QApplication.styleHints().colorSchemeChanged.connect(self._follow_desktop)
        self.show_dataset("")
        self.set_theme(theme)
        self.resize(QSize(1280, 800).boundedTo(self.screen().availableSize() - _FRAME))

    # --- what the app tells --------------------------------------------------------------------

    def show_device(self, text: str, tooltip: str = "") -> None:
        """Show where the network runs, and in the tooltip why there."""
        self.device_label.show_text(text, tooltip)

    def show_dataset(self, name: str) -> None:
        """Show the data set's name in the title."""
        self.setWindowTitle(f"{name} \u2013 mnist-gui" if name else "mnist-gui")

    def show_status(self, text: str) -> None:
        """Show a passing remark at the bottom."""
        self.statusBar().showMessage(text, 10_000)

    def show_opened(self, path: str) -> None:
        """Say that a file was opened."""
        self.show_status(self.tr("Opened {path}").format(path=path))

    def show_saved(self, path: str) -> None:
        """Say that a file was saved."""
        self.show_written(self.tr("Saved {path}").format(path=path), path)

    def show_written(self, sentence: str, path: str) -> None:
        """Say what was written to a file, until it is put away; its folder can be opened."""
        self.notice_bar.show_written(sentence, Path(path).parent)

    def show_notice(self, sentence: str) -> None:
        """Say something until it is put away."""
        self.notice_bar.show_notice(sentence)

    def show_error(self, title: str, sentence: str) -> None:
        """Show what went wrong; the program goes on meanwhile."""
        show_warning(self, title, sentence)

    def show_file_error(self, sentence: str) -> None:
        """Show what is wrong with a file; the program goes on meanwhile."""
        self.show_error(self.tr("The file cannot be used"), sentence)

    @property
    def dialog_parent(self) -> QWidget:
        """The widget that dialogs belong to."""
        return self

    def offer(
        self,
        sentence: str,
        button: str,
        accept: Callable[[], object],
        details: Callable[[], object] | None = None,
    ) -> None:
        """Show a sentence with a button that accepts what it offers, until it is put away.

        There is another button if there are `details`, which that shows.
        """
        self.offer_bar.offer(sentence, button, accept, details)

    def withdraw_offer(self) -> None:
        """Show no offer any more."""
        self.offer_bar.hide()

    def set_theme(self, theme: Theme) -> None:
        """Give the program this theme."""
        app, action = QApplication.instance(), self.themes[theme]
        # Signals come also to a window whose parts are being deleted.
        if isinstance(app, QApplication) and isValid(action):  # type: ignore[no-untyped-call]
            self.theme = theme
            action.setChecked(True)
            self._use_plot_colours(apply_theme(app, theme))

    def _use_plot_colours(self, colours: PlotColours) -> None:
        if colours != self.plot_colours:
            self.plot_colours = colours
            self.curves.apply_theme(colours)
            self.plot_colours_changed.emit(colours)

    def save_state(self) -> tuple[QByteArray, QByteArray]:
        """Return the window's place and its columns' widths."""
        return self.saveGeometry(), self.splitter.saveState()

    def restore_state(self, geometry: QByteArray, columns: QByteArray) -> None:
        """Take on what `save_state` returned; empty or foreign bytes change nothing."""
        self.restoreGeometry(geometry)
        self.splitter.restoreState(columns)

    def take_over(self, before: "MainWindow") -> None:
        """Look as another window does, in whose place this one comes."""
        self._is_narrow = before._is_narrow
        self.restore_state(*before.save_state())
        if not before.isMaximized() and not before.isFullScreen():
            # Exactly there, also where it is partly off the screen.
            self.setGeometry(before.geometry())
        self.training_page.restoreState(before.training_page.saveState())
        self.type_points, self.type_scale = before.type_points, before.type_scale
        self.language_menu.chosen = before.language_menu.chosen
        self.pages.take_over(before.pages)
        self.recipe_panel.take_over(before.recipe_panel)
        self.curves.take_over(before.curves)
        self.canvas.document.take_over(before.canvas.document)
        self.notice_bar.take_over(before.notice_bar)
        actions, others = self.actions_offered, before.actions_offered
        actions.pad.setChecked(others.pad.isChecked())
        actions.erase.setChecked(others.erase.isChecked())
        actions.erase_right.setChecked(others.erase_right.isChecked())
        actions.calibrated.setChecked(others.calibrated.isChecked())
        actions.present.setChecked(others.present.isChecked())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the pad away where it would take too much room, and bring it back."""
        super().resizeEvent(event)
        # What is longer is cut there, and whole in the tooltip.
        self.device_label.setMaximumWidth(self.width() // 4)
        is_narrow = self.width() < _NARROWEST_WITH_PAD
        if is_narrow is not self._is_narrow:
            self._is_narrow = is_narrow
            # The pad is as narrow as it can be where the page needs the room.
            pad = 0 if is_narrow else _USUAL_PAD
            self.splitter.setSizes([self.width() - pad, pad])
            self.actions_offered.pad.setChecked(True)
            self._follow_page(self.pages.in_front)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Have everything saved, hide, end the threads, and close."""
        self.leaving.emit()
        # So that the user does not wait for the threads.
        self.hide()
        self.closing.emit()
        super().closeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show what a control is for in the hint line, while the pointer is over it."""
        if isinstance(event, QStatusTipEvent):
            self.hint.show_text(event.tip())
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Find shortcuts also on keyboards without Latin letters."""
        # Not before the window is seen.
        from mnist_gui.gui.common.latin_keys import press_latin_key

        if not press_latin_key(self, event):
            super().keyPressEvent(event)

    # --- what the user asks --------------------------------------------------------------------

    @Slot(object)
    def _follow_page(self, page: Page) -> None:
        """In a narrow window show the pad in the room that is about drawing only."""
        if self._is_narrow:
            self.actions_offered.pad.setChecked(page.room is Room.DRAW)

    @Slot(QWidget, QWidget)
    def _hint_at_focus(self, _before: QWidget | None, focused: QWidget | None) -> None:
        if focused is not None and focused.window() is self:
            self.hint.show_text(focused.statusTip())

    def focusNextPrevChild(self, onwards: bool) -> bool:
        """Have Tab reach the pad last, whatever was built after it.

        Qt asks for this also when what has the focus is disabled or hidden.
        """
        put_last_in_tab_order(self.pad)
        focused = self.focusWidget()
        if focused is None or (focused.isEnabled() and focused.isVisible()):
            return super().focusNextPrevChild(onwards)
        in_pad, is_enabled = self.pad.isAncestorOf(focused), focused.isEnabled()
        heir = self._pad_or_rail() if in_pad else beside(focused)
        if heir is not None:
            heir.setFocus()
        is_passed = heir is not None or super().focusNextPrevChild(onwards)
        if not in_pad and not is_enabled:
            self._focus_keeper.note(focused, self.focusWidget())
        return is_passed

    def _pad_or_rail(self) -> QWidget:
        room = self.pages.in_front.room
        return self.canvas if self.canvas.isVisible() else self.pages.rail.button(room)

    @Slot(object)
    def _focus_on_page(self, page: Page) -> None:
        """Give the focus to what a page is for."""
        is_drawn_on = page is Page.EXPLANATION and self.canvas.isVisible()
        target = self.canvas if is_drawn_on else first_in(self.pages.place(page))
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the canvas, where it can be seen."""
        super().showEvent(event)
        if self.focusWidget() is None:
            self._pad_or_rail().setFocus()

    @Slot()
    def _follow_desktop(self) -> None:
        if self.theme is Theme.SYSTEM:
            self.set_theme(Theme.SYSTEM)

    # --- putting together ----------------------------------------------------------------------

    def _add_themes(self) -> None:
        names = {
            Theme.SYSTEM: self.tr("&System"),
            Theme.LIGHT: self.tr("&Light"),
            Theme.DARK: self.tr("&Dark"),
            Theme.HIGH_CONTRAST: self.tr("High &contrast"),
        }
        # Held: its actions would not outlive it in Python.
        self._theme_group = group = QActionGroup(self)
        self.themes = {theme: QAction(name, group) for theme, name in names.items()}
        for theme, action in self.themes.items():
            action.setCheckable(True)
            action.triggered.connect(partial(self.set_theme, theme))
        self.menus.theme_menu.addActions(group.actions())

    def _lay_out(self) -> None:
        self.pad = SteadyScrollArea(self.drawing_column)
        is_to_be(self.pad, QAccessible.Role.Grouping)
        named(self.pad, "pad", self.tr("Pad"))
        self.splitter.addWidget(self.pages)
        self.splitter.addWidget(self.pad)
        in_reading_order(self.splitter)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([960, _USUAL_PAD])
        self.language_button = LanguageButton(self.language_menu)
        bars = (self.network_bar, self.language_button)
        self.top_bar = TopBar(*bars, self.actions_offered, self.pages)
        parts = (self.top_bar, self.offer_bar, self.notice_bar, (self.splitter, 1))
        self.setCentralWidget(widget_with(column(*parts, spacing=0)))
        self.setMinimumSize(_SMALLEST)
        self.statusBar().setContentsMargins(12, 0, 0, 0)
        self.actions_offered.pad.toggled.connect(self.pad.setVisible)
        self.pages.page_changed.connect(self._follow_page)
        self.pages.entered.connect(self._focus_on_page)
        self.hint = named(ElidedLabel(), "hint_line")
        self.hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.statusBar().addWidget(self.hint, 3)
        self.statusBar().addPermanentWidget(self.device_label)
