"""What networks can be computed on, and why not on a GPU."""

import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from mnist_gui.engine.errors import DeviceError
from mnist_gui.engine.recipe import AUTOMATIC

_CPU_INFO = Path("/proc/cpuinfo")
_NVIDIA_DRIVER = Path("/proc/driver/nvidia/version")
# From this compute capability on, a GPU computes in bfloat16.
_AMPERE = (8, 0)


@dataclass(frozen=True, slots=True)
class Device:
    """A processor or a GPU.

    `key` is what a user chooses it by ("CPU", "GPU 0"), `placement` TensorFlow's word for it.
    `reason` says why it is not a GPU, empty if it is one.
    """

    key: str
    name: str
    placement: str
    computes_bfloat16: bool
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.key}: {self.name}"


def find_devices() -> tuple[Device, ...]:
    """Return the GPUs, best first as TensorFlow numbers them, and then the processor."""
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    processor = Device(
        "CPU",
        _processor_field("model name") or platform.processor() or platform.machine(),
        "/CPU:0",
        bool({"avx512_bf16", "amx_bf16"} & set(_processor_field("flags").split())),
        "" if gpus else _reason_for_no_gpu(),
    )
    return (*(_gpu(number, gpu) for number, gpu in enumerate(gpus)), processor)


def find_device(key: str = AUTOMATIC) -> Device:
    """Return the device of this key, or the first for "automatic"; raises DeviceError."""
    devices = find_devices()
    if key == AUTOMATIC:
        return devices[0]
    for device in devices:
        if device.key.casefold() == key.casefold():
            return device
    keys = ", ".join(device.key for device in devices)
    raise DeviceError(f"There is no device {key!r} here; choose automatic or one of: {keys}.")


def pick_precision(wanted: str, architecture: str, device: Device) -> str:
    """Return "float32" or "bfloat16": the wanted one, or for "automatic" the quicker one there.

    bfloat16 pays where the device has it and there are convolutions to compute.
    """
    if wanted != AUTOMATIC:
        return wanted
    return "bfloat16" if architecture != "softmax" and device.computes_bfloat16 else "float32"


def _gpu(number: int, gpu: object) -> Device:
    import tensorflow as tf

    details = tf.config.experimental.get_device_details(gpu)
    return Device(
        f"GPU {number}",
        details.get("device_name", "unnamed"),
        f"/GPU:{number}",
        details.get("compute_capability", (0, 0)) >= _AMPERE,
    )


def _processor_field(name: str) -> str:
    try:
        lines = _CPU_INFO.read_text().splitlines()
    except OSError:
        return ""
    fields = (line.partition(":") for line in lines)
    return next((value.strip() for key, _, value in fields if key.strip() == name), "")


def _reason_for_no_gpu() -> str:
    import tensorflow as tf

    if sys.platform != "linux":
        return "TensorFlow uses GPUs on Linux only (on Windows, inside WSL2)."
    if not tf.test.is_built_with_cuda():
        return "This TensorFlow was built without GPU support."
    if not _NVIDIA_DRIVER.exists():
        return "No NVIDIA driver was found."
    return "The CUDA libraries were not found; install mnist-gui with its extra: mnist-gui[gpu]."
