import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.pictures.result import PicturePrediction
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.jobs import JobThread
from mnist_gui.gui.pictures.presenter import PicturePresenter
from tests.engine.pictures.scenes import encoded, page


class ScriptedClassifier(Classifier):
    """Stands in for the network: takes every digit for the snapshot's step, once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.asked = 0

    def predictions(self, snapshot: Snapshot, images: NDArray[np.uint8]) -> list[Prediction]:
        self.asked += 1
        assert self.gate.wait(5)
        return [Prediction(np.eye(10, dtype=np.float32)[snapshot.step])] * len(images)


def snapshot(step: int) -> Snapshot:
    return Snapshot(find_recipe("softmax-tutorial"), step, {})


@pytest.fixture
def classifier() -> ScriptedClassifier:
    return ScriptedClassifier()


@pytest.fixture
def controller(qtbot: QtBot, classifier: ScriptedClassifier) -> Iterator[PicturePresenter]:
    threads = JobThread("files"), JobThread("reading")
    yield PicturePresenter(*threads, classifier)
    classifier.gate.set()
    for thread in threads:
        thread.stop()
        assert thread.wait(5_000)


class Seen:
    """What a controller told, in its order."""

    def __init__(self, controller: PicturePresenter) -> None:
        self.told: list[str] = []
        controller.opening_started.connect(lambda name: self.told.append(f"opening {name}"))
        controller.picture_opened.connect(lambda _, name: self.told.append(f"opened {name}"))
        controller.reading_changed.connect(self._add_reading)
        controller.digits_missing.connect(lambda _: self.told.append("no digits"))
        controller.network_missing.connect(lambda: self.told.append("no network"))
        controller.cleared.connect(lambda: self.told.append("cleared"))
        controller.failed.connect(self.told.append)

    def _add_reading(self, reading: PicturePrediction) -> None:
        self.told.append(reading.text)


def test_a_picture_is_opened_and_then_read(
    controller: PicturePresenter, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "row.png"
    path.write_bytes(encoded(page(["701", "10"])))
    seen = Seen(controller)
    controller.use_snapshot(snapshot(3))
    controller.open(str(path))
    qtbot.waitUntil(lambda: len(seen.told) == 3)
    assert seen.told == ["opening row.png", "opened row.png", "333\n33"]


def test_without_a_network_the_digits_wait_for_one(
    controller: PicturePresenter, qtbot: QtBot
) -> None:
    seen = Seen(controller)
    controller.use_content(encoded(page(["70"])), "copied")
    qtbot.waitUntil(lambda: "no network" in seen.told)
    controller.use_snapshot(snapshot(4))
    qtbot.waitUntil(lambda: seen.told[-1] == "44")


def test_a_newer_network_reads_the_picture_anew(controller: PicturePresenter, qtbot: QtBot) -> None:
    seen = Seen(controller)
    controller.use_snapshot(snapshot(1))
    controller.use_content(encoded(page(["70"])), "copied")
    qtbot.waitUntil(lambda: seen.told[-1] == "11")
    for step in (2, 3, 4):
        controller.use_snapshot(snapshot(step))
    qtbot.waitUntil(lambda: seen.told[-1] == "44")
    assert "22" not in seen.told
    assert seen.told.count("opened copied") == 1


def test_a_second_picture_overtakes_the_first(
    controller: PicturePresenter, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    seen = Seen(controller)
    controller.use_snapshot(snapshot(5))
    classifier.gate.clear()
    controller.use_content(encoded(page(["7011"])), "first")
    qtbot.waitUntil(lambda: classifier.asked == 1)
    controller.use_content(encoded(page(["70"])), "second")
    qtbot.waitUntil(lambda: seen.told[-1] == "opened second")
    classifier.gate.set()
    qtbot.waitUntil(lambda: seen.told[-1] == "55")
    assert "5555" not in seen.told


def test_of_two_pictures_at_once_only_the_second_is_shown(
    controller: PicturePresenter, qtbot: QtBot
) -> None:
    seen = Seen(controller)
    controller.use_snapshot(snapshot(5))
    controller.use_content(encoded(page(["7011"])), "first")
    controller.use_content(encoded(page(["70"])), "second")
    qtbot.waitUntil(lambda: seen.told[-1] == "55")
    assert seen.told == ["opening first", "opening second", "opened second", "55"]


def test_a_late_answer_for_a_picture_that_was_closed_is_dropped(
    controller: PicturePresenter, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    seen = Seen(controller)
    controller.use_snapshot(snapshot(5))
    classifier.gate.clear()
    controller.use_content(encoded(page(["70"])), "copied")
    qtbot.waitUntil(lambda: classifier.asked == 1)
    controller.clear()
    classifier.gate.set()
    controller.use_content(encoded(page(["1"])), "next")
    qtbot.waitUntil(lambda: seen.told[-1] == "5")
    assert seen.told[2:] == ["cleared", "opening next", "opened next", "5"]


def test_a_blank_picture_is_shown_and_said_to_be_blank(
    controller: PicturePresenter, qtbot: QtBot
) -> None:
    seen = Seen(controller)
    controller.use_snapshot(snapshot(5))
    controller.use_content(encoded(page(["1"], ink=245)), "blank")
    qtbot.waitUntil(lambda: seen.told[-1] == "no digits")
    assert seen.told == ["opening blank", "opened blank", "no digits"]


def test_a_picture_that_cannot_be_opened_leaves_the_one_before(
    controller: PicturePresenter, classifier: ScriptedClassifier, qtbot: QtBot
) -> None:
    seen = Seen(controller)
    controller.use_snapshot(snapshot(5))
    controller.use_content(encoded(page(["70"])), "good")
    qtbot.waitUntil(lambda: seen.told[-1] == "55")
    controller.use_content(b"\x89PNG and nothing more", "bad")
    qtbot.waitUntil(lambda: seen.told[-1].startswith("bad is not a picture"))
    controller.use_snapshot(snapshot(6))
    qtbot.waitUntil(lambda: seen.told[-1] == "66")
