"""Hundreds of damaged and hostile files: each gives its value or one sentence, and does no harm.

The files come from seeds, guided by coverage: one that makes a reader run lines that none did
before is damaged further. MNIST_GUI_FUZZ_FILES tells how many of each kind to try, and
MNIST_GUI_FUZZ_SEED with which seed.
"""

import gc
import gzip
import io
import json
import os
import pickle
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from mnist_gui.app import restore_window
from mnist_gui.engine.digits.files import line_error, read_drawings_leniently
from mnist_gui.gui.window.main_window import MainWindow
from mnist_gui.settings import Settings, load_settings, store_settings
from mnist_gui.words.errors import sentence
from tests.faults.good_files import Files, tree
from tests.faults.judging import assert_sentences, judge, put
from tests.faults.mutations import mutated
from tests.faults.readers import KINDS, Kind
from tests.faults.watching import import_decoders

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("MNIST_GUI_FUZZ_SEED", "2024"))
FILES = int(os.environ.get("MNIST_GUI_FUZZ_FILES", "60"))
MOST_GROWTH_MEGABYTES = 200.0


@dataclass(slots=True)
class Tally:
    """What came of the files of one kind."""

    read: int = 0
    refused: int = 0
    lines: set[tuple[str, int]] = field(default_factory=set)
    peak_megabytes: float = 0.0
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.read + self.refused:4} files, {self.refused:3} refused, {self.read:3} read, "
            f"{len(self.lines):4} lines reached, at most {self.peak_megabytes:.1f} MB "
            f"and {self.seconds:.2f} s each"
        )


@pytest.fixture
def _memory() -> Iterator[None]:
    """Let nothing grow beyond a bound, whatever was read."""
    before = _settled_megabytes()
    tracemalloc.start()
    yield
    tracemalloc.stop()
    assert _settled_megabytes() - before < MOST_GROWTH_MEGABYTES


def _settled_megabytes() -> float:
    """Return the resident memory without garbage, which the program collects now and then only."""
    gc.collect()
    psutil.heap_trim()
    return psutil.Process().memory_info().rss / 2**20


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _memory: None) -> Path:
    """A folder to put files into, with something around it that must stay as it is."""
    (tmp_path / "outside").write_text("outside")
    target = tmp_path / "around" / "target"
    target.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "around")
    return target


def try_out(folder: Path, kind: Kind, tally: Tally) -> bool:
    """Read what lies in the folder and watch; return whether it reached new lines."""
    before = tree(folder.parents[1])
    judgement = judge(folder, kind, lines=True)
    assert tree(folder.parents[1]) == before
    watch = judgement.watch
    is_new = not watch.lines <= tally.lines
    tally.lines |= watch.lines
    tally.peak_megabytes = max(tally.peak_megabytes, watch.peak_megabytes)
    tally.seconds = max(tally.seconds, watch.seconds)
    tally.refused += bool(judgement.sentences)
    tally.read += not judgement.sentences
    return is_new


def read_once(folder: Path, kind: Kind, files: Files) -> None:
    """Let imports happen now; and the good files are good."""
    import_decoders()
    put(folder, files)
    assert not list(kind.read(folder))


