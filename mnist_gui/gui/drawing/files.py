"""Files of drawings, and drawings on the clipboard."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QImage, QKeySequence, QPainter
from PySide6.QtWidgets import QLabel, QWidget

from mnist_gui.engine.digits.files import (
    DrawingsFile,
    add_drawing,
    line_error,
    open_drawings,
    write_content,
    write_drawings,
)
from mnist_gui.engine.digits.model import OpenedDrawings, same_points
from mnist_gui.engine.drawing import Drawing, LabelledDrawing
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.dialogs import show_choice
from mnist_gui.gui.common.icons import icon
from mnist_gui.gui.common.images import CANVAS_COLOUR, INK_COLOUR, as_qimage
from mnist_gui.gui.common.labels import count, tabular
from mnist_gui.gui.common.qt import IconButton, named, row
from mnist_gui.gui.drawing.canvas import DrawingCanvas
from mnist_gui.gui.drawing.stroke_painter import paint_stroke
from mnist_gui.gui.session import Displayed, Session
from mnist_gui.gui.shell import Shell
from mnist_gui.words.errors import sentence

_BUTTON_WIDTH = 28
_PICTURE_SIDE = 1_024


class DrawingFilesPresenter(QObject):
    """Opens, goes through and saves files of drawings, from the File menu.

    One of a file's drawings at a time is on the canvas. A file that cannot be opened leaves the
    one before open.
    """

    def __init__(
        self, session: Session, canvas: DrawingCanvas, row: "OpenedDrawingsRow", shell: Shell
    ) -> None:
        super().__init__()
        self._session, self._canvas = session, canvas
        self._row, self._shell = row, shell
        self._opened: OpenedDrawings | None = None
        self.open_drawings = QAction(self.tr("Open d&rawings \u2026"), self)
        self.open_drawings.setShortcut("Ctrl+Shift+D")
        self.save_drawing = QAction(self.tr("Save dra&wing \u2026"), self)
        self.save_drawing.setShortcut("Ctrl+Shift+S")
        self.save_picture = QAction(self.tr("Save pic&ture of drawing \u2026"), self)
        self.saving = (self.save_drawing, self.save_picture)
        shell.menus.add_to_open(self.open_drawings)
        shell.menus.drawing_menu.addActions([*self.saving, row.previous, row.next])
        self.open_drawings.triggered.connect(self._ask_to_open)
        self.save_drawing.triggered.connect(self._ask_to_save)
        self.save_picture.triggered.connect(self._ask_to_save_picture)
        row.next.triggered.connect(partial(self.go, 1))
        row.previous.triggered.connect(partial(self.go, -1))
        row.close_file.triggered.connect(self.close)
        session.drawing.follow(self._follow_drawing)

    @Slot(object)
    def _follow_drawing(self, drawing: Drawing) -> None:
        for action in self.saving:
            action.setEnabled(bool(drawing))

    def take_over(self, before: "DrawingFilesPresenter") -> None:
        """Have the file open that another presenter has open."""
        self._show_place(before._opened)

    # --- opening -------------------------------------------------------------------------------

    @Slot()
    def _ask_to_open(self) -> None:
        if path := dialogs.ask_drawings_to_open(self._shell.dialog_parent):
            self.open(path)

    def open(self, path: str) -> None:
        """Read a file, on the thread for reading, and put its first drawing on the canvas."""
        file = Path(path)
        self._session.reading_thread.call(
            partial(open_drawings, file),
            then=partial(self._use, file),
            failed=self._shell.show_file_error,
            place=file,
        )

    def _use(self, path: Path, found: DrawingsFile) -> None:
        self._show(OpenedDrawings(path, tuple(found.drawings)))
        self._shell.menus.recent_menu.note(str(path))
        self._shell.show_opened(str(path))
        if not found.faults:
            return
        text = self.tr(
            "Drawings that are open: {good}; that cannot be used: {bad}. "
            "The first of these: {first}"
        ).format(
            good=count(len(found.entries)),
            bad=count(len(found.faults)),
            first=sentence(line_error(path, found.faults[0])),
        )
        self._shell.show_error(self.tr("Part of the file cannot be used"), text)

    def go(self, step: int) -> None:
        """Show the drawing so many after this one, after the last one the first."""
        if self._opened is not None:
            self._show(self._opened.at(step))

    def _show(self, opened: OpenedDrawings) -> None:
        self._show_place(opened)
        self._canvas.set_drawing(opened.current.drawing)

    @Slot()
    def close(self) -> None:
        """Forget the file; what is on the canvas stays."""
        self._show_place(None)

    def _show_place(self, opened: OpenedDrawings | None) -> None:
        self._opened = opened
        self._row.show_place(opened)

    # --- saving --------------------------------------------------------------------------------

    @Slot()
    def _ask_to_save(self) -> None:
        if path := dialogs.ask_drawing_to_save(self._shell.dialog_parent):
            self.save_to(Path(path))

    @Slot()
    def _ask_to_save_picture(self) -> None:
        if path := dialogs.ask_drawn_picture_to_save(self._shell.dialog_parent):
            drawing = self._session.drawing.value
            self._session.file_thread.call(
                lambda: write_content(Path(path), _png(drawing_picture(drawing, _PICTURE_SIDE))),
                then=lambda _: self._shell.show_saved(path),
                failed=self._shell.show_file_error,
                place=path,
            )

    def save_to(self, path: Path) -> None:
        """Save the drawing; of a file that is there, ask what is to become of it."""
        is_there = dialogs.exists(str(path))
        if is_there is False:
            self.save(path, add=False)
            return
        choices = {self.tr("Replace it"): partial(self.save, path, add=False)}
        if path.suffix.lower() != ".json":
            choices = {self.tr("Add to it"): partial(self.save, path, add=True), **choices}
        if is_there:
            title = self.tr("The file already exists")
            question = self.tr("What should happen to {path}?")
        else:
            title = self.tr("The file may already exist")
            question = self.tr(
                "It cannot be seen whether {path} exists. What should happen to it if it does?"
            )
        show_choice(self._shell.dialog_parent, title, question.format(path=path), choices)

    def save(self, path: Path, *, add: bool) -> None:
        """Write the drawing to a file of its own, or add it to those in a file."""
        opened = None if self._opened is None else self._opened.current
        self._session.file_thread.call(
            partial(_write, path, self._session.drawing.value, opened, add=add),
            then=lambda _: self._shell.show_saved(str(path)),
            failed=self._shell.show_file_error,
            place=path,
        )


def _write(path: Path, drawing: Drawing, opened: LabelledDrawing | None, *, add: bool) -> None:
    """Write a drawing, with the label of the one that was opened if it still is that one."""
    is_opened = opened is not None and same_points(opened.drawing) == same_points(drawing)
    labelled = LabelledDrawing(drawing, opened.label if opened and is_opened else None)
    if add:
        add_drawing(path, labelled)
    else:
        write_drawings(path, [labelled])


class OpenedDrawingsRow(QWidget):
    """Back, "3 of 12: a 7", on, close; there only while a file is open."""

    def __init__(self) -> None:
        super().__init__()
        self.previous = QAction(
            icon("previous"),
            self.tr("Pre&vious drawing"),
            self,
            toolTip=self.tr("The drawing before this one"),
            shortcut=QKeySequence("Alt+Left"),
            iconVisibleInMenu=False,
        )
        self.next = QAction(
            icon("next"),
            self.tr("&Next drawing"),
            self,
            toolTip=self.tr("The drawing after this one"),
            shortcut=QKeySequence("Alt+Right"),
            iconVisibleInMenu=False,
        )
        self.close_file = QAction(
            icon("close"),
            self.tr("Close the file of drawings"),
            self,
            toolTip=self.tr("Close the file; what is on the canvas stays"),
        )
        self.previous_button = IconButton(self.previous, "previous_drawing_button")
        self.place_label = named(
            QLabel(), "drawing_place", self.tr("Which drawing of the file this is")
        )
        self.next_button = IconButton(self.next, "next_drawing_button")
        self.close_button = IconButton(self.close_file, "close_drawings_button")
        self.place_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.place_label.setFont(tabular(self.font()))
        after = (self.next_button, self.close_button)
        for button in (self.previous_button, *after):
            button.setFixedWidth(_BUTTON_WIDTH)
        row(self.previous_button, (self.place_label, 1), *after, parent=self, spacing=6)
        self.show_place(None)

    def show_place(self, opened: OpenedDrawings | None) -> None:
        """Show which drawing it is, or nothing once the file is closed."""
        self.setVisible(opened is not None)
        has_others = opened is not None and len(opened.drawings) > 1
        self.previous.setEnabled(has_others)
        self.next.setEnabled(has_others)
        if opened is not None:
            self.place_label.setText(self._in_words(opened))
            self.place_label.setToolTip(str(opened.path))

    def _in_words(self, opened: OpenedDrawings) -> str:
        place, total = count(opened.place + 1), count(len(opened.drawings))
        if opened.current.label is None:
            return self.tr("{place} of {total}").format(place=place, total=total)
        return self.tr("{place} of {total}: a {label}").format(
            place=place, total=total, label=opened.current.label
        )


def drawing_picture(drawing: Drawing, side: int) -> QImage:
    """Return the canvas' ink on its slate, `side` pixels wide and high."""
    picture = QImage(side, side, QImage.Format.Format_RGB32)
    picture.fill(CANVAS_COLOUR)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for stroke in drawing.strokes:
        paint_stroke(painter, stroke, side, INK_COLOUR)
    painter.end()
    return picture


