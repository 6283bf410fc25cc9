"""`predict.py`: one file that makes the very images that the canvas makes, and reads them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke, format_drawing, parse_drawing
from mnist_gui.engine.exchange import predict
from mnist_gui.engine.exchange.export_process import reading_network, write_network
from mnist_gui.engine.preprocessing import preprocess
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.synthetic.generate import draw
from mnist_gui.engine.synthetic.styles import DIGIT_STYLES
from mnist_gui.screenshot import draw_three
from tests.engine.exchange.conftest import random_snapshot

SCRIPT = Path(predict.__file__)
COORDINATES = st.floats(-1.5, 2.5, width=32)
STROKES = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=12)


def strokes_of(drawing: Drawing) -> list[list[list[float]]]:
    return [stroke.points.tolist() for stroke in drawing.strokes]


def test_it_makes_the_images_of_our_preprocessing_of_all_pen_styles() -> None:
    drawings = draw([*DIGIT_STYLES, *DIGIT_STYLES], np.random.default_rng(8))
    for drawing in [draw_three(), *drawings]:
        np.testing.assert_array_equal(predict.preprocess(strokes_of(drawing)), preprocess(drawing))


@settings(max_examples=60, deadline=None)
@given(st.lists(STROKES, max_size=4))
@example([])
@example([[(0.5, 0.5)]])
@example([[(0.5, 0.5)] * 3])
@example([[(1e6, -1e6), (-1e6, 1e6)]])
@example([[(place / 700, (place % 3) / 10_000) for place in range(700)]])
def test_it_makes_the_images_of_our_preprocessing_of_any_strokes(
    strokes: list[list[tuple[float, float]]],
) -> None:
    drawing = Drawing(tuple(map(Stroke, strokes)))
    np.testing.assert_array_equal(predict.preprocess(strokes), preprocess(drawing))


@pytest.mark.parametrize("network", ARCHITECTURES)
def test_it_computes_each_network_with_numpy_alone(tmp_path: Path, network: str) -> None:
    given = random_snapshot(network)
    write_network(tmp_path / "net.npz", given)
    images = np.random.default_rng(1).random((4, 28, 28, 1), np.float32)
    ours = np.asarray(reading_network(given)(images, training=False))
    read = predict.open_network(tmp_path / "net.npz")
    np.testing.assert_allclose(read(images), ours, atol=1e-5)


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a copy of the script where nothing of ours can be imported."""
    (folder / "predict.py").write_bytes(SCRIPT.read_bytes())
    command = [sys.executable, "-I", "predict.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path, softmax: Snapshot) -> Path:
    """A folder with plain weights, drawings and a picture."""
    write_network(tmp_path / "net.npz", softmax)
    line = format_drawing(LabelledDrawing(draw_three(), 3))
    (tmp_path / "drawings.jsonl").write_text(f"{line}\n\n{line}\n")
    as_written = parse_drawing(json.loads(line)).drawing
    Image.fromarray(preprocess(as_written)).save(tmp_path / "three.png")
    return tmp_path


def test_it_reads_drawings_and_pictures_alike(folder: Path) -> None:
    finished = run(folder, "net.npz", "drawings.jsonl", "three.png", "--json")
    assert not finished.stderr
    lines = [json.loads(line) for line in finished.stdout.splitlines()]
    assert [(line["file"], line["drawing"]) for line in lines] == [
        ("drawings.jsonl", 1),
        ("drawings.jsonl", 2),
        ("three.png", 1),
    ]
    assert lines[0]["probabilities"] == pytest.approx(lines[2]["probabilities"], abs=1e-6)
    assert sum(lines[0]["probabilities"]) == pytest.approx(1)
    assert lines[0]["probability"] == max(lines[0]["probabilities"])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("net.npz", "hello", "predict.py: "),
        ("net.onnx", "hello", "none of .npz, .keras, .tflite"),
        ("drawings.jsonl", "", "has no drawing"),
        ("drawings.jsonl", "hello", "predict.py: "),
        ("drawings.jsonl", "[1]", "predict.py: "),
    ],
)
def test_what_it_cannot_read_is_one_sentence(
    folder: Path, name: str, content: str, words: str
) -> None:
    (folder / name).write_text(content)
    network = name if name.startswith("net") else "net.npz"
    finished = run(folder, network, "drawings.jsonl")
    assert finished.returncode == 1
    assert words in finished.stderr
    assert len(finished.stderr.splitlines()) == 1
