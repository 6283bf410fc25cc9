"""The current network operated on: a copy of it answers beside it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import Slot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.inside.surgery import (
    Surgery,
    SurgeryHistory,
    fits,
    operable_layers,
    operate,
)
from mnist_gui.engine.inside.surgery_answer import (
    DigitAnswer,
    SetAnswer,
    read_digit,
    read_sets,
    sample_of,
    surgery_csv,
)
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.labels import percent
from mnist_gui.gui.common.values import network_file_name, network_title
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.surgery.page import SurgeryPage
from mnist_gui.gui.surgery.text import SurgeryText
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter, is_same
from mnist_gui.gui.views.steps import SteppedWork


class SurgeryPresenter(ViewPresenter):
    """Has the digit and test images read by the network and by a copy that is changed.

    The copy stays here. What is changed is kept while networks of the same architecture follow one
    another, as in a run.
    """

    def __init__(self, session: Session, page: SurgeryPage, shell: Shell) -> None:
        super().__init__(session, page, shell, Page.SURGERY)
        self._surgery_page, self._words = page, SurgeryText(self)
        self._history, self._architecture, self._layer = SurgeryHistory(), "", ""
        self._shown: Snapshot | None = None
        self._digit: DigitAnswer | None = None
        self._sets: tuple[Dataset | None, tuple[LabelledImages, ...]] = (None, ())
        # What is being tested or was, and its answers so far.
        self._tested: Question | None = None
        self._answers: list[SetAnswer] = []
        self._next_test: Callable[[], None] | None = None
        self._testing = SteppedWork(session, self._is_training)
        page.operated.connect(self._operate)
        page.layer_chosen.connect(self._choose_layer)
        page.undo_asked.connect(self._undo)
        page.redo_asked.connect(self._redo)
        page.watcher.visible_changed.connect(self._rest)
        self.follow(session.reader, session.displayed, session.view_dataset)

    # --- the digit -----------------------------------------------------------------------------

    def question(self) -> Question | str:
        """Return the network, what is changed of it, the layer that is seen, and the digit."""
        snapshot = self._session.reader.value
        if snapshot is None:
            return self.no_network()
        if snapshot.recipe.network != self._architecture:
            self._architecture, self._history = snapshot.recipe.network, SurgeryHistory()
        # The parts that were clicked may still have been those of the network before.
        if not fits(self._history.surgery, self._architecture):
            self._history = SurgeryHistory()
        names = [layer.weights for layer in operable_layers(self._architecture)]
        if self._layer not in names:
            self._layer = names[0]
        image = self._session.displayed.value.digit[0]
        return snapshot, self._history.surgery, self._layer, self._session.view_dataset.value, image

    def answers(self, question: Question) -> Iterator[Any]:
        """Operate, and read the digit with both networks."""
        snapshot, surgery, layer, dataset, image = question
        changed = snapshot if surgery.is_none else operate(snapshot, surgery)
        sets = self._sets
        if dataset is not None and sets[0] is not dataset:
            sets = dataset, sample_of(dataset.test)
        digit = None if image is None else read_digit(snapshot, changed, layer, image)
        yield changed, digit, sets

    def show_answer(self, question: Question, answer: Any) -> None:
        """Show the digit's answers, and have test images read."""
        snapshot, surgery, layer, dataset, _ = question
        if snapshot.recipe.network != self._architecture:
            # That of the network which has come since is under way.
            return
        changed, self._digit, self._sets = answer
        self._shown = snapshot
        self._show_surgery()
        if layer == self._layer:
            self._surgery_page.show_digit(self._digit)
        self._surgery_page.show_body()
        self._test(snapshot, surgery, changed, dataset)

    def _show_surgery(self) -> None:
        """Show what is changed at present, whose answer may still be under way."""
        if self._shown is None or self._shown.recipe.network != self._architecture:
            return
        history = self._history
        title = network_title(self._shown.recipe.name, self._shown.step)
        offers = history.can_undo, history.can_redo
        self._surgery_page.show_surgery(
            title, self._architecture, self._layer, history.surgery, offers
        )

    # --- test images ---------------------------------------------------------------------------

    def _test(
        self, snapshot: Snapshot, surgery: Surgery, changed: Snapshot, dataset: Dataset | None
    ) -> None:
        tested = (snapshot, surgery, dataset)
        if is_same(tested, self._tested):
            return
        start = partial(self._start_test, tested, changed)
        if self._is_midway(surgery, dataset):
            self._next_test = start
        else:
            start()

    def _is_midway(self, surgery: Surgery, dataset: Dataset | None) -> bool:
        """Whether to wait for the first answer, as a run hands out networks faster than that."""
        is_alike = self._tested is not None and is_same((surgery, dataset), self._tested[1:])
        is_first = self._testing.is_busy and not self._answers
        return self._is_training() and is_alike and is_first

    def _start_test(self, tested: Question, changed: Snapshot) -> None:
        snapshot, _, dataset = tested
        self._testing.cancel()
        self._tested, self._answers, self._next_test = tested, [], None
        if dataset is None:
            self._surgery_page.show_test(self.tr("No test images are loaded yet."))
            return
        self._surgery_page.show_test(self.tr("Reading test images \u2026"))
        read = self._session.set_reader.read
        self._testing.start(
            read_sets(snapshot, changed, self._sets[1], read),
            each=self._take_test,
            failed=self._surgery_page.show_test,
        )

    def _take_test(self, event: object) -> None:
        if isinstance(event, SetAnswer):
            self._answers.append(event)
            self._surgery_page.show_test(self._test_sentence())
            if self._next_test is not None:
                self._next_test()
        elif isinstance(event, ViewProgress):
            text = self.tr("Reading test images: {share}")
            progress = text.format(share=percent(event.done / event.total, 0))
            sentences = filter(None, (self._test_sentence(), progress))
            self._surgery_page.show_test("\n".join(sentences))

    def _test_sentence(self) -> str:
        is_sample = len(self._answers) < len(self._sets[1])
        return self._words.test(self._answers[-1], is_sample=is_sample) if self._answers else ""

    @Slot(bool)
    def _rest(self, visible: bool) -> None:
        if not visible and self._testing.is_busy:
            self._testing.cancel()
            # It is read anew when the page is seen again.
            self._tested = self._answered = None

    # --- operating -----------------------------------------------------------------------------

    @Slot(object, object)
    def _operate(self, surgery: Surgery, key: object) -> None:
        self._history.change(surgery, key)
        self._show_surgery()
        self.ask()

    @Slot(str)
    def _choose_layer(self, layer: str) -> None:
        self._layer = layer
        self._show_surgery()
        self.ask()

    @Slot()
    def _undo(self) -> None:
        self._history.undo()
        self._show_surgery()
        self.ask()

    @Slot()
    def _redo(self) -> None:
        self._history.redo()
        self._show_surgery()
        self.ask()

    # --- files ---------------------------------------------------------------------------------

    def numbers(self) -> bytes:
        """Return the probabilities of the digit and the counts of test images."""
        return surgery_csv(self._digit, self._answers)

    def file_name(self) -> str:
        """Name the file after the network."""
        assert self._shown is not None
        name = network_file_name(self._shown.recipe.name, self._shown.step)
        return f"{name}-{self.tr('surgery')}"


def add(parts: ViewParts) -> Building:
    """Build the page, and its presenter in another turn."""
    page = SurgeryPage()
    yield
    return SurgeryPresenter(parts.session, page, parts.shell)
