"""What a user calls a run, and the JSON that keeps it."""

import json
import unicodedata
from dataclasses import asdict, dataclass

from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.files.array_archive import UnusableError
from mnist_gui.engine.files.strict_json import JsonObject, parse_json

MOST_NAME = 100
MOST_NOTE = 2_000
# Okabe and Ito's colours, told apart by all eyes; a curve's own colour is none of them.
COLOURS = ("", "orange", "sky-blue", "green", "yellow", "blue", "vermilion", "purple")
_FORMAT = 1
# Control characters, halves of characters, and the ends of lines and paragraphs.
_NO_TEXT = frozenset(("Cc", "Cs", "Zl", "Zp"))


@dataclass(frozen=True, slots=True)
class RunLabels:
    """A name, "" for that of the recipe; one of COLOURS; whether it is pinned; a note.

    Raises RunRecordError for what is too long or unknown.
    """

    name: str = ""
    colour: str = ""
    is_pinned: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        """Let nothing in that could not be read again."""
        if len(self.name) > MOST_NAME:
            raise RunRecordError(
                f"A run's name has at most {MOST_NAME} letters; choose a shorter one."
            )
        if _has_controls(self.name):
            raise RunRecordError("A run's name is one line of text; leave out control characters.")
        if self.colour not in COLOURS:
            raise RunRecordError(
                f"There is no colour {self.colour[:40]!r} for runs; "
                f"choose one of {', '.join(COLOURS[1:])}."
            )
        if len(self.note) > MOST_NOTE:
            raise RunRecordError(f"A run's note has at most {MOST_NOTE:,} letters; shorten it.")
        if _has_controls(self.note.replace("\t", " ").replace("\n", " ")):
            raise RunRecordError("A run's note is plain text; leave out control characters.")


def _has_controls(text: str) -> bool:
    """Whether there is in it what is no letter, sign or space, and not what joins them either."""
    return any(unicodedata.category(letter) in _NO_TEXT for letter in text)


def format_labels(labels: RunLabels) -> bytes:
    """Return the JSON that `parse_labels` reads."""
    return json.dumps({"format": _FORMAT, **asdict(labels)}, indent=2).encode()


def parse_labels(content: bytes) -> RunLabels:
    """Read labels; raises UnusableError, NewerError and RunRecordError."""
    found = JsonObject("labels.json", parse_json("labels.json", content))
    found.check_format(_FORMAT)
    name, note = found.value("name"), found.value("note")
    if not (isinstance(name, str) and isinstance(note, str)):
        raise UnusableError("its labels.json's name and note are not both texts")
    return RunLabels(name, found.text("colour"), found.flag("is_pinned"), note)
