"""Own digits drawn again: like the first time, and never twice the same."""

import numpy as np

from mnist_gui.engine.drawing import Drawing, Stroke
from mnist_gui.engine.finetune.finetune import augment_drawings
from mnist_gui.engine.preprocessing import preprocess

SEVEN = Drawing((Stroke([[0.2, 0.2], [0.8, 0.2], [0.4, 0.9]]), Stroke([[0.4, 0.5], [0.7, 0.5]])))
DOT = Drawing((Stroke([[0.5, 0.5]]),))


def test_the_first_copy_is_the_drawings_as_the_canvas_shows_them() -> None:
    images = np.concatenate(list(augment_drawings([SEVEN, DOT], copies=3, seed=1)))
    assert images.shape == (6, 28, 28)
    np.testing.assert_array_equal(images[0], preprocess(SEVEN))
    np.testing.assert_array_equal(images[1], preprocess(DOT))


def test_the_other_copies_resemble_it_and_differ_from_one_another() -> None:
    first, *others = np.concatenate(list(augment_drawings([SEVEN], copies=20, seed=1))).astype(
        float
    )
    assert len(np.unique(others, axis=0)) == 19
    for other in others:
        digit_score = (first * other).sum() / np.sqrt((first**2).sum() * (other**2).sum())
        assert digit_score > 0.5


def test_a_dot_stays_a_dot() -> None:
    for image in np.concatenate(list(augment_drawings([DOT], copies=5, seed=1))):
        assert 0 < np.count_nonzero(image) <= 25


def test_the_same_seed_gives_the_same_images() -> None:
    drawings = [SEVEN] * 70
    first, same, other = (
        np.concatenate(list(augment_drawings(drawings, 2, seed))) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, same)
    assert (first[70:] != other[70:]).any()
