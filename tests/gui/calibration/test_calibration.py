import csv
import math
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.engine.calibration import BINS
from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.prediction import wilson_interval
from mnist_gui.engine.shipped import SHIPPED_NETWORKS
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.calibration.diagram import CALIBRATED, RAW, series_colour
from mnist_gui.gui.calibration.page import VALIDATION, CalibrationPage
from mnist_gui.gui.calibration.presenter import CalibrationPresenter
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from tests.gui.recording_shell import RecordingShell

_SOFTMAX = SHIPPED_NETWORKS[1].path


def blots(count: int, seed: int) -> LabelledImages:
    """Return images of noise, of which a network reads some as their labels by chance."""
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (count, 28, 28)).astype(np.uint8)
    return LabelledImages(images, random.integers(0, 10, count).astype(np.uint8))


@pytest.fixture
def network() -> Snapshot:
    return load_snapshot(_SOFTMAX)


class View:
    def __init__(self, session: Session, shell: RecordingShell) -> None:
        self.page = CalibrationPage()
        self.presenter = CalibrationPresenter(session, self.page, shell)
        shell.resize(1_000, 800)
        shell.show()
        shell.pages.bring_to_front(Page.CALIBRATION)

    def figures(self, series: int) -> list[str]:
        return [labels[series].text() for labels in self.page.figures]


@pytest.fixture
def view(session: Session, shell: RecordingShell) -> View:
    return View(session, shell)


@pytest.fixture
def dataset() -> Dataset:
    return Dataset("noise", blots(20, 1), blots(120, 2), blots(400, 3), "")


def probabilities(
    network: Snapshot, images: LabelledImages, temperature: float
) -> list[list[float]]:
    """Compute softmax regression's probabilities in a way of its own."""
    weights = np.asarray(network.weights["output/kernel"], np.float64)
    flat = images.images.reshape(len(images), 784) / 255
    logits = flat @ weights + network.weights["output/bias"]
    rows = []
    for row in (logits / temperature).tolist():
        powers = [math.exp(each - max(row)) for each in row]
        rows.append([each / sum(powers) for each in powers])
    return rows


def wanted(network: Snapshot, images: LabelledImages, temperature: float) -> list[float]:
    """Return the four measures by formulas written out."""
    rows = probabilities(network, images, temperature)
    labels, size = images.labels.tolist(), len(images)
    brier = sum(
        (share - (digit == label)) ** 2
        for row, label in zip(rows, labels, strict=True)
        for digit, share in enumerate(row)
    )
    loss = -sum(math.log(row[label]) for row, label in zip(rows, labels, strict=True))
    bins: dict[int, list[tuple[float, bool]]] = {}
    for row, label in zip(rows, labels, strict=True):
        best = max(row)
        bins.setdefault(math.ceil(best * BINS) - 1, []).append((best, row.index(best) == label))
    gaps = {
        place: abs(sum(p - right for p, right in inside)) / len(inside)
        for place, inside in bins.items()
    }
    expected = sum(gaps[place] * len(inside) for place, inside in bins.items()) / size
    return [100 * expected, 100 * max(gaps.values()), brier / size, loss / size]


def test_it_says_what_is_missing(view: View, session: Session, network: Snapshot) -> None:
    assert view.page.message.text() == "No network yet: train one, or open one."
    session.use_network(network)
    assert view.page.message.text() == "The data set is still being loaded."


def test_the_measures_are_those_of_formulas_with_and_without_the_temperature(
    view: View, session: Session, network: Snapshot, dataset: Dataset, qtbot: QtBot
) -> None:
    session.dataset.set(dataset)
    session.use_network(network)
    qtbot.waitUntil(view.page.body.isVisible)
    assert "on 400 test images" in view.page.title.text()
    for series, temperature in ((RAW, 1.0), (CALIBRATED, network.temperature)):
        found = [float(text.replace(",", "")) for text in view.figures(series)]
        for number, other, decimals in zip(
            found, wanted(network, dataset.test, temperature), (2, 2, 4, 4), strict=True
        ):
            assert number == pytest.approx(other, abs=0.6 * 10**-decimals)
    assert "too sure" in view.page.verdicts[RAW].text()
    assert view.page.names[CALIBRATED].text() == "Calibrated, by the temperature 0.89"


def test_the_box_measures_on_validation_images_and_says_that_these_flatter(
    view: View, session: Session, network: Snapshot, dataset: Dataset, qtbot: QtBot
) -> None:
    session.dataset.set(dataset)
    session.use_network(network)
    qtbot.waitUntil(view.page.body.isVisible)
    assert not view.page.fitted_note.isVisible()
    view.page.images_box.setCurrentIndex(VALIDATION)
    qtbot.waitUntil(lambda: "on 120 validation images" in view.page.title.text())
    assert view.page.fitted_note.isVisible()
    found = float(view.figures(CALIBRATED)[3])
    assert found == pytest.approx(
        wanted(network, dataset.validation, network.temperature)[3], abs=6e-5
    )


