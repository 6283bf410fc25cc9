"""What may be wrong with a data set that was opened is told, with its details and what mends it."""

from base64 import b64encode
from collections.abc import Callable
from functools import partial
from html import escape

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from mnist_gui.engine.data.correction import Correction, Turn
from mnist_gui.engine.data_report.report import DataReport, describe
from mnist_gui.engine.data_report.sheet import sheet_png
from mnist_gui.engine.dataset import MNIST_FINGERPRINT, Dataset, corrected
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.gui.common.dialogs import show_text
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.paths import SHIPPED_NETWORK
from mnist_gui.words.data_report import headings, rows, summary, warnings
from mnist_gui.words.language import in_sequence

# More room above a heading than below it; Qt's own lists are set in far.
_HEADING = "margin-top:20px; margin-bottom:6px"
_BELOW = "margin-top:6px; margin-bottom:0"
_POINT = "margin-top:0; margin-bottom:6px"
_LIST = "margin:0; margin-left:16px; -qt-list-indent:0"
_CELL = "padding-right:20px"


class DataReportPresenter(QObject):
    """Describes each data set that is opened; MNIST only when its details are asked for."""

    def __init__(self, session: Session, shell: Shell) -> None:
        super().__init__()
        self._session, self._shell = session, shell
        self._described: tuple[Dataset, DataReport] | None = None
        self._has_offered = False
        self.details_action = QAction(self.tr("De&tails of the data set \u2026"), self)
        shell.menus.data_menu.addAction(self.details_action)
        self.details_action.triggered.connect(self.show_details)
        session.dataset.changed.connect(self._follow_dataset)

    def take_over(self, before: "DataReportPresenter") -> None:
        """Know what another presenter has found."""
        self._described = before._described

    @Slot()
    def show_details(self) -> None:
        """Show all that is known of the data set in use."""
        dataset = self._session.dataset.value
        if dataset is None:
            return
        if self._described is not None and self._described[0] is dataset:
            self._show(self._described[1])
        else:
            self._describe(dataset, self._show)

    @Slot(object)
    def _follow_dataset(self, dataset: Dataset) -> None:
        # A large one is let go as soon as it is used no more.
        self._described = None
        if self._has_offered:
            self._has_offered = False
            self._shell.withdraw_offer()
        if dataset.fingerprint != MNIST_FINGERPRINT:
            self._describe(dataset, self._tell)

    def _describe(self, dataset: Dataset, then: Callable[[DataReport], None]) -> None:
        self._session.reading_thread.call(
            partial(_description, dataset),
            then=partial(self._take, dataset, then),
            failed=self._shell.show_file_error,
        )

    def _take(
        self, dataset: Dataset, then: Callable[[DataReport], None], report: DataReport
    ) -> None:
        if self._session.dataset.value is dataset:
            self._described = dataset, report
            then(report)

    def _tell(self, report: DataReport) -> None:
        found = warnings(report)
        if not found:
            self._shell.show_status(summary(report)[0])
            return
        opened = self.tr("The data set \u201c{name}\u201d is opened.").format(name=report.name)
        more = self.tr("There is more in the details.") if found[1:] else ""
        text = in_sequence([opened, found[0], more])
        self._has_offered = True
        if report.correction:
            mend = partial(self._mend, report.correction)
            self._shell.offer(text, self._mending(report.correction), mend, self.show_details)
        else:
            self._shell.offer(text, self.tr("Details"), self.show_details)

    def _mending(self, correction: Correction) -> str:
        if correction.turn is not Turn.NONE:
            return self.tr("Turn the images")
        return (
            self.tr("Invert the images") if correction.inverts else self.tr("Brighten the images")
        )

    def _mend(self, correction: Correction) -> None:
        session = self._session
        dataset = session.dataset.value
        if dataset is None or session.run_state.value.is_active:
            return
        session.reading_thread.call(
            partial(corrected, dataset, correction),
            then=session.dataset.set,
            failed=self._shell.show_file_error,
        )

    def _show(self, report: DataReport) -> None:
        title = self.tr("Data set: {name}").format(name=report.name)
        show_text(self._shell.dialog_parent, title, self._details(report))

    def _details(self, report: DataReport) -> str:
        """Return what is known of a data set as rich text, with the sheet of samples."""
        found = warnings(report)
        wrong = _heading(self.tr("What may be wrong")) if found else ""
        if report.seems_right:
            wrong = _heading(self.tr("Nothing seems wrong with it."))
        points = "".join(f'<li style="{_POINT}">{escape(each)}</li>' for each in found)
        picture = b64encode(sheet_png(report.sheet)).decode()
        parts = [
            *(f'<p style="{_POINT}">{escape(each)}</p>' for each in summary(report)),
            wrong,
            f'<ul style="{_LIST}">{points}</ul>' if found else "",
            _heading(self.tr("Images of each label")),
            _table(headings(), rows(report)),
            _heading(self.tr("Samples of the training images, 0 to 9")),
            f'<p style="{_BELOW}"><img src="data:image/png;base64,{picture}" width=420></p>',
        ]
        return "".join(parts)


def _heading(text: str) -> str:
    return f'<p style="{_HEADING}"><b>{escape(text)}</b></p>'


def _table(head: list[str], body: list[list[str]]) -> str:
    cell = '<td align=right style="{style}">{text}</td>'
    lines = [
        "".join(cell.format(style=_CELL, text=escape(text)) for text in line)
        for line in (head, *body)
    ]
    return f'<table cellspacing=0 style="{_BELOW}"><tr>{"</tr><tr>".join(lines)}</tr></table>'


def _description(dataset: Dataset) -> DataReport:
    return describe(dataset, load_snapshot(SHIPPED_NETWORK))
