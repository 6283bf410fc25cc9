from mnist_gui.engine.inside.layers import network_layers
from mnist_gui.engine.inside.times import LayerTimes, layers_csv


def test_shares_are_parts_of_the_time_of_all_layers() -> None:
    times = LayerTimes(1, (0.0, 0.003, 0.001))
    assert times.total == 0.004
    assert times.shares == (0.0, 0.75, 0.25)
    assert LayerTimes(1, (0.0, 0.0)).shares == (0.0, 0.0)


def test_without_times_the_table_has_the_layers_alone() -> None:
    head, _, first, *_ = layers_csv(network_layers("cnn-deep"), ()).decode().splitlines()
    assert head == "number,layer,shape,kernel,parameters,multiplications"
    assert first == "1,convolution,24x24x32,5,800,460800"
