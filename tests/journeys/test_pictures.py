from pathlib import Path

from PIL import Image
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from mnist_gui.gui.pages import Page
from mnist_gui.gui.pictures.page import PicturePage
from mnist_gui.gui.pictures.presenter import PicturePresenter
from mnist_gui.gui.program import Program
from mnist_gui.gui.window.main_window import MainWindow
from tests.engine.pictures.scenes import encoded, page

LIMIT = 60_000


def test_a_picture_is_read_and_its_digits_take_turns_with_the_drawing(
    window: MainWindow, program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "rows.png"
    path.write_bytes(encoded(page(["701", "10"])))
    shown = window.findChild(PicturePage)
    assert isinstance(shown, PicturePage)
    program.find(PicturePresenter).open(str(path))
    qtbot.waitUntil(lambda: shown.numbers.toPlainText() == "701\n10", timeout=LIMIT)
    assert window.pages.in_front is Page.PICTURE
    panel = window.prediction_panel
    first, last = (f"Now reading: digit {place} of the picture" for place in (1, 5))
    assert (panel.digit.text(), panel.source.text()) == ("7", first)

    qtbot.keyClick(shown.view, Qt.Key.Key_End)
    assert (panel.digit.text(), panel.source.text()) == ("0", last)
    window.pages.bring_to_front(Page.CURVES)
    qtbot.waitUntil(lambda: panel.image.is_empty)
    window.pages.bring_to_front(Page.PICTURE)
    assert panel.digit.text() == "0"

    area = window.canvas.area
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(window.canvas, left, pos=area.center() - area.center() / 2)
    qtbot.mouseMove(window.canvas, area.center())
    qtbot.mouseRelease(window.canvas, left, pos=area.center())
    qtbot.waitUntil(lambda: panel.source.text() == "Now reading: your drawing")
    assert shown.view.selected is None

    copy_pixels(page(["11"]))
    paste = next(a for a in window.menus.edit_menu.actions() if a.text() == "Pas&te picture")
    paste.trigger()
    qtbot.waitUntil(lambda: shown.numbers.toPlainText() == "11", timeout=LIMIT)
    QGuiApplication.clipboard().clear()
    paste.trigger()
    assert window.statusBar().currentMessage().startswith("No picture was copied")
    shown.close_button.click()
    assert shown.invitation.isVisible()


def copy_pixels(image: Image.Image) -> None:
    """Put pixels, not a file, on the clipboard."""
    pixels = QImage()
    assert pixels.loadFromData(encoded(image))
    data = QMimeData()
    data.setImageData(pixels)
    QGuiApplication.clipboard().setMimeData(data)
