"""The page of runs."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QWidget,
)

from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import BOUNDS
from mnist_gui.engine.runs.run import Comparison, NextAction, RunList, RunRecord
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.fields import CountField
from mnist_gui.gui.common.labels import caption, count, paragraph
from mnist_gui.gui.common.qt import (
    ActionButton,
    SteadyScrollArea,
    column,
    in_reading_order,
    named,
    row,
    widget_with,
)
from mnist_gui.gui.runs.details import RunDetails
from mnist_gui.gui.runs.plot import PlottedRun, RunPlot
from mnist_gui.gui.runs.table import RunTable
from mnist_gui.gui.runs.text import comparison_rows, run_title, with_distinct_names
from mnist_gui.words.errors import sentence

_Way = Qt.Orientation
_LETTERS_SIDE_BY_SIDE = 90
_LEAST_DETAILS = 130


class MoreStepsQuestion(QDialog):
    """Asks how many more steps a run is to train; `answered` brings the number."""

    answered = Signal(int)

    def __init__(self, run: RunRecord, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("more_steps_question")
        self.setWindowTitle(self.tr("Keep training"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(360)
        field, tip = CountField(BOUNDS["steps"]), self.tr("How many more steps the run gets.")
        self.steps = named(field, "further_steps_field", self.tr("More steps"), tip)
        self.steps.setSuffix(self.tr(" more steps"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        role = QDialogButtonBox.ButtonRole.AcceptRole
        self.accept_button = self.buttons.addButton(self.tr("Keep training"), role)
        tip = self.tr("Give the run these steps (Enter)")
        named(self.accept_button, "further_button", tip=tip)
        text = self.tr("{run} was completed after {steps} steps. How many more?")
        question = paragraph(text.format(run=run_title(run), steps=count(run.info.step)))
        hint = caption(self._hint(run))
        hint.setWordWrap(True)
        parts = (question, self.steps, hint, self.buttons)
        column(*parts, parent=self, spacing=10, margins=None).insertSpacing(3, 6)
        # Only within its window can a button be the one that Enter presses.
        self.accept_button.setDefault(True)
        # Half as many steps again: fewer would hardly make a difference.
        self.steps.setValue(max(1, run.info.step // 2))
        self.steps.selectAll()
        self.buttons.accepted.connect(self._answer)
        self.buttons.rejected.connect(self.reject)

    @Slot()
    def _answer(self) -> None:
        self.steps.interpretText()
        self.answered.emit(self.steps.value())
        self.accept()

    def _hint(self, run: RunRecord) -> str:
        if run.info.recipe.schedule == "one-cycle" and run.info.step == run.info.recipe.steps:
            return self.tr(
                "Its schedule has ended; training continues at one tenth of the learning rate."
            )
        return self.tr("It learns on as if it had been given these steps at once.")


class RunsPage(QWidget):
    """Shows all runs, and asks for what the user wants done with them.

    `open_requested` brings a run's ID and whether its best network on validation is wanted.
    `resume_requested` brings a run's ID and how many more steps it gets, 0 where some are left.
    Plot and table can be made before, in turns of their own.
    """

    shown = Signal()
    choice_changed = Signal(tuple)
    open_requested = Signal(str, bool)
    resume_requested = Signal(str, int)
    delete_requested = Signal(tuple)
    restore_requested = Signal()

    def __init__(self, plot: RunPlot | None = None, table: RunTable | None = None) -> None:
        super().__init__()
        self._chosen_ids: tuple[str, ...] = ()
        self._histories: dict[str, History | None] = {}
        self._newest, self._has_listed = 1, False
        self._is_comparing = False
        self.filter_field = named(QLineEdit(), "run_filter", self.tr("Filter the runs"))
        self.filter_field.setPlaceholderText(self.tr("Filter by name, recipe, state, note"))
        self.filter_field.setClearButtonEnabled(True)
        self.table = table or RunTable()
        self.compare_button = ActionButton(self.table.compare_action, "run_compare_button")
        tip = self.tr("Show the list of all runs again (Esc)")
        self.back_button = named(
            QPushButton(self.tr("Back to all runs")), "run_back_button", tip=tip
        )
        self.open_button = ActionButton(self.table.open_action, "run_open_button")
        self.resume_button = ActionButton(self.table.resume_action, "run_resume_button")
        self.delete_button = ActionButton(self.table.delete_action, "run_delete_button")
        tip = self.tr("Bring back the runs that were deleted last")
        restore_button = QPushButton(self.tr("Undo delete"))
        self.restore_button = named(restore_button, "run_restore_button", tip=tip)
        self.restore_button.hide()
        self.empty = paragraph(
            self.tr(
                "No runs yet. Each run is kept here with its settings, curves and network, to be "
                "compared, resumed after a crash, or used again."
            )
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.problems = caption()
        self.plot = plot or RunPlot()
        self.details = RunDetails()
        self._lay_out()
        self._connect()
        self.show_runs(RunList((), ()))

    # --- what the app tells --------------------------------------------------------------------

    @Slot(RunList)
    def show_runs(self, runs: RunList) -> None:
        """Show these runs, and how many folders among them cannot be read."""
        self.table.show_runs(with_distinct_names(runs.runs))
        if runs.runs and not self._has_listed:
            self._has_listed = True
            self.table.choose_newest(self._newest)
        self._stack.setCurrentIndex(1 if runs.runs else 0)
        self._lower.setVisible(bool(runs.runs))
        self._actions.setVisible(bool(runs.runs))
        self.filter_field.setVisible(bool(runs.runs))
        self.problems.setVisible(bool(runs.unreadable))
        self.problems.setToolTip("\n".join(sentence(run.problem) for run in runs.unreadable))
        self.problems.setText(
            self.tr("{number} that cannot be read").format(number=count(len(runs.unreadable)))
        )
        self._change_choice()

    @Slot()
    def choose_newest_two(self) -> None:
        """Choose the last run and the one before it when the runs are listed the next time."""
        self._newest, self._has_listed = 2, False

    def take_over(self, before: "RunsPage", runs: RunList) -> None:
        """Show these runs as another page shows them, if it does."""
        if not before._has_listed:
            return
        self._has_listed = True
        self.filter_field.setText(before.filter_field.text())
        titles = before.table.horizontalHeader()
        self.table.sortByColumn(titles.sortIndicatorSection(), titles.sortIndicatorOrder())
        self.show_runs(runs)
        self.table.choose([run.run_id for run in before.table.chosen()])
        if before._is_comparing:
            self._arrange(comparing=True)

    def show_chosen(
        self, histories: dict[str, History | None], comparison: Comparison | None, problem: str
    ) -> None:
        """Show the curves of the chosen runs, and how the first compares with the second.

        `histories` maps run IDs to histories, None for one that cannot be read. `comparison` is
        None unless there are two runs that were tested; then `problem` may say why.
        """
        self._histories = histories
        runs = self.table.chosen()
        self.details.show_runs(runs, histories)
        if len(runs) > 1:
            rows = comparison_rows(runs, histories)
            self.details.show_differences(rows, comparison, problem)
        self._draw()

    @Slot(bool)
    def set_restorable(self, restorable: bool) -> None:
        """Offer to bring back what was deleted, or not."""
        self.restore_button.setVisible(restorable)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that it can be seen: what it shows may be old."""
        super().showEvent(event)
        self.shown.emit()

    # --- what the user does --------------------------------------------------------------------

    @Slot()
    def _change_choice(self) -> None:
        runs = self.table.chosen()
        self.details.show_runs(runs, self._histories)
        self._draw()
        if self._is_comparing and len(runs) < 2:
            self._compare(False)
        run_ids = tuple(run.run_id for run in runs)
        if run_ids != self._chosen_ids:
            self._chosen_ids = run_ids
            self.choice_changed.emit(run_ids)

    def _compare(self, comparing: bool) -> None:
        """Give the comparison of the chosen runs all the room, or show the list again."""
        self._arrange(comparing=comparing)
        focused: QWidget = self.back_button if comparing else self.table
        focused.setFocus()

    def _arrange(self, *, comparing: bool) -> None:
        self._is_comparing = comparing
        for part in (self._above, self._upper):
            part.setHidden(comparing)
        self._back.setVisible(comparing)
        self.details.set_comparing(comparing=comparing)
        self._turn_lower()
        self._lower.insertWidget(0, self._details_area if comparing else self.plot)
        self._lower.setSizes([300, 300] if comparing else [400, 320])
        side = 0 if comparing else 10
        self.plot.setContentsMargins(0, 10, side, 0)
        self.details.setContentsMargins(side, 10, 0, 10 - side)

    def _turn_lower(self) -> None:
        """Put plot and details side by side where there is room for that."""
        letters = self.width() / self.fontMetrics().averageCharWidth()
        is_wide = not self._is_comparing and letters >= _LETTERS_SIDE_BY_SIDE
        self._lower.setOrientation(_Way.Horizontal if is_wide else _Way.Vertical)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the new width."""
        super().resizeEvent(event)
        self._turn_lower()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the list again for Esc."""
        if self._is_comparing and event.key() == Qt.Key.Key_Escape:
            self._compare(False)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _restore(self) -> None:
        if not self.restore_button.isHidden():
            self.restore_requested.emit()

    def _draw(self) -> None:
        shades = self.table.shades()
        self.plot.show_runs(
            PlottedRun(run_title(run), shades[run.run_id], history)
            for run in self.table.chosen()
            if (history := self._histories.get(run.run_id)) is not None
        )

    def _open(self, *, best: bool) -> None:
        self.open_requested.emit(self.table.chosen()[0].run_id, best)

    @Slot()
    def _resume(self) -> None:
        run = self.table.chosen()[0]
        if run.continuation is NextAction.CONTINUE:
            question = MoreStepsQuestion(run, self)
            question.answered.connect(partial(self.resume_requested.emit, run.run_id))
            question.open()
        else:
            self.resume_requested.emit(run.run_id, 0)

    @Slot()
    def _delete(self) -> None:
        self.delete_requested.emit(tuple(run.run_id for run in self.table.chosen()))

    # --- putting together ----------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.table)
        self._upper = widget_with(self._stack)
        self._details_area = SteadyScrollArea(self.details)
        self._details_area.setMinimumHeight(_LEAST_DETAILS)
        self._lower = _split(_Way.Horizontal, self.plot, self._details_area)
        whole = _split(_Way.Vertical, self._upper, self._lower)
        whole.setSizes([320, 280])
        buttons = (self.compare_button, self.open_button, self.resume_button, self.delete_button)
        self._actions = Columns(buttons, stretches=[0] * len(buttons))
        finding = row((self.filter_field, 1), self.problems, self.restore_button, spacing=8)
        actions = row(self._actions, 1)
        self._above = widget_with(column(finding, actions, spacing=8))
        self._back = widget_with(row(self.back_button, 1))
        self._arrange(comparing=False)
        parts = (self._above, self._back, (whole, 1))
        column(*parts, parent=self, spacing=8, margins=(12, 12, 12, 8))

    def _connect(self) -> None:
        table = self.table
        self.filter_field.textChanged.connect(table.order.setFilterFixedString)
        table.choice_changed.connect(self._change_choice)
        table.undo_requested.connect(self._restore)
        table.compare_action.triggered.connect(partial(self._compare, True))
        self.back_button.clicked.connect(partial(self._compare, False))
        table.open_best_action.triggered.connect(partial(self._open, best=True))
        table.open_action.triggered.connect(partial(self._open, best=False))
        table.resume_action.triggered.connect(self._resume)
        table.delete_action.triggered.connect(self._delete)
        self.restore_button.clicked.connect(self.restore_requested)


def _split(orientation: Qt.Orientation, *parts: QWidget) -> QSplitter:
    split = QSplitter(orientation, childrenCollapsible=False)
    for part in parts:
        split.addWidget(part)
    return in_reading_order(split)
