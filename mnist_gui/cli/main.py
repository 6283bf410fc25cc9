"""The command line: all commands with their arguments, and which function runs each."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mnist_gui import __version__
from mnist_gui.cli.parser import (
    DONE,
    FAILED,
    INTERRUPTED,
    OPTIONS,
    Commands,
    Parser,
    add_value,
    print_problem,
    whole_number,
)
from mnist_gui.engine.errors import log_exception
from mnist_gui.engine.recipe import AUTOMATIC, DEFAULT_RECIPE, RECIPES
from mnist_gui.engine.runs.run import COLOURS
from mnist_gui.engine.runs.store import FORMATS


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; without a command, `command` is None.

    If it is wrong, print one sentence on standard error and exit with status 2.
    """
    parser = Parser(
        prog="mnist-gui",
        description="Train a network on MNIST, watch it learn, draw digits and see what it "
        "predicts. Without a command, opens the window. 'mnist-gui COMMAND --help' describes a "
        "command.",
        example="mnist-gui train --recipe cnn-fast --out fast.mnistgui",
    )
    version = f"mnist-gui {__version__}"
    parser.add_argument(
        "--version", action="version", version=version, help="show the version and exit"
    )
    _add_window(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    _add_train(commands)
    _add_resume(commands)
    _add_personalize(commands)
    _add_evaluate(commands)
    _add_classify(commands)
    _add_export(commands)
    _add_import(commands)
    _add_runs(commands)
    _add_sweep(commands)
    words = sys.argv[1:] if arguments is None else arguments
    found = parser.parse_args(words)
    if found.command is None and found.page is not None and not found.screenshot:
        parser.error("--page goes with --screenshot; name a FILE for the picture")
    if found.command and words[0].startswith("-"):
        # Otherwise the command's own options would silently override these.
        option = words[0].partition("=")[0]
        parser.error(
            f"{option} before {found.command} would be for the window; "
            "leave it out, or put it at the end if the command takes it"
        )
    return found


def _add_window(parser: Parser) -> None:
    window = parser.add_argument_group("the window, without a command")
    window.add_argument(
        "--recipe",
        metavar="NAME",
        help=f"recipe selected at first: {', '.join(RECIPES)} (default: the last one used, or "
        f"{DEFAULT_RECIPE})",
    )
    _add_data(window)
    _add_runs_folder(window)
    _add_path(
        window,
        "--screenshot",
        "open the window, train, draw a digit, save a screenshot (PNG) and exit",
    )
    window.add_argument(
        "--page", type=whole_number, metavar="N", help="with --screenshot: the page shown, from 1"
    )


def _add_train(commands: "Commands[Parser]") -> None:
    train = _add_command(
        commands,
        "train",
        help="train a network",
        description="Train a network. Ctrl-C stops a run and saves what it has learnt; 'mnist-gui "
        "resume' trains it to the end.",
        example="mnist-gui train --recipe cnn-fast --seed 3 --out fast.mnistgui",
    )
    _add_recipe(train)
    values = train.add_argument_group("values that replace those of the recipe")
    for name in OPTIONS:
        add_value(values, name)
    where = _add_where(train)
    _add_runs_folder(where)
    where.add_argument("--no-record", action="store_true", help="do not save the run")
    _add_out(where)


def _add_resume(commands: "Commands[Parser]") -> None:
    resume = _add_command(
        commands,
        "resume",
        help="resume a saved run",
        description="Resume a run that was stopped or interrupted; the result has the same bits as "
        "without the break. Or give a completed run more steps.",
        example="mnist-gui resume last --steps 30000",
    )
    _add_run(resume)
    values = resume.add_argument_group("values that can change")
    add_value(values, "steps", "batches to train on in all; a completed run needs more than it had")
    add_value(values, "learning_rate")
    where = _add_where(resume)
    _add_runs_folder(where)
    _add_out(where)


def _add_personalize(commands: "Commands[Parser]") -> None:
    personalize = _add_command(
        commands,
        "personalize",
        help="fine-tune a network on your drawings",
        description="Fine-tune a network on your drawings. This is not saved as a run, and Ctrl-C "
        "ends it without a result.",
        example="mnist-gui personalize --from a.mnistgui --drawings my.jsonl --out b.mnistgui",
    )
    _add_path(
        personalize,
        "--from",
        "the network to fine-tune",
        dest="base",
        required=True,
        metavar="MODEL",
    )
    _add_path(personalize, "--drawings", "your drawings (.jsonl)", required=True)
    add_value(personalize, "seed")
    _add_out(_add_where(personalize))


def _add_evaluate(commands: "Commands[Parser]") -> None:
    evaluate = _add_command(
        commands,
        "evaluate",
        help="test a network",
        description="Measure the accuracy of a saved network, with its 95 % interval, on the test "
        "images and, if given, on drawings.",
        example="mnist-gui evaluate --model cnn.mnistgui --drawings drawings.jsonl",
    )
    _add_network(evaluate)
    images = evaluate.add_argument_group("what to test it on")
    _add_data(images)
    _add_path(
        images,
        "--drawings",
        'labelled drawings, one a line: {"strokes": [[[x, y], ...], ...], "label": 7}',
    )


def _add_classify(commands: "Commands[Parser]") -> None:
    classify = _add_command(
        commands,
        "classify",
        help="classify drawings and pictures",
        description="Print the digits in drawings and pictures, with their probabilities.",
        example="mnist-gui classify photo.jpg drawings.jsonl",
    )
    _add_path(
        classify,
        "inputs",
        "drawings (.json, .jsonl) or pictures (PNG, JPEG, BMP, GIF, WebP)",
        nargs="+",
        metavar="INPUT",
    )
    _add_network(classify)


def _add_export(commands: "Commands[Parser]") -> None:
    export = _add_command(
        commands,
        "export",
        help="write a network for other programs",
        description="Write a network for other programs and check that the file gives the same "
        "probabilities. Puts predict.py beside it, which classifies drawings with it.",
        example="mnist-gui export --model cnn.mnistgui --out cnn.tflite",
    )
    _add_path(export, "--model", "a .mnistgui file", required=True)
    _add_path(export, "--out", "ends in .keras, .tflite or .npz", required=True)


def _add_import(commands: "Commands[Parser]") -> None:
    command = _add_command(
        commands,
        "import",
        help="import weights from other programs",
        description="Read the weights in a file of another program, without executing anything in "
        "it, and save them as a network of this program.",
        example="mnist-gui import theirs.keras --out mine.mnistgui",
    )
    _add_path(command, "file", ".keras, .h5 or .npz")
    _add_out(command, required=True)


def _add_runs(commands: "Commands[Parser]") -> None:
    runs = commands.add_parser(
        "runs",
        help="list, compare, label, delete and export saved runs",
        description="Work with saved runs.",
        example="mnist-gui runs list",
    )
    actions = runs.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    _add_action(actions, "list", "list all runs, the latest first", "list --json")
    _add_run(_add_action(actions, "show", "show all that is known of a run", "show last"))
    compare = _add_action(
        actions, "compare", "compare runs with the first one", "compare mine last"
    )
    _add_run(compare, nargs="+")
    _add_label(actions)
    delete = _add_action(
        actions, "delete", "delete runs; the last twenty can be restored", "delete 20260131-12"
    )
    _add_run(delete, nargs="+")
    restore = _add_action(actions, "restore", "restore deleted runs", "restore")
    restore.add_argument("run", metavar="RUN", nargs="*", help="run IDs; omit to list deleted runs")
    _add_run_export(actions)


def _add_label(actions: "Commands[Parser]") -> None:
    label = _add_action(
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
    label.add_argument("--note", metavar="TEXT", help='new note, replaces the old ("" for none)')
    label.add_argument(
        "--pin",
        action=argparse.BooleanOptionalAction,
        help="keep the run at the top of the window's table, or stop doing so",
    )


def _add_run_export(actions: "Commands[Parser]") -> None:
    export = _add_action(
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
        "those with the best validation accuracy; csv: its curves; tensorboard: event files, "
        "which need the extra of that name (default: %(default)s)",
    )
    _add_path(export, "--out", "file or new folder to write", required=True, metavar="PATH")


def _add_sweep(commands: "Commands[Parser]") -> None:
    sweep = _add_command(
        commands,
        "sweep",
        help="train with many values of a recipe",
        description="Train a run for each combination of values, one after the other. Combinations "
        "that were trained before are left out, so type the same command again to resume a sweep. "
        "The runs are ranked by their validation accuracy.",
        example="mnist-gui sweep --recipe cnn-fast --grid batch_size=64,128 dropout=0,0.2",
    )
    what = sweep.add_argument_group("what to train")
    _add_recipe(what)
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
        help="train N random combinations of these values (default: all combinations)",
    )
    add_value(what, "seed", "random seed of the choice and of each run (default: the recipe's)")
    add_value(what, "steps", "batches to train each run on (default: the recipe's)")
    _add_runs_folder(_add_where(sweep))


def _add_command(commands: "Commands[Parser]", name: str, **texts: Any) -> Parser:
    parser = commands.add_parser(name, **texts)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _add_action(actions: "Commands[Parser]", name: str, help_text: str, example: str) -> Parser:
    description = f"{help_text[:1].upper()}{help_text[1:]}."
    example = f"mnist-gui runs {example}"
    parser = _add_command(actions, name, help=help_text, description=description, example=example)
    _add_runs_folder(parser)
    return parser


def _add_where(parser: Parser) -> argparse._ActionsContainer:
    where = parser.add_argument_group("where")
    _add_data(where)
    where.add_argument(
        "--device",
        default=AUTOMATIC,
        metavar="NAME",
        help='what to compute on: CPU, "GPU 0", ... (default: a GPU if there is one)',
    )
    return where


def _add_data(parser: argparse._ActionsContainer) -> None:
    help_text = "a data set in MNIST's format (default: MNIST)"
    _add_path(parser, "--data", help_text, metavar="DIR")


def _add_runs_folder(parser: argparse._ActionsContainer) -> None:
    help_text = "folder of the runs (default: as chosen in the window, else your data folder)"
    _add_path(parser, "--runs", help_text, metavar="DIR")


def _add_network(parser: Parser) -> None:
    group = parser.add_argument_group("the network (default: the one shipped with the program)")
    network = group.add_mutually_exclusive_group()
    _add_path(network, "--model", "a .mnistgui file")
    network.add_argument("--run", metavar="RUN", help='that of a saved run; "last": the latest')
    _add_runs_folder(group)


def _add_recipe(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--recipe", required=True, metavar="NAME", help=", ".join(RECIPES))


def _add_run(parser: Parser, nargs: str | None = None) -> None:
    help_text = 'run ID (or its first characters), name, or "last"'
    parser.add_argument("run", metavar="RUN", nargs=nargs, help=help_text)


def _add_out(parser: argparse._ActionsContainer, *, required: bool = False) -> None:
    _add_path(parser, "--out", "save the network (.mnistgui)", required=required)


def _add_path(
    parser: argparse._ActionsContainer, name: str, help_text: str, **options: Any
) -> None:
    parser.add_argument(name, type=Path, help=help_text, **{"metavar": "FILE"} | options)


def run_command(arguments: argparse.Namespace) -> int:
    """Run the command that the arguments name; return the exit status, 2 after an error."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of the output has gone; without this, Python would complain again at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - the user gets a sentence, never a traceback
        log_exception(error)
        print_problem(error)
        return FAILED


def _run(arguments: argparse.Namespace) -> int:
    run: Callable[[argparse.Namespace], int]
    # Each command loads only what it needs.
    match arguments.command:
        case "train":
            from mnist_gui.cli.train import run_train as run
        case "resume":
            from mnist_gui.cli.train import run_resume as run
        case "personalize":
            from mnist_gui.cli.personalize import run_personalize as run
        case "evaluate":
            from mnist_gui.cli.classify import run_evaluate as run
        case "classify":
            from mnist_gui.cli.classify import run_classify as run
        case "export":
            from mnist_gui.cli.exchange import run_export as run
        case "import":
            from mnist_gui.cli.exchange import run_import as run
        case "runs":
            from mnist_gui.cli.runs import run_runs as run
        case "sweep":
            from mnist_gui.cli.train import run_sweep as run
    return run(arguments)
