"""The command line: all commands with their arguments, and which function runs each."""

import argparse
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from mnist_gui import __version__
from mnist_gui.cli.console import INTERRUPTED, output_error
from mnist_gui.cli.language import speak_language
from mnist_gui.cli.manual import SHELLS, completion_script, manual
from mnist_gui.cli.parser import (
    DONE,
    FAILED,
    OPTIONS,
    Parser,
    add_value,
    convention,
    print_problem,
    whole_number,
)
from mnist_gui.engine.errors import log_exception
from mnist_gui.engine.recipe import AUTOMATIC, DEFAULT_RECIPE, RECIPES
from mnist_gui.engine.runs.names import COLOURS, FORMATS
from mnist_gui.words.language import LANGUAGES, listed, tr
from mnist_gui.words.usage import command_texts


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; without a command, `command` is None.

    If it is wrong, print one sentence on standard error and exit with status 2.
    """
    words, code = speak_language(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    if code == "?":
        text = tr("there is no such language; choose one of {names}")
        parser.error(text.format(names=listed(LANGUAGES)))
    found = parser.parse_args(words)
    found.language = code
    if found.command is None and found.page is not None and not found.screenshot:
        parser.error(tr("--page goes with --screenshot; name a FILE for the picture"))
    if found.command and words[0].startswith("-"):
        # Otherwise the command's own options would silently override these.
        text = tr(
            "{option} before {command} would be for the window; "
            "leave it out, or put it at the end if the command takes it"
        )
        parser.error(text.format(option=words[0].partition("=")[0], command=found.command))
    return found


def _parser() -> Parser:
    parser = Parser(
        prog="mnist-gui",
        description=tr(
            "Train a network on MNIST, watch it learn, draw digits and see what it "
            "predicts. Without a command, opens the window. 'mnist-gui COMMAND --help' describes "
            "a command."
        ),
        example="mnist-gui train --recipe cnn-fast --out fast.mnistgui",
    )
    version = f"mnist-gui {__version__}"
    parser.add_argument(
        "--version", action="version", version=version, help=tr("show the version and exit")
    )
    help_text = tr("language of all texts, also of a command: {names} (default: the system's)")
    help_text = help_text.format(names=listed(LANGUAGES))
    parser.add_argument("--language", metavar="CODE", help=help_text)
    _add_window(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for name, (add_options, example) in _COMMANDS.items():
        help_text, description = command_texts(name)
        commands.add_parser(
            name,
            help=help_text,
            description=description,
            example=example,
            add_options=partial(_complete, add_options),
        )
    return parser


def _complete(add_options: Callable[[Parser], None], command: Parser) -> None:
    """Add a command's options, and `--json` where it has a result."""
    if add_options not in (_add_runs, _add_help, _add_completion):
        _add(command, "--json")
    add_options(command)


_FILE: dict[str, Any] = {"type": Path, "metavar": "FILE"}
_FOLDER: dict[str, Any] = {"type": Path, "metavar": "DIR"}
_NAME: dict[str, Any] = {"metavar": "NAME"}
_FLAG: dict[str, Any] = {"action": "store_true"}
_MENDING = ("--resize", "--transpose", "--invert", "--brighten")
_DATA = ("--data", *_MENDING)


def _options() -> Mapping[str, dict[str, Any]]:
    """Return the options of several commands; a command may change some of what is said here."""
    return {
        "--json": _FLAG | {"help": tr("print the result as JSON")},
        "--raw": _FLAG
        | {"help": tr("give the network's raw probabilities, without its temperature")},
        "--recipe": _NAME | {"required": True, "help": listed(RECIPES)},
        "--runs": _FOLDER
        | {
            "help": tr(
                "folder of the runs (default: as chosen in the window, else your data folder)"
            )
        },
        "--device": _NAME
        | {
            "default": AUTOMATIC,
            "help": tr(
                'what to compute on: CPU, "GPU 0", "all GPUs" together, ... (default: the first '
                "GPU, if there is one)"
            ),
        },
        "--model": _FILE | {"help": tr("a .mnistgui file")},
        "--out": _FILE | {"help": tr("save the network (.mnistgui)")},
        "run": {
            "metavar": "RUN",
            "help": tr('run ID (or its first characters), name, or "last"'),
        },
    } | _data_options()


