"""What each layer of the current network makes of the digit on the pad."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.inside.exciting import Exciting, ExcitingSearch, can_be_excited
from mnist_gui.engine.inside.layers import network_layers
from mnist_gui.engine.inside.passage import Passage, layer_csv, pass_image
from mnist_gui.engine.inside.receptive_field import receptive_field
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.activations.exciting import ExcitingImage
from mnist_gui.gui.activations.page import ActivationsPage
from mnist_gui.gui.activations.text import StepText
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.common.values import network_file_name, network_title
from mnist_gui.gui.pages import Page
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter

# A second or two with the largest network.
_SEARCHED = 2_000


def add(parts: ViewParts) -> Building:
    """Build the page, and its presenter in another turn."""
    page = ActivationsPage()
    yield
    return ActivationsPresenter(parts, page)


class ActivationsPresenter(ViewPresenter):
    """Lets the digit pass through the network, live, and looks for exciting images when asked."""

    def __init__(self, parts: ViewParts, page: ActivationsPage) -> None:
        super().__init__(parts.session, page, parts.shell, Page.ACTIVATIONS)
        self._activations = page
        self._words = StepText(self)
        self._image: NDArray[np.uint8] | None = None
        self._search: ExcitingSearch | None = None
        self._searched: Dataset | None = None
        self._found: dict[int, Exciting] = {}
        session = parts.session
        page.looked_at.connect(self._show_exciting)
        page.exciting.asked.connect(self._look_for_exciting)
        page.exciting.image_chosen.connect(parts.show_test_image)
        session.dataset.changed.connect(self._forget_found)
        self.follow(session.reader, session.displayed)

    # --- what the view is ----------------------------------------------------------------------

    def question(self) -> Question | str:
        """Ask for the digit's way through the network that reads, and for the search under way."""
        snapshot = self._session.reader.value
        if snapshot is None:
            return self.no_network()
        displayed = self._session.displayed.value
        image, _ = displayed.digit
        if image is not None:
            self._image = image
        elif displayed.is_drawn and not displayed.drawing:
            # Otherwise the next image is being made.
            self._image = None
        if self._image is None:
            return self.tr("Draw a digit on the pad: here you see what each layer makes of it.")
        search = self._search
        # One that was left half way is asked for again.
        return snapshot, self._image, search, None if search is None else search.done

    def answers(self, question: Question) -> Iterator[Any]:
        """Let the image pass, then go on with the search."""
        snapshot, image, search, _left = question
        yield pass_image(snapshot, image)
        if search is not None:
            yield from search.go_on()
            yield search

    def show_answer(self, question: Question, answer: Any) -> None:
        """Show the digit's way through the network, or the images that were found."""
        if isinstance(answer, Passage):
            snapshot: Snapshot = question[0]
            self._page.show_title(network_title(snapshot.recipe.name, snapshot.step))
            self._activations.show_passage(answer)
            self._page.show_body()
        elif isinstance(answer, ExcitingSearch) and answer is self._search:
            self._search = None
            if (found := answer.found()) is not None:
                self._found[answer.place] = found
        self._show_exciting()

    def numbers(self) -> bytes:
        """Return the numbers of the layer that is shown."""
        passage, place = self._activations.passage, self._activations.place
        assert passage is not None
        return layer_csv(passage.layers[place], passage.outputs[place])

    def file_name(self) -> str:
        """Name files after the network and the layer."""
        passage = self._activations.passage
        assert passage is not None
        network = network_file_name(passage.snapshot.recipe.name, passage.snapshot.step)
        step = self.tr("layer {number}").format(number=self._activations.place + 1)
        return f"{network}-{step}".replace(" ", "-")

    # --- exciting images -----------------------------------------------------------------------

    @Slot()
    def _look_for_exciting(self) -> None:
        passage, dataset = self._activations.passage, self._session.dataset.value
        if passage is None or dataset is None:
            return
        if self._searched is not dataset:
            self._forget_found()
        self._searched = dataset
        images = dataset.test.images[:_SEARCHED]
        self._search = ExcitingSearch(passage.snapshot, self._activations.place, images)
        self.ask()
        self._show_exciting()

    @Slot()
    def _forget_found(self) -> None:
        self._search, self._found = None, {}
        self._show_exciting()

    @Slot()
    def _cancel(self) -> None:
        # Only the search takes long; the digit is followed on.
        self._search = None
        super()._cancel()
        self._begin()
        self._show_exciting()

    @Slot()
    def _show_exciting(self) -> None:
        passage, place = self._activations.passage, self._activations.place
        if passage is None:
            return
        panel, layer = self._activations.exciting, passage.layers[place]
        panel.setVisible(can_be_excited(layer.kind))
        found = self._found.get(place)
        if found is not None and found.snapshot.recipe.network == passage.snapshot.recipe.network:
            self._show_found(found)
        elif self._search is not None:
            panel.show_progress(self._search.done, self._search.total)
        elif self._session.dataset.value is None:
            panel.show_offer(self.tr("No data set is loaded yet."), can_search=False)
        else:
            panel.show_offer("")

    def _show_found(self, found: Exciting) -> None:
        assert self._searched is not None
        unit, snapshot = self._activations.unit, found.snapshot
        layers = network_layers(snapshot.recipe.network)
        layer, number = layers[found.place], unit[-1]
        images = []
        spoken = self.tr("Test image {number}: {value}")
        for rank, index in enumerate(found.indices[number].tolist()):
            value = self._words.value(layer, float(found.values[number, rank]))
            field = receptive_field(layers, found.place, found.unit(number, rank))
            words = spoken.format(number=count(index), value=value)
            image = self._searched.test.images[index]
            images.append(ExcitingImage(index, image, field, value, words))
        text = self.tr(
            "{unit}: these of the first {count} test images excite it most in {network}. A click "
            "puts one on the pad."
        )
        if len(layer.shape) == 3:
            text = self.tr(
                "{unit}: these of the first {count} test images excite it most in {network}, in "
                "the frames. A click puts one on the pad."
            )
        sentence = text.format(
            unit=self._words.spoken_group(layer, number),
            count=count(found.images),
            network=network_title(snapshot.recipe.name, snapshot.step),
        )
        self._activations.exciting.show_images(sentence, images)
