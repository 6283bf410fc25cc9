import pytest

from mnist_gui.engine.inside.layers import LayerKind, network_layers
from mnist_gui.gui.views.layer_text import LayerText


@pytest.mark.parametrize(
    ("pooling", "said"),
    [
        ("pool3", "the largest of each 3 \u00d7 3 numbers, so that"),
        ("avgpool", "the average of each 2 \u00d7 2 numbers, so that"),
        ("pool2by1", "the largest of each 2 \u00d7 2 numbers, 1 place apart, so that"),
        ("avgpool3by2", "the average of each 3 \u00d7 3 numbers, 2 places apart, so that"),
    ],
)
def test_pooling_says_how_far_its_squares_are_apart_where_they_overlap(
    pooling: str, said: str
) -> None:
    layers = network_layers(f"conv3x4-{pooling}")
    kinds = (LayerKind.POOLING, LayerKind.AVERAGE_POOLING)
    layer = next(each for each in layers if each.kind in kinds)
    assert said in LayerText().sentence(layer)
