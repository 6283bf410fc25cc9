from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mnist_gui.gui.common.columns import Columns


def test_a_part_that_was_hidden_at_first_is_shown_in_its_column_and_never_as_a_window(
    qtbot: QtBot,
) -> None:
    seen, hidden = QLabel("seen"), QLabel("hidden")
    hidden.hide()
    columns = Columns((seen, hidden), stretches=(0, 1))
    qtbot.addWidget(columns)
    columns.resize(600, 60)
    columns.show()
    hidden.show()
    assert not hidden.isWindow()
    qtbot.waitUntil(lambda: hidden.x() > seen.x())
    assert columns.columns == 2
