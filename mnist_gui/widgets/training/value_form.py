"""Rows of named fields for the values of a recipe."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy, QWidget

from mnist_gui.widgets.labels import caption
from mnist_gui.widgets.training.number_fields import ChoiceField, CountField, FractionField

Field = ChoiceField | CountField | FractionField


class ValueForm(QWidget):
    """A row for each field: its name and the field; `edited` follows every change."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._fields: list[Field] = []
        self._labels: list[QLabel] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setVerticalSpacing(6)
        self._layout.setHorizontalSpacing(12)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def add(self, field: Field, name: str, tooltip: str) -> None:
        """Add a row at the bottom."""
        field.setAccessibleName(name)
        field.setToolTip(tooltip)
        label = caption(name)
        label.setToolTip(tooltip)
        label.setBuddy(field)
        # As high as its row, so that it stands at the middle of the field.
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._labels.append(label)
        self._layout.addRow(label, field)
        self._fields.append(field)
        if isinstance(field, ChoiceField):
            field.currentIndexChanged.connect(self._tell)
        else:
            field.valueChanged.connect(self._tell)

    @property
    def name_width(self) -> int:
        """How wide the longest name is, in logical pixels."""
        return max(label.sizeHint().width() for label in self._labels)

    def widen_names(self, width: int) -> None:
        """Give the names this much room, so that the fields of several forms are in line."""
        for label in self._labels:
            label.setMinimumWidth(width)

    def show_row(self, field: Field, *, shown: bool) -> None:
        """Show a field's row, or leave it out."""
        self._layout.setRowVisible(field, shown)

    def commit(self) -> None:
        """Take in what is typed but not finished by Enter yet."""
        for field in self._fields:
            if not isinstance(field, ChoiceField):
                field.interpretText()

    def enable(self, *, enabled: bool) -> None:
        """Let the fields be edited, or only read."""
        for field in self._fields:
            field.setEnabled(enabled)

    @Slot()
    def _tell(self) -> None:
        self.edited.emit()
