import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

from mnist_gui.engine.errors import DeviceError
from mnist_gui.engine.models.devices import find_device, find_devices, next_device, pick_precision
from mnist_gui.words.errors import sentence
from tests.refusals import refused


@pytest.fixture
def two_gpus(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """TensorFlow's list of devices, replaced by one with an old and a new GPU."""
    details: dict[str, dict[str, Any]] = {
        "a": {"device_name": "New", "compute_capability": (8, 0)},
        "b": {"device_name": "Old", "compute_capability": (7, 5)},
    }
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _kind: list(details))
    monkeypatch.setattr(tf.config.experimental, "get_device_details", details.__getitem__)
    return  # type: ignore[return-value]


def test_there_is_always_the_processor() -> None:
    processor = find_devices()[-1]
    assert processor.key == "CPU"
    assert processor.name


def test_gpus_come_before_the_processor_and_the_first_is_chosen(two_gpus: None) -> None:
    assert [device.key for device in find_devices()] == ["GPU 0", "GPU 1", "all GPUs", "CPU"]
    assert str(find_device()) == "GPU 0: New"


def test_several_gpus_can_be_chosen_together(two_gpus: None) -> None:
    together = find_device("All gpus")
    assert str(together) == "all GPUs: 1 \u00d7 New + 1 \u00d7 Old"
    assert together.replicas == ("/GPU:0", "/GPU:1")
    assert together.placement == "/GPU:0"
    assert pick_precision("automatic", "cnn", together) == "float32"


def test_each_process_takes_another_gpu_unless_a_device_is_chosen(
    monkeypatch: pytest.MonkeyPatch, two_gpus: None
) -> None:
    alike = {"device_name": "New", "compute_capability": (8, 0)}
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda _gpu: alike)
    assert [next_device("automatic", number) for number in range(3)] == ["GPU 0", "GPU 1", "GPU 0"]
    assert next_device("GPU 0", 1) == "GPU 0"
    assert next_device("all GPUs", 1) == "all GPUs"


def test_no_process_takes_a_gpu_that_might_give_other_bits_than_the_first(two_gpus: None) -> None:
    assert [next_device("automatic", number) for number in range(3)] == ["GPU 0"] * 3


def test_without_a_gpu_processes_take_the_automatic_device(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _kind: [])
    assert next_device("automatic", 1) == "automatic"


def test_any_device_can_be_chosen_by_its_key(two_gpus: None) -> None:
    assert find_device("gpu 1").placement == "/GPU:1"
    assert find_device("CPU").placement == "/CPU:0"


def test_a_device_that_is_not_there_is_refused_with_those_that_are(two_gpus: None) -> None:
    with refused(DeviceError, match="'GPU 7' here; choose automatic or one of: GPU 0, GPU 1"):
        find_device("GPU 7")


def test_without_a_gpu_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _kind: [])
    assert sentence(find_device().reason).endswith(".")


@pytest.mark.parametrize(
    ("is_linux", "has_cuda", "reason"),
    [(False, True, "on Linux only"), (True, False, "built without"), (True, True, "driver")],
)
def test_the_reason_for_no_gpu_is_the_first_that_holds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_linux: bool, has_cuda: bool, reason: str
) -> None:
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _kind: [])
    monkeypatch.setattr(tf.test, "is_built_with_cuda", lambda: has_cuda)
    monkeypatch.setattr("sys.platform", "linux" if is_linux else "win32")
    assert reason in sentence(find_devices(nvidia_driver=tmp_path / "none")[-1].reason)


def test_bfloat16_is_picked_where_the_device_has_it_and_there_are_convolutions(
    two_gpus: None,
) -> None:
    new, old, *_ = find_devices()
    assert pick_precision("automatic", "cnn", new) == "bfloat16"
    assert pick_precision("automatic", "cnn", old) == "float32"
    assert pick_precision("automatic", "softmax", new) == "float32"
    assert pick_precision("float32", "cnn", new) == "float32"


@pytest.mark.slow
def test_tensorflow_loads_without_the_packages_that_only_keras_wrappers_need() -> None:
    code = (
        "import sys; from mnist_gui.engine.models.devices import load_tensorflow; "
        "load_tensorflow(); print('sklearn' in sys.modules); import sklearn"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
