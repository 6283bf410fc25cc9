"""The files that fuzzing has found to reach new code, or to have done harm once: a folder each."""

import re
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from tests.faults.fuzz_targets import TARGETS
from tests.faults.judging import judge
from tests.faults.watching import import_decoders

CORPUS = Path(__file__).parent / "corpus"
_MOST_BYTES = 1_536


def folder_of(name: str) -> Path:
    """Return where the files of a reader are kept."""
    return CORPUS / re.sub(r"\W+", "-", name).lower()


def keep_smallest(name: str, contents: Iterable[bytes]) -> None:
    """Keep the smallest contents that reach each line; those that were kept before stay."""
    folder = folder_of(name)
    folder.mkdir(parents=True, exist_ok=True)
    kept = [path.read_bytes() for path in folder.iterdir()]
    small = sorted((each for each in contents if len(each) <= _MOST_BYTES), key=len)
    for content in _reaching_more(name, [*kept, *small]):
        (folder / sha256(content).hexdigest()[:12]).write_bytes(
            content
        )  # One kept before is as it was.


def _reaching_more(name: str, contents: list[bytes]) -> list[bytes]:
    """Return those that reach lines which none before them, and no good file, has reached."""
    target = TARGETS[name]
    import_decoders()
    reaching = []
    with tempfile.TemporaryDirectory() as place:
        path = target.make(Path(place))
        list(target.kind.read(Path(place)))  # Imports happen now.
        lines = judge(Path(place), target.kind, lines=True).watch.lines
        for content in contents:
            path.write_bytes(content)
            found = judge(Path(place), target.kind, lines=True).watch.lines
            if not found <= lines:
                reaching.append(content)
                lines |= found
    return reaching
