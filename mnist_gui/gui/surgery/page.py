"""The page on which a network is operated on, and shows at once what it still reads."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLabel, QPushButton, QSlider, QWidget

from mnist_gui.engine.hyperparameter import Bounds
from mnist_gui.engine.inside.layers import Layer
from mnist_gui.engine.inside.surgery import Surgery, operable_layers, parts_of
from mnist_gui.engine.inside.surgery_answer import DigitAnswer
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.fields import FractionField, guard_from_wheel
from mnist_gui.gui.common.labels import caption, heading, paragraph, percent
from mnist_gui.gui.common.qt import Pane, column, named, never_mirrored, row, widget_with
from mnist_gui.gui.surgery.bars import BeforeAfterBars
from mnist_gui.gui.surgery.text import SurgeryText, part_name
from mnist_gui.gui.surgery.tiles import PartTiles
from mnist_gui.gui.views.layer_text import LayerText
from mnist_gui.gui.views.page import ViewPage

_NARROW = 560
_ANSWER_WIDTH = 300
_GAP = 14
# The slider counts tenths of the standard deviation of the weights.
_NOISE_STEPS = 20
_NOISE_UNIT = 0.1
_MOST_ADDED = 100.0
_KEYS = QKeySequence.StandardKey


class SurgeryPage(ViewPage):
    """A layer's parts to switch off, its noise, a bias, and the answers before and after.

    `operated` carries what is to be changed in all, and what such changes in a row have in common,
    or None; `layer_chosen` the name of the layer to be seen.
    """

    operated = Signal(object, object)
    layer_chosen = Signal(str)
    undo_asked = Signal()
    redo_asked = Signal()

    def __init__(self) -> None:
        super().__init__("surgery")
        self._words = SurgeryText(self)
        self._layer_text = LayerText(self)
        self._surgery = Surgery()
        self._layers: dict[str, tuple[str, Layer]] = {}
        self._layer: Layer | None = None
        self._place = 0
        self.layer_box = named(QComboBox(), "surgery_layer_box", self.tr("Layer"))
        self.noise = named(
            never_mirrored(QSlider(Qt.Orientation.Horizontal, minimum=0, maximum=_NOISE_STEPS)),
            "surgery_noise",
            self.tr("Noise in the layer's weights"),
        )
        self.strength = caption()
        self.other_noise = named(QPushButton(self.tr("Other noise")), "surgery_other_noise")
        self.bias = named(
            FractionField(Bounds(-_MOST_ADDED, _MOST_ADDED), decimals=2),
            "surgery_bias",
            self.tr("Added to the bias"),
        )
        text = self.tr("Switch the layer off")
        self.whole = named(QPushButton(text), "surgery_whole_button")
        self.undo = named(QPushButton(self.tr("Undo")), "surgery_undo", tip=self.tr("Ctrl+Z"))
        self.redo = named(QPushButton(self.tr("Redo")), "surgery_redo", tip=self.tr("Ctrl+Y"))
        self.reset = named(QPushButton(self.tr("Reset")), "surgery_reset")
        self.tiles, self.bars = PartTiles(), BeforeAfterBars()
        self.bias_label = QLabel()
        self.changes = named(paragraph(), "surgery_changes")
        self.digit = named(paragraph(), "surgery_digit")
        self.test = named(paragraph(), "surgery_test")
        self._fill_controls()
        # Without a network there is nothing to choose.
        self.controls.setVisible(False)
        self._fill_body()
        self._connect()
        self.show_purpose(
            self.tr(
                "Switch parts of the network off and see what it still reads: without which does "
                "it fail, and which does it not need? Your network stays as it is: all this is "
                "done to a copy, which is never saved."
            )
        )

    # --- showing -------------------------------------------------------------------------------

    def show_surgery(
        self, title: str, architecture: str, layer: str, surgery: Surgery, offers: tuple[bool, bool]
    ) -> None:
        """Show what is changed of the network of this title, and whether to offer undo and redo.

        What comes of it follows by `show_digit`.
        """
        self.show_title(title)
        blockers = [QSignalBlocker(each) for each in (self.layer_box, self.noise, self.bias)]
        self._offer_layers(operable_layers(architecture))
        self.layer_box.setCurrentIndex(list(self._layers).index(layer))
        self._surgery = surgery
        self.controls.setVisible(True)
        if self._layer is not self._layers[layer][1]:
            self._layer, self._place = self._layers[layer][1], 0
            self.show_digit(None)
        self.tiles.show_off(self._off)
        self.noise.setValue(round(surgery.noise.get(layer, 0.0) / _NOISE_UNIT))
        self.strength.setText(percent(surgery.noise.get(layer, 0.0), 0))
        self.other_noise.setEnabled(bool(surgery.noise))
        self.changes.setText(self._words.changes(surgery, self._layers))
        for button, offered in zip((self.undo, self.redo), offers, strict=True):
            button.setEnabled(offered)
        self.reset.setEnabled(not surgery.is_none)
        self._show_bias()
        self._name_whole()
        for blocker in blockers:
            blocker.unblock()

    def show_digit(self, answer: DigitAnswer | None) -> None:
        """Show how the digit on the pad is read before and after, and what the parts pass on."""
        assert self._layer is not None
        parts = np.zeros((parts_of(self._layer), 1, 1), np.float32)
        if answer is not None:
            parts = answer.parts
            self.bars.show_shares(answer.before, answer.after)
        else:
            self.bars.show_shares(None, None)
        self.tiles.show_parts(self._layer, self._off, parts)
        self.digit.setText(self._words.digit(answer))

    def show_test(self, sentence: str) -> None:
        """Show how test images are read, or why that is not known."""
        self.test.setText(sentence)

    @property
    def _off(self) -> frozenset[int]:
        """The parts of the layer that are off."""
        assert self._layer is not None
        return self._surgery.off.get(self._layer.weights, frozenset())

    def _offer_layers(self, layers: Sequence[Layer]) -> None:
        if [layer for _, layer in self._layers.values()] == list(layers):
            return
        titles = self._layer_text.titles(layers)
        self._layers = {
            layer.weights: (title, layer) for title, layer in zip(titles, layers, strict=True)
        }
        self.layer_box.clear()
        self.layer_box.addItems([title for title, _ in self._layers.values()])

    def _show_bias(self) -> None:
        assert self._layer is not None
        text = self.tr("Add to the &bias of {part}")
        self.bias_label.setText(text.format(part=part_name(self._layer, self._place)))
        blocker = QSignalBlocker(self.bias)
        self.bias.setValue(self._surgery.biases.get((self._layer.weights, self._place), 0.0))
        blocker.unblock()

    def _name_whole(self) -> None:
        assert self._layer is not None
        is_off = len(self._off) == parts_of(self._layer)
        text = self.tr("Switch the layer on") if is_off else self.tr("Switch the layer off")
        self.whole.setText(text)
        self.whole.setAccessibleName(text)

    # --- operating -----------------------------------------------------------------------------

    def _connect(self) -> None:
        self.layer_box.currentIndexChanged.connect(self._choose_layer)
        self.tiles.toggled.connect(self._toggle)
        self.tiles.chosen.connect(self._choose_part)
        self.noise.valueChanged.connect(self._set_noise)
        self.other_noise.clicked.connect(self._draw_noise)
        self.bias.valueChanged.connect(self._set_bias)
        self.whole.clicked.connect(self._toggle_layer)
        self.undo.clicked.connect(self.undo_asked)
        self.redo.clicked.connect(self.redo_asked)
        self.reset.clicked.connect(self._reset)

    @Slot(int)
    def _choose_layer(self, place: int) -> None:
        self.layer_chosen.emit(list(self._layers)[place])

    @Slot(int)
    def _choose_part(self, place: int) -> None:
        self._place = place
        if self._layer is not None:
            self._show_bias()

    @Slot(int)
    def _toggle(self, place: int) -> None:
        if self._layer is not None:
            off = self._off ^ {place}
            self.operated.emit(self._surgery.switched(self._layer.weights, off), None)

    @Slot()
    def _toggle_layer(self) -> None:
        if self._layer is not None:
            everything = frozenset(range(parts_of(self._layer)))
            off = frozenset() if self._off == everything else everything
            self.operated.emit(self._surgery.switched(self._layer.weights, off), None)

    @Slot(int)
    def _set_noise(self, steps: int) -> None:
        if self._layer is not None:
            name = self._layer.weights
            self.operated.emit(self._surgery.with_noise(name, steps * _NOISE_UNIT), ("noise", name))

    @Slot()
    def _draw_noise(self) -> None:
        self.operated.emit(self._surgery.with_seed(self._surgery.seed + 1), None)

    @Slot(float)
    def _set_bias(self, added: float) -> None:
        if self._layer is not None:
            key = (self._layer.weights, self._place)
            self.operated.emit(self._surgery.with_bias(*key, added), ("bias", *key))

    @Slot()
    def _reset(self) -> None:
        self.operated.emit(Surgery(), None)

    # --- keys ----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+Z and Ctrl+Y, which else undo what was drawn."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            is_ours = event.matches(_KEYS.Undo) or self._is_redo(event)
            event.setAccepted(is_ours)
            return is_ours
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo changes."""
        if event.matches(_KEYS.Undo):
            self.undo_asked.emit()
        elif self._is_redo(event):
            self.redo_asked.emit()
        else:
            super().keyPressEvent(event)

    def _is_redo(self, event: QKeyEvent) -> bool:
        keys = QKeySequence(event.keyCombination())
        return event.matches(_KEYS.Redo) or keys in (
            QKeySequence("Ctrl+Shift+Z"),
            QKeySequence("Ctrl+Y"),
        )

    # --- putting together ----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the answers beside the tiles, or below them where it is narrow."""
        super().resizeEvent(event)
        answers = max(_ANSWER_WIDTH, self.bars.minimumSizeHint().width())
        # Where they just fit side by side, the page may be so wide only because they are.
        beside = self.tiles.minimumSizeHint().width() + answers + _GAP
        is_narrow = self.width() <= max(_NARROW, beside)
        directions = QBoxLayout.Direction
        self._sides.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)
        self._answers.setFixedWidth(answers)

    def _fill_controls(self) -> None:
        texts = (self.tr("&Layer"), self.tr("N&oise"))
        boxes = (self.layer_box, self.noise)
        labels = []
        for text, box in zip(texts, boxes, strict=True):
            labels.append(QLabel(text))
            labels[-1].setBuddy(box)
        self.bias_label.setBuddy(self.bias)
        self.layer_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.noise.setMinimumSize(120, 24)
        guard_from_wheel(self.noise)
        noise = (labels[1], self.noise, self.strength, self.other_noise)
        parts: list[QWidget] = [
            widget_with(row(labels[0], self.layer_box, self.whole, 0, spacing=8)),
            widget_with(row(*noise, 0, spacing=8)),
            widget_with(row(self.bias_label, self.bias, 0, spacing=8)),
            widget_with(row(self.undo, self.redo, self.reset, 0, spacing=8)),
        ]
        self.controls.setLayout(column(Columns(parts, stretches=(0, 1), spacing=8)))

    def _fill_body(self) -> None:
        self._answers = answers = Pane()
        title = heading(self.tr("What it still reads"))
        parts = (title, self.bars, self.digit, self.test, self.changes)
        answers.setLayout(column(*parts, 0, spacing=8))
        self._sides = row((self.tiles, 1), answers, spacing=_GAP)
        self.body.setLayout(column((self._sides, 1)))
