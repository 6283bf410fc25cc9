"""The page of test results."""

from collections.abc import Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QIcon, QImage, QKeyEvent, QPalette, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QWidget,
)

from mnist_gui.engine.prediction import Evaluation
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.images import as_qimage
from mnist_gui.gui.common.labels import (
    AccuracyFigure,
    caption,
    count,
    heading,
    number,
    paragraph,
    percent,
    reading_arrow,
)
from mnist_gui.gui.common.qt import (
    ActionButton,
    Pane,
    column,
    in_reading_order,
    named,
    row,
    widget_with,
)
from mnist_gui.gui.digits.text import accuracy_text
from mnist_gui.gui.results.confusion_matrix import ConfusionMatrix, Shown

MOST_IMAGES = 200
# While it trains, they are painted anew again and again.
_MOST_LIVE = 40
_SIDE = 56
_GAP = 12
_LONGEST_LINE = "0: >99.9\u00a0%"
_ENLARGED = 10
_BAR_WIDTH = 240


class Wish(Enum):
    """What the user wants done with an image, or with the confusion matrix."""

    PUT_ON_PAD = "pad"
    EXPLAIN = "explain"
    COPY_PICTURE = "copy"
    SAVE_PICTURE = "picture"
    SAVE_COUNTS = "counts"


class ImageGrid(QListWidget):
    """Shows up to 200 images of an evaluation.

    `image_chosen` carries the index of the image that is clicked or walked to with the arrows,
    `menu_requested` that of the image whose menu shall open, and where on the screen.
    """

    image_chosen = Signal(int)
    menu_requested = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tip = self.tr(
            "Each image: true digit \u2192 read as, and how probable the network took both for. "
            "Click one to see how it is read."
        )
        named(self, "image_grid", self.tr("Images"), tip)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)

    def show_images(
        self,
        images: NDArray[np.uint8],
        evaluation: Evaluation,
        indices: Sequence[int],
        *,
        how_sure: bool = True,
    ) -> None:
        """Show the first 200 of these of the images (n, 28, 28), and how sure each reading was."""
        self.clear()
        cell = self._cell(lines=3 if how_sure else 1)
        self.setGridSize(cell)
        for index in indices[:MOST_IMAGES]:
            enlarged = QPixmap.fromImage(as_qimage(images[index]).scaled(2 * _SIDE, 2 * _SIDE))
            text, words = self._texts(evaluation, index, how_sure=how_sure)
            item = QListWidgetItem(QIcon(enlarged), text)
            item.setSizeHint(cell)
            item.setToolTip(words)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
            item.setData(Qt.ItemDataRole.UserRole, index)
            self.addItem(item)

    def minimumSizeHint(self) -> QSize:
        """Return room for a row of images."""
        return QSize(super().minimumSizeHint().width(), self._cell(lines=3).height() + _GAP)

    def _cell(self, lines: int) -> QSize:
        """Return the room for an image and so many lines in the present font."""
        metrics = self.fontMetrics()
        width = max(_SIDE, metrics.horizontalAdvance(_LONGEST_LINE))
        return QSize(width + _GAP, _SIDE + lines * metrics.lineSpacing() + _GAP)

    def _texts(self, evaluation: Evaluation, index: int, *, how_sure: bool) -> tuple[str, str]:
        """Return what stands beneath an image, and the same in words."""
        label, read_as = int(evaluation.labels[index]), int(evaluation.predicted[index])
        text = f"{label} {reading_arrow()} {read_as}"
        facts = {"index": index, "label": label, "read_as": read_as}
        if not how_sure:
            return text, self.tr("Image {index}: {label} read as {read_as}").format(**facts)
        digits = dict.fromkeys((read_as, label))
        shares = {each: percent(float(evaluation.probabilities[index, each])) for each in digits}
        words = self.tr("Image {index}: {label} read as {read_as} with {share}")
        if label != read_as:
            words = self.tr("Image {index}: {label} read as {read_as} with {share}; {label}: {own}")
        words = words.format(**facts, share=shares[read_as], own=shares[label])
        return "\n".join((text, *(f"{each}: {share}" for each, share in shares.items()))), words

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the image that a key walks to; no other way to be selected is a choice."""
        before = self.currentItem()
        super().keyPressEvent(event)
        item = self.currentItem()
        if item is not None and item is not before:
            self._choose(item)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for an image's menu: of the one under the pointer, or by its key the current one."""
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        item = self.currentItem() if by_key else self.itemAt(event.pos())
        if item is not None:
            middle = self.viewport().mapToGlobal(self.visualItemRect(item).center())
            place = middle if by_key else event.globalPos()
            self.menu_requested.emit(item.data(Qt.ItemDataRole.UserRole), place)

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        self.image_chosen.emit(item.data(Qt.ItemDataRole.UserRole))


