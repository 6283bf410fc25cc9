"""A program that lets libFuzzer look for a file which makes a reader do what it must not.

    python -m tests.faults.fuzz_program READER FINDINGS CORPUS [MORE ...] [libFuzzer's -options]

READER is the name of one of `TARGETS`. What it finds goes into the folder FINDINGS, a file's
content and what became of it; what reached new code goes into the folder CORPUS.
"""

import hashlib
import os
import resource
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import atheris
import numpy as np
from numpy.random import Generator

from tests.faults import watching

with atheris.instrument_imports(include=["mnist_gui", "PIL"]):
    from mnist_gui.engine.errors import FileFormatError
    from mnist_gui.engine.exchange import import_weights as importing
    from mnist_gui.engine.exchange.foreign_arrays import as_float32, check_name
    from mnist_gui.engine.exchange.hdf5_process import read_arrays, read_model
    from tests.faults.fuzz_targets import TARGETS
    from tests.faults.judging import judge
    from tests.faults.mutations import mutated

_LONGEST_SECONDS = 10.0
_FORK_SECONDS = 5
_MOST_WORDS = 4_000
_FORK_BYTES = 8 << 30
_MOST_BYTES = 128 << 10


class FuzzedReader:
    """Puts contents in a file's place, has them read, and keeps those that do harm."""

    def __init__(self, name: str, folder: Path, findings: Path) -> None:
        target = TARGETS[name]
        self._kind = target.kind
        self._folder = folder
        self._findings = findings
        self._path = target.make(folder)
        self.seeds = [self._path.read_bytes(), *target.kind.others()]
        self._known: set[str] = set()
        self._most_kilobytes = _peak_kilobytes()
        watching.import_decoders()
        # Libraries take what they keep with the first file.
        list(target.kind.read(folder))
        self._most_kilobytes = _peak_kilobytes()

    def read(self, content: bytes) -> None:
        """Read one content; whatever must not be is written down, once for each place in code."""
        self._path.write_bytes(content)
        try:
            judgement = judge(self._folder, self._kind, lines=False)
            self._check_bounds(judgement.watch.seconds)
        except BaseException as error:  # noqa: BLE001 - that is what is looked for
            self._keep(content, error)

    def _check_bounds(self, seconds: float) -> None:
        assert seconds < _LONGEST_SECONDS, f"took {seconds:.1f} s"
        grown = (_peak_kilobytes() - self._most_kilobytes) / 1_024
        if grown > self._kind.most_megabytes:
            self._most_kilobytes = _peak_kilobytes()
            raise AssertionError(f"took {grown:.0f} MB")

    def _keep(self, content: bytes, error: BaseException) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno}"
        if place in self._known:
            return
        self._known.add(place)
        name = hashlib.sha256(content).hexdigest()[:12]
        (self._findings / name).write_bytes(content)
        words = "".join(traceback.format_exception(error, limit=-8))
        shown = words if len(words) < _MOST_WORDS else f"{words[:_MOST_WORDS]} ..."
        (self._findings / f"{name}.txt").write_text(shown, "utf-8", "backslashreplace")


def mutate(content: bytes, most: int, seed: int) -> bytes:
    """Damage a content as libFuzzer does, or within what is packed in it, checksums in order."""

    def own(part: bytes, _random: Generator) -> bytes:
        changed: bytes = atheris.Mutate(part, min(len(part) + 64, most))
        return changed

    random = np.random.default_rng(seed)
    changed = own(content, random) if random.random() < 0.3 else mutated(content, random, own)
    return changed if len(changed) <= most else own(content, random)


def read_in_fork(content: bytes) -> tuple[dict[str, Any], str]:
    """Do what `read_hdf5` does, in a fork in place of a new process, which takes a second.

    What the fork survives is read in this process as well, so that its coverage is known.
    """
    child = os.fork()
    if not child:
        _end_after(read_arrays, content)
    _, status = os.waitpid(child, 0)
    if status:
        raise FileFormatError("hdf5-process-died")
    arrays = read_arrays(content)
    for name in arrays:
        check_name(name)
    named = {name: as_float32(name, array) for name, array in arrays.items()}
    return named, read_model(content)


def _end_after(call: Callable[[bytes], object], content: bytes) -> None:
    """Call, in a process that may take little, and end it."""
    for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (_FORK_SECONDS, _FORK_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_FORK_BYTES, _FORK_BYTES))
    try:
        call(content)
    except BaseException:  # noqa: BLE001 - it is looked at in the other process
        os._exit(0)
    os._exit(0)


def _peak_kilobytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Fuzz one reader; libFuzzer ends the process."""
    name, findings, corpus, *options = sys.argv[1:]
    vars(importing)["read_hdf5"] = read_in_fork
    watching.allow("os.fork")
    warnings.simplefilter("error")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "around" / "target"
        folder.mkdir(parents=True)
        reader = FuzzedReader(name, folder, Path(findings))
        for number, seed in enumerate(reader.seeds):
            (Path(corpus) / f"seed-{number}").write_bytes(seed)
        atheris.Setup(
            # What is new goes into the first folder.
            [sys.argv[0], f"-max_len={_MOST_BYTES}", corpus, *options],
            reader.read,
            custom_mutator=mutate,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
