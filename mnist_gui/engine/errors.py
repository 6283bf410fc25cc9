"""What can go wrong in ways a user can mend; each message says what, where, and what to do."""

import logging


class MnistGuiError(Exception):
    """A failure to be shown as its one sentence, never as a traceback."""


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
    """A recipe's value lies outside what training can use."""


class RunStoreError(MnistGuiError):
    """The record of a run cannot be read, written or compared."""


class TrainingError(MnistGuiError):
    """A run cannot go on; the weights of its last good snapshot are kept."""


class DeviceError(MnistGuiError):
    """There is no such processor or GPU on this machine."""


class TensorFlowError(MnistGuiError):
    """TensorFlow is missing or cannot be loaded on this machine."""


def sentence(error: object) -> str:
    """Return what to tell a user of an error, ours or not."""
    if isinstance(error, MnistGuiError):
        return str(error)
    if is_out_of_memory(error):
        return (
            "There is not enough memory: close other programs, or train with a smaller batch size."
        )
    return f"Something unexpected went wrong ({type(error).__name__}: {error})."


def log_unexpected(error: BaseException) -> None:
    """Log an error that nobody has thought of, with its traceback; a sentence says all of others.

    To be called once, where the error is caught for good.
    """
    if not isinstance(error, MnistGuiError) and not is_out_of_memory(error):
        logging.getLogger(__name__).error("Unexpected", exc_info=error)


def is_out_of_memory(error: object) -> bool:
    """Whether the memory, the processor's or a GPU's, did not suffice."""
    # TensorFlow's own class for it cannot be named without loading TensorFlow.
    return isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
