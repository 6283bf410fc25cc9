"""PyTorch's weights in safetensors, written by that library."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from mnist_gui.engine.architectures import ARCHITECTURES
from mnist_gui.engine.errors import ExchangeError, ModelFileError
from mnist_gui.engine.exchange.import_weights import import_network
from mnist_gui.engine.inside.forward import features_and_logits, softmax
from mnist_gui.engine.snapshot import Snapshot
from tests.engine.exchange.torch_writer import Arrays, torch_arrays
from tests.engine.inside.test_forward import random_images, random_network
from tests.refusals import refused

IMAGES = random_images(3)


def assert_read_alike(path: Path, given: Snapshot) -> None:
    imported = import_network(path)
    assert imported.recipe.network == given.recipe.network
    _, found = features_and_logits(imported, IMAGES)
    _, wanted = features_and_logits(given, IMAGES)
    np.testing.assert_allclose(softmax(found), softmax(wanted), atol=1e-5)


SEQUENTIAL = {
    "convolution_1": "features.0",
    "normalization_1": "features.1",
    "convolution_2": "features.4",
    "normalization_2": "features.5",
    "convolution_3": "features.7",
    "normalization_3": "features.8",
    "convolution_4": "features.11",
    "normalization_4": "features.12",
    "hidden": "classifier.1",
    "output": "classifier.10",
}
NAMED = {
    "convolution_1": "module.conv1",
    "normalization_1": "module.bn1",
    "hidden": "module.fc1",
    "output": "module.fc2",
}


@pytest.mark.parametrize("names", [SEQUENTIAL, NAMED], ids=["numbered", "named"])
@pytest.mark.parametrize("architecture", ["softmax", "cnn", "cnn-lean", "cnn-deep"])
def test_a_state_dict_is_read(tmp_path: Path, architecture: str, names: dict[str, str]) -> None:
    given = random_network(architecture)
    save_file(torch_arrays(given, names), tmp_path / "net.safetensors")
    assert_read_alike(tmp_path / "net.safetensors", given)


def test_a_bias_before_a_normalization_is_read(tmp_path: Path) -> None:
    given = random_network("cnn-lean")
    arrays = torch_arrays(given, SEQUENTIAL)
    for layer, normalization in (("features.0", "features.1"), ("features.4", "features.5")):
        bias = np.linspace(-1, 1, len(arrays[f"{layer}.weight"]), dtype=np.float32)
        arrays[f"{layer}.bias"] = bias
        arrays[f"{normalization}.running_mean"] = arrays[f"{normalization}.running_mean"] + bias
    save_file(arrays, tmp_path / "net.safetensors")
    assert_read_alike(tmp_path / "net.safetensors", given)


def test_keras_names_keep_keras_layout(tmp_path: Path) -> None:
    given = random_network("cnn-lean")
    save_file(dict(given.weights), tmp_path / "net.safetensors")
    assert_read_alike(tmp_path / "net.safetensors", given)


def test_half_precision_is_read(tmp_path: Path) -> None:
    given = random_network("softmax")
    halves = {n: a.astype(np.float16) for n, a in torch_arrays(given, NAMED).items()}
    save_file(halves, tmp_path / "net.safetensors")
    weights = import_network(tmp_path / "net.safetensors").weights["output/kernel"]
    np.testing.assert_allclose(weights, given.weights["output/kernel"], atol=1e-3)


def test_bfloat16_is_read(tmp_path: Path) -> None:
    upper = (np.arange(10, dtype=np.float32) / 8).view(np.uint32) >> 16
    arrays = {"fc.weight": np.zeros((10, 784), "<u2"), "fc.bias": upper.astype("<u2")}
    write(tmp_path / "net.safetensors", arrays, "BF16")
    bias = import_network(tmp_path / "net.safetensors").weights["output/bias"]
    np.testing.assert_array_equal(bias, np.arange(10) / 8)


def write(path: Path, arrays: Arrays, dtype: str = "F32", **forged: Any) -> None:
    """Write the format by hand, with entries of the header replaced."""
    header: dict[str, Any] = {}
    end = 0
    for name, array in arrays.items():
        start, end = end, end + array.nbytes
        entry = {"dtype": dtype, "shape": array.shape, "data_offsets": [start, end]}
        header[name] = entry | forged
    text = json.dumps(header).encode()
    data = b"".join(array.tobytes() for array in arrays.values())
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


SOFTMAX = {"fc.weight": np.zeros((10, 784), "<f4"), "fc.bias": np.zeros(10, "<f4")}


@pytest.mark.parametrize(
    ("arrays", "forged", "fault"),
    [
        (SOFTMAX, {"shape": [10**9, 10**9]}, "its header is wrong"),
        (SOFTMAX, {"shape": [-1, 10]}, "its header is wrong"),
        (SOFTMAX, {"shape": [0, *[30_000_000] * 7]}, "far larger than a network"),
        (SOFTMAX, {"data_offsets": [0, 30_000_000]}, "another size than it declares"),
        (SOFTMAX, {"data_offsets": [80, 40]}, "another size than it declares"),
        (SOFTMAX, {"dtype": "F8_E5M2"}, "not of floats"),
        ({"a\nb.weight": np.zeros(3, "<f4")}, {}, "without a proper name"),
        ({"fc.weight": np.full(3, np.nan, "<f4")}, {}, "not finite"),
        ({"fc.weight": np.zeros((3, 3), "<f4")}, {}, "fit none of the networks here"),
        ({f"{n}.weight": np.zeros(1, "<f4") for n in range(300)}, {}, "far larger than a network"),
    ],
)
def test_a_hostile_file_is_refused_with_its_fault(
    tmp_path: Path, arrays: Arrays, forged: dict[str, Any], fault: str
) -> None:
    write(tmp_path / "net.safetensors", arrays, **forged)
    with refused(ExchangeError, match=rf"net\.safetensors cannot be used: .*{fault}"):
        import_network(tmp_path / "net.safetensors")


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "net.safetensors", SOFTMAX)
    content = (tmp_path / "net.safetensors").read_bytes()
    for length in (9, 40, len(content) - 1):
        (tmp_path / "net.safetensors").write_bytes(content[:length])
        with refused((ExchangeError, ModelFileError), match="net.safetensors cannot be used"):
            import_network(tmp_path / "net.safetensors")


def test_every_architecture_but_the_variant_was_tried() -> None:
    assert [name for name, each in ARCHITECTURES.items() if each.variant_of] == ["cnn-normalized"]


@pytest.mark.parametrize("architecture", ["dense32", "dense24 dense24 dense16"])
def test_dense_layers_of_any_sizes_are_read_from_a_state_dict(
    tmp_path: Path, architecture: str
) -> None:
    given = random_network(architecture)
    names = {f"hidden_{place}": f"layers.{5 * place}" for place in (1, 2, 3)} | {"output": "z"}
    save_file(torch_arrays(given, names), tmp_path / "net.safetensors")
    assert_read_alike(tmp_path / "net.safetensors", given)
