"""Fuzzes all that reads files, guided by the code that they reach.

    python -m benchmarks.fuzzing [--seconds 60] [--reader NAME ...] [--keep] [--json]

Each reader is fuzzed for so many seconds in a process of its own by libFuzzer (atheris, Linux
only), from files that the program makes and those in tests/faults/corpus. Printed are how many
files were tried, how many a second, the edges of code that they reach, how many were new in that,
and the findings: files at which a reader raised anything but a sentence of the program's, wrote,
executed or connected to something, or took too much time or memory. They stay in the folder named
at the end. With `--keep` the smallest files that reach each line of the program are kept in
tests/faults/corpus, from where a test replays them. The status is 1 where something was found.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.faults.corpus_files import CORPUS, folder_of, keep_smallest
from tests.faults.fuzz_targets import TARGETS

_PROGRESS = re.compile(r"^#(\d+)\s+(\w+)\s+cov: (\d+) .*? corp: (\d+)/", re.MULTILINE)
# Reading takes some seconds to set up, and its last file longer where it hangs.
_GRACE_SECONDS = 90
_FILE_SECONDS = 25
_MEGABYTES = 4_096


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of fuzzing one reader."""

    files: int
    seconds: float
    edges: int
    new: int
    findings: int


def main() -> int:
    """Fuzz and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--reader", nargs="+", default=[], metavar="NAME", help=", ".join(TARGETS))
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    findings = Path(tempfile.mkdtemp(prefix="findings-"))
    outcomes = {}
    for name in named(arguments.reader):
        outcomes[name] = outcome = fuzz(name, arguments.seconds, findings, keep=arguments.keep)
        if not arguments.json:
            print(in_words(name, outcome), flush=True)
    if arguments.json:
        print(json.dumps({name: asdict(outcome) for name, outcome in outcomes.items()}))
    if not any(outcome.findings for outcome in outcomes.values()):
        findings.rmdir()
        return 0
    print(f"The findings are in {findings}.", file=sys.stderr)
    return 1


def named(words: list[str]) -> Iterator[str]:
    """Yield the readers whose names have one of the words, or all."""
    for name in TARGETS:
        if not words or any(word in name for word in words):
            yield name


def in_words(name: str, outcome: Outcome) -> str:
    """Return a line of a table."""
    return (
        f"{name:40} {outcome.files:9,} files {outcome.files / outcome.seconds:7,.0f} /s "
        f"{outcome.edges:6,} edges {outcome.new:5,} new {outcome.findings:3} findings"
    )


def fuzz(name: str, seconds: int, findings: Path, *, keep: bool = False) -> Outcome:
    """Fuzz one reader in a process of its own; what is found goes into the folder."""
    before = set(findings.iterdir())
    with tempfile.TemporaryDirectory() as place:
        output = _run(name, seconds, findings, Path(place))
        if keep:
            keep_smallest(name, [path.read_bytes() for path in Path(place).iterdir()])
    steps = [(int(n), int(edges), int(size)) for n, _, edges, size in _PROGRESS.findall(output)]
    if not steps:
        raise SystemExit(f"{name} cannot be fuzzed:\n{output[-2_000:]}")
    files, edges, size = steps[-1]
    found = {path.stem for path in set(findings.iterdir()) - before}
    return Outcome(files, seconds, edges, size - steps[0][2], len(found))


def _run(name: str, seconds: int, findings: Path, corpus: Path) -> str:
    """Return what libFuzzer has to say."""
    kept = [str(folder_of(name))] if folder_of(name).exists() else []
    command = [
        *(sys.executable, "-m", "tests.faults.fuzz_program", name, str(findings), str(corpus)),
        *kept,
        f"-max_total_time={seconds}",
        f"-timeout={_FILE_SECONDS}",
        f"-rss_limit_mb={_MEGABYTES}",
        f"-artifact_prefix={findings}/ended-",
    ]
    # In a time zone far from UTC more can go wrong.
    environment = os.environ | {"TZ": "Pacific/Kiritimati", "QT_QPA_PLATFORM": "offscreen"}
    finished = subprocess.run(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=seconds + _GRACE_SECONDS,
        env=environment,
        text=True,
        errors="replace",
        cwd=CORPUS.parents[2],
        check=False,
    )
    return finished.stderr


if __name__ == "__main__":
    sys.exit(main())
