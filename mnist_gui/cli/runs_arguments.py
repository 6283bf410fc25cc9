"""What can be typed after `mnist-gui runs` and `mnist-gui sweep`."""

import argparse
from pathlib import Path

from mnist_gui.cli.common_arguments import add_data, add_device, add_json, add_runs_folder
from mnist_gui.cli.parser import Commands, Parser, whole_number
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.runs.export import FORMATS
from mnist_gui.engine.runs.run import COLOURS

_RUN = 'run ID (or its first characters), name, or "last"'


def add_runs(commands: "Commands[Parser]") -> None:
    """Add what is done with runs that are kept."""
    runs = commands.add_parser(
        "runs",
        help="list, compare, label, delete and export kept runs",
        description="Work with the runs that are kept.",
        example="mnist-gui runs list",
    )
    actions = runs.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    _action(actions, "list", "list all runs, the latest first", "list --json")
    _add_run(_action(actions, "show", "show all that is known of a run", "show last"))
    compare = _action(
        actions, "compare", "compare runs with the first of them", "compare mine last"
    )
    _add_run(compare, nargs="+")
    _add_label(actions)
    delete = _action(
        actions, "delete", "delete runs; the last twenty can be restored", "delete 20260131-12"
    )
    _add_run(delete, nargs="+")
    restore = _action(actions, "restore", "bring back runs that were deleted", "restore")
    restore.add_argument("run", metavar="RUN", nargs="*", help="run IDs; omit to list deleted runs")
    _add_export(actions)


def _add_label(actions: "Commands[Parser]") -> None:
    label = _action(
        actions,
        "label",
        "name, colour, pin or annotate a run",
        'label last --name "no dropout" --pin',
    )
    _add_run(label)
    label.add_argument("--name", metavar="TEXT", help='new name ("" resets to the recipe\'s name)')
    label.add_argument(
        "--colour", choices=COLOURS, metavar="NAME", help=f'{", ".join(COLOURS[1:])}; "" for none'
    )
    label.add_argument("--note", metavar="TEXT", help='new note, in place of the old ("" for none)')
    label.add_argument(
        "--pin",
        action=argparse.BooleanOptionalAction,
        help="keep the run on top of the window's table, or no longer",
    )


def _add_export(actions: "Commands[Parser]") -> None:
    export = _action(
        actions,
        "export",
        "write a run for other programs",
        "export last --format csv --out curves.csv",
    )
    _add_run(export)
    export.add_argument(
        "--format",
        choices=FORMATS,
        default=FORMATS[0],
        metavar="NAME",
        help="folder: all of the run's files; network: its last weights (.mnistgui); best-network: "
        "those that read most validation images correctly; csv: its curves; tensorboard: event "
        "files, which need the extra of that name (default: %(default)s)",
    )
    export.add_argument(
        "--out", type=Path, required=True, metavar="PATH", help="file or new folder to write"
    )


def _action(actions: "Commands[Parser]", name: str, help_text: str, example: str) -> Parser:
    description = f"{help_text[:1].upper()}{help_text[1:]}."
    parser = actions.add_parser(
        name, help=help_text, description=description, example=f"mnist-gui runs {example}"
    )
    add_runs_folder(parser)
    add_json(parser)
    return parser


def _add_run(parser: Parser, nargs: str | None = None) -> None:
    parser.add_argument("run", metavar="RUN", nargs=nargs, help=_RUN)


def add_sweep(commands: "Commands[Parser]") -> None:
    """Add the search over values of a recipe."""
    sweep = commands.add_parser(
        "sweep",
        help="train with many values of a recipe",
        description="Train one run after another with values of a recipe. What was trained before "
        "is not trained again, so that a sweep that was stopped goes on. The runs are ranked by "
        "the validation images.",
        example="mnist-gui sweep --recipe cnn-fast --grid batch_size=64,128 dropout=0,0.2",
    )
    what = sweep.add_argument_group("what to train")
    what.add_argument("--recipe", required=True, metavar="NAME", help=", ".join(RECIPES))
    what.add_argument(
        "--grid",
        nargs="+",
        required=True,
        metavar="NAME=VALUES",
        help="learning_rate=0.1,0.5 batch_size=50,100 ...; with --random also learning_rate=0.1..1",
    )
    what.add_argument(
        "--random",
        type=whole_number,
        metavar="N",
        help="train N combinations drawn from these values (default: all of them)",
    )
    what.add_argument(
        "--seed",
        type=whole_number,
        metavar="S",
        help="random seed of each run and of the draw (default: the recipe's)",
    )
    what.add_argument(
        "--steps",
        type=whole_number,
        metavar="N",
        help="batches to train each run on (default: the recipe's)",
    )
    where = sweep.add_argument_group("where")
    add_data(where)
    add_device(where)
    add_runs_folder(where)
    add_json(sweep)
