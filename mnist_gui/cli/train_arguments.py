"""What can be typed after `mnist-gui train`."""

from pathlib import Path

from mnist_gui.cli.common_arguments import add_data, add_device, add_json, add_runs_folder
from mnist_gui.cli.parser import Commands, Parser, number, whole_number
from mnist_gui.engine.recipe import PRECISIONS, RECIPES


def add_train(commands: "Commands[Parser]") -> None:
    """Add the training of networks."""
    train = commands.add_parser(
        "train",
        help="train a network",
        description="Train a network, or go on with a run. Ctrl-C ends a run cleanly: what was "
        "learnt is kept, and the run can go on. With --recipe personal a network learns your hand, "
        "which is no run: it is not recorded, and Ctrl-C ends it without a result.",
        example="mnist-gui train --recipe cnn-fast --seed 3 --out fast.mnistgui",
    )
    _add_what(train)
    _add_values(train)
    _add_hand(train)
    where = train.add_argument_group("where")
    add_data(where)
    add_device(where)
    add_runs_folder(where)
    where.add_argument("--no-record", action="store_true", help="do not keep the run")
    where.add_argument("--out", type=Path, metavar="FILE", help="save the network (.mnistgui)")
    add_json(train)


def _add_what(train: Parser) -> None:
    group = train.add_argument_group("what to train, one of these")
    what = group.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--recipe",
        metavar="NAME",
        help=", ".join(RECIPES) + "; or personal: fine-tune a network on your drawings",
    )
    what.add_argument(
        "--resume",
        metavar="RUN",
        help='go on with a kept run, a completed one with more --steps; "last": the latest',
    )


def _add_values(train: Parser) -> None:
    values = train.add_argument_group("values in place of the recipe's own")
    values.add_argument(
        "--steps", type=whole_number, metavar="N", help="batches to train on; with --resume, in all"
    )
    values.add_argument(
        "--seed", type=whole_number, metavar="S", help="random seed; the same seed repeats a run"
    )
    values.add_argument(
        "--learning-rate", type=number, metavar="X", help="how far each batch moves the weights"
    )
    values.add_argument("--batch-size", type=whole_number, metavar="N", help="images in a batch")
    values.add_argument(
        "--patience",
        type=whole_number,
        metavar="N",
        help="stop after N validations without a better one, with the best weights; 0: never",
    )
    values.add_argument("--precision", metavar="NAME", help=", ".join(PRECISIONS))


def _add_hand(train: Parser) -> None:
    hand = train.add_argument_group("with --recipe personal")
    hand.add_argument(
        "--from", dest="base", type=Path, metavar="MODEL", help="the network to fine-tune"
    )
    hand.add_argument("--drawings", type=Path, metavar="FILE", help="your drawings (.jsonl)")
