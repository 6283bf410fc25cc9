"""ONNX: weights and layers, in files whose bytes are put together here by the format's rules."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_gui.engine.errors import ExchangeError
from mnist_gui.engine.exchange.import_weights import import_network
from mnist_gui.engine.inside.forward import features_and_logits, softmax
from tests.engine.conftest import peak_megabytes
from tests.engine.exchange.onnx_writer import Array, Writer, model, node, part, tensor, varint
from tests.engine.exchange.test_torch_file import IMAGES, assert_read_alike
from tests.engine.inside.test_forward import random_network
from tests.refusals import refused


@pytest.mark.parametrize("as_products", [False, True])
@pytest.mark.parametrize("architecture", ["softmax", "cnn", "cnn-lean", "cnn-deep"])
def test_a_network_is_read(tmp_path: Path, architecture: str, as_products: bool) -> None:
    given = random_network(architecture)
    content = Writer(given, as_products=as_products).content()
    (tmp_path / "net.onnx").write_bytes(content)
    assert_read_alike(tmp_path / "net.onnx", given)


def single(*before: tuple[str, Array], kind: str = "Softmax", **forged: Any) -> bytes:
    """Return a softmax regression with operations before it, and another one after it."""
    weights = np.random.default_rng(2).normal(0, 0.1, (10, 784)).astype(forged.pop("type", "<f4"))
    nodes: list[bytes] = []
    tensors: list[bytes] = []
    for name, value in before:
        place = len(nodes)
        tensors.append(tensor(f"c{place}", value))
        nodes.append(node(name, [f"v{place}", f"c{place}"], f"v{place + 1}"))
    place = len(nodes)
    tensors.append(tensor("w", weights, **forged))
    tensors.append(tensor("b", np.arange(10, dtype="<f4") / 10, raw=False))
    nodes.append(node("Flatten", [f"v{place}"], "flat"))
    nodes.append(node("Gemm", ["flat", "w", "b"], "out", transB=1))
    nodes.append(node(kind, ["out"], "end"))
    return model(nodes, tensors)


@pytest.mark.parametrize("kind", ["<f2", "<f4", "<f8"])
def test_floats_of_other_sizes_are_read(tmp_path: Path, kind: str) -> None:
    (tmp_path / "net.onnx").write_bytes(single(type=kind))
    weights = import_network(tmp_path / "net.onnx").weights
    wanted = np.random.default_rng(2).normal(0, 0.1, (10, 784))
    np.testing.assert_allclose(weights["output/kernel"], wanted.T, atol=1e-3)
    np.testing.assert_allclose(weights["output/bias"], np.arange(10) / 10, atol=1e-6)


def test_arithmetic_on_the_image_goes_into_the_weights(tmp_path: Path) -> None:
    scalars = [("Sub", 0.1307), ("Div", 0.3081), ("Mul", 3.0), ("Add", 0.5)]
    before = [(name, np.array([value], "<f4")) for name, value in scalars]
    (tmp_path / "plain.onnx").write_bytes(single())
    (tmp_path / "net.onnx").write_bytes(single(*before))
    plain, found = (import_network(tmp_path / f"{name}.onnx") for name in ("plain", "net"))
    images = ((IMAGES / 255 - 0.1307) / 0.3081 * 3 + 0.5).reshape(len(IMAGES), -1)
    wanted = images @ plain.weights["output/kernel"] + plain.weights["output/bias"]
    np.testing.assert_allclose(features_and_logits(found, IMAGES)[1], wanted, atol=1e-4)


def test_maps_that_come_last_stay_last(tmp_path: Path) -> None:
    """As exporters from Keras have it: the maps are put last again before they are one row."""
    given = random_network("cnn-lean")
    writer = Writer(given)
    flat = next(i for i, each in enumerate(writer.nodes) if b"Flatten" in each)
    writer.nodes[flat] = node("Transpose", [f"value{flat}"], "last", perm=[0, 2, 3, 1])
    writer.nodes.insert(flat + 1, node("Reshape", ["last", "shape"], f"value{flat + 1}"))
    # Not turned by the writer then.
    kernel = given.weights["hidden/kernel"].T.copy()
    turned = [i for i, each in enumerate(writer.tensors) if f"{flat + 1}.0".encode() in each[:40]]
    writer.tensors[turned[0]] = tensor(f"{flat + 1}.0", kernel)
    (tmp_path / "net.onnx").write_bytes(writer.content())
    assert_read_alike(tmp_path / "net.onnx", given)


@pytest.mark.parametrize("order", [1, -1])
def test_a_product_with_the_sigmoid_is_silu(tmp_path: Path, order: int) -> None:
    """As PyTorch's exporter has it."""
    given = random_network("dense12-silu")
    writer = Writer(given)
    place = next(i for i, each in enumerate(writer.nodes) if b"Swish" in each)
    before, after = f"value{place}", f"value{place + 1}"
    writer.nodes[place] = node("Sigmoid", [before], "gate")
    writer.nodes.insert(place + 1, node("Mul", [before, "gate"][::order], after))
    (tmp_path / "net.onnx").write_bytes(writer.content())
    assert_read_alike(tmp_path / "net.onnx", given)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (model([node("Flatten", ["x"], "y"), node("Mul", ["x", "y"], "z")], []), "its layer Mul"),
        (single(kind="Tanh"), "dense layer of ten numbers there is tanh; only softmax or sigmoid"),
        (single(kind="Loop"), "its layer Loop is not of a kind"),
        (single(("Mul", np.zeros(1, "<f4"))), "a value that cannot be, Mul"),
        (single(more=part(14, 1)), r"in another file; .*external_data=False"),
        (single(shape=varint(10) + varint(785)), "another size than it declares"),
        (single(shape=varint(-1) + varint(785)), "far larger than a network"),
        (single(shape=varint(10**6) + varint(10**6)), "far larger than a network"),
        (single(shape=b"\x00" + varint(2**40) * 3), "far larger than a network"),
        (single(shape=varint(1) * 99), "far more parts than a network"),
        (single(type="<i8"), "weights of an operation Gemm are not in the file"),
        (model([node("Gemm", ["x"], "y")], []), "weights of an operation Gemm"),
        (model([node("Relu", ["x"], "y"), node("Relu", ["x"], "z")], []), "in one row"),
        (model([node("Relu", ["x"], "x")] * 501, []), "far more parts"),
        (model([], []), "no arrays"),
        (part(1, 10) + part(2, "test"), "damaged or truncated"),
        (part(1, 10) + b"\x3a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "damaged"),
        (part(1, 10) + part(7, b"\x0b"), "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_fault(
    tmp_path: Path, content: bytes, fault: str
) -> None:
    (tmp_path / "net.onnx").write_bytes(content)
    with refused(ExchangeError, match=rf"net\.onnx cannot be used: .*{fault}"):
        import_network(tmp_path / "net.onnx")


def test_millions_of_empty_parts_take_neither_time_nor_memory(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(part(1, 10) + part(7, b"\x0a\x00" * 10_000_000))

    def read() -> None:
        with refused(ExchangeError, match="far more parts"):
            import_network(tmp_path / "net.onnx")

    assert peak_megabytes(read) < 100


def test_every_cut_of_a_file_is_refused(tmp_path: Path) -> None:
    content = single()
    for length in (1, 2, 3, 20, 90, 1_000, len(content) - 40):
        (tmp_path / "net.onnx").write_bytes(content[:length])
        with refused(Exception, match="net.onnx cannot be used"):  # type: ignore[arg-type]
            import_network(tmp_path / "net.onnx")


def test_the_library_of_the_format_writes_what_is_read(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    given = random_network("softmax")
    kernel, bias = given.weights["output/kernel"], given.weights["output/bias"]
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["image"], ["row"]),
            helper.make_node("Gemm", ["row", "w", "b"], ["digits"]),
            helper.make_node("Softmax", ["digits"], ["shares"]),
        ],
        "net",
        [helper.make_tensor_value_info("image", floats, ["n", 1, 28, 28])],
        [helper.make_tensor_value_info("shares", floats, ["n", 10])],
        [onnx.numpy_helper.from_array(a, n) for n, a in (("w", kernel), ("b", bias))],
    )
    onnx.save(helper.make_model(graph), tmp_path / "net.onnx")
    imported = import_network(tmp_path / "net.onnx")
    np.testing.assert_array_equal(imported.weights["output/kernel"], kernel)
    assert softmax(features_and_logits(imported, IMAGES)[1]).shape == (len(IMAGES), 10)
