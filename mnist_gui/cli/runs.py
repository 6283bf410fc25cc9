"""`mnist-gui runs`: list, show, compare, label, delete, restore and export runs."""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from mnist_gui.cli.inputs import open_run_store
from mnist_gui.cli.parser import DONE, print_problem, print_result
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.runs.export import export_run
from mnist_gui.engine.runs.run import RunInfo, RunRecord, RunStatus, Score, settings_diff
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.words.errors import recorded_sentence, sentence
from mnist_gui.words.language import tr
from mnist_gui.words.numbers import percent
from mnist_gui.words.recipes import device_title, hyperparameter_name

_WIDEST = 200
_PADDING = (0, 2, 0, 0)


def print_table(table: Table) -> None:
    """Print a table at its full width, however narrow the terminal is."""
    print(table_text(table), end="")


def table_text(table: Table) -> str:
    """Return the lines of a table at its full width."""
    wide = Console(width=_WIDEST)
    natural = Measurement.get(wide, wide.options, table).maximum
    console = Console(width=natural)
    # Rich would end the program by itself where the output cannot be written.
    with console.capture() as printed:
        console.print(table)
    return printed.get()


def runs_table(runs: Sequence[RunRecord]) -> Table:
    """Return one row for each run, with a column of names if any run was named or pinned."""
    named = any(run.labels.name or run.labels.is_pinned for run in runs)
    columns = [tr("run"), *([tr("name")] if named else []), tr("status"), tr("steps")]
    table = new_table(*columns, tr("validation"), tr("test (95 % interval)"), tr("tested"))
    for run in runs:
        info = run.info
        name = Text(f"{'* ' if run.labels.is_pinned else ''}{run.name}")
        is_whole = info.step == info.steps
        table.add_row(
            run.run_id,
            *([name] if named else []),
            status_text(run.status),
            f"{info.step:,}" if is_whole else _steps(info),
            accuracy(info.validation),
            accuracy_and_interval(info.test),
            _times(info.test_reads),
        )
    return table


def differences_table(runs: Sequence[RunRecord]) -> Table:
    """Return a column for each run, with the settings in which they differ and their accuracies."""
    table = new_table("", *(run.run_id for run in runs))
    for name, values in settings_diff(runs).items():
        table.add_row(hyperparameter_name(name), *(Text(f"{value}") for value in values))
    table.add_section()
    table.add_row(tr("validation"), *(accuracy_and_interval(run.info.validation) for run in runs))
    table.add_row(tr("test"), *(accuracy_and_interval(run.info.test) for run in runs))
    table.add_row(tr("test set used"), *(_times(run.info.test_reads) for run in runs))
    return table


def info_table(run: RunRecord) -> Table:
    """Return all that is known of a run, one value in each row."""
    info = run.info
    table = Table(box=None, show_header=False, padding=_PADDING)
    for name, value in _info_rows(run):
        if value:
            table.add_row(name, Text(value))
    for name in info.recipe.__slots__:
        value = getattr(info.recipe, name)
        title = tr("recipe") if name == "name" else hyperparameter_name(name)
        table.add_row(title, Text(f"{value}"))
    return table


def _info_rows(run: RunRecord) -> Iterator[tuple[str, str]]:
    info = run.info
    yield tr("run"), run.run_id
    yield tr("name"), run.name
    yield tr("note"), run.labels.note
    yield tr("status"), status_text(run.status)
    yield tr("reason"), recorded_sentence(info.reason)
    yield (
        tr("steps"),
        tr("{steps}, {seconds:.1f} s of training").format(steps=_steps(info), seconds=info.seconds),
    )
    yield tr("started"), f"{info.started.astimezone():%Y-%m-%d %H:%M:%S}"
    yield tr("ended"), f"{info.ended.astimezone():%Y-%m-%d %H:%M:%S}" if info.ended else ""
    yield tr("validation"), _score_as_text(info.validation)
    yield tr("best validation"), _score_as_text(info.best_validation)
    yield tr("test"), _score_as_text(info.test)
    yield tr("test set used"), _times(info.test_reads)
    data = tr("{name}: {train:,} training, {validation:,} validation, {test:,} test images")
    yield (
        tr("data"),
        data.format(
            name=info.data.name,
            train=info.data.train,
            validation=info.data.validation,
            test=info.data.test,
        ),
    )
    yield tr("device"), f"{device_title(info.device)}, {info.precision}" if info.device else ""
    versions = info.versions
    yield (
        tr("versions"),
        f"mnist-gui {versions.program}, Python {versions.python}, TensorFlow "
        f"{versions.tensorflow}, Keras {versions.keras}, NumPy {versions.numpy}",
    )


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


def status_text(status: RunStatus) -> str:
    """Return whether a run goes on or how it ended, in words."""
    match status:
        case RunStatus.RUNNING:
            return tr("running")
        case RunStatus.COMPLETED:
            return tr("completed")
        case RunStatus.STOPPED:
            return tr("stopped")
        case RunStatus.FAILED:
            return tr("failed")
        case RunStatus.INTERRUPTED:
            return tr("interrupted")


def accuracy(score: Score | None) -> str:
    """Return an accuracy in per cent, or nothing if there is none."""
    return percent(score.accuracy) if score else ""


def accuracy_and_interval(score: Score | None) -> str:
    """Return an accuracy in per cent and its 95 % interval."""
    if score is None:
        return ""
    low, high = score.interval
    text = tr("{share} ({low} to {high})")
    return text.format(share=percent(score.accuracy), low=percent(low), high=percent(high))


def _times(count: int) -> str:
    words = {0: tr("never"), 1: tr("once"), 2: tr("twice")}
    return words.get(count) or tr("{count:,} times").format(count=count)


def _steps(info: RunInfo) -> str:
    return tr("{step:,} of {steps:,}").format(step=info.step, steps=info.steps)


def _score_as_text(score: Score | None) -> str:
    if score is None:
        return ""
    return tr("{accuracy} on {images:,} images after {steps:,} steps").format(
        accuracy=accuracy_and_interval(score), images=score.total, steps=score.step
    )


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
        print(tr("There are no runs in {folder}.").format(folder=store.folder))


def _show(store: RunStore, arguments: argparse.Namespace) -> None:
    run = store.find(arguments.run)
    if arguments.json:
        print(json.dumps(run_as_json(run)))
    else:
        print_table(info_table(run))


def _compare(store: RunStore, arguments: argparse.Namespace) -> None:
    runs = [store.find(name) for name in arguments.run]
    if len({run.run_id for run in runs}) < max(2, len(runs)):
        text = tr("Comparing needs at least two different runs, each named once.")
        raise RunStoreError(text)
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
        text = tr("There is nothing to change; say --name, --colour, --note or --pin.")
        raise RunStoreError(text)
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
    text = tr("Deleted {names}. To undo: mnist-gui runs restore {names}").format(names=names)
    print_result(arguments, {"deleted": run_ids}, text)


def _restore(store: RunStore, arguments: argparse.Namespace) -> None:
    if arguments.run:
        _print_runs([store.restore(run_id) for run_id in arguments.run], arguments)
    else:
        deleted = store.deleted()
        text = "\n".join(deleted) or tr("No run was deleted.")
        print_result(arguments, {"deleted": deleted}, text)


def _export(store: RunStore, arguments: argparse.Namespace) -> None:
    run = store.find(arguments.run)
    export_run(store, run.run_id, arguments.format, arguments.out)
    result = {"run": run.run_id, "format": arguments.format, "out": str(arguments.out)}
    text = tr("Exported {run} to {path}.").format(run=run.run_id, path=arguments.out)
    print_result(arguments, result, text)


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
