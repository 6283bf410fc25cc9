from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.events import RunState
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.labels import percent
from mnist_gui.gui.network.bar import NetworkBar
from mnist_gui.gui.network.presenter import NetworkBarPresenter
from mnist_gui.gui.session import Session
from mnist_gui.gui.training.network import NetworkPresenter
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.paths import SHIPPED_NETWORK
from tests.engine.conftest import softmax_snapshot
from tests.gui.kept_runs import SHORT as RECIPE
from tests.gui.kept_runs import small_mnist, train_kept
from tests.gui.recording_shell import RecordingShell

TITLE = "Softmax regression (tutorial)"
LONG = 60_000


@pytest.fixture(scope="module")
def small() -> Dataset:
    return small_mnist()


@pytest.fixture
def store(session: Session) -> RunStore:
    return RunStore(session.runs_folder.value)


@pytest.fixture
def kept(store: RunStore, small: Dataset) -> str:
    """A run that was completed; its ID."""
    return train_kept(store, small)


@pytest.fixture
def runner(session: Session) -> Iterator[TrainingRunner]:
    runner = TrainingRunner(session)
    yield runner
    runner.close(10)


@pytest.fixture
def bar(shell: RecordingShell, qtbot: QtBot) -> NetworkBar:
    bar = NetworkBar(shell.actions_offered)
    qtbot.addWidget(bar)
    return bar


@pytest.fixture
def networks(session: Session, runner: TrainingRunner, shell: RecordingShell) -> NetworkPresenter:
    networks = NetworkPresenter(session, shell)
    runner.news.snapshot_taken.connect(networks.follow_run)
    runner.came_to_nothing.connect(networks.go_back)
    runner.run_ended.connect(networks.end_run)
    return networks


@pytest.fixture
def presenter(
    session: Session,
    runner: TrainingRunner,
    networks: NetworkPresenter,
    bar: NetworkBar,
    shell: RecordingShell,
) -> NetworkBarPresenter:
    return NetworkBarPresenter(session, runner, networks, bar, shell)


def shown(bar: NetworkBar) -> str:
    return bar.network_box.currentText()


def choose(bar: NetworkBar, title: str, qtbot: QtBot) -> None:
    """Choose the network whose text begins so, as soon as it is listed."""
    box = bar.network_box

    def place() -> int:
        texts = [box.itemText(place) for place in range(box.count())]
        return next((place for place, text in enumerate(texts) if text.startswith(title)), -1)

    qtbot.waitUntil(lambda: place() >= 0)
    box.activated.emit(place())


def current(session: Session) -> Snapshot:
    assert session.network.value is not None
    return session.network.value


def weights_of(snapshot: Snapshot) -> bytes:
    return snapshot.weights["output/kernel"].tobytes()


def test_what_ships_and_the_users_runs_can_be_chosen_with_their_accuracies(
    kept: str,
    presenter: NetworkBarPresenter,
    session: Session,
    store: RunStore,
    bar: NetworkBar,
    qtbot: QtBot,
) -> None:
    presenter.restore("")
    qtbot.waitUntil(
        lambda: shown(bar) == f"CNN, best (built in) · {percent(SHIPPED_NETWORKS[0].accuracy, 2)}"
    )
    assert bar.accuracy.text() == f"Test {percent(SHIPPED_NETWORKS[0].accuracy, 2)}"
    choose(bar, "Softmax regression, best (built in)", qtbot)
    qtbot.waitUntil(lambda: presenter.chosen == "shipped softmax-best")
    assert bar.slider.isHidden()
    choose(bar, TITLE, qtbot)
    qtbot.waitUntil(lambda: session.run_of_network == kept)
    test = store.run(kept).info.test
    assert test is not None
    assert shown(bar) == f"{TITLE} · {percent(test.accuracy, 2)}"
    assert bar.accuracy.text() == f"Test {percent(test.accuracy, 2)}"
    assert weights_of(current(session)) == weights_of(store.snapshot(kept))
    qtbot.waitUntil(lambda: session.history_of_network.value is not None)
    history = session.history_of_network.value
    assert history is not None
    assert history.tested is not None
    tested = history.tested
    assert (tested.step, tested.evaluation.accuracy) == (test.step, test.accuracy)
    choose(bar, "Softmax regression, best (built in)", qtbot)
    qtbot.waitUntil(lambda: session.history_of_network.value is None)


