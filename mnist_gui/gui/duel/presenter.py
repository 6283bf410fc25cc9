"""Trains two recipes side by side, and shows which of them learns better."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Slot

from mnist_gui.engine.digits.files import write_drawings
from mnist_gui.engine.drawing import Drawing, LabelledDrawing
from mnist_gui.engine.inside.files import table_csv, write_view
from mnist_gui.engine.inside.forward import features_and_logits, softmax
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.prediction import Evaluation, Prediction
from mnist_gui.engine.runs.duel import compared, disagreements
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.duel.disputes import Dispute, Disputes
from mnist_gui.gui.duel.page import DuelPage
from mnist_gui.gui.duel.runner import DuelRunner, DuelState, Match
from mnist_gui.gui.duel.setup import DuelSetup
from mnist_gui.gui.duel.text import LETTERS
from mnist_gui.gui.pages import Page
from mnist_gui.gui.views.parts import Building, ViewParts
from mnist_gui.gui.views.presenter import Question, ViewPresenter

_FRAME_MILLISECONDS = 100


def add(parts: ViewParts) -> Building:
    """Build the page in two turns, and its presenter in another one."""
    setup = DuelSetup()
    yield
    page = DuelPage(setup)
    yield
    return DuelPresenter(parts, page)


class DuelPresenter(ViewPresenter):
    """Shows a duel as it goes on, and what came of it; asks both networks what is on the pad."""

    def __init__(self, parts: ViewParts, page: DuelPage) -> None:
        super().__init__(parts.session, page, parts.shell, Page.DUEL)
        self._view = page
        self.runner = runner = DuelRunner(parts.session)
        runner.setParent(self)
        self.disputes = Disputes()
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MILLISECONDS)
        self._frame.timeout.connect(self._show_sides)
        page.watcher.visible_changed.connect(self._show_sides)
        page.start_requested.connect(self._start)
        page.pause_requested.connect(self._pause_or_resume)
        page.stop_requested.connect(runner.stop)
        page.differences_requested.connect(self._save_differences)
        page.disputes.save_requested.connect(self._save_disputes)
        page.disputes.clear_requested.connect(self._clear_disputes)
        for side in page.sides:
            side.use_requested.connect(self._use)
        self._follow_window()
        page.show_purpose(
            self.tr(
                "Two new networks learn from the same images in the same order, step by step in "
                "turns. Look which one is ahead, when, and what each reads on the pad."
            )
        )
        session = self._session
        self.follow(session.displayed, session.view_dataset)
        session.drawing.changed.connect(self._follow_drawing)
        session.recipe.follow(page.setup.use_recipe)
        session.run_state.changed.connect(self._show_state)
        session.view_dataset.changed.connect(self._show_state)
        runner.changed.connect(self._show_state)
        runner.changed.connect(self.ask)
        runner.networks_changed.connect(self.ask)
        runner.grown.connect(self._show_soon)
        runner.tested.connect(page.show_testing)
        self._show_state()

    def _follow_window(self) -> None:
        page, shell = self._view, self._shell
        page.apply_theme(shell.plot_colours)
        shell.plot_colours_changed.connect(page.apply_theme)
        present = shell.actions_offered.present
        page.chart.set_wide(present.isChecked())
        present.toggled.connect(page.chart.set_wide)

    def take_over(self, before: "DuelPresenter") -> None:
        """Go on with the duel of another presenter, which is held or over."""
        self.disputes = before.disputes
        self.runner.take_over(before.runner)
        self._view.disputes.show_disputes(self.disputes.entries)
        self._show_sides()

    @property
    def _match(self) -> Match | None:
        return self.runner.match

    # --- what both read on the pad --------------------------------------------------------------

    def question(self) -> Question | str:
        """Return both networks, and the image on the pad."""
        match = self._match
        self._view.show_title(self._title())
        if match is None:
            return self.no_images() if self._session.view_dataset.value is None else self._advice()
        if match.networks is None:
            if self.runner.state is DuelState.FAILED:
                return self.runner.problem
            return self.tr("Preparing: building both networks \u2026")
        return *match.networks, self._session.displayed.value.digit[0]

    def answers(self, question: Question) -> Iterator[Any]:
        """Yield both predictions."""
        *snapshots, image = question
        predictions: list[Prediction | None] = []
        for each in snapshots:
            predictions.append(None if image is None else _predicted(each, image))
            yield ViewProgress(len(predictions), len(snapshots))
        yield tuple(predictions)

    def show_answer(self, question: Question, answer: Any) -> None:
        """Show both predictions, and collect a drawing on which they differ."""
        self._view.show_predictions(answer)
        first, second = answer
        displayed, image = self._session.displayed.value, question[2]
        is_the_drawing = displayed.is_drawn and displayed.image is image
        if first is not None and is_the_drawing and displayed.drawing:
            digits = (first.digit, second.digit)
            if self.disputes.note(Dispute(displayed.drawing, image, digits)):
                self._view.disputes.show_disputes(self.disputes.entries)
        self._page.show_body()

    @Slot(object)
    def _follow_drawing(self, drawing: Drawing) -> None:
        if not drawing:
            self.disputes.close()

    def numbers(self) -> bytes:
        """Return the accuracies of both sides over the images seen."""
        assert self._match is not None
        heads = ("side", "images_seen", "measured_on", "accuracy")
        rows: list[tuple[object, ...]] = []
        for letter, history in zip(LETTERS, self._match.sides, strict=True):
            size = history.recipe.dataset_per_batch
            curves = {"batch": history.train_accuracy, "validation": history.validation_accuracy}
            for name, curve in curves.items():
                pairs = zip(curve.steps.tolist(), curve.values.tolist(), strict=True)
                rows += [(letter, int(step) * size, name, share) for step, share in pairs]
            if history.evaluation is not None:
                rows.append((letter, history.step * size, "test", history.evaluation.accuracy))
        return table_csv(heads, rows)

    def file_name(self) -> str:
        """Return a name for what the page shows."""
        return self.tr("duel")

    def _title(self) -> str:
        if self._match is None:
            return self.tr("Duel of two recipes")
        first, second = self._match.titles
        return self.tr("{first} against {second}").format(first=first, second=second)

    def _advice(self) -> str:
        return self.tr(
            "Choose two recipes, or one recipe twice with one value changed. Both networks are "
            "tested at the end."
        )

    # --- the duel -------------------------------------------------------------------------------

    @Slot()
    def _start(self) -> None:
        setup, dataset = self._view.setup, self._session.view_dataset.value
        if dataset is None:
            return
        self._view.show_result(None)
        self.runner.start(dataset, setup.recipes(), setup.images.value(), setup.changed)
        self._show_sides()

    @Slot()
    def _pause_or_resume(self) -> None:
        if self.runner.state is DuelState.PAUSED:
            self.runner.resume()
        else:
            self.runner.pause()

    # --- showing --------------------------------------------------------------------------------

    @Slot()
    def _show_soon(self) -> None:
        if not self._frame.isActive():
            self._frame.start()

    @Slot()
    def _show_sides(self) -> None:
        match = self._match
        if match is None or not self._view.isVisible():
            return
        images = match.duel.images
        self._view.show_sides(match.titles, match.sides, images)
        if self.runner.state in (DuelState.TRAINING, DuelState.PAUSED, DuelState.WAITING):
            self._view.show_training(match.sides, images)

    @Slot()
    def _show_state(self) -> None:
        is_busy = self._session.run_state.value.is_active
        may_start = not is_busy and self._session.view_dataset.value is not None
        state, words = self.runner.state, self._state_words()
        self._view.show_state(state, may_start=may_start, sentence=words)
        if state is DuelState.OVER and self._match is not None:
            self._show_sides()
            first, second = self._evaluations()
            self._view.show_result(compared(first, second))
        if is_busy:
            self._view.offer_use(offered=False, tip=self.tr("Available when training has ended."))
        else:
            tip = self.tr("Read with this network in the whole window, until another one is chosen")
            self._view.offer_use(offered=True, tip=tip)

    def _state_words(self) -> str:
        match self.runner.state:
            case DuelState.WAITING:
                return self.tr("A run trains: the duel waits, and goes on when it has ended.")
            case DuelState.PAUSED:
                return self.tr("Paused.")
            case DuelState.TESTING:
                return self.tr("Testing both networks \u2026")
            case DuelState.PREPARING | DuelState.TRAINING:
                return self._order_words()
        if self._session.run_state.value.is_active:
            return self.tr("Available when training has ended.")
        return self.runner.problem

    def _order_words(self) -> str:
        assert self._match is not None
        if self._match.duel.has_same_batches:
            return self.tr("Both train on the very same batches.")
        return self.tr(
            "Their batches are not equally large: both see the images in the same order."
        )

    # --- what is taken along --------------------------------------------------------------------

    @Slot(int)
    def _use(self, side: int) -> None:
        assert self._match is not None
        if (snapshot := self._match.snapshots[side]) is not None:
            self._session.use_network(snapshot)
            text = self.tr("Now used: {network}").format(network=self._match.titles[side])
            self._shell.show_status(text)

    @Slot()
    def _save_differences(self) -> None:
        first, second = self._evaluations()
        heads = ("image", "label", "digit_a", "probability_a", "digit_b", "probability_b")
        kinds = {self.tr("CSV tables (*.csv)"): ".csv"}
        title, name = self.tr("Save test images as CSV"), self.tr("duel-differences")
        if path := dialogs.ask_to_save(self._shell.dialog_parent, title, kinds, name=name):
            content = table_csv(heads, disagreements(first, second))
            self._write(path, lambda: write_view(Path(path), content))

    def _evaluations(self) -> tuple[Evaluation, Evaluation]:
        assert self._match is not None
        first, second = (side.evaluation for side in self._match.sides)
        assert first is not None
        assert second is not None
        return first, second

    @Slot()
    def _save_disputes(self) -> None:
        kinds = {self.tr("Drawings (*.jsonl)"): ".jsonl"}
        title, name = self.tr("Save drawings"), self.tr("duel-drawings")
        if path := dialogs.ask_to_save(self._shell.dialog_parent, title, kinds, name=name):
            drawings = [LabelledDrawing(each.drawing, None) for each in self.disputes.entries]
            self._write(path, lambda: write_drawings(Path(path), drawings))

    def _write(self, path: str, function: Any) -> None:
        self._session.file_thread.call(
            function,
            then=lambda _: self._shell.show_saved(path),
            failed=self._shell.show_file_error,
            place=path,
        )

    @Slot()
    def _clear_disputes(self) -> None:
        self.disputes = Disputes()
        self._view.disputes.show_disputes([])


def _predicted(snapshot: Snapshot, image: NDArray[np.uint8]) -> Prediction:
    _, logits = features_and_logits(snapshot, image[np.newaxis])
    shares = softmax(logits[0] / np.float32(snapshot.temperature))
    return Prediction(shares.astype(np.float32), min_margin=snapshot.min_margin)
