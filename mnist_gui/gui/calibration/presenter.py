"""How honest the current network's percentages are, on test or validation images."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import Slot

from mnist_gui.engine.calibration import BINS, Honesty, measure_honesty
from mnist_gui.engine.inside.files import table_csv
from mnist_gui.gui.calibration.page import TEST, CalibrationPage
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.common.values import network_file_name, network_title
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter

_HEADS = (
    "probabilities",
    "from",
    "to",
    "images",
    "right",
    "mean_probability",
    "accuracy",
    "expected_calibration_error",
    "maximum_calibration_error",
    "brier_score",
    "log_loss",
)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The honesty of raw and, if there is a temperature, of calibrated probabilities.

    `accuracy` 0..1 is that of both.
    """

    raw: Honesty
    calibrated: Honesty | None
    accuracy: float


class CalibrationPresenter(ViewPresenter):
    """Shows the calibration of the current network."""

    def __init__(self, session: Session, page: CalibrationPage, shell: Shell) -> None:
        super().__init__(session, page, shell, Page.CALIBRATION)
        self._calibration = page
        self._answer: Answer | None = None
        page.images_box.currentIndexChanged.connect(self._choose_images)
        self.follow(session.network, session.view_dataset)

    @Slot(int)
    def _choose_images(self, kind: int) -> None:
        self._calibration.show_images_kind(kind)
        self.ask()

    def question(self) -> Question | str:
        """Ask for the current network and the chosen images."""
        network, dataset = self._session.network.value, self._session.view_dataset.value
        if network is None:
            return self.no_network()
        if dataset is None:
            return self.no_images()
        kind = self._calibration.images_box.currentIndex()
        return network, dataset.test if kind == TEST else dataset.validation, kind

    def answers(self, question: Question) -> Iterator[Any]:
        """Read the images, and measure the probabilities without the temperature and with it."""
        network, images, _ = question
        reading = yield from self._session.set_reader.read(network, images.images)
        raw = measure_honesty(reading.probabilities(1.0), images.labels)
        calibrated = None
        if network.temperature != 1:
            shares = reading.probabilities(network.temperature)
            calibrated = measure_honesty(shares, images.labels)
        right = np.count_nonzero(reading.logits.argmax(axis=1) == images.labels)
        yield Answer(raw, calibrated, int(right) / len(images))

    def show_answer(self, question: Question, answer: Answer) -> None:
        """Show the measures, and of what they are."""
        network, images, kind = question
        self._answer = answer
        on_test = self.tr("{network}, on {count} test images")
        on_validation = self.tr("{network}, on {count} validation images")
        title = network_title(network.recipe.name, network.step)
        text = on_test if kind == TEST else on_validation
        self._page.show_title(text.format(network=title, count=count(len(images))))
        self._calibration.show_calibration(
            answer.raw, answer.calibrated, network.temperature, answer.accuracy
        )

    def numbers(self) -> bytes:
        """Return a line for each bin and one for all of them, raw and calibrated."""
        lines: list[tuple[object, ...]] = []
        if self._answer is not None:
            lines += _lines("raw", self._answer.raw)
            if self._answer.calibrated is not None:
                lines += _lines("calibrated", self._answer.calibrated)
        return table_csv(_HEADS, lines)

    def file_name(self) -> str:
        """Return a name with the network's."""
        network = self._session.network.value
        assert network is not None
        file = network_file_name(network.recipe.name, network.step)
        return self.tr("{network}-calibration").format(network=file)


def _lines(name: str, honesty: Honesty) -> Iterator[tuple[object, ...]]:
    found = honesty.reliability
    for place in range(BINS):
        yield (
            name,
            place / BINS,
            (place + 1) / BINS,
            int(found.images[place]),
            int(found.right[place]),
            float(found.probability[place]),
            float(found.accuracy[place]),
        )
    images, right = int(found.images.sum()), int(found.right.sum())
    mean = float(np.nansum(found.probability * found.images)) / images
    yield (
        *(name, 0, 1, images, right, mean, right / images),
        *(honesty.expected_error, honesty.maximum_error, honesty.brier_score, honesty.loss),
    )


def add(parts: ViewParts) -> Building:
    """Build the page, and its presenter in another turn."""
    page = CalibrationPage()
    yield
    return CalibrationPresenter(parts.session, page, parts.shell)
