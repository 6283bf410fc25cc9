from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.inside.forward import features_and_logits, softmax
from mnist_gui.engine.inside.health import Health
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.engine.runs.examine import Examined, Examiner
from mnist_gui.engine.runs.run_folder import snapshot_file
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.inside.test_forward import random_images, random_network

IMAGES = LabelledImages(random_images(60), (np.arange(60) % 10).astype(np.uint8))
RUN = "20260101-000000-softmax"


def examined(snapshot: Snapshot, images: LabelledImages = IMAGES) -> Health:
    *_, last = Examiner().examine_one(snapshot, images)
    assert isinstance(last, Examined)
    return last.healths[0]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_network_is_examined_as_keras_and_tensorflow_would(architecture: str) -> None:
    import tensorflow as tf

    from mnist_gui.engine.models.networks import (
        build_network,
        set_network_weights,
        to_network_input,
        weight_name,
    )

    snapshot = random_network(architecture)
    health = examined(snapshot)
    network = build_network(architecture)
    set_network_weights(network, snapshot.weights)
    outputs = {}
    with tf.GradientTape() as tape:
        flowing = to_network_input(IMAGES.images)
        for layer in network.layers:
            flowing = layer(flowing, training=False)
            outputs[layer.name] = flowing
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
            IMAGES.labels.astype(np.int32), flowing
        )
        loss = tf.reduce_mean(losses)
    weights = network.trainable_variables
    gradients = tape.gradient(loss, [weight.value for weight in weights])
    by_name = {weight_name(w): g.numpy() for w, g in zip(weights, gradients, strict=True)}
    assert health.loss == pytest.approx(float(loss), rel=1e-4)
    whole = np.sqrt(sum((g.astype("f8") ** 2).sum() for g in by_name.values()))
    assert health.gradient_norm == pytest.approx(whole, rel=1e-3)
    for layer in health.layers:
        gradient = by_name[f"{layer.layer}/kernel"]
        assert layer.gradient_norm == pytest.approx(np.linalg.norm(gradient), rel=1e-3)
        middle = float(np.median(gradient[gradient != 0]))
        spread = float(gradient.std())
        assert layer.gradients.quantile(0.5) == pytest.approx(middle, abs=0.02 * spread)
    relus = [o.numpy() for name, o in outputs.items() if "re_lu" in name or name == "hidden"]
    for layer, output in zip(health.layers, relus, strict=False):
        highest = output.reshape(-1, output.shape[-1]).max(axis=0)
        assert layer.dead == pytest.approx((highest <= 0).mean())
        assert layer.activations.zeros == pytest.approx((output == 0).mean(), abs=0.02)
    assert health.layers[-1].dead is None


def test_a_unit_is_dead_that_is_never_positive_on_the_sample() -> None:
    snapshot = random_network("cnn-lean")
    weights = dict(snapshot.weights)
    bias = weights["hidden/bias"].copy()
    bias[:32] = -1e4
    health = examined(replace(snapshot, weights=weights | {"hidden/bias": bias}))
    alive = examined(snapshot)
    dead = {layer.layer: layer.dead for layer in health.layers}
    before = {layer.layer: layer.dead for layer in alive.layers}
    assert dead["hidden"] is not None
    assert before["hidden"] is not None
    assert dead["hidden"] >= 32 / 64 > before["hidden"]


def test_the_sample_is_the_first_images_and_small_sets_are_enough() -> None:
    few = LabelledImages(IMAGES.images[:7], IMAGES.labels[:7])
    snapshot = random_network("softmax")
    _, logits = features_and_logits(snapshot, few.images)
    losses = -np.log(softmax(logits)[np.arange(7), few.labels])
    assert examined(snapshot, few).loss == pytest.approx(losses.mean(), rel=1e-4)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store with a run that has kept snapshots of the steps 0, 4 and 10."""
    (tmp_path / RUN).mkdir()
    for step in (0, 4, 10):
        keep(tmp_path, step)
    return RunStore(tmp_path)


def keep(folder: Path, step: int) -> None:
    snapshot = replace(random_network("softmax", seed=step + 1), step=step)
    save_snapshot(folder / RUN / snapshot_file(step), snapshot)


def kernel(step: int) -> np.ndarray:
    return random_network("softmax", seed=step + 1).weights["output/kernel"]


def results(examiner: Examiner, store: RunStore) -> list[tuple[Health, ...]]:
    events = examiner.examine_run(store, RUN, IMAGES)
    parts = [event for event in events if isinstance(event, Examined)]
    assert [part.is_complete for part in parts] == [False] * (len(parts) - 1) + [True]
    return [part.healths for part in parts]


def test_what_a_run_keeps_comes_from_the_newest_step_back_with_its_updates(
    store: RunStore,
) -> None:
    parts = results(Examiner(), store)
    assert [[health.step for health in part] for part in parts] == [[10], [4, 10], [0, 4, 10]]
    updates = [health.layers[0].update for health in parts[-1]]
    assert updates[0] is None
    for (before, after), update in zip(((0, 4), (4, 10)), updates[1:], strict=True):
        change = np.linalg.norm(kernel(after) - kernel(before)) / np.linalg.norm(kernel(before))
        assert update == pytest.approx(change / (after - before), rel=1e-5)


def test_what_is_known_is_not_examined_again_and_the_run_may_go_on(store: RunStore) -> None:
    examiner = Examiner()
    before = results(examiner, store)[-1]
    keep(store.folder, 20)
    (store.folder / RUN / snapshot_file(4)).unlink()
    parts = results(examiner, store)
    assert [[health.step for health in part] for part in parts] == [[0, 10, 20]] * 2
    assert parts[0][0].layers[0].weights is before[0].layers[0].weights
    # Its neighbour is another one now.
    change = np.linalg.norm(kernel(10) - kernel(0)) / np.linalg.norm(kernel(0))
    assert parts[0][1].layers[0].update == pytest.approx(change / 10, rel=1e-5)
    # Without anything new, all of it comes at once.
    assert len(results(examiner, store)) == 1


def test_a_step_that_a_run_lets_go_meanwhile_is_left_out(store: RunStore) -> None:
    examining = Examiner().examine_run(store, RUN, IMAGES)
    next(examining)
    (store.folder / RUN / snapshot_file(4)).unlink()
    *_, last = examining
    assert isinstance(last, Examined)
    assert [health.step for health in last.healths] == [0, 10]
