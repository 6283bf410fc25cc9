"""What several commands can be told."""

import argparse
from pathlib import Path
from typing import NoReturn

from mnist_gui.engine.recipe import AUTOMATIC


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """End the program."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


Commands = argparse._SubParsersAction


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let results be asked for as JSON."""
    parser.add_argument("--json", action="store_true", help="print results as JSON")


def add_runs_folder(parser: argparse.ArgumentParser) -> None:
    """Let the folder of the runs be named."""
    parser.add_argument(
        "--runs", type=Path, metavar="DIR", help="where runs are kept; else in your data folder"
    )


def add_data(parser: argparse.ArgumentParser) -> None:
    """Let the data set be named."""
    parser.add_argument("--data", type=Path, metavar="DIR", help="a data set in MNIST's format")


def add_device(parser: argparse.ArgumentParser) -> None:
    """Let the device be named."""
    parser.add_argument("--device", default=AUTOMATIC, metavar="NAME", help="CPU, GPU 0, ...")
