"""JSON read value by value; only the log of a run's events is still read so."""

import json
from typing import Any

from mnist_gui.engine.io.archive import MOST_NUMBER, UnusableError, is_text


class JsonObject:
    """One object of a JSON text; each method returns the value of a key if it is of its kind.

    They raise UnusableError with a clause that names the file's `part` and the key.
    """

    def __init__(self, part: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise UnusableError(f"its {part} is not an object")
        self._part = part
        self._values: dict[str, Any] = values

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

    def _wrong(self, key: str, wanted: str) -> UnusableError:
        return UnusableError(f"its {self._part}'s {key!r} is not {wanted}")


def parse_json(part: str, content: bytes) -> Any:
    """Return the value of a JSON text, whose objects name each key once; raises UnusableError."""
    try:
        return json.loads(content, parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise UnusableError(f"its {part} is not valid JSON") from error


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)
