"""`mnist-gui runs`: what is done with runs that are kept."""

import argparse
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from mnist_gui.cli.exit_status import DONE
from mnist_gui.cli.messages import tell
from mnist_gui.cli.run_ledger import open_ledger
from mnist_gui.cli.run_tables import differences_table, facts_table, print_table, runs_table
from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.runs.compare import differing_settings
from mnist_gui.engine.runs.export import export_run
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.engine.runs.run_folder import run_as_json
from mnist_gui.engine.runs.store import RunLedger


def run_runs(arguments: argparse.Namespace) -> int:
    """Do with the runs what the arguments say; return the exit status."""
    _ACTIONS[arguments.action](open_ledger(arguments), arguments)
    return DONE


def _list(ledger: RunLedger, arguments: argparse.Namespace) -> None:
    found = ledger.runs()
    for unreadable in found.unreadable:
        tell(unreadable.problem)
    if arguments.json:
        _print_json([run_as_json(run) for run in found.runs])
    elif found.runs:
        print_table(runs_table(found.runs))
    else:
        print(f"There are no runs in {ledger.folder}.")


def _show(ledger: RunLedger, arguments: argparse.Namespace) -> None:
    run = ledger.find(arguments.run)
    if arguments.json:
        _print_json(run_as_json(run))
    else:
        print_table(facts_table(run))


def _compare(ledger: RunLedger, arguments: argparse.Namespace) -> None:
    runs = [ledger.find(words) for words in arguments.run]
    if len({run.identity for run in runs}) < max(2, len(runs)):
        raise RunRecordError("Comparing needs at least two different runs, each named once.")
    if arguments.json:
        _print_json(_comparison(ledger, runs))
        return
    print_table(differences_table(runs))
    first, *others = runs
    for other in others:
        verdict = ledger.compare(other.identity, first.identity).verdict
        print(f"{other.identity}, compared with {first.identity}: {verdict}.")


def _comparison(ledger: RunLedger, runs: list[RunRecord]) -> dict[str, Any]:
    first, *others = runs
    return {
        "runs": [run_as_json(run) for run in runs],
        "differences": differing_settings(runs),
        "comparisons": [_compared(ledger, other, first) for other in others],
    }


def _compared(ledger: RunLedger, run: RunRecord, first: RunRecord) -> dict[str, Any]:
    comparison = ledger.compare(run.identity, first.identity)
    return {
        "run": run.identity,
        "with": first.identity,
        "difference": comparison.difference,
        "only_run": comparison.only_first,
        "only_with": comparison.only_second,
        "images": comparison.images,
        "p_value": comparison.p_value,
        "verdict": comparison.verdict,
    }


def _label(ledger: RunLedger, arguments: argparse.Namespace) -> None:
    if all(getattr(arguments, name) is None for name in ("name", "colour", "note", "pin")):
        raise RunRecordError("There is nothing to change; say --name, --colour, --note or --pin.")
    run = ledger.find(arguments.run)
    if arguments.name is not None:
        run = ledger.rename(run.identity, arguments.name)
    if arguments.colour is not None:
        run = ledger.recolour(run.identity, arguments.colour)
    if arguments.note is not None:
        run = ledger.note(run.identity, arguments.note)
    if arguments.pin is not None:
        run = ledger.pin(run.identity, is_pinned=arguments.pin)
    _print_runs([run], arguments)


def _delete(ledger: RunLedger, arguments: argparse.Namespace) -> None:
    runs = [ledger.find(words) for words in arguments.run]
    for run in runs:
        ledger.delete(run.identity)
    identities = [run.identity for run in runs]
    if arguments.json:
        _print_json({"deleted": identities})
    else:
        names = " ".join(identities)
        print(f"Deleted {names}. To undo: mnist-gui runs restore {names}")


def _restore(ledger: RunLedger, arguments: argparse.Namespace) -> None:
    if arguments.run:
        _print_runs([ledger.restore(identity) for identity in arguments.run], arguments)
    elif arguments.json:
        _print_json({"deleted": ledger.deleted()})
    else:
        print("\n".join(ledger.deleted()) or "No run was deleted.")


def _export(ledger: RunLedger, arguments: argparse.Namespace) -> None:
    run = ledger.find(arguments.run)
    export_run(ledger, run.identity, arguments.format, arguments.out)
    if arguments.json:
        _print_json({"run": run.identity, "format": arguments.format, "out": str(arguments.out)})
    else:
        print(f"Exported {run.identity} to {arguments.out}.")


def _print_runs(runs: list[RunRecord], arguments: argparse.Namespace) -> None:
    if arguments.json:
        _print_json([run_as_json(run) for run in runs])
    else:
        print_table(runs_table(runs))


def _print_json(value: Any) -> None:
    print(json.dumps(value))


_ACTIONS: Mapping[str, Callable[[RunLedger, argparse.Namespace], None]] = MappingProxyType(
    {
        "list": _list,
        "show": _show,
        "compare": _compare,
        "label": _label,
        "delete": _delete,
        "restore": _restore,
        "export": _export,
    }
)
