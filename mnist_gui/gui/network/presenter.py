"""The current network in the network bar: chosen, gone through step by step, and remembered."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.engine.events import RunState, TestEvaluated
from mnist_gui.engine.exchange.recognition import open_network
from mnist_gui.engine.history import History
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.runs.run import RunList, RunRecord
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.labels import count, moment, percent
from mnist_gui.gui.common.values import network_name, recipe_title
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.network.bar import NetworkBar, NetworkChoice
from mnist_gui.gui.network.player import StepPlayer
from mnist_gui.gui.runs.text import run_title, with_distinct_names
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.training.network import NetworkPresenter
from mnist_gui.gui.training.runner import TrainingRunner

_SHIPPED, _RUN, _FILE = "shipped", "run", "file"
_CURRENT = "current"
# The end of a run is written a moment after the run has ended.
_RECORD_MILLISECONDS = 200


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """What the store has of a run besides its record: its snapshots' steps and its validations."""

    run_id: str = ""
    steps: tuple[int, ...] = ()
    history: History | None = None


class NetworkBarPresenter(QObject):
    """Lets the user choose the network that everything is about, and a step of its training.

    While a run is active, its network is the current one. `chosen` is what the user would want to
    find again after a restart, `restore` brings it back.
    """

    def __init__(
        self,
        session: Session,
        runner: TrainingRunner,
        networks: NetworkPresenter,
        bar: NetworkBar,
        shell: Shell,
    ) -> None:
        super().__init__()
        self._session, self._runner, self._shell = session, runner, shell
        self._networks, self._bar = networks, bar
        self._player = StepPlayer(session, bar, shell.actions_offered.play_steps)
        self._store = RunStore(session.runs_folder.value)
        self._listing = LatestJob(session.reading_thread)
        self._loading = LatestJob(session.reading_thread)
        self._looking = LatestJob(session.reading_thread)
        self._kept = _Kept()
        self._loaded: Snapshot | None = None
        self._wanted_step: int | None = None
        self._trained: Snapshot | None = None
        self._tested: tuple[Snapshot, float] | None = None
        self._known: tuple[tuple[NetworkChoice, ...], ...] = ()
        self._waiting = QTimer(self, interval=_RECORD_MILLISECONDS)
        self._waiting.timeout.connect(self._list_once_recorded)
        bar.network_box.network_chosen.connect(self._choose)
        bar.network_box.open_requested.connect(shell.actions_offered.open_network.trigger)
        bar.step_chosen.connect(self._go_to)
        runner.news.snapshot_taken.connect(self._note_trained)
        runner.news.tested.connect(self._note_test)
        runner.run_started.connect(self._show_run)
        runner.run_ended.connect(self._end_run)
        session.runs_folder.changed.connect(self._use_folder)
        session.network.follow(self._follow_network)
        session.runs.follow(self._name_runs)
        session.run_state.follow(self._follow_state)
        self._list()

    def take_over(self, before: "NetworkBarPresenter") -> None:
        """Know what another presenter knew of the run that lasts, and of tests."""
        self._trained, self._tested = before._trained, before._tested
        if before._waiting.isActive():
            self._waiting.start()
        self._show()

    # --- remembering ---------------------------------------------------------------------------

    @property
    def chosen(self) -> str:
        """The current network as a line of text for `restore`; "" for one that is nowhere kept."""
        snapshot, file = self._session.network.value, self._session.file_of_network
        run_id = self._session.run_of_network
        if snapshot is not None and snapshot is self._trained and self._runner.run is not None:
            run_id = self._runner.run.run_id or ""
        if snapshot is not None and run_id:
            return f"{_RUN} {run_id} {snapshot.step}"
        shipped = (f"{_SHIPPED} {each.recipe}" for each in SHIPPED_NETWORKS if each.path == file)
        return next(shipped, f"{_FILE} {file}" if file else "")

    def restore(self, chosen: str) -> None:
        """Use the network that `chosen` named, unless there is another by then.

        Where that is gone, it is the network that ships.
        """
        load = self._loader(chosen)
        if load is None:
            self._networks.open_shipped()
            return
        self._loading.call(
            load, then=self._use_restored, failed=self._restore_none, place=_file_of(chosen)
        )

    def _use_restored(self, loaded: tuple[Snapshot, str, Path | None]) -> None:
        if self._session.network.value is None:
            self._use(loaded)

    def _restore_none(self, sentence: str) -> None:
        self._shell.show_status(sentence)
        self._networks.open_shipped()

    def _loader(self, chosen: str) -> Callable[[], tuple[Snapshot, str, Path | None]] | None:
        """Return what loads a network, for the thread for reading; None for what makes no sense."""
        kind, _, name = chosen.partition(" ")
        if kind == _FILE and name and "\0" not in name:
            return partial(_load_file, Path(name), self._session.dataset.value)
        if kind == _RUN:
            run_id, _, step = name.partition(" ")
            is_step = step.isascii() and step.isdigit() and len(step) < 10
            return partial(_load_run, self._store, run_id, int(step) if is_step else None)
        paths = [each.path for each in SHIPPED_NETWORKS if chosen == f"{_SHIPPED} {each.recipe}"]
        return partial(_load_shipped, paths[0]) if paths else None

    # --- choosing ------------------------------------------------------------------------------

    @Slot(str)
    def _choose(self, key: str) -> None:
        load = self._loader(key) if key != self._key() else None
        if load is not None:
            self._wanted_step = None
            self._loading.call(load, then=self._use, failed=self._show_failure, place=_file_of(key))

    @Slot(int)
    def _go_to(self, step: int) -> None:
        run_id, store = self._kept.run_id, self._store
        self._wanted_step = step
        load = partial(_load_step, store, run_id, step)
        self._loading.call(load, then=self._use, failed=self._show_failure)

    def _use(self, loaded: tuple[Snapshot, str, Path | None]) -> None:
        # A run that was started meanwhile has the window for itself.
        if not self._is_run_active():
            snapshot, run_id, file = loaded
            self._loaded = snapshot
            if snapshot.step == self._wanted_step or run_id != self._kept.run_id:
                self._wanted_step = None
            self._session.use_network(snapshot, run_id, file)

    def _show_failure(self, sentence: str) -> None:
        self._wanted_step = None
        self._show()
        # What is offered may be gone: another window has deleted a run, say.
        self._list()
        if self._kept.run_id:
            self._find_steps(self._kept.run_id)
        self._shell.show_file_error(sentence)

    # --- what changes --------------------------------------------------------------------------

    @Slot(object)
    def _follow_network(self, snapshot: Snapshot) -> None:
        if snapshot is not self._loaded:
            # Whoever chose this one, chose it after what is still to be loaded.
            self._loading.cancel()
            self._wanted_step = None
        self._look_up()
        self._show()

    @Slot(object)
    def _use_folder(self, folder: Path) -> None:
        self._store = RunStore(folder)
        self._loading.cancel()
        self._kept = _Kept()
        self._list()

    @Slot(object)
    def _follow_state(self, state: RunState) -> None:
        self._bar.set_busy(busy=state.is_active)
        self._bar.show_paused(paused=state is RunState.PAUSED)
        self._show()

    @Slot(History)
    def _show_run(self, _history: History) -> None:
        self._loading.cancel()
        self._show()

    @Slot(Snapshot)
    def _note_trained(self, snapshot: Snapshot) -> None:
        self._trained = snapshot

    @Slot(TestEvaluated, LabelledImages)
    def _note_test(self, tested: TestEvaluated, _images: LabelledImages) -> None:
        if (snapshot := self._session.network.value) is not None:
            self._tested = (snapshot, tested.evaluation.accuracy)
            self._show()

    @Slot()
    def _end_run(self) -> None:
        snapshot, run = self._session.network.value, self._runner.run
        if snapshot is not None and snapshot is self._trained and run is not None and run.run_id:
            self._session.use_network(snapshot, run.run_id)
        self._trained = None
        self._waiting.start()
        self._show()

    @Slot()
    def _list_once_recorded(self) -> None:
        if self._runner.is_recorded or self._is_run_active():
            self._waiting.stop()
            self._kept = _Kept()
            self._list()
            self._look_up()

    def _list(self) -> None:
        self._listing.call(self._store.runs, then=self._use_list)

    def _use_list(self, listed: RunList) -> None:
        self._session.runs.set((*listed.runs, *listed.unreadable))

    def _look_up(self) -> None:
        """Find the steps of the run that the network is of, unless they are known."""
        run_id = self._session.run_of_network
        if run_id != self._kept.run_id:
            self._kept = _Kept(run_id)
            self._looking.cancel()
            if run_id:
                self._find_steps(run_id)
            else:
                self._session.history_of_network.set(None)

    def _find_steps(self, run_id: str) -> None:
        find = partial(_look_up, self._store, run_id)
        self._looking.call(find, then=self._use_kept, failed=self._use_none)

    def _use_none(self, _sentence: str) -> None:
        """Offer no steps of a run that is gone; its curves stay."""
        self._kept = replace(self._kept, steps=())
        self._show()

    def _use_kept(self, kept: _Kept) -> None:
        self._kept = kept
        self._session.history_of_network.set(kept.history)
        self._show()

    # --- what is shown -------------------------------------------------------------------------

    def _is_run_active(self) -> bool:
        return self._session.run_state.value.is_active and self._runner.news.history is not None

    @Slot()
    def _show(self, *_changed: object) -> None:
        snapshot = self._session.network.value
        if self._is_run_active() and self._runner.news.history is not None:
            self._show_training(self._runner.news.history)
            return
        key = self._key()
        self._bar.network_box.show_networks(self._groups(key, snapshot), key)
        if snapshot is not None:
            steps = self._kept.steps if self._kept.run_id == self._session.run_of_network else ()
            # Where the slider has gone on meanwhile, it stays there.
            wanted = snapshot.step if self._wanted_step is None else self._wanted_step
            self._bar.show_steps(steps, wanted)
            self._bar.show_accuracy(*self._accuracy(snapshot))

    def _show_training(self, history: History) -> None:
        title = self.tr("{recipe} (in training)").format(recipe=recipe_title(history.recipe.name))
        choice = NetworkChoice(_CURRENT, title)
        self._bar.network_box.show_networks(((choice,), *self._known), _CURRENT)
        self._bar.show_steps((), history.step)
        validated = history.validation_accuracy
        last = float(validated.values[-1]) if len(validated) else None
        self._bar.show_accuracy(*self._validation_text(last, history.step))

    def _key(self) -> str:
        """Return the key of the choice that the current network is."""
        kind, _, name = self.chosen.partition(" ")
        return f"{kind} {name.partition(' ')[0]}" if kind == _RUN else self.chosen or _CURRENT

    def _groups(self, key: str, snapshot: Snapshot | None) -> tuple[tuple[NetworkChoice, ...], ...]:
        known = self._known
        if snapshot is None or any(choice.key == key for group in known for choice in group):
            return known
        file = self._session.file_of_network
        title = network_name(snapshot.recipe.name, file)
        return ((NetworkChoice(key, title, tip=str(file or "")),), *known)

    @Slot(object)
    def _name_runs(self, _runs: object) -> None:
        """Make the choices of what can always be chosen: what is built in, and the user's runs."""
        built_in = tuple(
            NetworkChoice(
                f"{_SHIPPED} {each.recipe}",
                self.tr("{recipe} (built in)").format(recipe=recipe_title(each.recipe)),
                percent(each.accuracy, 2),
                self.tr("Trained before it came with the program"),
            )
            for each in SHIPPED_NETWORKS
        )
        runs = with_distinct_names(self._runs())
        self._known = built_in, tuple(self._run_choice(run) for run in runs)
        self._show()

    def _runs(self) -> tuple[RunRecord, ...]:
        runs = (run for run in self._session.runs.value if isinstance(run, RunRecord))
        return tuple(run for run in runs if run.has_weights)

    def _run_choice(self, run: RunRecord) -> NetworkChoice:
        accuracy = percent(run.info.test.accuracy, 2) if run.info.test else ""
        tip = self.tr("Your run of {moment}").format(moment=moment(run.info.started))
        return NetworkChoice(f"{_RUN} {run.run_id}", run_title(run), accuracy, tip)

    def _accuracy(self, snapshot: Snapshot) -> tuple[str, str]:
        """Return the accuracy of the current network, and on which images."""
        if (share := self._test_accuracy(snapshot)) is not None:
            text = self.tr("Test {accuracy}").format(accuracy=percent(share, 2))
            return text, self.tr("Accuracy on the test images, which it was not trained on")
        if self._kept.history is None:
            return "", ""
        validated = self._kept.history.validation_accuracy
        place = int(np.searchsorted(validated.steps, snapshot.step, side="right")) - 1
        last = float(validated.values[place]) if place >= 0 else None
        step = int(validated.steps[place]) if place >= 0 else 0
        return self._validation_text(last, step)

    def _test_accuracy(self, snapshot: Snapshot) -> float | None:
        if self._tested is not None and self._tested[0] is snapshot:
            return self._tested[1]
        for shipped in SHIPPED_NETWORKS:
            if shipped.path == self._session.file_of_network:
                return shipped.accuracy
        for run in self._runs():
            test = run.info.test
            is_it = run.run_id == self._session.run_of_network
            if is_it and test is not None and test.step == snapshot.step:
                return test.accuracy
        return None

    def _validation_text(self, share: float | None, step: int) -> tuple[str, str]:
        if share is None:
            return "", ""
        tip = self.tr("Accuracy on the validation images, last measured at step {step}")
        text = self.tr("Validation {accuracy}").format(accuracy=percent(share, 2))
        return text, tip.format(step=count(step))


