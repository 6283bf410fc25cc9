"""Trains on two virtual processors together, and prints as JSON what `test_replicas.py` is about.

A program of its own: TensorFlow divides a processor only before it has computed anything.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from mnist_gui.engine.dataset import Dataset, load_dataset
from mnist_gui.engine.events import CheckpointTaken, RunPrepared, StepsTrained, Validated
from mnist_gui.engine.models.devices import Device, load_tensorflow
from mnist_gui.engine.models.networks import network_weights
from mnist_gui.engine.recipe import Recipe, find_recipe
from mnist_gui.engine.snapshot import Checkpoint
from mnist_gui.engine.training import trainer
from mnist_gui.engine.training.policies import BatchSampler, Timing
from mnist_gui.engine.training.replicas import prepare_training

ONE = Device("CPU", "a processor", "/CPU:0", computes_bfloat16=False)
BOTH = replace(ONE, key="both", replicas=("/CPU:0", "/CPU:1"))

# Odd, so that the shares differ; measured at each step.
SOFTMAX = replace(find_recipe("softmax-tutorial"), batch_size=7, measure_every=1)
CNN = replace(find_recipe("cnn-tutorial"), dropout=0.0, batch_size=7, precision="float32")
DROPOUT = replace(CNN, dropout=0.5)
# Of so many images one is spoiled in each way.
FAST = replace(
    find_recipe("cnn-fast"),
    batch_size=101,
    steps=16,
    validate_every=16,
    distortion=1.0,
    precision="float32",
)
STEP_BY_STEP = Timing(chunk=0.0, checkpoint=0.0, first_checkpoint=0.0)


def trained(dataset: Dataset, recipe: Recipe, device: Device, steps: int) -> Mapping[str, Any]:
    """Return the weights, losses and accuracies of the first steps of a recipe."""
    network, step = prepare_training(device, recipe, "float32", dataset.train)
    batches = BatchSampler(images=len(dataset.train), batch_size=recipe.batch_size, seed=1)
    losses, accuracies = step.run(batches.indices(0, steps), 0)
    measured = accuracies[np.isfinite(accuracies)]
    return network_weights(network) | {"losses": losses, "accuracies": measured}


def difference(dataset: Dataset, recipe: Recipe, steps: int) -> float:
    """Return the largest difference between one processor and both."""
    one, both = (trained(dataset, recipe, device, steps) for device in (ONE, BOTH))
    # Unlike Python's own, NumPy's maximum with what is no number is no number.
    return float(np.max([np.abs(one[name] - both[name]).max() for name in one]))


def with_dropout(dataset: Dataset) -> dict[str, Any]:
    """Train a step with dropout, and another one twice from the same arrays."""
    network, step = prepare_training(BOTH, DROPOUT, "float32", dataset.train)
    indices = np.arange(2 * DROPOUT.batch_size, dtype=np.int32).reshape(2, -1)
    step.run(indices[:1], 0)
    arrays = step.arrays()
    step.run(indices[1:], 1)
    first, are_alike = step.arrays(), copies_are_alike(network)
    step.restore(arrays)
    step.run(indices[1:], 1)
    weights = {weight.path for weight in network.weights}
    (state,) = (each for each in network.variables if each.path not in weights)
    return {
        "same bits": same_bits(first, step.arrays()),
        "copies are alike": are_alike,
        "random states": [copy.numpy().tolist() for copy in state.value.values],
        "random state in a checkpoint": first["random/0"].tolist(),
    }


def whole_run(dataset: Dataset) -> dict[str, Any]:
    """Train a run with normalization, synthetic digits, distortion and averaging; resume it."""
    run = trainer.Trainer(dataset, FAST, timing=STEP_BY_STEP)
    events = list(run.events())
    checkpoints = [event.checkpoint for event in events if isinstance(event, CheckpointTaken)]
    assert run._network is not None
    (prepared,) = (event for event in events if isinstance(event, RunPrepared))
    return {
        "device": prepared.device,
        "losses": [loss for e in events if isinstance(e, StepsTrained) for loss in e.losses],
        "validated": [event.accuracy for event in events if isinstance(event, Validated)],
        "copies are alike": copies_are_alike(run._network.network),
        "resumed to the same bits": same_bits(
            resumed(dataset, next(each for each in checkpoints if each.step == 12)),
            checkpoints[-1].arrays,
        ),
        "steps": checkpoints[-1].step,
    }


def resumed(dataset: Dataset, checkpoint: Checkpoint) -> Mapping[str, NDArray[Any]]:
    """Return the arrays of the end of a run that goes on from a checkpoint."""
    events = trainer.Trainer(dataset, checkpoint, timing=STEP_BY_STEP).events()
    return [event.checkpoint.arrays for event in events if isinstance(event, CheckpointTaken)][-1]


def copies_are_alike(network: Any) -> bool:
    """Return whether both processors have the same bits in every weight."""
    copies = [
        [copy.numpy().tobytes() for copy in weight.value.values] for weight in network.weights
    ]
    return all(len(each) == 2 and each[0] == each[1] for each in copies)


def same_bits(one: Mapping[str, NDArray[Any]], other: Mapping[str, NDArray[Any]]) -> bool:
    """Return whether two checkpoints have the same arrays."""
    return {name: array.tobytes() for name, array in one.items()} == {
        name: array.tobytes() for name, array in other.items()
    }


def main() -> None:
    """Print what was found."""
    load_tensorflow()
    import tensorflow as tf

    (processor,) = tf.config.list_physical_devices("CPU")
    halves = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(processor, halves)
    mnist = load_dataset()
    few = replace(
        mnist,
        train=mnist.train.first(300),
        validation=mnist.validation.first(60),
        test=mnist.test.first(60),
    )
    found = {
        "softmax": difference(few, SOFTMAX, 9),
        "cnn": difference(few, CNN, 3),
        "dropout": with_dropout(few),
    }
    with patch.object(trainer, "find_device", return_value=BOTH):
        found["run"] = whole_run(few)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
