"""The network at hand: opened, saved, tested, and read with."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.values import network_file_name, network_title, recipe_title
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts


class NetworkConnections(QObject):
    """Lets the user open, save and test networks."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts
        network = parts.network
        window.open_network_requested.connect(network.open)
        window.save_network_requested.connect(network.save)
        window.test_requested.connect(self._test)
        network.network_changed.connect(parts.drawing.use_snapshot)
        network.network_changed.connect(self._show_network)
        network.opened.connect(window.show_opened)
        network.saved.connect(window.show_saved)
        network.failed.connect(window.show_file_error)

    @Slot()
    def _test(self) -> None:
        snapshot = self._parts.network.snapshot
        if snapshot is not None:
            self._parts.training.test(snapshot, self._parts.runs.identity_of(snapshot))

    @Slot(Snapshot)
    def _show_network(self, snapshot: Snapshot) -> None:
        recipe, step = snapshot.recipe.name, snapshot.step
        self._window.show_network(network_title(recipe, step), network_file_name(recipe, step))
        panel = self._window.prediction_panel
        panel.show_reader(recipe_title(recipe), network_title(recipe, step))
