"""What can be typed, and what it is turned into."""

import argparse
from pathlib import Path

from mnist_gui import __version__
from mnist_gui.cli.common_arguments import (
    Commands,
    Parser,
    add_data,
    add_device,
    add_json,
    add_runs_folder,
)
from mnist_gui.cli.runs_arguments import add_runs, add_sweep
from mnist_gui.engine.recipe import RECIPES


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; `command` is None when the window is wanted.

    Exits with status 2 and one line on stderr where it cannot be understood.
    """
    parser = Parser(
        prog="mnist-gui",
        description="Train a network on MNIST, watch it learn, draw digits and see them read. "
        "Without a command, opens the window.",
    )
    parser.add_argument("--version", action="version", version=f"mnist-gui {__version__}")
    parser.add_argument(
        "--screenshot",
        type=Path,
        metavar="FILE",
        help="open the window, train, draw a digit, save a picture of it (PNG) and exit",
    )
    parser.add_argument(
        "--page", type=int, metavar="N", help="with --screenshot: the page in front, from 1"
    )
    parser.add_argument("--recipe", metavar="NAME", help=f"recipe at hand: {', '.join(RECIPES)}")
    add_data(parser)
    add_runs_folder(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    _add_train(commands)
    _add_evaluate(commands)
    _add_classify(commands)
    _add_export(commands)
    _add_import(commands)
    add_runs(commands)
    add_sweep(commands)
    return parser.parse_args(arguments)


def _add_train(commands: "Commands[Parser]") -> None:
    train = commands.add_parser("train", help="train a network", description="Train a network.")
    what = train.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--recipe",
        metavar="NAME",
        help=", ".join(RECIPES) + "; personal trains a network on with your drawings",
    )
    what.add_argument(
        "--resume", metavar="RUN", help='go on with a run that is kept; "last" is the latest'
    )
    train.add_argument(
        "--from", dest="base", type=Path, metavar="MODEL", help="what personal trains on"
    )
    train.add_argument(
        "--drawings", type=Path, metavar="FILE", help="your drawings, for personal (.jsonl)"
    )
    train.add_argument("--steps", type=int, metavar="N", help="batches to train on")
    train.add_argument("--seed", type=int, metavar="S", help="gives the same run twice")
    train.add_argument("--learning-rate", type=float, metavar="X")
    train.add_argument("--batch-size", type=int, metavar="N", help="images in a batch")
    train.add_argument(
        "--patience",
        type=int,
        metavar="N",
        help="stop after N validations without a better one, with the best weights; 0 never does",
    )
    train.add_argument("--precision", metavar="NAME", help="automatic, float32 or bfloat16")
    add_device(train)
    add_data(train)
    add_runs_folder(train)
    train.add_argument("--no-record", action="store_true", help="do not keep the run")
    train.add_argument("--out", type=Path, metavar="FILE", help="save the network (.mnistgui)")
    add_json(train)


def _add_evaluate(commands: "Commands[Parser]") -> None:
    evaluate = commands.add_parser(
        "evaluate",
        help="test a network",
        description="Read the test images, and drawings if there are, with a saved network.",
    )
    _add_model(evaluate)
    evaluate.add_argument(
        "--drawings",
        type=Path,
        metavar="FILE",
        help='labelled drawings, one a line: {"strokes": [[[x, y], ...], ...], "label": 7}',
    )
    add_data(evaluate)
    add_json(evaluate)


def _add_classify(commands: "Commands[Parser]") -> None:
    classify = commands.add_parser(
        "classify",
        help="read drawings and pictures",
        description="Read drawings, and the digits in pictures, with a saved network.",
    )
    _add_model(classify)
    classify.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="INPUT",
        help="drawings (.json, .jsonl) or pictures (PNG, JPEG, BMP, GIF, WebP)",
    )
    add_json(classify)


def _add_export(commands: "Commands[Parser]") -> None:
    export = commands.add_parser(
        "export",
        help="write a network for other programs",
        description="Write a network for other programs, have it read back and compare, and put "
        "predict.py beside it, which reads drawings with it.",
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
        help="take over the weights of other programs",
        description="Read the weights in a file of another program, never executing anything in "
        "it, and save them as a network of this one.",
    )
    command.add_argument("file", type=Path, metavar="FILE", help=".keras, .h5 or .npz")
    command.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="save the network (.mnistgui)"
    )
    add_json(command)


def _add_model(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--model", type=Path, metavar="FILE", help="a .mnistgui file")
    what.add_argument("--run", metavar="RUN", help='a run that is kept; "last" is the latest')
    add_runs_folder(parser)
