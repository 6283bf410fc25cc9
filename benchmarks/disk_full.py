"""Does what writes with too little room on the disk, over and over, and looks what comes of it.

    python -m benchmarks.disk_full [NAME ...] [--most 40] [--json]

Each thing that the program writes is done on a small disk of its own (tmpfs) with room for 0, 1,
2, ... pages of 4 kB more than it has, until that is enough; then likewise with room for 0, 1, 2,
... files; what uses temporary files also where only their disk is full. After 20 rooms they grow
by a quarter, to at most so many; those of what is slow double. It is bad if a file that was there
has other bytes, if one that is not whole has a final name, if there is a traceback or no sentence
that says that the disk is full and where, if the status is 0, or if what is begun again with room
gives something else than on an empty disk. Printed are the rooms tried, how often what was asked
for was refused (or a run went on, and said that it is not recorded), and what was bad. The status
is 1 where anything was. Linux only, as root; where no disk may be mounted it says so and ends with
status 2.
"""

import argparse
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass, field
from io import StringIO
from pathlib import Path

from benchmarks.disk_full_things import THINGS, Thing
from mnist_gui.cli.main import parse_arguments, run_command
from mnist_gui.engine.errors import log_exception
from mnist_gui.engine.io.files import is_draft
from mnist_gui.words.errors import sentence

_PAGE = 4096
_PLENTY = 1 << 40
_EXACT_ROOMS = 20
_FULL = "is full"
CANNOT_MOUNT = 2


