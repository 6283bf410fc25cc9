"""The variables that change from step to step, by the names that a checkpoint gives them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from mnist_gui.engine.networks import weight_name
from mnist_gui.engine.training.optimizers import Optimizer
from mnist_gui.engine.training.weight_average import WeightAverage

if TYPE_CHECKING:
    import keras


class TrainState:
    """Reads and sets everything that the next step depends on, besides recipe, data and step."""

    def __init__(
        self, network: "keras.Model", optimizer: Optimizer, average: WeightAverage | None
    ) -> None:
        self._variables = dict(_named(network, optimizer, average))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return copies of all the variables; see `checkpoint.checkpoint_types`."""
        return {name: variable.numpy() for name, variable in self._variables.items()}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Give the variables these values."""
        for name, variable in self._variables.items():
            variable.assign(arrays[name])


def _named(
    network: "keras.Model", optimizer: Optimizer, average: WeightAverage | None
) -> Iterator[tuple[str, Any]]:
    names = [weight_name(weight) for weight in network.weights]
    trained = [weight_name(weight) for weight in network.trainable_variables]
    for name, weight in zip(names, network.weights, strict=True):
        yield f"network/{name}", weight.value
    for number, slot in enumerate(optimizer.slots):
        for name, variable in zip(trained, slot, strict=True):
            yield f"slots/{number}/{name}", variable
    if average is not None:
        for name, variable in zip(names, average.means, strict=True):
            yield f"average/{name}", variable
    # What is a variable but no weight is the state of a random generator.
    weights = {id(weight) for weight in network.weights}
    states = [variable for variable in network.variables if id(variable) not in weights]
    for number, state in enumerate(states):
        yield f"random/{number}", state.value
