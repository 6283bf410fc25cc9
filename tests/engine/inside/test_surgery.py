import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.inside.forward import layer_outputs
from mnist_gui.engine.inside.layers import Layer, LayerKind, network_layers
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.inside.set_reader import SetReader
from mnist_gui.engine.inside.surgery import (
    Surgery,
    SurgeryHistory,
    bias_name,
    fits,
    operable_layers,
    operate,
    parts_of,
)
from mnist_gui.engine.inside.surgery_answer import (
    DigitAnswer,
    SetAnswer,
    read_digit,
    read_sets,
    sample_of,
    surgery_csv,
)
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.inside.test_forward import OTHERS, random_images, random_network


def keras_logits(snapshot: Snapshot, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return what Keras' network of these weights gives."""
    from mnist_gui.engine.models.networks import (
        build_network,
        set_network_weights,
        to_network_input,
    )

    network = build_network(snapshot.recipe.network)
    set_network_weights(network, snapshot.weights)
    return np.asarray(network(to_network_input(images), training=False))


def without_part(snapshot: Snapshot, layer: Layer, part: int) -> dict[str, NDArray[np.float32]]:
    """Return weights of which those that read a part of a layer are 0; of the output, its own."""
    weights = {name: array.copy() for name, array in snapshot.weights.items()}
    names = [each.weights for each in operable_layers(snapshot.recipe.network)]
    after = names[names.index(layer.weights) + 1 :]
    if after:
        kernel = weights[f"{after[0]}/kernel"]
        kernel.reshape(-1, parts_of(layer), kernel.shape[-1])[:, part] = 0
    else:
        for name in ("output/kernel", "output/bias"):
            weights[name][..., part] = 0
    return weights


@pytest.mark.parametrize("architecture", [*ARCHITECTURES, *OTHERS])
def test_a_part_that_is_off_is_as_in_keras_where_nothing_reads_it(architecture: str) -> None:
    snapshot, images = random_network(architecture), random_images(2)
    for layer in operable_layers(architecture):
        cut = Snapshot(snapshot.recipe, 1, without_part(snapshot, layer, 3))
        expected = keras_logits(cut, images)
        changed = operate(snapshot, Surgery().switched(layer.weights, frozenset({3})))
        logits = layer_outputs(changed, images)[-1]
        assert np.allclose(logits, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize("architecture", [*ARCHITECTURES, *OTHERS])
def test_what_is_off_passes_on_nothing_but_0_whatever_else_is_changed(architecture: str) -> None:
    snapshot, image = random_network(architecture), random_images(1)[0]
    for layer in operable_layers(architecture):
        name = layer.weights
        surgery = Surgery().with_noise(name, 1.5).with_bias(name, 2, 3.0)
        changed = operate(snapshot, surgery.switched(name, frozenset({2, 5})))
        parts = read_digit(snapshot, changed, name, image).parts
        assert len(parts) == parts_of(layer)
        assert not parts[[2, 5]].any()
        assert parts[3].any() or layer.kind is not LayerKind.OUTPUT


def test_a_layer_that_is_off_leaves_the_biases_of_those_after_it_alone() -> None:
    snapshot = random_network("cnn")
    everything = frozenset(range(1024))
    changed = operate(snapshot, Surgery().switched("hidden", everything))
    logits = layer_outputs(changed, random_images(3))[-1]
    assert np.allclose(logits, snapshot.weights["output/bias"])


def test_noise_is_as_strong_as_it_says_and_the_same_for_the_same_seed() -> None:
    snapshot = random_network("cnn")
    surgery = Surgery().with_noise("convolution_2", 0.5)
    kernel = snapshot.weights["convolution_2/kernel"]
    noisy = operate(snapshot, surgery).weights["convolution_2/kernel"]
    assert np.std(noisy - kernel) == pytest.approx(0.5 * np.std(kernel), rel=0.02)
    again = operate(snapshot, surgery).weights["convolution_2/kernel"]
    assert np.array_equal(again, noisy)
    other = operate(snapshot, surgery.with_seed(1)).weights["convolution_2/kernel"]
    assert abs(np.corrcoef((other - kernel).ravel(), (noisy - kernel).ravel())[0, 1]) < 0.02


@pytest.mark.parametrize("architecture", [*ARCHITECTURES, *OTHERS])
def test_a_bias_is_added_to_all_that_a_part_gives(architecture: str) -> None:
    snapshot, images = random_network(architecture), random_images(1)
    layers = network_layers(architecture)
    for layer in operable_layers(architecture):
        name = bias_name(snapshot, layer.weights)
        with_bias = next(each for each in layers if each.weights == name.partition("/")[0])
        place = layers.index(with_bias)
        changed = operate(snapshot, Surgery().with_bias(layer.weights, 3, 2.5))
        before = layer_outputs(snapshot, images)[place]
        after = layer_outputs(changed, images)[place]
        added = (after - before)[..., 3]
        fired = before[..., 3] > 0 if layer.is_rectified else True
        assert np.allclose(added[np.broadcast_to(fired, added.shape)], 2.5, atol=1e-3)
        assert np.array_equal(np.delete(after, 3, -1), np.delete(before, 3, -1))


def test_the_network_itself_stays_as_it_is_to_the_bit() -> None:
    snapshot = random_network("cnn-deep")
    before = {name: array.tobytes() for name, array in snapshot.weights.items()}
    for array in snapshot.weights.values():
        array.setflags(write=False)
    surgery = Surgery()
    for layer in operable_layers("cnn-deep"):
        surgery = surgery.switched(layer.weights, frozenset({0, 1}))
        surgery = surgery.with_noise(layer.weights, 2).with_bias(layer.weights, 4, 1)
    changed = operate(snapshot, surgery)
    assert changed.weights is not snapshot.weights
    assert {name: array.tobytes() for name, array in snapshot.weights.items()} == before


def test_undo_brings_back_exactly_what_was_before_and_redo_what_came_after() -> None:
    snapshot, history = random_network("cnn-lean"), SurgeryHistory()
    assert not history.can_undo
    steps = [history.surgery]
    for place in range(3):
        history.change(history.surgery.switched("hidden", frozenset({place})))
        steps.append(history.surgery)
    for strength in (0.1, 0.2, 0.3):
        history.change(history.surgery.with_noise("hidden", strength), ("noise", "hidden"))
    steps.append(history.surgery)
    for expected in reversed(steps[:-1]):
        history.undo()
        assert history.surgery == expected
    assert not history.can_undo
    restored = operate(snapshot, history.surgery)
    assert all(restored.weights[name] is snapshot.weights[name] for name in snapshot.weights)
    for expected in steps[1:]:
        history.redo()
        assert history.surgery == expected
    history.undo()
    history.change(Surgery())
    assert not history.can_redo


def test_what_is_switched_on_again_or_made_0_is_no_change() -> None:
    surgery = Surgery().switched("hidden", frozenset({1})).with_noise("hidden", 0.5)
    surgery = surgery.with_bias("hidden", 2, 0.5)
    assert not surgery.is_none
    surgery = surgery.switched("hidden", frozenset()).with_noise("hidden", 0)
    surgery = surgery.with_bias("hidden", 2, 0)
    assert surgery.is_none
    assert surgery == Surgery()


def labelled(count: int) -> LabelledImages:
    labels = np.random.default_rng(5).integers(0, 10, count).astype(np.uint8)
    return LabelledImages(random_images(count), labels)


def test_a_fixed_sample_answers_first_then_all() -> None:
    test = labelled(1_200)
    sample, everything = sample_of(test)
    assert everything is test
    assert len(sample) == 1_000
    assert np.array_equal(sample.images, sample_of(test)[0].images)
    assert len({image.tobytes() for image in sample.images}) == 1_000
    few = labelled(40)
    assert sample_of(few) == (few,)


def test_images_read_right_are_those_that_keras_reads_right() -> None:
    before, sets = random_network("cnn-lean"), (labelled(60), labelled(120))
    changed = operate(before, Surgery().with_noise("convolution_1", 1.0))
    events = list(read_sets(before, changed, sets, SetReader().read))
    answers = [event for event in events if isinstance(event, SetAnswer)]
    for images, answer in zip(sets, answers, strict=True):
        right = [
            int(np.sum(keras_logits(each, images.images).argmax(axis=1) == images.labels))
            for each in (before, changed)
        ]
        assert [answer.images, answer.before, answer.after] == [len(images), *right]
    progress = [event for event in events if isinstance(event, ViewProgress)]
    assert [each.done for each in progress] == sorted(each.done for each in progress)
    assert progress[-1] == ViewProgress(360, 360)


def test_without_a_change_the_same_is_said_before_and_after() -> None:
    network, images = random_network("softmax"), (labelled(30),)
    *_, answer = read_sets(network, network, images, SetReader().read)
    assert isinstance(answer, SetAnswer)
    assert answer.before == answer.after
    digit = read_digit(network, network, "output", random_images(1)[0])
    assert np.array_equal(digit.before, digit.after)


def test_the_table_has_both_answers() -> None:
    shares = np.full(10, 0.1)
    digit = DigitAnswer(shares, shares[::-1] * 2, np.zeros((1, 1, 1), np.float32))
    table = surgery_csv(digit, [SetAnswer(1000, 990, 870)]).decode().splitlines()
    assert table[:2] == ["what,before,after", "digit 0,0.1,0.2"]
    assert table[-1] == "right of 1000,990,870"
    assert len(surgery_csv(None, []).decode().splitlines()) == 1


def test_what_is_changed_fits_networks_that_have_those_parts_only() -> None:
    surgery = Surgery().switched("convolution_2", frozenset({0, 40}))
    assert fits(surgery, "cnn")
    assert not fits(surgery, "cnn-lean")
    assert not fits(Surgery().with_noise("hidden", 0.5), "softmax")
    assert not fits(Surgery().with_bias("hidden", 64, 0.5), "cnn-lean")
    assert fits(Surgery(), "softmax")
