import numpy as np
import pytest

from mnist_gui.engine.inside.exciting import ExcitingSearch, can_be_excited
from mnist_gui.engine.inside.forward import layer_outputs
from mnist_gui.engine.inside.layers import LayerKind, network_layers
from mnist_gui.engine.inside.progress import ViewProgress
from tests.engine.inside.test_forward import random_images, random_network


@pytest.mark.parametrize(("architecture", "place"), [("cnn-lean", 1), ("cnn-deep", 10)])
def test_the_images_with_a_maps_largest_number_are_found(architecture: str, place: int) -> None:
    snapshot, images = random_network(architecture), random_images(60)
    search = ExcitingSearch(snapshot, place, images)
    assert search.found() is None
    assert list(search.go_on())[-1] == ViewProgress(60, 60)
    found = search.found()
    assert found is not None
    maps = layer_outputs(snapshot, images)[place]
    for number in range(maps.shape[3]):
        largest = maps[..., number].max(axis=(1, 2))
        assert found.indices[number].tolist() == np.argsort(-largest, kind="stable")[:8].tolist()
        assert np.allclose(found.values[number], np.sort(largest)[::-1][:8])
        for rank in range(8):
            value = maps[(found.indices[number, rank], *found.unit(number, rank))]
            assert value == pytest.approx(found.values[number, rank])


def test_of_a_dense_layer_it_is_each_units_own_number() -> None:
    snapshot, images = random_network("softmax"), random_images(30)
    search = ExcitingSearch(snapshot, 2, images)
    assert len(list(search.go_on())) == 2
    logits = layer_outputs(snapshot, images)[2]
    found = search.found()
    assert found is not None
    assert found.unit(7, 0) == (7,)
    assert found.indices[7, 0] == logits[:, 7].argmax()


def test_a_search_that_was_left_goes_on_where_it_was() -> None:
    snapshot, images = random_network("softmax"), random_images(60)
    search = ExcitingSearch(snapshot, 2, images)
    assert next(search.go_on()) == ViewProgress(25, 60)
    assert search.done == 25
    assert list(search.go_on()) == [ViewProgress(50, 60), ViewProgress(60, 60)]
    whole = ExcitingSearch(snapshot, 2, images)
    list(whole.go_on())
    one, other = search.found(), whole.found()
    assert one is not None
    assert other is not None
    assert np.array_equal(one.indices, other.indices)


def test_fewer_images_than_are_kept_are_all_kept() -> None:
    search = ExcitingSearch(random_network("softmax"), 2, random_images(3))
    list(search.go_on())
    found = search.found()
    assert found is not None
    assert found.indices.shape == (10, 3)


def test_only_what_learns_or_follows_it_is_excited() -> None:
    layers = network_layers("cnn")
    assert not can_be_excited(layers[0].kind)
    assert can_be_excited(layers[1].kind)
    assert not can_be_excited(LayerKind.SOFTMAX)
