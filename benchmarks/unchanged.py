"""Records what the program gives, and names what it gives differently after its code was changed.

    python -m benchmarks.unchanged record FILE [--steps N] [--only CASE ...]
    python -m benchmarks.unchanged compare FILE [--only CASE ...]

Uses the command line alone and no module of the program, so that modules may move and files
change their format between the two. Record and compare on one machine: the weights' last bits
depend on the processor and on the versions of TensorFlow and NumPy.
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

_Facts: TypeAlias = dict[str, Any]
_Points: TypeAlias = NDArray[np.float64]

_PROJECT = Path(__file__).resolve().parents[1]
_RECIPES = ("softmax-tutorial", "softmax-best", "cnn-tutorial", "cnn-fast", "cnn-best")
_SEEDS = (1, 2)
_KILLED_RECIPE = "cnn-best"
_LONGEST_WAIT = 300.0

# All that depends on the clock, on where files are, or on a run's ID, which has its date in it.
_CLOCKED = re.compile(r"(.*_)?seconds|steps_per_second")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+\d\d:\d\d|Z)?")
_RUN_ID = re.compile(r"\d{8}-\d{6}-")

# Digits as corners of strokes, x to the right and y down, 0..1.
_DIGITS = (
    ("50 05  25 15  15 50  25 85  50 95  75 85  85 50  75 15  50 05",),
    ("35 20  55 05  55 95",),
    ("20 25  35 08  65 08  80 28  70 50  20 93  82 93",),
    ("20 12  50 05  78 18  72 40  45 48  75 58  80 80  50 95  18 86",),
    ("60 05  15 62  85 62", "62 35  62 96"),
    ("78 08  30 08  26 45  55 40  80 60  72 88  45 96  18 88",),
    ("70 05  35 30  18 65  30 92  60 95  78 75  65 55  35 58  20 72",),
    ("15 08  82 08  60 45  42 95",),
    ("72 18  50 05  28 20  40 42  70 62  72 88  48 96  24 84  32 60  66 38  72 18",),
    ("75 25  50 06  25 22  30 45  55 50  75 28  72 60  62 95",),
)


class Program:
    """The program's command line, with a folder of its own for all that it writes."""

    def __init__(self, folder: Path, steps: int) -> None:
        self.folder = folder
        self.steps = steps
        folders = ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
        self._environment = os.environ | {name: str(folder / "home") for name in folders}
        (folder / "home").mkdir()

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "mnist_gui", *map(str, words)],
            cwd=_PROJECT,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def answer(self, *words: str | Path) -> tuple[int, list[_Facts]]:
        """Return the exit status of a command, and the JSON that it prints with --json."""
        with self.start(*words, "--json") as process:
            output, complaint = process.communicate()
        if process.returncode and not output:
            raise SystemExit(f"mnist-gui {' '.join(map(str, words))}:\n{complaint[-2_000:]}")
        return process.returncode, [self._settled(json.loads(line)) for line in output.splitlines()]

    def one(self, *words: str | Path) -> _Facts:
        """Return the one object that a command prints which must succeed."""
        status, (answer,) = self.answer(*words)
        if status:
            raise SystemExit(f"mnist-gui {' '.join(map(str, words))}: exit status {status}")
        return answer

    def knows(self, command: str) -> bool:
        """Return whether there is this command."""
        with self.start(command, "--help") as process:
            process.communicate()
        return process.returncode == 0

    def weights(self, network: Path) -> dict[str, str]:
        """Return each array of a saved network: its type, its shape and its bytes' SHA-256."""
        plain = network.with_suffix(".npz")
        self.one("export", "--model", network, "--out", plain)
        with np.load(plain, allow_pickle=False) as arrays:
            return {name: _array_in_words(arrays[name]) for name in arrays.files}

    def curves(self, runs: Path) -> _Facts:
        """Return the last run's curves as a table; it has neither times nor IDs: all must stay."""
        path = runs.with_suffix(".csv")
        self.one("runs", "export", "last", "--runs", runs, "--format", "csv", "--out", path)
        content = path.read_bytes()
        return {"sha256": hashlib.sha256(content).hexdigest(), "rows": content.decode().split("\n")}

    def record(self, runs: Path) -> _Facts:
        """Return all that is kept of the last run."""
        return self.one("runs", "show", "last", "--runs", runs)

    def _settled(self, value: Any, name: str = "") -> Any:
        """Return a value without what depends on the clock, on folders and on runs' IDs."""
        match value:
            case dict():
                return {name: self._settled(each, name) for name, each in value.items()}
            case list():
                return [self._settled(each) for each in value]
            case int() | float() if _CLOCKED.fullmatch(name):
                return "TIME"
            case str():
                value = value.replace(str(self.folder), "FOLDER")
                return _RUN_ID.sub("DATE-", _DATE.sub("DATE", value))
        return value