def _png(picture: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide6 takes a str.
    return bytes(buffer.data().data())


class CopyActions(QObject):
    """Adds to the Edit menu: copy what the canvas shows, or what the network sees."""

    def __init__(self, session: Session, canvas: DrawingCanvas, shell: Shell) -> None:
        super().__init__(canvas)
        self._session, self._canvas, self._shell = session, canvas, shell
        self.copy_drawing = QAction(self.tr("Copy &drawing"), self)
        self.copy_drawing.setShortcut(QKeySequence.StandardKey.Copy)
        # In a text field the same keys copy text.
        self.copy_drawing.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.copy_image = QAction(self.tr("Copy as 28\u00d728 &picture"), self)
        self.copy_image.setShortcut("Ctrl+Alt+C")
        canvas.addAction(self.copy_drawing)
        self.offered = [self.copy_drawing, self.copy_image]
        shell.menus.edit_menu.insertActions(shell.menus.after_copying, self.offered)
        self.copy_drawing.triggered.connect(self._copy_drawing)
        self.copy_image.triggered.connect(self._copy_image)
        session.drawing.follow(self._follow_drawing)
        session.displayed.follow(self._follow_displayed)

    @Slot(object)
    def _follow_drawing(self, drawing: Drawing) -> None:
        self.copy_drawing.setEnabled(bool(drawing))

    @Slot(object)
    def _follow_displayed(self, displayed: Displayed) -> None:
        self.copy_image.setEnabled(displayed.image is not None)

    @Slot()
    def _copy_drawing(self) -> None:
        # In a narrow window the canvas is not seen, and may have no size.
        seen = round(self._canvas.area.width() * self._canvas.devicePixelRatioF())
        side = max(seen, self._canvas.sizeHint().width())
        QGuiApplication.clipboard().setImage(drawing_picture(self._canvas.drawing, side))
        self._shell.show_status(self.tr("Copied the drawing"))

    @Slot()
    def _copy_image(self) -> None:
        if (image := self._session.displayed.value.image) is not None:
            QGuiApplication.clipboard().setImage(as_qimage(image))
            self._shell.show_status(self.tr("Copied what the network sees"))
