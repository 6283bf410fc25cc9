"""What the program writes, one thing after the other, for `benchmarks.disk_full`."""

import atexit
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PySide6.QtCore import QByteArray, QSettings

from benchmarks.kills import digest, some_drawings
from mnist_gui.engine.dataset import load_dataset
from mnist_gui.engine.digits.files import add_drawing, write_drawings
from mnist_gui.engine.digits.store import FILE_NAME, UserDigitStore, import_digits
from mnist_gui.engine.drawing import Drawing, LabelledDrawing, Stroke
from mnist_gui.engine.errors import log_exception
from mnist_gui.engine.inside.files import write_view
from mnist_gui.engine.inside.map_store import MapStore
from mnist_gui.engine.inside.tsne import spread_out
from mnist_gui.engine.models.model_file import load_snapshot, save_snapshot
from mnist_gui.engine.pictures.decoding import open_picture
from mnist_gui.engine.recipe import RECIPES
from mnist_gui.engine.results_files import write_results
from mnist_gui.engine.runs.active_run import start_run
from mnist_gui.engine.runs.folder_choice import write_runs_choice
from mnist_gui.engine.runs.run import RunStatus
from mnist_gui.engine.runs.store import RunStore
from mnist_gui.error_log import keep_error_log
from mnist_gui.settings import Settings, store_settings
from tests.engine.conftest import softmax_snapshot, write_dataset
from tests.engine.pictures.scenes import page
from tests.faults import good_files

_PAGES, _FILES, _TEMPORARY = "pages", "files", "temporary"
_STEPS = 60
_RUNS, _RUN = "runs", "--run"
# Before the folder for temporary files is changed.
_PLACE = tempfile.gettempdir()
_BEFORE = b"what was here before\n"
Words = Sequence[object]


def _nothing(_where: Path) -> str:
    return ""


