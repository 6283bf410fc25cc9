"""`mnist-gui resume`: a kept run, trained on from where it ended."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from mnist_gui.cli.inputs import check_out, open_run_store
from mnist_gui.cli.parser import tell
from mnist_gui.cli.train import finish, follow
from mnist_gui.cli.training import Interrupt, Training, change, resumed
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.runs.run import NextAction, RunRecord


def run_resume(arguments: argparse.Namespace) -> int:
    """Go on with the run that the arguments name; return the exit status."""
    if arguments.out:
        check_out(arguments.out)
    with _training(arguments) as training, Interrupt() as interrupt:
        outcome = follow(training, interrupt)
    return finish(outcome, arguments)


@contextmanager
def _training(arguments: argparse.Namespace) -> Iterator[Training]:
    """Give the run, with the steps and the learning rate that were typed."""
    store = open_run_store(arguments)
    kept = store.find(arguments.run)
    _check_continuation(kept, arguments)
    dataset = load_dataset(arguments.data)
    with resumed(store, kept.identity, dataset, arguments.device) as (run, training):
        change(run, training.history, arguments)
        yield training


def _check_continuation(run: RunRecord, arguments: argparse.Namespace) -> None:
    match run.continuation:
        case NextAction.CONTINUE if arguments.steps is None:
            raise RunStoreError(
                f"The run {run.identity} was completed after {run.facts.step:,} steps; say with "
                "--steps how many it is to have in all."
            )
        case NextAction.RESTART:
            tell(
                f"The run {run.identity} ended before its first checkpoint; it starts again from "
                "the beginning, with the same settings and seed."
            )
