"""How the network came to read as it does: read at each kept step, shown, and saved to play."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QImage

from mnist_gui.engine.inside.animation import FORMATS, animation_file
from mnist_gui.engine.inside.files import table_csv, write_view
from mnist_gui.engine.inside.kept_steps import KeptRun, KeptSteps, StepReading
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.values import network_file_name, network_title
from mnist_gui.gui.pages import Page
from mnist_gui.gui.time_machine.page import TimePage, no_run, no_steps
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter


class TimePresenter(ViewPresenter):
    """Shows a run's kept steps, and the one that the current network is of."""

    def __init__(self, parts: ViewParts, page: TimePage) -> None:
        super().__init__(parts.session, page, parts.shell, Page.TIME_MACHINE)
        self._time_page, self._runner = page, parts.runner
        self._kept = KeptSteps()
        self._readings: tuple[StepReading, ...] = ()
        self._recording: _Recording | None = None
        self._first = 0
        page.step_chosen.connect(parts.go_to_step)
        page.animation_asked.connect(self._save_animation)
        page.timeline.apply_theme(parts.shell.plot_colours)
        parts.shell.plot_colours_changed.connect(page.timeline.apply_theme)
        parts.shell.actions_offered.present.toggled.connect(self._set_wide)
        session = parts.session
        self.follow(session.network, session.displayed, session.view_dataset, session.is_calibrated)
        session.network.changed.connect(self._follow_step)

    def question(self) -> Question | str:
        """Return the run, its data and the digit, and while it trains how far it is."""
        session = self._session
        network, dataset = session.network.value, session.view_dataset.value
        if network is None:
            return self.no_network()
        training = self._runner.run if self._is_training() else None
        run_id = training.run_id if training else session.run_of_network
        if not run_id:
            return no_run()
        if dataset is None:
            return self.no_images()
        image, _ = session.displayed.value.digit
        self._first = network.step
        step = network.step if training else None
        folder, is_calibrated = session.runs_folder.value, session.is_calibrated.value
        return folder, run_id, dataset.validation, image, is_calibrated, step

    def answers(self, question: Question) -> Iterator[Any]:
        """Read the images at each step, that of the network first."""
        folder, run_id, images, image, is_calibrated, _ = question
        store = RunStore(folder)
        steps, load = store.snapshot_steps(run_id), partial(store.load_snapshot, run_id)
        run = KeptRun(run_id, steps, load)
        read = self._kept.read(run, images, image, self._first, is_calibrated=is_calibrated)
        for event in read:
            yield (event, len(steps)) if isinstance(event, tuple) else event
        if not steps:
            yield (), 0

    def show_answer(self, _question: Question, answer: tuple[tuple[StepReading, ...], int]) -> None:
        """Show what is known of the steps so far."""
        readings, total = answer
        if not readings:
            self._readings = ()
            self._time_page.show_message(no_steps())
            return
        network = self._session.network.value
        assert network is not None
        self._readings = readings
        shares = readings[-1].probabilities
        self._time_page.show_title(network_title(network.recipe.name, network.step))
        digit = None if shares is None else int(shares.argmax())
        self._time_page.show_readings(readings, digit, total)
        self._time_page.show_step(network.step)

    @Slot(object)
    def _follow_step(self, network: Any) -> None:
        if self._page.isVisible() and self._readings and self._recording is None:
            self._time_page.show_title(network_title(network.recipe.name, network.step))
            self._time_page.show_step(network.step)

    @Slot(bool)
    def _set_wide(self, wide: bool) -> None:
        self._time_page.timeline.set_wide(wide=wide)

    def numbers(self) -> bytes:
        """Return for each step and digit its probability, its images, and how they were read."""
        heads = ["step", "digit", "probability", *(f"read as {digit}" for digit in range(10))]
        rows = []
        for reading in self._readings:
            shares = reading.probabilities
            for digit, counts in enumerate(reading.confusion.tolist()):
                share = "" if shares is None else float(shares[digit])
                rows.append((reading.step, digit, share, *counts))
        return table_csv(heads, rows)

    def file_name(self) -> str:
        """Return a name with the network's."""
        network = self._session.network.value
        assert network is not None
        return f"{network_file_name(network.recipe.name, network.step)}-{self.tr('steps')}"

    # --- the animation --------------------------------------------------------------------------

    @Slot()
    def _save_animation(self) -> None:
        kinds = {self.tr("GIF (*.gif)"): ".gif", self.tr("WebP (*.webp)"): ".webp"}
        title = self.tr("Save as animation")
        path = dialogs.ask_to_save(self._shell.dialog_parent, title, kinds, name=self.file_name())
        if path and self._readings and self._recording is None:
            self._recording = _Recording(self._time_page, self._readings, self._write(path))

    def _write(self, path: str) -> Callable[[list[NDArray[np.uint8]]], None]:
        suffix = Path(path).suffix.lower()

        def write(frames: list[NDArray[np.uint8]]) -> None:
            self._recording = None
            self._follow_step(self._session.network.value)
            # A picture of each step takes a while to be pressed together.
            self._session.file_thread.call(
                lambda: write_view(Path(path), animation_file(frames, suffix)),
                then=lambda _: self._shell.show_saved(path),
                failed=self._shell.show_file_error,
                place=path,
            )

        assert suffix in FORMATS
        return write


class _Recording:
    """Shows all steps one after the other, one in a turn of the window, and keeps pictures."""

    def __init__(
        self,
        page: TimePage,
        readings: tuple[StepReading, ...],
        then: Callable[[list[NDArray[np.uint8]]], None],
    ) -> None:
        self._page, self._then = page, then
        self._steps = [reading.step for reading in readings]
        self._frames: list[NDArray[np.uint8]] = []
        self._timer = QTimer(page, interval=0)
        self._timer.timeout.connect(self._take_next)
        self._timer.start()

    @Slot()
    def _take_next(self) -> None:
        self._page.show_step(self._steps[len(self._frames)])
        self._frames.append(_pixels(self._page.picture()))
        self._page.show_progress(len(self._frames), len(self._steps))
        if len(self._frames) == len(self._steps):
            self._timer.deleteLater()
            self._then(self._frames)


def _pixels(picture: QImage) -> NDArray[np.uint8]:
    """Return a picture's pixels (rows, columns, 3), at half the size that is printed."""
    picture.setDevicePixelRatio(1)
    small = picture.scaledToWidth(picture.width() // 2).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(small.constBits(), np.uint8).reshape(small.height(), -1)
    return rows[:, : 3 * small.width()].reshape(small.height(), small.width(), 3).copy()


def add(parts: ViewParts) -> Building:
    """Build the page, and its presenter in another turn."""
    page = TimePage()
    yield
    return TimePresenter(parts, page)
