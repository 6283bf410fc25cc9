import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no shell to tell it")

ENDED = """
import os, signal, sys
from pathlib import Path
from mnist_gui.engine.io import sudden_end
sudden_end.words = "It ended and said:"
with sudden_end.told(Path(sys.argv[1]), is_temporary=False):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("F0000 00:00:17.2 13380 flags.cc:234] Unknown flag", "Unknown flag"),
        ("I0000 00:00:17.2 13380 port.cc:153] custom operations are on.", ""),
        ("To enable the following instructions: AVX2", ""),
    ],
)
def test_only_a_message_of_something_fatal_is_told_as_the_reason(
    tmp_path: Path, last: str, told: str
) -> None:
    log = tmp_path / "log"
    log.write_text(f"something before\n{last}\n")
    # All that has the pipe has ended when it is read to its end.
    done = subprocess.run(
        [sys.executable, "-c", ENDED, log], capture_output=True, text=True, check=False
    )
    assert done.stderr == (f"mnist-gui: It ended and said: {told}\n" if told else "")
