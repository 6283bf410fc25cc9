"""`mnist-gui export` and `import`: write and read networks of other programs."""

import argparse
import json
from collections.abc import Iterator

from rich.console import Console

from mnist_gui.cli.parser import DONE
from mnist_gui.engine.exchange.export import export_network
from mnist_gui.engine.exchange.formats import Exported, ExportPhase
from mnist_gui.engine.exchange.import_weights import import_network
from mnist_gui.engine.models.model_file import save_snapshot

_STAGE_TEXTS = {ExportPhase.WRITING: "Writing", ExportPhase.CHECKING: "Reading back"}


def run_export(arguments: argparse.Namespace) -> int:
    """Run `mnist-gui export`; return the exit status."""
    exported = _export_with_status(export_network(import_network(arguments.model), arguments.out))
    if arguments.json:
        print(json.dumps(_result_as_json(exported)))
        return DONE
    print(
        f"Exported to {exported.path}, which {exported.script} reads: on {exported.drawings} "
        f"drawings its probabilities match to within {exported.largest_difference:.1g}."
    )
    return DONE


def run_import(arguments: argparse.Namespace) -> int:
    """Run `mnist-gui import`; return the exit status."""
    snapshot = import_network(arguments.file)
    save_snapshot(arguments.out, snapshot)
    if arguments.json:
        network = snapshot.recipe.network
        print(json.dumps({"file": str(arguments.out), "network": network, "step": snapshot.step}))
    else:
        print(f"Saved to {arguments.out}: a network {snapshot.recipe.network}.")
    return DONE


def _export_with_status(events: Iterator[ExportPhase | Exported]) -> Exported:
    """Show on standard error what is being done; return the result."""
    with Console(stderr=True).status("Writing ...") as status:
        for event in events:
            if isinstance(event, Exported):
                return event
            status.update(f"{_STAGE_TEXTS[event]} ...")
    raise AssertionError("an export ends with its result")


def _result_as_json(exported: Exported) -> dict[str, object]:
    return {
        "file": str(exported.path),
        "script": str(exported.script),
        "format": exported.format.value,
        "bytes": exported.size,
        "drawings": exported.drawings,
        "largest_difference": exported.largest_difference,
    }
