"""What is said of calibration, in words and numbers."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from mnist_gui.engine.calibration import BINS, Honesty, Reliability
from mnist_gui.engine.prediction import wilson_interval
from mnist_gui.gui.common.labels import count, number, percent
from mnist_gui.words.language import in_sequence


class CalibrationText(QObject):
    """The sentences of the page."""

    def bin(self, series: Sequence[Reliability], place: int) -> str:
        """Say what is in a bin, of raw and of calibrated probabilities."""
        low, high = percent(place / BINS), percent((place + 1) / BINS)
        whole = self.tr("Answers that are {low} to {high} sure.").format(low=low, high=high)
        names = (self.tr("Raw: {words}"), self.tr("Calibrated: {words}"))
        if len(series) == 1:
            return in_sequence((whole, self._part(series[0], place)))
        parts = (
            name.format(words=self._part(each, place))
            for name, each in zip(names, series, strict=False)
        )
        return in_sequence((whole, *parts))

    def _part(self, found: Reliability, place: int) -> str:
        images = int(found.images[place])
        if not images:
            return self.tr("no images.")
        right = int(found.right[place])
        low, high = wilson_interval(right, images)
        text = self.tr(
            "{right} of {images} images are right, {accuracy} (95 % interval {low} to {high}); "
            "it says {probability} on average."
        )
        return text.format(
            right=count(right),
            images=count(images),
            accuracy=percent(right / images),
            low=percent(low),
            high=percent(high),
            probability=percent(float(found.probability[place])),
        )

    def measures(self) -> tuple[str, ...]:
        """Return the name of each measure."""
        return (
            self.tr("Expected calibration error"),
            self.tr("Maximum calibration error"),
            self.tr("Brier score"),
            self.tr("Log loss"),
        )

    def meanings(self, raw: Honesty, calibrated: Honesty | None) -> tuple[str, ...]:
        """Return what each measure tells."""
        worst = self.tr("The same in the worst bin; images in it: {raw} and {calibrated}.")
        if calibrated is None:
            worst = self.tr("The same in the worst bin; images in it: {raw}.")
        found = calibrated or raw
        images = count(raw.images_of_maximum), count(found.images_of_maximum)
        return (
            self.tr("In points: how far percentages are from how often it is right, on average."),
            worst.format(raw=images[0], calibrated=images[1]),
            self.tr("Mean squared distance from the right answer: 0 is best, 2 is worst."),
            self.tr("Cross-entropy in nats: high where the true digit got little probability."),
        )

    def figures(self, honesty: Honesty) -> tuple[str, ...]:
        """Return the number of each measure."""
        return (
            number(100 * honesty.expected_error, 2),
            number(100 * honesty.maximum_error, 2),
            number(honesty.brier_score, 4),
            number(honesty.loss, 4),
        )
