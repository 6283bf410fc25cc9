"""The network bar: a choice of networks, accuracy, a slider over the steps, and training."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QStylePainter,
    QWidget,
)

from mnist_gui.gui.common.fields import guard_from_wheel
from mnist_gui.gui.common.icons import icon
from mnist_gui.gui.common.labels import ElidedLabel, caption, count, tabular
from mnist_gui.gui.common.qt import ActionButton, named, never_mirrored, row
from mnist_gui.gui.shell import WindowActions

Index = QModelIndex | QPersistentModelIndex
_FEWEST_LETTERS = 5
_MOST_ITEMS = 18
_ICON_SIDE = 16
_BUTTON_WIDTH = 34
_ROW_HEIGHT, _LINE_HEIGHT = 24, 9
_LETTERS_FOR_CAPTION = 120
# Narrower, the menu offers it.
_LETTERS_FOR_PLAYING = 70
# No step of a run has more digits.
_LONGEST_STEP = 99_999


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    """A network to choose: its key, what it is called, its accuracy as text, and a tooltip."""

    key: str
    title: str
    accuracy: str = ""
    tip: str = ""


class _Lines(QStyledItemDelegate):
    """Draws the lines between the groups of networks so that they are seen on dark ground, too."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a line, or a network as usual."""
        if not _is_line(index):
            super().paint(painter, option, index)
            return
        middle = option.rect.center().y()
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawLine(option.rect.left() + 6, middle, option.rect.right() - 6, middle)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return rows that can be hit, and a lower one for a line."""
        usual = super().sizeHint(option, index)
        height = _LINE_HEIGHT if _is_line(index) else max(usual.height(), _ROW_HEIGHT)
        return QSize(usual.width(), height)


def _is_line(index: Index) -> bool:
    # That is how Qt marks them.
    return bool(index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator")


class NetworkBox(QComboBox):
    """A choice of networks, listed with their accuracies; closed, it shows the name alone.

    `network_chosen` brings the key of what the user chose, `open_requested` asks for a file.
    """

    network_chosen = Signal(str)
    open_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._groups: Sequence[Sequence[NetworkChoice]] = ()
        self._key = ""
        tip = self.tr("The network that all views show; choose another one, or open a file.")
        named(self, "network_box", self.tr("Network"), tip)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setItemDelegate(_Lines(self))
        self.setMinimumContentsLength(_FEWEST_LETTERS)
        self.setMaxVisibleItems(_MOST_ITEMS)
        guard_from_wheel(self)
        self.activated.connect(self._choose)

    def show_networks(self, groups: Sequence[Sequence[NetworkChoice]], key: str) -> None:
        """List these groups of networks, if they are others, and show the one with this key."""
        if groups != self._groups:
            self._groups = groups
            self._fill()
        self._key = key
        self._show_chosen()

    def _fill(self) -> None:
        self.clear()
        for group in filter(None, self._groups):
            for choice in group:
                text = f"{choice.title} \u00b7 {choice.accuracy}".removesuffix(" \u00b7 ")
                self.addItem(text, choice)
                self.setItemData(self.count() - 1, choice.tip, Qt.ItemDataRole.ToolTipRole)
            self.insertSeparator(self.count())
        self.addItem(self.tr("Open a file \u2026"), None)
        # As wide as its longest name, whatever the width of the closed box.
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 2 * _ICON_SIDE)

    def _show_chosen(self) -> None:
        keys = [choice.key for group in self._groups for choice in group]
        index = keys.index(self._key) if self._key in keys else -1
        places = [place for place in range(self.count()) if self.itemData(place) is not None]
        self.setCurrentIndex(places[index] if index >= 0 else -1)
        choice = self.currentData()
        known = choice if isinstance(choice, NetworkChoice) else NetworkChoice("", "")
        self.setToolTip("\n".join(filter(None, (known.title, known.tip))))

    @Slot(int)
    def _choose(self, place: int) -> None:
        choice = self.itemData(place)
        if isinstance(choice, NetworkChoice):
            self.network_chosen.emit(choice.key)
        else:
            # What the user opens is shown once it can be used.
            self._show_chosen()
            self.open_requested.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the name without the accuracy, shortened to the width of the box."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        choice = self.currentData()
        title = choice.title if isinstance(choice, NetworkChoice) else ""
        painter = QStylePainter(self)
        parts = QStyle.SubControl.SC_ComboBoxEditField
        complex_ = QStyle.ComplexControl.CC_ComboBox
        room = self.style().subControlRect(complex_, option, parts, self).width() - 4
        elided = self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room)
        option.currentText = elided
        painter.drawComplexControl(complex_, option)
        # What trains is to be read, although it cannot be changed meanwhile.
        option.state |= QStyle.StateFlag.State_Enabled
        palette = self.palette()
        palette.setCurrentColorGroup(QPalette.ColorGroup.Normal)
        option.palette = palette
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class _StepLabel(QLabel):
    """A muted label that always has the room for its longest text."""

    def __init__(self, longest: str) -> None:
        super().__init__()
        self._longest = longest
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setFont(tabular(self.font()))

    def sizeHint(self) -> QSize:
        """Return the size of the longest text."""
        width = self.fontMetrics().horizontalAdvance(self._longest)
        return super().sizeHint().expandedTo(QSize(width, 0))

    def minimumSizeHint(self) -> QSize:
        """Return the room that it needs at least."""
        return self.sizeHint()


class NetworkBar(QWidget):
    """Shows the current network, and lets the user choose another one, a step of it, and train.

    `step_chosen` brings the step that the user moved the slider to, `steps_offered` whether there
    are several to choose from now.
    """

    step_chosen = Signal(int)
    steps_offered = Signal(bool)

    def __init__(self, actions: WindowActions) -> None:
        super().__init__()
        self.setObjectName("network_bar")
        self.network_box = NetworkBox()
        self.accuracy = named(ElidedLabel(), "network_accuracy", self.tr("Accuracy"))
        # From left to right like the curves, whose steps these are.
        self.slider = never_mirrored(QSlider(Qt.Orientation.Horizontal))
        self.step_label = _StepLabel(self.tr("Step {step}").format(step=count(_LONGEST_STEP)))
        self._steps: tuple[int, ...] = ()
        self._step = 0
        self._make_slider()
        self.play_button = _IconFace(actions.play_steps, "play_steps_button", "time")
        self.play_button.hide()
        self.train_button = _IconFace(actions.train, "bar_train_button", "play", has_text=True)
        self.pause_button = _IconFace(actions.pause, "bar_pause_button", "pause")
        self.stop_button = _IconFace(actions.stop, "bar_stop_button", "stop")
        self._lay_out()

    def show_accuracy(self, text: str, tip: str = "") -> None:
        """Show the accuracy of the network, and in the tooltip on which images; "" for none."""
        self.accuracy.show_text(text, tip)

    def show_steps(self, steps: Sequence[int], step: int) -> None:
        """Offer these steps, and show that the network is of `step`, which may be none of them."""
        self._steps = tuple(steps)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, len(steps) - 1))
        nearest = min(range(len(steps)), key=lambda place: abs(steps[place] - step), default=0)
        # A finger on the slider says where it is.
        if not self.slider.isSliderDown():
            self.slider.setValue(nearest)
        self.slider.blockSignals(False)
        self.slider.setVisible(len(steps) > 1)
        self._fit()
        if not self.slider.isSliderDown():
            self._show_step(step)
        self._tell_offer()

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps that are offered."""
        return self._steps

    @property
    def step(self) -> int:
        """The step that the slider is at; of none on offer, 0."""
        return self._steps[self.slider.value()] if self._steps else 0

    def choose_step(self, step: int) -> None:
        """Choose one of the steps on offer, as the user would."""
        self.slider.setValue(self._steps.index(step))

    def _tell_offer(self) -> None:
        self.steps_offered.emit(len(self._steps) > 1 and self.slider.isEnabled())

    def set_busy(self, *, busy: bool) -> None:
        """Offer no other network and step while a run or test is active."""
        self.network_box.setEnabled(not busy)
        self.slider.setEnabled(not busy)
        self._tell_offer()

    def show_paused(self, *, paused: bool) -> None:
        """Show on the second button that it resumes the run, or pauses it."""
        self.pause_button.show_icon("play" if paused else "pause")

    @Slot(int)
    def _choose_step(self, place: int) -> None:
        if place < len(self._steps):
            self._show_step(self._steps[place])
            self.step_chosen.emit(self._steps[place])

    def _show_step(self, step: int) -> None:
        text = self.tr("Step {step}").format(step=count(step)) if step else self.tr("Untrained")
        # An imported network tells no step, and then is not untrained.
        self.step_label.setText(text if step or self._steps else "")
        self.step_label.setVisible(bool(self.step_label.text()))
        self.slider.setAccessibleDescription(text)

    def _make_slider(self) -> None:
        tip = self.tr(
            "The network as it was after so many steps of its training. The drawing is read by it."
        )
        named(self.slider, "step_slider", self.tr("Training step of the network"), tip)
        self.slider.setPageStep(5)
        self.slider.setMinimumWidth(56)
        guard_from_wheel(self.slider)
        self.slider.valueChanged.connect(self._choose_step)
        self.slider.hide()
        named(self.step_label, "network_step")
        self.step_label.hide()

    def _lay_out(self) -> None:
        self.network_box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.network_box.setMaximumWidth(340)
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.slider.setMaximumWidth(420)
        self._caption = caption(self.tr("Network"))
        self._caption.setBuddy(self.network_box)
        # It goes before it would keep the bar from getting narrower.
        self._caption.setMinimumWidth(1)
        buttons = row(self.train_button, self.pause_button, self.stop_button, spacing=4)
        network = (self._caption, (self.network_box, 4), self.accuracy)
        steps = (self.play_button, (self.slider, 3), self.step_label)
        parts = (*network, *steps, 1, buttons)
        row(*parts, parent=self, spacing=8, margins=(10, 6, 10, 6))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Say what the box is for, and offer to play the steps, where there is room for that."""
        letters = self.width() / self.fontMetrics().averageCharWidth()
        self._caption.setVisible(letters >= _LETTERS_FOR_CAPTION)
        self.play_button.setVisible(len(self._steps) > 1 and letters >= _LETTERS_FOR_PLAYING)


class _IconFace(ActionButton):
    """A button that does an action, with an icon, and its text beside that where it has one."""

    def __init__(
        self, action: QAction, name: str, icon_name: str, *, has_text: bool = False
    ) -> None:
        super().__init__(action, name)
        self._icon, self._has_text = icon(icon_name), has_text
        self.setIconSize(QSize(_ICON_SIDE, _ICON_SIDE))
        # After the button has taken on what the action says.
        action.changed.connect(self._dress)
        self._dress()

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon = icon(name)
        self._dress()

    def sizeHint(self) -> QSize:
        """Be narrow without a text."""
        size = super().sizeHint()
        return size if self._has_text else QSize(_BUTTON_WIDTH, size.height())

    def minimumSizeHint(self) -> QSize:
        """Return the room that it needs at least."""
        return self.sizeHint()

    @Slot()
    def _dress(self) -> None:
        self.setIcon(self._icon)
        if not self._has_text:
            self.setText("")
