"""What spoils the reading: the current network and others on changed test images."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import Slot

from mnist_gui.engine.inside.robustness import Robustness, RobustnessReader, Trial, trials
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.labels import count, moment, percent
from mnist_gui.gui.common.values import network_name, network_title, recipe_title
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.pages import Page
from mnist_gui.gui.robustness.page import Compared, RobustnessPage
from mnist_gui.gui.robustness.text import finding, notable, purpose
from mnist_gui.gui.runs.text import run_title, with_distinct_names
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter

_SHIPPED, _RUN = "shipped", "run"
_MOST_RUNS = 40


def add(parts: ViewParts) -> Building:
    """Build the page, and its presenter in another turn."""
    page = RobustnessPage()
    yield
    return RobustnessPresenter(parts.session, page, parts.shell)


class RobustnessPresenter(ViewPresenter):
    """Shows how many changed test images networks read, and what they make of the digit."""

    def __init__(self, session: Session, page: RobustnessPage, shell: Shell) -> None:
        super().__init__(session, page, shell, Page.ROBUSTNESS)
        self._robustness = page
        self._reader = RobustnessReader()
        self._loading = LatestJob(session.reading_thread)
        # At first the simplest network that ships is shown as well.
        self._wanted = [f"{_SHIPPED} {SHIPPED_NETWORKS[-1].recipe}"]
        self._loaded: dict[str, Snapshot] = {}
        self._answer: Robustness | None = None
        self._titles: tuple[str, ...] = ()
        self._offered: tuple[list[Compared], set[str]] | None = None
        self._noted: tuple[tuple[Trial, ...], str] | None = None
        self._name = ""
        page.change_chosen.connect(self.ask_at_once)
        page.network_toggled.connect(self._toggle)
        page.chart.trial_chosen.connect(self._keep_trial)
        page.bars.trial_chosen.connect(self._keep_trial)
        page.watcher.visible_changed.connect(self._load)
        session.runs.follow(self._offer)
        session.displayed.changed.connect(self.ask_at_once)
        session.network.changed.connect(self._offer)
        self.follow_networks(session.network)
        self.follow(session.is_calibrated, session.view_dataset)

    # --- networks ------------------------------------------------------------------------------

    @Slot()
    def _offer(self, _changed: object = None) -> None:
        """Offer all networks that can be loaded, but for the current one."""
        offered = self._choices(), {key for key in self._wanted if key != self._current_key()}
        # A run has a new network often; a menu that is open should stay.
        if offered != self._offered:
            self._offered = offered
            self._robustness.show_networks(*offered)
        self._load()

    def _current_key(self) -> str:
        session = self._session
        if session.run_of_network:
            return f"{_RUN} {session.run_of_network}"
        names = (each.recipe for each in SHIPPED_NETWORKS if each.path == session.file_of_network)
        return f"{_SHIPPED} {next(names, '')}"

    def _choices(self) -> list[Compared]:
        shipped = [
            Compared(
                f"{_SHIPPED} {each.recipe}",
                self.tr("{recipe} (built in)").format(recipe=recipe_title(each.recipe)),
                percent(each.accuracy, 2),
                self.tr("Trained before it came with the program"),
            )
            for each in SHIPPED_NETWORKS
        ]
        newest = self._runs()[:_MOST_RUNS]
        runs = [self._run_choice(run) for run in with_distinct_names(newest)]
        return [each for each in (*shipped, *runs) if each.key != self._current_key()]

    def _runs(self) -> list[RunRecord]:
        runs = (run for run in self._session.runs.value if isinstance(run, RunRecord))
        return [run for run in runs if run.has_weights]

    def _run_choice(self, run: RunRecord) -> Compared:
        accuracy = percent(run.info.test.accuracy, 2) if run.info.test else ""
        started = self.tr("Your run of {moment}").format(moment=moment(run.info.started))
        return Compared(f"{_RUN} {run.run_id}", run_title(run), accuracy, started)

    @Slot(str, bool)
    def _toggle(self, key: str, wanted: bool) -> None:
        self._wanted = [each for each in self._wanted if each != key] + [key] * wanted
        self._offer()
        self.ask_at_once()

    @Slot()
    def _load(self, _visible: object = None) -> None:
        """Load what is to be shown and is not loaded yet, one after the other."""
        missing = [key for key in self._wanted if key not in self._loaded]
        if missing and self._robustness.isVisible() and not self._loading.is_busy:
            key = missing[0]
            self._loading.call(
                self._loader(key),
                then=partial(self._use_loaded, key),
                failed=partial(self._use_none, key),
            )

    def _loader(self, key: str) -> Callable[[], Snapshot]:
        kind, _, name = key.partition(" ")
        if kind == _RUN:
            return partial(RunStore(self._session.runs_folder.value).snapshot, name)
        path = next(each.path for each in SHIPPED_NETWORKS if each.recipe == name)
        return partial(load_snapshot, path)

    def _use_loaded(self, key: str, snapshot: Snapshot) -> None:
        self._loaded[key] = snapshot
        self._load()
        self.ask_at_once()

    def _use_none(self, key: str, sentence: str) -> None:
        self._wanted.remove(key)
        self._offer()
        self._shell.show_file_error(sentence)
        self.ask()

    def _shown(self, current: Snapshot) -> tuple[list[Snapshot], list[str]]:
        """Return the networks that are shown, the current one first, and their titles."""
        titles = {each.key: each.title for each in self._choices()}
        keys = [key for key in self._wanted if key in titles and key in self._loaded]
        networks = [current, *(self._loaded[key] for key in keys)]
        first = self._with_data(
            self._current_key(), network_title(current.recipe.name, current.step)
        )
        return networks, [first, *(self._with_data(key, titles[key]) for key in keys)]

    def _with_data(self, key: str, title: str) -> str:
        """Return a title that says so if a run's network was trained on other images."""
        dataset = self._session.dataset.value
        for run in self._runs():
            data = run.info.data
            is_other = dataset is not None and data.fingerprint != dataset.fingerprint
            if key == f"{_RUN} {run.run_id}" and is_other:
                text = self.tr("{network} (trained on {data})")
                return text.format(network=title, data=data.name)
        return title

    # --- asking --------------------------------------------------------------------------------

    def question(self) -> Question | str:
        """Return the change, the networks, the test images and the digit."""
        network, dataset = self._session.network.value, self._session.view_dataset.value
        if network is None:
            return self.no_network()
        if dataset is None:
            return self.no_images()
        networks, titles = self._shown(network)
        image, _ = self._session.displayed.value.digit
        is_own = image is not None and bool(image.any())
        digit = image if is_own else dataset.test.images[0]
        calibrated = self._session.is_calibrated.value
        change = self._robustness.distortion
        name = network_name(network.recipe.name, self._session.file_of_network)
        return (change, dataset.test, calibrated, is_own, digit, *networks, name, tuple(titles))

    def answers(self, question: Question) -> Iterator[Any]:
        """Read the digit and the test images, changed in each strength."""
        change, images, calibrated, _, digit, *networks, _, _ = question
        yield from self._reader.answers(
            images, trials(change), networks, digit, calibrated=calibrated
        )

    def show_answer(self, question: Question, answer: Any) -> None:
        """Show what is known so far."""
        change, images, _, is_own, *_, name, titles = question
        page = self._robustness
        self._answer, self._titles, self._name = answer, titles, name
        page.show_title(titles[0])
        page.show_purpose(purpose(change))
        page.finding.setText(finding(answer, name))
        page.finding.setVisible(answer.is_whole)
        page.note.setText(self._note(answer, len(images), is_own=is_own))
        page.show_robustness(answer, titles, self._place(answer))
        page.show_body(is_complete=answer.is_whole)
        if not answer.is_whole:
            # There is more to come of it.
            self._answered = None

    def _place(self, answer: Robustness) -> int:
        """Return the trial to show: what the user chose, or at first what the sentence is about."""
        if self._noted == (answer.trials, self._name):
            return self._robustness.picture_shown.chosen
        if answer.is_whole:
            self._noted = answer.trials, self._name
        return notable(answer)

    @Slot()
    def _keep_trial(self) -> None:
        self._noted = None if self._answer is None else (self._answer.trials, self._name)

    def _note(self, answer: Robustness, images: int, *, is_own: bool) -> str:
        text = self.tr(
            "Measured on {sample} of the {all} test images, spread over all of them. Shading and "
            "whiskers are 95 % intervals."
        )
        words = text.format(sample=count(answer.total), all=count(images))
        if is_own:
            return words
        nothing = self.tr("Nothing is drawn: the digit shown is the first test image.")
        return f"{words} {nothing}"

    def numbers(self) -> bytes:
        """Return what is shown as CSV."""
        assert self._answer is not None
        return self._answer.csv(self._titles)

    def file_name(self) -> str:
        """Return the name of the page."""
        return self.tr("robustness")
