"""Measures whether pictures as people have them are read wholly right, for `benchmarks.pictures`.

Every row must be what the window would show, to the last digit, after the picture was turned if
the program offers that; a question mark is an error. "Read directly" counts pictures whose digits
are all read right as the drawings or images that they are: what is lost there, the network loses.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.drawn_digits import read_records
from benchmarks.everyday_scenes import KINDS, EverydayPicture, Supply, everyday_pictures
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.drawing import parse_drawing
from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.models.classifier import Classifier
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.pictures.find import find_digits, predict_digits
from mnist_gui.engine.pictures.open import decode_picture
from mnist_gui.engine.pictures.result import Picture, PicturePrediction
from mnist_gui.engine.pictures.turn import better_turn, digits_in_turns, is_poorly_read
from mnist_gui.engine.preprocessing import preprocess

# Every third of the 30 writers.
_HANDS = 3
_MNIST_KIND = "MNIST's images as files"


def make_supply(strokes: Path) -> Supply:
    """Return the digits of ten hands, and MNIST's validation images."""
    records = read_records(strokes)
    hands = sorted({record["writer"] for record in records})[::_HANDS]
    chosen = [parse_drawing(record) for record in records if record["writer"] in hands]
    validation = load_dataset().validation
    return Supply(
        [each.drawing for each in chosen],
        np.array([each.label for each in chosen], np.int64),
        validation.images,
        validation.labels.astype(np.int64),
    )


class EverydayReader:
    """Reads pictures as the window does."""

    def __init__(self, model: Path, supply: Supply) -> None:
        self._snapshot, self._supply = load_snapshot(model), supply
        self._classifier = Classifier()

    def read(self, picture: EverydayPicture) -> str:
        """Return the rows that are shown, or the name of the problem."""
        opened = decode_picture(picture.content, picture.kind)
        prediction, problem = self._predicted(opened)
        if prediction is None:
            return problem
        if is_poorly_read(prediction):
            found = digits_in_turns(opened)
            turns = better_turn(prediction, found, self._snapshot, self._classifier)
            if turns:
                return predict_digits(found[turns], self._snapshot, self._classifier).text
        return prediction.text

    def _predicted(self, picture: Picture) -> tuple[PicturePrediction | None, str]:
        try:
            digits = find_digits(picture)
        except PictureError as error:
            return None, error.problem
        return predict_digits(digits, self._snapshot, self._classifier), ""

    def wanted(self, picture: EverydayPicture) -> str:
        """Return the rows that should be shown."""
        labels = self._supply.drawing_labels
        if picture.kind == _MNIST_KIND:
            labels = self._supply.image_labels
        return "\n".join("".join(str(labels[item]) for item in row) for row in picture.rows)

    def directly(self, picture: EverydayPicture) -> str:
        """Return the rows as they are read without a picture."""
        rows = []
        for row in picture.rows:
            if picture.kind == _MNIST_KIND:
                images = self._supply.images[list(row)]
            else:
                images = np.stack([preprocess(self._supply.drawings[item]) for item in row])
            read = self._classifier.predictions(self._snapshot, images)
            rows.append("".join(prediction.text for prediction in read))
        return "\n".join(rows)


def print_everyday(arguments: argparse.Namespace) -> None:
    """Print a table for each seed, and each picture that is not read right if asked to."""
    supply = make_supply(arguments.strokes)
    reader = EverydayReader(arguments.model, supply)
    sums: dict[str, list[int]] = {}
    for seed in arguments.seeds:
        for number, picture in enumerate(everyday_pictures(supply, seed)):
            if arguments.only in picture.kind:
                read, wanted = reader.read(picture), reader.wanted(picture)
                counts = sums.setdefault(picture.kind, [0, 0, 0])
                counts[0] += 1
                counts[1] += reader.directly(picture) == wanted
                counts[2] += read == wanted
                if read != wanted and arguments.keep:
                    _keep(arguments.keep, f"{seed}-{number:03}", picture, wanted, read)
    _print_table(sums, as_json=arguments.json)


def _keep(folder: Path, name: str, picture: EverydayPicture, wanted: str, read: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    suffix = "png" if picture.content.startswith(b"\x89PNG") else "jpg"
    (folder / f"{name}.{suffix}").write_bytes(picture.content)
    print(f"{name}  {picture.kind}: {wanted!r} read as {read!r}", flush=True)


def _print_table(sums: dict[str, list[int]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(sums))
        return
    print("| kind | pictures | read directly | read wholly right |")
    print("|---|---|---|---|")
    for kind in (*(kind for kind in KINDS if kind in sums), "all"):
        counts = sums[kind] if kind in sums else _added(sums.values())
        total, directly, right = counts
        print(f"| {kind} | {total} | {directly} | {right} ({right / total:.1%}) |")


def _added(counts: Iterable[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*counts, strict=True)]
