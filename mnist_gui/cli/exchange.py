"""`mnist-gui export` and `import`: write and read networks of other programs."""

import argparse
from collections.abc import Iterator

from rich.console import Console

from mnist_gui.cli.inputs import open_dataset
from mnist_gui.cli.parser import DONE, print_result
from mnist_gui.engine.exchange.export import export_network
from mnist_gui.engine.exchange.formats import Exported, ExportPhase
from mnist_gui.engine.exchange.recognition import open_network
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.words.imports import report, warning
from mnist_gui.words.language import in_sequence, tr


def run_export(arguments: argparse.Namespace) -> int:
    """Run `mnist-gui export`; return the exit status."""
    exported = _export_with_status(export_network(open_network(arguments.model)[0], arguments.out))
    result = {
        "file": str(exported.path),
        "script": str(exported.script),
        "format": exported.format.value,
        "bytes": exported.size,
        "drawings": exported.drawings,
        "largest_difference": exported.largest_difference,
    }
    text = tr(
        "Exported to {path}, which {script} reads: on {drawings} drawings its probabilities "
        "match to within {difference:.1g}."
    )
    text = text.format(
        path=exported.path,
        script=exported.script,
        drawings=exported.drawings,
        difference=exported.largest_difference,
    )
    print_result(arguments, result, text)
    return DONE


def run_import(arguments: argparse.Namespace) -> int:
    """Run `mnist-gui import`; return the exit status."""
    data = open_dataset(arguments)
    snapshot, found = open_network(arguments.file, data, arguments.images)
    save_snapshot(arguments.out, snapshot)
    network = snapshot.recipe.network
    result: dict[str, object] = {
        "file": str(arguments.out),
        "network": network,
        "step": snapshot.step,
    }
    text = tr("Saved to {path}: a network {network}.").format(path=arguments.out, network=network)
    if found is not None:
        result |= {
            "images": found.convention.name,
            "data": found.data,
            "validated": found.images,
            "accuracy": found.accuracy,
            "as_read": found.as_read,
            "warning": warning(found),
        }
        text = in_sequence([text, report(found)])
    print_result(arguments, result, text)
    return DONE


def _export_with_status(events: Iterator[ExportPhase | Exported]) -> Exported:
    """Show on standard error what is being done; return the result."""
    texts = {ExportPhase.WRITING: tr("Writing ..."), ExportPhase.CHECKING: tr("Reading back ...")}
    with Console(stderr=True).status(texts[ExportPhase.WRITING]) as status:
        for event in events:
            if isinstance(event, Exported):
                return event
            status.update(texts[event])
    raise AssertionError("an export ends with its result")
