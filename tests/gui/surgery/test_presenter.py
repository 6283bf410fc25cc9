from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.events import RunState
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Displayed, Session
from mnist_gui.gui.surgery.bars import BeforeAfterBars
from mnist_gui.gui.surgery.page import SurgeryPage
from mnist_gui.gui.surgery.presenter import SurgeryPresenter
from mnist_gui.gui.views.page import Wish
from tests.engine.inside.test_forward import random_images, random_network
from tests.gui.recording_shell import RecordingShell

KEYS = Qt.KeyboardModifier


class Table:
    """The page with its presenter, in a window that is shown with the page in front."""

    def __init__(self, qtbot: QtBot, session: Session, shell: RecordingShell) -> None:
        self.page, self.shell, self._qtbot = SurgeryPage(), shell, qtbot
        self.presenter = SurgeryPresenter(session, self.page, shell)
        shell.resize(900, 700)
        shell.show()
        shell.pages.bring_to_front(Page.SURGERY)
        qtbot.waitExposed(shell)

    def wait_for_change(self, words: str) -> None:
        """Wait until the page says that this is changed, and what comes of it."""
        self._qtbot.waitUntil(lambda: words in self.page.changes.text())
        self._qtbot.waitUntil(lambda: not self.page.is_computing)

    def show_part(self, place: int) -> None:
        """Give the focus to a part."""
        tiles = self.page.tiles
        tiles.setFocus()
        tiles.setCurrentIndex(tiles.parts.index(place))


@pytest.fixture
def table(qtbot: QtBot, session: Session, shell: RecordingShell) -> Table:
    session.displayed.set(Displayed(image=random_images(1)[0]))
    return Table(qtbot, session, shell)


def use(session: Session, qtbot: QtBot, table: Table, architecture: str) -> Snapshot:
    """Make a random network the current one, and wait until the page shows it."""
    snapshot = random_network(architecture)
    session.use_network(snapshot)
    qtbot.waitUntil(lambda: table.page.body.isVisible() and bool(table.page.layer_box.count()))
    return snapshot


def dataset(images: int, labels: int = 10) -> Dataset:
    """Return random test images of the first so many digits."""
    chosen = np.random.default_rng(2).integers(0, labels, images).astype(np.uint8)
    split = LabelledImages(random_images(images), chosen)
    return Dataset("random", split, split, split, "")


NOTHING = "Nothing is changed yet."


def test_without_a_network_the_page_says_how_to_get_one(table: Table) -> None:
    assert table.page.message.text() == "No network yet: train one, or open one."
    assert not table.page.body.isVisible()


