"""Deformations of points: turned, leant and widened as they say."""

import numpy as np

from mnist_gui.engine.synthetic.generate import Deformation

UPRIGHT = np.array([[0.0, -0.5], [0.0, 0.5]])
LEVEL = np.array([[-0.5, 0.0], [0.5, 0.0]])


def deformation(
    *, aspect: float = 1.0, slant: float = 0.0, turn: float = 0.0, bend: float = 0.0
) -> Deformation:
    """Return one for two drawings: this for the first, none for the second."""
    waves = np.zeros((8, 2))
    waves[:4, 0] = bend
    return Deformation(
        waves=waves,
        aspect=np.array([aspect, 1.0]),
        slant=np.array([slant, 0.0]),
        turn=np.array([turn, 0.0]),
    )


def moved(points: np.ndarray, change: Deformation) -> np.ndarray:
    """Return the points as the first drawing's, having seen that the second's stay."""
    both = change.apply(np.concatenate([points, points]), np.array([0, 0, 1, 1]))
    np.testing.assert_allclose(both[2:], points, atol=1e-12)
    return both[:2]


def test_a_quarter_turn_lays_an_upright_line_down() -> None:
    turned = moved(UPRIGHT, deformation(turn=np.pi / 2))
    np.testing.assert_allclose(turned, [[0.5, 0], [-0.5, 0]], atol=1e-12)


def test_a_slant_moves_the_top_to_the_right() -> None:
    np.testing.assert_allclose(moved(UPRIGHT, deformation(slant=0.2)), [[0.1, -0.5], [-0.1, 0.5]])


def test_the_aspect_widens_and_does_not_heighten() -> None:
    np.testing.assert_allclose(moved(LEVEL, deformation(aspect=2)), 2 * LEVEL)
    np.testing.assert_allclose(moved(UPRIGHT, deformation(aspect=2)), UPRIGHT)


def test_a_bend_moves_points_by_no_more_than_its_waves() -> None:
    shift = moved(UPRIGHT, deformation(bend=0.05)) - UPRIGHT
    assert 0 < np.abs(shift).max() <= 0.1
