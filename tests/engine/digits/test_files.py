"""Files of drawings: both kinds, and what is said of broken ones."""

import contextlib
import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_gui.engine.digits.files import read_drawings, read_drawings_leniently, write_drawings
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.engine.errors import DrawingError
from mnist_gui.words.errors import sentence
from tests.engine.conftest import peak_megabytes
from tests.refusals import refused

SEVEN = LabelledDrawing(Drawing((Stroke([[0.2, 0.2], [0.8, 0.2], [0.4, 0.9]]),)), 7)
UNKNOWN = LabelledDrawing(Drawing((Stroke([[0.5, 0.25]]), Stroke([[0, 0], [1, 1]]))), None)
LINE = b'{"strokes": [[[0.1, 0.2], [0.3, 0.4]]], "label": 7, "writer": 3}'


@pytest.mark.parametrize("name", ["mine.jsonl", "mine.json", "mine.JSON", "mine"])
@pytest.mark.parametrize("drawings", [[], [SEVEN], [SEVEN, UNKNOWN, SEVEN]])
def test_what_is_written_comes_back(
    tmp_path: Path, name: str, drawings: list[LabelledDrawing]
) -> None:
    write_drawings(tmp_path / name, drawings)
    assert read_drawings(tmp_path / name) == drawings


def test_a_json_file_may_hold_one_drawing(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_bytes(b"\xef\xbb\xbf" + LINE)
    [drawing] = read_drawings(tmp_path / "one.json")
    assert drawing.label == 7


def test_empty_lines_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\r\n" + LINE + b"\r\n\r\n" + LINE)
    assert len(read_drawings(tmp_path / "a.jsonl")) == 2


BROKEN = {
    "broken JSON": (LINE[:-1], "not JSON"),
    "no JSON": (b"hello", "not JSON"),
    "not UTF-8": (b'{"strokes": "\xff"}', "UTF-8"),
    "NaN": (LINE.replace(b"0.3", b"NaN"), "NaN is no number"),
    "infinity": (LINE.replace(b"0.3", b"-Infinity"), "-Infinity is no number"),
    "overflow": (LINE.replace(b"0.3", b"1e999"), "not finite"),
    "huge float": (LINE.replace(b"0.3", b"1e39"), "far off"),
    "huge integer": (LINE.replace(b"0.3", b"1" + b"0" * 400), "numbers"),
    "large integer": (LINE.replace(b"0.3", b"-9223372036854775808"), "far off"),
    "endless integer": (LINE.replace(b"0.3", b"1" * 5000), "integer"),
    "text": (LINE.replace(b"0.3", b'"0.3"'), "numbers"),
    "null": (LINE.replace(b"0.3", b"null"), "numbers"),
    "all true": (b'{"strokes": [[[true, false]]]}', "numbers"),
    "three numbers": (LINE.replace(b"[0.3,", b"[0.3, 0.3,"), "pairs"),
    "no strokes": (b'{"strokes": []}', "no strokes"),
    "no points": (b'{"strokes": [[]]}', "at least one"),
    "no list": (b'{"strokes": 3}', "list"),
    "no object": (b"[1]", "object"),
    "label 10": (LINE.replace(b"7", b"10"), "label is 10"),
    "label true": (LINE.replace(b"7", b"true"), "label is True"),
    "nested": (b"[" * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_line_is_named_with_its_fault(tmp_path: Path, case: str) -> None:
    content, problem = BROKEN[case]
    path = tmp_path / "drawings.jsonl"
    path.write_bytes(LINE + b"\n\n" + content + b"\n" + LINE)
    with pytest.raises(DrawingError) as caught:
        read_drawings(path)
    message = sentence(caught.value)
    assert message.startswith(f"{path}, line 3: ")
    assert problem in message
    assert "\n" not in message


def test_the_error_of_a_line_keeps_nothing_of_the_line_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_bytes(b"hello\n" + LINE)
    (fault,) = read_drawings_leniently(path).faults
    assert fault.line == 1
    assert fault.error.__traceback__ is None
    assert fault.error.__context__ is None


def test_a_broken_drawing_of_a_list_is_named(tmp_path: Path) -> None:
    path = tmp_path / "drawings.json"
    path.write_bytes(b"[" + LINE + b',\n{"strokes": []}]')
    with refused(DrawingError, match=r"drawings\.json, drawing 2: The drawing has no"):
        read_drawings(path)


def test_a_broken_json_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "drawings.json"
    path.write_bytes(b"[" + LINE + b"\n" + LINE + b"]")
    with refused(DrawingError, match=r"drawings\.json: This is not JSON at line 2"):
        read_drawings(path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    path.touch()
    # It takes no room on the disk.
    os.truncate(path, (256 << 20) + 1)
    with refused(DrawingError, match=r"large\.jsonl cannot be read: it is larger than 256 MiB"):
        read_drawings(path)


def test_a_line_that_is_too_long_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_bytes(LINE + b"\n" + LINE + b" " * (4 << 20))
    with refused(DrawingError, match=r"long\.jsonl, line 2: This line is too long"):
        read_drawings(path)


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with refused(DrawingError, match=r"none\.jsonl cannot be read: there is no such file"):
        read_drawings(tmp_path / "none.jsonl")
    with refused(DrawingError, match="cannot be read: it is a folder"):
        read_drawings(tmp_path)


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "mine.jsonl"
    write_drawings(path, [SEVEN])
    monkeypatch.setattr(os, "fsync", fill)
    with refused(DrawingError, match=r"written to .*mine\.jsonl: the disk is full"):
        write_drawings(path, [UNKNOWN])
    assert read_drawings(path) == [SEVEN]
    assert list(tmp_path.iterdir()) == [path]


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(["m.json", "m.jsonl"]),
    changes=st.lists(st.tuples(st.integers(0, 63), st.integers(0, 255)), max_size=4),
    end=st.none() | st.integers(0, 63),
)
def test_mutated_files_raise_nothing_but_drawing_errors(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    changes: list[tuple[int, int]],
    end: int | None,
) -> None:
    content = bytearray(LINE)
    for at, value in changes:
        content[at] = value
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content[:end])
    with contextlib.suppress(DrawingError):
        assert len(read_drawings(path)) <= len(changes) + 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(strokes=json_values, label=json_values)
def test_any_value_is_taken_or_refused(
    tmp_path_factory: pytest.TempPathFactory, strokes: object, label: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps({"strokes": [strokes], "label": label}))
    with contextlib.suppress(DrawingError):
        assert read_drawings(path)[0].drawing


@pytest.mark.parametrize(
    "label", ["x" * 100_000, [[]] * 1_000, 10**4_000], ids=["text", "lists", "number"]
)
def test_what_is_said_of_a_label_is_short(tmp_path: Path, label: object) -> None:
    path = tmp_path / "label.jsonl"
    path.write_text(json.dumps({"strokes": [[[0, 0]]], "label": label}))
    with refused(DrawingError, match="it must be a digit") as caught:
        read_drawings(path)
    assert len(sentence(caught.value)) < 200 + len(str(path))


@pytest.mark.parametrize(
    ("name", "content"),
    [("many.jsonl", b"\n" * 250_001), ("many.json", b"[" + b"1," * 250_000 + b"1]")],
    ids=["lines", "json"],
)
def test_more_drawings_than_fit_into_memory_are_refused(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with refused(DrawingError, match=r"cannot be read: it has more than 250,000 .*; split it up"):
        read_drawings(tmp_path / name)


def test_a_drawing_of_far_too_many_points_is_not_taken_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "jumping.jsonl"
    jumps = ",".join(["[0,0],[1,1]"] * 165_000)
    path.write_text(f'{{"strokes": [[[0, 0]]]}}\n{{"strokes": [[{jumps}]]}}\n')

    def read() -> None:
        with refused(DrawingError, match="line 2: The drawing has more than 100,000 points"):
            read_drawings(path)

    assert peak_megabytes(read) < 10
