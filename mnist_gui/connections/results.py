"""The page of the results: of a test, and how the same network reads the user's own digits."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.events import Tested
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.values import network_title
from mnist_gui.gui.results.view import ResultsView
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.gui.window.pages import Page
from mnist_gui.parts import Parts


class ResultsConnections(QObject):
    """Shows how the test images were read, and beside it the accuracy on the user's own digits."""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._parts = parts
        self._tested: Snapshot | None = None
        self._page = ResultsView()
        window.tabs.fill(Page.RESULTS, self._page)
        parts.training.news.tested.connect(self._show_test)
        self._page.image_chosen.connect(parts.shown_image.show_image)
        parts.my_digits.digits_changed.connect(self._show_own_accuracy)
        parts.own_reading.reading_changed.connect(self._show_own_accuracy)

    @Slot(Tested, LabelledImages)
    def _show_test(self, tested: Tested, images: LabelledImages) -> None:
        title = network_title(tested.recipe.name, tested.step)
        self._page.show_evaluation(tested.evaluation, images.images, title)
        self._tested = self._network_of(tested)
        self._page.show_own(None)
        self._show_own_accuracy()

    def _network_of(self, tested: Tested) -> Snapshot | None:
        current = self._parts.network.snapshot
        if current is None or (current.recipe, current.step) != (tested.recipe, tested.step):
            return None
        return current

    @Slot()
    def _show_own_accuracy(self) -> None:
        """Put the accuracy beside the test accuracy where both are of the same network."""
        reading = self._parts.own_reading.reading_with(self._tested)
        if reading is None:
            self._page.show_own(None)
        else:
            evaluation = reading.evaluation(self._parts.my_digits.digits)
            self._page.show_own(evaluation, reading.network)
