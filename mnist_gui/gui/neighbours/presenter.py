"""The training images that are most like the digit on the pad."""

from collections.abc import Iterator
from typing import Any

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.inside.alike import Alike, AlikeFinder
from mnist_gui.engine.inside.files import table_csv
from mnist_gui.engine.inside.layers import has_hidden_layer
from mnist_gui.engine.inside.neighbours import Neighbours
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.labels import count, number
from mnist_gui.gui.common.values import network_file_name, network_title
from mnist_gui.gui.neighbours.page import NeighboursPage, Row
from mnist_gui.gui.pages import Page
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter, is_same
from mnist_gui.gui.views.strip import StripImage
from mnist_gui.words.language import in_sequence


class NeighboursPresenter(ViewPresenter):
    """Has the nearest training images found: by pixels at once, by the network once it has read
    them all, and from then on while one draws.
    """

    def __init__(self, parts: ViewParts, page: NeighboursPage) -> None:
        session = parts.session
        self._neighbours_page = page
        self._finder = AlikeFinder(session.set_reader)
        self._newest: Question | None = None
        self._shown: tuple[Snapshot, Dataset, Alike] | None = None
        super().__init__(session, page, parts.shell, Page.NEIGHBOURS)
        self.follow(session.network, session.dataset, session.displayed)

    def question(self) -> Question | str:
        """Ask what is alike to the digit on the pad."""
        self._newest = None
        network, dataset = self._session.network.value, self._session.dataset.value
        image = self._session.displayed.value.digit[0]
        if network is None:
            return self.tr("No network yet: start a training run or open a network.")
        if dataset is None:
            return self.no_images()
        if image is None or not image.any():
            return self.tr("Draw a digit: the training images that are most like it appear here.")
        self._newest = (network, dataset, image)
        return self._newest

    def answers(self, question: Question) -> Iterator[Any]:
        """Find what is alike, until something else is asked: the set is then read on for that."""
        for event in self._finder.find(*question):
            yield event
            if not is_same(question, self._newest):
                return

    def show_answer(self, question: Question, answer: Any) -> None:
        """Show what is alike, or as much of it as is known."""
        network, dataset, image = question
        self._shown = (network, dataset, answer)
        title = self.tr("{network}: training images like this digit")
        named = network_title(network.recipe.name, network.step)
        self._page.show_title(title.format(network=named))
        rows = [self._row(dataset, found) for found in (answer.pixels, answer.seen)]
        self._neighbours_page.show_rows(image, rows, self._verdicts(network, answer, rows))

    def numbers(self) -> bytes:
        """Return a line for each image that is shown."""
        assert self._shown is not None
        _, dataset, shown = self._shown
        lines = []
        for by, found in (("pixels", shown.pixels), ("network", shown.seen)):
            if found is not None:
                labels = dataset.train.labels[found.indices].tolist()
                columns = (found.indices.tolist(), labels, found.distances.tolist())
                lines += [(by, *each) for each in zip(*columns, strict=True)]
        return table_csv(("nearest_by", "index", "label", "distance"), lines)

    def file_name(self) -> str:
        """Name the network and the view."""
        assert self._shown is not None
        network = self._shown[0]
        name = network_file_name(network.recipe.name, network.step)
        return self.tr("{network}-alike").format(network=name)

    def _row(self, dataset: Dataset, found: Neighbours | None) -> Row | None:
        if found is None:
            return None
        labels = dataset.train.labels[found.indices].tolist()
        places = zip(found.indices.tolist(), labels, found.distances.tolist(), strict=True)
        return Row([self._image(dataset, *each) for each in places], labels)

    def _image(self, dataset: Dataset, index: int, label: int, distance: float) -> StripImage:
        text = self.tr("Training image {index}: a {label}, distance {distance}")
        away = number(distance, 2)
        words = text.format(index=count(index), label=label, distance=away)
        return StripImage(index, dataset.train.images[index], (str(label), away), words)

    def _verdicts(self, network: Snapshot, shown: Alike, rows: list[Row | None]) -> tuple[str, str]:
        """Say of each row what most of its images are."""
        pixels = self.tr("Nearest by pixels: {votes} of {count} are a {label}.")
        seen = self.tr(
            "Nearest by the network's last hidden layer: {votes} of {count} are a {label}."
        )
        if not has_hidden_layer(network.recipe.network):
            seen = self.tr(
                "Nearest by the network's ten scores, as it has no hidden layer: {votes} of "
                "{count} are a {label}."
            )
        wait = self.tr("The network is reading the training images once, to compare them too.")
        texts = [
            wait
            if row is None
            else text.format(votes=row.vote[1], count=len(row.labels), label=row.vote[0])
            for text, row in zip((pixels, seen), rows, strict=True)
        ]
        if shown.compared < shown.total:
            text = self.tr("{count} of {total} training images are compared.")
            facts = {"count": count(shown.compared), "total": count(shown.total)}
            texts[0] = in_sequence([texts[0], text.format(**facts)])
        return texts[0], texts[1]


def add(parts: ViewParts) -> Building:
    """Build the page, and its presenter in another turn."""
    page = NeighboursPage()
    yield
    return NeighboursPresenter(parts, page)