def _data_options() -> dict[str, dict[str, Any]]:
    return {
        "--data": {
            "type": Path,
            "metavar": "PATH",
            "help": tr(
                "a data set: a folder, a file or an archive; IDX, .npz, .csv or .parquet files, "
                "or pictures with a folder for each digit (default: MNIST)"
            ),
        },
        "--resize": _FLAG
        | {"help": tr("make grey images of 28x28 of those that are larger or coloured")},
        "--transpose": _FLAG | {"help": tr("turn images that are stored column by column")},
        "--invert": _FLAG | {"help": tr("invert images that are dark on light")},
        "--brighten": _FLAG
        | {"help": tr("give images that are nearly black, such as of 0 and 1, the full range")},
    }


def _add(parser: argparse._ActionsContainer, *names: str, **changes: Any) -> None:
    options = _options()
    for name in names:
        parser.add_argument(name, **options[name] | changes)


def _add_window(parser: Parser) -> None:
    window = parser.add_argument_group(tr("the window, without a command"))
    help_text = tr("recipe selected at first: {names} (default: the last one used, or {usual})")
    help_text = help_text.format(names=listed(RECIPES), usual=DEFAULT_RECIPE)
    _add(window, "--recipe", required=False, help=help_text)
    _add(window, *_DATA, "--runs")
    help_text = tr("open the window, train, draw a digit, save a screenshot (PNG) and exit")
    window.add_argument("--screenshot", help=help_text, **_FILE)
    help_text = tr("with --screenshot: the page shown, from 1")
    window.add_argument("--page", type=whole_number, metavar="N", help=help_text)


def _add_train(train: Parser) -> None:
    _add(train, "--recipe")
    values = train.add_argument_group(tr("values that replace those of the recipe"))
    for name in OPTIONS:
        add_value(values, name)
    where = _add_where(train, "--runs")
    where.add_argument("--no-record", action="store_true", help=tr("do not save the run"))
    _add(where, "--out")


def _add_resume(resume: Parser) -> None:
    _add(resume, "run")
    values = resume.add_argument_group(tr("values that can change"))
    help_text = tr("batches to train on in all; a completed run needs more than it had")
    add_value(values, "steps", help_text)
    add_value(values, "learning_rate")
    _add_where(resume, "--runs", "--out")


def _add_personalize(personalize: Parser) -> None:
    base: dict[str, Any] = {"dest": "base", "required": True, "metavar": "MODEL"}
    personalize.add_argument("--from", type=Path, help=tr("the network to fine-tune"), **base)
    help_text = tr("your drawings (.jsonl, .json, .ndjson, .inkml, .svg)")
    personalize.add_argument("--drawings", required=True, help=help_text, **_FILE)
    add_value(personalize, "seed")
    _add_where(personalize, "--out")


def _add_evaluate(evaluate: Parser) -> None:
    _add_network(evaluate)
    _add(evaluate, "--raw")
    images = evaluate.add_argument_group(tr("what to test it on"))
    _add(images, *_DATA)
    help_text = tr("labelled drawings, one a line: {example}").format(
        example='{"strokes": [[[x, y], ...], ...], "label": 7}'
    )
    images.add_argument("--drawings", help=help_text, **_FILE)
    help_text = tr("save a report as a page for browser and printer (.html)")
    evaluate.add_argument("--report", help=help_text, **_FILE)


def _add_classify(classify: Parser) -> None:
    help_text = tr(
        "drawings (.jsonl, .json, .ndjson, .inkml, .svg) or pictures (PNG, JPEG, BMP, GIF, WebP,"
        " TIFF), folders with such files, or patterns such as '*.png'"
    )
    classify.add_argument("inputs", type=Path, nargs="+", metavar="INPUT", help=help_text)
    _add_network(classify)
    _add(classify, "--raw")


def _add_export(export: Parser) -> None:
    _add(export, "--model", required=True)
    _add(export, "--out", required=True, help=tr("ends in .keras, .tflite or .npz"))


