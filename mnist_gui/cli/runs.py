"""`mnist-gui runs`: list, show, compare, label, delete, restore and export runs."""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from mnist_gui.cli.inputs import open_run_store
from mnist_gui.cli.parser import DONE, percent, print_problem, print_result
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.runs.run import RunRecord, Score, settings_diff
from mnist_gui.engine.runs.store import RunStore, export_run
from mnist_gui.words.errors import recorded_sentence, sentence

_WIDEST = 200
_PADDING = (0, 2, 0, 0)


def print_table(table: Table) -> None:
    """Print a table at its full width, however narrow the terminal is."""
    wide = Console(width=_WIDEST)
    natural = Measurement.get(wide, wide.options, table).maximum
    Console(width=natural).print(table)


def runs_table(runs: Sequence[RunRecord]) -> Table:
    """Return one row for each run, with a column of names if any run was named or pinned."""
    named = any(run.labels.name or run.labels.is_pinned for run in runs)
    columns = ("run", *(["name"] if named else []), "status", "steps", "validation")
    table = new_table(*columns, "test (95 % interval)", "tested")
    for run in runs:
        info = run.info
        name = Text(f"{'* ' if run.labels.is_pinned else ''}{run.name}")
        is_whole = info.step == info.steps
        table.add_row(
            run.run_id,
            *([name] if named else []),
            run.status.value,
            f"{info.step:,}" if is_whole else f"{info.step:,} of {info.steps:,}",
            accuracy(info.validation),
            accuracy_and_interval(info.test),
            _times(info.test_reads),
        )
    return table


def differences_table(runs: Sequence[RunRecord]) -> Table:
    """Return a column for each run, with the settings in which they differ and their accuracies."""
    table = new_table("", *(run.run_id for run in runs))
    for name, values in settings_diff(runs).items():
        table.add_row(name.replace("_", " "), *(Text(f"{value}") for value in values))
    table.add_section()
    table.add_row("validation", *(accuracy_and_interval(run.info.validation) for run in runs))
    table.add_row("test", *(accuracy_and_interval(run.info.test) for run in runs))
    table.add_row("test images read", *(_times(run.info.test_reads) for run in runs))
    return table


def info_table(run: RunRecord) -> Table:
    """Return all that is known of a run, one value in each row."""
    info = run.info
    table = Table(box=None, show_header=False, padding=_PADDING)
    rows = {
        "run": run.run_id,
        "name": run.name,
        "note": run.labels.note,
        "status": run.status.value,
        "reason": recorded_sentence(info.reason),
        "steps": f"{info.step:,} of {info.steps:,}, {info.seconds:.1f} s of training",
        "started": f"{info.started.astimezone():%Y-%m-%d %H:%M:%S}",
        "ended": f"{info.ended.astimezone():%Y-%m-%d %H:%M:%S}" if info.ended else "",
        "validation": _score_as_text(info.validation),
        "best validation": _score_as_text(info.best_validation),
        "test": _score_as_text(info.test),
        "test images read": _times(info.test_reads),
        "data": f"{info.data.name}: {info.data.train:,} training, "
        f"{info.data.validation:,} validation, {info.data.test:,} test images",
        "device": f"{info.device}, {info.precision}" if info.device else "",
        "versions": f"mnist-gui {info.versions.program}, Python {info.versions.python}, "
        f"TensorFlow {info.versions.tensorflow}, Keras {info.versions.keras}, "
        f"NumPy {info.versions.numpy}",
    }
    for name, value in rows.items():
        if value:
            table.add_row(name, Text(value))
    for name in info.recipe.__slots__:
        table.add_row(name.replace("_", " "), Text(f"{getattr(info.recipe, name)}"))
    return table


def run_as_json(run: RunRecord) -> dict[str, Any]:
    """Return all that is known of a run as plain values."""
    info: dict[str, Any] = msgspec.to_builtins(run.info)
    info["status"] = run.status.value
    info["reason"] = recorded_sentence(run.info.reason)
    for name in ("started", "ended", "validation", "best_validation", "test"):
        match getattr(run.info, name):
            case datetime() as time:
                info[name] = time.isoformat()
            case Score() as score:
                interval = {"accuracy": score.accuracy, "interval": score.interval}
                info[name] = asdict(score) | interval
    return {
        "run": run.run_id,
        **asdict(run.labels),
        **info,
        "can_go_on": run.can_resume,
        "continuation": run.continuation.value if run.continuation else None,
        "has_weights": run.has_weights,
    }


def accuracy(score: Score | None) -> str:
    """Return an accuracy in per cent, or nothing if there is none."""
    return percent(score.accuracy) if score else ""


