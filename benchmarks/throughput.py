"""Measures how fast the tutorial networks train, in this program and in other frameworks.

    python benchmarks/throughput.py [--recipe NAME ...] [--without NAME ...] [--rounds 3]
                                    [--seconds 6] [--patience 0] [--json]

The same network, batch, optimizer and data in all of them. Each measurement has a process of its
own, so that thread pools do not disturb one another; a round takes all of them in turn, and
ratios are taken within a round, so that they stand a machine that is quicker now than then. The
peers come with `pip install '.[bench]'`; one that is not installed, or left out by `--without`, is
reported as absent. JAX by `scan` is best left out: it does less than a convolutional step a second.

On a machine that others use as well, `--patience` is for how many seconds a measurement is tried
again if other programs took more than a tenth of a core meanwhile (Linux only).
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from math import prod
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import NamedTuple

from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.models.devices import load_tensorflow
from mnist_gui.engine.models.networks import build_network
from mnist_gui.engine.recipe import Recipe, find_recipe

_RECIPES = ("cnn-tutorial", "softmax-tutorial")
_WARM_UP_SECONDS = 2.0
# Of a core; what a desktop does by itself.
_CALM = 0.1
_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to train: a module of `peers`, what it needs installed, and its arguments."""

    module: str
    package: str
    arguments: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_installed(self) -> bool:
        """Whether it can be measured here."""
        return find_spec(self.package) is not None


_OURS = ("mnist-gui float32", "mnist-gui automatic")
_PRODUCT = "matrix product"
PEERS = {
    _OURS[0]: Peer("engine", "tensorflow", {"precision": "float32"}),
    _OURS[1]: Peer("engine", "tensorflow", {"precision": "automatic"}),
    "Keras fit": Peer("keras_fit", "keras", {"steps_per_execution": 1}),
    "Keras fit, 50 steps per execution": Peer("keras_fit", "keras", {"steps_per_execution": 50}),
    "Keras fit, not by XLA": Peer(
        "keras_fit", "keras", {"steps_per_execution": 1, "jit_compile": False}
    ),
    "Keras fit, not by XLA, 50 steps": Peer(
        "keras_fit", "keras", {"steps_per_execution": 50, "jit_compile": False}
    ),
    "PyTorch float32": Peer("pytorch", "torch", {"precision": "float32"}),
    "PyTorch bfloat16": Peer("pytorch", "torch", {"precision": "bfloat16"}),
    "PyTorch float32, compiled": Peer(
        "pytorch", "torch", {"precision": "float32", "is_compiled": True}
    ),
    "PyTorch bfloat16, compiled": Peer(
        "pytorch", "torch", {"precision": "bfloat16", "is_compiled": True}
    ),
    "JAX float32": Peer("jax_jit", "jax"),
    "JAX float32, 50 steps by scan": Peer("jax_jit", "jax", {"steps_at_once": 50}),
    _PRODUCT: Peer("matrix_product", "tensorflow"),
}


class Measured(NamedTuple):
    """What one measurement gave: `others` is how many cores other programs kept busy meanwhile."""

    steps_per_second: float
    others: float


# What each round gave for each peer; None where a peer is absent.
Results = dict[str, list[Measured] | None]