def _add_import(command: Parser) -> None:
    command.add_argument("file", help=tr(".keras, .h5, .npz, .safetensors or .onnx"), **_FILE)
    _add(command, "--out", required=True)
    _add(command, "--data", help=tr("the data set that it is tried on (default: MNIST)"))
    _add(command, *_MENDING)
    help_text = tr(
        "what it was trained on: as-is, inverted, standardised, signed or bytes, transposed or "
        "inverted-transposed and so on (default: whatever it reads best)"
    )
    command.add_argument("--images", type=convention, metavar="NAME", help=help_text)


def _add_runs(runs: Parser) -> None:
    actions = runs.add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )

    def add(name: str, help_text: str, example: str) -> Parser:
        description = tr("{sentence}.").format(sentence=help_text[:1].upper() + help_text[1:])
        example = f"mnist-gui runs {example}"
        action = actions.add_parser(name, help=help_text, description=description, example=example)
        _add(action, "--json", "--runs")
        return action

    add("list", tr("list all runs, the latest first"), "list --json")
    _add(add("show", tr("show all that is known of a run"), "show last"), "run")
    compare = add("compare", tr("compare runs with the first one"), "compare mine last")
    _add(compare, "run", nargs="+")
    example = 'label last --name "no dropout" --pin'
    _add_labels(add("label", tr("name, colour, pin or annotate a run"), example))
    help_text = tr("delete runs; the last twenty can be restored")
    _add(add("delete", help_text, "delete 20260131-12"), "run", nargs="+")
    restore = add("restore", tr("restore deleted runs"), "restore")
    _add(restore, "run", nargs="*", help=tr("run IDs; omit to list deleted runs"))
    example = "export last --format csv --out curves.csv"
    _add_run_export(add("export", tr("write a run for other programs"), example))


def _add_labels(label: Parser) -> None:
    _add(label, "run")
    help_text = tr('new name ("" resets to the recipe\'s name)')
    label.add_argument("--name", metavar="TEXT", help=help_text)
    help_text = tr('{names}; "" for none').format(names=listed(COLOURS[1:]))
    label.add_argument("--colour", choices=COLOURS, metavar="NAME", help=help_text)
    help_text = tr('new note, replaces the old ("" for none)')
    label.add_argument("--note", metavar="TEXT", help=help_text)
    help_text = tr("keep the run at the top of the window's table, or stop doing so")
    label.add_argument("--pin", action=argparse.BooleanOptionalAction, help=help_text)


def _add_run_export(export: Parser) -> None:
    _add(export, "run")
    export.add_argument(
        "--format",
        choices=FORMATS,
        default=FORMATS[0],
        metavar="NAME",
        help=tr(
            "folder: all of the run's files; network: its last weights (.mnistgui); best-network: "
            "those with the best validation accuracy; csv: its curves; tensorboard: event files, "
            "which need the extra of that name (default: %(default)s)"
        ),
    )
    _add(export, "--out", required=True, metavar="PATH", help=tr("file or new folder to write"))


def _add_sweep(sweep: Parser) -> None:
    what = sweep.add_argument_group(tr("what to train"))
    _add(what, "--recipe")
    help_text = tr(
        "learning_rate=0.1,0.5 batch_size=50,100 ...; with --random also learning_rate=0.1..1"
    )
    what.add_argument("--grid", nargs="+", required=True, metavar="NAME=VALUES", help=help_text)
    which = what.add_mutually_exclusive_group()
    help_text = tr("train N random combinations of these values (default: all combinations)")
    which.add_argument("--random", type=whole_number, metavar="N", help=help_text)
    help_text = tr(
        "train N runs whose values Optuna chooses by the validation accuracy of those before, and "
        'end early the ones that fall behind; needs the extra "optuna"'
    )
    which.add_argument("--optuna", type=whole_number, metavar="N", help=help_text)
    help_text = tr("random seed of the choice and of each run (default: the recipe's)")
    add_value(what, "seed", help_text)
    add_value(what, "steps", tr("batches to train each run on (default: the recipe's)"))
    how = sweep.add_argument_group(tr("how to train"))
    help_text = tr(
        "train N runs at a time, each in a process of its own, and each on another GPU where there "
        "are several alike (default: 1)"
    )
    where = how.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=whole_number, metavar="N", default=1, help=help_text)
    help_text = tr(
        "train on the workers of a Dask cluster, such as tcp://10.0.0.1:8786; needs the extra "
        '"cluster"'
    )
    where.add_argument("--dask", metavar="ADDRESS", help=help_text)
    _add_where(sweep, "--runs")