def _array_in_words(array: NDArray[Any]) -> str:
    content = hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
    return f"{array.dtype} {array.shape} {content}"


def _recipe(recipe: str, program: Program) -> _Facts:
    """Train a recipe for a few steps with each seed."""
    return {f"seed {seed}": _trained(program, recipe, seed) for seed in _SEEDS}


def _trained(program: Program, recipe: str, seed: int) -> _Facts:
    runs = program.folder / f"{recipe}-{seed}"
    words = ("--recipe", recipe, "--seed", str(seed), "--steps", str(program.steps))
    return _followed(program, runs, "train", *words)


def _followed(program: Program, runs: Path, *words: str) -> _Facts:
    """Run a command that trains a recorded run to its end; return all that it gives."""
    network = runs.with_suffix(".mnistgui")
    return {
        "answer": program.one(*words, "--runs", runs, "--out", network),
        "weights": program.weights(network),
        "curves": program.curves(runs),
        "record": program.record(runs),
    }


def _typed(program: Program) -> _Facts:
    """Train with values in place of a recipe's own until it stops early; go on; count a test."""
    runs = program.folder / "typed"
    values = "--seed 5 --steps 5000 --batch-size 32 --learning-rate 0.2 --patience 1"
    recipe = ("--recipe", "softmax-tutorial", "--precision", "float32")
    stopped = _followed(program, runs, "train", *recipe, *values.split())
    extended = _followed(program, runs, *_resume(program), "--steps", "6000")
    tested = program.one("evaluate", "--run", "last", "--runs", runs)
    after = program.record(runs)
    return {"stopped": stopped, "extended": extended, "tested": tested, "after": after}


def _resume(program: Program) -> tuple[str, ...]:
    """Return how the last run goes on, before and after that became a command of its own."""
    return ("resume", "last") if program.knows("resume") else ("train", "--resume", "last")


def _killed(program: Program) -> _Facts:
    """Kill a run after its first checkpoint, and go on with it to its end."""
    runs = program.folder / "killed"
    words = ("--recipe", _KILLED_RECIPE, "--seed", str(_SEEDS[0]), "--steps", str(program.steps))
    with program.start("train", *words, "--runs", runs) as process:
        _wait_for_checkpoint(process, runs)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    killed = program.record(runs)["status"]
    return {"killed": killed, **_followed(program, runs, *_resume(program))}


def _wait_for_checkpoint(process: subprocess.Popen[str], runs: Path) -> None:
    end = monotonic() + _LONGEST_WAIT
    while not any(runs.glob("*/checkpoint*")):
        if process.poll() is not None:
            raise SystemExit("The run to be killed ended before its first checkpoint; more --steps")
        if monotonic() > end:
            process.kill()
            raise SystemExit("The run to be killed takes no checkpoint")
        sleep(0.02)


def _personal(program: Program) -> _Facts:
    """Train the network that ships on with drawings."""
    drawings, network = _drawings(program.folder), program.folder / "personal.mnistgui"
    command = (
        ("personalize",) if program.knows("personalize") else ("train", "--recipe", "personal")
    )
    words = ("--from", _shipped("softmax-best"), "--drawings", drawings, "--seed", "3")
    answer = program.one(*command, *words, "--out", network)
    return {"answer": answer, "weights": program.weights(network)}


