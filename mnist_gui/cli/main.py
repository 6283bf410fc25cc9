"""The command line: all commands with their arguments, and which function runs each."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from mnist_gui import __version__
from mnist_gui.cli.parser import (
    DONE,
    FAILED,
    INTERRUPTED,
    OPTIONS,
    Commands,
    Parser,
    add_data,
    add_device,
    add_json,
    add_runs_folder,
    add_value,
    tell,
    whole_number,
)
from mnist_gui.engine.errors import log_exception, sentence
from mnist_gui.engine.recipe import DEFAULT_RECIPE, RECIPES
from mnist_gui.engine.runs.export import FORMATS
from mnist_gui.engine.runs.run import COLOURS

_RUN = 'run ID (or its first characters), name, or "last"'


def _add_train(commands: "Commands[Parser]") -> None:
    train = commands.add_parser(
        "train",
        help="train a network",
        description="Train a network. Ctrl-C ends a run cleanly: what was learnt is kept, and the "
        "run can go on with 'mnist-gui resume'.",
        example="mnist-gui train --recipe cnn-fast --seed 3 --out fast.mnistgui",
    )
    train.add_argument("--recipe", required=True, metavar="NAME", help=", ".join(RECIPES))
    values = train.add_argument_group("values in place of the recipe's own")
    for name in OPTIONS:
        add_value(values, name)
    where = _add_where(train)
    add_runs_folder(where)
    where.add_argument("--no-record", action="store_true", help="do not keep the run")
    _add_out(where)
    add_json(train)


def _add_resume(commands: "Commands[Parser]") -> None:
    resume = commands.add_parser(
        "resume",
        help="go on with a kept run",
        description="Go on with a run that was stopped or interrupted, to the same bits as if it "
        "had not been, or give a completed one more steps.",
        example="mnist-gui resume last --steps 30000",
    )
    _add_run(resume)
    values = resume.add_argument_group("values that can change")
    add_value(values, "steps", "batches to train on in all; a completed run needs more of them")
    add_value(values, "learning_rate")
    where = _add_where(resume)
    add_runs_folder(where)
    _add_out(where)
    add_json(resume)


def _add_personalize(commands: "Commands[Parser]") -> None:
    personalize = commands.add_parser(
        "personalize",
        help="fine-tune a network on your drawings",
        description="Let a network learn your hand. That is no run: it is not recorded, and Ctrl-C "
        "ends it without a result.",
        example="mnist-gui personalize --from a.mnistgui --drawings my.jsonl --out b.mnistgui",
    )
    personalize.add_argument(
        "--from",
        dest="base",
        type=Path,
        required=True,
        metavar="MODEL",
        help="the network to fine-tune",
    )
    personalize.add_argument(
        "--drawings", type=Path, required=True, metavar="FILE", help="your drawings (.jsonl)"
    )
    add_value(personalize, "seed")
    _add_out(_add_where(personalize))
    add_json(personalize)


def _add_where(parser: Parser) -> argparse._ActionsContainer:
    where = parser.add_argument_group("where")
    add_data(where)
    add_device(where)
    return where


def _add_out(where: argparse._ActionsContainer) -> None:
    where.add_argument("--out", type=Path, metavar="FILE", help="save the network (.mnistgui)")


def _add_runs(commands: "Commands[Parser]") -> None:
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
    _add_run_export(actions)


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


def _add_run_export(actions: "Commands[Parser]") -> None:
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


def _add_sweep(commands: "Commands[Parser]") -> None:
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
    add_value(what, "seed", "random seed of each run and of the draw (default: the recipe's)")
    add_value(what, "steps", "batches to train each run on (default: the recipe's)")
    add_runs_folder(_add_where(sweep))
    add_json(sweep)


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; `command` is None when the window is wanted.

    Exits with status 2 and one sentence on stderr where it cannot be understood.
    """
    parser = Parser(
        prog="mnist-gui",
        description="Train a network on MNIST, watch it learn, draw digits and see them read. "
        "Without a command, opens the window. 'mnist-gui COMMAND --help' tells more of each.",
        example="mnist-gui train --recipe cnn-fast --out fast.mnistgui",
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"mnist-gui {__version__}",
        help="show the version and exit",
    )
    _add_window(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for add in (
        _add_train,
        _add_resume,
        _add_personalize,
        _add_evaluate,
        _add_classify,
        _add_export,
        _add_import,
        _add_runs,
        _add_sweep,
    ):
        add(commands)
    words = sys.argv[1:] if arguments is None else arguments
    found = parser.parse_args(words)
    if found.command is None and found.page is not None and not found.screenshot:
        parser.error("--page goes with --screenshot; name a FILE for the picture")
    if found.command and words[0].startswith("-"):
        # The command's own options would take their place without a word.
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
        help=f"recipe at hand: {', '.join(RECIPES)} (default: the last one, at first "
        f"{DEFAULT_RECIPE})",
    )
    add_data(window)
    add_runs_folder(window)
    window.add_argument(
        "--screenshot",
        type=Path,
        metavar="FILE",
        help="open the window, train, draw a digit, save a picture of it (PNG) and exit",
    )
    window.add_argument(
        "--page",
        type=whole_number,
        metavar="N",
        help="with --screenshot: the page in front, from 1",
    )


