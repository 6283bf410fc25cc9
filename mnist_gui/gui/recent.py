"""The menu of what was opened last, kept from one start to the next."""

import json
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QMenu

from mnist_gui.engine.data.correction import Correction, DatasetChoice, Turn

Opened: TypeAlias = str | DatasetChoice
"""The path of a file, or a data set with the way in which it was opened."""
_KEY = "files/recent"
_MOST = 8


class RecentMenu(QMenu):
    """Offers what was opened last, the latest first.

    `file_chosen` brings the path of a file, `dataset_chosen` a data set's `DatasetChoice`. Unless
    it `remembers`, it offers what it offered at first, and changes no settings.
    """

    file_chosen = Signal(str)
    dataset_chosen = Signal(object)

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        self.remembers = True
        self.setTitle(self.tr("Open rec&ent"))
        self.setToolTipsVisible(True)
        self._show(recent_files())

    def note(self, path: str) -> None:
        """List a file first, which was opened just now."""
        self._keep([path, *_without(path)])

    def note_dataset(self, choice: DatasetChoice) -> None:
        """List a data set first, which was opened just now in this way."""
        path = Path(choice.path or "").absolute()
        self._keep([replace(choice, path=path), *_without(str(path))])

    def forget(self, path: str) -> None:
        """List a file no more."""
        self._keep(_without(path))

    def _keep(self, opened: list[Opened]) -> None:
        if not self.remembers:
            return
        QSettings().setValue(_KEY, "\n".join(map(_written, opened[:_MOST])))
        self._show(opened[:_MOST])

    def _show(self, opened: list[Opened]) -> None:
        self.clear()
        for each in opened:
            # What is a mark of a key to Qt is a letter of the name.
            action = self.addAction(Path(_path(each)).name.replace("&", "&&"))
            action.setToolTip(self._tip(each))
            action.triggered.connect(partial(self._choose, each))
        self.setEnabled(bool(opened))

    def _choose(self, opened: Opened) -> None:
        if isinstance(opened, str):
            self.file_chosen.emit(opened)
        else:
            self.dataset_chosen.emit(opened)

    def _tip(self, opened: Opened) -> str:
        if isinstance(opened, str):
            return opened
        is_plain = opened == DatasetChoice(opened.path)
        text = (
            self.tr("Data set {path}")
            if is_plain
            else self.tr("Data set {path}, mended as last time")
        )
        return text.format(path=opened.path)


def recent_files() -> list[Opened]:
    """Return what was opened last, the latest first."""
    lines = str(QSettings().value(_KEY) or "").splitlines()[:_MOST]
    return [opened for line in lines if (opened := _read(line)) is not None]


def _without(path: str) -> list[Opened]:
    return [each for each in recent_files() if _path(each) != path]


def _path(opened: Opened) -> str:
    return opened if isinstance(opened, str) else str(opened.path)


def _written(opened: Opened) -> str:
    """Return a line for the settings: a path, or a data set as JSON, which no full path is."""
    if isinstance(opened, str):
        return opened
    corrections = [
        {"turn": each.turn.name, "inverts": each.inverts, "brightens": each.brightens}
        for each in opened.corrections
    ]
    return json.dumps(
        {"data": str(opened.path), "resizes": opened.resizes, "corrections": corrections}
    )


def _read(line: str) -> Opened | None:
    """Return what a line of the settings stands for; None if it is of another version."""
    if not line.startswith("{"):
        return line
    with suppress(ValueError, LookupError, TypeError, RecursionError):
        found = json.loads(line)
        corrections = tuple(
            Correction(Turn[each["turn"]], each["inverts"] is True, each["brightens"] is True)
            for each in found["corrections"]
        )
        return DatasetChoice(Path(found["data"]), found["resizes"] is True, corrections)
    return None