def _shipped(name: str) -> Path:
    (path,) = (_PROJECT / "resources" / "models").glob(f"{name}.*")
    return path


def _reading(program: Program) -> _Facts:
    """Read the test images, drawings and pictures with the networks that ship."""
    drawings = _drawings(program.folder)
    pictures = list(_pictures(program.folder))
    facts: _Facts = {
        "made": {path.name: _sha256(path.read_bytes()) for path in (drawings, *pictures)}
    }
    for name, words in (("default", ()), ("softmax-best", ("--model", _shipped("softmax-best")))):
        facts[f"evaluate {name}"] = program.one("evaluate", *words, "--drawings", drawings)
        status, answers = program.answer("classify", drawings, *pictures, *words)
        facts[f"classify {name}"] = {"status": status, "answers": answers}
    return facts


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _drawings(folder: Path) -> Path:
    """Write thirty labelled digits, and one of them again, numbers and scribbles without labels."""
    path, random = folder / "drawings.jsonl", np.random.default_rng(7)
    labelled = [(_drawn(label, random), label) for label in (*range(10),) * 3]
    records: list[_Facts] = [{"strokes": _lists(each), "label": label} for each, label in labelled]
    numbers = [
        _beside([_drawn(label, random) for label in number]) for number in ((4, 7), (2, 0, 1))
    ]
    scribbles = [[random.uniform(0, 1, (count, 2))] for count in (1, 3, 40)]
    records += [records[0], *({"strokes": _lists(each)} for each in (*numbers, *scribbles))]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def _drawn(label: int, random: Generator) -> list[_Points]:
    """Return a digit's strokes as a hand may draw them: leaning, stretched and shaking."""
    lean, width, height = random.uniform((-0.2, 0.6, 0.8), (0.2, 0.9, 1.0))
    turn = np.array([[width, 0.0], [lean, height]])
    strokes = []
    for words in _DIGITS[label]:
        corners = np.array(words.split(), np.float64).reshape(-1, 2) / 100
        at = np.linspace(0, len(corners) - 1, 6 * len(corners))
        points = np.stack([np.interp(at, range(len(corners)), axis) for axis in corners.T], axis=1)
        strokes.append(points @ turn + random.normal(0, 0.008, points.shape))
    return strokes


def _beside(digits: list[list[_Points]]) -> list[_Points]:
    """Return digits as one drawing, one to the right of another."""
    return [
        np.add(stroke, (1.2 * place, 0.0)) / len(digits)
        for place, digit in enumerate(digits)
        for stroke in digit
    ]


def _lists(strokes: Iterable[_Points]) -> list[Any]:
    return [stroke.round(5).tolist() for stroke in strokes]


def _pictures(folder: Path) -> Iterator[Path]:
    """Write pictures: of a pen, clean, reversed and photographed; of MNIST; of nothing; broken."""
    random = np.random.default_rng(11)
    ink = _page([[3, 1, 4, 1, 5], [9, 2, 6, 8, 7], [0, 5, 3]], random)
    light = np.linspace(1.0, 0.7, ink.shape[1])
    photographed = 255 * light * (0.95 - 0.85 * ink) + random.normal(0, 4, ink.shape)
    pages = {
        "clean.png": 255 - 250 * ink,
        "reversed.png": 20 + 220 * ink,
        "photographed.jpg": photographed,
        "mnist.png": _mnist_page(),
        "nothing.png": np.full((200, 300), 240.0),
    }
    for name, page in pages.items():
        Image.fromarray(page.clip(0, 255).astype(np.uint8)).save(folder / name)
        yield folder / name
    broken = folder / "broken.png"
    broken.write_bytes((folder / "clean.png").read_bytes()[:400])
    yield broken


