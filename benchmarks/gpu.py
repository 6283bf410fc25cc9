"""Measures in five minutes what a GPU gives this program; run it and send what it prints.

    python -m benchmarks.gpu [--device "GPU 0"] [--quick] [--json]

On the best device, or the one named: images per second of cnn-tutorial in float32 and bfloat16 at
batches of 50 to 4,096; the memory that TensorFlow took, and whether it takes only what it needs;
whether a run that is trained twice has the same bits; how long cnn-fast takes to 99.2 % of the
validation images; and the gaps in the window's event loop while it trains, by
`benchmarks.responsiveness` (offscreen where there is no display). Where there are several GPUs and
no device is named, all but the window follows for all GPUs together. Without a GPU it says so, and
why, and measures the processor. `--quick` takes a minute there: two batches, a few steps of
cnn-fast, no window.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.events import StepsTrained, TestEvaluated, Validated
from mnist_gui.engine.models.devices import Device, find_device, find_devices, load_tensorflow
from mnist_gui.engine.recipe import AUTOMATIC, Recipe, find_recipe
from mnist_gui.engine.training.trainer import Trainer
from mnist_gui.words.errors import sentence

_PRECISIONS = ("float32", "bfloat16")
_ENDLESS = 1_000_000
_GOAL = 0.992


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: seconds for each speed, batches, steps of cnn-fast, the window."""

    warm_up: float = 1.0
    seconds: float = 4.0
    batches: tuple[int, ...] = (50, 128, 512, 2_048, 4_096)
    repeated_steps: int = 200
    fast_steps: int = find_recipe("cnn-fast").steps
    has_window: bool = True


FULL = Extent()
QUICK = Extent(0.5, 2.0, (50, 128), 10, 40, has_window=False)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--device", default=AUTOMATIC, help='"GPU 0", "all GPUs", "CPU" (default: the best)'
    )
    parser.add_argument("--quick", action="store_true", help="a minute on a processor")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    load_tensorflow()
    extent = QUICK if arguments.quick else FULL
    found = _figures(find_device(arguments.device), extent, is_told=not arguments.json)
    together = [device for device in find_devices() if device.replicas]
    for device in together if arguments.device == AUTOMATIC else []:
        without_window = replace(extent, has_window=False)
        found[device.key] = _figures(device, without_window, is_told=not arguments.json)
    if arguments.json:
        print(json.dumps(found))
    return 0


def _figures(device: Device, extent: Extent, *, is_told: bool) -> dict[str, Any]:
    reason = sentence(device.reason) if device.reason else None
    if is_told:
        print(f"{device}\n")
        if reason:
            print(f"There is no GPU, so this is the processor: {reason}\n")
    return {"device": str(device), "no_gpu": reason} | dict(
        _measured(device, extent, is_told=is_told)
    )


def _measured(device: Device, extent: Extent, *, is_told: bool) -> Iterator[tuple[str, Any]]:
    """Yield each figure by its name, and print it as it comes."""
    started = perf_counter()

    def tell(text: str) -> None:
        if is_told:
            print(text, flush=True)

    dataset = load_dataset()
    speeds = {}
    tell("| cnn-tutorial, images per second | " + " | ".join(_PRECISIONS) + " |\n|---|---|---|")
    for batch in extent.batches:
        row = [_speed(dataset, device, batch, precision, extent) for precision in _PRECISIONS]
        speeds[batch] = dict(zip(_PRECISIONS, row, strict=True))
        tell(f"| batch {batch:,} | " + " | ".join(f"{speed:,.0f}" for speed in row) + " |")
    yield "images_per_second", speeds
    memory = _memory(device)
    tell(f"\nMemory of the GPU: {memory or 'none is used'}")
    yield "memory", memory
    for precision in _PRECISIONS:
        same = _same_twice(dataset, device, precision, extent.repeated_steps)
        words = "the same bits" if same else "other bits: runs here are not repeatable exactly"
        tell(f"{extent.repeated_steps} steps in {precision} twice: {words}.")
        yield f"same_bits_{precision}", same
    fast = _to_goal(dataset, device, extent.fast_steps)
    tell(_goal_text(fast))
    yield "cnn_fast", fast
    if extent.has_window:
        window = _window()
        tell(f"Gaps of the window, and more: {json.dumps(window)}")
        yield "window", window
    yield "seconds", perf_counter() - started
    tell(f"This took {perf_counter() - started:.0f} s.")


