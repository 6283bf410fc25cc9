"""Errors that a user can do something about; each message says what, where and what to do."""

import logging


class MnistGuiError(Exception):
    """An error that is shown as its message, one sentence, without a traceback."""


class DatasetError(MnistGuiError):
    """A data set is missing, damaged or not in MNIST's format."""


class DrawingError(MnistGuiError):
    """A drawing, or a file of drawings, cannot be read."""


class ExchangeError(MnistGuiError):
    """A network cannot be exported for other programs, or imported from them."""


class HistoryFileError(MnistGuiError):
    """The curves of a run cannot be written."""


class ModelFileError(MnistGuiError):
    """A model file cannot be read or written."""


class PictureError(MnistGuiError):
    """A picture cannot be read, or shows no digits."""


class RecipeError(MnistGuiError, ValueError):
    """A value of a recipe is outside its bounds."""


class RunStoreError(MnistGuiError):
    """The record of a run cannot be read, written or compared."""


class TrainingError(MnistGuiError):
    """A run failed; the weights of its last good snapshot are saved."""


class DeviceError(MnistGuiError):
    """There is no such processor or GPU on this machine."""


class TensorFlowError(MnistGuiError):
    """TensorFlow is missing or cannot be loaded on this machine."""


def sentence(error: object) -> str:
    """Return the message that a user is shown for an error of this program or any other."""
    if isinstance(error, MnistGuiError):
        return str(error)
    if is_out_of_memory(error):
        return (
            "There is not enough memory: close other programs, or train with a smaller batch size."
        )
    return f"Something unexpected went wrong ({type(error).__name__}: {error})."


def log_exception(error: BaseException) -> None:
    """Log an unexpected error with its traceback; call this once, where it is finally caught."""
    if not isinstance(error, MnistGuiError) and not is_out_of_memory(error):
        logging.getLogger(__name__).error("Unexpected", exc_info=error)


def is_out_of_memory(error: object) -> bool:
    """Return whether the memory of the processor or a GPU was not enough."""
    # By name, because TensorFlow's class for it cannot be used without loading TensorFlow.
    return isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
