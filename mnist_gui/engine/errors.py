"""Errors that a user can do something about: named problems with their facts, not yet worded."""

from typing import Any, Self


class MnistGuiError(Exception):
    """A problem of a known name, which `mnist_gui.words` turns into one sentence.

    The facts fill the gaps of that sentence. One of them may be an error itself: the reason.
    """

    def __init__(self, problem: str, /, **facts: object) -> None:
        super().__init__(problem, facts)
        self.problem = problem
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.problem} {self.facts}" if self.facts else self.problem

    def __reduce__(self) -> tuple[Any, ...]:
        """Let other processes get it with its facts."""
        return _restored, (type(self), self.problem, self.facts)

    def as_json(self) -> dict[str, object]:
        """Return the problem and its facts as JSON values: numbers stay, all else becomes text."""
        return {"problem": self.problem} | {k: _as_json(v) for k, v in self.facts.items()}

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Self:
        """Return the error that `as_json` wrote; a reason comes back as a plain MnistGuiError."""
        facts = {
            name: MnistGuiError.from_json(fact) if isinstance(fact, dict) else fact
            for name, fact in record.items()
        }
        return cls(str(facts.pop("problem", "")), **facts)


class DatasetError(MnistGuiError):
    """A data set is missing, damaged or not in MNIST's format."""


class DrawingError(MnistGuiError):
    """A drawing, or a file of drawings, cannot be read."""


class ExchangeError(MnistGuiError):
    """A network cannot be exported for other programs, or imported from them."""


class FileFormatError(MnistGuiError):
    """A file cannot be used; its problem is a clause for a sentence that names the file."""


class NewerVersionError(MnistGuiError):
    """A file needs a newer version of the program."""


class HistoryFileError(MnistGuiError):
    """The curves of a run cannot be written."""


class ModelFileError(MnistGuiError):
    """A model file cannot be read or written."""


class PictureError(MnistGuiError):
    """A picture cannot be read, or shows no digits."""


class RecipeError(MnistGuiError, ValueError):
    """A value of a recipe is outside its bounds."""


class ReportFileError(MnistGuiError):
    """A report cannot be written."""


class RunStoreError(MnistGuiError):
    """The record of a run cannot be read, written or compared."""


class SweepError(MnistGuiError):
    """A sweep cannot be trained in the way that was asked for."""


class TrainingError(MnistGuiError):
    """A run failed; the weights of its last good snapshot are saved."""


class DeviceError(MnistGuiError):
    """There is no such processor or GPU on this machine."""


class TensorFlowError(MnistGuiError):
    """TensorFlow is missing or cannot be loaded on this machine."""


def as_problem(error: object) -> MnistGuiError:
    """Return an error as a problem with a name; one that was not foreseen is "unexpected"."""
    if isinstance(error, MnistGuiError):
        return error
    if is_out_of_memory(error):
        return MnistGuiError("out-of-memory")
    if isinstance(error, OSError) and error.filename is not None:
        return MnistGuiError("file-unusable", path=error.filename, reason=error)
    return MnistGuiError("unexpected", kind=type(error).__name__, text=str(error))


def _restored(kind: type[MnistGuiError], problem: str, facts: dict[str, object]) -> MnistGuiError:
    return kind(problem, **facts)


def _as_json(fact: object) -> object:
    match fact:
        case MnistGuiError():
            return fact.as_json()
        case OSError():
            return {
                "problem": "os-error",
                "code": fact.errno or 0,
                "text": fact.strerror or str(fact),
            }
        case int() | float() | str():
            return fact
        case list() | tuple():
            return [_as_json(part) for part in fact]
    return str(fact)


def log_exception(error: BaseException) -> None:
    """Log an unexpected error with its traceback; call this once, where it is finally caught."""
    if not isinstance(error, MnistGuiError) and not is_out_of_memory(error):
        import logging

        logging.getLogger(__name__).error("Unexpected", exc_info=error)


def is_out_of_memory(error: object) -> bool:
    """Return whether the memory of the processor or a GPU was not enough."""
    # By name, because TensorFlow's class for it cannot be used without loading TensorFlow.
    return isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
