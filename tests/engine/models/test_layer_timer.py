from mnist_gui.engine.inside.layers import LayerKind, network_layers
from mnist_gui.engine.inside.progress import ViewProgress
from mnist_gui.engine.models.layer_timer import measure_layers


def test_each_layer_is_measured_for_one_image_and_for_a_batch() -> None:
    *progress, measured = measure_layers("cnn")
    assert all(isinstance(each, ViewProgress) for each in progress)
    assert isinstance(measured, tuple)
    layers = network_layers("cnn")
    assert [times.images for times in measured] == [1, 100]
    for times in measured:
        assert len(times.seconds) == len(layers)
        assert times.seconds[0] == 0
        assert min(times.seconds) >= 0
        assert abs(sum(times.shares) - 1) < 1e-9
    shares = dict(zip((layer.kind for layer in layers), measured[1].shares, strict=True))
    # Of each kind the last one; dropout does nothing outside of training.
    assert shares[LayerKind.CONVOLUTION] > 10 * shares[LayerKind.DROPOUT]