def _page(rows: list[list[int]], random: Generator) -> _Points:
    """Return rows of digits as ink, 0..1, drawn with a round pen."""
    side, pen = 100, 7
    page = Image.new("L", (side * 6, side * (len(rows) + 1)))
    draw = ImageDraw.Draw(page)
    places = [(row, column) for row, digits in enumerate(rows) for column in range(len(digits))]
    for row, column in places:
        corner = np.array([column + 0.6, row + 0.6]) * side
        for stroke in _drawn(rows[row][column], random):
            points = [tuple(point) for point in (corner + stroke * side * 0.7).tolist()]
            draw.line(points, fill=255, width=pen, joint="curve")
    return np.asarray(page, np.float64) / 255


def _mnist_page() -> _Points:
    """Return the first test images in two rows of five, dark on light, twice as large."""
    with gzip.open(_PROJECT / "resources" / "mnist" / "t10k-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read(16 + 10 * 784), np.uint8, offset=16)
    rows = np.pad(images.reshape(2, 5, 28, 28), ((0, 0), (0, 0), (6, 6), (4, 4)))
    page = rows.transpose(0, 2, 1, 3).reshape(80, 180)
    return 255 - page.repeat(2, axis=0).repeat(2, axis=1).astype(np.float64)


_CASES: Mapping[str, Callable[[Program], _Facts]] = MappingProxyType(
    {
        **{recipe: partial(_recipe, recipe) for recipe in _RECIPES},
        "typed": _typed,
        "killed": _killed,
        "personal": _personal,
        "reading": _reading,
    }
)


def gather(steps: int, cases: Iterable[str]) -> _Facts:
    """Return what the program gives in these cases."""
    facts: _Facts = {}
    with TemporaryDirectory() as folder:
        program = Program(Path(folder).resolve(), steps)
        for name in cases:
            start = monotonic()
            facts[name] = _CASES[name](program)
            print(f"{name}: {monotonic() - start:.0f} s", flush=True)
    return facts


def killed_differs(facts: _Facts) -> list[str]:
    """Name what the run that was killed has not in common with the one that was not."""
    if not {"killed", _KILLED_RECIPE} <= facts.keys():
        return []
    whole, killed = facts[_KILLED_RECIPE][f"seed {_SEEDS[0]}"], facts["killed"]
    return [
        line
        for name in ("weights", "curves")
        for line in differences(whole[name], killed[name], f"killed, not as left alone: {name}")
    ]


def differences(before: Any, after: Any, name: str) -> Iterator[str]:
    """Name each value that is not the same, a line each."""
    match before, after:
        case dict(), dict():
            for key in before | after:
                yield from differences(before.get(key), after.get(key), f"{name} / {key}")
        case list(), list():
            if len(before) != len(after):
                yield f"{name}: {len(before)} entries before, {len(after)} now"
            for place, pair in enumerate(zip(before, after, strict=False)):
                yield from differences(*pair, f"{name} [{place}]")
        case _ if before != after:
            yield f"{name}: {_short(before)} before, {_short(after)} now"


def _short(value: Any) -> str:
    return json.dumps(value)[:120]


def _record(arguments: argparse.Namespace) -> list[str]:
    facts = gather(arguments.steps, arguments.only)
    arguments.file.write_text(json.dumps({"steps": arguments.steps, "facts": facts}, indent=1))
    return killed_differs(facts)


def _compare(arguments: argparse.Namespace) -> list[str]:
    recorded = json.loads(arguments.file.read_text())
    cases = [name for name in arguments.only if name in recorded["facts"]]
    facts = gather(recorded["steps"], cases)
    found = [
        line for name in cases for line in differences(recorded["facts"][name], facts[name], name)
    ]
    return found + killed_differs(facts)


def main() -> int:
    """Record or compare; return 1 if something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    actions = parser.add_subparsers(required=True)
    for name, action in (("record", _record), ("compare", _compare)):
        command = actions.add_parser(name)
        command.set_defaults(action=action)
        command.add_argument("file", type=Path)
        command.add_argument("--only", nargs="+", choices=_CASES, default=list(_CASES))
        if action is _record:
            command.add_argument("--steps", type=int, default=300)
    arguments = parser.parse_args()
    found = arguments.action(arguments)
    print(*found, f"{len(found)} differences", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
