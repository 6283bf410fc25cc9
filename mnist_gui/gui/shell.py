"""The window round the features: its actions and menus, and what it does for them."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, SignalInstance, Slot
from PySide6.QtGui import QAction, QKeySequence, QUndoGroup
from PySide6.QtWidgets import QMenuBar, QWidget

from mnist_gui.engine.events import RunState
from mnist_gui.gui.common.icons import icon
from mnist_gui.gui.common.theme import PlotColours
from mnist_gui.gui.pages import Pages
from mnist_gui.gui.recent import RecentMenu

Keys = QKeySequence.StandardKey


class WindowActions(QObject):
    """The window's actions, made once, and enabled as the run's state and the drawing allow."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._state = RunState.IDLE
        self._has_network = False
        self.is_run_kept = False
        self._run = ""
        self.undo_group = QUndoGroup(self)
        self._make_file_actions()
        self._make_edit_actions()
        self._make_view_actions()
        self._make_training_actions()
        self._make_help_actions()
        self._connect_undo()
        self._enable()
        self.follow_drawing(None)

    @Slot(object)
    def set_state(self, state: RunState) -> None:
        """Offer what can be done in this state of the run."""
        self._state = state
        paused = state is RunState.PAUSED
        self.pause.setText(self.tr("&Resume") if paused else self.tr("&Pause"))
        self._enable()

    @Slot(object)
    def follow_network(self, network: object) -> None:
        """Offer what needs a network, or not."""
        self._has_network = network is not None
        self._enable()

    @Slot(bool)
    def set_run_kept(self, kept: bool) -> None:
        """Offer what needs a run to go on with, or not."""
        self.is_run_kept = kept
        self._enable()

    def name_run(self, title: str) -> None:
        """Name the run that would go on."""
        self._run = title
        self._enable()

    @Slot(object)
    def follow_drawing(self, drawing: object) -> None:
        """Offer what needs a drawing on the canvas, or not; an empty one is false."""
        self.clear.setEnabled(bool(drawing))
        self.replay.setEnabled(bool(drawing))

    def show_playing(self, *, playing: bool) -> None:
        """Offer to stop what is played, or to play."""
        if playing:
            self.replay.setText(self.tr("Stop repla&y"))
            self.replay.setIconText(self.tr("Stop the replay"))
            self.replay.setToolTip(self.tr("Show the whole drawing again"))
        else:
            self.replay.setText(self.tr("Repla&y drawing"))
            self.replay.setIconText(self.tr("Replay"))
            tip = self.tr("See the drawing drawn again, and what is read at each moment")
            self.replay.setToolTip(tip)
        self.replay.setIcon(icon("stop" if playing else "play"))

    def _enable(self) -> None:
        idle = not self._state.is_active
        offered = dict.fromkeys(
            (
                self.start,
                self.train,
                self.open_network,
                self.open_dataset,
                self.open_data_folder,
                self.use_mnist,
            ),
            idle,
        )
        offered[self.pause] = self._state in (RunState.TRAINING, RunState.PAUSED)
        offered[self.stop] = self._state.is_active and self._state is not RunState.STOPPING
        offered[self.save_network] = self._has_network
        offered[self.train_on] = idle and self.is_run_kept
        offered[self.test] = idle and self._has_network
        # What is taken back can then hand its focus to what is offered.
        for action in sorted(offered, key=offered.__getitem__, reverse=True):
            action.setEnabled(offered[action])
        self.train_on.setToolTip(self._train_on_tip())

    def _train_on_tip(self) -> str:
        if self._state.is_active:
            return self.tr("Available when training has ended.")
        if not self.is_run_kept:
            return self.tr("Train a network first; then you can keep training it.")
        text = self.tr("Keep training the last run, {run}, from the weights it reached")
        return text.format(run=self._run)

    def _connect_undo(self) -> None:
        group = self.undo_group
        group.canUndoChanged.connect(self.undo.setEnabled)
        group.canRedoChanged.connect(self.redo.setEnabled)
        group.undoTextChanged.connect(self._name_undo)
        group.redoTextChanged.connect(self._name_redo)
        # Not the group's own slots: a stack may undo in its own way.
        self.undo.triggered.connect(lambda: group.activeStack().undo())
        self.redo.triggered.connect(lambda: group.activeStack().redo())
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)

    @Slot(str)
    def _name_undo(self, change: str) -> None:
        text = self.tr("&Undo: {change}").format(change=change)
        self.undo.setText(text if change else self.tr("&Undo"))

    @Slot(str)
    def _name_redo(self, change: str) -> None:
        text = self.tr("&Redo: {change}").format(change=change)
        self.redo.setText(text if change else self.tr("&Redo"))

    def _make_file_actions(self) -> None:
        self.open_network = self._action(self.tr("&Open network \u2026"), Keys.Open)
        self.save_network = self._action(self.tr("&Save network \u2026"), Keys.Save)
        self.open_dataset = self._action(self.tr("Open &data set \u2026"), "Ctrl+D")
        self.open_data_folder = self._action(self.tr("Open data set in a &folder \u2026"))
        self.use_mnist = self._action(self.tr("Use &MNIST"))
        self.preferences = self._action(self.tr("Pre&ferences \u2026"), "Ctrl+,")
        self.preferences.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.quit = self._action(self.tr("&Quit"), "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)

    def _make_edit_actions(self) -> None:
        self.undo = self._action(self.tr("&Undo"), Keys.Undo, icon_name="undo")
        self.redo = self._action(self.tr("&Redo"), "Ctrl+Shift+Z", "Ctrl+Y", icon_name="redo")
        tip = self.tr("Erase single strokes instead of drawing")
        self.erase = self._local_action(self.tr("&Eraser"), "E", tip=tip, icon_name="eraser")
        self.erase.setCheckable(True)
        words = {"short": self.tr("Clear the drawing"), "tip": self.tr("Clear the drawing")}
        text = self.tr("&Clear drawing")
        self.clear = self._local_action(text, "Del", "Esc", icon_name="clear", **words)
        self.erase_right = self._action(self.tr("Erase &with the right button"))
        self.erase_right.setCheckable(True)
        self.replay = self._local_action("", "R", icon_name="play")
        self.show_playing(playing=False)

    def _make_view_actions(self) -> None:
        tip = self.tr("Show or hide the pad: the canvas and what is read there")
        self.pad = self._action(self.tr("&Pad"), "F4", tip=tip, icon_name="pad")
        self.pad.setCheckable(True)
        self.pad.setChecked(True)
        tip = self.tr("Show it to a class: full screen, larger text, wider curves")
        self.present = self._action(self.tr("Prese&nt"), "F11", tip=tip, icon_name="present")
        self.present.setCheckable(True)
        self.larger = self._action(self.tr("L&arger text"), Keys.ZoomIn, "Ctrl+=")
        self.smaller = self._action(self.tr("&Smaller text"), Keys.ZoomOut)
        self.usual_size = self._action(self.tr("Normal text si&ze"), "Ctrl+0")
        tip = self.tr(
            "Show percentages that are right as often as they say (calibrated by the network's "
            "temperature), or the raw ones of the network"
        )
        self.calibrated = self._action(self.tr("Cali&brated percentages"), tip=tip)
        self.calibrated.setCheckable(True)
        self.calibrated.setChecked(True)

    def _make_training_actions(self) -> None:
        tip = self.tr("Train this network from the beginning")
        self.start = self._action(self.tr("&Start"), "Ctrl+R", "F5", tip=tip)
        self.train = self._action(self.tr("Train"), tip=self.tr("Choose a recipe and train it"))
        tip = self.tr("Pause the training, or resume it")
        self.pause = self._action(self.tr("&Pause"), "Ctrl+P", tip=tip)
        tip = self.tr("Stop the training and keep what was learnt")
        self.stop = self._action(self.tr("S&top"), "Ctrl+.", tip=tip)
        tip = self.tr("See the network learn once more: go through the steps that its run kept")
        self.play_steps = self._action(self.tr("Play the &run"), "Ctrl+Shift+P", tip=tip)
        self.play_steps.setEnabled(False)
        self.train_on = self._action(self.tr("&Keep training"), "Ctrl+Shift+R")
        self.test = self._action(self.tr("T&est network"), "Ctrl+T")

    def _make_help_actions(self) -> None:
        self.help = self._action(self.tr("&Help contents"), "F1", icon_name="help")
        self.shortcuts = self._action(self.tr("&Keyboard shortcuts"))
        self.about = self._action(self.tr("&About mnist-gui"))
        self.about.setMenuRole(QAction.MenuRole.AboutRole)

    def _action(
        self, text: str, *keys: str | Keys, short: str = "", tip: str = "", icon_name: str = ""
    ) -> QAction:
        action = QAction(text, self, iconText=short, toolTip=tip, iconVisibleInMenu=False)
        action.setShortcuts([QKeySequence(key) for key in keys])
        if icon_name:
            action.setIcon(icon(icon_name))
        return action

    def _local_action(self, text: str, *keys: str, **words: str) -> QAction:
        """Return an action for the canvas' keys; in a number field the same edit the number."""
        action = self._action(text, *keys, **words)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        return action


class WindowMenus(QObject):
    """Fills a bar with menus; what else the program offers is added to them by its own name.

    What is opened goes before the menu of recent files, what is saved into the menus of the
    drawing and the curves, what is copied or pasted before `after_copying` or `after_pasting`: it
    does not matter what comes first. `preferences` is what the preferences offer besides.
    """

    def __init__(self, bar: QMenuBar, actions: WindowActions, pages: Sequence[QAction]) -> None:
        """`pages` are the actions that bring up the pages."""
        super().__init__(bar)
        self.preferences: list[QAction] = []
        self.file_menu = bar.addMenu(self.tr("&File"))
        self.edit_menu = bar.addMenu(self.tr("&Edit"))
        self.training_menu = bar.addMenu(self.tr("&Training"))
        self.view_menu = bar.addMenu(self.tr("&View"))
        self.help_menu = bar.addMenu(self.tr("&Help"))
        self._fill_file_menu(actions)
        self._fill_edit_menu(actions)
        run_actions = [actions.start, actions.pause, actions.stop, actions.train_on]
        self.training_menu.addActions(run_actions)
        self.training_menu.addSeparator()
        self.training_menu.addActions([actions.test, actions.play_steps])
        self.view_menu.addActions(pages)
        self.view_menu.addSeparator()
        self.view_menu.addActions([actions.pad, actions.present])
        self.view_menu.addActions([actions.larger, actions.smaller, actions.usual_size])
        self.view_menu.addAction(actions.calibrated)
        self.view_menu.addSeparator()
        self.after_curves: QAction = self.view_menu.addSeparator()
        self.theme_menu = self.view_menu.addMenu(self.tr("T&heme"))
        self.help_menu.addActions([actions.help, actions.shortcuts, actions.about])

    def add_to_open(self, *actions: QAction) -> None:
        """Offer to open other files than networks."""
        self.file_menu.insertActions(self.recent_menu.menuAction(), actions)

    def _fill_file_menu(self, actions: WindowActions) -> None:
        menu = self.file_menu
        menu.addAction(actions.open_network)
        self.recent_menu = RecentMenu(menu)
        menu.addMenu(self.recent_menu)
        menu.addSeparator()
        menu.addAction(actions.save_network)
        self.drawing_menu = menu.addMenu(self.tr("&Drawing"))
        self.curves_menu = menu.addMenu(self.tr("&Curves"))
        menu.addSeparator()
        self.data_menu = menu.addMenu(self.tr("D&ata"))
        self.data_menu.addActions(
            [actions.open_dataset, actions.open_data_folder, actions.use_mnist]
        )
        menu.addAction(actions.preferences)
        menu.addSeparator()
        menu.addAction(actions.quit)

    def _fill_edit_menu(self, actions: WindowActions) -> None:
        menu = self.edit_menu
        menu.addActions([actions.undo, actions.redo, actions.erase, actions.clear])
        menu.addSeparator()
        self.after_copying: QAction = menu.addSeparator()
        self.after_pasting: QAction = menu.addSeparator()


class Shell(Protocol):
    """The window round a feature: it tells, asks and shows pages, and has the menus."""

    actions_offered: WindowActions
    menus: WindowMenus
    pages: Pages
    plot_colours: PlotColours

    @property
    def plot_colours_changed(self) -> "SignalInstance[tuple[Any]]":
        """Brings the new colours for plots when the theme changes."""

    @property
    def leaving(self) -> "SignalInstance[tuple[()]]":
        """Emitted just before the window closes, to hand over what is not yet kept."""

    @property
    def dialog_parent(self) -> QWidget:
        """The widget that dialogs belong to."""

    def show_dataset(self, name: str) -> None:
        """Show the data set's name."""

    def show_device(self, text: str, tooltip: str = "") -> None:
        """Show where the network runs, and in the tooltip why there."""

    def show_status(self, text: str) -> None:
        """Show a passing remark."""

    def show_error(self, title: str, sentence: str) -> None:
        """Show what went wrong; the program goes on meanwhile."""

    def show_file_error(self, sentence: str) -> None:
        """Show what is wrong with a file; the program goes on meanwhile."""

    def show_opened(self, path: str) -> None:
        """Say that a file was opened."""

    def show_saved(self, path: str) -> None:
        """Say that a file was saved, as `show_written` does."""

    def show_written(self, sentence: str, path: str) -> None:
        """Say what came of a file, until it is put away; the file's folder can be opened."""

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

    def withdraw_offer(self) -> None:
        """Show no offer any more."""
