"""File dialogs, questions and message boxes."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSettings, QSize, QStandardPaths, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QInputDialog,
    QLabel,
    QMessageBox,
    QWidget,
)

from mnist_gui.engine.drawing import DRAWING_SUFFIXES
from mnist_gui.engine.io.patience import answer_in_time
from mnist_gui.engine.pictures.result import SUFFIXES
from mnist_gui.gui.common.qt import SteadyScrollArea, column, named

_KEY = "files/folder"
_LETTERS_IN_LINE = 56
_ROUND_TEXT = 40
# A disk may be good and answer late, as while TensorFlow loads.
_LONGEST_ANSWER_SECONDS = 0.5
NETWORK_SUFFIX = ".mnistgui"
_READ = (NETWORK_SUFFIX, ".keras", ".h5", ".hdf5", ".npz", ".safetensors", ".onnx")
# Not read, but it is told what can be.
_NOT_READ = (".joblib", ".pickle", ".pkl", ".pt", ".pth", ".tflite")
OPENED_SUFFIXES = _READ + _NOT_READ
"""How the names of files end that may hold a network."""


def last_folder() -> str:
    """Return the folder of the last file, at first the user's documents, or what is there."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return _first_there(str(QSettings().value(_KEY) or ""), documents)


def _first_there(*folders: str) -> str:
    """Return the first of these folders that is there, on a disk that answers; else the home."""
    # A dialog takes the name of a folder that is not there for the name of a file.
    home = str(Path.home())
    there = (folder for folder in folders if folder and Path(folder).is_dir())
    return answer_in_time(lambda: next(there, home), home, _LONGEST_ANSWER_SECONDS)


def remember_folder(path: str) -> str:
    """Start in this file's folder next time; return the path, which may be ""."""
    if path:
        QSettings().setValue(_KEY, str(Path(path).parent))
    return path


def ask_to_save(
    parent: QWidget,
    title: str,
    kinds: Mapping[str, str],
    others: tuple[str, ...] = (),
    *,
    name: str = "",
    confirms: bool = True,
) -> str:
    """Ask for a file to save to; return its path, "" if the user cancels.

    `kinds` maps name filters to the suffix that is added to names without a known one; `others`
    are known too. `name` is proposed. Replacing a file is confirmed unless `confirms` is false.
    """
    dialog = QFileDialog(parent, title, last_folder())
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    # Not all desktops' dialogs ask about the name that has been completed.
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.setNameFilters(list(kinds))
    dialog.selectFile(name)
    known = (*kinds.values(), *others)
    path = ""
    while not path and dialog.exec():
        chosen = dialog.selectedFiles()[0]
        suffix = "" if chosen.lower().endswith(known) else kinds[dialog.selectedNameFilter()]
        path = chosen + suffix
        if confirms and not _may_write(parent, path):
            path = ""
    dialog.deleteLater()
    return remember_folder(path)


def exists(path: str) -> bool | None:
    """Return whether a file is there, None if its disk does not say so in time."""
    return answer_in_time(Path(path).exists, None, _LONGEST_ANSWER_SECONDS)


def _may_write(parent: QWidget, path: str) -> bool:
    match exists(path):
        case False:
            return True
        case True:
            title = QCoreApplication.translate("files", "The file already exists")
            text = QCoreApplication.translate("files", "{path} already exists. Replace it?")
        case None:
            title = QCoreApplication.translate("files", "The file may already exist")
            text = QCoreApplication.translate(
                "files",
                "It cannot be seen whether {path} exists. Save there, and replace it if it does?",
            )
    answer = QMessageBox.question(parent, title, text.format(path=path))
    return answer is QMessageBox.StandardButton.Yes


def ask_network_to_open(parent: QWidget) -> str:
    """Ask which network file to open."""
    title = QCoreApplication.translate("files", "Open network")
    kinds = QCoreApplication.translate("files", "Networks ({endings})")
    endings = " ".join(f"*{suffix}" for suffix in _READ)
    return _ask_to_open(parent, title, kinds.format(endings=endings))


