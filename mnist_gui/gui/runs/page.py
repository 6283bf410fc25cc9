"""The page of runs."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from mnist_gui.engine.events import RunState
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import BOUNDS
from mnist_gui.engine.runs.compare import Comparison, settings_diff
from mnist_gui.engine.runs.run import NextAction, RunList, RunRecord
from mnist_gui.gui.common.fields import CountField
from mnist_gui.gui.common.labels import caption, count, paragraph
from mnist_gui.gui.common.theme import PlotColours
from mnist_gui.gui.runs.details import RunDetails
from mnist_gui.gui.runs.plot import DrawnRun, RunPlot
from mnist_gui.gui.runs.table import RunTable
from mnist_gui.gui.runs.text import continuation_tip, continuation_title, run_title, told_apart


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


class RunsPage(QWidget):
    """Shows all runs and asks for what can be done with them; decides nothing.

    `resume_requested` brings a run and how many more steps it gets, 0 where it has some left.
    """

    shown = Signal()
    choice_changed = Signal(tuple)
    open_requested = Signal(str)
    open_best_requested = Signal(str)
    resume_requested = Signal(str, int)
    delete_requested = Signal(tuple)
    restore_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_idle = True
        self._can_restore = False
        self._told: tuple[str, ...] = ()
        self._histories: dict[str, History | None] = {}
        self.filter_field = QLineEdit()
        self.open_button = QPushButton(self.tr("Use network"))
        self.resume_button = QPushButton(continuation_title(None))
        self.delete_button = QPushButton(self.tr("Delete"))
        self.restore_button = QPushButton(self.tr("Undo delete"))
        self.table = RunTable()
        self.empty = paragraph(
            self.tr(
                "No runs yet. Each run is kept here with its settings, curves and network, to be "
                "compared, resumed after a crash, or used again."
            )
        )
        self.problems = caption()
        self.plot = RunPlot()
        self.details = RunDetails()
        self._name_parts()
        self._lay_out()
        self._connect()
        self.show_runs(RunList((), ()))

    # --- what the app tells --------------------------------------------------------------------

    @Slot(RunList)
    def show_runs(self, runs: RunList) -> None:
        """Show these runs, and how many folders among them cannot be read."""
        self.table.show_runs(told_apart(runs.runs))
        self._stack.setCurrentIndex(1 if runs.runs else 0)
        self._lower.setVisible(bool(runs.runs))
        self.problems.setVisible(bool(runs.unreadable))
        self.problems.setToolTip("\n".join(run.problem for run in runs.unreadable))
        self.problems.setText(
            self.tr("{number} that cannot be read").format(number=count(len(runs.unreadable)))
        )
        self._change_choice()

    def show_chosen(
        self,
        histories: dict[str, History | None],
        comparison: Comparison | None,
        problem: str,
    ) -> None:
        """Show the curves of the chosen runs, by identity, and how the two of them compare."""
        self._histories = histories
        runs = self.table.chosen()
        differing = settings_diff(runs) if runs else {}
        self.details.show_differences(differing, comparison, problem)
        self._draw()

    @Slot(RunState)
    def set_state(self, state: RunState) -> None:
        """Offer what can be done in this state of the training."""
        self._is_idle = not state.is_active
        self.table.set_idle(self._is_idle)
        self._enable()

    @Slot(bool)
    def set_restorable(self, restorable: bool) -> None:
        """Offer to bring back what was deleted, or not."""
        self.restore_button.setVisible(restorable)
        self._can_restore = restorable

    def apply_theme(self, colours: PlotColours) -> None:
        """Take on the theme's colours."""
        self.plot.apply_theme(colours)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that it can be seen: what it shows may be old."""
        super().showEvent(event)
        self.shown.emit()

    # --- what the user does --------------------------------------------------------------------

    @Slot()
    def _change_choice(self) -> None:
        runs = self.table.chosen()
        self.details.show_runs(runs)
        self._enable()
        self._draw()
        identities = tuple(run.identity for run in runs)
        if identities != self._told:
            self._told = identities
            self.choice_changed.emit(identities)

    @Slot()
    def _restore(self) -> None:
        if self._can_restore:
            self.restore_requested.emit()

    def _draw(self) -> None:
        shades = self.table.shades()
        self.plot.show_runs(
            [
                DrawnRun(run_title(run), shades[run.identity], history)
                for run in self.table.chosen()
                if (history := self._histories.get(run.identity)) is not None
            ]
        )

    def _enable(self) -> None:
        chosen = self.table.chosen()
        one = chosen[0] if len(chosen) == 1 else None
        self.open_button.setEnabled(self._is_idle and one is not None and one.has_weights)
        way = one.continuation if one else None
        self.resume_button.setEnabled(self._is_idle and way is not None)
        self.resume_button.setText(continuation_title(way))
        self.resume_button.setAccessibleName(self.resume_button.text())
        self.resume_button.setToolTip(continuation_tip(way))
        self.delete_button.setEnabled(bool(chosen))

    @Slot()
    def _open(self) -> None:
        if self.open_button.isEnabled():
            self.open_requested.emit(self.table.chosen()[0].identity)

    @Slot()
    def _open_best(self) -> None:
        if self.open_button.isEnabled():
            self.open_best_requested.emit(self.table.chosen()[0].identity)

    @Slot()
    def _resume(self) -> None:
        if not self.resume_button.isEnabled():
            return
        run = self.table.chosen()[0]
        if run.continuation is NextAction.CONTINUE:
            question = MoreStepsQuestion(run, self)
            question.answered.connect(partial(self.resume_requested.emit, run.identity))
            question.open()
        else:
            self.resume_requested.emit(run.identity, 0)

    @Slot()
    def _delete(self) -> None:
        chosen = self.table.chosen()
        if chosen:
            self.delete_requested.emit(tuple(run.identity for run in chosen))

    # --- putting together ----------------------------------------------------------------------

    def _name_parts(self) -> None:
        self.filter_field.setObjectName("run_filter")
        self.filter_field.setAccessibleName(self.tr("Filter the runs"))
        self.filter_field.setPlaceholderText(self.tr("Filter by name, recipe, state, note"))
        self.filter_field.setClearButtonEnabled(True)
        self.open_button.setObjectName("run_open_button")
        self.open_button.setToolTip(self.tr("Read drawings with this run's network (Enter)"))
        self.resume_button.setObjectName("run_resume_button")
        self.delete_button.setObjectName("run_delete_button")
        self.delete_button.setToolTip(self.tr("Delete the chosen runs (Delete)"))
        self.restore_button.setObjectName("run_restore_button")
        self.restore_button.setToolTip(self.tr("Bring back the runs that were deleted last"))
        self.restore_button.hide()
        for button in (self.open_button, self.delete_button, self.restore_button):
            button.setAccessibleName(button.text())
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        layout.addLayout(self._upper_row())
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self._table_part())
        self._lower = self._lower_part()
        split.addWidget(self._lower)
        split.setSizes([320, 280])
        layout.addWidget(split, stretch=1)

    def _upper_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.filter_field, stretch=1)
        row.addWidget(self.problems)
        for button in (
            self.open_button,
            self.resume_button,
            self.delete_button,
            self.restore_button,
        ):
            row.addWidget(button)
        return row

    def _table_part(self) -> QWidget:
        part = QWidget()
        self._stack = QStackedLayout(part)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.table)
        return part

    def _lower_part(self) -> QWidget:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(_with_margins(self.plot, right=10))
        split.addWidget(_with_margins(self.details, left=10))
        split.setSizes([400, 320])
        return split

    def _connect(self) -> None:
        self.filter_field.textChanged.connect(self.table.filter)
        self.table.choice_changed.connect(self._change_choice)
        self.table.open_requested.connect(self._open)
        self.table.open_best_requested.connect(self._open_best)
        self.table.resume_requested.connect(self._resume)
        self.table.delete_requested.connect(self._delete)
        self.table.undo_requested.connect(self._restore)
        self.open_button.clicked.connect(self._open)
        self.resume_button.clicked.connect(self._resume)
        self.delete_button.clicked.connect(self._delete)
        self.restore_button.clicked.connect(self.restore_requested)


def _with_margins(part: QWidget, *, left: int = 0, right: int = 0) -> QWidget:
    frame = QWidget()
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(left, 10, right, 0)
    layout.addWidget(part)
    return frame
