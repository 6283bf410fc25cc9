import shutil
from pathlib import Path

import pytest

from mnist_gui.engine.dataset import Dataset
from mnist_gui.engine.errors import MnistGuiError, RunStoreError
from mnist_gui.engine.models.model_file import load_snapshot
from mnist_gui.engine.runs.export import export_run
from mnist_gui.engine.runs.names import FORMATS
from mnist_gui.engine.runs.store import RunStore
from tests.engine.runs.conftest import record, whole_run
from tests.refusals import refused


@pytest.fixture
def run_id(store: RunStore, dataset: Dataset) -> str:
    return record(store, dataset, whole_run(dataset, wrong=2))


def test_a_run_is_copied_whole_and_can_be_put_back(
    store: RunStore, run_id: str, tmp_path: Path
) -> None:
    (store.folder / run_id / "link").symlink_to("/etc/hostname")
    export_run(store, run_id, "folder", tmp_path / "copy")
    assert not (tmp_path / "copy" / "link").exists()
    other = RunStore(tmp_path / "others")
    shutil.copytree(tmp_path / "copy", other.folder / run_id)
    assert other.run(run_id) == store.run(run_id)
    with refused(RunStoreError, match="there already"):
        export_run(store, run_id, "folder", tmp_path / "copy")


def test_weights_and_curves_are_written(store: RunStore, run_id: str, tmp_path: Path) -> None:
    export_run(store, run_id, "network", tmp_path / "last.mnistgui")
    export_run(store, run_id, "best-network", tmp_path / "best.mnistgui")
    export_run(store, run_id, "csv", tmp_path / "curves.csv")
    assert load_snapshot(tmp_path / "last.mnistgui").step == 40
    assert load_snapshot(tmp_path / "best.mnistgui").step == 20
    assert len((tmp_path / "curves.csv").read_text().splitlines()) == 1 + 41


@pytest.mark.parametrize("form", FORMATS)
def test_a_place_where_nothing_can_be_written_gives_a_sentence(
    store: RunStore, run_id: str, tmp_path: Path, form: str
) -> None:
    (tmp_path / "file").touch()
    if form == "tensorboard":
        pytest.importorskip("tensorboard")
    with pytest.raises(MnistGuiError):
        export_run(store, run_id, form, tmp_path / "file" / "below")


def test_tensorboard_reads_what_is_written_for_it(
    store: RunStore, run_id: str, tmp_path: Path
) -> None:
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

    export_run(store, run_id, "tensorboard", tmp_path)
    (file,) = (tmp_path / run_id).iterdir()
    values = [value for event in EventFileLoader(str(file)).Load() for value in event.summary.value]
    tags = [value.tag for value in values]
    assert tags.count("loss/training") == 40
    assert tags.count("accuracy/validation") == 2
    assert values[-1].tag == "accuracy/test"
    assert values[-1].tensor.float_val == [pytest.approx(0.98)]