def _speed(dataset: Dataset, device: Device, batch: int, precision: str, extent: Extent) -> float:
    recipe = replace(
        find_recipe("cnn-tutorial"),
        batch_size=batch,
        precision=precision,
        steps=_ENDLESS,
        validate_every=_ENDLESS,
    )
    first = begun = 0.0
    images = 0
    for event in Trainer(dataset, recipe, device.key).events():
        if not isinstance(event, StepsTrained):
            continue
        now = perf_counter()
        first = first or now
        if begun:
            images += batch * len(event.losses)
        elif now - first >= extent.warm_up:
            begun = now
        if begun and now - begun >= extent.seconds:
            return images / (now - begun)
    raise AssertionError("a run without end has ended")


def _memory(device: Device) -> dict[str, Any] | None:
    """Return a GPU's memory in use at its peak, in MiB, and whether TensorFlow lets it grow.

    Of several GPUs, that of the one that uses most.
    """
    import tensorflow as tf

    if device.key == "CPU":
        return None
    names = [name.removeprefix("/") for name in device.replicas or [device.placement]]
    peaks = [tf.config.experimental.get_memory_info(name)["peak"] for name in names]
    gpus = tf.config.list_physical_devices("GPU")
    grows = [tf.config.experimental.get_memory_growth(gpu) for gpu in gpus]
    return {"peak_mib": round(max(peaks) / 2**20), "grows_as_needed": all(grows)}


def _same_twice(dataset: Dataset, device: Device, precision: str, steps: int) -> bool:
    recipe = replace(find_recipe("cnn-tutorial"), precision=precision, steps=steps)
    first, second = (_weights(dataset, recipe, device) for _ in range(2))
    return first == second


def _weights(dataset: Dataset, recipe: Recipe, device: Device) -> dict[str, bytes]:
    trainer = Trainer(dataset, recipe, device.key)
    for event in trainer.events():
        if isinstance(event, Validated) and event.step == recipe.steps:
            break
    return {name: array.tobytes() for name, array in trainer.snapshot().weights.items()}


def _to_goal(dataset: Dataset, device: Device, steps: int) -> dict[str, float | int | None]:
    """Train cnn-fast; return its seconds of training, and when it passed the goal."""
    recipe = replace(find_recipe("cnn-fast"), steps=steps, validate_every=max(1, steps // 12))
    seconds = 0.0
    found: dict[str, float | int | None] = {"steps": steps, "seconds_to_goal": None}
    for event in Trainer(dataset, recipe, device.key).events():
        match event:
            case StepsTrained():
                seconds += event.seconds
            case Validated() if event.accuracy >= _GOAL and found["seconds_to_goal"] is None:
                found["seconds_to_goal"] = seconds
            case TestEvaluated():
                found["test_accuracy"] = event.evaluation.accuracy
    return found | {"seconds": seconds}


def _goal_text(fast: dict[str, float | int | None]) -> str:
    reached = fast["seconds_to_goal"]
    goal = f"reached {_GOAL:.1%} of the validation images after {reached:.1f} s of training" if (
        reached
    ) else f"did not reach {_GOAL:.1%} of the validation images"  # fmt: skip
    return (
        f"cnn-fast {goal}; {fast['steps']:,} steps took {fast['seconds']:.1f} s, and "
        f"{fast['test_accuracy']:.2%} of the test images are read correctly."
    )


def _window() -> Any:
    command = [sys.executable, str(Path(__file__).parent / "responsiveness.py"), "--json"]
    ended = subprocess.run([*command, "--seconds", "30"], stdout=subprocess.PIPE, check=True)
    return json.loads(ended.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
