"""Reads JSON of ours from files that anybody may have changed; what is odd is said in a clause."""

import json
from datetime import UTC, datetime
from typing import Any, TypeGuard

from mnist_gui.engine.files.array_archive import UnusableError

# Above this, Python's whole numbers need not fit into the floats that they are compared with.
MOST_NUMBER = 10**12
# https://learn.microsoft.com/en-us/cpp/c-runtime-library/reference/localtime-localtime32-localtime64
_YEARS = range(1970, 3000)


class NewerError(Exception):
    """A file has something that only a later version of the program knows."""


class JsonObject:
    """One object of a JSON text; each method returns the value of a key if it is of its kind.

    They raise UnusableError with a clause that names the file's `part` and the key.
    """

    def __init__(self, part: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise UnusableError(f"its {part} is not an object")
        self._part = part
        self._values: dict[str, Any] = values

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def check_format(self, newest: int) -> None:
        """Raise NewerError for a format that came later, UnusableError for none."""
        if self.whole("format", least=1) > newest:
            raise NewerError

    def value(self, key: str) -> Any:
        """Return a value of any kind, which must be there."""
        if key not in self._values:
            raise UnusableError(f"its {self._part} lacks {key!r}")
        return self._values[key]

    def text(self, key: str, most: int = 1_000) -> str:
        """Return a line of text."""
        value = self.value(key)
        if not is_text(value) or len(value) > most:
            raise self._wrong(key, "a line of text")
        return value

    def whole(self, key: str, least: int = 0) -> int:
        """Return a whole number."""
        value = self.value(key)
        if type(value) is not int or not least <= value <= MOST_NUMBER:
            raise self._wrong(key, f"a whole number from {least} up")
        return value

    def number(self, key: str, most: float = MOST_NUMBER) -> float:
        """Return a number from 0 to the most as a float."""
        value = self.value(key)
        if type(value) not in (int, float) or not 0 <= value <= most:
            raise self._wrong(key, f"a number from 0 to {most:g}")
        return float(value)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self.value(key)
        if type(value) is not bool:
            raise self._wrong(key, "true or false")
        return value

    def time(self, key: str) -> datetime:
        """Return a moment with its time zone."""
        try:
            return moment(self.text(key))
        except ValueError as error:
            raise self._wrong(key, "a date and time") from error

    def part(self, key: str) -> "JsonObject":
        """Return an object within this one."""
        return JsonObject(f"{self._part}'s {key}", self.value(key))

    def _wrong(self, key: str, wanted: str) -> UnusableError:
        return UnusableError(f"its {self._part}'s {key!r} is not {wanted}")


def parse_json(part: str, content: bytes) -> Any:
    """Return the value of a JSON text, whose objects name each key once; raises UnusableError."""
    try:
        return json.loads(content, parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise UnusableError(f"its {part} is not valid JSON") from error


def moment(text: Any) -> datetime:
    """Return the moment, in UTC, that a text in the form of ISO 8601 names; raises ValueError.

    Refused are years that some system could not show in the user's own time.
    """
    try:
        found = datetime.fromisoformat(text).astimezone(UTC)
    except (TypeError, OverflowError, OSError) as error:
        raise ValueError(f"{text!r:.40} is no moment") from error
    if found.year not in _YEARS:
        raise ValueError(f"the year {found.year} is not of this time")
    return found


def is_text(value: Any) -> TypeGuard[str]:
    """Whether the value is a text in one line."""
    return isinstance(value, str) and value.isprintable()


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)
