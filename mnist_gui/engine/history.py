"""A run's history: its events collected for plotting."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnist_gui.engine import events
from mnist_gui.engine.events import Event
from mnist_gui.engine.prediction import Evaluation
from mnist_gui.engine.recipe import Recipe

_RECENT_SECONDS = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Points to plot: `steps` (n,) and `values` (n,), float64."""

    steps: NDArray[np.float64]
    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.steps)

    def smoothed(self, points: int) -> "Curve":
        """Return a weighted mean around each point, as steady as that of so many points.

        An exponential average of both sides, corrected for its bias: at the first points it
        takes no more from behind them than from before, at the last ones it is one-sided.
        """
        reach = points / 4
        before, mass_before = _decaying_sums(self.values, reach)
        after, mass_after = (each[::-1] for each in _decaying_sums(self.values[::-1], reach))
        share = np.minimum(1.0, (mass_before - 1) / np.maximum(mass_after - 1, 1e-12))
        total = before + share * (after - self.values)
        return Curve(self.steps, total / (mass_before + share * (mass_after - 1)))

    def thinned(self, points: int) -> "Curve":
        """Return at most about `points` points, each the mean of equally many neighbours."""
        size = -(-len(self) // points)
        if size <= 1:
            return self
        starts = np.arange(0, len(self), size)
        counts = np.diff(np.append(starts, len(self)))
        ends = np.minimum(starts + size, len(self)) - 1
        return Curve(self.steps[ends], np.add.reduceat(self.values, starts) / counts)


def _decaying_sums(
    values: NDArray[np.float64], reach: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return at each point the sums of values and weights up to it.

    The weights fall to 1/e over so many points.
    """
    sums, masses = np.empty_like(values), np.empty_like(values)
    # The growing weights of more points at once would leave the range of floats.
    block = max(1, round(min(500 * reach, len(values))))
    total = mass = 0.0
    for start in range(0, len(values), block):
        part = values[start : start + block]
        age = np.exp(-np.arange(1, len(part) + 1) / reach)
        sums[start : start + block] = age * (total + np.cumsum(part / age))
        masses[start : start + block] = age * (mass + np.cumsum(1 / age))
        total, mass = sums[start + len(part) - 1], masses[start + len(part) - 1]
    return sums, masses


class History:
    """Collect a run's events; takes a few numbers of memory per step."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        # Steps that are added later are not part of the schedule.
        self.scheduled_steps = recipe.steps
        self.prepared: events.RunPrepared | None = None
        self.tested: events.TestEvaluated | None = None
        self.step = 0
        self.epoch = 0.0
        self.train_seconds = 0.0
        self._validated = -1
        self._annotations: list[events.Annotation] = []
        self._losses = _Series()
        self._accuracies = _Series()
        self._validations = _Series()
        self._validation_losses = _Series()
        self._seconds = _Series()
        self._recent = _Recent()

    def append(self, event: Event) -> None:
        """Add an event."""
        match event:
            case events.RunPrepared():
                self.prepared = event
            case events.StepsTrained():
                self._append_steps(event)
            case events.Validated() if event.step <= self._validated:
                # A run that is resumed from just before a validation repeats it.
                pass
            case events.Validated():
                self._validated = event.step
                self._validations.extend([event.step], [event.accuracy])
                self._validation_losses.extend([event.step], [event.loss])
            case events.TestEvaluated():
                self.tested = event
            case events.BestWeightsRestored() if event in self._annotations:
                pass
            case events.LoggedEvent():
                if isinstance(event, events.StepsAdded):
                    self.recipe = replace(self.recipe, steps=event.steps)
                self._annotations.append(event)

    def _append_steps(self, event: events.StepsTrained) -> None:
        first = event.step - len(event.losses)
        self._losses.extend(np.arange(first, event.step) + 1, event.losses)
        steps = [first + index for index, _ in event.accuracies]
        self._accuracies.extend(steps, [accuracy for _, accuracy in event.accuracies])
        self.step = event.step
        self.epoch = event.epoch
        self.train_seconds += event.seconds
        self._seconds.extend([event.step], [self.train_seconds])
        self._recent.append(len(event.losses), event.seconds)

    @property
    def annotations(self) -> tuple[events.Annotation, ...]:
        """The annotations, in order."""
        return tuple(self._annotations)

    @property
    def restored(self) -> events.BestWeightsRestored | None:
        """How the run restored its best weights, unless it was continued since."""
        last = self._annotations[-1] if self._annotations else None
        return (
            last
            if isinstance(last, events.BestWeightsRestored) and last.step == self.step
            else None
        )

    @property
    def loss(self) -> Curve:
        """Cross-entropy of each step's batch."""
        return self._losses.curve()

    @property
    def train_accuracy(self) -> Curve:
        """Accuracy on the batch of a step, without dropout, 0..1."""
        return self._accuracies.curve()

    @property
    def validation_accuracy(self) -> Curve:
        """Accuracy on the validation images, 0..1."""
        return self._validations.curve()

    @property
    def validation_loss(self) -> Curve:
        """Cross-entropy on the validation images."""
        return self._validation_losses.curve()

    @property
    def seconds(self) -> Curve:
        """How long training had taken after a step, at the end of each chunk."""
        return self._seconds.curve()

    @property
    def evaluation(self) -> Evaluation | None:
        """The evaluation on the test images, once there is one."""
        return self.tested.evaluation if self.tested else None

    @property
    def progress(self) -> events.Progress:
        """How far the run is."""
        speed = self._recent.steps_per_second
        remaining = (self.recipe.steps - self.step) / speed if speed else None
        return events.Progress(
            self.step, self.recipe.steps, self.epoch, self.train_seconds, remaining, speed
        )


class _Recent:
    """Sums over the chunks of the last few seconds."""

    def __init__(self) -> None:
        self._calls: deque[tuple[int, float]] = deque()
        self._steps = 0
        self._seconds = 0.0

    def append(self, steps: int, seconds: float) -> None:
        self._calls.append((steps, seconds))
        self._steps += steps
        self._seconds += seconds
        while len(self._calls) > 1 and self._seconds > _RECENT_SECONDS:
            steps, seconds = self._calls.popleft()
            self._steps -= steps
            self._seconds -= seconds

    @property
    def steps_per_second(self) -> float | None:
        """The mean speed, None before the first chunk."""
        return self._steps / self._seconds if self._seconds > 0 else None


class _Series:
    """A growing curve; the array doubles, so that appending is cheap."""

    def __init__(self) -> None:
        self._data = np.empty((2, 256))
        self._size = 0

    def extend(self, steps: ArrayLike, values: Sequence[float]) -> None:
        end = self._size + len(values)
        while end > self._data.shape[1]:
            self._data = np.concatenate((self._data, np.empty_like(self._data)), axis=1)
        self._data[0, self._size : end] = steps
        self._data[1, self._size : end] = values
        self._size = end

    def curve(self) -> Curve:
        # Appending writes only behind this view.
        return Curve(self._data[0, : self._size], self._data[1, : self._size])
