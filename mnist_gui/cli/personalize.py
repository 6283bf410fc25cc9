"""`mnist-gui personalize`: fine-tune a network on the user's digits."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from mnist_gui.cli.console import INTERRUPTED
from mnist_gui.cli.inputs import check_out, faults_as_json, open_dataset, read_drawings_file
from mnist_gui.cli.parser import DONE, print_message, print_result
from mnist_gui.cli.train import Interrupt
from mnist_gui.engine.digits.files import DrawingsFile
from mnist_gui.engine.drawing import LabelledDrawing
from mnist_gui.engine.finetune.finetune import finetune
from mnist_gui.engine.finetune.result import (
    FineTuningEvent,
    FineTuningPhase,
    FineTuningProblem,
    FineTuningProgress,
    FineTuningResult,
)
from mnist_gui.engine.models.model_file import load_snapshot, save_snapshot
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.words.language import tr
from mnist_gui.words.numbers import percent

_DEFAULT_SEED = 1


def run_personalize(arguments: argparse.Namespace, interrupt: Interrupt | None = None) -> int:
    """Run `mnist-gui personalize`; return the exit status.

    A network that became worse is saved too, because `--out` asks for it; the result says so.
    """
    check_out(arguments.out)
    base = load_snapshot(arguments.base)
    found = read_drawings_file(arguments.drawings)
    events = finetune(
        open_dataset(arguments),
        base,
        _labelled(arguments.drawings, found),
        seed=_DEFAULT_SEED if arguments.seed is None else arguments.seed,
        device=arguments.device,
    )
    interrupt = interrupt or Interrupt()
    with interrupt:
        result = _finetune_with_bar(events, interrupt)
    if result is None:
        print_message(tr("Stopped; nothing was learnt and nothing is saved."))
        return INTERRUPTED
    if arguments.out:
        save_snapshot(arguments.out, result.snapshot)
    lines = _lines(result)
    if arguments.out:
        lines.append(tr("Saved to {path}.").format(path=arguments.out))
    print_result(arguments, _result_as_json(result, found), "\n".join(lines))
    return DONE


def _labelled(path: Path, found: DrawingsFile) -> list[LabelledDrawing]:
    labelled = [drawing for drawing in found.drawings if drawing.label is not None]
    unlabelled = len(found.drawings) - len(labelled)
    if unlabelled:
        text = tr("{path}: {count:,} drawings without a label were left out.")
        print_message(text.format(path=path, count=unlabelled))
    return labelled


def _finetune_with_bar(
    events: Iterator[FineTuningEvent], interrupt: Interrupt
) -> FineTuningResult | None:
    """Show the progress on standard error; return None after Ctrl-C."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as progress:
        phases = _phase_texts()
        task = progress.add_task(phases[FineTuningPhase.PREPARING], total=1.0)
        for event in events:
            if interrupt.is_requested:
                return None
            match event:
                case FineTuningProgress():
                    progress.update(task, description=phases[event.phase], completed=event.share)
                case FineTuningResult():
                    return event
    return None


def _phase_texts() -> dict[FineTuningPhase, str]:
    return {
        FineTuningPhase.PREPARING: tr("preparing"),
        FineTuningPhase.CROSS_VALIDATING: tr("checking"),
        FineTuningPhase.TRAINING: tr("learning"),
        FineTuningPhase.TESTING: tr("testing"),
    }


def _result_as_json(result: FineTuningResult, found: DrawingsFile) -> dict[str, Any]:
    return {
        "recipe": result.snapshot.recipe.name,
        "base": result.base.recipe.name,
        "seed": result.snapshot.recipe.seed,
        "steps": result.snapshot.step,
        "rounds": result.rounds,
        "own_before": _counts(result.user_before),
        "own_after": _counts(result.user_after),
        "test_before": _counts(result.test_before),
        "test_after": _counts(result.test_after),
        "recommended": not result.objections,
        "objections": [problem.value for problem in result.objections],
        "seconds": result.seconds,
        "drawings_left_out": faults_as_json(found.faults),
        "drawings_repeated": faults_as_json(found.repeats),
    }


def _counts(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "correct": evaluation.correct,
        "total": len(evaluation.labels),
        "accuracy": evaluation.accuracy,
        "interval": evaluation.interval,
    }


def _lines(result: FineTuningResult) -> list[str]:
    heading = tr("{recipe}, learnt in {seconds:.1f} s:")
    own, test = tr("own digits, held out:"), tr("test images:")
    width = max(map(cell_len, (own, test)))
    lines = [heading.format(recipe=result.snapshot.recipe.name, seconds=result.seconds)]
    for name, change in (
        (own, _change(result.user_before, result.user_after, 1)),
        (test, _change(result.test_before, result.test_after, 2)),
    ):
        lines.append(f"  {set_cell_size(name, width)}  {change}")
    return [*lines, *map(_objection, result.objections)]


def _objection(problem: FineTuningProblem) -> str:
    match problem:
        case FineTuningProblem.WORSE_ON_USER_DIGITS:
            return tr("Better not use it: it reads held-out own digits worse than before.")
        case FineTuningProblem.FORGETTING:
            return tr(
                "Better not use it: it has forgotten more than 0.1 points of the test images."
            )


def _change(before: Evaluation, after: Evaluation, decimals: int) -> str:
    low, high = (percent(bound, decimals) for bound in after.interval)
    text = tr(
        "{before} -> {after} ({correct_before:,} -> {correct_after:,} of {count:,} read "
        "correctly; 95 % interval now {low} to {high})"
    )
    return text.format(
        before=percent(before.accuracy, decimals),
        after=percent(after.accuracy, decimals),
        correct_before=before.correct,
        correct_after=after.correct,
        count=len(after.labels),
        low=low,
        high=high,
    )
