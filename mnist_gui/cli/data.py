"""`mnist-gui data`: what a data set is like, and what may be wrong with it."""

import argparse
from typing import Any

from mnist_gui.cli.inputs import open_dataset
from mnist_gui.cli.parser import DONE, print_result
from mnist_gui.cli.runs import new_table, table_text
from mnist_gui.engine.architectures import IMAGE_SIDE
from mnist_gui.engine.data.correction import Turn
from mnist_gui.engine.data_report.report import DataReport, describe
from mnist_gui.engine.data_report.sheet import write_sheet
from mnist_gui.engine.errors import DatasetError
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.paths import SHIPPED_NETWORK
from mnist_gui.words.data_report import headings, rows, summary, warnings
from mnist_gui.words.errors import sentence
from mnist_gui.words.language import tr


def run_data(arguments: argparse.Namespace) -> int:
    """Run `mnist-gui data`; return the exit status, 0 also where something may be wrong."""
    dataset = open_dataset(arguments, tells=False)
    report = describe(dataset, load_snapshot(SHIPPED_NETWORK))
    if arguments.sheet:
        write_sheet(arguments.sheet, report.sheet)
    as_json = _as_json(report) | {"fingerprint": dataset.fingerprint}
    print_result(arguments, as_json, _as_text(report, arguments))
    return DONE


def _as_text(report: DataReport, arguments: argparse.Namespace) -> str:
    table = new_table(*headings())
    for row in rows(report):
        table.add_row(*row)
    found = warnings(report)
    parts = [*summary(report), "", table_text(table).rstrip("\n")]
    parts += ["", tr("What may be wrong:"), *(f"- {each}" for each in found)] if found else []
    parts += ["", tr("Nothing seems to be wrong with it.")] if report.seems_right else []
    if options := _mending(report):
        parts.append(
            tr("What mends it, here and in other commands: {options}").format(options=options)
        )
    if arguments.sheet:
        parts.append(tr("Saved to {path}.").format(path=arguments.sheet))
    return "\n".join(parts)


def _mending(report: DataReport) -> str:
    """Return the options that mend the images; no option turns them otherwise than over."""
    correction = report.correction
    options = {
        "--transpose": correction.turn is Turn.TRANSPOSE,
        "--invert": correction.inverts,
        "--brighten": correction.brightens,
    }
    return " ".join(option for option, helps in options.items() if helps)


def _as_json(report: DataReport) -> dict[str, Any]:
    found, copies = report.orientation, report.duplicates
    return {
        "name": report.name,
        "training": report.training,
        "validation": report.validation,
        "test": report.test,
        "shape": [IMAGE_SIDE, IMAGE_SIDE],
        "least": report.least,
        "most": report.most,
        "mean": report.mean,
        "repeated_in_training": copies.in_training,
        "repeated_in_test": copies.in_test,
        "test_in_training": copies.in_both,
        "contradicting_labels": copies.contradicting,
        "share_read": found.as_they_are,
        "share_read_corrected": found.corrected,
        "turn": report.correction.turn.name.lower(),
        "inverts": report.correction.inverts,
        "brightens": report.correction.brightens,
        "notes": list(map(_problem_as_json, report.notes)),
        "warnings": list(map(_problem_as_json, report.warnings)),
    }


def _problem_as_json(problem: DatasetError) -> dict[str, Any]:
    return problem.as_json() | {"text": sentence(problem)}
