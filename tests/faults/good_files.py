"""Good files of every kind that the program reads, made by the program as a rule."""

import gzip
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from PIL import Image
from safetensors.numpy import save_file

from mnist_gui.engine.dataset import Dataset, LabelledImages, load_dataset
from mnist_gui.engine.digits.model import DigitsChange, SavedPrediction
from mnist_gui.engine.digits.store import UserDigitStore
from mnist_gui.engine.drawing import LabelledDrawing, format_drawing
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.engine.recipe import usual_recipe
from mnist_gui.engine.runs.run_folder import CHECKPOINT, write_checkpoint
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from mnist_gui.engine.training.label_errors import OutOfFoldReader
from mnist_gui.screenshot import draw_three
from tests.engine.conftest import write_dataset
from tests.engine.data.conftest import (
    KAGGLE_NAMES,
    halves,
    npz,
    pictures_by_label,
    table,
    write_tar,
    write_zip,
)
from tests.engine.exchange import onnx_writer
from tests.engine.exchange.conftest import keras_names, write_hdf5
from tests.engine.pictures.scenes import encoded, page
from tests.engine.runs.conftest import checkpoint_at, record, whole_run

_MODEL = {
    "class_name": "Sequential",
    "config": {
        "layers": [
            {"class_name": "Rescaling", "config": {"scale": 2.0, "offset": -1.0}},
            {"class_name": "Flatten", "config": {}},
            {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}},
        ]
    },
}
_OTHER_LAYERS = "conv5x2-stride2-tanh-avgpool dense3-norm-leaky0.3"
_OTHER_MODEL = {
    "class_name": "Sequential",
    "config": {
        "layers": [
            {
                "class_name": "Conv2D",
                "config": {
                    "filters": 2,
                    "kernel_size": [5, 5],
                    "strides": [2, 2],
                    "padding": "valid",
                    "activation": "tanh",
                },
            },
            {"class_name": "AveragePooling2D", "config": {"pool_size": [2, 2]}},
            {"class_name": "Flatten", "config": {}},
            {"class_name": "Dense", "config": {"units": 3}},
            {"class_name": "BatchNormalization", "config": {"epsilon": 1e-5}},
            {"class_name": "LeakyReLU", "config": {"negative_slope": 0.3}},
            {"class_name": "Dense", "config": {"units": 10}},
        ]
    },
}

Files = dict[str, bytes]
"""The contents of files by their names."""


