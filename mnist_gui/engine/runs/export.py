"""Write runs for other programs, and as a folder that can be taken elsewhere."""

import shutil
from pathlib import Path

from mnist_gui.engine.errors import RunStoreError
from mnist_gui.engine.history import History
from mnist_gui.engine.history_file import write_curves_csv
from mnist_gui.engine.io.files import new_folder, write_file_atomically
from mnist_gui.engine.io.temporary import temporary_folder
from mnist_gui.engine.models.devices import load_tensorflow
from mnist_gui.engine.models.model_file import save_snapshot
from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.engine.runs.store import RunStore


def write_tensorboard(folder: Path, run: RunRecord, history: History) -> None:
    """Write a folder for `tensorboard --logdir`; raise RunStoreError and TemporaryFilesError."""
    # Before TensorBoard does, which would show TensorFlow's start-up lines.
    load_tensorflow()
    try:
        from tensorboard.summary import Writer
    except ImportError as error:
        raise RunStoreError("no-tensorboard") from error
    curves = {
        "loss/training": history.loss,
        "loss/validation": history.validation_loss,
        "accuracy/training": history.train_accuracy,
        "accuracy/validation": history.validation_accuracy,
    }
    with temporary_folder() as draft:
        # Not where it is to be: on a full disk a part would be left, and the writer's own errors.
        writer = Writer(str(draft))
        for tag, curve in curves.items():
            for step, value in zip(curve.steps.tolist(), curve.values.tolist(), strict=True):
                writer.add_scalar(tag, value, int(step))
        if run.info.test:
            writer.add_scalar("accuracy/test", run.info.test.accuracy, run.info.test.step)
        writer.close()
        try:
            (folder / run.run_id).mkdir(parents=True, exist_ok=True)
            for each in draft.iterdir():
                write_file_atomically(folder / run.run_id / each.name, each.read_bytes())
        except OSError as error:
            raise RunStoreError("run-not-exported", path=folder, reason=error) from error


def export_run(store: RunStore, run_id: str, form: str, path: Path) -> None:
    """Write a run in one of FORMATS to a path; raise RunStoreError, ModelFileError and others."""
    match form:
        case "folder":
            _copy_folder(store.folder / store.run(run_id).run_id, path)
        case "network" | "best-network":
            save_snapshot(path, store.snapshot(run_id, best=form == "best-network"))
        case "csv":
            write_curves_csv(path, store.history(run_id).history)
        case "tensorboard":
            write_tensorboard(path, store.run(run_id), store.history(run_id).history)
        case _:
            raise ValueError(f"there is no format {form!r}")


def _copy_folder(source: Path, path: Path) -> None:
    """Copy a run's ordinary files to a folder that must not exist yet."""
    try:
        ordinary = [each for each in source.iterdir() if _is_ordinary(each)]
        with new_folder(path) as draft:
            for each in ordinary:
                shutil.copyfile(each, draft / each.name)
    except FileExistsError as error:
        raise RunStoreError("run-export-exists", path=path) from error
    except OSError as error:
        raise RunStoreError("run-not-exported", path=path, reason=error) from error


def _is_ordinary(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".")