def test_the_slider_goes_back_to_earlier_steps_of_the_run(
    kept: str,
    presenter: NetworkBarPresenter,
    session: Session,
    store: RunStore,
    bar: NetworkBar,
    qtbot: QtBot,
) -> None:
    choose(bar, TITLE, qtbot)
    qtbot.waitUntil(lambda: not bar.slider.isHidden())
    steps = store.snapshot_steps(kept)
    assert bar.slider.value() == len(steps) - 1
    places: list[int] = []
    session.network.changed.connect(lambda _: places.append(bar.slider.value()))
    bar.slider.setValue(2)
    bar.slider.setValue(1)
    qtbot.waitUntil(lambda: current(session).step == steps[1])
    # It does not jump back while an earlier step is loaded.
    assert places == [1, 1]
    assert session.run_of_network == kept
    assert weights_of(current(session)) == weights_of(store.load_snapshot(kept, steps[1]))
    bar.slider.setValue(len(steps) - 2)
    qtbot.waitUntil(lambda: current(session).step == steps[-2])
    assert bar.accuracy.text().startswith("Validation ")


def test_what_was_chosen_is_there_again_after_a_restart(
    kept: str, presenter: NetworkBarPresenter, session: Session, store: RunStore, qtbot: QtBot
) -> None:
    step = store.snapshot_steps(kept)[1]
    presenter.restore(f"run {kept} {step}")
    qtbot.waitUntil(lambda: session.network.value is not None)
    assert (current(session).step, session.run_of_network) == (step, kept)
    assert presenter.chosen == f"run {kept} {step}"


@pytest.mark.parametrize(
    "chosen",
    [
        "run gone 5",
        "run ../.. 5",
        "run",
        "file /nowhere/x.mnistgui",
        "file \0",
        "file",
        "x",
        "run a",
    ],
)
def test_what_is_gone_is_replaced_by_what_ships(
    presenter: NetworkBarPresenter,
    session: Session,
    shell: RecordingShell,
    chosen: str,
    qtbot: QtBot,
) -> None:
    presenter.restore(chosen)
    qtbot.waitUntil(lambda: session.network.value is not None)
    assert session.file_of_network == SHIPPED_NETWORK
    assert not shell.file_errors
    assert not shell.errors


