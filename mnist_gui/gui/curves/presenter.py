"""The curves of the newest run, in the window and as files."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QImage, QKeySequence

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.history import History
from mnist_gui.engine.history_file import write_curves, write_curves_csv
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.labels import moment
from mnist_gui.gui.common.values import recipe_title
from mnist_gui.gui.curves.export import CurvesPicture, image_of, png_of, svg_of
from mnist_gui.gui.curves.table import CurvesTable
from mnist_gui.gui.curves.view import CurvesView
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.training.runner import TrainingRunner


class CurvesPresenter(QObject):
    """Shows the curves of the newest run, and lets the user save them: pictures and numbers."""

    def __init__(
        self, session: Session, runner: TrainingRunner, curves: CurvesView, shell: Shell
    ) -> None:
        super().__init__()
        self._session, self._runner = session, runner
        self._curves, self._shell = curves, shell
        self._started = datetime.now(UTC)
        self.save_png = self._action(self.tr("Save curves as &picture \u2026"), "Ctrl+G")
        self.save_svg = self._action(self.tr("Save curves as S&VG \u2026"), "Ctrl+Shift+G")
        self.save_csv = self._action(self.tr("Save curves as &CSV \u2026"), "Ctrl+E")
        self.save_png.triggered.connect(self._ask_png)
        self.save_svg.triggered.connect(self._ask_svg)
        self.save_csv.triggered.connect(self._ask_csv)
        menu, place = shell.menus.file_menu, shell.menus.before_quit
        menu.insertSeparator(place)
        menu.insertActions(place, [self.save_png, self.save_svg, self.save_csv])
        shell.menus.view_menu.insertAction(shell.menus.after_curves, curves.error_rate)
        self._offer_in_plots()
        runner.run_started.connect(self._show_run)
        runner.news.history_changed.connect(curves.show_history)
        runner.news.tested.connect(self._show_test)
        session.runs.follow(self._show_title)
        session.dataset.follow(self._show_validation_images)
        if runner.run is not None:
            curves.show_history(runner.run.history)
            self._show_title()

    def _offer_in_plots(self) -> None:
        """Do what the plots' context menus offer."""
        self._curves.copy_picture.triggered.connect(self._copy_picture)
        self._curves.save_picture.triggered.connect(self._ask_png)
        self._curves.save_values.triggered.connect(self._ask_csv)
        self._curves.show_table.triggered.connect(self._show_table)

    @Slot(History)
    def _show_run(self, history: History) -> None:
        self._started = datetime.now(UTC)
        self._curves.set_previous_run()
        self._curves.show_history(history)
        self._show_title()

    @Slot()
    def _show_test(self) -> None:
        self._curves.show_history(self._curves.history)

    @Slot(object)
    def _show_title(self, _runs: object = None) -> None:
        """Say which run it is: the user's name for it, or its recipe, and when it was started."""
        if (history := self._curves.history) is None:
            return
        record = self._record()
        text = self.tr("{run} \u00b7 started {time}").format(
            run=self._name() or recipe_title(history.recipe.name),
            time=moment(record.info.started if record else self._started),
        )
        self._curves.show_title(text)

    @Slot(object)
    def _show_validation_images(self, dataset: Dataset) -> None:
        self._curves.legend.show_validation_images(len(dataset.validation.labels))

    @Slot()
    def _copy_picture(self) -> None:
        if (history := self._shown_history()) is not None:
            draw = partial(image_of, self._drawing(history))
            self._session.file_thread.call(draw, then=self._put_on_clipboard)

    @Slot(object)
    def _put_on_clipboard(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        self._shell.show_status(self.tr("The picture is on the clipboard."))

    @Slot()
    def _show_table(self) -> None:
        if self._shown_history() is not None:
            run, title = self._curves.runs().now, self._curves.title.text()
            table = CurvesTable(run, title, self._shell.dialog_parent)
            table.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            table.show()

    @Slot()
    def _ask_png(self) -> None:
        self._save_picture(dialogs.ask_picture_to_save(self._shell.dialog_parent), png_of)

    @Slot()
    def _ask_svg(self) -> None:
        self._save_picture(dialogs.ask_svg_to_save(self._shell.dialog_parent), svg_of)

    @Slot()
    def _ask_csv(self) -> None:
        path = dialogs.ask_table_to_save(self._shell.dialog_parent)
        if path and (history := self._shown_history()) is not None:
            self._write(path, partial(write_curves_csv, Path(path), history))

    def _save_picture(self, path: str, content_of: Callable[[str], bytes]) -> None:
        """Write a picture; its file's content is made of the drawing on the thread for files."""
        if path and (history := self._shown_history()) is not None:
            drawing = self._drawing(history)
            self._write(path, lambda: write_curves(Path(path), content_of(drawing)))

    def _shown_history(self) -> History | None:
        """Return the newest run, or say that there is none."""
        if self._curves.history is None:
            text = self.tr("There are no curves to save yet; start a run first.")
            self._shell.show_file_error(text)
        return self._curves.history

    def _drawing(self, history: History) -> str:
        picture = CurvesPicture(self._shell.plot_colours)
        picture.figure.show_runs(self._curves.runs(), self._curves.look())
        picture.show_run(history.recipe, self._name())
        picture.deleteLater()
        return picture.drawing()

    def _name(self) -> str:
        """Return the user's name for the newest run, "" where none is known."""
        record = self._record()
        return record.labels.name if record is not None else ""

    def _record(self) -> RunRecord | None:
        """Return what is recorded of the newest run, None where nothing is known yet."""
        run_id = self._runner.run.run_id if self._runner.run is not None else None
        runs = (run for run in self._session.runs.value if isinstance(run, RunRecord))
        return next((run for run in runs if run.run_id == run_id), None)

    def _write(self, path: str, function: Callable[[], None]) -> None:
        self._session.file_thread.call(
            function,
            then=lambda _: self._shell.show_saved(path),
            failed=self._shell.show_file_error,
        )

    def _action(self, text: str, keys: str) -> QAction:
        return QAction(text, self, shortcut=QKeySequence(keys))
