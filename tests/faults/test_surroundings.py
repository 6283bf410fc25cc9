"""Surroundings that programs are not made for: another one in the same folder, no shared memory."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mnist_gui.engine.digits.store import UserDigitStore
from mnist_gui.engine.models.model_file import load_snapshot

DIGITS = 25

_SAVING = """
import sys
from pathlib import Path
from mnist_gui.engine.digits.store import UserDigitStore
from mnist_gui.engine.drawing import Drawing, Stroke
store = UserDigitStore(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    x = number / 100
    store.keep(Drawing((Stroke([[x, 0.1], [x, 0.9]]),)), int(sys.argv[2]), None)
"""


def test_what_two_programs_save_at_once_in_one_folder_is_all_there(tmp_path: Path) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", _SAVING, tmp_path, str(label), str(DIGITS)])
        for label in (3, 8)
    ]
    assert [program.wait(60) for program in programs] == [0, 0]
    labels = [digit.label for digit in UserDigitStore(tmp_path).read().digits]
    assert (labels.count(3), labels.count(8)) == (DIGITS, DIGITS)


def can_hide_shared_memory() -> bool:
    if not shutil.which("unshare"):
        return False
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "ro", "none", "/dev/shm"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not can_hide_shared_memory(), reason="needs a mount of its own")
def test_nothing_needs_shared_memory(tmp_path: Path) -> None:
    net = tmp_path / "net.mnistgui"
    train = f"{sys.executable} -m mnist_gui train --recipe softmax-tutorial --steps 50 --out {net}"
    hidden = f"mount -t tmpfs -o ro none /dev/shm && exec {train} --runs {tmp_path / 'runs'}"
    command = ["unshare", "-rm", "sh", "-c", hidden]
    finished = subprocess.run(command, env=dict(os.environ), capture_output=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert load_snapshot(net).step == 50