def ask_images_of_network(
    parent: QWidget, choices: Sequence[str], current: int, then: Callable[[int], object]
) -> None:
    """Ask what images a network was trained on; `then` gets the place of the choice, if any."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(QCoreApplication.translate("files", "Images of the network"))
    dialog.setLabelText(QCoreApplication.translate("files", "It was trained on"))
    dialog.setComboBoxItems(choices)
    dialog.setTextValue(choices[current])
    dialog.textValueSelected.connect(lambda text: then(choices.index(text)))
    # Not `exec`, which would still be waiting when the window behind it goes.
    dialog.open()


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
        QCoreApplication.translate("files", "Keras models (*.keras)"): ".keras",
        QCoreApplication.translate("files", "TensorFlow Lite models (*.tflite)"): ".tflite",
        QCoreApplication.translate("files", "Weights for NumPy (*.npz)"): ".npz",
    }
    return ask_to_save(parent, title, kinds, name=name)


def ask_drawings_to_open(parent: QWidget) -> str:
    """Ask which file of drawings to open."""
    title = QCoreApplication.translate("files", "Open drawings")
    return _ask_to_open(parent, title, _all_drawings_filter())


def ask_drawing_to_save(parent: QWidget) -> str:
    """Ask where to save the drawing; a file that is there is not asked about here."""
    title = QCoreApplication.translate("files", "Save drawing")
    name = QCoreApplication.translate("files", "drawing")
    return ask_to_save(parent, title, _drawings(), (".json",), name=name, confirms=False)


def ask_drawn_picture_to_save(parent: QWidget) -> str:
    """Ask where to save a picture of the drawing."""
    title = QCoreApplication.translate("files", "Save drawing as picture")
    kinds = QCoreApplication.translate("files", "PNG pictures (*.png)")
    name = QCoreApplication.translate("files", "drawing")
    return ask_to_save(parent, title, {kinds: ".png"}, name=name)


def ask_dataset_to_open(parent: QWidget) -> str:
    """Ask which file holds a data set, or is one of its files."""
    from mnist_gui.engine.data.kinds import OPENED_SUFFIXES

    title = QCoreApplication.translate("files", "Open data set")
    kinds = QCoreApplication.translate("files", "Data sets ({endings})")
    endings = " ".join(f"*{suffix}" for suffix in OPENED_SUFFIXES)
    every = QCoreApplication.translate("files", "All files (*)")
    return _ask_to_open(parent, title, f"{kinds.format(endings=endings)};;{every}")


def ask_dataset_folder(parent: QWidget) -> str:
    """Ask for a folder with a data set."""
    title = QCoreApplication.translate("files", "Open data set in a folder")
    return remember_folder(QFileDialog.getExistingDirectory(parent, title, last_folder()))


def ask_picture_to_open(parent: QWidget) -> str:
    """Ask which picture to open."""
    title = QCoreApplication.translate("files", "Open picture")
    kinds = QCoreApplication.translate("files", "Pictures ({suffixes})")

    suffixes = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in SUFFIXES)
    return _ask_to_open(parent, title, kinds.format(suffixes=suffixes))


def ask_runs_folder(parent: QWidget, now: str) -> str:
    """Ask in which folder to save runs; `now` is the present one."""
    title = QCoreApplication.translate("files", "Keep runs in this folder")
    return QFileDialog.getExistingDirectory(parent, title, _first_there(now))


def ask_picture_to_save(parent: QWidget) -> str:
    """Ask where to save a picture of the curves."""
    title = QCoreApplication.translate("files", "Save curves as picture")
    kinds = QCoreApplication.translate("files", "PNG pictures (*.png)")
    return ask_to_save(parent, title, {kinds: ".png"}, name=_curves())


def ask_svg_to_save(parent: QWidget) -> str:
    """Ask where to save the curves as SVG."""
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
    return _ask_to_open(parent, title, _all_drawings_filter())


def ask_digits_to_export(parent: QWidget) -> str:
    """Ask where to write digits to."""
    title = QCoreApplication.translate("files", "Export digits")
    name = QCoreApplication.translate("files", "digits")
    return ask_to_save(parent, title, _drawings(), (".json",), name=name)


def _ask_to_open(parent: QWidget, title: str, kinds: str) -> str:
    return remember_folder(QFileDialog.getOpenFileName(parent, title, last_folder(), kinds)[0])


def _curves() -> str:
    return QCoreApplication.translate("files", "curves")


def _all_drawings_filter() -> str:
    """Offer what may hold drawings, also of other programs, and then all files."""
    kinds = QCoreApplication.translate("files", "Drawings ({endings})")
    endings = " ".join(f"*{suffix}" for suffix in DRAWING_SUFFIXES)
    return ";;".join(
        (kinds.format(endings=endings), QCoreApplication.translate("files", "All files (*)"))
    )


def _drawings() -> dict[str, str]:
    return {QCoreApplication.translate("files", "Drawings (*.jsonl *.json)"): ".jsonl"}


def show_warning(parent: QWidget, title: str, sentence: str) -> None:
    """Show what went wrong, as plain text: a file's name is no markup."""
    _open(_plain_box(QMessageBox.Icon.Warning, parent, title, sentence, "error_box"))


def show_offer(
    parent: QWidget, title: str, sentence: str, offer: str, accept: Callable[[], None]
) -> None:
    """Show what went wrong, with a button for what can be done about it at once."""
    box = _plain_box(QMessageBox.Icon.Warning, parent, title, sentence, "offer_box")
    box.addButton(offer, QMessageBox.ButtonRole.AcceptRole).clicked.connect(accept)
    box.addButton(QMessageBox.StandardButton.Close)
    _open(box)


def show_choice(
    parent: QWidget, title: str, question: str, choices: Mapping[str, Callable[[], None]]
) -> None:
    """Ask a question with an answer on each button; closing the box does nothing."""
    box = _plain_box(QMessageBox.Icon.Question, parent, title, question, "choice_box")
    for text, accept in choices.items():
        box.addButton(text, QMessageBox.ButtonRole.AcceptRole).clicked.connect(accept)
    box.addButton(QMessageBox.StandardButton.Cancel)
    _open(box)


def show_text(parent: QWidget, title: str, text: str) -> None:
    """Show a text of the program, which may have markup; it scrolls where it is too long."""
    box = named(QDialog(parent, windowTitle=title), "text_box")
    label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.RichText)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok)
    buttons.accepted.connect(box.accept)
    column((SteadyScrollArea(label), 1), buttons, parent=box, spacing=12, margins=None)
    # A picture in it may be wider than its lines should be.
    letters = _LETTERS_IN_LINE * label.fontMetrics().averageCharWidth()
    width = max(letters, label.minimumSizeHint().width())
    height = label.heightForWidth(width) + buttons.sizeHint().height() + _ROUND_TEXT
    box.resize(QSize(width + _ROUND_TEXT, height).boundedTo(box.screen().availableSize() * 0.9))
    _open(box)


def _plain_box(
    icon: QMessageBox.Icon, parent: QWidget, title: str, text: str, object_name: str
) -> QMessageBox:
    box = named(QMessageBox(icon, title, text, parent=parent), object_name)
    box.setTextFormat(Qt.TextFormat.PlainText)
    return box


def _open(box: QDialog) -> None:
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    # Not exec(): its event loop would let slots run within slots.
    box.open()
