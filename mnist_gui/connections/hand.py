"""Learning the user's hand, on the page of the user's digits."""

from PySide6.QtCore import QObject, Slot

from mnist_gui.gui.digits.finetune_panel import PersonalizePanel
from mnist_gui.gui.digits.page import MyDigitsPage
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.parts import Parts


class HandConnections(QObject):
    """Lets the user have the current network learn his or her hand, and keep it or go back."""

    def __init__(self, window: MainWindow, parts: Parts, page: MyDigitsPage) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel = PersonalizePanel()
        page.add_row(panel)
        hand = parts.hand
        parts.dataset.dataset_changed.connect(hand.use_dataset)
        parts.network.network_changed.connect(hand.use_network)
        parts.my_digits.digits_changed.connect(hand.use_digits)
        parts.training.state_changed.connect(hand.follow_training)
        window.recipe_panel.form.device_chosen.connect(hand.use_device)
        panel.learn_requested.connect(hand.start)
        panel.stop_requested.connect(hand.stop)
        panel.keep_requested.connect(hand.keep)
        panel.back_requested.connect(hand.go_back)
        hand.obstacle_changed.connect(panel.show_obstacle)
        hand.began.connect(panel.show_begun)
        hand.progress_changed.connect(panel.show_progress)
        hand.learnt.connect(panel.show_result)
        hand.stopped.connect(panel.show_ready)
        hand.failed.connect(self._show_failure)
        hand.network_chosen.connect(parts.network.use_snapshot)
        panel.show_obstacle(hand.obstacle)

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._panel.show_ready()
        self._window.show_error(self.tr("Learning your hand failed"), sentence)
