"""Trains the network that ships from several others: resources/models/cnn-best.mnistgui.

    python -m benchmarks.distillation OUT.mnistgui TEACHER.mnistgui ... [--steps N] [--seed N]

It learns as the recipe "cnn-best" does, for longer and from more digits of our own pen styles, and
its targets are for the most part the teachers' mean probabilities for the very images that it sees,
distorted as they are. Source: G. Hinton, O. Vinyals and J. Dean, Distilling the knowledge in a
neural network, 2015; L. Beyer et al., Knowledge distillation: a good teacher is patient and
consistent, 2022.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from mnist_gui.engine.dataset import LabelledImages, load_dataset
from mnist_gui.engine.events import EvaluationProgress
from mnist_gui.engine.models.devices import find_device, load_tensorflow, pick_precision
from mnist_gui.engine.models.model_file import load_snapshot, save_snapshot
from mnist_gui.engine.models.networks import (
    build_network,
    network_weights,
    set_network_weights,
    to_network_input,
)
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.synthetic.generate import generate_digit_images, join
from mnist_gui.engine.training.policies import BatchSampler
from mnist_gui.engine.training.train_step import TrainStep, ValidationStep

_SYNTHETIC_IMAGES = 48_000
# Of the objective: the rest is the labels', without smoothing.
_TEACHERS_SHARE = 0.8
_STEPS_AT_ONCE = 100


class TaughtStep(TrainStep):
    """A training step whose targets are mostly what the teachers say."""

    def __init__(self, teachers: Sequence[Any], *arguments: Any) -> None:
        """`teachers` are Keras models with logits; the rest is TrainStep's."""
        self._teachers = teachers
        super().__init__(*arguments)

    def objective(self, images: Any, logits: Any, loss: Any) -> Any:
        """Return the cross-entropy with the teachers' mean probabilities, and some of `loss`."""
        import tensorflow as tf

        inputs = to_network_input(images)
        said = [tf.nn.softmax(teacher(inputs, training=False)) for teacher in self._teachers]
        targets = tf.stop_gradient(tf.add_n(said) / len(said))
        taught = tf.nn.softmax_cross_entropy_with_logits(targets, logits)
        return _TEACHERS_SHARE * tf.reduce_mean(taught) + (1 - _TEACHERS_SHARE) * loss


def _teacher(path: Path, precision: str) -> Any:
    snapshot = load_snapshot(path)
    network = build_network(snapshot.recipe.network, precision=precision)
    # Without its temperature: as it learnt, the targets are soft.
    set_network_weights(network, snapshot.weights)
    return network


def train(recipe: Recipe, teachers: Sequence[Path]) -> Snapshot:
    """Return the network at the end of the recipe, taught by these."""
    load_tensorflow()
    import tensorflow as tf

    dataset, device = load_dataset(), find_device()
    precision = pick_precision(recipe.precision, recipe.network, device)
    synthetic: LabelledImages = join(list(generate_digit_images(_SYNTHETIC_IMAGES, recipe.seed)))
    with tf.device(device.placement):
        network = build_network(
            recipe.network, seed=recipe.seed, precision=precision, for_training=True
        )
        validation = ValidationStep(network, dataset.validation, 250)
        others = [_teacher(path, precision) for path in teachers]
        step = TaughtStep(others, network, dataset.train, recipe, synthetic)
    batches = BatchSampler(
        images=len(dataset.train), batch_size=recipe.dataset_per_batch, seed=recipe.seed
    )
    _train(step, batches, recipe.steps)
    accuracy, temperature = _validated(validation)
    print(f"validation {accuracy:.2%}, temperature {temperature:.3f}")
    return Snapshot(recipe, recipe.steps, network_weights(network), temperature)


def _train(step: TrainStep, batches: BatchSampler, steps: int) -> None:
    started = perf_counter()
    for first in range(0, steps, _STEPS_AT_ONCE):
        some = min(_STEPS_AT_ONCE, steps - first)
        losses, _ = step.run(batches.indices(first, some), first)
        done, seconds = first + some, perf_counter() - started
        if not done % (10 * _STEPS_AT_ONCE):
            print(f"step {done}: loss {losses.mean():.4f}, {seconds:.0f} s", file=sys.stderr)
    step.finish()


def _validated(validation: ValidationStep) -> tuple[float, float]:
    """Return the accuracy on the validation images, and the temperature."""
    found = list[tuple[float, float, float]]()

    def run() -> Iterator[EvaluationProgress]:
        found.append((yield from validation.run()))

    for _ in run():
        pass
    accuracy, _, temperature = found[0]
    return accuracy, temperature


def main() -> int:
    """Train and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("teachers", type=Path, nargs="+")
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drawn-share", type=float, default=0.2)
    arguments = parser.parse_args()
    recipe = replace(
        find_recipe("cnn-best"),
        steps=arguments.steps,
        seed=arguments.seed,
        drawn_share=arguments.drawn_share,
    )
    save_snapshot(arguments.out, train(recipe, arguments.teachers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
