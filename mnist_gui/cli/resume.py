"""`mnist-gui resume`: a kept run, trained on from where it ended."""

import argparse

from mnist_gui.cli.inputs import check_out, open_run_store
from mnist_gui.cli.parser import tell
from mnist_gui.cli.train import finish, follow
from mnist_gui.cli.training import Interrupt, apply_overrides, closing
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.runs.active_run import resume_run
from mnist_gui.engine.runs.run import NextAction, RunRecord


def run_resume(arguments: argparse.Namespace) -> int:
    """Resume the run that the arguments name; return the exit status."""
    if arguments.out:
        check_out(arguments.out)
    store = open_run_store(arguments)
    record = store.find(arguments.run)
    _check_continuation(record, arguments)
    dataset = load_dataset(arguments.data)
    run = resume_run(store, record.identity, dataset, device=arguments.device, warn=tell)
    with closing(run, store), Interrupt() as interrupt:
        apply_overrides(run, arguments)
        snapshot = follow(run, interrupt)
    return finish(run, snapshot, arguments, is_interrupted=interrupt.is_requested)


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
