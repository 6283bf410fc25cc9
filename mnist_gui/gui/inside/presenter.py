"""The current network from inside: its architecture and its weights."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import Slot

from mnist_gui.engine.inside.forward import layer_outputs
from mnist_gui.engine.inside.layers import Layer, network_layers
from mnist_gui.engine.inside.maps import few_maps
from mnist_gui.engine.inside.times import LayerTimes, layers_csv
from mnist_gui.engine.inside.weight_images import (
    WeightChoice,
    WeightImages,
    layers_with_images,
    weight_images,
    weights_csv,
)
from mnist_gui.engine.models.layer_timer import measure_layers
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.values import network_file_name, network_title
from mnist_gui.gui.inside.architecture import ArchitecturePage
from mnist_gui.gui.inside.weights import WeightsPage
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter
from mnist_gui.gui.views.steps import SteppedWork


class ArchitecturePresenter(ViewPresenter):
    """Shows the current network's layers, what they make of the digit, and the time they take."""

    def __init__(
        self,
        session: Session,
        page: ArchitecturePage,
        shell: Shell,
        measure: Callable[[str], Iterator[object]] = measure_layers,
    ) -> None:
        """`measure` is given an architecture; see `measure_layers`."""
        super().__init__(session, page, shell, Page.ARCHITECTURE)
        self._architecture_page, self._measure_layers = page, measure
        self._shown: Snapshot | None = None
        # By architecture: the times, or why there are none.
        self._times: dict[str, tuple[LayerTimes, ...] | str] = {}
        self._measured = ""
        self._measuring = SteppedWork(session, self._is_training)
        page.watcher.visible_changed.connect(self._measure)
        session.run_state.changed.connect(self._measure)
        session.devices.changed.connect(self._measure)
        session.displayed.follow(self._show_digit)
        self.follow(session.network, session.displayed)

    def question(self) -> Question | str:
        """Return the network and the digit on the pad."""
        snapshot = self._session.network.value
        if snapshot is None:
            return self.no_network()
        return snapshot, self._session.displayed.value.digit[0]

    def answers(self, question: Question) -> Iterator[Any]:
        """Compute a few maps of each layer, or None without a digit."""
        snapshot, image = question
        if image is None:
            yield None
        else:
            outputs = layer_outputs(snapshot, image[np.newaxis])
            yield [few_maps(output[0]) for output in outputs]

    def show_answer(self, question: Question, answer: Any) -> None:
        """Show the network's layers with the digit's maps, and measure their times."""
        snapshot, _ = question
        page, self._shown = self._architecture_page, snapshot
        page.show_network(_title(snapshot), network_layers(snapshot.recipe.network))
        page.show_digit(*self._session.displayed.value.digit)
        page.show_maps(answer)
        page.show_body()
        self._measure()

    def numbers(self) -> bytes:
        """Return the layers, with their shares of the time as far as they are known."""
        assert self._shown is not None
        architecture = self._shown.recipe.network
        times = self._times.get(architecture, ())
        return layers_csv(network_layers(architecture), () if isinstance(times, str) else times)

    def file_name(self) -> str:
        """Name the file after the network."""
        return _file_name(self._shown, self.tr("architecture"))

    @Slot(object)
    def _show_digit(self, displayed: Displayed) -> None:
        self._architecture_page.show_digit(*displayed.digit)

    # --- measuring -----------------------------------------------------------------------------

    @Slot()
    def _measure(self) -> None:
        """Show the times of the layers that are shown, or measure them, or say why not."""
        page = self._architecture_page
        name = "" if self._shown is None else self._shown.recipe.network
        if name != self._measured or not page.isVisible() or self._is_training():
            self._measuring.cancel()
        if not name or not page.isVisible():
            return
        times = self._times.get(name)
        if isinstance(times, str):
            page.show_time_message(times)
        elif times is not None:
            page.show_times(times)
        elif self._session.devices.value is None:
            text = self.tr("The layers' times are measured when TensorFlow is ready.")
            page.show_time_message(text)
        elif self._is_training():
            page.show_time_message(self.tr("The layers' times are measured when no run trains."))
        elif not self._measuring.is_busy:
            page.show_time_message(self.tr("Measuring how long each layer takes \u2026"))
            self._measured = name
            self._measuring.start(
                self._measure_layers(name),
                each=lambda event: self._take_times(name, event),
                failed=lambda sentence: self._take_times(name, sentence),
            )

    def _take_times(self, name: str, event: object) -> None:
        if isinstance(event, (tuple, str)):
            self._times[name] = event
            self._measure()


class WeightsPresenter(ViewPresenter):
    """Shows the weights of a layer of the current network, live while it trains."""

    def __init__(self, session: Session, page: WeightsPage, shell: Shell) -> None:
        super().__init__(session, page, shell, Page.WEIGHTS)
        self._weights_page = page
        self._choice = WeightChoice()
        self._shown: tuple[Snapshot, WeightImages] | None = None
        page.choice_changed.connect(self._choose)
        self.follow(session.network)

    @Slot(object)
    def open_layer(self, layer: Layer) -> None:
        """Bring up the page that shows what a layer has learnt, or what it makes of the digit."""
        snapshot = self._session.network.value
        if snapshot is None or layer not in layers_with_images(snapshot.recipe.network):
            self._shell.pages.bring_to_front(Page.ACTIVATIONS)
            return
        self._choose(replace(self._choice, layer=layer.weights, source=None))
        self._shell.pages.bring_to_front(Page.WEIGHTS)

    @Slot(object)
    def _choose(self, choice: WeightChoice) -> None:
        if choice.layer != self._choice.layer:
            # Another layer has other maps.
            choice = replace(choice, source=None)
        self._choice = choice
        self.ask()

    def question(self) -> Question | str:
        """Return the network and what is to be seen of it."""
        snapshot = self._session.network.value
        if snapshot is None:
            return self.no_network()
        return snapshot, self._choice

    def answers(self, question: Question) -> Iterator[Any]:
        """Fold and sort the weights."""
        yield weight_images(*question)

    def show_answer(self, question: Question, answer: Any) -> None:
        """Show the weights."""
        snapshot, _ = question
        self._shown = snapshot, answer
        self._weights_page.show_weights(_title(snapshot), snapshot.recipe.network, answer)
        self._weights_page.show_body()

    def picture(self) -> Any:
        """Return one image, or all of them."""
        return self._weights_page.picture_of(self._weights_page.wished_place)

    def numbers(self) -> bytes:
        """Return the weights of one image, or of all."""
        assert self._shown is not None
        return weights_csv(self._shown[1], self._weights_page.wished_place)

    def file_name(self) -> str:
        """Name the file after the network and the layer."""
        assert self._shown is not None
        snapshot, weights = self._shown
        return _file_name(snapshot, f"{self.tr('weights')}-{weights.layer.weights}")


def _file_name(snapshot: Snapshot | None, what: str) -> str:
    assert snapshot is not None
    return f"{network_file_name(snapshot.recipe.name, snapshot.step)}-{what}"


def _title(snapshot: Snapshot) -> str:
    return network_title(snapshot.recipe.name, snapshot.step)


def add(parts: ViewParts) -> Building:
    """Show the pages *Architecture* and *Weights*, each in turns of its own."""
    page = ArchitecturePage()
    yield
    architecture = ArchitecturePresenter(parts.session, page, parts.shell)
    yield
    weights_page = WeightsPage()
    yield
    weights = WeightsPresenter(parts.session, weights_page, parts.shell)
    weights.setParent(architecture)
    page.layer_chosen.connect(weights.open_layer)
    return architecture
