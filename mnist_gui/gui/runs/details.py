"""Details of the chosen runs: the info of one, or the settings in which several differ."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from mnist_gui.engine.history import History
from mnist_gui.engine.runs.run import MOST_NOTE, Comparison, RunRecord, Score
from mnist_gui.gui.common.labels import caption, count, duration, heading, paragraph, percent
from mnist_gui.gui.common.qt import column, named
from mnist_gui.gui.runs.text import (
    comparison_text,
    rate_text,
    reason_text,
    run_title,
    score_text,
    steps_text,
    test_evaluations_text,
)
from mnist_gui.words.recipes import device_title

_NOTE_MILLISECONDS = 800


class RunDetails(QWidget):
    """Shows one run's info and note, or the settings in which several runs differ."""

    note_requested = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._runs: tuple[RunRecord, ...] = ()
        self._is_comparing = False
        self._saved_note = ""
        self.title = heading("")
        self.title.setWordWrap(True)
        self.text = paragraph()
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.note_title = caption(self.tr("Note"))
        self.note = named(QPlainTextEdit(), "run_note", self.tr("Note on this run"))
        self.note.setPlaceholderText(self.tr("What was tried, and why"))
        self.note.setTabChangesFocus(True)
        self.note.textChanged.connect(self._await_pause)
        self.settings = self._settings_table()
        self._writing = QTimer(self, singleShot=True, interval=_NOTE_MILLISECONDS)
        self._writing.timeout.connect(self.write_note)
        note = (self.note_title, (self.note, 1))
        column(self.title, self.text, (self.settings, 1), *note, 0, parent=self, spacing=6)
        self.show_runs((), {})

    def _settings_table(self) -> QTableWidget:
        title = self.tr("What the runs came to, and where they differ")
        table = named(QTableWidget(showGrid=False, wordWrap=False), "run_settings", title)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFrameShape(QTableWidget.Shape.NoFrame)
        rows, titles = table.verticalHeader(), table.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 7)
        titles.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        titles.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        widest = score_text(Score(0, 9_999, 10_000))
        titles.setMinimumSectionSize(self.fontMetrics().horizontalAdvance(widest) + 16)
        titles.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        return table

    def set_comparing(self, *, comparing: bool) -> None:
        """Show the table in which runs are compared, or leave it out."""
        self._is_comparing = comparing
        self._show_parts()

    def _show_parts(self) -> None:
        is_one = len(self._runs) == 1
        self.note.setVisible(is_one)
        self.note_title.setVisible(is_one)
        self.title.setVisible(not self._is_comparing)
        self.settings.setVisible(self._is_comparing and self.settings.rowCount() > 0)

    def show_runs(
        self, runs: tuple[RunRecord, ...], histories: Mapping[str, History | None]
    ) -> None:
        """Show what is known of each of these runs by itself."""
        self.write_note()
        is_new = [run.run_id for run in runs] != [run.run_id for run in self._runs]
        self._runs = runs
        is_one = len(runs) == 1
        if is_new:
            self.settings.setRowCount(0)
        self._show_parts()
        self.title.setText(self._title())
        if is_one:
            rate = rate_text(runs[0], histories.get(runs[0].run_id))
            self.text.setText(_info_text(self, runs[0], rate))
        elif is_new:
            self.text.clear()
        if is_one and is_new:
            self._saved_note = runs[0].labels.note
            self.note.setPlainText(self._saved_note)
            self._writing.stop()

    def show_differences(
        self, rows: Mapping[str, tuple[str, ...]], comparison: Comparison | None, problem: str
    ) -> None:
        """Show in what the runs differ, and how two of them compare or why not."""
        self.text.setText(self._verdict(comparison, problem))
        table = self.settings
        titles = [self.tr("Setting"), *map(run_title, self._runs)]
        table.setColumnCount(len(titles))
        table.setRowCount(len(rows))
        for place, title in enumerate(titles):
            table.setHorizontalHeaderItem(place, _item(title))
        contents = QHeaderView.ResizeMode.ResizeToContents
        table.horizontalHeader().setSectionResizeMode(0, contents)
        for row, (title, texts) in enumerate(rows.items()):
            for place, text in enumerate((title, *texts)):
                table.setItem(row, place, _item(text))
        self._show_parts()

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
        return problem or self.tr("Check two runs to learn whether one is really better.")

    def hideEvent(self, event: QHideEvent) -> None:
        """Save the note, so that nothing typed just now is lost."""
        self.write_note()
        super().hideEvent(event)

    @Slot()
    def _await_pause(self) -> None:
        self._writing.start()
        typed, title = len(self.note.toPlainText()), self.tr("Note")
        if typed > MOST_NOTE:
            title = self.tr("Note: only {most} of {typed} letters are kept")
        self.note_title.setText(title.format(most=count(MOST_NOTE), typed=count(typed)))

    @Slot()
    def write_note(self) -> None:
        """Ask for the note to be saved if it has changed."""
        self._writing.stop()
        text = self.note.toPlainText()[:MOST_NOTE]
        if len(self._runs) == 1 and text != self._saved_note:
            self._saved_note = text
            self.note_requested.emit(self._runs[0].run_id, text)


def _item(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(text)
    return item


def _info_text(parent: QWidget, run: RunRecord, rate: str) -> str:
    info = run.info
    lines = [reason_text(info)]
    if info.test:
        lines.append(parent.tr("Test {score}").format(score=score_text(info.test)))
    if best := info.best_validation:
        text = parent.tr("Best validation {accuracy} after {step} steps")
        lines.append(text.format(accuracy=percent(best.accuracy, 2), step=count(best.step)))
    text = parent.tr("{steps} steps in {time}, seed {seed}")
    time = duration(info.seconds)
    lines.append(text.format(steps=steps_text(info), time=time, seed=info.recipe.seed))
    lines.append(parent.tr("Learning rate {rate}").format(rate=rate))
    where = (info.data.name, device_title(info.device), info.precision)
    lines.append(" \u00b7 ".join(filter(None, where)))
    lines.append(test_evaluations_text(info))
    return "\n".join(filter(None, lines))
