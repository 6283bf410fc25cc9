"""Find the digits in photos and scans, predict them, and display the selected one."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.pictures.result import FoundDigit, Picture, PicturePrediction
from mnist_gui.engine.prediction import Prediction
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common.dialogs import ask_picture_to_open
from mnist_gui.gui.jobs import LatestJob
from mnist_gui.gui.pages import Page
from mnist_gui.gui.pictures.drop import PictureDrop, PictureSource, picture_in
from mnist_gui.gui.pictures.page import PicturePage
from mnist_gui.gui.session import Displayed, Session, Source
from mnist_gui.gui.shell import Shell
from mnist_gui.words.errors import sentence

# A network that learns changes many times a second; a page full of digits need not.
_REPREDICT_MILLISECONDS = 400


class PicturePresenter(QObject):
    """Lets the user bring pictures, one at a time, and shows what is predicted in them.

    Each newer network predicts the picture anew, and a newer picture overtakes an older one; one
    that cannot be opened leaves the one before. While a digit is selected on the page in front it
    is displayed, otherwise the drawing is; a new drawing or anything else displayed ends the
    selection.
    """

    def __init__(self, session: Session, page: PicturePage, shell: Shell) -> None:
        super().__init__()
        self._session, self._page, self._shell = session, page, shell
        self._picture: tuple[Picture, str] | None = None
        self._digits: tuple[FoundDigit, ...] = ()
        self._is_predicted = False
        self._turns = 0
        self._opening = LatestJob(session.reading_thread)
        self._turning = LatestJob(session.reading_thread)
        self._comparing = LatestJob(session.prediction_thread)
        self._predicting = LatestJob(session.prediction_thread)
        self._again = QTimer(self, singleShot=True, interval=_REPREDICT_MILLISECONDS)
        self._again.timeout.connect(self._predict)
        self._add_actions(shell)
        page.close_requested.connect(self.clear)
        page.turn_requested.connect(self._turn)
        PictureDrop(shell.dialog_parent).dropped.connect(self._use_dropped)
        page.digit_shown.connect(self._display)
        page.digit_left.connect(self._leave)
        shell.pages.page_changed.connect(self._follow_page)
        session.reader.follow(self._follow_network)
        session.displayed.follow(self._follow_displayed)
        session.drawing.follow(self._follow_drawing)
        shell.pages.fill(Page.PICTURE, page)

    def _add_actions(self, shell: Shell) -> None:
        area, menus = self._page.invitation, shell.menus
        area.open_picture.triggered.connect(self._ask)
        area.paste_picture.triggered.connect(self._paste)
        menus.add_to_open(area.open_picture, area.use_camera)
        menus.edit_menu.insertAction(menus.after_pasting, area.paste_picture)

    def take_over(self, before: "PicturePresenter") -> None:
        """Show the picture that another presenter shows."""
        self._leave()
        if before._picture is not None:
            picture, name = before._picture
            self._show_opened(name, "", picture)
            self._show_opened(name, "", before._digits)

    def open(self, path: str) -> None:
        """Predict the picture in a file."""
        self.use(PictureSource(path), Path(path).name)

    @Slot()
    def clear(self) -> None:
        """Forget the picture, and one that is being opened."""
        self._opening.cancel()
        self._forget_digits()
        self._picture = None
        self._page.clear()

    # --- pictures that the user brings ---------------------------------------------------------

    @Slot()
    def _ask(self) -> None:
        if path := ask_picture_to_open(self._shell.dialog_parent):
            self.open(path)

    @Slot()
    def _paste(self) -> None:
        copied = QGuiApplication.clipboard().mimeData()
        # An empty clipboard has none, whatever the type says.
        source = picture_in(copied) if copied else None
        if source is None:
            self._shell.show_status(self.tr("No picture was copied; copy one first."))
        else:
            self.use(source, self.tr("copied picture"))

    @Slot(PictureSource)
    def _use_dropped(self, source: PictureSource) -> None:
        self.use(source, self.tr("dropped picture"))

    # --- what is found and predicted -----------------------------------------------------------

    @Slot(PictureSource, str)
    def use(self, source: PictureSource, name: str) -> None:
        """Predict a picture; a file goes under its own name, anything else under this one."""
        name = Path(source.path).name or name
        self._opening.cancel()
        self._page.show_opening(name)
        self._shell.pages.bring_to_front(Page.PICTURE)
        self._opening.run(
            partial(_open_and_find, source, name),
            each=partial(self._show_opened, name, source.path),
            failed=self._show_failure,
            place=source.path,
        )

    def _show_opened(
        self, name: str, path: str, result: Picture | tuple[FoundDigit, ...] | str | None
    ) -> None:
        match result:
            case Picture():
                if path:
                    self._shell.menus.recent_menu.note(path)
                self._forget_digits()
                self._picture = result, name
                self._page.show_picture(result, name)
                self._page.show_remark(sentence(result.flaw) if result.flaw else "")
            case tuple():
                self._digits = result
                self._predict()
            case str():
                self._page.show_nothing_found(result)

    def _show_failure(self, sentence: str) -> None:
        self._page.show_failure()
        self._shell.show_file_error(sentence)

    def _forget_digits(self) -> None:
        for job in (self._predicting, self._turning, self._comparing):
            job.cancel()
        self._again.stop()
        self._digits = ()
        self._is_predicted = False

    @Slot(object)
    def _follow_network(self, _snapshot: object) -> None:
        if not self._is_predicted:
            self._predict()
        elif not self._again.isActive():
            self._again.start()

    @Slot()
    def _predict(self) -> None:
        snapshot = self._session.reader.value
        if not self._digits:
            return
        if snapshot is None:
            text = self.tr("No network yet: start a training run or open a network.")
            self._page.show_nothing_found(text)
            return
        self._predicting.call(
            partial(_predict, self._digits, snapshot, self._session.classifier),
            then=self._show_prediction,
            failed=self._page.show_nothing_found,
        )

    def _show_prediction(self, prediction: PicturePrediction) -> None:
        is_first = not self._is_predicted
        self._is_predicted = True
        self._page.show_prediction(prediction)
        if is_first and self._picture is not None:
            self._turning.call(
                partial(_digits_in_turns, self._picture[0], prediction),
                then=partial(self._compare_turns, prediction),
                failed=self._page.show_nothing_found,
            )

    # --- a picture on its side -----------------------------------------------------------------

    def _compare_turns(
        self, prediction: PicturePrediction, in_turns: dict[int, tuple[FoundDigit, ...]]
    ) -> None:
        snapshot = self._session.reader.value
        if in_turns and snapshot is not None:
            self._comparing.call(
                partial(_better_turn, prediction, in_turns, snapshot, self._session.classifier),
                then=self._offer_turn,
                failed=self._page.show_nothing_found,
            )

    def _offer_turn(self, turns: int) -> None:
        self._turns = turns
        if turns:
            self._page.offer_turn()

    @Slot()
    def _turn(self) -> None:
        assert self._picture is not None
        picture, name = self._picture
        self._opening.run(
            partial(_find, picture.turned(self._turns)),
            each=partial(self._show_opened, name, ""),
            failed=self._show_failure,
        )

    # --- the digit that is displayed -----------------------------------------------------------

    @Slot(FoundDigit, Prediction)
    def _display(self, digit: FoundDigit, prediction: Prediction) -> None:
        if self._shell.pages.in_front is Page.PICTURE:
            place = self._page.view.selected
            self._session.displayed.set(
                Displayed(Source.PICTURE, image=digit.image, prediction=prediction, index=place)
            )

    @Slot()
    def _leave(self) -> None:
        if self._session.displayed.value.source is Source.PICTURE:
            self._session.display_drawing()

    @Slot()
    def _follow_page(self) -> None:
        if self._page.selected is None:
            return
        if self._shell.pages.in_front is Page.PICTURE:
            self._display(*self._page.selected)
        else:
            self._leave()

    @Slot(object)
    def _follow_displayed(self, displayed: Displayed) -> None:
        # The drawing that is displayed while the page is not in front leaves the selection.
        if displayed.source is Source.REPLAY or displayed.is_of_dataset:
            self._page.select_none()

    @Slot(object)
    def _follow_drawing(self, _drawing: object) -> None:
        self._page.select_none()


# What opens pictures is imported with the first of them: it would keep the window from opening.


def _open_and_find(
    source: PictureSource, name: str
) -> Iterable[Picture | tuple[FoundDigit, ...] | str | None]:
    """Yield None while a picture is decoded, then it, then its digits or why there are none."""
    for picture in _opened(source, name):
        if picture is None:
            # The job can be stopped here.
            yield None
        else:
            yield from _find(picture)


def _opened(source: PictureSource, name: str) -> Iterator[Picture | None]:
    from mnist_gui.engine.pictures.decoding import decoding, read_picture
    from mnist_gui.engine.pictures.open import reduced_picture

    if (pixels := source.pixels) is not None:
        yield from reduced_picture((pixels.width(), pixels.height()), source.bands, name)
    elif source.path:
        yield from decoding(read_picture(Path(source.path)), source.path)
    else:
        yield from decoding(source.content, name)


def _find(picture: Picture) -> Iterable[Picture | tuple[FoundDigit, ...] | str]:
    from mnist_gui.engine.pictures.find import find_digits

    yield picture
    try:
        yield find_digits(picture)
    except PictureError as error:
        yield sentence(error)


def _predict(
    digits: tuple[FoundDigit, ...], snapshot: Snapshot, classifier: Classifier
) -> PicturePrediction:
    from mnist_gui.engine.pictures.find import predict_digits

    return predict_digits(digits, snapshot, classifier)


def _digits_in_turns(
    picture: Picture, prediction: PicturePrediction
) -> dict[int, tuple[FoundDigit, ...]]:
    """Return what is found in the picture turned, nothing where it reads well as it is."""
    from mnist_gui.engine.pictures.turn import digits_in_turns, is_poorly_read

    return digits_in_turns(picture) if is_poorly_read(prediction) else {}


def _better_turn(
    prediction: PicturePrediction,
    in_turns: dict[int, tuple[FoundDigit, ...]],
    snapshot: Snapshot,
    classifier: Classifier,
) -> int:
    from mnist_gui.engine.pictures.turn import better_turn

    return better_turn(prediction, in_turns, snapshot, classifier)
