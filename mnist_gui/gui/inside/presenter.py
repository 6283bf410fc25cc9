"""The current network from inside: its architecture and its weights."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QImage

from mnist_gui.engine.inside.files import write_view
from mnist_gui.engine.inside.filters import FirstLayer, first_layer, weights_csv
from mnist_gui.engine.inside.layers import Layer, network_layers
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.images import png_file
from mnist_gui.gui.common.values import network_file_name, network_title
from mnist_gui.gui.inside.architecture import ArchitecturePage
from mnist_gui.gui.inside.weights import WeightsPage, Wish
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session
from mnist_gui.gui.shell import Shell

# A run may hand out networks more often than eyes follow.
_LEAST_MILLISECONDS = 100


class InsidePresenter(QObject):
    """Shows the current network's layers and weights while their pages are visible."""

    def __init__(
        self, session: Session, architecture: ArchitecturePage, weights: WeightsPage, shell: Shell
    ) -> None:
        super().__init__()
        self._session, self._shell = session, shell
        self._architecture, self._weights = architecture, weights
        self._layer: FirstLayer | None = None
        self._shown: Snapshot | None = None
        self._rest = QTimer(self, singleShot=True, interval=_LEAST_MILLISECONDS)
        self._rest.timeout.connect(self._show_weights)
        weights.watcher.visible_changed.connect(self._show_weights)
        weights.wished.connect(self._fulfil)
        architecture.watcher.visible_changed.connect(self._show_architecture)
        architecture.layer_chosen.connect(self._open_layer)
        session.network.follow(self._follow_network)
        session.displayed.follow(self._show_digit)
        shell.pages.fill(Page.ARCHITECTURE, architecture)
        shell.pages.fill(Page.WEIGHTS, weights)

    @Slot(object)
    def _follow_network(self, _snapshot: Snapshot) -> None:
        self._show_architecture()
        self._show_weights()

    # --- architecture --------------------------------------------------------------------------

    @Slot()
    def _show_architecture(self) -> None:
        snapshot = self._session.network.value
        if snapshot is None or not self._architecture.isVisible():
            return
        layers = network_layers(snapshot.recipe.network)
        self._architecture.show_network(_title(snapshot), layers)
        self._show_digit(self._session.displayed.value)

    @Slot(object)
    def _show_digit(self, displayed: Displayed) -> None:
        self._architecture.show_digit(*displayed.digit)

    @Slot(object)
    def _open_layer(self, layer: Layer) -> None:
        if self._layer_name() == layer.weights:
            self._shell.pages.bring_to_front(Page.WEIGHTS)

    def _layer_name(self) -> str:
        """Return the name of the layer whose weights are pictures."""
        snapshot = self._session.network.value
        return "" if snapshot is None else first_layer(snapshot).name

    # --- weights -------------------------------------------------------------------------------

    @Slot()
    def _show_weights(self) -> None:
        snapshot = self._session.network.value
        if snapshot is None or snapshot is self._shown or not self._weights.isVisible():
            return
        if self._rest.isActive():
            return
        self._rest.start()
        self._shown, self._layer = snapshot, first_layer(snapshot)
        self._weights.show_layer(_title(snapshot), self._layer)

    @Slot(Wish, object)
    def _fulfil(self, wish: Wish, place: int | None) -> None:
        if self._layer is None or self._shown is None:
            return
        match wish:
            case Wish.COPY_PICTURE:
                QGuiApplication.clipboard().setImage(self._weights.picture(place))
                self._shell.show_status(self.tr("Copied the picture"))
            case Wish.SAVE_PICTURE:
                self._save_picture(self._weights.picture(place))
            case Wish.SAVE_NUMBERS:
                self._save_numbers(self._layer, place)

    def _save_picture(self, picture: QImage) -> None:
        kinds = {self.tr("PNG pictures (*.png)"): ".png"}
        if path := self._ask(self.tr("Save weights as picture"), kinds):
            self._write(path, lambda: write_view(Path(path), png_file(picture)))

    def _save_numbers(self, layer: FirstLayer, place: int | None) -> None:
        kinds = {self.tr("CSV tables (*.csv)"): ".csv"}
        if path := self._ask(self.tr("Save weights as CSV"), kinds):
            self._write(path, lambda: write_view(Path(path), weights_csv(layer, place)))

    def _ask(self, title: str, kinds: dict[str, str]) -> str:
        assert self._shown is not None
        name = network_file_name(self._shown.recipe.name, self._shown.step)
        return dialogs.ask_to_save(
            self._shell.dialog_parent, title, kinds, name=f"{name}-{self.tr('weights')}"
        )

    def _write(self, path: str, function: Callable[[], None]) -> None:
        self._session.file_thread.call(
            function,
            then=lambda _: self._shell.show_saved(path),
            failed=self._shell.show_file_error,
        )


def _title(snapshot: Snapshot) -> str:
    return network_title(snapshot.recipe.name, snapshot.step)
