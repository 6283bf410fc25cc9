"""The dialog of the device doctor, and the chip in the status bar that opens it."""

from html import escape

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QProgressBar,
    QPushButton,
    QTextBrowser,
    QToolButton,
    QWidget,
)

from mnist_gui.engine.doctor import Report
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.icons import icon
from mnist_gui.gui.common.labels import enlarge, paragraph
from mnist_gui.gui.common.qt import column, named
from mnist_gui.words.diagnosis import Lines, report_parts, report_text, summary

_SIZE = QSize(640, 480)
_MORE_POINTS = 3


class DoctorChip(QToolButton):
    """Shows by a mark whether all is well on this computer, and opens the dialog."""

    def __init__(self) -> None:
        super().__init__()
        self.setText(self.tr("Computer"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        named(self, "doctor_chip")
        self._explain(self.tr("Check this computer: what it has, and how fast it trains"))

    def show_health(self, *, is_well: bool) -> None:
        """Show a check mark or a warning."""
        self.setIcon(icon("check" if is_well else "warning"))
        if is_well:
            self._explain(self.tr("All is well on this computer; see what it has"))
        else:
            self._explain(self.tr("Something on this computer is to be put right; see what"))

    def _explain(self, text: str) -> None:
        self.setAccessibleName(text)
        self.setToolTip(text)


class DoctorDialog(QDialog):
    """Shows what was found, has it copied, and asks for a test of the speed or for its end."""

    test_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("doctor_dialog")
        self.setWindowTitle(self.tr("This computer"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._report: Report | None = None
        self._is_testing = False
        self.summary = named(
            paragraph(self.tr("Looking at this computer \u2026")), "doctor_summary"
        )
        enlarge(self.summary, _MORE_POINTS)
        self.details = named(QTextBrowser(), "doctor_details", self.tr("What was found"))
        self.details.setTabChangesFocus(True)
        self._make_buttons()
        below = (self.test_button, self.bar, self.copy_button, self.close_button)
        buttons = Columns(below, stretches=(0, 1, 0, 0))
        parts = (self.summary, (self.details, 1), buttons)
        column(*parts, parent=self, spacing=12, margins=(16, 16, 16, 16))
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.9))
        self.offer_test(offered=False)

    def _make_buttons(self) -> None:
        tip = self.tr("How far the test of the speed has come")
        self.bar = named(QProgressBar(textVisible=False), "doctor_bar", tip, tip)
        self.bar.setMaximum(100)
        self.bar.hide()
        self.test_button = named(QPushButton(), "doctor_test_button")
        self.test_button.clicked.connect(self._ask)
        tip = self.tr("Copy all of this, without your name or your home folder")
        self.copy_button = QPushButton(self.tr("Copy as text"), enabled=False)
        named(self.copy_button, "doctor_copy_button", tip=tip)
        self.copy_button.clicked.connect(self._copy)
        self.close_button = QPushButton(self.tr("Close"))
        named(self.close_button, "doctor_close_button", tip=self.tr("Close what was found"))
        self.close_button.clicked.connect(self.close)

    def show_report(self, report: Report) -> None:
        """Show what was found."""
        self._report = report
        self.summary.setText(summary(report))
        self.copy_button.setEnabled(True)
        self.copy_button.setText(self.tr("Copy as text"))
        self._fill()

    def offer_test(self, *, offered: bool, why_not: str = "") -> None:
        """Offer the test of the speed, or not; a sentence may say why not."""
        self.test_button.setEnabled(offered)
        tip = self.tr("Train the networks of the tutorial for three seconds; nothing is kept")
        self.test_button.setToolTip(why_not or tip)
        self.show_testing(testing=False)

    def show_testing(self, *, testing: bool) -> None:
        """Show that the speed is being tested and can be cancelled, or that it can be tested."""
        self._is_testing = testing
        text = self.tr("Cancel") if testing else self.tr("Test the speed (3 seconds)")
        self.test_button.setText(text)
        self.test_button.setAccessibleName(text)
        self.bar.setValue(0)
        self.bar.setVisible(testing)
        if testing:
            self.summary.setText(self.tr("Testing the speed \u2026"))

    def show_progress(self, done: float) -> None:
        """Show which part, 0..1, of the test is done."""
        self.bar.setValue(round(100 * done))

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._report is not None:
            self._fill()

    def _fill(self) -> None:
        if self._report is not None:
            bar = self.details.verticalScrollBar()
            place = bar.value()
            muted = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
            parts = report_parts(self._report)
            self.details.setHtml("".join(_section(*part, muted) for part in parts))
            bar.setValue(place)

    @Slot()
    def _ask(self) -> None:
        (self.cancel_requested if self._is_testing else self.test_requested).emit()

    @Slot()
    def _copy(self) -> None:
        if self._report is not None:
            QGuiApplication.clipboard().setText(report_text(self._report))
            self.copy_button.setText(self.tr("Copied"))


def _section(heading: str, lines: Lines, muted: str) -> str:
    rows = "".join(_line(name, found, muted) for name, found in lines)
    return f"<h4>{escape(heading)}</h4><table width='100%' cellpadding='2'>{rows}</table>"


def _line(name: str, found: str, muted: str) -> str:
    label = f"<td width='34%' style='color: {muted}'>{escape(name)}</td>" if name else ""
    return f"<tr>{label}<td>{escape(found)}</td></tr>"