class Stopwatch:
    """Counts steps over some seconds, after a warm-up."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._first: float | None = None
        self._start: float | None = None
        self._steps = 0
        self.rate = 0.0

    def note(self, steps: int) -> bool:
        """Count steps that have just ended; return whether to go on."""
        now = perf_counter()
        self._first = self._first or now
        if self._start is None:
            if now - self._first >= _WARM_UP_SECONDS:
                self._start = now
            return True
        self._steps += steps
        self.rate = self._steps / (now - self._start)
        return now - self._start < self._seconds


def measure_here(name: str, recipe: Recipe, seconds: float) -> float:
    """Train in this process; return the steps per second."""
    peer = PEERS[name]
    module = import_module(f"peers.{peer.module}")
    stopwatch = Stopwatch(seconds)
    module.train(load_dataset(), recipe, stopwatch.note, **peer.arguments)
    return stopwatch.rate


def measure_apart(name: str, recipe: str, options: argparse.Namespace) -> Measured:
    """Train in a process of its own, again while patience lasts; return the calmest attempt."""
    attempts = []
    started = perf_counter()
    while True:
        attempts.append(_attempt(name, recipe, options.seconds))
        print(f"{recipe}, {name}: {attempts[-1]}", file=sys.stderr, flush=True)
        if attempts[-1].others <= _CALM or perf_counter() - started > options.patience:
            return min(attempts, key=lambda attempt: attempt.others)
        sleep(_PAUSE_SECONDS)


def _attempt(name: str, recipe: str, seconds: float) -> Measured:
    command = [sys.executable, __file__, "--peer", name, "--recipe", recipe]
    started, others = perf_counter(), _others_seconds()
    ended = subprocess.run(
        [*command, "--seconds", str(seconds)], capture_output=True, text=True, check=False
    )
    if ended.returncode:
        sys.exit(f"{name} failed:\n{ended.stderr}")
    others = (_others_seconds() - others) / (perf_counter() - started)
    return Measured(json.loads(ended.stdout.splitlines()[-1])["steps_per_second"], others)


def _others_seconds() -> float:
    """Return the processor time that programs other than this one's children took so far."""
    try:
        words = Path("/proc/stat").read_text().split(maxsplit=9)
    except OSError:
        return 0.0
    user, nice, system, _idle, _waiting, *interrupts = (int(word) for word in words[1:9])
    busy = (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")
    return busy - os.times().children_user - os.times().children_system


def measure(recipe: str, options: argparse.Namespace) -> Results:
    """Measure all peers, round by round."""
    results: Results = {
        name: [] if peer.is_installed and name not in options.without else None
        for name, peer in PEERS.items()
    }
    for _ in range(options.rounds):
        for name, rounds in results.items():
            if rounds is not None:
                rounds.append(measure_apart(name, recipe, options))
    return results


def step_flop(recipe: Recipe) -> int:
    """Return the floating-point operations of one step's products, counted on the network.

    Forward, one multiplication and one addition for each weight of a kernel at each place that it
    is put; backward as much again for the kernel's gradient and for the gradient of what went
    into the layer, the latter not for images.
    """
    load_tensorflow()
    layers = [layer for layer in build_network(recipe.network).layers if hasattr(layer, "kernel")]
    products = [prod(layer.kernel.shape) * prod(layer.output.shape[1:-1]) for layer in layers]
    return 2 * recipe.batch_size * int(3 * sum(products) - products[0])


def summary(recipe: Recipe, results: Results) -> dict[str, object]:
    """Return medians, ranges, ratios and shares of the matrix product's speed."""
    peers = [name for name in PEERS if name != _PRODUCT]
    return {
        "steps_per_second": {name: _spread(results[name]) for name in peers},
        "ratios": {ours: {name: _ratio(results, ours, name) for name in peers} for ours in _OURS},
        "step_gigaflop": step_flop(recipe) / 1e9,
        "product_gigaflop_per_second": _spread(results[_PRODUCT], _product_flop() / 1e9),
        "share_of_product": {ours: _share(recipe, results, ours) for ours in _OURS},
        "rounds": results,
    }


def _product_flop() -> int:
    return int(import_module("peers.matrix_product").FLOP)


def _spread(rounds: list[Measured] | None, factor: float = 1) -> dict[str, float] | None:
    if rounds is None:
        return None
    rates = [factor * measured.steps_per_second for measured in rounds]
    return {"median": median(rates), "least": min(rates), "most": max(rates)}


def _ratio(results: Results, ours: str, other: str) -> float | None:
    """Return the median over the rounds of our speed over another's."""
    mine, theirs = results[ours], results[other]
    if mine is None or theirs is None:
        return None
    pairs = zip(mine, theirs, strict=True)
    return median(one.steps_per_second / two.steps_per_second for one, two in pairs)


def _share(recipe: Recipe, results: Results, ours: str) -> float:
    """Return our arithmetic's speed as a share of the matrix product's."""
    ratio = _ratio(results, ours, _PRODUCT)
    assert ratio is not None, "both need TensorFlow only"
    return ratio * step_flop(recipe) / _product_flop()


def print_table(recipe: Recipe, results: Results) -> None:
    """Print what was measured of one recipe, in Markdown."""
    print(f"\n`{recipe.name}`, batch {recipe.batch_size}, steps per second:\n")
    print("| | median | least | most | our float32 to it | our automatic to it |")
    print("|---|---|---|---|---|---|")
    for name in PEERS:
        if name != _PRODUCT:
            print(f"| {name} | " + " | ".join(_cells(results, name)) + " |")
    gigaflops = _spread(results[_PRODUCT], _product_flop() / 1e9)
    assert gigaflops is not None, "needs TensorFlow only"
    shares = " and ".join(f"{_share(recipe, results, ours):.0%} ({ours})" for ours in _OURS)
    others = max(measured.others for rounds in results.values() for measured in rounds or ())
    print(
        f"\nA step takes {step_flop(recipe) / 1e9:.3g} GFLOP; products of large float32 matrices "
        f"run at {gigaflops['median']:.0f} GFLOPS ({gigaflops['least']:.0f} to "
        f"{gigaflops['most']:.0f}), of which training reaches {shares}. Other programs kept at "
        f"most {others:.2f} cores busy."
    )


def _cells(results: Results, name: str) -> list[str]:
    spread = _spread(results[name])
    if spread is None:
        return ["absent", "", "", "", ""]
    ratios = (_ratio(results, ours, name) for ours in _OURS)
    return [f"{rate:,.4g}" for rate in spread.values()] + [f"{ratio:.2f}" for ratio in ratios]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--recipe", nargs="+", choices=_RECIPES, default=_RECIPES)
    others = [name for name in PEERS if name not in (*_OURS, _PRODUCT)]
    help_text = ", ".join(f'"{name}"' for name in others)
    parser.add_argument(
        "--without", nargs="+", choices=others, default=(), metavar="NAME", help=help_text
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6, help="of each measurement")
    parser.add_argument("--patience", type=float, default=0, help="seconds for each measurement")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--peer", choices=PEERS, help="measure this one in this process")
    arguments = parser.parse_args()
    if arguments.peer:
        # Keras draws progress bars.
        with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
            rate = measure_here(arguments.peer, find_recipe(arguments.recipe[0]), arguments.seconds)
        print(json.dumps({"steps_per_second": rate}))
        return 0
    results = {name: measure(name, arguments) for name in arguments.recipe}
    if arguments.json:
        print(json.dumps({name: summary(find_recipe(name), results[name]) for name in results}))
        return 0
    for name, measured in results.items():
        print_table(find_recipe(name), measured)
    return 0


if __name__ == "__main__":
    sys.exit(main())
