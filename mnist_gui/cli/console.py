"""Standard output, standard error and Ctrl-C, made ready before anything else is imported.

Whatever happens to them, the program ends with a sentence or silently, never with a traceback.
Little is imported here: until Ctrl-C is taken care of, it would end in one.
"""

import atexit
import io
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any, BinaryIO

INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells have it."""


def prepare_streams() -> None:
    """Let both streams replace what their encoding cannot show, and lose what nobody can be told.

    A stream that is closed becomes one that keeps nothing: otherwise a file that is opened later
    would get its number, and with it what is printed.
    """
    if beneath := _beneath(sys.stdout, 1):
        is_terminal = beneath[0].isatty()
        sys.stdout = _Output(*beneath, errors="replace", line_buffering=is_terminal)
    if beneath := _beneath(sys.stderr, 2):
        sys.stderr = _Complaints(*beneath, errors="backslashreplace", line_buffering=True)


def _beneath(stream: object, number: int) -> "tuple[BinaryIO, str] | None":
    """Return where a stream's text goes as bytes, and in what encoding; None if it is no file."""
    if isinstance(stream, io.TextIOWrapper):
        # Python keeps the stream itself, so this stays open.
        return stream.buffer, stream.encoding
    return (_nowhere(number), "utf-8") if stream is None else None


def _nowhere(number: int) -> "BinaryIO":
    file = os.open(os.devnull, os.O_WRONLY)
    if sys.platform != "win32" and file != number:
        # On Windows a window without a console has no such numbers.
        os.dup2(file, number)
        os.close(file)
        file = number
    return open(file, "wb", closefd=False)


class _Output(io.TextIOWrapper):
    """Standard output: remembers an error, which others may hide, when it is full or closed."""

    error: OSError | None = None

    def write(self, text: str, /) -> int:
        """Write a text; raises OSError."""
        try:
            return super().write(text)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        """Write out what is kept back; raises OSError."""
        try:
            super().flush()
        except OSError as error:
            self.error = error
            raise


class _Complaints(io.TextIOWrapper):
    """Standard error: if it is full or closed, what is said is lost and the work goes on."""

    def write(self, text: str, /) -> int:
        """Write a text, if that can be."""
        try:
            return super().write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        """Write out what is kept back, if that can be."""
        try:  # noqa: SIM105 - contextlib would have to be imported
            super().flush()
        except OSError:
            pass


def output_error() -> OSError | None:
    """Write out what was printed; return why that cannot be, if so."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return error
    return sys.stdout.error if isinstance(sys.stdout, _Output) else None


def discard_output() -> None:
    """Lose what was printed and cannot be written, so that Python does not try again at its end."""
    try:  # noqa: SIM105 - contextlib would have to be imported
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError:
        pass


# --- Ctrl-C ----------------------------------------------------------------------------------


def end_at_interrupt() -> None:
    """From now on Ctrl-C ends the program at once: nothing is begun yet, or all is done."""
    sys.unraisablehook = _take_unraisable
    signal.signal(signal.SIGINT, _end)
    # When Python takes itself apart, it would end by the signal, whatever its status.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)


def raise_at_interrupt() -> None:
    """From now on the first Ctrl-C raises KeyboardInterrupt, so that all is put in order.

    While that is done, another one ends the program at once.
    """
    signal.signal(signal.SIGINT, raise_once)


def raise_once(_number: int, _frame: "FrameType | None") -> None:
    """Serve as the handler of a signal: raise KeyboardInterrupt, and end the program next time."""
    signal.signal(signal.SIGINT, _end)
    raise KeyboardInterrupt


def _end(_number: int, _frame: "FrameType | None") -> None:
    os._exit(INTERRUPTED)


def _take_unraisable(
    unraisable: "sys.UnraisableHookArgs",
    otherwise: "Callable[[sys.UnraisableHookArgs], Any]" = sys.__unraisablehook__,
) -> None:
    """End the program where a KeyboardInterrupt would only be printed, and forgotten."""
    if isinstance(unraisable.exc_value, KeyboardInterrupt):
        os._exit(INTERRUPTED)
    otherwise(unraisable)
