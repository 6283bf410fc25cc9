"""Asking for files; each answer is a path, empty if the user thought better of it."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

NETWORK_SUFFIX = ".mnistgui"


def ask_network_to_open(parent: QWidget) -> str:
    """Ask which network file to open."""
    title = QCoreApplication.translate("files", "Open network")
    return QFileDialog.getOpenFileName(parent, title, "", _network_filter())[0]


def ask_network_to_save(parent: QWidget) -> str:
    """Ask where to save the network."""
    title = QCoreApplication.translate("files", "Save network")
    path = QFileDialog.getSaveFileName(parent, title, "", _network_filter())[0]
    return _with_suffix(path, NETWORK_SUFFIX)


def ask_dataset_folder(parent: QWidget) -> str:
    """Ask for a folder with a data set in MNIST's format."""
    title = QCoreApplication.translate("files", "Open data set: a folder with IDX files")
    return QFileDialog.getExistingDirectory(parent, title)


def ask_picture_to_save(parent: QWidget) -> str:
    """Ask where to save a picture of the curves."""
    title = QCoreApplication.translate("files", "Save curves as picture")
    kinds = QCoreApplication.translate("files", "PNG pictures (*.png)")
    return _with_suffix(QFileDialog.getSaveFileName(parent, title, "", kinds)[0], ".png")


def ask_table_to_save(parent: QWidget) -> str:
    """Ask where to save the curves as a table."""
    title = QCoreApplication.translate("files", "Save curves as CSV")
    kinds = QCoreApplication.translate("files", "CSV tables (*.csv)")
    return _with_suffix(QFileDialog.getSaveFileName(parent, title, "", kinds)[0], ".csv")


def _network_filter() -> str:
    return QCoreApplication.translate("files", "Networks (*.mnistgui)")


def _with_suffix(path: str, suffix: str) -> str:
    return path if not path or path.endswith(suffix) else path + suffix
