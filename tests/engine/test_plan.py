import pytest

from mnist_gui.engine.architectures import ARCHITECTURES, find_architecture
from mnist_gui.engine.plan import plan_name, usual_name

PLANNED = sorted(set(ARCHITECTURES) - {"softmax"})


@pytest.mark.parametrize("name", PLANNED)
def test_the_recipes_networks_have_the_layers_that_their_plans_say(name: str) -> None:
    planned = find_architecture(plan_name(name))
    assert planned is not None
    assert list(planned.weight_shapes.items()) == list(ARCHITECTURES[name].weight_shapes.items())
    assert usual_name(plan_name(name)) == name
