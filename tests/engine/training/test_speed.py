from mnist_gui.engine.models.devices import find_device, load_tensorflow
from mnist_gui.engine.training.speed import Speed, SpeedProgress, measure_speed


def test_both_networks_of_the_tutorial_are_timed_and_the_progress_grows_to_the_end() -> None:
    load_tensorflow()
    news = list(measure_speed(find_device("CPU"), seconds=0.2))
    speeds = [each for each in news if isinstance(each, Speed)]
    assert [speed.recipe for speed in speeds] == ["cnn-tutorial", "softmax-tutorial"]
    cnn, softmax = speeds
    assert cnn.device.startswith("CPU: ")
    assert min(cnn.steps_per_second, softmax.steps_per_second) > 0
    assert cnn.training_seconds == 20_000 / cnn.steps_per_second
    done = [each.done for each in news if isinstance(each, SpeedProgress)]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0.0, 1.0)
