import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_gui.cli.main import parse_arguments, run_command
from tests.engine.pictures.scenes import encoded, page


def run(*arguments: object) -> int:
    """Read with the network that ships."""
    words = ["classify", *arguments]
    return run_command(parse_arguments([str(word) for word in words]))


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.png"
    path.write_bytes(encoded(page(["701", "10"])))
    return path


def test_pictures_are_read_beside_drawings_a_line_for_each_row(
    tmp_path: Path, rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawings = tmp_path / "drawings.jsonl"
    drawings.write_text(json.dumps({"strokes": [[[0.5, 0.1], [0.5, 0.9]]]}))
    assert run(rows, drawings) == 0
    read = [line.split("  ")[:2] for line in capsys.readouterr().out.splitlines()]
    assert read == [[f"{rows}:1", "701"], [f"{rows}:2", "10"], [f"{drawings}:1", "1"]]


def test_a_picture_as_json_has_its_digits_places_and_probabilities(
    rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--json", rows) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["file"], record["rows"]) == (str(rows), ["701", "10"])
    assert [digit["row"] for digit in record["digits"]] == [1, 1, 1, 2, 2]
    first = record["digits"][0]
    left, top, right, bottom = first["box"]
    assert 0 < left < right < 0.5
    assert 0 < top < bottom < 0.5
    assert (first["digit"], len(first["probabilities"])) == (7, 10)


def test_a_picture_that_cannot_be_read_is_named_and_the_others_are_read(
    tmp_path: Path, rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, blank = tmp_path / "broken.png", tmp_path / "blank.png"
    broken.write_bytes(rows.read_bytes()[:60])
    blank.write_bytes(encoded(page(["1"], ink=245)))
    assert run(broken, blank, rows) == 2
    told = capsys.readouterr()
    assert [line.split("  ")[1] for line in told.out.splitlines()] == ["701", "10"]
    errors = told.err.splitlines()
    assert len(errors) == 2
    assert errors[0].startswith(f"mnist-gui: The picture {broken} is broken or cut short")
    assert errors[1].startswith(f"mnist-gui: {blank}: There are no digits")


def test_of_many_files_those_that_cannot_be_read_are_named_and_all_others_are_read(
    tmp_path: Path, rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign, none, some = (tmp_path / name for name in ("notes.md", "none.jsonl", "some.jsonl"))
    foreign.write_text("# Notes\n")
    one = json.dumps({"strokes": [[[0.5, 0.1], [0.5, 0.9]]]})
    some.write_text(f"{one}\n{{}}\n{one}\n")
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    assert run(foreign, none, some, empty, rows) == 2
    told = capsys.readouterr()
    read = [line.split("  ")[:2] for line in told.out.splitlines()]
    assert read == [
        [f"{some}:1", "1"],
        [f"{some}:3", "1"],
        [f"{rows}:1", "701"],
        [f"{rows}:2", "10"],
    ]
    errors = told.err.splitlines()
    assert len(errors) == 4
    assert f"{foreign} is not a file of drawings; choose" in errors[0]
    assert f"{none} cannot be read: there is no such file" in errors[1]
    assert f"{some}, line 2: A drawing must be" in errors[2]
    assert f"{empty} has no drawings in it" in errors[3]


def test_in_a_folder_pictures_and_drawings_are_read_by_their_names(
    tmp_path: Path, rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"strokes": [[[0.5, 0.1], [0.5, 0.9]]]}))
    (tmp_path / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "._rows.png").write_bytes(b"\0\5\x16\7")
    (tmp_path / "inner").mkdir()
    assert run(tmp_path) == 0
    told = capsys.readouterr()
    assert [line.split(":")[0] for line in told.out.splitlines()] == [
        str(tmp_path / "a.jsonl"),
        *[str(rows)] * 2,
    ]
    assert not told.err
    assert run(tmp_path / "inner") == 2
    assert "inner/**/*.png'" in capsys.readouterr().err


def test_a_picture_in_a_folder_that_cannot_be_read_is_named(
    tmp_path: Path, rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = tmp_path / "photo.heic"
    photo.write_bytes(b"\0\0\0\x18ftypheic")
    assert run(tmp_path) == 2
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 2
    assert str(photo) in told.err


def test_a_pattern_that_no_shell_has_expanded_is_expanded(
    tmp_path: Path, rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bracketed = tmp_path / "scan[1].png"
    bracketed.write_bytes(rows.read_bytes())
    assert run(tmp_path / "*.png", bracketed, tmp_path / "*.gif") == 2
    told = capsys.readouterr()
    files = [line.split(".png:")[0] for line in told.out.splitlines()]
    names = ["rows", "rows", *["scan[1]"] * 4]
    assert files == [str(tmp_path / name) for name in names]
    assert told.err.startswith(f"mnist-gui: No file is named like {tmp_path / '*.gif'}; check ")


@pytest.mark.parametrize("name", ["digit", "digit.json", "digit.jsonl", "digit.dat"])
@pytest.mark.parametrize("kind", ["PPM", "ICO", "TGA", "PCX", "JPEG2000", "DDS", "EPS", "SGI"])
def test_what_is_a_picture_is_never_called_json(
    tmp_path: Path, name: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    grey = np.random.default_rng(1).integers(0, 256, (64, 64), np.uint8)
    # Lines that begin as JSON does are met in any picture that is large enough.
    grey[20:24, :2] = (10, 123), (10, 91), (10, 123), (10, 91)
    path = tmp_path / name
    Image.fromarray(grey).convert("RGB" if kind in ("PPM", "EPS") else "L").save(path, kind)
    assert run(path) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert "JSON at" not in said
    assert "is not a picture that can be read" in said or "is not a file of drawings" in said