def tree(folder: Path) -> Files:
    """Return all files below a folder with their contents."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def zeros(network: str = "softmax") -> Snapshot:
    """A network that takes no room once it is packed."""
    recipe = usual_recipe(network)
    shapes = recipe.architecture.weight_shapes
    return Snapshot(recipe, 7, {name: np.zeros(shape, "<f4") for name, shape in shapes.items()})


def own_network(folder: Path) -> Files:
    save_snapshot(folder / "net.mnistgui", zeros())
    return tree(folder)


def plain_weights(folder: Path) -> Files:
    np.savez(folder / "net.npz", **zeros().weights)  # type: ignore[arg-type]
    return tree(folder)


def named_weights() -> Iterator[bytes]:
    """Yield plain weights that name their layers."""
    buffer = BytesIO()
    weights: dict[str, Any] = dict(zeros(_OTHER_LAYERS).weights)
    np.savez(buffer, network=np.array(_OTHER_LAYERS), **weights)
    yield buffer.getvalue()


def hdf5(folder: Path) -> Files:
    write_hdf5(folder / "net.h5", keras_names(zeros()))
    return tree(folder)


def small_hdf5() -> Iterator[bytes]:
    """Yield files of small arrays, among them kinds that are refused."""
    buffer = BytesIO()
    with h5py.File(buffer, "w") as file:
        file["layer/kernel"] = np.zeros((2, 3), np.float32)
        file["layer/bias"] = np.zeros(3, np.float16)
    yield buffer.getvalue()
    buffer = BytesIO()
    with h5py.File(buffer, "w") as file:
        file["empty"] = h5py.Empty("f4")
        file["scalar"] = 1.0
        file["seed"] = np.arange(2)
        file["words"] = "text"
        file["pairs"] = np.zeros(2, [("x", "f4"), ("y", "f8")])
        file["link"] = h5py.SoftLink("/scalar")
        file["outside"] = h5py.ExternalLink("outside.h5", "/")
        file.create_dataset("packed", data=np.zeros(9), compression="gzip")
    yield buffer.getvalue()


def keras(folder: Path) -> Files:
    (content,) = hdf5(folder).values()
    (folder / "net.h5").unlink()
    (folder / "net.keras").write_bytes(keras_around(content))
    return tree(folder)


def other_keras() -> Iterator[bytes]:
    """Yield files of small arrays, and one of other layers."""
    yield from map(keras_around, small_hdf5())
    buffer = BytesIO()
    with h5py.File(buffer, "w") as file:
        for name, array in keras_names(zeros(_OTHER_LAYERS)).items():
            file[name] = array
    yield keras_around(buffer.getvalue(), _OTHER_MODEL)


def keras_around(weights: bytes, model: dict[str, Any] = _MODEL) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps(model))
        archive.writestr("model.weights.h5", weights)
    return buffer.getvalue()


def torch_weights(folder: Path) -> Files:
    weights: dict[str, np.ndarray[Any, Any]] = {
        "fc.weight": np.zeros((10, 784), np.float32),
        "fc.bias": np.zeros(10, np.float16),
    }
    save_file(weights, folder / "net.safetensors")
    return tree(folder)


def onnx(folder: Path) -> Files:
    (folder / "net.onnx").write_bytes(onnx_writer.Writer(zeros()).content())
    return tree(folder)


def other_onnx() -> Iterator[bytes]:
    """Yield a file of other layers."""
    yield onnx_writer.Writer(zeros(_OTHER_LAYERS)).content()


def answer(folder: Path) -> Files:
    header = json.dumps({"arrays": [["layer/kernel", [2, 3]], ["layer/bias", [3]]]})
    (folder / "answer").write_bytes(header.encode() + b"\n" + bytes(4 * 9))
    return tree(folder)


def drawings(folder: Path) -> Files:
    line = format_drawing(LabelledDrawing(draw_three(), 3))
    (folder / "drawings.jsonl").write_text(f"{line}\n{line}\n")
    (folder / "drawings.json").write_text(f"[{line}, {line}]")
    return tree(folder)


def foreign_drawings(folder: Path) -> Files:
    """Put a file of each other program into the folder, with most that its format has."""
    (folder / "raw.ndjson").write_text(
        '{"word": "7", "drawing": [[[1, 9.5, 4], [2, 2, 30], [0, 8, 20]], '
        "[[3, 7], [9, 9], [30, 40]]]}"
        '\n{"word": "cat", "drawing": [[[0, 255], [0, 0]]]}\n'
    )
    point = {"x": 3.5, "y": 4, "time": 1.7e12, "pressure": 0.5}
    other = {"x": 9, "y": 14, "time": 1.7e12 + 9, "pressure": 0.75}
    (folder / "pad.json").write_text(
        json.dumps([{"penColor": "black", "points": [point, other]}, {"points": [other]}])
    )
    (folder / "traces.inkml").write_text(
        '<ink xmlns="http://www.w3.org/2003/InkML"><context xml:id="c"><traceFormat>'
        '<channel name="X"/><channel name="Y" orientation="-ve"/><channel name="T" units="ms"/>'
        '<channel name="F" max="9"/></traceFormat></context>'
        '<traceGroup><annotation type="truth">7</annotation>'
        '<trace contextRef="#c" xml:id="t">1 2 0 3, 4 *6 10 9,\'5"-6?#A</trace></traceGroup>'
        '<traceGroup><traceView traceDataRef="#u"/></traceGroup>'
        '<trace xml:id="u">1 2,3 4</trace></ink>'
    )
    (folder / "lines.svg").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">'
        '<svg><g transform="translate(3 4) rotate(30 1 1) scale(2)"><polygon points="1,2 3,4 5,6"/>'
        '</g><line x1="1" y2="3px"/><path d="M1 2h3v-4c1 2 3 4 5 6s1 2 3 4'
        'q5 6 7 8t1 2a4 5 6 017 8z"/></svg>'
    )
    return tree(folder)


def my_digits(folder: Path) -> Files:
    kept = UserDigitStore(folder)
    digits = [
        kept.keep(draw_three(), label, SavedPrediction(3, 0.9, "cnn-best")) for label in range(4)
    ]
    before = tuple(digits[:2])
    kept.change(DigitsChange(before, (replace(digits[0], label=7),)))
    return tree(folder)


def data(folder: Path) -> Files:
    write_dataset(folder)
    content = (folder / "t10k-images-idx3-ubyte").read_bytes()
    (folder / "t10k-images-idx3-ubyte").unlink()
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(content))
    return tree(folder)


def data_arrays(folder: Path) -> Files:
    images, labels, *others = halves(12, 4)
    names = ("x_train", "y_train", "x_test", "y_test")
    content = npz(**dict(zip(names, (images, labels, *others), strict=True)))
    (folder / "data.npz").write_bytes(content)
    return tree(folder)


def data_table(folder: Path) -> Files:
    images, labels, *_ = halves(12, 4)
    (folder / "data.csv").write_text(table(images, labels, names=KAGGLE_NAMES))
    return tree(folder)


def data_pictures(folder: Path) -> Files:
    images, labels, *_ = halves(12, 4)
    write_zip(folder / "data.zip", pictures_by_label(images, labels))
    return tree(folder)


def data_in_tar(folder: Path) -> Files:
    images, labels, *_ = halves(12, 4)
    write_tar(folder / "data.tar.gz", pictures_by_label(images, labels))
    return tree(folder)


def runs(folder: Path) -> Files:
    write_dataset(folder / "data", train=240, test=100)
    dataset = load_dataset(folder / "data")
    for path in (folder / "data").iterdir():
        path.unlink()
    (folder / "data").rmdir()
    store = RunStore(folder)
    run_id = record(store, dataset, whole_run(dataset, 3))
    store.note(run_id, "A note.")
    with (folder / run_id / CHECKPOINT).open("wb") as file:
        write_checkpoint(file, checkpoint_at(20))
    return tree(folder)


def data_of_a_reading() -> Dataset:
    """The data set that the reading is of: its images do not matter, but how many there are."""
    part = LabelledImages(np.zeros((20, 28, 28), np.uint8), np.arange(20, dtype=np.uint8) % 10)
    return Dataset("digits", part, part, part, "digits")


def reading(folder: Path) -> Files:
    OutOfFoldReader(folder).keep(data_of_a_reading(), np.full((40, 10), 0.1, np.float32))
    return tree(folder)


def picture(form: str, folder: Path) -> Files:
    content = encoded(_page(), form)
    (folder / f"picture.{form.lower()}").write_bytes(content)
    return tree(folder)


def _page() -> Image.Image:
    return page(["17"], side=24, gap=8, margin=10)


def other_pictures(form: str) -> Iterator[bytes]:
    """Yield the page in the other ways that a format has."""
    sheet = _page()
    ways: dict[str, list[tuple[Image.Image, dict[str, object]]]] = {
        "PNG": [
            (sheet.convert("1"), {}),
            (sheet.convert("I;16"), {}),
            (sheet.convert("P"), {"transparency": 3}),
            (sheet.convert("LA"), {"exif": _turned()}),
            (sheet.convert("RGBA"), {}),
        ],
        "JPEG": [
            (sheet.convert("CMYK"), {}),
            (sheet.convert("RGB"), {"progressive": True, "exif": _turned()}),
        ],
        "GIF": [(sheet, {"save_all": True, "append_images": [sheet.rotate(90)]})],
        "BMP": [(sheet.convert("1"), {}), (sheet.convert("P"), {}), (sheet.convert("RGBA"), {})],
        "WEBP": [
            (sheet.convert("RGBA"), {"lossless": True}),
            (sheet, {"save_all": True, "append_images": [sheet.rotate(90)]}),
        ],
        "TIFF": [
            (sheet, {"compression": "tiff_lzw"}),
            (sheet.convert("1"), {"compression": "group4"}),
            (sheet.convert("I;16"), {}),
            (sheet.convert("RGB"), {"compression": "jpeg"}),
        ],
    }
    for image, options in ways[form]:
        yield encoded(image, form, **options)


def _turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif
