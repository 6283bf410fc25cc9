"""How a view is computed: in the background, while it is seen, and without slowing a run down."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from mnist_gui.engine.events import RunState
from mnist_gui.engine.inside.files import write_view
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.images import png_file
from mnist_gui.gui.common.labels import count
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.pages import Page
from mnist_gui.gui.session import Observable, Session
from mnist_gui.gui.shell import Shell
from mnist_gui.gui.views.page import ViewPage, Wish

# While a run trains, a view computes for a fiftieth of the time.
_RESTS = 49
# Pads and runs change more often than eyes follow.
_LEAST_SECONDS_BETWEEN = 0.03
_NAP_SECONDS = 0.05
# Painting takes about as long again as telling the widgets what to show.
_AND_PAINTING = 2
_RESTED = object()
_DONE = object()
_NO_MORE = object()

Question = tuple[Any, ...]


class ViewPresenter(QObject):
    """Asks a question while its page is visible, has it answered on a thread, shows the answer.

    A subclass says what the question is at present, how it is answered, and shows the answer. The
    question is asked when the page comes into sight, and when something changes that it follows;
    the same question is not answered twice. Only the newest one counts.
    """

    waits_for_button = False
    """Whether the user is to begin, because it takes long."""

    def __init__(self, session: Session, page: ViewPage, shell: Shell, place: Page) -> None:
        super().__init__()
        self._session, self._page, self._shell = session, page, shell
        self._job = LatestJob(session.view_thread)
        # How long the last answer took to show, in seconds; read on the views' thread.
        self._showing = 0.0
        self._asked: Question | None = None
        self._answered: Question | None = None
        self._is_wanted = not self.waits_for_button
        page.watcher.visible_changed.connect(self._follow_visibility)
        page.cancelled.connect(self._cancel)
        page.asked.connect(self._begin)
        page.wished.connect(self._fulfil)
        shell.pages.fill(place, page)

    # --- what a subclass says -------------------------------------------------------------------

    def question(self) -> Question | str:
        """Return what is to be computed, or a sentence on why nothing can be at present.

        The parts of a question are compared by `is`, then by `==`; arrays by their content.
        """
        raise NotImplementedError

    def answers(self, question: Question) -> Iterator[Any]:
        """Compute the answer on the views' thread: yield ViewProgress often, and answers.

        It may use nothing that belongs to the window's thread.
        """
        raise NotImplementedError

    def show_answer(self, question: Question, answer: Any) -> None:
        """Show an answer, and then the page's body."""
        raise NotImplementedError

    def show_progress(self, progress: ViewProgress) -> None:
        """Show how far it is; a subclass may show besides what is known so far."""
        self._page.show_progress(progress.done, progress.total)

    def numbers(self) -> bytes:
        """Return the numbers that are shown as CSV; see `table_csv`."""
        raise NotImplementedError

    def file_name(self) -> str:
        """Return the name that is proposed for files, without a suffix."""
        raise NotImplementedError

    def picture(self) -> Any:
        """Return what is shown as a QImage."""
        return self._page.picture()

    # --- asking ---------------------------------------------------------------------------------

    def follow(self, *observables: Observable[Any]) -> None:
        """Ask again whenever one of these changes."""
        for observable in observables:
            observable.changed.connect(self._follow)

    def follow_networks(self, networks: Observable[Snapshot | None]) -> None:
        """Ask again for each network, and let go of what is being computed for another one.

        But while a run trains, its next network waits for what is under way for an earlier one:
        it might come before anything is ready.
        """
        networks.changed.connect(self._follow_network)
        self._session.run_state.changed.connect(self._follow_state)

    @Slot(object)
    def _follow_network(self, network: Snapshot | None) -> None:
        asked = next((part for part in self._asked or () if isinstance(part, Snapshot)), None)
        is_next = network is not None and asked is not None and network.recipe == asked.recipe
        if is_next and self._is_training():
            self.ask()
        else:
            self.ask_at_once()

    @Slot(object)
    def _follow_state(self, _state: RunState) -> None:
        if not self._is_training():
            self.ask_at_once()

    @Slot(object)
    def _follow(self, _value: object) -> None:
        self.ask()

    @Slot(bool)
    def _follow_visibility(self, visible: bool) -> None:
        if visible:
            self.ask()
        elif self._job.is_busy:
            self._job.cancel()
            if self._asked is not None:
                # What has been shown so far may be a part only.
                self._asked = self._answered = None

    @Slot()
    def ask_at_once(self, _changed: object = None) -> None:
        """Ask as `ask` does, and let go of what is being computed for another question."""
        if self._asked is not None and self._page.isVisible():
            question = self.question()
            if isinstance(question, str) or not is_same(question, self._asked):
                self._job.cancel()
                self._asked = None
        self.ask()

    @Slot()
    def ask(self) -> None:
        """Ask what the question is at present, if the page is seen and it is another one."""
        if not self._page.isVisible():
            return
        self._page.show_sample(self._sample_note())
        question = self.question()
        if isinstance(question, str):
            self._job.cancel()
            self._asked = self._answered = None
            self._page.show_message(question)
        elif self._is_wanted:
            self._compute(question)
        elif is_same(question, self._answered):
            self._page.show_body()
        elif not is_same(question, self._asked):
            self._job.cancel()
            self._asked = None
            self._page.show_message(self.invitation(), offers_computing=True)

    def _sample_note(self) -> str:
        sample = self._session.view_dataset.value
        if sample is self._session.dataset.value or sample is None:
            return ""
        text = self.tr(
            "This data set is large: the views look at its first {train} training images and "
            "{test} test images."
        )
        return text.format(train=count(len(sample.train)), test=count(len(sample.test)))

    def no_network(self) -> str:
        """Return what is said while there is no network."""
        return self.tr("No network yet: train one, or open one.")

    def no_images(self) -> str:
        """Return what is said while the data set is being loaded."""
        return self.tr("The data set is still being loaded.")

    def no_digit(self) -> str:
        """Return what is said while the pad is empty."""
        return self.tr("Draw a digit on the pad first.")

    def invitation(self) -> str:
        """Return what is said beside the button that begins."""
        return self.tr("This takes a while.")

    def _compute(self, question: Question) -> None:
        if is_same(question, self._answered):
            self._page.show_body()
            return
        if is_same(question, self._asked):
            return
        self._asked = question
        self._page.begin_progress()
        is_training = self._is_training
        self._job.run(
            lambda: paced(self.answers(question), is_training, lambda: self._showing),
            each=lambda event: self._take(question, event),
            ended=lambda: self._end(question),
            failed=self._fail,
        )

    def _is_training(self) -> bool:
        state = self._session.run_state.value
        return state.is_active and state is not RunState.PAUSED

    def _take(self, question: Question, event: object) -> None:
        if event is _RESTED:
            return
        if event is _DONE:
            self._end(question)
            return
        if isinstance(event, ViewProgress):
            self.show_progress(event)
            return
        self._answered = question
        started = perf_counter()
        self.show_answer(question, event)
        self._showing = _AND_PAINTING * (perf_counter() - started)

    def _end(self, question: Question) -> None:
        if not is_same(question, self._asked):
            # A newer one follows.
            return
        self._asked = None
        self._page.end_progress()

    def _fail(self, sentence: str) -> None:
        self._asked = self._answered = None
        self._page.show_message(sentence, offers_computing=True)

    @Slot()
    def _cancel(self) -> None:
        self._job.cancel()
        self._asked, self._is_wanted = None, False
        if self._answered is not None:
            self._page.show_body()
        else:
            self._page.show_message(self.tr("Cancelled."), offers_computing=True)

    @Slot()
    def _begin(self) -> None:
        self._is_wanted = True
        self.ask()
        self._is_wanted = not self.waits_for_button

    # --- pictures and tables --------------------------------------------------------------------

    @Slot(Wish)
    def _fulfil(self, wish: Wish) -> None:
        if not self._page.more_button.isEnabled():
            # Asked by a menu of the page's own, where nothing is shown.
            return
        match wish:
            case Wish.COPY_PICTURE:
                QGuiApplication.clipboard().setImage(self.picture())
                self._shell.show_status(self.tr("Copied the picture"))
            case Wish.SAVE_PICTURE:
                kinds = {self.tr("PNG pictures (*.png)"): ".png"}
                picture = self.picture()
                self._save(self.tr("Save as picture"), kinds, lambda: png_file(picture))
            case Wish.SAVE_NUMBERS:
                kinds = {self.tr("CSV tables (*.csv)"): ".csv"}
                self._save(self.tr("Save as CSV"), kinds, self.numbers)

    def _save(self, title: str, kinds: dict[str, str], content: Callable[[], bytes]) -> None:
        path = dialogs.ask_to_save(self._shell.dialog_parent, title, kinds, name=self.file_name())
        if path:
            written = content()
            self._session.file_thread.call(
                lambda: write_view(Path(path), written),
                then=lambda _: self._shell.show_saved(path),
                failed=self._shell.show_file_error,
                place=path,
            )


