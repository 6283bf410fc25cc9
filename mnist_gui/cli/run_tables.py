"""Tables of runs for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from mnist_gui.cli.messages import percent
from mnist_gui.engine.runs.compare import differing_settings
from mnist_gui.engine.runs.run import RunRecord, Score

_WIDEST = 200


def print_table(table: Table) -> None:
    """Print a table to standard output, as wide as it is: a narrow terminal wraps whole lines."""
    wide = Console(width=_WIDEST)
    natural = Measurement.get(wide, wide.options, table).maximum
    Console(width=natural).print(table)


def runs_table(runs: Sequence[RunRecord]) -> Table:
    """Return one row for each run; names only where there are some beside the recipes'."""
    named = any(run.labels.name or run.labels.is_pinned for run in runs)
    columns = ("run", *(["name"] if named else []), "status", "steps", "validation")
    table = _table(*columns, "test (95 % interval)", "tested")
    for run in runs:
        table.add_row(run.identity, *([_name(run)] if named else []), *_cells(run))
    return table


def _name(run: RunRecord) -> Text:
    return Text(f"{'* ' if run.labels.is_pinned else ''}{run.name}")


def _cells(run: RunRecord) -> tuple[str, ...]:
    facts = run.facts
    is_whole = facts.step == facts.steps
    return (
        run.status.value,
        f"{facts.step:,}" if is_whole else f"{facts.step:,} of {facts.steps:,}",
        share(facts.validation),
        share_and_interval(facts.test),
        times(facts.test_reads),
    )


def differences_table(runs: Sequence[RunRecord]) -> Table:
    """Return a column for each run, with what they were told differently and what they reached."""
    table = _table("", *(run.identity for run in runs))
    for name, values in differing_settings(runs).items():
        table.add_row(name.replace("_", " "), *(Text(f"{value}") for value in values))
    table.add_section()
    table.add_row("validation", *(share_and_interval(run.facts.validation) for run in runs))
    table.add_row("test", *(share_and_interval(run.facts.test) for run in runs))
    table.add_row("test images read", *(times(run.facts.test_reads) for run in runs))
    return table


def facts_table(run: RunRecord) -> Table:
    """Return all that is known of a run, one thing a row."""
    facts, labels = run.facts, run.labels
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    rows = {
        "run": run.identity,
        "name": run.name,
        "note": labels.note,
        "status": run.status.value,
        "reason": facts.reason,
        "steps": f"{facts.step:,} of {facts.steps:,}, {facts.seconds:.1f} s of training",
        "started": f"{facts.started.astimezone():%Y-%m-%d %H:%M:%S}",
        "ended": f"{facts.ended.astimezone():%Y-%m-%d %H:%M:%S}" if facts.ended else "",
        "validation": _score_in_words(facts.validation),
        "best validation": _score_in_words(facts.best_validation),
        "test": _score_in_words(facts.test),
        "test images read": times(facts.test_reads),
        "data": f"{facts.data.name}: {facts.data.train:,} training, "
        f"{facts.data.validation:,} validation, {facts.data.test:,} test images",
        "device": f"{facts.device}, {facts.precision}" if facts.device else "",
        "versions": f"mnist-gui {facts.versions.program}, Python {facts.versions.python}, "
        f"TensorFlow {facts.versions.tensorflow}, Keras {facts.versions.keras}, "
        f"NumPy {facts.versions.numpy}",
    }
    for name, value in rows.items():
        if value:
            table.add_row(name, Text(value))
    for name in facts.recipe.__slots__:
        table.add_row(name.replace("_", " "), Text(f"{getattr(facts.recipe, name)}"))
    return table


def share(score: Score | None) -> str:
    """Return an accuracy in per cent."""
    return percent(score.accuracy) if score else ""


def share_and_interval(score: Score | None) -> str:
    """Return an accuracy in per cent and its 95 % interval."""
    if score is None:
        return ""
    low, high = score.interval
    return f"{percent(score.accuracy)} ({percent(low)} to {percent(high)})"


def times(count: int) -> str:
    """Return how often something happened."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _score_in_words(score: Score | None) -> str:
    if score is None:
        return ""
    return f"{share_and_interval(score)} on {score.total:,} images after {score.step:,} steps"


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