def _add_evaluate(commands: "Commands[Parser]") -> None:
    evaluate = commands.add_parser(
        "evaluate",
        help="test a network",
        description="Read the test images, and drawings, if given, with a saved network. The "
        "share read correctly comes with its 95 % interval.",
        example="mnist-gui evaluate --model cnn.mnistgui --drawings drawings.jsonl",
    )
    _add_network(evaluate)
    what = evaluate.add_argument_group("what to read")
    add_data(what)
    what.add_argument(
        "--drawings",
        type=Path,
        metavar="FILE",
        help='labelled drawings, one a line: {"strokes": [[[x, y], ...], ...], "label": 7}',
    )
    add_json(evaluate)


def _add_classify(commands: "Commands[Parser]") -> None:
    classify = commands.add_parser(
        "classify",
        help="read drawings and pictures",
        description="Read drawings, and the digits in pictures.",
        example="mnist-gui classify photo.jpg drawings.jsonl",
    )
    classify.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="INPUT",
        help="drawings (.json, .jsonl) or pictures (PNG, JPEG, BMP, GIF, WebP)",
    )
    _add_network(classify)
    add_json(classify)


def _add_export(commands: "Commands[Parser]") -> None:
    export = commands.add_parser(
        "export",
        help="write a network for other programs",
        description="Write a network for other programs, have it read back and compare, and put "
        "predict.py beside it, which reads drawings with it.",
        example="mnist-gui export --model cnn.mnistgui --out cnn.tflite",
    )
    export.add_argument(
        "--model", type=Path, required=True, metavar="FILE", help="a .mnistgui file"
    )
    export.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="ends in .keras, .tflite or .npz"
    )
    add_json(export)


def _add_import(commands: "Commands[Parser]") -> None:
    command = commands.add_parser(
        "import",
        help="import weights from other programs",
        description="Read the weights in a file of another program, never executing anything in "
        "it, and save them as a network of this one.",
        example="mnist-gui import theirs.keras --out mine.mnistgui",
    )
    command.add_argument("file", type=Path, metavar="FILE", help=".keras, .h5 or .npz")
    command.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="save the network (.mnistgui)"
    )
    add_json(command)


def _add_network(parser: Parser) -> None:
    group = parser.add_argument_group("the network (default: the one that ships)")
    what = group.add_mutually_exclusive_group()
    what.add_argument("--model", type=Path, metavar="FILE", help="a .mnistgui file")
    what.add_argument("--run", metavar="RUN", help='that of a kept run; "last": the latest')
    add_runs_folder(group)


def run_command(arguments: argparse.Namespace) -> int:
    """Run the command that the arguments name; return the exit status, 2 for what went wrong."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain once more when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - a user gets a sentence, never a traceback
        log_exception(error)
        tell(sentence(error))
        return FAILED


def _run(arguments: argparse.Namespace) -> int:
    run: Callable[[argparse.Namespace], int]
    # Each command loads only what it needs.
    match arguments.command:
        case "train":
            from mnist_gui.cli.train import run_train as run
        case "resume":
            from mnist_gui.cli.resume import run_resume as run
        case "personalize":
            from mnist_gui.cli.personalize import run_personalize as run
        case "evaluate":
            from mnist_gui.cli.evaluate import run_evaluate as run
        case "classify":
            from mnist_gui.cli.classify import run_classify as run
        case "export":
            from mnist_gui.cli.exchange import run_export as run
        case "import":
            from mnist_gui.cli.exchange import run_import as run
        case "runs":
            from mnist_gui.cli.runs import run_runs as run
        case "sweep":
            from mnist_gui.cli.sweep import run_sweep as run
    return run(arguments)
