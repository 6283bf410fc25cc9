from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from mnist_gui.engine.data.correction import Correction, Turn
from mnist_gui.engine.dataset import Dataset, LabelledImages, corrected, load_dataset
from mnist_gui.engine.events import RunState
from mnist_gui.gui.data_report.presenter import DataReportPresenter
from mnist_gui.gui.session import Session
from mnist_gui.gui.window.message_bars import OfferBar
from tests.gui.recording_shell import RecordingShell


@pytest.fixture
def presenter(session: Session, shell: RecordingShell) -> DataReportPresenter:
    return DataReportPresenter(session, shell)


@pytest.fixture(scope="module")
def digits() -> Dataset:
    """Two hundred digits of MNIST, as a set of its own."""
    mnist = load_dataset()
    parts = (mnist.train.first(100), mnist.validation.first(20), mnist.test.first(80))
    return Dataset("digits", *parts, "0" * 64)


def faint(dataset: Dataset) -> Dataset:
    """Return a data set with the values 0 and 1."""
    train, validation, test = (
        LabelledImages(part.images // 128, part.labels)
        for part in (dataset.train, dataset.validation, dataset.test)
    )
    return replace(dataset, train=train, validation=validation, test=test)


def wait(session: Session, qtbot: QtBot) -> None:
    """Wait until what was asked for so far is done and answered."""
    answered: list[None] = []
    session.reading_thread.call(lambda: None, then=answered.append)
    qtbot.waitUntil(lambda: bool(answered), timeout=20_000)


def shown_dialog(shell: RecordingShell) -> QDialog:
    (dialog,) = shell.findChildren(QDialog, "text_box")
    return dialog


def test_a_set_with_nothing_wrong_is_told_in_passing(
    presenter: DataReportPresenter,
    session: Session,
    shell: RecordingShell,
    digits: Dataset,
    qtbot: QtBot,
) -> None:
    session.dataset.set(digits)
    wait(session, qtbot)
    assert not shell.offers
    (said,) = shell.statuses
    assert said.startswith("digits: 100 images for training, 20 for validation, 80 for the test")


def test_mnist_is_not_looked_at_until_its_details_are_asked_for(
    presenter: DataReportPresenter, session: Session, shell: RecordingShell, qtbot: QtBot
) -> None:
    session.dataset.set(load_dataset())
    wait(session, qtbot)
    assert not shell.statuses
    presenter.details_action.trigger()
    wait(session, qtbot)
    (label,) = shown_dialog(shell).findChildren(QLabel)
    assert "MNIST: 55,000 images for training" in label.text()
    assert "Nothing seems wrong with it." in label.text()
    assert "<td align=right>5,444</td>" in label.text()


@pytest.mark.parametrize(
    "mended",
    [
        (Correction(Turn.TRANSPOSE), "Turn the images"),
        (Correction(Turn.LEFT, inverts=True), "Turn the images"),
        (Correction(inverts=True), "Invert the images"),
        (None, "Brighten the images"),
    ],
)
def test_turned_and_inverted_images_are_mended_by_one_button(
    presenter: DataReportPresenter,
    session: Session,
    shell: RecordingShell,
    digits: Dataset,
    mended: tuple[Correction | None, str],
    qtbot: QtBot,
) -> None:
    correction, button = mended
    session.dataset.set(corrected(digits, correction) if correction else faint(digits))
    wait(session, qtbot)
    ((sentence, offered, accept),) = shell.offers
    assert offered == button
    assert sentence.startswith("The data set digits is opened. Its ")
    assert shell.details == presenter.show_details
    accept()
    wait(session, qtbot)
    assert session.dataset.value is not None
    found, wanted = session.dataset.value.test.images, digits.test.images
    np.testing.assert_array_equal(found, wanted if correction else wanted // 128 * 255)
    wait(session, qtbot)
    assert not shell.offers
    assert shell.statuses


def test_what_no_button_mends_leads_to_the_details(
    presenter: DataReportPresenter,
    session: Session,
    shell: RecordingShell,
    digits: Dataset,
    qtbot: QtBot,
) -> None:
    # The test images are training images, and a class is missing.
    seen = digits.train.labels != 7
    part = LabelledImages(digits.train.images[seen], digits.train.labels[seen])
    session.dataset.set(Dataset("<digits>", part, digits.validation, part, "1" * 64))
    wait(session, qtbot)
    ((sentence, button, accept),) = shell.offers
    assert "There is more in the details" in sentence
    assert button == "Details"
    accept()
    (label,) = shown_dialog(shell).findChildren(QLabel)
    assert "&lt;digits&gt;: " in label.text()
    assert "no training images of 7;" in label.text()
    assert "are among the training images too" in label.text()


def test_the_details_show_the_sheet_of_samples(
    presenter: DataReportPresenter,
    session: Session,
    shell: RecordingShell,
    digits: Dataset,
    qtbot: QtBot,
) -> None:
    shell.show()
    session.dataset.set(digits)
    wait(session, qtbot)
    presenter.details_action.trigger()
    (label,) = shown_dialog(shell).findChildren(QLabel)
    label.adjustSize()
    image = label.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    greys = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    # The grey of the gaps between the samples, in a frame as wide as the sheet.
    assert ((greys == 96).sum(axis=1) > 350).sum() >= 10


def test_another_data_set_takes_the_offer_back_and_a_run_keeps_its_own(
    presenter: DataReportPresenter,
    session: Session,
    shell: RecordingShell,
    digits: Dataset,
    qtbot: QtBot,
) -> None:
    turned = corrected(digits, Correction(Turn.TRANSPOSE))
    session.dataset.set(turned)
    wait(session, qtbot)
    ((_, _, accept),) = shell.offers
    session.run_state.set(RunState.TRAINING)
    accept()
    wait(session, qtbot)
    assert session.dataset.value is turned
    session.dataset.set(load_dataset())
    assert not shell.offers


def test_the_bar_has_a_button_for_details_only_where_there_are_some(
    qtbot: QtBot, tmp_path: Path
) -> None:
    bar = OfferBar()
    qtbot.addWidget(bar)
    seen: list[str] = []
    bar.offer("One.", "Do", lambda: seen.append("done"), lambda: seen.append("details"))
    assert bar.details_button.isVisible()
    bar.details_button.click()
    assert bar.isVisible()
    bar.accept_button.click()
    assert seen == ["details", "done"]
    bar.offer("Two.", "Do", lambda: None, None)
    assert not bar.details_button.isVisible()
