"""What can be typed, and what it is turned into."""

import argparse
from pathlib import Path
from typing import NoReturn

from mnist_gui import __version__
from mnist_gui.engine.recipe import AUTOMATIC, RECIPES


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; `command` is None when the window is wanted.

    Exits with status 2 and one line on stderr where it cannot be understood.
    """
    parser = _Parser(
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
    parser.add_argument("--recipe", metavar="NAME", help=f"recipe at hand: {', '.join(RECIPES)}")
    parser.add_argument("--data", type=Path, metavar="DIR", help="a data set in MNIST's format")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    _add_train(commands)
    _add_evaluate(commands)
    _add_classify(commands)
    _add_export(commands)
    _add_import(commands)
    return parser.parse_args(arguments)


_Commands = argparse._SubParsersAction


def _add_train(commands: "_Commands[_Parser]") -> None:
    train = commands.add_parser("train", help="train a network", description="Train a network.")
    train.add_argument("--recipe", required=True, metavar="NAME", help=", ".join(RECIPES))
    train.add_argument("--steps", type=int, metavar="N", help="batches to train on")
    train.add_argument("--seed", type=int, metavar="S", help="gives the same run twice")
    train.add_argument("--learning-rate", type=float, metavar="X")
    train.add_argument("--batch-size", type=int, metavar="N", help="images in a batch")
    train.add_argument("--precision", metavar="NAME", help="automatic, float32 or bfloat16")
    train.add_argument("--device", default=AUTOMATIC, metavar="NAME", help="CPU, GPU 0, ...")
    train.add_argument("--data", type=Path, metavar="DIR", help="a data set in MNIST's format")
    train.add_argument("--out", type=Path, metavar="FILE", help="save the network (.mnistgui)")
    _add_json(train)


def _add_evaluate(commands: "_Commands[_Parser]") -> None:
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
    evaluate.add_argument("--data", type=Path, metavar="DIR", help="a data set in MNIST's format")
    _add_json(evaluate)


def _add_classify(commands: "_Commands[_Parser]") -> None:
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
    _add_json(classify)


def _add_export(commands: "_Commands[_Parser]") -> None:
    export = commands.add_parser(
        "export",
        help="write a network for other programs",
        description="Write a network for other programs, have it read back and compare, and put "
        "predict.py beside it, which reads drawings with it.",
    )
    _add_model(export)
    export.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="ends in .keras, .tflite or .npz"
    )
    _add_json(export)


def _add_import(commands: "_Commands[_Parser]") -> None:
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
    _add_json(command)


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", type=Path, required=True, metavar="FILE", help="a .mnistgui file"
    )


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print results as JSON")