def test_a_network_without_a_temperature_has_raw_percentages_only(
    view: View, session: Session, network: Snapshot, dataset: Dataset, qtbot: QtBot
) -> None:
    session.dataset.set(dataset)
    session.use_network(network.uncalibrated)
    qtbot.waitUntil(view.page.body.isVisible)
    assert view.figures(CALIBRATED) == ["\u2013"] * 4
    assert "has no temperature" in view.page.verdicts[CALIBRATED].text()


def test_images_of_one_class_only_are_measured_too(
    view: View, session: Session, network: Snapshot, dataset: Dataset, qtbot: QtBot
) -> None:
    images = dataset.test.images[:3]
    only = LabelledImages(images, np.full(3, 7, np.uint8))
    session.dataset.set(Dataset("sevens", only, only, only, ""))
    session.use_network(network)
    qtbot.waitUntil(view.page.body.isVisible)
    assert "on 3 test images" in view.page.title.text()


def test_keys_walk_from_bin_to_bin_and_its_numbers_are_told(
    view: View, session: Session, network: Snapshot, dataset: Dataset, qtbot: QtBot
) -> None:
    session.dataset.set(dataset)
    session.use_network(network)
    qtbot.waitUntil(view.page.body.isVisible)
    diagram = view.page.diagram
    diagram.setFocus()
    qtbot.waitUntil(lambda: diagram.bin == BINS - 1)
    rows = probabilities(network, dataset.test, 1.0)
    inside = [
        row.index(max(row)) == label
        for row, label in zip(rows, dataset.test.labels.tolist(), strict=True)
        if max(row) > (BINS - 1) / BINS
    ]
    low, high = wilson_interval(sum(inside), len(inside))
    text = view.page.bin_label.text()
    assert text.startswith("Answers that are 93.3\u00a0% to 100.0\u00a0% sure. Raw: ")
    assert f"Raw: {sum(inside)} of {len(inside)} images are right" in text
    assert f"(95 % interval {100 * low:.1f}\u00a0% to {100 * high:.1f}\u00a0%)" in text
    assert diagram.accessibleDescription() == text
    qtbot.keyClick(diagram, Qt.Key.Key_Left)
    assert diagram.bin == BINS - 2
    qtbot.keyClick(diagram, Qt.Key.Key_Home)
    assert "Raw: no images." in view.page.bin_label.text()


def test_a_dot_lies_where_its_probability_and_accuracy_are(
    view: View, session: Session, network: Snapshot, dataset: Dataset, qtbot: QtBot
) -> None:
    session.dataset.set(dataset)
    session.use_network(network)
    qtbot.waitUntil(view.page.body.isVisible)
    diagram = view.page.diagram
    rows = probabilities(network, dataset.test, network.temperature)
    inside = [
        (max(row), row.index(max(row)) == label)
        for row, label in zip(rows, dataset.test.labels.tolist(), strict=True)
        if max(row) > (BINS - 1) / BINS
    ]
    probability, accuracy = np.mean(inside, axis=0)
    dot = diagram.point(float(probability), float(accuracy)).toPoint()
    shown = diagram.grab().toImage()
    wanted_colour = series_colour(diagram.palette(), CALIBRATED)
    assert QColor(shown.pixel(dot)).name() == wanted_colour.name()


def test_the_numbers_are_exported_bin_by_bin(
    view: View, session: Session, network: Snapshot, dataset: Dataset, qtbot: QtBot
) -> None:
    session.dataset.set(dataset)
    session.use_network(network)
    qtbot.waitUntil(view.page.body.isVisible)
    lines = list(csv.DictReader(view.presenter.numbers().decode().splitlines()))
    assert len(lines) == 2 * (BINS + 1)
    raw, calibrated = lines[BINS], lines[-1]
    for line, temperature in ((raw, 1.0), (calibrated, network.temperature)):
        error, _, brier, loss = wanted(network, dataset.test, temperature)
        assert float(line["expected_calibration_error"]) == pytest.approx(error / 100, abs=1e-5)
        assert float(line["brier_score"]) == pytest.approx(brier, rel=1e-4)
        assert float(line["log_loss"]) == pytest.approx(loss, rel=1e-4)
    assert sum(int(line["images"]) for line in lines[:BINS]) == int(raw["images"]) == 400
    assert Path(view.presenter.file_name()).name == "softmax-best-4500-calibration"


def test_a_mirrored_window_leaves_the_diagram_as_it_is(
    view: View, session: Session, network: Snapshot, dataset: Dataset, qtbot: QtBot
) -> None:
    session.dataset.set(dataset)
    session.use_network(network)
    qtbot.waitUntil(view.page.body.isVisible)
    diagram = view.page.diagram
    before = diagram.grab().toImage()
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        assert diagram.grab().toImage() == before
    finally:
        QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