def is_same(one: Question | None, other: Question | None) -> bool:
    """Return whether two questions are the same."""
    if one is None or other is None or len(one) != len(other):
        return False
    return all(a is b or _are_equal(a, b) for a, b in zip(one, other, strict=True))


def _are_equal(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return not isinstance(one, np.ndarray) and not isinstance(other, np.ndarray) and one == other


def paced(
    events: Iterable[object],
    is_training: Callable[[], bool],
    seconds_of_showing: Callable[[], float] = float,
) -> Iterator[object]:
    """Yield the events; while a run trains, rest after each in proportion to the time it took.

    That is the time to compute it and, after an answer, to show it on the window's thread, too.
    While it rests it yields marks, so that it can be stopped; before the last rest, that it is
    done. After an answer it rests once it is known whether more follows.
    """
    iterator, spent, has_answered = iter(events), 0.0, False
    while True:
        started = perf_counter()
        event = next(iterator, _NO_MORE)
        spent += perf_counter() - started
        if event is _NO_MORE:
            yield _DONE
        if has_answered or event is _NO_MORE:
            showing = seconds_of_showing if has_answered else float
            yield from _rest(spent, showing, _LEAST_SECONDS_BETWEEN, is_training)
            spent = 0.0
        if event is _NO_MORE:
            return
        yield event
        has_answered = not isinstance(event, ViewProgress)
        if not has_answered:
            yield from _rest(spent, float, 0.0, is_training)
            spent = 0.0


def is_mark(event: object) -> bool:
    """Return whether `paced` has yielded this beside the events that it was given."""
    return event is _RESTED or event is _DONE


def _rest(
    spent: float, showing: Callable[[], float], least: float, is_training: Callable[[], bool]
) -> Iterator[object]:
    """Rest after so many seconds of work and of showing it, which are known a little later."""
    began = perf_counter()
    while True:
        whole = max(least, _RESTS * (spent + showing()) if is_training() else 0.0)
        left = began + whole - perf_counter()
        if left <= 0:
            return
        sleep(min(left, _NAP_SECONDS))
        yield _RESTED