def _add_data(data: Parser) -> None:
    data.add_argument("data", help=tr("a data set, as for --data of train"), **_FILE)
    _add(data, *_MENDING)
    data.add_argument("--sheet", help=tr("save a sheet of samples (PNG)"), **_FILE)


def _add_nothing(_doctor: Parser) -> None:
    """Add no options to those that all commands have."""


def _add_help(_help: Parser) -> None:
    """Add no options: it describes all."""


def _add_completion(completion: Parser) -> None:
    completion.add_argument("shell", choices=SHELLS, metavar="SHELL", help=listed(SHELLS))


def _add_where(parser: Parser, *names: str) -> argparse._ActionsContainer:
    where = parser.add_argument_group(tr("data, device and folders"))
    _add(where, *_DATA, "--device", *names)
    return where


def _add_network(parser: Parser) -> None:
    group = parser.add_argument_group(tr("the network (default: the one shipped with the program)"))
    network = group.add_mutually_exclusive_group()
    _add(network, "--model")
    help_text = tr('that of a saved run; "last": the latest')
    network.add_argument("--run", metavar="RUN", help=help_text)
    _add(group, "--runs")


_COMMANDS: Mapping[str, tuple[Callable[[Parser], None], str]] = {
    "train": (
        _add_train,
        "mnist-gui train --recipe cnn-fast --seed 3 --out fast.mnistgui",
    ),
    "resume": (
        _add_resume,
        "mnist-gui resume last --steps 30000",
    ),
    "personalize": (
        _add_personalize,
        "mnist-gui personalize --from a.mnistgui --drawings my.jsonl --out b.mnistgui",
    ),
    "evaluate": (
        _add_evaluate,
        "mnist-gui evaluate --model cnn.mnistgui --drawings drawings.jsonl",
    ),
    "classify": (
        _add_classify,
        "mnist-gui classify photo.jpg drawings.jsonl",
    ),
    "export": (
        _add_export,
        "mnist-gui export --model cnn.mnistgui --out cnn.tflite",
    ),
    "import": (
        _add_import,
        "mnist-gui import theirs.keras --out mine.mnistgui",
    ),
    "data": (
        _add_data,
        "mnist-gui data emnist.zip --sheet samples.png",
    ),
    "runs": (
        _add_runs,
        "mnist-gui runs list",
    ),
    "sweep": (
        _add_sweep,
        "mnist-gui sweep --recipe cnn-fast --grid batch_size=64,128 dropout=0,0.2",
    ),
    "doctor": (
        _add_nothing,
        "mnist-gui doctor",
    ),
    "help": (
        _add_help,
        "mnist-gui help | less",
    ),
    "completion": (
        _add_completion,
        "mnist-gui completion bash > ~/.local/share/bash-completion/completions/mnist-gui",
    ),
}
"""For each command what adds its options, and an example."""


def run_command(arguments: argparse.Namespace) -> int:
    """Run the command that the arguments name; return the exit status, 2 after an error."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the user gets a sentence, never a traceback
        if isinstance(error, OSError) and output_error() is not None:
            # Whoever called this says so.
            return DONE
        log_exception(error)
        print_problem(error)
        return FAILED


def _run(arguments: argparse.Namespace) -> int:  # noqa: C901, PLR0912 - a case for each
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
        case "data":
            from mnist_gui.cli.data import run_data as run
        case "runs":
            from mnist_gui.cli.runs import run_runs as run
        case "sweep":
            from mnist_gui.cli.sweep import run_sweep as run
        case "doctor":
            from mnist_gui.cli.doctor import run_doctor as run
        case "help":
            print(manual(_parser()))
            return DONE
        case "completion":
            print(completion_script(_parser(), arguments.shell))
            return DONE
    return run(arguments)
