"""Asks how many more steps a completed run is to have."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from mnist_gui.engine.recipe import BOUNDS
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.widgets.labels import caption, paragraph
from mnist_gui.widgets.number_text import count
from mnist_gui.widgets.runs.run_words import run_title
from mnist_gui.widgets.training.number_fields import CountField


class MoreStepsQuestion(QDialog):
    """A small window of its own: `answered` brings the steps, unless it is closed."""

    answered = Signal(int)

    def __init__(self, run: RunRecord, parent: QWidget) -> None:
        super().__init__(parent)
        self.steps = CountField(BOUNDS["steps"])
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button = self.buttons.addButton(
            self.tr("Train further"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._name_parts()
        self._lay_out(run)
        # Only within its window can a button be the one that Enter presses.
        self.accept_button.setDefault(True)
        # As many as half the run are proposed: fewer would hardly be seen.
        self.steps.setValue(max(1, run.facts.step // 2))
        self.steps.selectAll()
        self.buttons.accepted.connect(self._answer)
        self.buttons.rejected.connect(self.reject)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    @Slot()
    def _answer(self) -> None:
        self.steps.interpretText()
        self.answered.emit(self.steps.value())
        self.accept()

    def _name_parts(self) -> None:
        self.setObjectName("more_steps_question")
        self.setWindowTitle(self.tr("Train further"))
        self.steps.setObjectName("further_steps_field")
        self.steps.setAccessibleName(self.tr("More steps"))
        self.steps.setToolTip(self.tr("How many more steps the run gets."))
        self.steps.setSuffix(self.tr(" more steps"))
        self.accept_button.setObjectName("further_button")
        self.accept_button.setAccessibleName(self.accept_button.text())
        self.accept_button.setToolTip(self.tr("Give the run these steps (Enter)"))

    def _lay_out(self, run: RunRecord) -> None:
        question = self.tr("{run} was completed after {steps} steps. How many more?")
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(
            paragraph(question.format(run=run_title(run), steps=count(run.facts.step)))
        )
        layout.addWidget(self.steps)
        hint = caption(self._hint(run))
        hint.setWordWrap(True)
        layout.addWidget(hint)
        layout.addSpacing(6)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(360)

    def _hint(self, run: RunRecord) -> str:
        if run.facts.recipe.schedule == "one-cycle" and run.facts.step == run.facts.recipe.steps:
            return self.tr("Its one cycle is over: it learns on at a tenth of its learning rate.")
        return self.tr("It learns on as if it had been given these steps at once.")
