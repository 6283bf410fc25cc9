"""What several commands can be told."""

import argparse
from pathlib import Path

from mnist_gui.engine.recipe import AUTOMATIC


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let results be asked for as JSON."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def add_runs_folder(parser: argparse._ActionsContainer, dest: str = "runs") -> None:
    """Let the folder of the runs be named."""
    parser.add_argument(
        "--runs",
        dest=dest,
        type=Path,
        metavar="DIR",
        help="where runs are kept (default: as chosen in the window, else your data folder)",
    )


def add_data(parser: argparse._ActionsContainer, dest: str = "data") -> None:
    """Let the data set be named."""
    parser.add_argument(
        "--data",
        dest=dest,
        type=Path,
        metavar="DIR",
        help="a data set in MNIST's format (default: MNIST)",
    )


def add_device(parser: argparse._ActionsContainer) -> None:
    """Let the device be named."""
    parser.add_argument(
        "--device",
        default=AUTOMATIC,
        metavar="NAME",
        help='what computes: CPU, "GPU 0", ... (default: a GPU if there is one)',
    )
