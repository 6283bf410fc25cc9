"""The network at hand: newest of the run, or opened from a file; saved on request."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.exchange.images import CONVENTIONS, OURS, Convention
from mnist_gui.engine.exchange.recognition import Recognized, open_network
from mnist_gui.engine.models.model_file import load_snapshot, save_snapshot
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.gui.common import dialogs
from mnist_gui.gui.common.values import architecture_title, network_file_name, network_title
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.paths import SHIPPED_NETWORK
from mnist_gui.words.imports import choice_name, report
from mnist_gui.words.language import in_sequence


class NetworkPresenter(QObject):
    """Opens and saves networks. A file that cannot be opened leaves the network as it was.

    While a run lasts its networks follow one another; the one from before the run is remembered,
    in case the run comes to nothing.
    """

    def __init__(self, session: Session, shell: Shell) -> None:
        super().__init__()
        self._session, self._shell = session, shell
        # With the recorded run or the file that it was loaded from.
        self._before_run: tuple[Snapshot, str, Path | None] | None = None
        self._of_run: Snapshot | None = None
        shell.actions_offered.open_network.triggered.connect(self._ask_to_open)
        shell.actions_offered.save_network.triggered.connect(self._ask_to_save)
        session.network.follow(shell.actions_offered.follow_network)
        calibrated = shell.actions_offered.calibrated
        calibrated.toggled.connect(session.is_calibrated.set)
        session.is_calibrated.set(calibrated.isChecked())

    def take_over(self, before: "NetworkPresenter") -> None:
        """Know what another presenter knew of the run that lasts."""
        self._before_run, self._of_run = before._before_run, before._of_run

    @Slot(object)
    def follow_run(self, snapshot: Snapshot) -> None:
        """Use this network while the run that it comes from lasts."""
        current = self._session.network.value
        if current is not None and current is not self._of_run:
            session = self._session
            self._before_run = (current, session.run_of_network, session.file_of_network)
        self._of_run = snapshot
        self._session.use_network(snapshot)

    @Slot()
    def end_run(self) -> None:
        """Let the current network stay; the run that it came from has ended."""
        self._before_run = self._of_run = None

    @Slot()
    def go_back(self) -> None:
        """Use the network again that was there before the run, which came to nothing."""
        if self._before_run is not None:
            self._session.use_network(*self._before_run)

    @Slot(str)
    def open(self, path: str) -> None:
        """Use the network of a file, ours or another program's."""
        self._open(path)

    def _open(self, path: str, convention: Convention | None = None) -> None:
        self._session.reading_thread.call(
            partial(open_network, Path(path), self._session.dataset.value, convention),
            then=partial(self._use_opened, path),
            failed=self._shell.show_file_error,
            place=path,
        )

    def open_shipped(self) -> None:
        """Begin with the network that ships, unless there is another by then."""
        self._session.reading_thread.call(
            partial(load_snapshot, SHIPPED_NETWORK),
            then=self._use_shipped,
            failed=self._shell.show_file_error,
        )

    def save(self, path: str) -> None:
        """Write the current network to a file."""
        if (snapshot := self._session.network.value) is not None:
            self._session.file_thread.call(
                partial(save_snapshot, Path(path), snapshot),
                then=lambda _: self._shell.show_saved(path),
                failed=self._shell.show_file_error,
                place=path,
            )

    @Slot()
    def _ask_to_open(self) -> None:
        if path := dialogs.ask_network_to_open(self._shell.dialog_parent):
            self.open(path)

    @Slot()
    def _ask_to_save(self) -> None:
        snapshot = self._session.network.value
        if snapshot is None:
            return
        recipe, step = snapshot.recipe.name, snapshot.step
        title, file_name = network_title(recipe, step), network_file_name(recipe, step)
        if path := dialogs.ask_network_to_save(self._shell.dialog_parent, title, file_name):
            self.save(path)

    def _use_opened(self, path: str, opened: tuple[Snapshot, Recognized | None]) -> None:
        snapshot, found = opened
        self._session.use_network(snapshot, file=Path(path))
        self._shell.menus.recent_menu.note(path)
        if found is None:
            self._shell.show_opened(path)
            return
        text = self.tr("Imported {file} (fits the network \u201c{network}\u201d).")
        title = architecture_title(snapshot.recipe.network)
        text = text.format(file=Path(path).name, network=title)
        self._shell.show_written(in_sequence([text, report(found)]), path)
        if found.is_doubtful or found.convention != OURS:
            text = self.tr("Was {file} trained on images of another kind?")
            choose = partial(self._ask_for_images, path, found.convention)
            self._shell.offer(text.format(file=Path(path).name), self.tr("Choose \u2026"), choose)

    def _ask_for_images(self, path: str, found: Convention) -> None:
        """Let the user choose the images that an imported network was trained on."""
        if not self._shell.actions_offered.open_network.isEnabled():
            self._shell.show_status(self.tr("Available when training has ended."))
            return
        names, current = [choice_name(each) for each in CONVENTIONS], CONVENTIONS.index(found)
        dialogs.ask_images_of_network(
            self._shell.dialog_parent,
            names,
            current,
            lambda place: self._open(path, CONVENTIONS[place]),
        )

    def _use_shipped(self, snapshot: Snapshot) -> None:
        if self._session.network.value is None:
            self._session.use_network(snapshot, file=SHIPPED_NETWORK)
