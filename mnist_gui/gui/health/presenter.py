"""How healthy a network is at each step that its run has kept, examined in the background."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PySide6.QtCore import Slot

from mnist_gui.engine.history import History
from mnist_gui.engine.inside.health import Health, findings, health_csv
from mnist_gui.engine.runs.examine import Examined, Examiner
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.values import network_file_name, network_title
from mnist_gui.gui.curves.data import NO_CURVE, rate_curve
from mnist_gui.gui.health.page import HealthPage
from mnist_gui.gui.pages import Page
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter


@dataclass(frozen=True, slots=True)
class _Spare:
    """A network to be examined where its run has kept no step; it makes no other question."""

    network: Snapshot = field(compare=False)


class HealthPresenter(ViewPresenter):
    """Shows the health of the run that trains, or of the run that the current network is of."""

    def __init__(self, parts: ViewParts, page: HealthPage) -> None:
        session = parts.session
        self._view, self._runner = page, parts.runner
        self._examiner = Examiner()
        self._healths: tuple[Health, ...] = ()
        self._is_complete = False
        super().__init__(session, page, parts.shell, Page.HEALTH)
        page.step_chosen.connect(parts.go_to_step)
        page.plot.apply_theme(parts.shell.plot_colours)
        parts.shell.plot_colours_changed.connect(page.plot.apply_theme)
        parts.shell.actions_offered.present.toggled.connect(self._set_wide)
        self.follow_networks(session.network)
        # A run that has ended is known as the network's only when its history is.
        self.follow(session.view_dataset, session.history_of_network)
        session.network.changed.connect(self._follow_step)
        session.history_of_network.changed.connect(self._show_again)

    def question(self) -> Question | str:
        """Return the run and its data, and while it trains how far it is; or the network alone."""
        session = self._session
        network, dataset = session.network.value, session.view_dataset.value
        if network is None:
            return self.no_network()
        if dataset is None:
            return self.no_images()
        history, run = self._training(), self._runner.run
        run_id = (run.run_id or "") if history and run else session.run_of_network
        moment = network if history or not run_id else None
        return session.runs_folder.value, run_id, dataset.train, moment, _Spare(network)

    def answers(self, question: Question) -> Iterator[Any]:
        """Examine what is not known yet."""
        folder, run_id, images, _, spare = question
        store = RunStore(folder)
        steps = store.snapshot_steps(run_id) if run_id else ()
        if steps:
            yield from self._examiner.examine_run(store, run_id, images)
        else:
            yield from self._examiner.examine_one(spare.network, images)

    def show_answer(self, _question: Question, answer: Examined) -> None:
        """Show what is known of the steps so far."""
        network = self._session.network.value
        assert network is not None
        self._healths, self._is_complete = answer.healths, answer.is_complete
        self._view.show_title(network_title(network.recipe.name, network.step))
        self._show_again()
        self._view.show_step(network.step)

    def numbers(self) -> bytes:
        """Return a row for each step and layer."""
        rates = self._rates()
        steps = [health.step for health in self._healths] if len(rates) else []
        by_step = np.interp(steps, rates.steps, rates.values).tolist() if steps else []
        return health_csv(self._healths, dict(zip(steps, by_step, strict=True)))

    def file_name(self) -> str:
        """Return the name of the network and the view."""
        network = self._session.network.value
        assert network is not None
        return f"{network_file_name(network.recipe.name, network.step)}-{self.tr('health')}"

    def _training(self) -> History | None:
        """Return the history of the run that goes on, if one does."""
        is_active = self._session.run_state.value.is_active
        return self._runner.news.history if is_active else None

    def _rates(self) -> Any:
        history = self._training() or self._session.history_of_network.value
        return NO_CURVE if history is None else rate_curve(history)

    @Slot()
    def _show_again(self) -> None:
        if self._healths and self._page.isVisible():
            is_run = bool(self._training() or self._session.run_of_network)
            found = findings(self._healths)
            is_complete = self._is_complete
            rates = self._rates()
            self._view.show_healths(
                self._healths, found, rates, is_run=is_run, is_complete=is_complete
            )
            self._view.show_body(is_complete=is_complete)

    @Slot(object)
    def _follow_step(self, network: Snapshot) -> None:
        if self._healths and self._page.isVisible():
            self._view.show_title(network_title(network.recipe.name, network.step))
            self._view.show_step(network.step)

    @Slot(bool)
    def _set_wide(self, wide: bool) -> None:
        self._view.plot.set_wide(wide=wide)


def add(parts: ViewParts) -> Building:
    """Build the page, and its presenter in another turn."""
    page = HealthPage()
    yield
    return HealthPresenter(parts, page)
