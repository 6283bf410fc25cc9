"""The curves of the network's run, in the window and as files."""

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
from mnist_gui.gui.common.values import network_name, recipe_title
from mnist_gui.gui.curves.export import CurvesPicture, image_of, png_of, svg_of
from mnist_gui.gui.curves.table import CurvesTable
from mnist_gui.gui.curves.view import CurvesView
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.training.runner import TrainingRunner


class CurvesPresenter(QObject):
    """Shows the curves of the run that the network is of, the one in training while there is one.

    It lets the user save them: pictures and numbers.
    """

    def __init__(
        self, session: Session, runner: TrainingRunner, curves: CurvesView, shell: Shell
    ) -> None:
        super().__init__()
        self._session, self._runner = session, runner
        self._curves, self._shell = curves, shell
        self._started = datetime.now(UTC)
        # The ID of the run that was chosen; None while it is the runner's last one.
        self._chosen: str | None = None
        self._returned = ""
        self.save_png = self._action(self.tr("Save curves as &picture \u2026"), "Ctrl+G")
        self.save_svg = self._action(self.tr("Save curves as S&VG \u2026"), "Ctrl+Shift+G")
        self.save_csv = self._action(self.tr("Save curves as &CSV \u2026"), "Ctrl+E")
        self.save_png.triggered.connect(self._ask_png)
        self.save_svg.triggered.connect(self._ask_svg)
        self.save_csv.triggered.connect(self._ask_csv)
        shell.menus.curves_menu.addActions([self.save_png, self.save_svg, self.save_csv])
        shell.menus.view_menu.insertAction(shell.menus.after_curves, curves.error_rate)
        self._offer_in_plots()
        runner.run_started.connect(self._show_run)
        runner.run_ended.connect(self._end_run)
        runner.news.history_changed.connect(self._show_growth)
        runner.news.tested.connect(self._show_test)
        session.runs.follow(self._show_title)
        session.runs.follow(self._show_hint)
        session.network.follow(self._show_hint)
        session.dataset.follow(self._show_validation_images)
        session.history_of_network.changed.connect(self._show_other_run)
        self._begin()

    def take_over(self, before: "CurvesPresenter") -> None:
        """Know which run another presenter shows, and when it was started."""
        self._started = before._started
        self._chosen, self._returned = before._chosen, before._returned
        if before._curves.history is None:
            self._curves.show_other_run(None)
        self._show_title()

    def _begin(self) -> None:
        """Show what there is already, unless the view has taken it over from another one."""
        if self._curves.history is None and self._runner.run is not None:
            self._curves.show_history(self._runner.run.history)
        if self._curves.history is None and self._session.history_of_network.value is not None:
            self._show_other_run(self._session.history_of_network.value)
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
        self._chosen = None
        self._curves.set_previous_run()
        self._curves.show_history(history)
        self._show_title()

    @Slot(History)
    def _show_growth(self, history: History) -> None:
        """Show how the runner's last run grows, also where another one was chosen meanwhile."""
        if self._chosen is None:
            self._curves.show_history(history)
        else:
            self._chosen = None
            self._curves.show_other_run(history)
            self._show_title()

    @Slot(object)
    def _show_other_run(self, history: History | None) -> None:
        """Show the curves of the run that was chosen, unless they are shown already."""
        run_id: str | None = self._session.run_of_network
        last = self._runner.run
        is_returned, self._returned = bool(run_id) and run_id == self._returned, ""
        if self._session.run_state.value.is_active or is_returned:
            return
        if history is not None and last is not None and last.run_id == run_id:
            if self._chosen is None:
                return
            run_id, history = None, last.history
        self._chosen = run_id
        self._curves.show_other_run(history)
        self._show_title()

    @Slot()
    def _end_run(self) -> None:
        """Leave the curves of a run that failed, but not of one that did not begin."""
        if (history := self._curves.history) is None:
            return
        if not history.step:
            self._show_other_run(self._session.history_of_network.value)
        elif self._runner.run is None:
            # The network from before is used again.
            self._returned = self._session.run_of_network

    @Slot()
    def _show_hint(self, *_changed: object) -> None:
        """Say why there are no curves, where the network that is used was not trained here."""
        network = self._session.network.value
        if network is not None and self._session.runs.value:
            text = self.tr(
                "{network} has no curves: it was not trained here.\n"
                "Choose one of your runs above, or press Start."
            )
            name = network_name(network.recipe.name, self._session.file_of_network)
            self._curves.show_hint(text.format(network=name))

    @Slot()
    def _show_test(self) -> None:
        self._curves.show_history(self._curves.history)

    @Slot(object)
    def _show_title(self, _runs: object = None) -> None:
        """Say which run it is: the user's name for it, or its recipe, and when it was started."""
        if (history := self._curves.history) is None:
            self._curves.show_title("")
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
        """Return the run that is shown, or say that there is none."""
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
        """Return the user's name for the run, "" where none is known."""
        record = self._record()
        return record.labels.name if record is not None else ""

    def _record(self) -> RunRecord | None:
        """Return what is recorded of the run, None where nothing is known yet."""
        last = self._runner.run
        run_id = self._chosen if last is None or self._chosen is not None else last.run_id
        runs = (run for run in self._session.runs.value if isinstance(run, RunRecord))
        return next((run for run in runs if run.run_id == run_id), None)

    def _write(self, path: str, function: Callable[[], None]) -> None:
        self._session.file_thread.call(
            function,
            then=lambda _: self._shell.show_saved(path),
            failed=self._shell.show_file_error,
            place=path,
        )

    def _action(self, text: str, keys: str) -> QAction:
        return QAction(text, self, shortcut=QKeySequence(keys))
