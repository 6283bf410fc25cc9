"""Uses the window while the disk of the user's folders does not answer, and measures its gaps.

    python -m benchmarks.hung_disk [NAME ...] [--json]

A file system in a process of its own (FUSE) has the user's data folder, runs, a data set and files
on it; that process is stopped (SIGSTOP), so that whatever asks it waits. In "peace" it answers;
in "later" it stops once all is loaded; in "before" before the window opens. Meanwhile a digit and a
drawing are saved, files are opened and dragged over the window, another folder for runs is chosen,
a run is trained, and each page is brought up. Printed are the longest gaps of the window's event
loop once it was loaded, in ms, with what was done then; the longest part of one in which its thread
was "blocked", neither computing nor waiting for a processor that others use; what it said; and the
seconds from closing the window to the end of the process. The status is 1 where it was blocked for
more than 200 ms, or the end takes more than 6 s. Linux only, as root, with fusepy, libfuse2 and
/dev/fuse; where they are missing it says so and ends with status 2.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MOST_MILLISECONDS = 200
MOST_SECONDS = 6.0
CANNOT_MOUNT = 2
_LONGEST_SECONDS = 30
_NAMES = ("peace", "later", "before")


def main() -> int:
    """Hang the disk and print; or be the disk, or the window."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(_NAMES))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        from benchmarks.hung_disk_window import use_window

        return use_window(arguments.inside)
    results: dict[str, Any] = {}
    for name in arguments.names or _NAMES:
        with tempfile.TemporaryDirectory() as place, _disk(Path(place)) as server:
            if server is None:
                print("No such disk can be made here; it takes FUSE and fusepy.", file=sys.stderr)
                return CANNOT_MOUNT
            results[name] = result = _measure(name, Path(place), server)
        if not arguments.json:
            print(f"{name:8} {json.dumps(result, ensure_ascii=False)}", flush=True)
    if arguments.json:
        print(json.dumps(results))
    is_good = all(
        result["end"] <= MOST_SECONDS and result["blocked"] <= MOST_MILLISECONDS
        for result in results.values()
    )
    return 0 if is_good else 1


@contextmanager
def _disk(place: Path) -> "Iterator[subprocess.Popen[bytes] | None]":
    """Make the disk at `disk` in a folder; give its process, or None where that cannot be."""
    source, target = place / "source", place / "disk"
    source.mkdir()
    target.mkdir()
    words = [sys.executable, "-m", "benchmarks.hung_disk_server", source, target]
    server = subprocess.Popen([str(word) for word in words])
    try:
        while not target.is_mount() and server.poll() is None:
            time.sleep(0.05)
        yield server if server.poll() is None else None
    finally:
        server.send_signal(signal.SIGCONT)
        subprocess.run(["umount", "--lazy", target], check=False, capture_output=True)
        server.terminate()
        server.wait()


def _measure(name: str, place: Path, server: "subprocess.Popen[bytes]") -> dict[str, Any]:
    from tests.engine.conftest import write_dataset

    for folder in ("data", "home"):
        (place / "source" / folder).mkdir()
    write_dataset(place / "source" / "set", train=600, test=200)
    shutil.copytree(place / "source" / "set", place / "source" / "other")
    folders = {each: str(place / each) for each in ("config", "state", "cache")}
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        **{f"XDG_{each.upper()}_HOME": path for each, path in folders.items()},
    }
    if name == "before":
        server.send_signal(signal.SIGSTOP)
    window = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.hung_disk", "--inside", str(place / "disk")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment | {"HUNG": name},
        text=True,
    )
    assert window.stdin
    assert window.stdout
    if window.stdout.readline() != "loaded\n":
        raise SystemExit("the window did not load")
    if name == "later":
        server.send_signal(signal.SIGSTOP)
    window.stdin.write("go\n")
    window.stdin.flush()
    result: dict[str, Any] = json.loads(window.stdout.readline())
    closed = time.monotonic()
    try:
        status: int | None = window.wait(_LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        # The system itself lets no process end that waits for an answer which was begun.
        status = None
    return result | {"end": round(time.monotonic() - closed, 1), "status": status}


if __name__ == "__main__":
    sys.exit(main())
