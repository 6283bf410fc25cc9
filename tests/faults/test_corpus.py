"""Files that fuzzing found: each reached code that none before had, or did harm once.

`python -m benchmarks.fuzzing --keep` adds to them. Where atheris is installed, every reader is
fuzzed for a moment as well; MNIST_GUI_FUZZ_SECONDS tells for how long.
"""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.fuzzing import fuzz
from tests.faults.corpus_files import CORPUS, folder_of
from tests.faults.fuzz_targets import TARGETS
from tests.faults.judging import judge
from tests.faults.watching import import_decoders

SECONDS = int(os.environ.get("MNIST_GUI_FUZZ_SECONDS", "3"))
MOST_KILOBYTES = 100


# To look for digits in a picture takes a tenth of a second, and so does a process for HDF5.
SLOW = ("pictures", "HDF5 files", "Keras files")


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow if name.endswith(SLOW) else ()) for name in TARGETS],
)
def test_what_was_found_does_no_harm_any_more(name: str, tmp_path: Path) -> None:
    target, folder = TARGETS[name], tmp_path / "around" / "target"
    folder.mkdir(parents=True)
    path = target.make(folder)
    import_decoders()
    assert not list(target.kind.read(folder))
    for found in sorted(folder_of(name).iterdir()):
        path.write_bytes(found.read_bytes())
        try:
            judge(folder, target.kind, lines=False)
        except BaseException as error:
            error.add_note(f"with {found}")
            raise


def test_the_corpus_stays_small_and_has_something_for_each_reader() -> None:
    sizes = [path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()]
    assert sum(sizes) < MOST_KILOBYTES * 1_024
    assert {path.name for path in CORPUS.iterdir()} == {folder_of(name).name for name in TARGETS}


@pytest.mark.slow
@pytest.mark.skipif(
    not find_spec("atheris"), reason="atheris, of the extra bench, is not installed"
)
@pytest.mark.parametrize("name", TARGETS)
def test_a_moment_of_fuzzing_finds_nothing(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = fuzz(name, SECONDS, tmp_path)
    with capsys.disabled():
        print(f"\n{name:40} {outcome.files:9,} files, {outcome.edges:6,} edges")
    assert not outcome.findings, [path.read_text() for path in tmp_path.glob("*.txt")]
