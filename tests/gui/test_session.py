import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.recipe import find_recipe
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui import session as session_module
from mnist_gui.gui.session import Displayed, Observable, Session, Source
from tests.gui.kept_runs import small_mnist

LINE = Drawing((Stroke([[0.5, 0.2], [0.5, 0.8]]),))
SNAPSHOT = Snapshot(find_recipe("softmax-tutorial"), 5, {})


@dataclass(frozen=True)
class Figure:
    number: int


def test_a_new_value_is_held_and_told(qtbot: QtBot) -> None:
    observable = Observable[int](1)
    seen: list[int] = []
    observable.changed.connect(seen.append)
    observable.set(2)
    observable.set(3)
    assert observable.value == 3
    assert seen == [2, 3]


def test_only_the_very_same_value_is_no_change(qtbot: QtBot) -> None:
    observable = Observable[Figure](Figure(1))
    seen: list[Figure] = []
    observable.changed.connect(seen.append)
    observable.set(observable.value)
    assert not seen
    observable.set(Figure(1))
    assert seen == [Figure(1)]


def test_who_follows_hears_the_present_value_at_once_and_each_new_one(qtbot: QtBot) -> None:
    observable = Observable[int | None](None)
    early: list[int | None] = []
    observable.follow(early.append)
    assert not early
    observable.set(7)
    late: list[int | None] = []
    observable.follow(late.append)
    observable.set(8)
    assert early == [7, 8]
    assert late == [7, 8]


def test_a_follower_finds_the_value_changed_already(qtbot: QtBot) -> None:
    observable = Observable[int](1)
    seen: list[int] = []
    observable.changed.connect(lambda _: seen.append(observable.value))
    observable.set(2)
    assert seen == [2]


def test_the_drawing_takes_the_place_of_whatever_is_displayed(session: Session) -> None:
    session.drawing.set(LINE)
    session.displayed.set(Displayed(Source.TEST_IMAGE, index=3, label=7))
    assert not session.displayed.value.is_drawn
    session.display_drawing()
    displayed = session.displayed.value
    assert (displayed.source, displayed.drawing) == (Source.DRAWING, LINE)
    assert displayed.is_drawn
    assert (displayed.image, displayed.prediction, displayed.label) == (None, None, None)


def test_where_the_network_is_from_is_known_until_another_one_is_used(
    session: Session,
) -> None:
    session.use_network(SNAPSHOT, "some run")
    assert session.network.value is SNAPSHOT
    assert session.run_of_network == "some run"
    session.use_network(Snapshot(SNAPSHOT.recipe, 6, {}), file=Path("net.keras"))
    assert (session.run_of_network, session.file_of_network) == ("", Path("net.keras"))
    session.use_network(SNAPSHOT)
    assert session.file_of_network is None


def test_what_is_to_be_written_is_written_before_the_threads_end(session: Session) -> None:
    written: list[int] = []
    for number in range(3):

        def write(number: int = number) -> None:
            QThread.msleep(5)
            written.append(number)

        session.file_thread.call(write)
    session.end_threads()
    assert session.threads_have_ended
    assert written == [0, 1, 2]


def test_a_disk_that_answers_loses_no_save_as_another_one_does_not(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()

    def ask(folder: Path) -> None:
        if folder == session.runs_folder.value:
            os.read(reading, 1)

    monkeypatch.setattr(session_module, "ask_disks", ask)
    monkeypatch.setattr(session_module, "_LONGEST_ANSWER_MILLISECONDS", 20)
    monkeypatch.setattr(session_module, "_LONGEST_HUNG_MILLISECONDS", 1)
    saved: list[str] = []

    def save() -> None:
        QThread.msleep(100)
        saved.append("digit")

    session.file_thread.call(save)
    session.end_threads()
    os.write(writing, b"12")
    assert session.runs_hang
    assert saved == ["digit"]


def test_views_look_at_the_first_images_of_a_large_data_set(session: Session) -> None:
    mnist = small_mnist()
    session.dataset.set(mnist)
    assert session.view_dataset.value is mnist
    images = np.broadcast_to(np.zeros((28, 28), np.uint8), (1_000_000, 28, 28))
    many = LabelledImages(images, np.zeros(len(images), np.uint8))
    session.dataset.set(replace(mnist, test=many))
    sample = session.view_dataset.value
    assert sample is not None
    assert (len(sample.train), len(sample.test)) == (200, 10_000)
