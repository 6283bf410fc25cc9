import os
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.dataset import Dataset, LabelledImages
from mnist_gui.engine.inside import image_map, map_store
from mnist_gui.engine.inside.forward import features_and_logits
from mnist_gui.engine.inside.image_map import ImageMap, MapMaker, Method, Numbers
from mnist_gui.engine.inside.map_store import MapStore
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.inside.set_reader import SetReader
from mnist_gui.engine.inside.tsne import MapError
from mnist_gui.engine.io import process
from tests.engine.inside.finished import finished
from tests.engine.inside.test_forward import random_images, random_network
from tests.refusals import refused

NETWORK = random_network("cnn-lean")


def dataset(count: int = 90) -> Dataset:
    labels = (np.arange(count) % 10).astype(np.uint8)
    images = LabelledImages(random_images(count), labels)
    return Dataset("random", images, images, images, "f1")


def maker(folder: Path) -> MapMaker:
    return MapMaker(SetReader(), MapStore(folder))


def two_kinds() -> Dataset:
    """Images of two kinds that have nothing in common."""
    random = np.random.default_rng(8)
    images = np.zeros((80, 28, 28), np.uint8)
    images[::2, :14], images[1::2, 14:] = 200, 200
    images[images > 0] -= random.integers(0, 100, int((images > 0).sum()), dtype=np.uint8)
    labelled = LabelledImages(images, (np.arange(80) % 2).astype(np.uint8))
    return Dataset("two", labelled, labelled, labelled, "two")


@pytest.mark.parametrize("numbers", Numbers)
def test_pca_puts_images_where_their_numbers_differ_most(tmp_path: Path, numbers: Numbers) -> None:
    data = dataset()
    found = finished(maker(tmp_path).make(NETWORK, data, numbers, Method.PCA))
    features, logits = features_and_logits(NETWORK, data.test.images)
    of_numbers: dict[Numbers, NDArray[Any]] = {
        Numbers.PIXELS: data.test.images.reshape(90, -1) / 255,
        # As readings are remembered.
        Numbers.HIDDEN: features.astype(np.float16),
        Numbers.SCORES: logits,
    }
    values = of_numbers[numbers].astype(np.float64)
    away = values - values.mean(axis=0)
    _, spread, directions = np.linalg.svd(away, full_matrices=False)
    expected = away @ directions[:2].T
    signs = np.sign((found.points * expected).sum(axis=0))
    assert np.allclose(found.points, signs * expected, atol=3e-3 * np.abs(expected).max())
    assert found.share == pytest.approx((spread**2 / (spread**2).sum())[:2].sum(), rel=1e-3)
    assert found.size == values.shape[1]
    assert found.predicted.tolist() == logits.argmax(axis=1).tolist()
    assert found.mistakes.tolist() == np.flatnonzero(logits.argmax(1) != data.test.labels).tolist()


@pytest.mark.parametrize("numbers", Numbers)
def test_a_test_image_on_the_pad_lies_on_its_own_point(tmp_path: Path, numbers: Numbers) -> None:
    making, data = maker(tmp_path), dataset()
    found = finished(making.make(NETWORK, data, numbers, Method.PCA))
    placed = finished(making.place(data.test.images[17], Method.PCA))
    assert np.allclose(placed.point, found.points[17], atol=1e-3 * np.abs(found.points).max())
    assert placed.nearest[0] == 17
    assert len(placed.nearest) == image_map.NEAREST


