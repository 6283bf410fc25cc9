"""From right to left the window is mirrored; figures and the time they show are not."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnist_gui.app import build_window
from mnist_gui.engine.prediction import Evaluation, Prediction
from mnist_gui.gui.common.diverging import DivergingLegend
from mnist_gui.gui.common.labels import reading_arrow
from mnist_gui.gui.curves.plot import Plot
from mnist_gui.gui.drawing.prediction_panel import ProbabilityBars
from mnist_gui.gui.pages import Page
from mnist_gui.gui.results.confusion_matrix import ConfusionMatrix
from mnist_gui.gui.window.main_window import MainWindow
from tests.own_settings import own_settings  # noqa: F401

RIGHT_TO_LEFT = Qt.LayoutDirection.RightToLeft


@pytest.fixture(autouse=True)
def direction_again(qapp: QApplication) -> Iterator[None]:
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    qapp.setLayoutDirection(RIGHT_TO_LEFT)
    window = build_window(kept_in=tmp_path, remembers=False)
    qtbot.addWidget(window)
    window.resize(1_280, 800)
    window.show()
    yield window
    window.close()
    gc.unfreeze()


def left(widget: QWidget) -> int:
    return widget.mapToGlobal(QPoint()).x()


def test_the_rail_is_at_the_right_and_the_pad_at_the_left(window: MainWindow) -> None:
    for page in Page:
        window.pages.bring_to_front(page)
        QApplication.processEvents()
        pages = window.pages
        assert left(window.pad) < left(pages.stack) < left(pages.rail)
    assert left(window.network_bar.train_button) < left(window.network_bar.network_box)
    assert left(window.curves) < left(window.training_page.form)
    assert window.network_bar.slider.layoutDirection() is Qt.LayoutDirection.LeftToRight


def bars() -> QWidget:
    widget = ProbabilityBars()
    widget.show_prediction(Prediction(np.array([0.1, 0.9, *[0.0] * 8], np.float32)))
    return widget


def matrix() -> QWidget:
    widget = ConfusionMatrix()
    labels = np.array([0, 1, 2, 2], np.uint8)
    probabilities = np.eye(10, dtype=np.float32)[[0, 1, 2, 7]]
    widget.show_evaluation(Evaluation(labels, probabilities))
    return widget


def legend() -> QWidget:
    widget = DivergingLegend("neither")
    widget.show_ends("against 3", "for 3")
    return widget


def plot() -> QWidget:
    parts = Plot(axis_width=48)
    parts.axes["left"].setLabel("Accuracy")
    parts.axes["bottom"].setTicks([[(0, "first"), (1, "last")]])
    # The parts live as long as their widget.
    parts.widget.parts = parts
    return parts.widget  # type: ignore[no-any-return]


@pytest.mark.parametrize("make", [bars, matrix, legend, plot])
def test_a_figure_stays_as_it_is(
    make: Callable[[], QWidget], qtbot: QtBot, qapp: QApplication
) -> None:
    pictures: list[QImage] = []
    for direction in (Qt.LayoutDirection.LeftToRight, RIGHT_TO_LEFT):
        qapp.setLayoutDirection(direction)
        widget = make()
        qtbot.addWidget(widget)
        widget.resize(400, 300)
        widget.show()
        qtbot.waitExposed(widget)
        pictures.append(widget.grab().toImage())
    assert pictures[0] == pictures[1]


def test_arrows_point_the_way_in_which_one_reads(qapp: QApplication) -> None:
    assert reading_arrow() == "\u2192"
    qapp.setLayoutDirection(RIGHT_TO_LEFT)
    assert reading_arrow() == "\u2190"
