from mnist_gui.engine.training.policies import ChunkSize


def test_it_starts_with_one_step() -> None:
    assert ChunkSize(0.03).steps == 1


def test_it_settles_at_as_many_steps_as_take_the_target_time() -> None:
    pace = ChunkSize(0.03)
    for _ in range(10):
        pace.adjust(pace.steps, pace.steps * 0.0001)
    assert pace.steps == 300


def test_it_grows_at_most_fourfold_at_a_time() -> None:
    pace = ChunkSize(0.03)
    pace.adjust(1, 0.0)
    assert pace.steps == 4


def test_it_never_asks_for_less_than_one_step() -> None:
    pace = ChunkSize(0.03)
    pace.adjust(1, 100.0)
    assert pace.steps == 1
