"""Judges what reading a file came to: a value, or one sentence, and no harm done."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.words.errors import sentence
from tests.faults.good_files import Files
from tests.faults.readers import Kind
from tests.faults.watching import Watch

_MOST_SECONDS = 20.0
_MOST_SECONDS_TRACED = 80.0
_LONGEST_SENTENCE = 1_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """The sentences, none if all was read, and what was watched meanwhile."""

    sentences: tuple[str, ...]
    watch: Watch


def judge(folder: Path, kind: Kind, *, lines: bool) -> Judgement:
    """Read what lies in the folder; raises what must not be raised, AssertionError for harm."""
    watch = Watch(lines=lines)
    sentences: list[str] = []
    with watch.watching():
        try:
            sentences.extend(kind.read(folder))
        except MnistGuiError as error:
            sentences.append(sentence(error))
    assert_sentences(sentences, folder)
    assert not watch.misdeeds, watch.misdeeds[:3]
    assert watch.peak_megabytes < kind.most_megabytes, f"took {watch.peak_megabytes:.0f} MB"
    most_seconds = _MOST_SECONDS_TRACED if lines else _MOST_SECONDS
    assert watch.seconds < most_seconds, f"took {watch.seconds:.0f} s of the processor"
    return Judgement(tuple(sentences), watch)


def put(folder: Path, files: Files) -> None:
    """Write files into a folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def assert_sentences(sentences: Iterable[str], folder: Path) -> None:
    """Each must say where the fault is: by a path, or by the name of something in the folder."""
    names = {path.name for path in folder.iterdir()}
    for words in sentences:
        assert words.endswith("."), words
        assert words.isprintable(), words
        assert len(words) < _LONGEST_SENTENCE + 3 * len(str(folder)), words[:2_000]
        assert str(folder) in words or any(name in words for name in names), words