def _never(_name: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is written: what is there before, how it is written, what comes of it.

    `do` returns a command's words, or has done it and returns None; `again` is what a user does
    once there is room, where that is something else. `grows` says which files need not keep their
    bytes, `may_leave` which may be new after a failure; `fault` then looks into those. What
    `is_slow` is tried with fewer rooms. What `is_silent` tells nobody, as nobody asked for it or
    could do anything about it.
    """

    prepare: Callable[[Path], object]
    do: Callable[[Path], Words | None]
    result: Callable[[Path], object]
    resources: tuple[str, ...] = (_PAGES, _FILES)
    again: Callable[[Path], Words | None] | None = None
    grows: Callable[[str], bool] = _never
    may_leave: Callable[[str], bool] = _never
    fault: Callable[[Path], str] = _nothing
    is_slow: bool = False
    is_silent: bool = False


# --- what is there beforehand ------------------------------------------------------------------


@cache
def _made() -> Path:
    """Return a folder with a data set, networks, drawings, runs and a picture, made once."""
    folder = Path(tempfile.mkdtemp(prefix="mnist-gui-made-", dir=_PLACE))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write_dataset(folder / "data", train=600, test=200)
    content = load_dataset(folder / "data")
    with zipfile.ZipFile(folder / "data.zip", "w") as archive, archive.open("all.npz", "w") as file:
        np.savez(
            file,
            x_train=content.train.images,
            y_train=content.train.labels,
            x_test=content.test.images,
            y_test=content.test.labels,
        )
    save_snapshot(folder / "softmax.mnistgui", softmax_snapshot())
    (folder / "net.h5").write_bytes(good_files.hdf5(folder)["net.h5"])
    np.savez(folder / "softmax.npz", **softmax_snapshot().weights)  # type: ignore[arg-type]
    write_drawings(folder / "drawings.jsonl", some_drawings(60))
    page(["0170170170"] * 10, side=200).save(folder / "page.png")
    _make_run(folder / "completed", stops=False)
    _make_run(folder / "stopped", stops=True)
    return folder


def _make_run(runs: Path, *, stops: bool) -> None:
    recipe = replace(RECIPES["softmax-tutorial"], steps=_STEPS, validate_every=20)
    store = RunStore(runs)
    run = start_run(store, load_dataset(runs.parent / "data"), recipe, warn=log_exception)
    for _ in run.events_until(lambda: stops and run.history.step > 0):
        pass
    if not run.close(60):
        raise SystemExit("a run could not be recorded")
    if stops and not 0 < run.history.step < _STEPS:
        raise SystemExit("no run could be stopped half-way")


def _with_files(*names: str) -> Callable[[Path], None]:
    def prepare(where: Path) -> None:
        for name in names:
            (where / name).write_bytes(_BEFORE)

    return prepare


def _with_runs(name: str) -> Callable[[Path], None]:
    def prepare(where: Path) -> None:
        shutil.copytree(_made() / name, where / _RUNS)

    return prepare


# --- what comes of it --------------------------------------------------------------------------


def _bytes_of(*names: str) -> Callable[[Path], object]:
    return lambda where: [(where / name).read_bytes() for name in names]


def _trained(where: Path) -> object:
    """Return the weights of all runs that were completed."""
    store = RunStore(where / _RUNS)
    runs = [run for run in store.runs().runs if run.status is RunStatus.COMPLETED]
    return sorted(
        (run.info.recipe.learning_rate, digest(store.snapshot(run.run_id).weights)) for run in runs
    )


def _is_of_a_run(name: str) -> bool:
    return name.startswith(f"{_RUNS}/")


def _run_fault(where: Path, most: int = 2) -> str:
    """Return what is wrong with the runs, at most so many, of which some may be left half-way."""
    listed = RunStore(where / _RUNS).runs()
    if listed.unreadable:
        return f"unreadable: {[each.problem for each in listed.unreadable]}"
    if len(list((where / _RUNS).glob("[!.]*"))) > len(listed.runs) or len(listed.runs) > most:
        return f"too many folders: {sorted(each.name for each in (where / _RUNS).iterdir())}"
    return ""


def _digits_in(where: Path) -> object:
    return [
        (digit.label, digit.drawing.strokes[0].points.tobytes())
        for digit in UserDigitStore(where).read().digits
    ]


def _digits_fault(where: Path) -> str:
    count = len(UserDigitStore(where).read().digits)
    return "" if count in (0, 30) else f"{count} digits"


def _is_of_digits(name: str) -> bool:
    # One that has no digits yet is a file of no bytes.
    return name == FILE_NAME


# --- what is done ------------------------------------------------------------------------------


def _training(where: Path) -> Words:
    given = ("--steps", _STEPS, "--data", _made() / "data", "--runs", where / _RUNS)
    return ("train", "--recipe", "softmax-tutorial", *given)


def _resuming(where: Path, run: str = "last") -> Words:
    return ("resume", run, "--data", _made() / "data", "--runs", where / _RUNS)


def _training_again(where: Path) -> Words:
    """Resume the run that was left, if there is one; else train."""
    runs = RunStore(where / _RUNS).runs().runs
    left = [run.run_id for run in runs if run.status is not RunStatus.COMPLETED]
    return _resuming(where, *left) if left else _training(where)


def _sweeping(where: Path, *more: object) -> Words:
    given = ("--grid", "learning_rate=0.1,0.2", "--steps", _STEPS, "--data", _made() / "data")
    return ("sweep", "--recipe", "softmax-tutorial", *given, "--runs", where / _RUNS, *more)


def _saving(where: Path) -> Words:
    return (*_training(where)[:7], "--no-record", "--out", where / "net.mnistgui")


def _personalizing(where: Path) -> Words:
    given = ("--from", _made() / "softmax.mnistgui", "--drawings", _made() / "drawings.jsonl")
    return ("personalize", *given, "--data", _made() / "data", "--out", where / "net.mnistgui")


def _exporting(form: str) -> Thing:
    name = f"net.{form}"
    return Thing(
        _with_files(name),
        lambda where: ("export", "--model", _made() / "softmax.mnistgui", "--out", where / name),
        # A .keras file has the time in it.
        lambda where: (where / name).read_bytes()[:4] + (where / "predict.py").read_bytes(),
        (_PAGES, _FILES, _TEMPORARY),
        is_slow=True,
    )


def _importing(where: Path) -> Words:
    given = ("--data", _made() / "data", "--images", "as-is")
    return ("import", _made() / "softmax.npz", *given, "--out", where / "net.mnistgui")


def _importing_hdf5(where: Path) -> Words:
    command, _, *given = _importing(where)
    return (command, _made() / "net.h5", *given)


def _runs_command(*words: object) -> Callable[[Path], Words]:
    return lambda where: ("runs", words[0], "last", "--runs", where / _RUNS, *words[1:])


def _exporting_run(form: str, name: str, result: Callable[[Path], object]) -> Thing:
    def do(where: Path) -> Words:
        return _runs_command("export", "--format", form, "--out", where / name)(where)

    return Thing(_with_runs("completed"), do, result)


def _with_tensorboard() -> dict[str, Thing]:
    """Return the export that needs an extra, where that is installed."""
    if find_spec("tensorboard") is None:
        return {}
    thing = _exporting_run("tensorboard", "events", lambda where: len(_whole("events")(where)))
    return {"runs export tensorboard": replace(thing, may_leave=lambda name: name[-1] == "/")}


def _whole(folder: str) -> Callable[[Path], list[bytes]]:
    def result(where: Path) -> list[bytes]:
        return [each.read_bytes() for each in sorted((where / folder).rglob("*")) if each.is_file()]

    return result


def _keep(where: Path, count: int) -> None:
    UserDigitStore(where).keep_all(some_drawings(count))


def _import_digits(where: Path) -> None:
    import_digits(UserDigitStore(where), _made() / "drawings.jsonl")


def _settings(where: Path, *, page: str) -> None:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(where))
    store_settings(Settings(QByteArray(), QByteArray(), page=page, drawing="x" * 20_000))


def _stored(where: Path) -> object:
    return [each.read_bytes() for each in where.rglob("*.conf")]


def _log_something(where: Path) -> None:
    logger = logging.getLogger("mnist_gui")
    before, logger.handlers = logger.handlers, []
    keep_error_log(lambda name: where / name)
    try:
        log_exception(ValueError("something " * 800))
    finally:
        logger.handlers = before


def _sheet(where: Path) -> Words:
    return ("data", _made() / "data", "--sheet", where / "sheet.png")


def _report(where: Path) -> Words:
    given = ("--model", _made() / "softmax.mnistgui", "--data", _made() / "data")
    return ("evaluate", *given, "--report", where / "report.html")


def _map(_where: Path) -> None:
    coordinates = np.random.default_rng(1).normal(size=(300, 20)).astype(np.float32)
    for _ in spread_out(coordinates, len):
        pass


def _picture(_where: Path) -> None:
    open_picture(_made() / "page.png")


def _kept_map(where: Path) -> object:
    return MapStore(where / "maps").read("key", 3_000) is not None


def _logged(where: Path) -> object:
    return [len(each.read_bytes()) for each in where.glob("errors.log")]


def _long_drawing() -> LabelledDrawing:
    points = np.random.default_rng(1).random((2_000, 2))
    return LabelledDrawing(Drawing((Stroke(points),)), 7)


_MANY_NUMBERS = ",".join(map(str, range(10_000))).encode()


def _network(do: Callable[[Path], Words], *resources: str) -> Thing:
    """Return what writes a network in place of another file."""
    resources = resources or (_PAGES, _FILES)
    return Thing(_with_files("net.mnistgui"), do, _weights, resources)


def _weights(where: Path, name: str = "net.mnistgui") -> object:
    # The temperature may differ in its last bits, as it is computed by several threads, and the
    # file tells when it was written.
    return digest(load_snapshot(where / name).weights)


def _more_digits(do: Callable[[Path], Words | None]) -> Thing:
    """Return what adds to the digits that are there."""
    before = partial(_keep, count=30)
    return Thing(before, do, _digits_in, grows=_is_of_digits, fault=_digits_fault)


THINGS: dict[str, Thing] = {
    "train": Thing(
        _with_runs("completed"),
        _training,
        _trained,
        again=_training_again,
        may_leave=_is_of_a_run,
        fault=_run_fault,
    ),
    "resume": Thing(
        _with_runs("stopped"),
        _resuming,
        _trained,
        # Its own files; that it can be resumed again to the same bits is what has to hold.
        grows=_is_of_a_run,
        may_leave=_is_of_a_run,
        fault=_run_fault,
        again=_training_again,
    ),
    "sweep": Thing(
        _with_runs("completed"),
        _sweeping,
        _trained,
        may_leave=_is_of_a_run,
        fault=partial(_run_fault, most=3),
    ),
    "sweep in processes": Thing(
        _with_runs("completed"),
        lambda where: _sweeping(where, "--jobs", 2),
        _trained,
        (_PAGES,),
        is_slow=True,
        may_leave=_is_of_a_run,
        fault=partial(_run_fault, most=3),
    ),
    "train --out": _network(_saving),
    "personalize": _network(_personalizing),
    "import": _network(_importing),
    "import HDF5": _network(_importing_hdf5, _TEMPORARY),
    "export .npz": _exporting("npz"),
    "export .keras": _exporting("keras"),
    "export .tflite": _exporting("tflite"),
    "first digits": Thing(
        _nothing,
        partial(_keep, count=60),
        _digits_in,
        may_leave=_is_of_digits,
        fault=_digits_fault,
    ),
    "more digits": _more_digits(partial(_keep, count=60)),
    "digits from a file": _more_digits(_import_digits),
    "drawings": Thing(
        _with_files("mine.jsonl"),
        lambda where: write_drawings(where / "mine.jsonl", some_drawings(60)),
        _bytes_of("mine.jsonl"),
    ),
    "one more drawing": Thing(
        lambda where: shutil.copy(_made() / "drawings.jsonl", where / "mine.jsonl"),
        lambda where: add_drawing(where / "mine.jsonl", _long_drawing()),
        _bytes_of("mine.jsonl"),
    ),
    "report": Thing(_with_files("report.html"), _report, _bytes_of("report.html")),
    "sheet": Thing(_with_files("sheet.png"), _sheet, _bytes_of("sheet.png")),
    "results": Thing(
        _with_files("results.csv"),
        lambda where: write_results(where / "results.csv", _MANY_NUMBERS),
        _bytes_of("results.csv"),
    ),
    "views": Thing(
        _with_files("view.csv"),
        lambda where: write_view(where / "view.csv", _MANY_NUMBERS),
        _bytes_of("view.csv"),
    ),
    "runs export folder": _exporting_run("folder", "copy", _whole("copy")),
    "runs export network": _exporting_run(
        "network", "a.mnistgui", partial(_weights, name="a.mnistgui")
    ),
    "runs export csv": _exporting_run("csv", "a.csv", _bytes_of("a.csv")),
    **_with_tensorboard(),
    "runs label": Thing(
        _with_runs("completed"),
        _runs_command("label", "--note", "a note " * 280),
        lambda where: RunStore(where / _RUNS).runs().runs[0].labels,
    ),
    "runs delete": Thing(
        _with_runs("completed"),
        _runs_command("delete"),
        lambda where: [*map(str, RunStore(where / _RUNS).deleted())],
    ),
    "runs folder": Thing(
        lambda where: write_runs_choice(where, where / "before"),
        lambda where: write_runs_choice(where, where / "after"),
        _bytes_of("choices.json"),
    ),
    "settings": Thing(
        partial(_settings, page="START"),
        partial(_settings, page="DRAW"),
        _stored,
        is_silent=True,
    ),
    "error log": Thing(
        _log_something,
        _log_something,
        _logged,
        grows=lambda name: name == "errors.log",
        is_silent=True,
    ),
    "kept map": Thing(
        _nothing,
        lambda where: MapStore(where / "maps").keep("key", np.ones((3_000, 2), np.float32)),
        _kept_map,
        may_leave=lambda name: name == "maps/",
        is_silent=True,
    ),
    "map": Thing(_nothing, _map, _nothing, (_TEMPORARY,), is_slow=True),
    "a picture": Thing(_nothing, _picture, _nothing, (_TEMPORARY,)),
    "data in a zip file": Thing(
        _with_files("sheet.png"),
        lambda where: (
            *("data", _made() / "data.zip"),
            *("--sheet", where / "sheet.png"),
        ),
        _bytes_of("sheet.png"),
        (_TEMPORARY,),
    ),
}
