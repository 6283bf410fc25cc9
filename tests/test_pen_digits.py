"""The converter of pen strokes: labels, and y turned to point down."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.pen_digits import main, read_unipen
from mnist_gui.engine.digits.files import read_drawings

SAMPLE = """.INCLUDE        dene.doc
.LEXICON "0" "1"
.HIERARCHY      DIGIT

.SEGMENT DIGIT    0 ? "8"
.COMMENT 8 12  224
.PEN_DOWN
 250  500
 0  0
.PEN_UP
.DT 144
.PEN_DOWN
 500  125
.PEN_UP
.SEGMENT DIGIT    1 ? "1"
.COMMENT 1 13  225
.PEN_DOWN
 100  100
.PEN_UP
"""


def test_digits_come_with_label_writer_and_strokes() -> None:
    assert list(read_unipen(SAMPLE.splitlines())) == [
        {
            "label": 8,
            "writer": 12,
            "instance": 224,
            "strokes": [[[0.5, 0.0], [0.0, 1.0]], [[1.0, 0.75]]],
        },
        {"label": 1, "writer": 13, "instance": 225, "strokes": [[[0.2, 0.8]]]},
    ]


def test_the_written_file_is_one_of_drawings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "digits.tra", tmp_path / "digits.jsonl"
    source.write_text(SAMPLE)
    monkeypatch.setattr(sys, "argv", ["pen_digits.py", str(source), str(target)])
    main()
    assert [drawing.label for drawing in read_drawings(target)] == [8, 1]
    assert json.loads(target.read_text().splitlines()[0])["writer"] == 12
    assert "2 digits" in capsys.readouterr().out
