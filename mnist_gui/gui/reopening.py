"""Opens what is chosen from the menu of what was opened last, unless it is gone."""

import os
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Slot

from mnist_gui.engine.data.correction import DatasetChoice
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell


class Reopening(QObject):
    """Follows the menu of recent files; what is no longer there is taken off it."""

    def __init__(
        self,
        session: Session,
        shell: Shell,
        open_file: Callable[[str], None],
        open_dataset: Callable[[DatasetChoice], None],
    ) -> None:
        super().__init__()
        self._session, self._shell = session, shell
        self._open_file, self._open_dataset = open_file, open_dataset
        shell.menus.recent_menu.file_chosen.connect(self._open_again)
        shell.menus.recent_menu.dataset_chosen.connect(self._open_data_again)

    @Slot(str)
    def _open_again(self, path: str) -> None:
        self._if_there(path, partial(self._open_file, path))

    @Slot(object)
    def _open_data_again(self, choice: DatasetChoice) -> None:
        if self._shell.actions_offered.open_dataset.isEnabled():
            self._if_there(str(choice.path), partial(self._open_dataset, choice))
        else:
            self._shell.show_status(self.tr("Available when training has ended."))

    def _if_there(self, path: str, then: Callable[[], None]) -> None:
        # Not here: a disk that is slow or gone would hold the window up.
        self._session.reading_thread.call(
            partial(os.path.exists, path),
            then=partial(self._go_on, path, then),
            failed=self._shell.show_file_error,
            place=path,
        )

    def _go_on(self, path: str, then: Callable[[], None], is_there: bool) -> None:
        if is_there:
            then()
            return
        self._shell.menus.recent_menu.forget(path)
        text = self.tr("{path} is no longer there, so it is not offered any more.")
        self._shell.show_file_error(text.format(path=path))
