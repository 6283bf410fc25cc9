import random
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.runs.store import RunStore
from tests.refusals import not_told, refused


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_program_has_its_run_to_itself_and_leaves_it_whole_when_it_is_killed(
    store: RunStore, dataset: Dataset, tmp_path: Path, seed: int
) -> None:
    command = [sys.executable, "-m", "tests.engine.runs.endless_run"]
    places = [str(store.folder), str(tmp_path / "digits")]
    with subprocess.Popen([*command, *places], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"recording\n"
        with refused(RunStoreError, match="goes on in another program"):
            store.resume(store.runs().runs[0].run_id, dataset, not_told)
        # The one thing here that has to be left to chance: which write it is killed in.
        sleep(random.Random(seed).uniform(0.02, 0.2))
        program.send_signal(signal.SIGKILL)
    found = store.runs()
    assert not found.unreadable
    (run,) = found.runs
    assert (run.status, run.can_resume) == (RunStatus.INTERRUPTED, True)
    checkpoint, recorder = store.resume(run.run_id, dataset, not_told)
    assert recorder.close(10)
    assert checkpoint is not None
    assert all((array == checkpoint.step).all() for array in checkpoint.arrays.values())
    history = store.history(run.run_id)
    # What led to a checkpoint is on the disk before it.
    assert history.history.step >= checkpoint.step
    assert history.damaged_lines == 0
    assert not list((store.folder / run.run_id).glob(".*"))
