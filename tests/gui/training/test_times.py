from dataclasses import replace

from mnist_gui.engine.recipe import RECIPES
from mnist_gui.gui.training.times import RecipeTime, recipe_times

FAST = RECIPES["cnn-fast"]


def test_the_latest_run_to_the_end_counts_before_shorter_ones() -> None:
    runs = [(FAST, 575, 9.0), (FAST, 1_150, 4.0), (FAST, 1_150, 5.0)]
    assert recipe_times(runs) == {"cnn-fast": RecipeTime(4.0, is_measured=True)}


def test_a_run_that_was_stopped_gives_an_estimate() -> None:
    assert recipe_times([(FAST, 575, 2.0)]) == {"cnn-fast": RecipeTime(4.0, is_measured=False)}


def test_a_run_that_was_continued_counts_for_the_steps_of_the_recipe() -> None:
    assert recipe_times([(FAST, 2_300, 8.0)]) == {"cnn-fast": RecipeTime(4.0, is_measured=True)}


def test_what_says_little_of_the_speed_does_not_count() -> None:
    other = replace(FAST, batch_size=500)
    unknown = replace(FAST, name="imported")
    assert recipe_times([(FAST, 20, 3.0), (other, 1_150, 9.0), (unknown, 1_150, 9.0)]) == {}
