"""The program behind a window: the session, and the presenters that join it with the views."""

from collections.abc import Callable, Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import QObject, QTimer, Slot
from shiboken6 import delete

from mnist_gui.engine.data.correction import MNIST, DatasetChoice
from mnist_gui.engine.events import RunState
from mnist_gui.gui.jobs import let_numpy_settle
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Session
from mnist_gui.gui.silence import SilentDisks
from mnist_gui.gui.training.network import NetworkPresenter
from mnist_gui.gui.training.runner import TrainingRunner
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.paths import log_file

if TYPE_CHECKING:
    from mnist_gui.gui.digits.collection import DigitCollection
    from mnist_gui.gui.doctor.presenter import DoctorPresenter
    from mnist_gui.gui.network.presenter import NetworkBarPresenter
    from mnist_gui.gui.results.test_images import TestImagePresenter
    from mnist_gui.gui.training.data import DataPresenter
    from mnist_gui.gui.window.files import DroppedFiles

# A disk that takes longer to take the end of a run is not waited for.
_LONGEST_RECORD_SECONDS = 10.0
# As much as a disk that does not answer is waited for.
_LONGEST_HUNG_SECONDS = 1.0
# One that returns an iterator is taken in several turns.
Step = Callable[[], Iterator[None] | None]
# After each, other work may be done; if it yields a condition, until that is true.
Turns = Iterator[Callable[[], bool] | None]
# Modules of gui/, each imported in a turn of its own before the step that needs it.
_IMPORTED_BEFORE = {
    "_add_results": ("results.view", "results.presenter"),
    "_add_pictures": ("pictures.page", "pictures.presenter", "pictures.save", "camera.presenter"),
    "_add_explanation": (
        "explanation.evidence",
        "explanation.preprocessing",
        "explanation.page",
        "explanation.presenter",
    ),
    "_add_runs": ("curves.plot", "runs.plot", "runs.table", "runs.page", "runs.presenter"),
    "_add_my_digits": ("digits.page", "digits.presenter"),
    "_add_exchange": ("exchange.presenter",),
    "_add_doctor": ("doctor.dialog", "doctor.presenter"),
    "_add_learn": ("learn.start", "learn.glossary", "learn.presenter"),
    "_add_help": ("window.help", "window.preferences"),
}
# Built last, by the function `add` of `presenter` in these packages of gui/: what computes in the
# background.
_VIEWS: dict[Page, str] = {
    Page.NEIGHBOURS: "neighbours",
    Page.SMALLEST_CHANGE: "smallest_change",
    Page.HEALTH: "health",
    Page.ONE_STEP: "one_step",
    Page.RATE_TEST: "rate_test",
    Page.DUEL: "duel",
    Page.ARCHITECTURE: "inside",
    Page.ACTIVATIONS: "activations",
    Page.SURGERY: "surgery",
    Page.TIME_MACHINE: "time_machine",
    Page.IMAGES: "images",
    Page.MAP: "map",
    Page.CALIBRATION: "calibration",
    Page.ROBUSTNESS: "robustness",
}
# The modules of their pages, where that is not `page`.
_PAGE_MODULES = {"inside": ("architecture", "weights")}
_BUILT_WITH = {Page.WEIGHTS: Page.ARCHITECTURE}
T = TypeVar("T", bound=QObject)


@runtime_checkable
class Successor(Protocol):
    """A presenter that knows more than the session does, for another one of its kind to know."""

    def take_over(self, before: Any) -> None:
        """Go on where another one of its kind was."""


