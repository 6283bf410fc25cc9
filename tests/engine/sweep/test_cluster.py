import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from mnist_gui.engine.errors import SweepError, TrainingError
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.sweep.cluster import sweep_on_cluster
from mnist_gui.engine.sweep.combinations import Ended, News, Trained
from tests.engine.sweep.conftest import MakeSweep, bits, never, trained_here
from tests.refusals import not_told, refused

distributed = pytest.importorskip("distributed", reason='the extra "cluster" is not installed')

# On no port but free ones of this machine.
LOCAL = {"dashboard_address": "127.0.0.1:0", "worker_dashboard_address": "127.0.0.1:0"}
LONG = replace(RECIPES["softmax-tutorial"], steps=3_000, validate_every=1_000)


@pytest.fixture
def in_this_process() -> Iterator[str]:
    """The address of a cluster whose one worker is a thread of this process."""
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, **LOCAL
    ) as cluster:
        yield cluster.scheduler_address


def test_a_run_in_parts_on_a_cluster_has_the_bits_of_one_trained_here(
    sweep_of: MakeSweep, in_this_process: str
) -> None:
    sweep = sweep_of(1e-3, 2e-3)
    # Each part is one chunk.
    news = list(sweep_on_cluster(sweep, in_this_process, never, not_told, seconds=0))
    assert [each for each in news if isinstance(each, Ended)] == [*map(Ended, sweep.recipes)]
    parts = [each.step for each in news if isinstance(each, Trained)]
    assert len(parts) > 4
    here = sweep_of(1e-3, 2e-3, name="here")
    assert bits(sweep) == trained_here(here)
    for run in sweep.ended_runs():
        assert {0, 24} < {*sweep.store.snapshot_steps(run.run_id)}
        assert not sweep.store.history(run.run_id).history.annotations


def test_what_fails_on_a_cluster_is_recorded_as_failed(
    sweep_of: MakeSweep, in_this_process: str
) -> None:
    sweep = sweep_of(100.0, 1e-3)
    news = list(sweep_on_cluster(sweep, in_this_process, never, not_told))
    failed, done = (each for each in news if isinstance(each, Ended))
    assert isinstance(failed.problem, TrainingError)
    assert not failed.is_given_up
    assert done.problem is None
    assert [run.status for run in sweep.ended_runs()] == [RunStatus.FAILED, RunStatus.COMPLETED]


def test_a_run_that_is_stopped_goes_on_to_the_same_bits_here_or_on_a_cluster(
    sweep_of: MakeSweep, in_this_process: str
) -> None:
    sweep = sweep_of(0.1, recipe=LONG)
    seen: list[News] = []
    news = sweep_on_cluster(sweep, in_this_process, lambda: len(seen) > 1, not_told, seconds=0)
    for each in news:
        seen.append(each)  # noqa: PERF402 - what is seen decides how it goes on
    (run,) = sweep.store.runs().runs
    assert run.status is RunStatus.STOPPED
    assert run.can_resume
    assert 0 < run.info.step < LONG.steps
    assert run.info.step == seen[-1].step  # type: ignore[union-attr]
    list(sweep_on_cluster(sweep, in_this_process, never, not_told))
    assert bits(sweep) == trained_here(sweep_of(0.1, name="never stopped", recipe=LONG))


def test_where_no_cluster_is_or_none_that_works_one_sentence_says_so(
    sweep_of: MakeSweep,
) -> None:
    sweep = sweep_of(0.1)
    with refused(SweepError, "no Dask cluster at bogus://nowhere"):
        list(sweep_on_cluster(sweep, "bogus://nowhere", never, not_told))
    nobody = distributed.LocalCluster(n_workers=0, processes=False, **LOCAL)
    with nobody, refused(SweepError, "has no workers"):
        list(sweep_on_cluster(sweep, nobody.scheduler_address, never, not_told))
    assert not sweep.store.folder.exists()


@pytest.mark.slow
def test_a_cluster_that_ends_leaves_a_run_that_can_be_resumed(sweep_of: MakeSweep) -> None:
    sweep = sweep_of(0.1, recipe=LONG)
    cluster = distributed.LocalCluster(n_workers=1, processes=False, **LOCAL)
    news = sweep_on_cluster(sweep, cluster.scheduler_address, never, not_told, seconds=0)
    assert isinstance(next(news), Trained)
    cluster.close()
    with refused(SweepError, "does not answer any more"):
        list(news)
    (run,) = sweep.store.runs().runs
    assert run.can_resume


def killing_one(news: Iterator[News], client: Any) -> Iterator[News]:
    """Kill one of the workers once a part of a run has come from it."""
    pids = client.run(os.getpid)
    for number, each in enumerate(news):
        if number == 2:
            os.kill(next(iter(pids.values())), signal.SIGKILL)
        yield each


@pytest.mark.slow
def test_a_worker_that_is_killed_is_replaced_and_the_bits_stay_the_same(
    sweep_of: MakeSweep,
) -> None:
    rates = (0.05, 0.1, 0.2, 0.3)
    sweep = sweep_of(*rates, recipe=LONG)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", **LOCAL
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        address = cluster.scheduler_address
        news = list(
            killing_one(sweep_on_cluster(sweep, address, never, not_told, seconds=0.2), client)
        )
    ended = [each for each in news if isinstance(each, Ended)]
    assert {each.recipe for each in ended} == {*sweep.recipes}
    assert not any(each.problem for each in ended)
    assert bits(sweep) == trained_here(sweep_of(*rates, name="here", recipe=LONG))
