"""A few steps of learning on the digit on the pad, taken on a copy of the network."""

from collections.abc import Iterator
from time import sleep
from typing import Any

from PySide6.QtCore import Slot

from mnist_gui.engine.inside.learnt import Learnt, learnt_csv
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.models.devices import is_loading
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.one_step import learn, rate_at
from mnist_gui.gui.common.values import network_file_name, network_title
from mnist_gui.gui.one_step.page import OneStepPage
from mnist_gui.gui.pages import Page
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter

_NAP_SECONDS = 0.05


class OneStepPresenter(ViewPresenter):
    """Shows what the network would learn from the digit on the pad and a label."""

    def __init__(self, parts: ViewParts, page: OneStepPage) -> None:
        session = parts.session
        # What the user wants, None for what is proposed; a rate is for one recipe only.
        self._label: int | None = None
        self._rate: tuple[str, float] | None = None
        self._learnt: Learnt | None = None
        self._view = page
        super().__init__(session, page, parts.shell, Page.ONE_STEP)
        page.label_chosen.connect(self._choose_label)
        page.rate_chosen.connect(self._choose_rate)
        self.follow_networks(session.network)
        for chosen in (session.displayed, session.is_calibrated):
            chosen.changed.connect(self.ask_at_once)

    def question(self) -> Question | str:
        """Return the network, the digit, its label, the rate, and whether the pad is calibrated."""
        snapshot = self._session.network.value
        if snapshot is None:
            return self.no_network()
        displayed = self._session.displayed.value
        image, prediction = displayed.digit
        proposed = displayed.label
        if proposed is None and prediction is not None:
            proposed = prediction.digit
        self._show_choices(snapshot, proposed, is_true=displayed.label is not None)
        label = proposed if self._label is None else self._label
        if image is None or label is None or not image.any():
            return self.no_digit()
        is_calibrated = self._session.is_calibrated.value and snapshot.temperature != 1
        return snapshot, image, label, self._rate_for(snapshot), is_calibrated

    def answers(self, question: Question) -> Iterator[Any]:
        """Take the steps."""
        while is_loading():
            # Another thread imports TensorFlow; nothing else is to be done meanwhile.
            sleep(_NAP_SECONDS)
            yield ViewProgress(0, 0)
        yield from learn(self._session.copies, *question[:-1])

    def show_answer(self, question: Question, answer: Any) -> None:
        """Show what was learnt so far."""
        snapshot, _, label, rate, is_calibrated = question
        self._learnt = answer
        self._view.show_title(network_title(snapshot.recipe.name, snapshot.step))
        self._view.show_learnt(
            answer, label, snapshot.recipe.optimizer, rate, is_calibrated=is_calibrated
        )

    def numbers(self) -> bytes:
        """Return the answers and norms as a table."""
        return b"" if self._learnt is None else learnt_csv(self._learnt)

    def file_name(self) -> str:
        """Return the name of the network and the view."""
        snapshot = self._session.network.value
        name = network_file_name(snapshot.recipe.name, snapshot.step) if snapshot else ""
        return f"{name}-{self.tr('one step')}"

    def _show_choices(self, snapshot: Snapshot, proposed: int | None, *, is_true: bool) -> None:
        text = self.tr("As it is read")
        if proposed is not None:
            text = self.tr("Its label: {digit}") if is_true else self.tr("As it is read: {digit}")
        usual = rate_at(snapshot)
        rate = self._rate_for(snapshot)
        self._view.show_choices(text.format(digit=proposed), self._label, rate, usual)

    def _rate_for(self, snapshot: Snapshot) -> float:
        if self._rate is not None and self._rate[0] == snapshot.recipe.name:
            return self._rate[1]
        return rate_at(snapshot)

    @Slot(object)
    def _choose_label(self, label: int | None) -> None:
        self._label = label
        self.ask_at_once()

    @Slot(object)
    def _choose_rate(self, rate: float | None) -> None:
        snapshot = self._session.network.value
        self._rate = None if rate is None or snapshot is None else (snapshot.recipe.name, rate)
        self.ask_at_once()


def add(parts: ViewParts) -> Building:
    """Build the page, and its presenter in another turn."""
    page = OneStepPage()
    yield
    return OneStepPresenter(parts, page)
