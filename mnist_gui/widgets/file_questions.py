"""Asking for files; each answer is a path, empty if the user thought better of it."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from mnist_gui.engine.exchange.formats import Format
from mnist_gui.engine.pictures.result import SUFFIXES
from mnist_gui.widgets.last_folder import last_folder, remember_folder
from mnist_gui.widgets.save_dialog import ask_to_save

NETWORK_SUFFIX = ".mnistgui"
READABLE_SUFFIXES = (NETWORK_SUFFIX, ".keras", ".h5", ".hdf5", ".npz")
"""How the names of files end that may hold a network."""


def ask_network_to_open(parent: QWidget) -> str:
    """Ask which network file to open."""
    title = QCoreApplication.translate("files", "Open network")
    kinds = QCoreApplication.translate("files", "Networks ({endings})")
    endings = " ".join(f"*{suffix}" for suffix in READABLE_SUFFIXES)
    return _ask_to_open(parent, title, kinds.format(endings=endings))


def ask_network_to_save(parent: QWidget, network: str, name: str) -> str:
    """Ask where to save the network of this title, proposing a name for the file."""
    title = QCoreApplication.translate("files", "Save network: {network}").format(network=network)
    kinds = QCoreApplication.translate("files", "Networks (*.mnistgui)")
    return ask_to_save(parent, title, {kinds: NETWORK_SUFFIX}, name=name)


def ask_network_to_export(parent: QWidget, network: str, name: str) -> str:
    """Ask where to export the network of this title; how the path ends tells the format."""
    title = QCoreApplication.translate("files", "Export for other programs: {network}")
    title = title.format(network=network)
    kinds = {
        QCoreApplication.translate("files", "Keras models (*.keras)"): Format.KERAS,
        QCoreApplication.translate("files", "TensorFlow Lite models (*.tflite)"): Format.TFLITE,
        QCoreApplication.translate("files", "Weights for NumPy (*.npz)"): Format.WEIGHTS,
    }
    suffixes = {kind: known.value for kind, known in kinds.items()}
    return ask_to_save(parent, title, suffixes, name=name)


def ask_drawings_to_open(parent: QWidget) -> str:
    """Ask which file of drawings to open."""
    title = QCoreApplication.translate("files", "Open drawings")
    return _ask_to_open(parent, title, _drawings_filter())


def ask_drawing_to_save(parent: QWidget) -> str:
    """Ask where to save the drawing; a file that is there is not asked about here."""
    title = QCoreApplication.translate("files", "Save drawing")
    name = QCoreApplication.translate("files", "drawing")
    return ask_to_save(parent, title, _drawings(), (".json",), name=name, confirms=False)


def ask_dataset_folder(parent: QWidget) -> str:
    """Ask for a folder with a data set in MNIST's format."""
    title = QCoreApplication.translate("files", "Open data set: a folder with IDX files")
    return remember_folder(QFileDialog.getExistingDirectory(parent, title, last_folder()))


def ask_picture_to_open(parent: QWidget) -> str:
    """Ask which picture's digits to read."""
    title = QCoreApplication.translate("files", "Open picture")
    kinds = QCoreApplication.translate("files", "Pictures ({suffixes})").format(
        suffixes=" ".join(f"*{suffix} *{suffix.upper()}" for suffix in SUFFIXES)
    )
    return _ask_to_open(parent, title, kinds)


def ask_runs_folder(parent: QWidget, now: str) -> str:
    """Ask for the folder in which runs are to be kept, beginning with the one they are in now."""
    title = QCoreApplication.translate("files", "Keep runs in this folder")
    return QFileDialog.getExistingDirectory(parent, title, now)


def ask_picture_to_save(parent: QWidget) -> str:
    """Ask where to save a picture of the curves."""
    title = QCoreApplication.translate("files", "Save curves as picture")
    kinds = QCoreApplication.translate("files", "PNG pictures (*.png)")
    return ask_to_save(parent, title, {kinds: ".png"}, name=_curves())


def ask_svg_to_save(parent: QWidget) -> str:
    """Ask where to save the curves as lines that stay sharp at any size."""
    title = QCoreApplication.translate("files", "Save curves as SVG")
    kinds = QCoreApplication.translate("files", "SVG drawings (*.svg)")
    return ask_to_save(parent, title, {kinds: ".svg"}, name=_curves())


def ask_table_to_save(parent: QWidget) -> str:
    """Ask where to save the curves as a table."""
    title = QCoreApplication.translate("files", "Save curves as CSV")
    kinds = QCoreApplication.translate("files", "CSV tables (*.csv)")
    return ask_to_save(parent, title, {kinds: ".csv"}, name=_curves())


def ask_digits_to_import(parent: QWidget) -> str:
    """Ask which file of drawings to take digits from."""
    title = QCoreApplication.translate("files", "Import digits")
    return _ask_to_open(parent, title, _drawings_filter())


def ask_digits_to_export(parent: QWidget) -> str:
    """Ask where to write digits to."""
    title = QCoreApplication.translate("files", "Export digits")
    name = QCoreApplication.translate("files", "digits")
    return ask_to_save(parent, title, _drawings(), (".json",), name=name)


def _ask_to_open(parent: QWidget, title: str, kinds: str) -> str:
    return remember_folder(QFileDialog.getOpenFileName(parent, title, last_folder(), kinds)[0])


def _curves() -> str:
    return QCoreApplication.translate("files", "curves")


def _drawings_filter() -> str:
    return QCoreApplication.translate("files", "Drawings (*.jsonl *.json)")


def _drawings() -> dict[str, str]:
    return {_drawings_filter(): ".jsonl"}
