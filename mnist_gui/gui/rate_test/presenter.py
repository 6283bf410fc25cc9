"""Finds a good learning rate for the recipe that is chosen, by a range test."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Slot

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.inside.files import table_csv
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.rate_test import RateTest
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.training.rate_test import STEPS, recipe_to_test, run_rate_test
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.common.values import recipe_title
from mnist_gui.gui.pages import Page
from mnist_gui.gui.rate_test.chart import rate_text
from mnist_gui.gui.rate_test.page import RateTestPage
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter, is_same


@dataclass(frozen=True, slots=True)
class _TestedSoFar(ViewProgress):
    test: RateTest


def add(parts: ViewParts) -> Building:
    """Build the page, and its presenter in another turn."""
    page = RateTestPage()
    yield
    return RateTestPresenter(parts, page)


class RateTestPresenter(ViewPresenter):
    """Tests the recipe in the form while no run trains, and puts the chosen rate into the form."""

    waits_for_button = True

    def __init__(self, parts: ViewParts, page: RateTestPage) -> None:
        super().__init__(parts.session, page, parts.shell, Page.RATE_TEST)
        self._view = page
        page.use_requested.connect(self._use)
        page.apply_theme(self._shell.plot_colours)
        self._shell.plot_colours_changed.connect(page.apply_theme)
        present = self._shell.actions_offered.present
        page.chart.set_wide(present.isChecked())
        present.toggled.connect(page.chart.set_wide)
        session = self._session
        self.follow(session.recipe, session.view_dataset, session.device, session.run_state)
        session.run_state.follow(self._offer_use)

    def question(self) -> Question | str:
        """Return recipe, data set and device."""
        dataset = self._session.view_dataset.value
        recipe = recipe_to_test(self._session.recipe.value)
        self._view.show_title(self._title(recipe))
        self._view.show_purpose(self._purpose())
        if dataset is None:
            return self.no_images()
        question = (recipe, dataset, self._session.device.value)
        # What was tested before is shown while a run trains, too.
        if self._session.run_state.value.is_active and not is_same(question, self._answered):
            return self.tr("Available when training has ended.")
        return question

    def invitation(self) -> str:
        """Say what it costs."""
        return self.tr(
            "The test trains the recipe that is chosen in Curves. It takes a few seconds, with "
            "large networks a minute; nothing of it is kept but the curve."
        )

    def answers(self, question: Question) -> Iterator[Any]:
        """Train; yield what is known so far, then the whole test."""
        recipe, dataset, device = question
        assert isinstance(recipe, Recipe)
        assert isinstance(dataset, Dataset)
        for event in run_rate_test(dataset, recipe, device):
            if not isinstance(event, RateTest):
                yield ViewProgress(event.done, event.total)
            elif event.is_over:
                yield event
            else:
                yield _TestedSoFar(len(event), event.steps, event)

    def show_progress(self, progress: ViewProgress) -> None:
        """Show how far it is, and the curve so far."""
        super().show_progress(progress)
        if isinstance(progress, _TestedSoFar):
            self._view.show_growing(progress.test)

    def show_answer(self, _question: Question, answer: Any) -> None:
        """Show the whole test."""
        self._view.show_test(answer)

    def numbers(self) -> bytes:
        """Return each batch's rate and loss, and the smoothed loss."""
        test = self._view.test
        assert test is not None
        rows = zip(test.rates.tolist(), test.losses.tolist(), test.smoothed.tolist(), strict=True)
        return table_csv(("learning_rate", "loss", "smoothed_loss"), rows)

    def file_name(self) -> str:
        """Return the recipe's name and what was tested."""
        return f"{self._session.recipe.value.name}-{self.tr('rates')}"

    def _title(self, recipe: Recipe) -> str:
        return self.tr("Learning rates for: {recipe}").format(recipe=recipe_title(recipe.name))

    def _purpose(self) -> str:
        text = self.tr(
            "A new network is trained on up to {batches} batches, each at a slightly higher "
            "learning rate. Look where the loss falls and where it shoots up: good rates lie in "
            "between."
        )
        return text.format(batches=count(STEPS))

    @Slot(object)
    def _offer_use(self, _state: object) -> None:
        if self._session.run_state.value.is_active:
            self._view.offer_use(offered=False, tip=self.tr("Available when training has ended."))
        else:
            tip = self.tr("Put this learning rate into the recipe, ready to be trained")
            self._view.offer_use(offered=True, tip=tip)

    @Slot(float)
    def _use(self, rate: float) -> None:
        recipe = self._session.recipe
        recipe.set(replace(recipe.value, learning_rate=rate))
        self._shell.pages.bring_to_front(Page.CURVES)
        text = self.tr("The recipe's learning rate is {rate} now.")
        self._shell.show_status(text.format(rate=rate_text(rate)))
