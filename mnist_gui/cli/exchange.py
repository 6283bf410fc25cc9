"""`mnist-gui export` and `import`: write and read networks of other programs."""

import argparse
from collections.abc import Iterator

from rich.console import Console

from mnist_gui.cli.parser import DONE, print_result
from mnist_gui.engine.exchange.export import export_network
from mnist_gui.engine.exchange.formats import Exported, ExportPhase
from mnist_gui.engine.exchange.import_weights import import_network
from mnist_gui.engine.models.model_file import save_snapshot

_STAGE_TEXTS = {ExportPhase.WRITING: "Writing", ExportPhase.CHECKING: "Reading back"}


def run_export(arguments: argparse.Namespace) -> int:
    """Run `mnist-gui export`; return the exit status."""
    exported = _export_with_status(export_network(import_network(arguments.model), arguments.out))
    result = {
        "file": str(exported.path),
        "script": str(exported.script),
        "format": exported.format.value,
        "bytes": exported.size,
        "drawings": exported.drawings,
        "largest_difference": exported.largest_difference,
    }
    text = (
        f"Exported to {exported.path}, which {exported.script} reads: on {exported.drawings} "
        f"drawings its probabilities match to within {exported.largest_difference:.1g}."
    )
    print_result(arguments, result, text)
    return DONE


def run_import(arguments: argparse.Namespace) -> int:
    """Run `mnist-gui import`; return the exit status."""
    snapshot = import_network(arguments.file)
    save_snapshot(arguments.out, snapshot)
    network = snapshot.recipe.network
    result = {"file": str(arguments.out), "network": network, "step": snapshot.step}
    print_result(arguments, result, f"Saved to {arguments.out}: a network {network}.")
    return DONE


def _export_with_status(events: Iterator[ExportPhase | Exported]) -> Exported:
    """Show on standard error what is being done; return the result."""
    with Console(stderr=True).status("Writing ...") as status:
        for event in events:
            if isinstance(event, Exported):
                return event
            status.update(f"{_STAGE_TEXTS[event]} ...")
    raise AssertionError("an export ends with its result")
