from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from mnist_gui.engine.data.correction import Correction, Turn
from mnist_gui.engine.dataset import Dataset, LabelledImages, corrected, load_dataset
from mnist_gui.engine.errors import DatasetError
from mnist_gui.engine.events import RunState
from mnist_gui.gui.data_report.presenter import DataReportPresenter
from mnist_gui.gui.session import Session
from mnist_gui.gui.window.message_bars import OfferBar
from tests.gui.recording_shell import RecordingShell


class Described:
    """A presenter that describes what is opened, and the window that it tells."""

    def __init__(self, session: Session, shell: RecordingShell, qtbot: QtBot) -> None:
        self.session, self.shell, self._qtbot = session, shell, qtbot
        self.presenter = DataReportPresenter(session, shell)

    def open(self, dataset: Dataset) -> None:
        """Use a data set, and wait until it is described."""
        self.session.dataset.set(dataset)
        self.wait()

    def wait(self) -> None:
        """Wait until what was asked for so far is done and answered."""
        answered: list[None] = []
        self.session.reading_thread.call(lambda: None, then=answered.append)
        self._qtbot.waitUntil(lambda: bool(answered))

    def details(self) -> QLabel:
        """Return the text of the details that are shown."""
        (dialog,) = self.shell.findChildren(QDialog, "text_box")
        (label,) = dialog.findChildren(QLabel)
        assert isinstance(label, QLabel)
        return label


@pytest.fixture
def described(session: Session, shell: RecordingShell, qtbot: QtBot) -> Described:
    return Described(session, shell, qtbot)


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


def test_a_set_with_nothing_wrong_is_told_in_passing(described: Described, digits: Dataset) -> None:
    described.open(digits)
    assert not described.shell.offers
    (said,) = described.shell.statuses
    assert said.startswith("digits: 100 images for training, 20 for validation, 80 for the test")


def test_mnist_is_not_looked_at_until_its_details_are_asked_for(described: Described) -> None:
    described.open(load_dataset())
    assert not described.shell.statuses
    described.presenter.details_action.trigger()
    described.wait()
    text = described.details().text()
    assert "MNIST: 55,000 images for training" in text
    assert "Nothing seems wrong with it." in text
    assert ">5,444</td>" in text


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
    described: Described, digits: Dataset, mended: tuple[Correction | None, str]
) -> None:
    session, shell = described.session, described.shell
    correction, button = mended
    described.open(corrected(digits, correction) if correction else faint(digits))
    ((sentence, offered, accept),) = shell.offers
    assert offered == button
    assert sentence.startswith("The data set \u201cdigits\u201d is opened. Its ")
    assert shell.details == described.presenter.show_details
    accept()
    described.wait()
    assert session.dataset.value is not None
    found, wanted = session.dataset.value.test.images, digits.test.images
    np.testing.assert_array_equal(found, wanted if correction else wanted // 128 * 255)
    described.wait()
    assert not shell.offers
    assert shell.statuses


def test_what_no_button_mends_leads_to_the_details(described: Described, digits: Dataset) -> None:
    # The test images are training images, and a class is missing.
    seen = digits.train.labels != 7
    part = LabelledImages(digits.train.images[seen], digits.train.labels[seen])
    described.open(Dataset("<digits>", part, digits.validation, part, "1" * 64))
    ((sentence, button, accept),) = described.shell.offers
    assert "There is more in the details" in sentence
    assert button == "Details"
    accept()
    text = described.details().text()
    assert "&lt;digits&gt;: " in text
    assert "no training images of 7;" in text
    assert "are among the training images too" in text


def test_labels_that_are_no_digits_do_not_pass_for_right(
    described: Described, digits: Dataset
) -> None:
    described.open(replace(digits, notes=(DatasetError("data-ten-is-zero"),)))
    described.presenter.details_action.trigger()
    text = described.details().text()
    assert "ten is taken for the digit 0" in text
    assert "wrong" not in text


def test_the_details_show_the_sheet_of_samples(described: Described, digits: Dataset) -> None:
    described.shell.show()
    described.open(digits)
    described.presenter.details_action.trigger()
    label = described.details()
    label.adjustSize()
    image = label.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    greys = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    # The grey of the gaps between the samples, in a frame as wide as the sheet.
    assert ((greys == 96).sum(axis=1) > 350).sum() >= 10


def test_another_data_set_takes_the_offer_back_and_a_run_keeps_its_own(
    described: Described, digits: Dataset
) -> None:
    session, shell = described.session, described.shell
    turned = corrected(digits, Correction(Turn.TRANSPOSE))
    described.open(turned)
    ((_, _, accept),) = shell.offers
    session.run_state.set(RunState.TRAINING)
    accept()
    described.wait()
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
