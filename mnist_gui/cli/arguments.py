"""What can be typed, and what it is turned into."""

import argparse
from pathlib import Path

from mnist_gui import __version__
from mnist_gui.cli.common_arguments import add_data, add_json, add_runs_folder
from mnist_gui.cli.parser import Commands, Parser, whole_number
from mnist_gui.cli.runs_arguments import add_runs, add_sweep
from mnist_gui.cli.train_arguments import add_train
from mnist_gui.engine.recipe import DEFAULT_RECIPE, RECIPES

# A command's own --data would otherwise take the place of the window's without a word.
_WINDOW = "window_"


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
    add_train(commands)
    _add_evaluate(commands)
    _add_classify(commands)
    _add_export(commands)
    _add_import(commands)
    add_runs(commands)
    add_sweep(commands)
    found = parser.parse_args(arguments)
    _settle_window(parser, found)
    return found


def _add_window(parser: Parser) -> None:
    window = parser.add_argument_group("the window, without a command")
    window.add_argument(
        "--recipe",
        dest=f"{_WINDOW}recipe",
        metavar="NAME",
        help=f"recipe at hand: {', '.join(RECIPES)} (default: the last one, at first "
        f"{DEFAULT_RECIPE})",
    )
    add_data(window, dest=f"{_WINDOW}data")
    add_runs_folder(window, dest=f"{_WINDOW}runs")
    window.add_argument(
        "--screenshot",
        dest=f"{_WINDOW}screenshot",
        type=Path,
        metavar="FILE",
        help="open the window, train, draw a digit, save a picture of it (PNG) and exit",
    )
    window.add_argument(
        "--page",
        dest=f"{_WINDOW}page",
        type=whole_number,
        metavar="N",
        help="with --screenshot: the page in front, from 1",
    )


def _settle_window(parser: Parser, found: argparse.Namespace) -> None:
    """Give the window's options their plain names, or refuse them before a command."""
    values = vars(found)
    names = [name for name in values if name.startswith(_WINDOW)]
    window = {name.removeprefix(_WINDOW): values.pop(name) for name in names}
    if found.command is None:
        values.update(window)
        if found.page is not None and not found.screenshot:
            parser.error("--page goes with --screenshot; name a FILE for the picture")
        return
    for name, value in window.items():
        if value is not None:
            parser.error(
                f"--{name} before {found.command} would be for the window; "
                "leave it out, or put it at the end if the command takes it"
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
