import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mnist_gui.engine.doctor import (
    Devices,
    Display,
    Report,
    check_folder,
    examine,
    may_have_nvidia_gpu,
    without_person,
)
from mnist_gui.engine.errors import DeviceError, TensorFlowError
from mnist_gui.engine.models.devices import Device
from mnist_gui.words.diagnosis import report_text
from mnist_gui.words.errors import sentence

PROCESSOR = Device("CPU", "Some processor", "/CPU:0", computes_bfloat16=False)


@pytest.fixture
def alice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The home folder of the user alice."""
    for name in ("USER", "LOGNAME"):
        monkeypatch.setenv(name, "alice")
    home = tmp_path / "home" / "alice"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    return home


def report_on(devices: Devices) -> Report:
    return examine(devices, {}, Display(), {})


def without_gpu(reason: str) -> Devices:
    why = DeviceError(reason)
    return (Device("CPU", "Some processor", "/CPU:0", computes_bfloat16=False, reason=why),)


def test_a_folder_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    there, later = check_folder("data", tmp_path), check_folder("runs", tmp_path / "a" / "b")
    assert (there.exists, there.problem, later.exists, later.problem) == (True, None, False, None)
    assert there.free
    assert not list(tmp_path.iterdir())


def in_a_file(folder: Path) -> Path:
    (folder / "file").write_bytes(b"")
    return folder / "file" / "runs"


def forbidden(folder: Path) -> Path:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    folder.chmod(0o500)
    return folder


@pytest.mark.parametrize(
    ("make", "reason"), [(in_a_file, "is not a folder"), (forbidden, "permission is denied")]
)
def test_a_folder_that_cannot_be_written_is_a_problem_with_its_reason(
    make: Callable[[Path], Path], reason: str, tmp_path: Path
) -> None:
    report = examine((PROCESSOR,), {"runs": make(tmp_path)}, Display(), {})
    (problem,) = report.problems
    assert sentence(problem).startswith("Nothing can be saved in the folder ")
    assert reason in sentence(problem)
    assert report.folders[0].problem is problem


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{home}/runs", "~/runs"),
        ("{home}", "~"),
        ("{home}2/runs", "{parent}/alice2/runs"),
        ("/disk/alice/runs", "/disk/USER/runs"),
        ("/disk/alice_runs", "/disk/USER_runs"),
        ("/disk/malice", "/disk/malice"),
    ],
)
def test_the_user_is_not_named(alice: Path, text: str, shown: str) -> None:
    text = text.format(home=alice)
    assert without_person(text) == shown.format(parent=without_person(str(alice.parent)))


def test_why_tensorflow_does_not_load_is_told_without_the_user(alice: Path) -> None:
    reason = f"{alice}/lib/x.so: no such file"
    report = report_on(TensorFlowError("tensorflow-not-loaded", reason=reason))
    assert "(~/lib/x.so: no such file)" in sentence(report.problems[0])
    assert report.devices == ()


@pytest.mark.parametrize(
    ("reason", "hidden", "command"),
    [
        ("no-gpu-libraries", None, "python -m pip install 'tensorflow[and-cuda]'"),
        ("no-gpu-libraries", "-1", "unset CUDA_VISIBLE_DEVICES"),
        ("no-gpu-libraries", "0", "python -m pip install 'tensorflow[and-cuda]'"),
    ],
)
def test_one_command_mends_it_where_the_gpu_is_not_used(
    monkeypatch: pytest.MonkeyPatch, reason: str, hidden: str | None, command: str
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if hidden is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
    assert report_on(without_gpu(reason)).mending == command


@pytest.mark.parametrize(
    ("vendor", "kind", "may_have_one"),
    [("0x10de", "0x030000", True), ("0x10de", "0x040300", False), ("0x8086", "0x030000", False)],
)
def test_an_nvidia_gpu_is_known_by_its_vendor_and_class(
    tmp_path: Path, vendor: str, kind: str, may_have_one: bool
) -> None:
    device = tmp_path / "pci" / "0000:00:02.0"
    device.mkdir(parents=True)
    (device / "vendor").write_text(f"{vendor}\n")
    (device / "class").write_text(f"{kind}\n")
    no_file = tmp_path / "none"
    assert may_have_nvidia_gpu(tmp_path / "pci", no_file) is may_have_one
    assert may_have_nvidia_gpu(no_file, no_file)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TF_XLA_FLAGS", "--tf_xla_auto_jit=2"),
        ("TF_ENABLE_ONEDNN_OPTS", "0"),
    ],
)
def test_a_variable_that_is_in_the_way_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.delenv(name, raising=False)
    assert not report_on((PROCESSOR,)).problems
    monkeypatch.setenv(name, value)
    report = report_on((PROCESSOR,))
    assert name in sentence(report.problems[0])
    assert report.variables[name] == value


def test_a_variable_that_the_program_does_not_follow_is_named_and_no_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    report = report_on((PROCESSOR,))
    assert not report.problems
    lines = report_text(report).splitlines()
    (line,) = (line for line in lines if "KERAS_BACKEND" in line)
    assert line.endswith('"jax" (for other programs; this one does not follow it)')
