"""Where to begin: what the start page, the lesson and the glossary ask for is done here."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Qt, Slot

from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.runs.run import RunList, RunRecord, UnreadableRun
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.learn.glossary import GlossaryPage
from mnist_gui.gui.learn.start import StartPage
from mnist_gui.gui.learn.text import run_text
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.training.recipe_panel import RecipePanel
from mnist_gui.paths import SHIPPED_NETWORK
from mnist_gui.words.glossary import Place
from mnist_gui.words.lesson import LessonStep

_MOST_RUNS = 3
PAGES = {
    Place.CURVES: Page.CURVES,
    Place.TEST: Page.RESULTS,
    Place.RUNS: Page.RUNS,
    Place.READING: Page.EXPLANATION,
    Place.OWN_DIGITS: Page.MY_DIGITS,
    Place.INSIDE: Page.ARCHITECTURE,
}
"""The places that are pages."""


class LearnPresenter(QObject):
    """Takes the user from the start page, the lesson and the glossary to what they lead to."""

    def __init__(
        self,
        session: Session,
        pages: tuple[StartPage, GlossaryPage],
        panels: tuple[DrawingCanvas, RecipePanel],
        shell: Shell,
    ) -> None:
        super().__init__()
        self._session, self._shell = session, shell
        self._canvas, self._recipes = panels
        self._start, self._glossary = pages
        self._glossary.show_places(self._places())
        self._listing = LatestJob(session.reading_thread)
        self._connect()
        shell.pages.fill(Page.START, self._start)
        shell.pages.fill(Page.GLOSSARY, self._glossary)

    def take_over(self, before: "LearnPresenter") -> None:
        """Explain the term that another presenter explains."""
        self._glossary.show_term(before._glossary.browser.key)

    def _connect(self) -> None:
        start, tabs = self._start, self._shell.pages
        start.draw_requested.connect(self._draw_with_shipped)
        start.train_requested.connect(partial(self._train, "softmax-tutorial"))
        start.run_requested.connect(self._use_run)
        start.shown.connect(self._list_runs)
        start.step_requested.connect(self._take_step)
        start.term_requested.connect(tabs.open_term)
        tabs.term_requested.connect(self._glossary.show_term)
        self._glossary.place_requested.connect(self._go_to)
        self._session.runs.follow(self._show_runs)

    def _places(self) -> dict[Place, str]:
        """Return the titles of the places that can be gone to."""
        titles = {place: self._shell.pages.title(page) for place, page in PAGES.items()}
        return titles | {Place.PAD: self.tr("Canvas"), Place.RECIPE: self.tr("Recipe")}

    @Slot(Place)
    def _go_to(self, place: Place) -> None:
        if place in PAGES:
            self._shell.pages.bring_to_front(PAGES[place])
        elif place is Place.RECIPE:
            self._recipes.cards.cards[self._recipes.recipe_name].setFocus(
                Qt.FocusReason.OtherFocusReason
            )
        else:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(LessonStep)
    def _take_step(self, step: LessonStep) -> None:
        match step:
            case LessonStep.DRAW:
                self._draw()
            case LessonStep.TRAIN_SOFTMAX:
                self._train("softmax-tutorial")
            case LessonStep.CURVE:
                self._shell.pages.bring_to_front(Page.CURVES)
            case LessonStep.MISTAKES:
                self._shell.pages.bring_to_front(Page.RESULTS)
            case LessonStep.TRAIN_CNN:
                self._train("cnn-fast")

    # --- drawing and training -------------------------------------------------------------------

    @Slot()
    def _draw(self) -> None:
        self._shell.pages.bring_to_front(Page.EXPLANATION)
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _draw_with_shipped(self) -> None:
        self._draw()
        # While a run lasts, drawings are read by what it learns.
        if not self._session.run_state.value.is_active:
            self._session.reading_thread.call(
                partial(load_snapshot, SHIPPED_NETWORK),
                then=partial(self._session.use_network, file=SHIPPED_NETWORK),
                failed=self._shell.show_file_error,
            )

    @Slot(str)
    def _train(self, recipe: str) -> None:
        """Start a run of a recipe, with its own values, and show its curves."""
        start = self._shell.actions_offered.start
        self._shell.pages.bring_to_front(Page.CURVES)
        if not start.isEnabled():
            self._tell_busy()
            return
        self._recipes.set_recipe_name(recipe)
        self._recipes.reset()
        start.trigger()

    def _tell_busy(self) -> None:
        self._shell.show_status(self.tr("Available when training has ended."))

    # --- recent runs ----------------------------------------------------------------------------

    @Slot()
    def _list_runs(self) -> None:
        store = RunStore(self._session.runs_folder.value)
        self._listing.call(store.runs, then=self._keep_runs, failed=self._shell.show_status)

    def _keep_runs(self, listed: RunList) -> None:
        self._session.runs.set((*listed.runs, *listed.unreadable))

    @Slot(object)
    def _show_runs(self, runs: tuple[RunRecord | UnreadableRun, ...]) -> None:
        usable = [run for run in runs if isinstance(run, RunRecord) and run.has_weights]
        today = datetime.now().astimezone().date()
        self._start.show_runs([(run.run_id, run_text(run, today)) for run in usable[:_MOST_RUNS]])

    @Slot(str)
    def _use_run(self, run_id: str) -> None:
        if self._session.run_state.value.is_active:
            self._tell_busy()
            return
        store = RunStore(self._session.runs_folder.value)
        self._session.reading_thread.call(
            partial(store.snapshot, run_id),
            then=partial(self._use_network, run_id),
            failed=self._shell.show_file_error,
        )

    def _use_network(self, run_id: str, snapshot: Snapshot) -> None:
        self._session.use_network(snapshot, run_id)
        self._draw()
