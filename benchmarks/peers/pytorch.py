"""PyTorch as its performance guide advises: channels last, data resident, fused Adam.

Eager, or compiled: `torch.compile` of the network and the loss.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.recipe import Recipe

_STEPS_PER_NOTE = 10


def train(
    dataset: Dataset,
    recipe: Recipe,
    note: Callable[[int], bool],
    precision: str,
    *,
    is_compiled: bool = False,
) -> None:
    """Train, telling `note` of the steps done, until it returns False."""
    images = torch.tensor(dataset.train.images).unsqueeze(1).float() / 255
    labels = torch.tensor(dataset.train.labels).long()
    model = _NETWORKS[recipe.network]().to(memory_format=torch.channels_last)
    optimizer = _OPTIMIZERS[recipe.optimizer](model.parameters(), recipe.learning_rate)
    is_narrow = precision == "bfloat16"

    def loss_of(batch: Any, digits: Any) -> Any:
        with torch.autocast("cpu", torch.bfloat16, enabled=is_narrow):
            return cross_entropy(model(batch), digits)

    if is_compiled:
        loss_of = torch.compile(loss_of)
    for step, batch in enumerate(_batches(len(images), recipe.batch_size), start=1):
        optimizer.zero_grad()
        # Said of each batch: of an image with one channel, gathering forgets the format.
        gathered = images[batch].contiguous(memory_format=torch.channels_last)
        loss_of(gathered, labels[batch]).backward()
        optimizer.step()
        if step % _STEPS_PER_NOTE == 0 and not note(_STEPS_PER_NOTE):
            return


def _batches(images: int, size: int) -> Iterator[Any]:
    while True:
        yield from torch.randperm(images).split(size)


def _softmax() -> Any:
    return nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 10))


def _cnn() -> Any:
    return nn.Sequential(
        nn.Conv2d(1, 32, 5, padding="same"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding="same"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(7 * 7 * 64, 1024),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(1024, 10),
    )


def _adam(parameters: Any, rate: float) -> Any:
    return torch.optim.Adam(parameters, rate, fused=True)


_NETWORKS = {"softmax": _softmax, "cnn": _cnn}
_OPTIMIZERS = {"gradient-descent": torch.optim.SGD, "adam": _adam}
