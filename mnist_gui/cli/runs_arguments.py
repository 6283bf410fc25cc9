"""What can be typed after `mnist-gui runs` and `mnist-gui sweep`."""

import argparse
from pathlib import Path

from mnist_gui.cli.common_arguments import (
    Commands,
    Parser,
    add_data,
    add_device,
    add_json,
    add_runs_folder,
)
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.exporting import FORMATS
from mnist_gui.engine.runs.labels import COLOURS

_RUN = 'a run, by its beginning, its name or as "last"'


def add_runs(commands: "Commands[Parser]") -> None:
    """Add what is done with runs that are kept."""
    runs = commands.add_parser("runs", help="runs that are kept", description="Runs that are kept.")
    actions = runs.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    _action(actions, "list", "list all runs, the latest first")
    _action(actions, "show", "all that is known of a run").add_argument(
        "run", metavar="RUN", help=_RUN
    )
    compare = _action(actions, "compare", "compare runs with the first of them")
    compare.add_argument("run", metavar="RUN", nargs="+", help=_RUN)
    _add_label(actions)
    delete = _action(actions, "delete", "delete runs; the last twenty can be restored")
    delete.add_argument("run", metavar="RUN", nargs="+", help=_RUN)
    restore = _action(actions, "restore", "bring back runs that were deleted")
    restore.add_argument("run", metavar="RUN", nargs="*", help="identities; without, list them")
    export = _action(actions, "export", "write a run for other programs")
    export.add_argument("run", metavar="RUN", help=_RUN)
    export.add_argument("--format", choices=FORMATS, default=FORMATS[0])
    export.add_argument("--out", type=Path, required=True, metavar="PATH", help="what to write")


def _add_label(actions: "Commands[Parser]") -> None:
    label = _action(actions, "label", "name, colour, pin or annotate a run")
    label.add_argument("run", metavar="RUN", help=_RUN)
    label.add_argument("--name", help='"" for its recipe\'s')
    label.add_argument("--colour", choices=COLOURS)
    label.add_argument("--note")
    label.add_argument("--pin", action=argparse.BooleanOptionalAction)


def _action(actions: "Commands[Parser]", name: str, help_text: str) -> Parser:
    parser = actions.add_parser(name, help=help_text, description=f"{help_text.capitalize()}.")
    add_runs_folder(parser)
    add_json(parser)
    return parser


def add_sweep(commands: "Commands[Parser]") -> None:
    """Add the search over values of a recipe."""
    sweep = commands.add_parser(
        "sweep",
        help="train with many values of a recipe",
        description="Train one run after another with values of a recipe. What was trained before "
        "is not trained again, so that a sweep that was stopped goes on.",
    )
    sweep.add_argument("--recipe", required=True, metavar="NAME", help=", ".join(RECIPES))
    sweep.add_argument(
        "--grid",
        nargs="+",
        required=True,
        metavar="NAME=VALUES",
        help="learning_rate=0.1,0.5 batch_size=50,100 ...; with --random also learning_rate=0.1..1",
    )
    sweep.add_argument(
        "--random", type=int, metavar="N", help="train N combinations drawn from these values"
    )
    sweep.add_argument("--seed", type=int, metavar="S", help="of the runs, and of what is drawn")
    sweep.add_argument("--steps", type=int, metavar="N", help="batches to train each run on")
    add_device(sweep)
    add_data(sweep)
    add_runs_folder(sweep)
    add_json(sweep)
