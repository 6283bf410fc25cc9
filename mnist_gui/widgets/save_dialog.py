"""Asking where to save; no file is chosen that the user was not told is there already."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from mnist_gui.widgets.last_folder import last_folder, remember_folder


def ask_to_save(
    parent: QWidget,
    title: str,
    kinds: Mapping[str, str],
    others: tuple[str, ...] = (),
    *,
    name: str = "",
    confirms: bool = True,
) -> str:
    """Ask for a file of one of these kinds; return its path, empty if the user thought better.

    `kinds` are name filters, each with the suffix that names without a known one are given;
    `others` are suffixes that are known besides, `name` is proposed. A file that is there is asked
    about unless `confirms` is false.
    """
    dialog = _dialog(parent, title, list(kinds))
    dialog.selectFile(name)
    known = (*kinds.values(), *others)
    path = ""
    while not path and dialog.exec():
        chosen = dialog.selectedFiles()[0]
        suffix = "" if chosen.lower().endswith(known) else kinds[dialog.selectedNameFilter()]
        path = chosen + suffix
        if confirms and Path(path).exists() and not _may_replace(parent, path):
            path = ""
    dialog.deleteLater()
    return remember_folder(path)


def _dialog(parent: QWidget, title: str, kinds: list[str]) -> QFileDialog:
    dialog = QFileDialog(parent, title, last_folder())
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    # Not all desktops' dialogs ask about the name that has been completed.
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.setNameFilters(kinds)
    return dialog


def _may_replace(parent: QWidget, path: str) -> bool:
    title = QCoreApplication.translate("files", "The file already exists")
    text = QCoreApplication.translate("files", "{path} already exists. Replace it?")
    return (
        QMessageBox.question(parent, title, text.format(path=path))
        is QMessageBox.StandardButton.Yes
    )
