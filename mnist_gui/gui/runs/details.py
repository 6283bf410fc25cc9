"""What is known of the chosen runs: one in detail, or what several have not in common."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mnist_gui.engine.runs.compare import Comparison
from mnist_gui.engine.runs.run import MOST_NOTE, RunRecord
from mnist_gui.gui.common.labels import caption, count, heading, paragraph, percent
from mnist_gui.gui.runs.text import (
    SettingValue,
    comparison_text,
    reads_text,
    run_title,
    score_text,
    setting_text,
    setting_title,
    steps_text,
    time_text,
)

_NOTE_MILLISECONDS = 800


class RunDetails(QWidget):
    """Shows one run's facts and note, or the settings in which several differ."""

    note_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[RunRecord, ...] = ()
        self._noted = ""
        self.title = heading("")
        self.text = paragraph()
        self.note_title = caption(self.tr("Note"))
        self.note = QPlainTextEdit()
        self.settings = QTableWidget()
        self._writing = QTimer(self, singleShot=True, interval=_NOTE_MILLISECONDS)
        self._writing.timeout.connect(self.write_note)
        self._set_up()
        self._lay_out()
        self.show_runs(())

    def show_runs(self, runs: tuple[RunRecord, ...]) -> None:
        """Show what is known of these runs by themselves."""
        self.write_note()
        is_new = [run.identity for run in runs] != [run.identity for run in self._runs]
        self._runs = runs
        is_one = len(runs) == 1
        self.note.setVisible(is_one)
        self.note_title.setVisible(is_one)
        self.settings.setVisible(self.settings.isVisible() and not is_new)
        self.title.setText(self._title())
        if is_one:
            self.text.setText(_facts_text(self, runs[0]))
        elif is_new:
            self.text.clear()
        if is_one and is_new:
            self._noted = runs[0].labels.note
            self.note.setPlainText(self._noted)
            self._writing.stop()

    def show_differences(
        self,
        differing: Mapping[str, tuple[SettingValue, ...]],
        comparison: Comparison | None,
        problem: str,
    ) -> None:
        """Show in which settings the runs differ, and how two of them compare or why not."""
        if len(self._runs) < 2:
            return
        self.text.setText(self._verdict(comparison, problem))
        self.settings.setVisible(bool(differing))
        self.settings.setColumnCount(1 + len(self._runs))
        self.settings.setRowCount(len(differing))
        titles = [self.tr("Setting"), *map(run_title, self._runs)]
        self.settings.setHorizontalHeaderLabels(titles)
        for column, title in enumerate(titles):
            self.settings.model().setHeaderData(
                column, Qt.Orientation.Horizontal, title, Qt.ItemDataRole.ToolTipRole
            )
        kinds = QHeaderView.ResizeMode
        self.settings.horizontalHeader().setSectionResizeMode(0, kinds.ResizeToContents)
        for row, (setting, values) in enumerate(differing.items()):
            texts = [setting_text(setting, value) for value in values]
            for column, text in enumerate([setting_title(setting), *texts]):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.settings.setItem(row, column, item)

    def _title(self) -> str:
        if not self._runs:
            return ""
        if len(self._runs) == 1:
            return run_title(self._runs[0])
        return self.tr("{number} runs").format(number=count(len(self._runs)))

    def _verdict(self, comparison: Comparison | None, problem: str) -> str:
        if comparison is not None:
            first, second = map(run_title, self._runs)
            return comparison_text(first, second, comparison)
        return problem or self.tr("Choose two runs to compare what they read.")

    def hideEvent(self, event: QHideEvent) -> None:
        """Let nothing be lost that was typed just now."""
        self.write_note()
        super().hideEvent(event)

    @Slot()
    def _await_pause(self) -> None:
        self._writing.start()
        typed = len(self.note.toPlainText())
        words = self.tr("Note: only {most} of {typed} letters are kept")
        is_whole = typed <= MOST_NOTE
        self.note_title.setText(
            self.tr("Note") if is_whole else words.format(most=count(MOST_NOTE), typed=count(typed))
        )

    @Slot()
    def write_note(self) -> None:
        """Ask for the note to be kept as it stands, if it has changed."""
        self._writing.stop()
        text = self.note.toPlainText()[:MOST_NOTE]
        if len(self._runs) == 1 and text != self._noted:
            self._noted = text
            self.note_requested.emit(self._runs[0].identity, text)

    # --- putting together ----------------------------------------------------------------------

    def _set_up(self) -> None:
        self.note.setObjectName("run_note")
        self.note.setAccessibleName(self.tr("Note on this run"))
        self.note.setPlaceholderText(self.tr("What was tried, and why"))
        self.note.setTabChangesFocus(True)
        self.note.textChanged.connect(self._await_pause)
        self.settings.setObjectName("run_settings")
        self.settings.setAccessibleName(self.tr("Settings in which the runs differ"))
        self.settings.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.settings.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.settings.setShowGrid(False)
        self.settings.setFrameShape(QTableWidget.Shape.NoFrame)
        self.settings.verticalHeader().hide()
        self.settings.setWordWrap(False)
        rows = self.settings.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 7)
        titles = self.settings.horizontalHeader()
        titles.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        titles.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        titles.setMinimumSectionSize(48)
        titles.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addWidget(self.settings, stretch=1)
        layout.addWidget(self.note_title)
        layout.addWidget(self.note, stretch=1)
        layout.addStretch()


def _facts_text(parent: QWidget, run: RunRecord) -> str:
    facts = run.facts
    lines = [facts.reason]
    if facts.test:
        lines.append(parent.tr("Test {score}").format(score=score_text(facts.test)))
    if facts.best_validation:
        lines.append(
            parent.tr("Best validation {accuracy} after {step} steps").format(
                accuracy=percent(facts.best_validation.accuracy, 2),
                step=count(facts.best_validation.step),
            )
        )
    lines.append(
        parent.tr("{steps} steps in {time}, seed {seed}").format(
            steps=steps_text(facts), time=time_text(facts), seed=facts.recipe.seed
        )
    )
    lines.append(" \u00b7 ".join(filter(None, (facts.data.name, facts.device, facts.precision))))
    lines.append(reads_text(facts))
    return "\n".join(line for line in lines if line)
