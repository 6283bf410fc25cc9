"""Lists of images that are worth a look: computed, shown, saved, and put on the pad."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.inside.image_lists import (
    LearningOrder,
    ReadImages,
    Split,
    likely_wrong_labels,
    list_csv,
)
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.inside.set_reader import SetReading, read_set
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.label_errors import (
    FEWEST_IMAGES,
    OutOfFoldReader,
    training_file,
)
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.common.values import network_file_name, network_title, recipe_title
from mnist_gui.gui.images.closer import Alike
from mnist_gui.gui.images.page import ImagesPage
from mnist_gui.gui.images.text import ImageList, Listing, ListText, rival_of
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.pages import Page
from mnist_gui.gui.runs.text import run_title, with_distinct_names
from mnist_gui.gui.session import Source
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter

_SHIPPED, _RUN = "shipped", "run"
_FEWEST_STEPS = 2


@dataclass(frozen=True, slots=True)
class Unread:
    """An answer that there is none yet: it takes long, and the user is to begin."""


Reading = Generator[ViewProgress, None, Listing]
Perhaps = Generator[ViewProgress, None, Listing | Unread | str]


class ImagesPresenter(ViewPresenter):
    """Shows the list that is chosen, of the current network or of the training images."""

    def __init__(self, parts: ViewParts, page: ImagesPage) -> None:
        super().__init__(parts.session, page, parts.shell, Page.IMAGES)
        self._parts, self._images_page = parts, page
        self._words = ListText(self)
        self._listing: Listing | None = None
        self._has_begun = False
        self._looking = LatestJob(parts.session.view_thread)
        self._out_of_fold = OutOfFoldReader(parts.session.data_folder)
        # Those for the views' thread: what has been loaded and found there.
        self._loaded: dict[str, Snapshot] = {}
        self._learnt: tuple[Question, ReadImages] | None = None
        page.changed.connect(self._change_list)
        page.image_entered.connect(self._look_closer)
        page.pad_requested.connect(self._put_on_pad)
        session = parts.session
        session.view_dataset.changed.connect(self._use_dataset)
        session.runs.changed.connect(self._use_runs)
        session.network.follow(self._offer_networks)
        session.runs.follow(self._offer_networks)
        self.follow(session.view_dataset, session.network, session.is_calibrated)
        self.follow(session.run_state, session.runs)

    def take_over(self, before: "ImagesPresenter") -> None:
        """Show the list that another presenter showed."""
        self._images_page.choose(before._images_page.kind)

    # --- what is asked -------------------------------------------------------------------------

    def question(self) -> Question | str:
        """Return which list is to be found of what."""
        kind, session = self._images_page.kind, self._session
        dataset, network = session.view_dataset.value, session.network.value
        self._page.show_title(self._title(kind))
        if dataset is None:
            return self.no_images()
        if kind is ImageList.WRONG_LABELS:
            return self._question_of_labels(dataset)
        if network is None:
            return self.no_network()
        if kind.is_of_learning:
            return self._question_of_learning(kind, dataset)
        if kind is ImageList.DISAGREEMENTS:
            second = self._images_page.second
            folder = session.runs_folder.value
            return (kind, dataset, network, session.is_calibrated.value, second, folder)
        return (kind, dataset, network, session.is_calibrated.value)

    def _question_of_labels(self, dataset: Dataset) -> Question | str:
        if self._is_training():
            return self.tr("Available when training has ended: networks are trained for it.")
        images = len(dataset.train) + len(dataset.validation)
        if images < FEWEST_IMAGES:
            text = self.tr("This needs at least {fewest} training images; there are {images}.")
            return text.format(images=count(images), fewest=count(FEWEST_IMAGES))
        return (ImageList.WRONG_LABELS, dataset, self._has_begun)

    def _question_of_learning(self, kind: ImageList, dataset: Dataset) -> Question | str:
        run_id = self._session.run_of_network
        if not run_id:
            return self.tr(
                "This network is of no run that was kept, so nothing is known of how it learned. "
                "Train one, or choose one of your runs above."
            )
        runs = [run for run in self._session.runs.value if isinstance(run, RunRecord)]
        run = next((run for run in runs if run.run_id == run_id), None)
        if run is not None and run.info.data.fingerprint != dataset.fingerprint:
            return self.tr("This network has learned from another data set than the one open now.")
        folder, sample = self._session.runs_folder.value, self._images_page.sample_size
        return (kind, dataset, run_id, folder, sample, self._has_begun)

    def invitation(self) -> str:
        """Return what is said beside the button that begins."""
        if self._images_page.kind is ImageList.WRONG_LABELS:
            return self.tr(
                "Six networks are trained for this, each on half of the training images, and each "
                "reads the other half. That takes a minute or two; what they read is kept."
            )
        return self.tr(
            "Every network that the run has kept reads the training images. With a small network "
            "that takes seconds, with a large one minutes."
        )

    # --- on the views' thread ------------------------------------------------------------------

    def answers(self, question: Question) -> Iterator[Any]:
        """Find the images of a list."""
        kind = question[0]
        find: Perhaps | Reading
        match kind:
            case ImageList.WRONG_LABELS:
                find = self._find_wrong_labels(*question[1:])
            case ImageList.DISAGREEMENTS:
                find = self._find_disagreements(*question[1:])
            case ImageList.HARDEST_TEST:
                find = self._find_hardest(kind, Split.TEST, *question[1:])
            case ImageList.HARDEST_VALIDATION:
                find = self._find_hardest(kind, Split.VALIDATION, *question[1:])
            case _:
                find = self._find_order_of_learning(*question)
        yield (yield from find)

    def _find_hardest(
        self,
        kind: ImageList,
        split: Split,
        dataset: Dataset,
        network: Snapshot,
        is_calibrated: bool,
    ) -> Reading:
        images = dataset.test if split is Split.TEST else dataset.validation
        reading = yield from self._session.set_reader.read(network, images.images)
        shares = _shares(reading, network, is_calibrated)
        read = _read(split, images, reading, shares)
        return Listing(kind, read, read.hardest(), _network_title(network))

    def _find_disagreements(
        self, dataset: Dataset, network: Snapshot, is_calibrated: bool, key: str, folder: Path
    ) -> Reading:
        second = self._second(key, folder)
        images = dataset.test
        reading = yield from self._session.set_reader.read(network, images.images)
        other = yield from self._session.set_reader.read(second, images.images)
        shares = _shares(reading, network, is_calibrated)
        second_shares = _shares(other, second, is_calibrated)
        read = _read(Split.TEST, images, reading, shares, second=second_shares)
        names = _network_title(network), _network_title(second)
        return Listing(ImageList.DISAGREEMENTS, read, read.disagreements(), *names)

    def _second(self, key: str, folder: Path) -> Snapshot:
        # The window's thread may put another one in its place meanwhile.
        loaded = self._loaded
        if key not in loaded:
            loaded[key] = _load(key, folder)
        return loaded[key]

    def _find_wrong_labels(self, dataset: Dataset, has_begun: bool) -> Perhaps:
        if not has_begun and self._out_of_fold.kept(dataset) is None:
            return Unread()
        shares = yield from self._out_of_fold.read(dataset)
        images = training_file(dataset)
        numbers = np.arange(len(images))
        precise = shares.astype(np.float64)
        read = ReadImages(Split.TRAINING, images.images, images.labels, numbers, precise)
        likely = likely_wrong_labels(images.labels, precise)
        return Listing(ImageList.WRONG_LABELS, read, read.contradicted(), likely_wrong=likely)

    def _find_order_of_learning(
        self,
        kind: ImageList,
        dataset: Dataset,
        run_id: str,
        folder: Path,
        sample: int,
        has_begun: bool,
    ) -> Perhaps:
        known: Question = (dataset, run_id, folder, sample)
        if self._learnt is None or self._learnt[0] != known:
            store = RunStore(folder)
            steps = store.snapshot_steps(run_id)
            if len(steps) < _FEWEST_STEPS:
                return self.tr("This run has kept no networks of its earlier steps.")
            if not has_begun:
                return Unread()
            read = yield from _read_run(store, run_id, steps, dataset, sample)
            self._learnt = (known, read)
        read = self._learnt[1]
        order = {
            ImageList.NEVER_LEARNT: read.never_learnt,
            ImageList.LAST_LEARNT: read.last_learnt,
            ImageList.MOST_FORGOTTEN: read.most_forgotten,
        }[kind]
        return Listing(kind, read, order())

    # --- what is shown -------------------------------------------------------------------------

    def show_answer(self, _question: Question, answer: Any) -> None:
        """Show a list, or why there is none."""
        if isinstance(answer, Listing) and len(answer.order):
            self._listing = answer
            self._images_page.show_listing(answer)
            return
        # A sentence is not the page's body, which would be shown for the same question again.
        self._listing = self._answered = None
        is_unread = isinstance(answer, Unread)
        text = answer
        if is_unread:
            text = self.invitation()
        elif isinstance(answer, Listing):
            text = self._words.nothing(answer)
        self._page.show_message(text, offers_computing=is_unread)

    def numbers(self) -> bytes:
        """Return the whole list as a table."""
        assert self._listing is not None
        return list_csv(self._listing.read, self._listing.order)

    def file_name(self) -> str:
        """Return the name of the network and of the list."""
        kind, network = self._images_page.kind, self._session.network.value
        if network is None or kind is ImageList.WRONG_LABELS:
            return kind.value
        return f"{network_file_name(network.recipe.name, network.step)}-{kind.value}"

    def _title(self, kind: ImageList) -> str:
        network, dataset = self._session.network.value, self._session.view_dataset.value
        subject = _network_title(network) if network is not None else ""
        if kind is ImageList.WRONG_LABELS:
            subject = dataset.name if dataset is not None else ""
        if not subject:
            return self._words.title(kind)
        text = self.tr("{subject}: {list}")
        return text.format(subject=subject, list=self._words.title(kind))

    # --- what changes --------------------------------------------------------------------------

    @Slot()
    def _change_list(self) -> None:
        self._job.cancel()
        self._asked = self._answered = None
        self._has_begun, self._is_wanted = False, True
        self._page.show_message("")
        self.ask()

    @Slot()
    def _begin(self) -> None:
        self._has_begun = True
        # Otherwise that it was not read yet would count as an answer.
        self._answered = None
        super()._begin()

    @Slot(object)
    def _use_dataset(self, _dataset: object) -> None:
        self._has_begun = False

    @Slot(object)
    def _use_runs(self, _runs: object) -> None:
        self._loaded = {}

    @Slot(object)
    def _offer_networks(self, _changed: object) -> None:
        """Offer all networks as the second one but the current one."""
        session = self._session
        records = (run for run in session.runs.value if isinstance(run, RunRecord))
        runs = with_distinct_names([run for run in records if run.has_weights])
        networks = [
            (f"{_SHIPPED} {each.recipe}", recipe_title(each.recipe))
            for each in SHIPPED_NETWORKS
            if each.path != session.file_of_network
        ]
        networks += [
            (f"{_RUN} {run.run_id}", run_title(run))
            for run in runs
            if run.run_id != session.run_of_network
        ]
        self._images_page.show_networks(networks)

    @Slot(int)
    def _look_closer(self, place: int) -> None:
        """Find what is most like the image at a place of the list."""
        if (listing := self._listing) is None:
            return
        read, at = listing.read, int(listing.order[place])

        def show(alike: Alike) -> None:
            if listing is self._listing:
                self._images_page.show_alike(alike)

        self._looking.cancel()
        self._looking.call(partial(_most_alike, read, at), then=show)

    @Slot(int)
    def _put_on_pad(self, place: int) -> None:
        if (listing := self._listing) is None:
            return
        read, at = listing.read, int(listing.order[place])
        number, image = int(read.numbers[at]), read.images[at]
        is_test = read.split is Split.TEST
        source = Source.TEST_IMAGE if is_test else Source.TRAINING_IMAGE
        self._parts.show_test_image(number, image, source)


def add(parts: ViewParts) -> Building:
    """Build the page, and its presenter in another turn."""
    page = ImagesPage()
    yield
    return ImagesPresenter(parts, page)


def _network_title(snapshot: Snapshot) -> str:
    return network_title(snapshot.recipe.name, snapshot.step)


# --- on the views' thread -------------------------------------------------------------------------


def _load(key: str, runs_folder: Path) -> Snapshot:
    kind, _, name = key.partition(" ")
    if kind == _RUN:
        return RunStore(runs_folder).snapshot(name)
    return load_snapshot(next(each.path for each in SHIPPED_NETWORKS if each.recipe == name))


def _shares(reading: SetReading, network: Snapshot, is_calibrated: bool) -> NDArray[np.float64]:
    return reading.probabilities(network.temperature if is_calibrated else 1.0)


def _read(
    split: Split,
    images: LabelledImages,
    reading: SetReading,
    shares: NDArray[np.float64],
    *,
    second: NDArray[np.float64] | None = None,
) -> ReadImages:
    return ReadImages(
        split,
        images.images,
        images.labels,
        np.arange(len(images)),
        shares,
        reading.features,
        second,
    )


def _read_run(
    store: RunStore, run_id: str, steps: tuple[int, ...], dataset: Dataset, sample: int
) -> Generator[ViewProgress, None, ReadImages]:
    """Read training images with all kept networks of a run; `sample` is how many, 0 for all."""
    chosen = np.arange(len(dataset.train))
    if 0 < sample < len(chosen):
        chosen = np.sort(np.random.default_rng(0).choice(chosen, sample, replace=False))
    images = LabelledImages(dataset.train.images[chosen], dataset.train.labels[chosen])
    read = np.empty((len(steps), len(images)), np.uint8)
    for number, step in enumerate(steps):
        snapshot = store.load_snapshot(run_id, step)
        reading = yield from _counted(read_set(snapshot, images.images), number, len(steps))
        read[number] = reading.logits.argmax(axis=1)
    return ReadImages(
        Split.TRAINING,
        images.images,
        images.labels,
        # The training file begins with the validation images.
        chosen + len(dataset.validation),
        reading.probabilities(snapshot.temperature),
        reading.features,
        learning=LearningOrder(steps, read, images.labels),
    )


def _counted(
    reading: Generator[ViewProgress, None, SetReading], number: int, total: int
) -> Generator[ViewProgress, None, SetReading]:
    """Yield the progress of one reading of several."""
    while True:
        try:
            progress = next(reading)
        except StopIteration as ended:
            found: SetReading = ended.value
            return found
        yield ViewProgress(number * progress.total + progress.done, total * progress.total)


def _most_alike(read: ReadImages, at: int) -> Alike:
    label = int(read.labels[at])
    rival = rival_of(read, at)
    return Alike(read.most_alike(at, rival), read.most_alike(at, label))
