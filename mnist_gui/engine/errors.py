"""What can go wrong in ways a user can mend; each message says what, where, and what to do."""


class MnistGuiError(Exception):
    """A failure to be shown as its one sentence, never as a traceback."""


class DatasetError(MnistGuiError):
    """A data set is missing, damaged or not in MNIST's format."""


class DrawingError(MnistGuiError):
    """A drawing, or a file of drawings, cannot be read."""


class ModelFileError(MnistGuiError):
    """A model file cannot be read or written."""


class RecipeError(MnistGuiError, ValueError):
    """A recipe's value lies outside what training can use."""


class TrainingError(MnistGuiError):
    """A run cannot go on; the weights of its last good snapshot are kept."""


class TensorFlowError(MnistGuiError):
    """TensorFlow is missing or cannot be loaded on this machine."""
