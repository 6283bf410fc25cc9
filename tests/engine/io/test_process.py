import os
import sys
from pathlib import Path

import pytest

from mnist_gui.engine.io.process import ProcessError, run_python
from tests.refusals import refused


def test_a_process_that_fails_says_why_in_a_clause(tmp_path: Path) -> None:
    with refused(ProcessError, match=r"^ValueError: too bad$"):
        list(run_python(["-c", "raise ValueError('too bad.')"], tmp_path))


def test_a_process_ends_with_whoever_waits_for_it(tmp_path: Path) -> None:
    code = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    waiting = run_python(["-c", code], tmp_path)
    while not (tmp_path / "output").exists() or not (tmp_path / "output").read_text():
        next(waiting)
    waiting.close()  # type: ignore[attr-defined]
    assert not Path(f"/proc/{(tmp_path / 'output').read_text().strip()}").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there it has no niceness")
def test_an_idle_process_leaves_the_processor_to_all_others(tmp_path: Path) -> None:
    code = "import os, sys; sys.stdin.read(); print(os.nice(0))"
    list(run_python(["-c", code], tmp_path, is_idle=True))
    assert int((tmp_path / "output").read_text()) == 19
    list(run_python(["-c", code], tmp_path))
    assert int((tmp_path / "output").read_text()) == os.nice(0)
