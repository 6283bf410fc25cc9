"""The map of the test images."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.inside.files import table_csv
from mnist_gui.engine.inside.image_map import ImageMap, MapMaker, Method, Numbers
from mnist_gui.engine.inside.layers import has_hidden_layer
from mnist_gui.engine.inside.map_store import MapStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.labels import reading_arrow
from mnist_gui.gui.common.values import network_file_name, network_title
from mnist_gui.gui.map.page import MOST_IMAGES, MapPage
from mnist_gui.gui.pages import Page
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter
from mnist_gui.gui.views.strip import StripImage


class MapPresenter(ViewPresenter):
    """Has the map made of the current network and the test images, with the digit on the pad."""

    def __init__(self, parts: ViewParts, page: MapPage) -> None:
        session = parts.session
        self._map_page, self._show_on_pad = page, parts.show_test_image
        store = MapStore(session.data_folder / "maps")
        self._maker = MapMaker(session.set_reader, store)
        self._shown: tuple[Snapshot, Dataset, ImageMap] | None = None
        super().__init__(session, page, parts.shell, Page.MAP)
        self.follow(session.network, session.view_dataset, session.displayed)
        page.choice_changed.connect(self.ask)
        page.cancelled.connect(self._fall_back)
        page.plot.selected.connect(self._show_selection)
        page.mistakes_button.clicked.connect(self._select_mistakes)
        page.strip.image_chosen.connect(self._put_on_pad)

    def question(self) -> Question | str:
        """Ask for the map of the network, the data set and what is chosen, and for the digit."""
        network, dataset = self._session.network.value, self._session.view_dataset.value
        if network is None:
            return self.tr("No network yet: start a training run or open a network.")
        if dataset is None:
            return self.no_images()
        return (network, dataset, *self._map_page.choice, self._session.displayed.value.digit[0])

    def answers(self, question: Question) -> Iterator[Any]:
        """Make the map, and put the digit on it."""
        network, dataset, numbers, method, image = question
        shown = yield from self._maker.make(network, dataset, numbers, method)
        placed = None
        if image is not None and image.any():
            placed = yield from self._maker.place(image, method)
        yield shown, placed

    def show_answer(self, question: Question, answer: Any) -> None:
        """Show a map with the digit on it, or a draft of a map."""
        shown, placed = (answer, None) if isinstance(answer, ImageMap) else answer
        network, dataset, numbers = question[:3]
        before, self._shown = self._shown, (network, dataset, shown)
        title = self.tr("{network}: map of the test images")
        named = network_title(network.recipe.name, network.step)
        self._page.show_title(title.format(network=named))
        has_layer = numbers is not Numbers.HIDDEN or has_hidden_layer(network.recipe.network)
        self._map_page.show_map(shown, placed, has_layer=has_layer)
        if before is None or before[2].indices is not shown.indices:
            self._show_selection(self._map_page.plot.selection)

    def numbers(self) -> bytes:
        """Return a line for each image of the map."""
        assert self._shown is not None
        shown = self._shown[2]
        columns = (shown.indices, shown.labels, shown.predicted, *shown.points.T)
        rows = zip(*(each.tolist() for each in columns), strict=True)
        return table_csv(("index", "label", "read_as", "x", "y"), rows)

    def file_name(self) -> str:
        """Name the network and the map."""
        assert self._shown is not None
        network = self._shown[0]
        name = network_file_name(network.recipe.name, network.step)
        return self.tr("{network}-map").format(network=name)

    @Slot()
    def _fall_back(self) -> None:
        """Show the map that is made at once in place of one that was cancelled."""
        if self._shown is not None:
            self._begin_with(Method.PCA)

    def _begin_with(self, method: Method) -> None:
        self._map_page.choose_method(method)
        self._page.asked.emit()

    # --- images --------------------------------------------------------------------------------

    @Slot(object)
    def _show_selection(self, places: NDArray[np.intp]) -> None:
        """Show the images at these places in the map, mistakes first."""
        if self._shown is None:
            return
        _, dataset, shown = self._shown
        is_right = shown.predicted[places] == shown.labels[places]
        first = places[np.argsort(is_right, kind="stable")][:MOST_IMAGES].tolist()
        images = [self._strip_image(dataset, shown, place) for place in first]
        self._map_page.show_selection(shown, images, len(places))

    def _strip_image(self, dataset: Dataset, shown: ImageMap, place: int) -> StripImage:
        index, label = int(shown.indices[place]), int(shown.labels[place])
        read_as = int(shown.predicted[place])
        short = str(label) if label == read_as else f"{label} {reading_arrow()} {read_as}"
        words = self.tr("Image {index}: {label} read as {read_as}")
        words = words.format(index=index, label=label, read_as=read_as)
        return StripImage(index, dataset.test.images[index], (short,), words)

    @Slot()
    def _select_mistakes(self) -> None:
        if self._shown is not None:
            self._map_page.plot.select(self._shown[2].mistakes)

    @Slot(object)
    def _put_on_pad(self, chosen: StripImage) -> None:
        self._show_on_pad(chosen.index, chosen.image)


def add(parts: ViewParts) -> Building:
    """Build the page, and its presenter in another turn."""
    page = MapPage()
    yield
    return MapPresenter(parts, page)