def test_tsne_keeps_kinds_apart_and_puts_a_digit_amid_its_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Beside other tests it would have to wait.
    monkeypatch.setattr(process, "LEAST_PRIORITY", 0)
    making, data = maker(tmp_path), two_kinds()
    events: list[Any] = []

    def noted(work: Generator[Any, None, ImageMap]) -> Generator[Any, None, ImageMap]:
        return (yield from _watched(work, events))

    found = finished(noted(making.make(NETWORK, data, Numbers.PIXELS, Method.TSNE)))
    points, labels = found.points.astype(np.float64), data.test.labels
    for place in range(80):
        away = np.linalg.norm(points - points[place], axis=1)
        away[place] = np.inf
        assert labels[away.argmin()] == labels[place]
    assert found.share is None
    assert not found.is_draft
    drafts = [each for each in events if isinstance(each, ImageMap)]
    assert drafts
    assert all(each.is_draft for each in drafts)
    assert max(each.done for each in events if isinstance(each, ViewProgress)) <= 750
    # An image of the set lies where it is, another one amid those that are like it.
    placed = finished(making.place(data.test.images[5], Method.TSNE))
    assert np.allclose(placed.point, points[5], atol=1e-2 * points.std())
    between = (data.test.images[5] // 2 + data.test.images[7] // 2).astype(np.uint8)
    placed = finished(making.place(between, Method.TSNE))
    assert set(labels[placed.nearest]) == {1}
    assert np.linalg.norm(points - placed.point, axis=1).argmin() % 2 == 1

    # It is kept: another maker has the same bits at once.
    again = finished(noted(maker(tmp_path).make(NETWORK, data, Numbers.PIXELS, Method.TSNE)))
    assert again.points.tobytes() == found.points.tobytes()
    assert [each for each in events if isinstance(each, ImageMap)] == drafts


def _watched(
    work: Generator[Any, None, ImageMap], events: list[Any]
) -> Generator[Any, None, ImageMap]:
    while True:
        try:
            event = next(work)
        except StopIteration as ended:
            result: ImageMap = ended.value
            return result
        events.append(event)
        yield event


def test_another_network_or_data_set_has_another_map(tmp_path: Path) -> None:
    data, other = dataset(), random_network("cnn-lean", seed=9)
    keys = {
        image_map._key(network, of, numbers)
        for network in (NETWORK, other)
        for of in (data, replace(data, fingerprint="f2"))
        for numbers in Numbers
    }
    # Pixels are the same for all networks.
    assert len(keys) == 10


def test_of_few_images_there_is_no_tsne(tmp_path: Path) -> None:
    data = dataset(count=4)
    assert (
        len(finished(maker(tmp_path).make(NETWORK, data, Numbers.SCORES, Method.PCA)).points) == 4
    )
    with refused(MapError, match=r"t-SNE needs at least 10 test images; this data set has 4"):
        finished(maker(tmp_path).make(NETWORK, data, Numbers.SCORES, Method.TSNE))


def test_one_image_of_one_class_is_a_map_too(tmp_path: Path) -> None:
    making = maker(tmp_path)
    found = finished(making.make(NETWORK, dataset(count=1), Numbers.HIDDEN, Method.PCA))
    assert found.points.tolist() == [[0, 0]]
    placed = finished(making.place(random_images(1)[0], Method.PCA))
    assert placed.nearest.tolist() == [0]


def test_of_many_images_as_many_as_can_be_told_apart_are_put_on_the_map(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_map, "MOST_IMAGES", 9)
    data = dataset()
    found = finished(maker(tmp_path).make(NETWORK, data, Numbers.HIDDEN, Method.PCA))
    assert found.indices.tolist() == [0, 10, 20, 30, 40, 50, 60, 70, 80]
    assert found.labels.tolist() == data.test.labels[found.indices].tolist()
    assert found.total == 90


@pytest.mark.parametrize("numbers", Numbers)
def test_a_network_with_absurd_weights_has_a_map(tmp_path: Path, numbers: Numbers) -> None:
    weights = {name: array * np.float32(1e30) for name, array in NETWORK.weights.items()}
    making = maker(tmp_path)
    with np.errstate(all="ignore"):
        absurd = replace(NETWORK, weights=weights)
        found = finished(making.make(absurd, dataset(), numbers, Method.PCA))
        placed = finished(making.place(random_images(1)[0], Method.PCA))
    assert np.isfinite(found.points).all()
    assert np.isfinite(placed.point).all()


def test_the_maps_made_last_are_kept_and_a_damaged_one_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_store, "MOST_MAPS", 2)
    store = MapStore(tmp_path / "maps")
    points = np.arange(6, dtype=np.float32).reshape(3, 2)
    for time, key in enumerate(("a", "b", "c")):
        store.keep(key, points + time)
        newest = max((tmp_path / "maps").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (time, time))
    assert store.read("a", 3) is None
    assert store.read("b", 3).tolist() == (points + 1).tolist()  # type: ignore[union-attr]
    assert store.read("c", 4) is None
    store.keep("d", points * 1e30)
    assert store.read("d", 3) is None
    for path in (tmp_path / "maps").iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    assert store.read("b", 3) is None


def test_a_folder_that_cannot_be_written_keeps_nothing_and_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "maps").write_text("a file")
    store = MapStore(tmp_path / "maps")
    store.keep("a", np.zeros((3, 2), np.float32))
    assert store.read("a", 3) is None