def test_an_opened_file_is_called_by_its_name_and_found_again(
    presenter: NetworkBarPresenter,
    networks: NetworkPresenter,
    session: Session,
    bar: NetworkBar,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    weights = softmax_snapshot().weights
    path = tmp_path / "of a friend.npz"
    np.savez(path, *weights.values())
    networks.open(str(path))
    qtbot.waitUntil(lambda: shown(bar) == "of a friend.npz (imported)")
    assert presenter.chosen == f"file {path}"
    choose(bar, "CNN, best", qtbot)
    qtbot.waitUntil(lambda: presenter.chosen == "shipped cnn-best")
    assert "friend" not in " ".join(
        bar.network_box.itemText(place) for place in range(bar.network_box.count())
    )


def test_a_file_can_be_restored(
    presenter: NetworkBarPresenter, session: Session, bar: NetworkBar, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "mine.mnistgui"
    save_snapshot(path, softmax_snapshot())
    presenter.restore(f"file {path}")
    qtbot.waitUntil(lambda: shown(bar) == "mine.mnistgui")
    assert session.file_of_network == path


def test_while_a_run_trains_the_bar_shows_it_and_afterwards_it_is_a_run_like_others(
    presenter: NetworkBarPresenter,
    session: Session,
    runner: TrainingRunner,
    bar: NetworkBar,
    small: Dataset,
    qtbot: QtBot,
) -> None:
    session.dataset.set(small)
    titles: list[str] = []
    session.network.changed.connect(lambda _: titles.append(shown(bar)))
    with qtbot.waitSignal(runner.run_ended, timeout=LONG):
        runner.start(RECIPE)
        assert shown(bar) == f"{TITLE} (in training)"
        assert not bar.network_box.isEnabled()
    assert set(titles[1:]) == {f"{TITLE} (in training)"}
    assert bar.network_box.isEnabled()
    assert runner.run is not None
    run_id = runner.run.run_id
    assert presenter.chosen == f"run {run_id} {RECIPE.steps}"
    qtbot.waitUntil(lambda: not bar.slider.isHidden())
    assert shown(bar).startswith(f"{TITLE} · ")
    assert bar.accuracy.text().startswith("Test ")


def test_what_the_user_chose_last_is_used_whatever_is_loaded_sooner(
    kept: str, presenter: NetworkBarPresenter, session: Session, bar: NetworkBar, qtbot: QtBot
) -> None:
    choose(bar, TITLE, qtbot)
    session.use_network(softmax_snapshot())
    answered: list[None] = []
    session.reading_thread.call(lambda: None, then=answered.append)
    qtbot.waitUntil(lambda: bool(answered))
    assert session.run_of_network == ""


def test_a_step_that_is_gone_is_a_sentence_and_the_slider_goes_back(
    kept: str,
    presenter: NetworkBarPresenter,
    session: Session,
    bar: NetworkBar,
    shell: RecordingShell,
    qtbot: QtBot,
) -> None:
    choose(bar, TITLE, qtbot)
    qtbot.waitUntil(lambda: not bar.slider.isHidden())
    (session.runs_folder.value / kept / "snapshot-000000000.mnistgui").unlink()
    bar.slider.setValue(0)
    qtbot.waitUntil(lambda: bool(shell.file_errors))
    assert "has no snapshot of step 0" in shell.file_errors[0]
    assert bar.step == RECIPE.steps
    qtbot.waitUntil(lambda: 0 not in bar.steps)
    assert bar.step == RECIPE.steps
    assert current(session).step == RECIPE.steps


def test_a_paused_run_is_resumed_by_the_second_button(
    presenter: NetworkBarPresenter, session: Session, bar: NetworkBar
) -> None:
    before = bar.pause_button.grab().toImage()
    session.run_state.set(RunState.PAUSED)
    assert bar.pause_button.grab().toImage() != before


def test_playing_goes_through_all_steps_of_a_run_and_ends_at_the_last(
    kept: str, presenter: NetworkBarPresenter, session: Session, bar: NetworkBar, qtbot: QtBot
) -> None:
    button = bar.play_button
    assert not button.isEnabled()
    choose(bar, TITLE, qtbot)
    qtbot.waitUntil(button.isEnabled)
    seen: list[int] = []
    session.network.changed.connect(lambda network: seen.append(network.step))
    button.click()
    assert button.accessibleName() == "Stop playing the run"
    qtbot.waitUntil(lambda: button.accessibleName() == "Play the run")
    assert tuple(seen) == RunStore(session.runs_folder.value).snapshot_steps(kept)


def test_playing_ends_where_the_user_chooses_another_step(
    kept: str, presenter: NetworkBarPresenter, session: Session, bar: NetworkBar, qtbot: QtBot
) -> None:
    button = bar.play_button
    choose(bar, TITLE, qtbot)
    qtbot.waitUntil(button.isEnabled)
    button.click()
    qtbot.waitUntil(lambda: current(session).step > 0 and bar.step > 0)
    bar.choose_step(bar.steps[-2])
    qtbot.waitUntil(lambda: button.accessibleName() == "Play the run")
    assert bar.step == bar.steps[-2]
    button.click()
    button.click()
    assert button.accessibleName() == "Play the run"
