"""Fields for choices and numbers; keys and the wheel change only the one with the focus."""

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QDoubleSpinBox, QSpinBox, QWidget

from mnist_gui.engine.hyperparameter import Bounds
from mnist_gui.engine.recipe import HYPERPARAMETERS
from mnist_gui.gui.common.values import choice_title, hyperparameter_text

# What Arabic and Persian keyboards type, and what that is in the numbers that are shown.
_TYPED = str.maketrans(
    "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669"
    "\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9\u066b\u066c",
    "01234567890123456789.,",
)


class ChoiceField(QComboBox):
    """A choice; the data of each item is its name in the recipe."""

    def __init__(self) -> None:
        super().__init__()
        guard_from_wheel(self)

    def choose(self, data: str) -> None:
        """Show the item with this data."""
        self.setCurrentIndex(self.findData(data))

    def value(self) -> str:
        """Return the data of the item that is shown."""
        return str(self.currentData())


class CountField(QSpinBox):
    """A whole number within bounds; `refused` says that what was typed is out of them."""

    refused = Signal()

    def __init__(self, bounds: Bounds, *, grouped: bool = True) -> None:
        super().__init__()
        self.setRange(int(bounds.minimum), int(bounds.maximum))
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setGroupSeparatorShown(grouped)
        _spare_buttons(self)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let a number be typed that is too large, so that it can be refused."""
        text = text.translate(_TYPED)
        if text and text == self.specialValueText():
            return (QValidator.State.Acceptable, text, position)
        state, text, position = super().validate(text, position)
        typed = text.removesuffix(self.suffix()).strip()
        if state is QValidator.State.Invalid and not typed.strip("0123456789.,\u00a0\u202f '"):
            state = QValidator.State.Intermediate
        return (state, text, position)

    def valueFromText(self, text: str) -> int:
        """Read the word that stands for the least number, too."""
        is_word = text and text == self.specialValueText()
        return self.minimum() if is_word else super().valueFromText(text)

    def fixup(self, text: str) -> str:
        """Say that the number is refused; the field goes back to its value."""
        self.refused.emit()
        return text


class FractionField(QDoubleSpinBox):
    """A number within bounds, written without trailing zeros: 0.0001.

    `refused` says that what was typed is out of them.
    """

    refused = Signal()

    def __init__(self, bounds: Bounds, *, decimals: int) -> None:
        super().__init__()
        self.setDecimals(decimals)
        self.setRange(bounds.minimum, bounds.maximum)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        _spare_buttons(self)

    def textFromValue(self, value: float) -> str:
        """Write a number without trailing zeros."""
        text = f"{value:.{self.decimals()}f}"
        return text.rstrip("0").removesuffix(".") if "." in text else text

    def valueFromText(self, text: str) -> float:
        """Read 0.001 as well as 1e-3 and 0,001."""
        return self._read(text) or 0.0

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let powers of ten such as 1e-3 be typed."""
        text = text.translate(_TYPED)
        value = self._read(text)
        if value is not None and self.minimum() <= value <= self.maximum():
            return (QValidator.State.Acceptable, text, position)
        if set(text) <= set("0123456789eE+-.,"):
            return (QValidator.State.Intermediate, text, position)
        return (QValidator.State.Invalid, text, position)

    def fixup(self, text: str) -> str:
        """Say that the number is refused; the field goes back to its value."""
        self.refused.emit()
        return text

    def _read(self, text: str) -> float | None:
        # Numbers here are small: a comma or a point in them is never a separator of thousands.
        value, is_number = QLocale.c().toDouble(text.strip().replace(",", "."))
        return value if is_number else None


Field = ChoiceField | CountField | FractionField


def hyperparameter_field(name: str) -> Field:
    """Return an empty field for what a hyperparameter may be."""
    declared = HYPERPARAMETERS[name]
    match declared.allowed:
        case Bounds(is_whole=True) as bounds:
            field = CountField(bounds, grouped=declared.is_grouped)
            if declared.unit:
                field.setSuffix(f" {hyperparameter_text(declared.unit)}")
            if declared.zero:
                field.setSpecialValueText(hyperparameter_text(declared.zero))
            return field
        case Bounds() as bounds:
            return FractionField(bounds, decimals=declared.decimals)
    choice = ChoiceField()
    for each in declared.allowed:
        choice.addItem(choice_title(name, each), each)
    return choice


def put_value(field: Field, value: str | float) -> None:
    """Put a value into a field, as a user would."""
    match field:
        case ChoiceField():
            field.choose(str(value))
        case CountField():
            field.setValue(int(value))
        case FractionField():
            field.setValue(float(value))


def _spare_buttons(field: QAbstractSpinBox) -> None:
    """Leave out the two arrows, too small to hit: keys and the wheel do the same."""
    field.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
    guard_from_wheel(field)


def guard_from_wheel(field: QWidget) -> None:
    """Leave the wheel to the scroll area unless the field has the focus."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_WheelGuard(field))


class _WheelGuard(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_wheel = event.type() == QEvent.Type.Wheel
        if is_wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)