class Program(QObject):
    """The session of a window and its presenters; it lives and ends with the window.

    It is built step by step, each of which imports what it needs, so that the window answers in
    between. The steps come in any order.
    """

    def __init__(
        self,
        window: MainWindow,
        data_folder: Path,
        runs_folder: Path,
        dataset: DatasetChoice = MNIST,
        *,
        before: "Program | None" = None,
    ) -> None:
        """`dataset` is opened at first; the others are those of `Session`.

        It has the session of another program, if there is one `before` it, with all that is under
        way; once it is built, `take_over` has to be called.
        """
        super().__init__(window)
        self.window = window
        self._before = before
        if before is not None:
            # Who comes after it asks again.
            before.session.prediction_thread.forget_answers()
        self.session: Session = before.session if before else Session(data_folder, runs_folder)
        runner: TrainingRunner = before.runner if before else TrainingRunner(self.session)
        self.runner: TrainingRunner = self._add(runner)
        self.network = self._add(NetworkPresenter(self.session, window))
        self._first_dataset = dataset
        self.network_to_restore = ""
        self.is_complete = self._has_begun_to_load = False
        window.closing.connect(self.close)

    def steps(self) -> list[Step]:
        """Return what builds the presenters: first what answers the user, the page in front next.

        The first three are to be taken at once, so that no stroke and no key is lost.
        """
        pages = {
            Page.RESULTS: self._add_results,
            Page.PICTURE: self._add_pictures,
            Page.EXPLANATION: self._add_explanation,
            Page.RUNS: self._add_runs,
            Page.MY_DIGITS: self._add_my_digits,
        }
        front = self.window.pages.in_front
        return [
            self._add_training,
            self._add_data,
            self._add_drawing,
            self._add_network_bar,
            self._add_saving,
            self._add_replay,
            self._add_drawing_files,
            *(pages[page] for page in sorted(pages, key=lambda page: page is not front)),
            self._add_curves,
            self._add_exchange,
            self._add_data_report,
            self._add_learn,
            self._add_help,
            self._add_doctor,
        ]

    def build(self, *, loads: bool = True) -> Turns:
        """Take all steps, some at a time; data and TensorFlow load before the last, if at all.

        Those wait until TensorFlow has loaded, as both at once would hold the window up.
        """
        steps = self.steps()
        for step in steps[:3]:
            step()
        yield None
        for step in steps[3:]:
            for module in _IMPORTED_BEFORE.get(step.__name__, ()):
                import_module(f"mnist_gui.gui.{module}")
                yield None
            yield from step() or ()
            yield None
        if loads:
            QTimer.singleShot(0, self.load)
        yield from self._add_views(self._has_loaded if loads else lambda: True)
        # One that takes over is complete after that.
        self.is_complete = self._before is None

    def _has_loaded(self) -> bool:
        """Whether TensorFlow has loaded, and what follows it, or cannot be; or a run needs it."""
        session = self.session
        is_running = session.run_state.value is not RunState.IDLE
        return self._has_begun_to_load and (is_running or not session.engine_thread.is_busy)

    def take_over(self) -> None:
        """Know and show what the program before it does, which then ends without its session."""
        before, self._before = self._before, None
        if before is None:
            return
        from mnist_gui.gui.runs.presenter import RunsPresenter

        for presenter in self.children():
            if isinstance(presenter, Successor):
                presenter.take_over(before.find(type(presenter)))
        self.digits.say_anew()
        self.find(RunsPresenter).offers = not before.window.offer_bar.isHidden()
        self.window.recipe_panel.form.device.choose(self.session.device.value)
        if self.session.devices.value is None:
            self.data.find_devices(log_file("tensorflow.log"))
        self.is_complete = True
        # The views before ask until they end; nobody would be there for their answers.
        self.session.view_thread.forget_answers()
        delete(before)  # type: ignore[no-untyped-call]

    @Slot()
    def load(self) -> None:
        """Load what takes longer than opening the window."""
        self._has_begun_to_load = True
        let_numpy_settle()
        self.network_bar.restore(self.network_to_restore)
        self.data.use(self._first_dataset)
        self.digits.read()
        self.data.find_devices(log_file("tensorflow.log"))
        self.doctor.check()

    @Slot()
    def close(self) -> None:
        """End the threads once what is to be saved is."""
        self.runner.leave()
        self.session.end_threads()
        hangs = self.session.runs_hang
        self.runner.close(_LONGEST_HUNG_SECONDS if hangs else _LONGEST_RECORD_SECONDS)

    # --- what several presenters work with: made when it is first needed ------------------------

    @cached_property
    def data(self) -> "DataPresenter":
        """Loads data sets and devices."""
        from mnist_gui.gui.training.data import DataPresenter

        return self._add(DataPresenter(self.session, self.window.recipe_panel.form, self.window))

    @cached_property
    def network_bar(self) -> "NetworkBarPresenter":
        """Chooses the network that everything is about."""
        from mnist_gui.gui.network.presenter import NetworkBarPresenter

        window = self.window
        bar = NetworkBarPresenter(
            self.session, self.runner, self.network, window.network_bar, window
        )
        return self._add(bar)

    @cached_property
    def digits(self) -> "DigitCollection":
        """The user's digits."""
        from mnist_gui.gui.digits.collection import DigitCollection

        before = self._before
        return self._add(before.digits if before else DigitCollection(self.session))

    @cached_property
    def test_images(self) -> "TestImagePresenter":
        """Test images in place of the drawing."""
        from mnist_gui.gui.results.test_images import TestImagePresenter

        return self._add(TestImagePresenter(self.session, self.window))

    @cached_property
    def dropped(self) -> "DroppedFiles":
        """Tells of files that are dropped on the window."""
        from mnist_gui.gui.window.files import DroppedFiles

        actions = self.window.actions_offered
        return DroppedFiles(self.window, actions.open_network, actions.open_dataset)

    @cached_property
    def doctor(self) -> "DoctorPresenter":
        """Looks at this computer."""
        from mnist_gui.gui.doctor.dialog import DoctorChip
        from mnist_gui.gui.doctor.presenter import DoctorPresenter

        chip = DoctorChip()
        self.window.statusBar().addPermanentWidget(chip)
        return self._add(DoctorPresenter(self.session, chip, self.window))

    # --- the steps ------------------------------------------------------------------------------

    def _add_training(self) -> None:
        from mnist_gui.gui.training.presenter import TrainingPresenter

        window = self.window
        views = (window.recipe_panel, window.progress_panel)
        training = TrainingPresenter(self.session, self.runner, self.network, views, window)
        self._add(training).draw_requested.connect(window.canvas.setFocus)

    def _add_data(self) -> None:
        self._add(SilentDisks(self.session)).noticed.connect(self._tell_silence)
        self.dropped.network_dropped.connect(self.network.open)
        self.dropped.dataset_dropped.connect(self.data.open)

    @Slot()
    def _tell_silence(self) -> None:
        text = self.tr(
            "A file takes long to be read or saved: its disk is slow, or does not answer. "
            "All else can be used meanwhile."
        )
        self.window.show_status(text)

    def _add_data_report(self) -> None:
        from mnist_gui.gui.data_report.presenter import DataReportPresenter

        self._add(DataReportPresenter(self.session, self.window))

    def _add_drawing(self) -> None:
        from mnist_gui.gui.drawing.presenter import DrawingPresenter

        window = self.window
        self._add(DrawingPresenter(self.session, window.canvas, window.prediction_panel))

    def _add_saving(self) -> None:
        from mnist_gui.gui.digits.save import SaveDigitPresenter

        window = self.window
        row = window.drawing_column.save_row
        self._add(SaveDigitPresenter(self.session, self.digits, window.canvas, row, window))

    def _add_replay(self) -> None:
        from mnist_gui.gui.drawing.replay import ReplayPresenter

        self._add(ReplayPresenter(self.session, self.window.canvas, self.window))

    def _add_drawing_files(self) -> None:
        from mnist_gui.gui.drawing import files
        from mnist_gui.gui.drawing.menu import CanvasMenu

        row = files.OpenedDrawingsRow()
        self.window.drawing_column.add_tool_row(row)
        parts = (self.session, self.window.canvas)
        opening = files.DrawingFilesPresenter(*parts, row, self.window)
        self._add(opening)
        self.dropped.drawings_dropped.connect(opening.open)
        copying = files.CopyActions(*parts, self.window)
        actions = (*opening.saving, opening.open_drawings)
        CanvasMenu(*parts, self.window, copying.offered, actions)

    def _add_results(self) -> Iterator[None]:
        from mnist_gui.gui.results.presenter import ResultsPresenter
        from mnist_gui.gui.results.view import ResultsView

        page = ResultsView()
        yield
        self._add(ResultsPresenter(self.session, self.runner, self.test_images, page, self.window))

    def _add_pictures(self) -> None:
        from mnist_gui.gui.camera.presenter import CameraPresenter
        from mnist_gui.gui.pictures.page import PicturePage
        from mnist_gui.gui.pictures.presenter import PicturePresenter
        from mnist_gui.gui.pictures.save import SavePictureDigitPresenter

        session, window, page = self.session, self.window, PicturePage()
        pictures = self._add(PicturePresenter(session, page, window))
        camera = self._add(CameraPresenter(session, page.invitation.use_camera, window))
        camera.taken.connect(pictures.use)
        parts = (session, self.digits, page, window.canvas)
        self._add(SavePictureDigitPresenter(*parts, window))

    def _add_explanation(self) -> Iterator[None]:
        from mnist_gui.engine.explain.explanation import MOST_STROKES
        from mnist_gui.gui.explanation.evidence import EvidenceView
        from mnist_gui.gui.explanation.page import ExplanationPage
        from mnist_gui.gui.explanation.preprocessing import PreprocessingView
        from mnist_gui.gui.explanation.presenter import ExplanationPresenter
        from mnist_gui.gui.explanation.tensor import TensorView

        steps_view = PreprocessingView()
        yield
        evidence = EvidenceView()
        yield
        evidence.strokes.make_parts(MOST_STROKES)
        yield
        numbers = TensorView()
        yield
        page = ExplanationPage(steps_view, evidence, numbers)
        yield
        tiles = self.window.prediction_panel.tiles
        self._add(ExplanationPresenter(self.session, page, tiles, self.window))

    def _add_runs(self) -> Iterator[None]:
        from mnist_gui.gui.runs.page import RunsPage
        from mnist_gui.gui.runs.plot import RunPlot
        from mnist_gui.gui.runs.presenter import RunsPresenter
        from mnist_gui.gui.runs.table import RunTable

        plot = RunPlot()
        yield
        table = RunTable()
        yield
        page = RunsPage(plot, table)
        yield
        self.window.progress_panel.result.compare_requested.connect(page.choose_newest_two)
        self._add(RunsPresenter(self.session, self.runner, page, self.window))

    def _add_my_digits(self) -> Iterator[None]:
        from mnist_gui.engine.digits.store import UserDigitClassifier
        from mnist_gui.gui.digits.finetune_panel import PersonalizePanel
        from mnist_gui.gui.digits.page import MyDigitsPage
        from mnist_gui.gui.digits.predictions import UserDigitImages, UserDigitPredictor
        from mnist_gui.gui.digits.presenter import MyDigitsPresenter, PersonalizePresenter

        session, window, page = self.session, self.window, MyDigitsPage()
        yield
        panel = PersonalizePanel()
        presenter = MyDigitsPresenter(session, self.digits, page, window.canvas, window)
        page.add_row(panel)
        images = self._add(UserDigitImages(session))
        classifier = UserDigitClassifier(session.classifier)
        predictor = self._add(UserDigitPredictor(session, images, classifier))
        self._add(presenter).show_predictor(images, predictor)
        self._add(PersonalizePresenter(session, panel, window))

    def _add_curves(self) -> None:
        from mnist_gui.gui.curves.presenter import CurvesPresenter

        self._add(CurvesPresenter(self.session, self.runner, self.window.curves, self.window))

    def _add_exchange(self) -> None:
        from mnist_gui.gui.exchange.presenter import ExchangePresenter, ExportStatus

        status = ExportStatus()
        self.window.statusBar().insertPermanentWidget(1, status)
        self._add(ExchangePresenter(self.session, status, self.window))

    def _add_learn(self) -> Iterator[None]:
        from mnist_gui.gui.learn.glossary import GlossaryPage
        from mnist_gui.gui.learn.presenter import LearnPresenter
        from mnist_gui.gui.learn.start import StartPage

        window, pages = self.window, (StartPage(), GlossaryPage())
        yield
        panels = (window.canvas, window.recipe_panel)
        self._add(LearnPresenter(self.session, pages, panels, window))

    def _add_help(self) -> None:
        from mnist_gui.gui.reopening import Reopening
        from mnist_gui.gui.window.help import HelpBoxes
        from mnist_gui.gui.window.preferences import Preferences
        from mnist_gui.gui.window.presenting import Presenting

        HelpBoxes(self.window)
        Preferences(self.window)
        Presenting(self.window)
        self._add(Reopening(self.session, self.window, self._open_file, self.data.use))

    def _open_file(self, path: str) -> None:
        """Open a file of any kind but a data set."""
        from mnist_gui.engine.pictures.result import SUFFIXES
        from mnist_gui.gui.common.dialogs import OPENED_SUFFIXES
        from mnist_gui.gui.drawing.files import DrawingFilesPresenter
        from mnist_gui.gui.pictures.presenter import PicturePresenter

        suffix = Path(path).suffix.lower()
        if suffix in SUFFIXES:
            self.find(PicturePresenter).open(path)
        elif suffix not in OPENED_SUFFIXES:
            self.find(DrawingFilesPresenter).open(path)
        elif self.window.actions_offered.open_network.isEnabled():
            self.network.open(path)
        else:
            self.window.show_status(self.tr("Available when training has ended."))

    def _add_views(self, may_begin: Callable[[], bool]) -> Turns:
        """Add the views once they may be; the one in front as soon as it is wanted."""
        from mnist_gui.gui.views.parts import ViewParts

        window, left = self.window, dict(_VIEWS)
        parts = ViewParts(
            self.session,
            self.runner,
            window.canvas,
            window,
            self.test_images.show_image,
            window.network_bar.choose_step,
        )

        def wanted() -> Page:
            front = window.pages.in_front
            return _BUILT_WITH.get(front, front)

        while left:
            yield lambda: wanted() in left or may_begin()
            page = wanted()
            package = left.pop(page if page in left else next(iter(left)))
            for name in (*_PAGE_MODULES.get(package, ("page",)), "presenter"):
                module = import_module(f"mnist_gui.gui.{package}.{name}")
                yield None
            self._add((yield from module.add(parts)))

    def _add_network_bar(self) -> None:
        self.network_bar  # noqa: B018 - it is made here unless it was needed before

    def _add_doctor(self) -> None:
        self.doctor  # noqa: B018 - it is made here unless it was needed before

    def _add(self, presenter: T) -> T:
        # It ends with the window, and with it the timers and connections of the presenter.
        presenter.setParent(self)
        return presenter

    def find(self, kind: type[T]) -> T:
        """Return the presenter of this class, once it is built; raises LookupError before."""
        if (presenter := self.findChild(kind)) is not None:
            return presenter
        raise LookupError(kind.__name__)
