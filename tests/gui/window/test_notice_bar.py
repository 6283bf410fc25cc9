from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from mnist_gui.gui.window.main_window import MainWindow


class Desktop(QObject):
    """Opens what the program asks the desktop to open, by noting it."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        QDesktopServices.setUrlHandler("file", self, "open")  # type: ignore[arg-type]  # PySide6 takes a str.

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    return window


def test_what_was_saved_stays_said_until_it_is_put_away(window: MainWindow, tmp_path: Path) -> None:
    assert window.notice_bar.isHidden()
    window.show_saved(str(tmp_path / "a.svg"))
    window.show_saved(str(tmp_path / "b.svg"))
    assert window.notice_bar.text.text() == f"Saved {tmp_path / 'b.svg'}"
    window.withdraw_offer()
    assert window.notice_bar.isVisible()
    window.notice_bar.close_button.click()
    assert window.notice_bar.isHidden()


def test_a_message_about_a_file_takes_no_offer_away(window: MainWindow, tmp_path: Path) -> None:
    window.offer("A run was interrupted.", "Resume", lambda: None)
    window.show_saved(str(tmp_path / "a.svg"))
    assert window.offer_bar.isVisible()
    assert window.notice_bar.isVisible()


def test_the_folder_of_what_was_saved_is_opened(window: MainWindow, tmp_path: Path) -> None:
    desktop = Desktop()
    window.show_written("Exported.", str(tmp_path / "net.keras"))
    window.notice_bar.open_button.click()
    QDesktopServices.unsetUrlHandler("file")
    assert desktop.opened == [str(tmp_path)]
