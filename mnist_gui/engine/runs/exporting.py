"""Writes a run for other programs."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.files.regular_file import explain
from mnist_gui.engine.history_file import write_history_csv
from mnist_gui.engine.model_file import save_snapshot
from mnist_gui.engine.runs.ledger import RunLedger
from mnist_gui.engine.runs.tensorboard_file import write_tensorboard


def export_run(ledger: RunLedger, identity: str, form: str, path: Path) -> None:
    """Write a run in one of FORMATS to a path; raises RunRecordError, ModelFileError and others."""
    _WRITERS[form](ledger, identity, path)


def _write_folder(ledger: RunLedger, identity: str, path: Path) -> None:
    """Copy the run's files, which are plain ones, to a folder that must not be there yet."""
    source = ledger.folder / ledger.run(identity).identity
    try:
        path.mkdir()
        for each in source.iterdir():
            if each.is_file() and not each.is_symlink() and not each.name.startswith("."):
                shutil.copyfile(each, path / each.name)
    except FileExistsError as error:
        raise RunRecordError(
            f"The run cannot be exported to {path}, which is there already; name a new folder."
        ) from error
    except OSError as error:
        raise RunRecordError(f"The run cannot be exported to {path}: {explain(error)}.") from error


def _write_network(ledger: RunLedger, identity: str, path: Path) -> None:
    save_snapshot(path, ledger.snapshot(identity))


def _write_best(ledger: RunLedger, identity: str, path: Path) -> None:
    save_snapshot(path, ledger.snapshot(identity, best=True))


def _write_csv(ledger: RunLedger, identity: str, path: Path) -> None:
    write_history_csv(path, ledger.history(identity).history)


def _write_tensorboard(ledger: RunLedger, identity: str, path: Path) -> None:
    write_tensorboard(path, ledger.run(identity), ledger.history(identity).history)


_WRITERS: Mapping[str, Callable[[RunLedger, str, Path], None]] = MappingProxyType(
    {
        "folder": _write_folder,
        "network": _write_network,
        "best-network": _write_best,
        "csv": _write_csv,
        "tensorboard": _write_tensorboard,
    }
)
