"""Copying the drawing as a picture."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence

from mnist_gui.engine.drawing import Drawing
from mnist_gui.widgets.canvas.drawing_picture import drawing_picture
from mnist_gui.widgets.pixel_image import grey_image
from mnist_gui.widgets.window.main_window import MainWindow


class CopyActions(QObject):
    """Adds to a window's Edit menu: copy what the canvas shows, or what the network sees."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._image: NDArray[np.uint8] | None = None
        self.copy_drawing = QAction(self.tr("&Copy drawing"), self)
        self.copy_drawing.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        # In a text field the same keys copy text.
        self.copy_drawing.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.copy_image = QAction(self.tr("Copy as 28\u00d728 &picture"), self)
        self.copy_image.setShortcut(QKeySequence("Ctrl+Alt+C"))
        window.canvas.addAction(self.copy_drawing)
        copying = [self.copy_drawing, self.copy_image]
        window.menus.edit_menu.insertActions(window.menus.after_copying, copying)
        self.copy_drawing.triggered.connect(self._copy_drawing)
        self.copy_image.triggered.connect(self._copy_image)
        self.follow_drawing(Drawing())
        self.forget_image()

    @Slot(Drawing)
    def follow_drawing(self, drawing: Drawing) -> None:
        """Offer to copy a drawing, or not."""
        self.copy_drawing.setEnabled(bool(drawing))

    @Slot(object)
    def take_image(self, image: NDArray[np.uint8]) -> None:
        """Take note of the image (28, 28) uint8 that the network sees."""
        self._image = image
        self.copy_image.setEnabled(True)

    @Slot()
    def forget_image(self) -> None:
        """Take note that the network sees none."""
        self._image = None
        self.copy_image.setEnabled(False)

    @Slot()
    def _copy_drawing(self) -> None:
        canvas = self._window.canvas
        side = round(canvas.area.width() * canvas.devicePixelRatioF())
        QGuiApplication.clipboard().setImage(drawing_picture(canvas.drawing, side))
        self._window.show_status(self.tr("Copied the drawing"))

    @Slot()
    def _copy_image(self) -> None:
        if self._image is not None:
            QGuiApplication.clipboard().setImage(grey_image(self._image))
            self._window.show_status(self.tr("Copied what the network sees"))