class ResultsView(QWidget):
    """Shows the accuracy with its interval, the confusion matrix and the images behind it.

    Of a network that was not tested it shows that, and a button for `test`. `image_chosen` carries
    the index and the pixels (28, 28) uint8 of an image to be looked at, `wished` what else is
    wanted of the image of this index, or of the confusion matrix for None.
    """

    image_chosen = Signal(int, np.ndarray)
    wished = Signal(Wish, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evaluation: Evaluation | None = None
        self._how_sure = True
        self._is_live = False
        self._images: NDArray[np.uint8] = np.empty((0, 28, 28), dtype=np.uint8)
        self.figure = AccuracyFigure(decimals=2)
        self.title = self.figure.title
        self.accuracy = self.figure.accuracy
        self.interval = self.figure.words
        self.honesty = paragraph()
        self.user_figure = AccuracyFigure(decimals=1)
        self.matrix = ConfusionMatrix()
        self.shown_box = QComboBox()
        self.grid_title = heading("")
        self.hardest_button = QPushButton(self.tr("Back to the hardest"))
        self.grid = ImageGrid()
        self.grid_note = caption()
        self.untested_title = heading("")
        self.untested_text = paragraph()
        self.testing_bar = QProgressBar()
        self.test = QAction(self.tr("Test this network"), self)
        self.report = QAction(self.tr("Sa&ve report \u2026"), self, enabled=False)
        self.report.setIconText(self.tr("Save report \u2026"))
        self.report_button = ActionButton(self.report, "report_button")
        self.test_button = ActionButton(self.test, "test_button")
        self.test_again_button = ActionButton(self.test, "test_again_button")
        self._stack = QStackedLayout(self)
        self._name_parts()
        self._lay_out()
        self.matrix.cell_selected.connect(self._show_cell)
        self.matrix.menu_requested.connect(lambda place: self.matrix_menu().popup(place))
        self.shown_box.currentIndexChanged.connect(self._show_as)
        self.hardest_button.clicked.connect(self.show_hardest)
        self.grid.image_chosen.connect(self._choose_image)
        self.grid.menu_requested.connect(lambda at, place: self.image_menu(at).popup(place))
        self.honesty.hide()
        self.show_untested("")
        self.show_user_accuracy(None)

    def show_evaluation(
        self,
        evaluation: Evaluation,
        images: NDArray[np.uint8],
        title: str,
        *,
        how_sure: bool = True,
    ) -> None:
        """Show an evaluation of these images (n, 28, 28); the title names the network.

        Without `how_sure`, of its probabilities nothing is known but the largest.
        """
        self._how_sure, self._is_live = how_sure, False
        self.test_again_button.setVisible(not how_sure)
        text = self.tr("{correct} of {total} test images; 95 % interval {low} to {high} %")
        self._show_figures(evaluation, images, title, text)
        self.show_hardest()

    def show_live(self, evaluation: Evaluation, images: NDArray[np.uint8], title: str) -> None:
        """Show how a network that trains reads validation images; the selected cell stays so."""
        selected = self.matrix.selected if self._is_live else None
        self._how_sure, self._is_live = True, True
        self.test_again_button.hide()
        text = self.tr("{correct} of {total} validation images; 95 % interval {low} to {high} %")
        self._show_figures(evaluation, images, title, text)
        if selected is None:
            self.show_hardest()
        else:
            self.matrix.select(*selected)

    def _show_figures(
        self, evaluation: Evaluation, images: NDArray[np.uint8], title: str, text: str
    ) -> None:
        self._evaluation, self._images = evaluation, images
        self._stack.setCurrentIndex(1)
        self.matrix.show_evaluation(evaluation)
        self.show_title(title)
        low, high = evaluation.interval
        self.figure.show_share(evaluation.accuracy)
        correct, total = count(evaluation.correct), count(len(evaluation.labels))
        interval = {"low": number(100 * low, 2), "high": number(100 * high, 2)}
        self.interval.setText(text.format(correct=correct, total=total, **interval))
        self.honesty.hide()

    def take_over(self, before: "ResultsView") -> None:
        """Show the images of the cell that is selected in another view, if these are known."""
        if self._evaluation is not None and before.matrix.selected is not None:
            self.matrix.select(*before.matrix.selected)

    def show_honesty(self, error: float, temperature: float | None) -> None:
        """Show the calibration error 0..1, and the temperature, None for raw percentages."""
        text = self.tr("Its raw percentages are {points} points off on average (not calibrated).")
        facts = {"points": number(100 * error, 2)}
        if temperature is not None:
            text = self.tr(
                "Its percentages are {points} points off on average (calibrated, temperature "
                "{temperature})."
            )
            facts["temperature"] = number(temperature, 2)
        self.honesty.setText(text.format(**facts))
        self.honesty.show()

    def show_testing(self, done: int, total: int) -> None:
        """Show how many of the test images are read, in place of that the network is untested."""
        text = self.tr("Testing on {total} images \u2026")
        self.untested_text.setText(text.format(total=count(total)))
        self.testing_bar.setRange(0, total)
        self.testing_bar.setValue(done)
        self.testing_bar.show()
        self.test_button.hide()

    def show_untested(self, title: str, *, is_being_read: bool = False) -> None:
        """Show that the network of this title was not tested; "" for no network.

        It may be that it reads validation images at present, of which there will be more to show.
        """
        self._evaluation = None
        self._stack.setCurrentIndex(0)
        self.show_title(title)
        self.testing_bar.hide()
        self.test_button.setVisible(not is_being_read)
        text = self.tr("Not tested yet: let it read the test images to see which ones it misreads.")
        if not title:
            text = self.tr("Train or open a network first; then you can test it here.")
        elif is_being_read:
            text = self.tr(
                "While it trains, it reads validation images; slowly, so that training is not "
                "slowed down \u2026"
            )
        self.untested_text.setText(text)

    def show_title(self, title: str) -> None:
        """Name the network."""
        self.title.setText(title)
        self.untested_title.setText(title)

    def picture(self, index: int | None) -> QImage:
        """Return the picture of an image, enlarged, or of the confusion matrix for None."""
        if index is None:
            return self.matrix.grab().toImage()
        image = as_qimage(self._images[index])
        return image.scaled(_ENLARGED * image.width(), _ENLARGED * image.height())

    def matrix_menu(self) -> QMenu:
        """Return the confusion matrix's menu."""
        return self._menu(Wish.COPY_PICTURE, Wish.SAVE_PICTURE, Wish.SAVE_COUNTS)

    def image_menu(self, index: int) -> QMenu:
        """Return an image's menu."""
        # Only test images have a place on the pad.
        looks = () if self._is_live else (Wish.PUT_ON_PAD, Wish.EXPLAIN)
        return self._menu(*looks, Wish.COPY_PICTURE, Wish.SAVE_PICTURE, index=index)

    def _menu(self, *wishes: Wish, index: int | None = None) -> QMenu:
        texts = {
            Wish.PUT_ON_PAD: self.tr("See how it is &read"),
            Wish.EXPLAIN: self.tr("&Explain"),
            Wish.COPY_PICTURE: self.tr("&Copy picture"),
            Wish.SAVE_PICTURE: self.tr("&Save picture as \u2026"),
            Wish.SAVE_COUNTS: self.tr("Save counts as CS&V \u2026"),
        }
        menu = QMenu(self)
        for wish in wishes:
            action = menu.addAction(texts[wish])
            action.triggered.connect(lambda _=False, wish=wish: self.wished.emit(wish, index))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def show_user_accuracy(self, evaluation: Evaluation | None, network: str = "") -> None:
        """Show the accuracy of this network on the user digits, or nothing."""
        self.user_figure.setVisible(evaluation is not None)
        if evaluation is not None:
            self.user_figure.show_share(evaluation.accuracy)
            self.user_figure.title.setText(self.tr("Digits that you drew"))
            self.user_figure.words.setText(accuracy_text(evaluation, network))

    @Slot()
    def show_hardest(self) -> None:
        """Show the images with the lowest probabilities of their labels, hardest first.

        Where those are not known, show the images that were misread.
        """
        if self._evaluation is None:
            return
        self.matrix.clear_selection()
        self.hardest_button.hide()
        if self._how_sure:
            title = self.tr("Hardest test images (true digit \u2192 read as, how sure)")
            if self._is_live:
                title = self.tr("Hardest validation images (true digit \u2192 read as, how sure)")
            note = self.tr("Sorted by how sure it was of the true digit, the least sure first.")
            most = _MOST_LIVE if self._is_live else MOST_IMAGES
            chosen = self._evaluation.hardest(most)
        else:
            title = self.tr("Misread test images (true digit \u2192 read as)")
            note = self.tr("How sure it was is not kept with this run; test it again to see that.")
            chosen = np.flatnonzero(self._evaluation.predicted != self._evaluation.labels)
        self.grid_title.setText(title)
        self.grid_note.setText(note)
        self._show_images(chosen.tolist())

    def _show_images(self, chosen: list[int]) -> None:
        if self._evaluation is not None:
            sure = self._how_sure
            self.grid.show_images(self._images, self._evaluation, chosen, how_sure=sure)

    @Slot(int)
    def _choose_image(self, index: int) -> None:
        if not self._is_live:
            self.image_chosen.emit(index, self._images[index])

    @Slot(int, int)
    def _show_cell(self, label: int, read_as: int) -> None:
        if self._evaluation is None:
            return
        self.hardest_button.show()
        self.grid_note.clear()
        chosen = self._evaluation.cell(label, read_as).tolist()
        title = self.tr("{label} read as {read_as} ({count})")
        if not chosen:
            title = self.tr("No {label} was read as {read_as}.")
        title = title.format(label=label, read_as=read_as, count=count(len(chosen)))
        hidden = len(chosen) - MOST_IMAGES
        if hidden > 0:
            text = self.tr("{title}, {shown} shown and {hidden} more")
            title = text.format(title=title, shown=MOST_IMAGES, hidden=count(hidden))
        self.grid_title.setText(title)
        self._show_images(chosen)

    @Slot(int)
    def _show_as(self, index: int) -> None:
        self.matrix.show_as(self.shown_box.itemData(index))

    def _name_parts(self) -> None:
        self.setObjectName("results_page")
        self.shown_box.addItem(self.tr("Counts"), Shown.COUNTS)
        self.shown_box.addItem(self.tr("% of each row"), Shown.OF_ROW)
        self.shown_box.addItem(self.tr("% of each column"), Shown.OF_COLUMN)
        tip = self.tr(
            "Of each row: how the images of a digit were read. Of each column: what the answers "
            "with a digit really were."
        )
        named(self.shown_box, "matrix_shown_box", self.tr("What the cells show"), tip)
        tip = self.tr("The share of test images that are read correctly.")
        named(self.accuracy, "test_accuracy", self.tr("Test accuracy"), tip)
        tip = self.tr("The 95 % confidence interval for the accuracy on images like these.")
        named(self.interval, "test_interval", tip=tip)
        tip = self.tr(
            "How far the percentages are from how often the answers are right: the expected "
            "calibration error. The View menu switches between calibrated and raw ones."
        )
        named(self.honesty, "calibration_error", self.tr("Calibration error"), tip)
        tip = self.tr("The share of your saved digits that this network reads correctly.")
        title = self.tr("Accuracy on your own digits")
        named(self.user_figure.accuracy, "own_accuracy_in_results", title, tip)
        tip = self.tr("Show the images with the lowest probability for their true digit.")
        named(self.hardest_button, "hardest_button", self.tr("Show the hardest images"), tip)
        named(self.untested_text, "untested_text").setAlignment(Qt.AlignmentFlag.AlignCenter)
        tip = self.tr("How many of the test images are read.")
        named(self.testing_bar, "testing_bar", self.tr("Progress of the test"), tip)
        self.testing_bar.setTextVisible(False)
        self.testing_bar.setFixedWidth(_BAR_WIDTH)
        self.untested_title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.untested_title.setWordWrap(True)
        self.test.setToolTip(self.tr("Let this network read the test images"))
        tip = self.tr("Save all of this as a page to read in a browser, to hand on or to print")
        self.report.setToolTip(tip)

    def _lay_out(self) -> None:
        axes = paragraph(
            self.tr("Confusion matrix: rows = true digit, columns = the network's answer.")
        )
        axes.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.honesty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        above = Columns((axes, self.shown_box, self.report_button), stretches=(1, 0, 0))
        parts = (self.figure, self.honesty, self.user_figure, above, (self.matrix, 1))
        upper, lower = Pane(), Pane()
        column(*parts, parent=upper, spacing=10, margins=(0, 0, 0, 10))
        self.grid_title.setWordWrap(True)
        self.grid_note.setWordWrap(True)
        buttons = (self.test_again_button, self.hardest_button)
        head = Columns((self.grid_title, *buttons), stretches=(1, 0, 0))
        images = (head, self.grid_note, (self.grid, 1))
        column(*images, parent=lower, spacing=4, margins=(0, 10, 0, 0))
        split = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        split.addWidget(upper)
        split.addWidget(lower)
        in_reading_order(split).setSizes([380, 240])
        button = row(0, self.test_button, self.testing_bar, 0)
        untested = (0, self.untested_title, self.untested_text, button, 0)
        self._stack.addWidget(widget_with(column(*untested, spacing=10, margins=(20, 0, 20, 0))))
        self._stack.addWidget(widget_with(column(split, margins=(12, 12, 12, 0))))