def test_space_switches_a_map_off_and_the_answer_changes(
    table: Table, session: Session, qtbot: QtBot
) -> None:
    use(session, qtbot, table, "cnn-lean")
    page = table.page
    assert page.changes.text() == NOTHING
    before = page.bars.accessibleDescription()
    table.show_part(2)
    QTest.keyClick(page.tiles, Qt.Key.Key_Space)
    table.wait_for_change("Convolution 1: 1 of 16 switched off.")
    assert page.bars.accessibleDescription() != before
    model = page.tiles.parts
    spoken = model.data(model.index(2), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Map 3, switched off"
    assert not model.parts[2].any()
    QTest.keyClick(page.tiles, Qt.Key.Key_Space)
    table.wait_for_change(NOTHING)
    assert page.bars.accessibleDescription() == before


def test_a_click_switches_and_so_does_the_button_for_the_whole_layer(
    table: Table, session: Session, qtbot: QtBot
) -> None:
    use(session, qtbot, table, "cnn-lean")
    page, tiles = table.page, table.page.tiles
    place = tiles.visualRect(tiles.parts.index(1)).center()
    QTest.mouseClick(tiles.viewport(), Qt.MouseButton.LeftButton, pos=place)
    table.wait_for_change("1 of 16")
    page.whole.click()
    table.wait_for_change("16 of 16")
    assert page.whole.text() == "Switch the layer on"
    page.whole.click()
    table.wait_for_change(NOTHING)


def test_the_current_network_never_changes(table: Table, session: Session, qtbot: QtBot) -> None:
    snapshot = use(session, qtbot, table, "cnn-lean")
    weights = {name: array.tobytes() for name, array in snapshot.weights.items()}
    page = table.page
    page.whole.click()
    page.noise.setValue(9)
    page.bias.setValue(2)
    table.wait_for_change("2.00 added to the bias of Map 1.")
    table.shell.pages.bring_to_front(Page.CURVES)
    assert session.network.value is snapshot
    assert session.reader.value is snapshot
    assert {name: array.tobytes() for name, array in snapshot.weights.items()} == weights
    assert "never saved" in page.purpose.text()


def test_ctrl_z_and_ctrl_y_undo_and_redo_here_and_not_what_was_drawn(
    table: Table, session: Session, qtbot: QtBot
) -> None:
    drawn: list[str] = []
    actions = table.shell.actions_offered
    actions.undo.setEnabled(True)
    actions.undo.triggered.disconnect()
    actions.undo.triggered.connect(lambda: drawn.append("undone"))
    use(session, qtbot, table, "cnn-lean")
    page = table.page
    assert not page.undo.isEnabled()
    for place in (0, 1):
        table.show_part(place)
        QTest.keyClick(page.tiles, Qt.Key.Key_Space)
        table.wait_for_change(f"{place + 1} of 16")
    QTest.keyClick(page.tiles, Qt.Key.Key_Z, KEYS.ControlModifier)
    table.wait_for_change("1 of 16")
    QTest.keyClick(page.tiles, Qt.Key.Key_Z, KEYS.ControlModifier)
    table.wait_for_change(NOTHING)
    assert not page.undo.isEnabled()
    QTest.keyClick(page.tiles, Qt.Key.Key_Y, KEYS.ControlModifier)
    table.wait_for_change("1 of 16")
    QTest.keyClick(page.tiles, Qt.Key.Key_Z, KEYS.ControlModifier | KEYS.ShiftModifier)
    table.wait_for_change("2 of 16")
    page.reset.click()
    table.wait_for_change(NOTHING)
    page.undo.click()
    table.wait_for_change("2 of 16")
    assert not drawn


def test_of_changes_in_quick_succession_none_is_lost(
    table: Table, session: Session, qtbot: QtBot
) -> None:
    use(session, qtbot, table, "cnn-deep")
    page = table.page
    page.layer_box.setCurrentIndex(3)
    for place in (3, 5, 100):
        page.tiles.toggled.emit(place)
    page.layer_box.setCurrentIndex(0)
    page.tiles.toggled.emit(31)
    page.noise.setValue(3)
    assert page.changes.text().splitlines() == [
        "Convolution 1: 1 of 32 switched off.",
        "Convolution 1: noise of 30\u00a0% of the size of its weights.",
        "Convolution 4: 3 of 128 switched off.",
    ]
    assert page.tiles.parts.off == {31}
    qtbot.waitUntil(lambda: page.tiles.parts.parts.shape == (32, 12, 12))


def test_a_slider_that_was_dragged_is_undone_at_once(
    table: Table, session: Session, qtbot: QtBot
) -> None:
    use(session, qtbot, table, "cnn-lean")
    page = table.page
    for steps in range(1, 8):
        page.noise.setValue(steps)
    table.wait_for_change("Convolution 1: noise of 70\u00a0% of the size of its weights.")
    answer = page.bars.accessibleDescription()
    page.other_noise.click()
    qtbot.waitUntil(lambda: page.bars.accessibleDescription() != answer)
    page.undo.click()
    qtbot.waitUntil(lambda: page.bars.accessibleDescription() == answer)
    page.undo.click()
    table.wait_for_change(NOTHING)
    assert page.noise.value() == 0


def test_changes_stay_in_a_run_and_go_with_another_architecture(
    table: Table, session: Session, qtbot: QtBot
) -> None:
    use(session, qtbot, table, "cnn-lean")
    page = table.page
    page.layer_box.setCurrentIndex(2)
    qtbot.waitUntil(lambda: page.tiles.parts.rowCount() == 64)
    page.whole.click()
    table.wait_for_change("Dense layer: 64 of 64 switched off.")
    session.use_network(random_network("cnn-lean", seed=8))
    qtbot.wait(50)
    assert "64 of 64" in page.changes.text()
    session.use_network(random_network("softmax"))
    table.wait_for_change(NOTHING)
    assert page.tiles.parts.rowCount() == 10


def test_test_images_answer_and_without_them_that_is_said(
    table: Table, session: Session, qtbot: QtBot
) -> None:
    use(session, qtbot, table, "softmax")
    page = table.page
    assert page.test.text() == "No test images are loaded yet."
    session.dataset.set(dataset(1_100, labels=1))
    qtbot.waitUntil(lambda: page.test.text().startswith("Of all 1,100 test images"))
    before = page.test.text().split(" right before")[0]
    page.tiles.toggled.emit(0)
    qtbot.waitUntil(lambda: "right before, 0.00\u00a0% now" in page.test.text())
    assert page.test.text().startswith(before)


def test_in_a_run_the_first_answer_is_waited_for(
    table: Table, session: Session, qtbot: QtBot
) -> None:
    session.dataset.set(dataset(120))
    session.run_state.set(RunState.TRAINING)
    for seed in range(5):
        session.use_network(random_network("softmax", seed=seed))
        qtbot.wait(5)
    qtbot.waitUntil(lambda: "test images it reads" in table.page.test.text())
    session.run_state.set(RunState.IDLE)


def test_an_answer_of_the_network_before_is_passed_over(table: Table, session: Session) -> None:
    session.use_network(random_network("softmax"))
    question = table.presenter.question()
    assert not isinstance(question, str)
    (answer,) = table.presenter.answers(question)
    session.use_network(random_network("cnn"))
    table.presenter.question()
    table.presenter.show_answer(question, answer)
    assert not table.page.layer_box.count()


def test_an_empty_pad_asks_for_a_digit(table: Table, session: Session, qtbot: QtBot) -> None:
    session.displayed.set(Displayed())
    use(session, qtbot, table, "cnn")
    assert table.page.digit.text() == "Draw a digit to see how it is read."
    assert table.page.bars.accessibleDescription() == ""
    assert table.page.tiles.parts.rowCount() == 32
    session.displayed.set(Displayed(image=random_images(1)[0]))
    qtbot.waitUntil(lambda: table.page.digit.text().startswith("Your digit is still read as"))


def test_a_page_that_is_left_while_it_reads_goes_on_when_it_is_seen_again(
    table: Table, session: Session, qtbot: QtBot
) -> None:
    session.dataset.set(dataset(3_000))
    use(session, qtbot, table, "cnn-lean")
    qtbot.waitUntil(lambda: "\u00a0%" in table.page.test.text())
    table.shell.pages.bring_to_front(Page.CURVES)
    qtbot.waitUntil(lambda: not session.view_thread.is_busy)
    table.shell.pages.bring_to_front(Page.SURGERY)
    qtbot.waitUntil(lambda: table.page.test.text().startswith("Of all 3,000"))


def test_both_answers_are_saved(
    table: Table,
    session: Session,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.dataset.set(dataset(50))
    use(session, qtbot, table, "softmax")
    qtbot.waitUntil(lambda: "Of all 50" in table.page.test.text())
    monkeypatch.setattr(dialogs, "ask_to_save", lambda *_, **__: str(tmp_path / "both.csv"))
    table.page.wished.emit(Wish.SAVE_NUMBERS)
    qtbot.waitUntil(lambda: bool(table.shell.saved))
    lines = (tmp_path / "both.csv").read_text().splitlines()
    assert len(lines) == 12
    assert lines[-1].startswith("right of 50,")


def test_bars_are_as_long_as_the_probabilities(qtbot: QtBot) -> None:
    bars = BeforeAfterBars()
    qtbot.addWidget(bars)
    bars.resize(400, bars.sizeHint().height())
    before, after = np.eye(10)[3], np.full(10, 0.05)
    after[7] = 0.55
    bars.show_shares(before, after)
    picture = bars.grab().toImage()
    accent = bars.palette().accent().color()

    def filled(side: int, digit: int) -> float:
        track = bars.track(side, digit).toRect()
        y = track.center().y()
        columns = range(track.left(), track.right())
        return sum(QColor(picture.pixel(x, y)) == accent for x in columns) / len(columns)

    assert filled(0, 3) == pytest.approx(1, abs=0.03)
    assert filled(1, 7) == pytest.approx(0.55, abs=0.03)
    assert filled(1, 3) == 0
    assert "7: 0.0\u00a0% before, 55.0\u00a0% after" in bars.accessibleDescription()
