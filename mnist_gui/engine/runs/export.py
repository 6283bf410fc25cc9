"""Export runs as CSV, JSON or for TensorBoard."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.history import History, write_curves_csv
from mnist_gui.engine.io.files import explain
from mnist_gui.engine.models.devices import load_tensorflow
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.engine.runs.store import RunStore

FORMATS = ("folder", "network", "best-network", "csv", "tensorboard")


def write_tensorboard(folder: Path, run: RunRecord, history: History) -> None:
    """Write a folder for `tensorboard --logdir`; raises RunStoreError."""
    # It looks for TensorFlow by itself, and then its start-up lines would be seen.
    load_tensorflow()
    try:
        from tensorboard.summary import Writer
    except ImportError as error:
        raise RunStoreError(
            'TensorBoard is not installed; install mnist-gui with its extra "tensorboard".'
        ) from error
    curves = {
        "loss/training": history.loss,
        "loss/validation": history.validation_loss,
        "accuracy/training": history.train_accuracy,
        "accuracy/validation": history.validation_accuracy,
    }
    try:
        # The writer would raise TensorFlow's own errors.
        (folder / run.run_id).mkdir(parents=True, exist_ok=True)
        writer = Writer(str(folder / run.run_id))
        for tag, curve in curves.items():
            for step, value in zip(curve.steps.tolist(), curve.values.tolist(), strict=True):
                writer.add_scalar(tag, value, int(step))
        if run.info.test:
            writer.add_scalar("accuracy/test", run.info.test.accuracy, run.info.test.step)
        writer.close()
    except OSError as error:
        raise RunStoreError(f"The run cannot be exported to {folder}: {explain(error)}.") from error


def export_run(store: RunStore, run_id: str, form: str, path: Path) -> None:
    """Write a run in one of FORMATS to a path; raises RunStoreError, ModelFileError and others."""
    _WRITERS[form](store, run_id, path)


def _write_folder(store: RunStore, run_id: str, path: Path) -> None:
    """Copy the run's files, which are plain ones, to a folder that must not be there yet."""
    source = store.folder / store.run(run_id).run_id
    try:
        path.mkdir()
        for each in source.iterdir():
            if each.is_file() and not each.is_symlink() and not each.name.startswith("."):
                shutil.copyfile(each, path / each.name)
    except FileExistsError as error:
        raise RunStoreError(
            f"The run cannot be exported to {path}, which is there already; name a new folder."
        ) from error
    except OSError as error:
        raise RunStoreError(f"The run cannot be exported to {path}: {explain(error)}.") from error


def _write_network(store: RunStore, run_id: str, path: Path) -> None:
    save_snapshot(path, store.snapshot(run_id))


def _write_best(store: RunStore, run_id: str, path: Path) -> None:
    save_snapshot(path, store.snapshot(run_id, best=True))


def _write_csv(store: RunStore, run_id: str, path: Path) -> None:
    write_curves_csv(path, store.history(run_id).history)


def _write_tensorboard(store: RunStore, run_id: str, path: Path) -> None:
    write_tensorboard(path, store.run(run_id), store.history(run_id).history)


_WRITERS: Mapping[str, Callable[[RunStore, str, Path], None]] = MappingProxyType(
    {
        "folder": _write_folder,
        "network": _write_network,
        "best-network": _write_best,
        "csv": _write_csv,
        "tensorboard": _write_tensorboard,
    }
)