# --- on the thread for reading: a network, the run and the file it is from -----------------------


def _file_of(chosen: str) -> str | None:
    """Return the path of the file that a line of text names, where it is a file of the user's."""
    kind, _, name = chosen.partition(" ")
    return name if kind == _FILE else None


def _load_shipped(path: Path) -> tuple[Snapshot, str, Path]:
    return load_snapshot(path), "", path


def _load_file(path: Path, dataset: Dataset | None) -> tuple[Snapshot, str, Path]:
    return open_network(path, dataset)[0], "", path


def _load_run(store: RunStore, run_id: str, step: int | None) -> tuple[Snapshot, str, None]:
    """Load a run's network, of this step where that is kept."""
    if step is not None and step in store.snapshot_steps(run_id):
        return _load_step(store, run_id, step)
    return store.snapshot(run_id), run_id, None


def _load_step(store: RunStore, run_id: str, step: int) -> tuple[Snapshot, str, None]:
    return store.load_snapshot(run_id, step), run_id, None


def _look_up(store: RunStore, run_id: str) -> _Kept:
    try:
        history = store.history(run_id).history
    except MnistGuiError:
        # Its networks can be used without it.
        history = None
    if history is not None:
        history.tested = _kept_test(store, run_id, history.recipe)
    return _Kept(run_id, store.snapshot_steps(run_id), history)


def _kept_test(store: RunStore, run_id: str, recipe: Recipe) -> TestEvaluated | None:
    try:
        kept = store.reading(run_id)
    except MnistGuiError:
        # It was not tested.
        return None
    return TestEvaluated(recipe, kept.step, kept.evaluation, seconds=0.0)
