import json
from pathlib import Path

import pytest

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