def accuracy_and_interval(score: Score | None) -> str:
    """Return an accuracy in per cent and its 95 % interval."""
    if score is None:
        return ""
    low, high = score.interval
    return f"{percent(score.accuracy)} ({percent(low)} to {percent(high)})"


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _score_as_text(score: Score | None) -> str:
    if score is None:
        return ""
    return f"{accuracy_and_interval(score)} on {score.total:,} images after {score.step:,} steps"


def new_table(*columns: str) -> Table:
    """Return an empty table with a header."""
    table = Table(box=None, padding=_PADDING, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def run_runs(arguments: argparse.Namespace) -> int:
    """Run the action that the arguments name; return the exit status."""
    _ACTIONS[arguments.action](open_run_store(arguments), arguments)
    return DONE


def _list(store: RunStore, arguments: argparse.Namespace) -> None:
    found = store.runs()
    for unreadable in found.unreadable:
        print_problem(unreadable.problem)
    if arguments.json or found.runs:
        _print_runs(found.runs, arguments)
    else:
        print(f"There are no runs in {store.folder}.")


def _show(store: RunStore, arguments: argparse.Namespace) -> None:
    run = store.find(arguments.run)
    if arguments.json:
        print(json.dumps(run_as_json(run)))
    else:
        print_table(info_table(run))


def _compare(store: RunStore, arguments: argparse.Namespace) -> None:
    runs = [store.find(name) for name in arguments.run]
    if len({run.run_id for run in runs}) < max(2, len(runs)):
        raise RunStoreError("Comparing needs at least two different runs, each named once.")
    if arguments.json:
        print(json.dumps(_comparisons_as_json(store, runs)))
        return
    print_table(differences_table(runs))
    first, *others = runs
    for other in others:
        comparison = store.compare(other.run_id, first.run_id)
        print(sentence(comparison.verdict(other.run_id, first.run_id)))


def _comparisons_as_json(store: RunStore, runs: list[RunRecord]) -> dict[str, Any]:
    first, *others = runs
    return {
        "runs": [run_as_json(run) for run in runs],
        "differences": settings_diff(runs),
        "comparisons": [_comparison_as_json(store, other, first) for other in others],
    }


def _comparison_as_json(store: RunStore, run: RunRecord, first: RunRecord) -> dict[str, Any]:
    comparison = store.compare(run.run_id, first.run_id)
    return {
        "run": run.run_id,
        "with": first.run_id,
        "difference": comparison.difference,
        "only_run": comparison.only_first,
        "only_with": comparison.only_second,
        "images": comparison.images,
        "p_value": comparison.p_value,
        "verdict": sentence(comparison.verdict(run.run_id, first.run_id)),
    }


def _label(store: RunStore, arguments: argparse.Namespace) -> None:
    if all(getattr(arguments, name) is None for name in ("name", "colour", "note", "pin")):
        raise RunStoreError("There is nothing to change; say --name, --colour, --note or --pin.")
    run = store.find(arguments.run)
    if arguments.name is not None:
        run = store.rename(run.run_id, arguments.name)
    if arguments.colour is not None:
        run = store.recolour(run.run_id, arguments.colour)
    if arguments.note is not None:
        run = store.note(run.run_id, arguments.note)
    if arguments.pin is not None:
        run = store.pin(run.run_id, is_pinned=arguments.pin)
    _print_runs([run], arguments)


def _delete(store: RunStore, arguments: argparse.Namespace) -> None:
    runs = [store.find(name) for name in arguments.run]
    for run in runs:
        store.delete(run.run_id)
    run_ids = [run.run_id for run in runs]
    names = " ".join(run_ids)
    text = f"Deleted {names}. To undo: mnist-gui runs restore {names}"
    print_result(arguments, {"deleted": run_ids}, text)


def _restore(store: RunStore, arguments: argparse.Namespace) -> None:
    if arguments.run:
        _print_runs([store.restore(run_id) for run_id in arguments.run], arguments)
    else:
        deleted = store.deleted()
        text = "\n".join(deleted) or "No run was deleted."
        print_result(arguments, {"deleted": deleted}, text)


def _export(store: RunStore, arguments: argparse.Namespace) -> None:
    run = store.find(arguments.run)
    export_run(store, run.run_id, arguments.format, arguments.out)
    result = {"run": run.run_id, "format": arguments.format, "out": str(arguments.out)}
    print_result(arguments, result, f"Exported {run.run_id} to {arguments.out}.")


def _print_runs(runs: Sequence[RunRecord], arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps([run_as_json(run) for run in runs]))
    else:
        print_table(runs_table(runs))


_ACTIONS: Mapping[str, Callable[[RunStore, argparse.Namespace], None]] = {
    "list": _list,
    "show": _show,
    "compare": _compare,
    "label": _label,
    "delete": _delete,
    "restore": _restore,
    "export": _export,
}