class Disk:
    """A tmpfs whose room can be set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=True, capture_output=True)

    def close(self) -> None:
        """Take it away."""
        subprocess.run(["umount", "--lazy", self.folder], check=True)

    def empty(self) -> None:
        """Delete all that is on it."""
        self.give_room()
        for each in self.folder.iterdir():
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        # A disk of no pages would be one without bounds.
        (self.folder / "ballast").write_bytes(bytes(_PAGE))

    def give_room(self, pages: int = _PLENTY // _PAGE, files: int = 1 << 20) -> None:
        """Leave room for so many pages and so many files more than there are."""
        used = os.statvfs(self.folder)
        size = (used.f_blocks - used.f_bfree + pages) * _PAGE
        most = used.f_files - used.f_ffree + files
        options = f"remount,size={size},nr_inodes={most}"
        subprocess.run(["mount", "-o", options, self.folder], check=True)


@dataclass(slots=True)
class Ending:
    """How doing something ended: whether all was done, what was said, and what nobody foresaw."""

    is_done: bool
    said: str
    logged: str


@dataclass(slots=True)
class Outcome:
    """What came of doing one thing with too little room."""

    rooms: int = 0
    refused: int = 0
    bad: list[str] = field(default_factory=list)


def main() -> int:
    """Fill the disk and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(THINGS))
    parser.add_argument("--most", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        # What the program keeps of its own is not the user's.
        os.environ |= {"XDG_DATA_HOME": name, "XDG_CONFIG_HOME": name, "XDG_STATE_HOME": name}
        os.environ |= {"QT_QPA_PLATFORM": "offscreen", "COLUMNS": "500"}
        try:
            disk = Disk(Path(name) / "disk")
        except (subprocess.CalledProcessError, FileNotFoundError):
            print("No disk can be mounted here; run this on Linux as root.", file=sys.stderr)
            return CANNOT_MOUNT
        try:
            outcomes = dict(_outcomes(arguments, disk, Path(name)))
        finally:
            disk.close()
    if arguments.json:
        print(json.dumps({each: asdict(outcome) for each, outcome in outcomes.items()}))
    bad = sum(len(outcome.bad) for outcome in outcomes.values())
    rooms = sum(outcome.rooms for outcome in outcomes.values())
    print(f"{len(outcomes)} things, {rooms} rooms, {bad} bad", file=sys.stderr)
    return 1 if bad else 0


def _outcomes(
    arguments: argparse.Namespace, disk: Disk, place: Path
) -> Iterator[tuple[str, Outcome]]:
    for name in arguments.names or THINGS:
        for resource in THINGS[name].resources:
            outcome = _fill(THINGS[name], resource, disk, place, arguments.most)
            title = f"{name}, {resource}"
            if not arguments.json:
                print(f"{title:38} {outcome.rooms:4} {outcome.refused:4} {len(outcome.bad):4}")
                for text in sorted(set(outcome.bad)):
                    print(f"    {text[:700]}")
                sys.stdout.flush()
            yield title, outcome


def _rooms(most: int, *, is_slow: bool) -> Iterator[int]:
    """Yield at most so many rooms: each of the first, then larger and larger ones."""
    room = 0
    for number in range(most):
        yield room
        if is_slow:
            room = max(1, 2 * room)
        else:
            room += 1 if number < _EXACT_ROOMS else room // 4


def _fill(thing: Thing, resource: str, disk: Disk, place: Path, most: int) -> Outcome:
    """Do a thing with more and more room of a resource, until it is done."""
    outcome = Outcome()
    target, other = place / "target", place / "other"
    # What is full is the disk of the temporary files, or that of all that is to stay.
    where = other if resource == "temporary" else disk.folder
    with _temporary_files(disk.folder if resource == "temporary" else target):
        disk.empty()
        peace = _in_peace(thing, where)
        for room in _rooms(most, is_slow=thing.is_slow):
            disk.empty()
            _fresh(other)
            thing.prepare(where)
            before = _files(where)
            disk.give_room(**{"files" if resource == "files" else "pages": room})
            ending = _ending(thing, where)
            if thing.is_silent:
                ending.is_done = thing.result(where) == peace
            outcome.rooms += 1
            problems = list(_problems(thing, where, before, ending, disk.folder))
            outcome.refused += not ending.is_done
            disk.give_room()
            # A sweep is done, too, if one of its runs could be recorded.
            is_in_part = _FULL in ending.said and thing.result(where) != peace
            if is_in_part or not ending.is_done:
                again = _ending(thing, where, is_again=True)
                if not again.is_done and not thing.is_silent:
                    problems.append(f"with room again: {again.said}")
            if thing.result(where) != peace:
                problems.append("with room again something else came of it")
            outcome.bad += [f"room {room}: {problem}" for problem in problems]
            if ending.is_done and not ending.said.count(_FULL):
                return outcome
    outcome.bad.append(f"was not done with room for {room} either")
    return outcome


@contextmanager
def _temporary_files(folder: Path) -> Iterator[None]:
    before = tempfile.gettempdir()
    folder.mkdir(exist_ok=True)
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = os.environ["TMPDIR"] = before


def _fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def _in_peace(thing: Thing, where: Path) -> object:
    """Return what comes of doing a thing with room."""
    where.mkdir(exist_ok=True)
    thing.prepare(where)
    ending = _ending(thing, where)
    if not ending.is_done:
        raise SystemExit(f"with room it was not done either: {ending.said} {ending.logged}")
    return thing.result(where)


def _ending(thing: Thing, where: Path, *, is_again: bool = False) -> Ending:
    """Do a thing in this process, as its command or presenter does."""
    said, log = StringIO(), _Log()
    logger = logging.getLogger("mnist_gui")
    logger.addHandler(log)
    with redirect_stdout(StringIO()), redirect_stderr(said):
        try:
            status = _done(thing, where, is_again=is_again)
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 1
        except Exception as error:  # noqa: BLE001 - as whoever calls it does, in window and command
            log_exception(error)
            print(sentence(error), file=said)
            status = 1
        finally:
            logger.removeHandler(log)
    return Ending(status == 0, said.getvalue(), log.text)


def _done(thing: Thing, where: Path, *, is_again: bool) -> int:
    words = thing.again(where) if is_again and thing.again else thing.do(where)
    return 0 if words is None else run_command(parse_arguments([str(word) for word in words]))


class _Log(logging.Handler):
    """Keeps the unexpected errors: those of which a user would see a kind and a text."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep an error, unless it is one of the disk that has a sentence."""
        error = record.exc_info[1] if record.exc_info else None
        self.text += f"{record.getMessage()} {error!r}; "


def _problems(
    thing: Thing, where: Path, before: dict[str, bytes], ending: Ending, disk: Path
) -> Iterator[str]:
    """Yield what is not as it should be after a thing was done with too little room."""
    if ending.logged:
        yield f"it was not foreseen: {ending.logged}"
    if "Traceback" in ending.said:
        yield f"a traceback: {ending.said}"
    if ending.is_done:
        return
    lines = [line for line in ending.said.splitlines() if _FULL in line]
    if thing.is_silent:
        pass
    elif not lines:
        yield f"no sentence says that the disk is full: {ending.said.strip()[-400:]!r}"
    elif not any(str(disk) in line for line in lines):
        yield f"it does not say where: {lines[-1]}"
    yield from _faults(thing, where, before)


def _faults(thing: Thing, where: Path, before: dict[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with the files after a thing was not done."""
    after = _files(where)
    # A store, a history, a log: they are looked into.
    changed = [name for name in before if after.get(name) != before[name] and not thing.grows(name)]
    if changed:
        yield f"changed: {changed}"
    new = after.keys() - before.keys()
    drafts = {name for name in new if is_draft(Path(name).name)}
    if drafts:
        yield f"drafts are left: {drafts}"
    if left := [name for name in new - drafts if not thing.may_leave(name)]:
        yield f"left: {left}"
    if fault := thing.fault(where):
        yield fault


def _files(folder: Path) -> dict[str, bytes]:
    """Return the contents of all files by their names; a folder's name ends in a slash."""
    return {
        f"{each.relative_to(folder)}{'/' if each.is_dir() else ''}": (
            b"" if each.is_dir() else each.read_bytes()
        )
        for each in folder.rglob("*")
    }


if __name__ == "__main__":
    sys.exit(main())