def fuzz(folder: Path, files: Files, kind: Kind, count: int = FILES) -> Tally:
    """Damage one of the files again and again; what reaches new lines is damaged further."""
    read_once(folder, kind, files)
    tally = Tally()
    corpus = [files]
    for number in range(count):
        random = np.random.default_rng([SEED, number])
        parent = corpus[random.integers(len(corpus))]
        name = sorted(files)[random.integers(len(files))]
        child = parent | {name: mutated(parent[name], random)}
        put(folder, child)
        try:
            is_new = try_out(folder, kind, tally)
        except BaseException as error:
            error.add_note(f"file {number} of seed {SEED}: {name} in {folder}")
            raise
        if is_new:
            corpus.append(child)
    return tally


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_do_no_harm(
    folder: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = fuzz(folder, KINDS[kind].make(folder), KINDS[kind])
    with capsys.disabled():
        print(f"\n{kind:14} {tally}")
    assert tally.refused > FILES / 4


# --- files made to do harm -----------------------------------------------------------------------


class _Trap:
    """Unpickled, it would write a file."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("touch was-executed",)


def _pickle(files: Files) -> Files:
    return dict.fromkeys(files, pickle.dumps(_Trap()))


def _bomb(files: Files) -> Files:
    return dict.fromkeys(files, _gzip_bomb())


def _zip_bomb(files: Files) -> Files:
    return dict.fromkeys(files, _zip_bomb_content())


@cache
def _gzip_bomb() -> bytes:
    return gzip.compress(bytes(100 << 20), 1)


@cache
def _zip_bomb_content() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part in ("network.json", "model.weights.h5", "checkpoint.json", "a.npy"):
            archive.writestr(part, bytes(63 << 20))
    return buffer.getvalue()


def _huge_header(files: Files) -> Files:
    return dict.fromkeys(files, (90 << 20).to_bytes(8, "little") + b"{" + b" " * (90 << 20))


def _nested(files: Files) -> Files:
    return dict.fromkeys(files, b'{"strokes":' + b"[" * 200_000)


def _endless_line(files: Files) -> Files:
    return dict.fromkeys(files, b'{"strokes": "' + b"x" * (20 << 20))


def _empty(files: Files) -> Files:
    return dict.fromkeys(files, b"")


def _binary(files: Files) -> Files:
    return dict.fromkeys(files, bytes(range(256)) * 40)


HARM: dict[str, Callable[[Files], Files]] = {
    "pickles": _pickle,
    "gzip bombs": _bomb,
    "zip bombs": _zip_bomb,
    "huge headers": _huge_header,
    "nested JSON": _nested,
    "endless lines": _endless_line,
    "nothing": _empty,
    "all bytes": _binary,
}


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_files_do_no_harm(
    folder: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = KINDS[kind].make(folder)
    read_once(folder, KINDS[kind], files)
    tally = Tally()
    for harm in HARM.values():
        put(folder, harm(files))
        try_out(folder, KINDS[kind], tally)
    for trick in (_link_outside, _link_to_itself, _pipe, _folder_instead):
        for name in files:
            (folder / name).unlink(missing_ok=True)
            trick(folder / name)
        try_out(folder, KINDS[kind], tally)
        for name in files:
            remove(folder / name)
    with capsys.disabled():
        print(f"\n{kind:14} {tally}")
    assert not Path("was-executed").exists()


def _link_outside(path: Path) -> None:
    path.symlink_to(Path("../outside").resolve())


def _link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _folder_instead(path: Path) -> None:
    path.mkdir()


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink()


# --- settings ------------------------------------------------------------------------------------


def test_damaged_settings_are_forgotten_or_used_and_do_no_harm(
    qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    native, user = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    QSettings.setPath(native, user, str(tmp_path))
    window = MainWindow()
    qtbot.addWidget(window)
    store_settings(Settings(*window.save_state(), "dark", "cnn-best", "RUNS", more_values=True))
    stored = QSettings()
    stored.sync()
    path = Path(stored.fileName())
    assert path.is_relative_to(tmp_path)
    content = path.read_bytes()
    for number in range(FILES):
        path.write_bytes(mutated(content, np.random.default_rng([SEED, number])))
        QSettings().sync()
        assert isinstance(load_settings(), Settings)
        restore_window(window, load_settings())
        assert window.recipe_panel.recipe_name
        assert window.isEnabled()
    assert tree(tmp_path).keys() == {str(path.relative_to(tmp_path))}
    with capsys.disabled():
        print(f"\nsettings       {FILES:4} files")


# --- any JSON ------------------------------------------------------------------------------------

NUMBERS = st.floats(allow_nan=True, allow_infinity=True) | st.integers()
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["strokes", "label", "times", "id"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(st.lists(st.fixed_dictionaries({"strokes": JSON}, optional={"label": JSON}) | JSON))
def test_any_json_is_a_drawing_or_a_sentence(tmp_path: Path, records: list[Any]) -> None:
    path = tmp_path / "any.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records))
    found = read_drawings_leniently(path)
    assert_sentences([sentence(line_error(path, fault)) for fault in found.faults], tmp_path)
    # A single line with a list may be a list of drawings.
    is_list = len(records) == 1 and isinstance(records[0], list)
    most = max(1, len(records[0])) if is_list else len(records)
    assert len(found.drawings) + len(found.faults) <= most
