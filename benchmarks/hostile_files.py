"""Reads damaged and hostile files of many kinds, and counts what ended badly.

    python -m benchmarks.hostile_files [NAME ...] [--files 60] [--seed 1] [--json]

So many files of each kind: good ones damaged at random, and bombs, small files that would become
large ones, each read in the process of its kind as the program reads it. Printed are how many were
read and how many refused in a sentence; how many ended badly, by another error, in more than 20 s,
by writing, executing or connecting to something; the process' largest resident memory with that of
its children in MB; and the seconds of the slowest file. The status is 1 where one ended badly or
more than 600 MB were taken.
"""

import argparse
import json
import os
import resource
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from PIL import Image

from tests.engine.pictures.scenes import in_scans
from tests.faults.judging import judge, put
from tests.faults.mutations import mutated
from tests.faults.readers import KINDS
from tests.faults.watching import import_decoders

MOST_MEGABYTES = 600
_ADDRESS_SPACE = 8 << 30
_LONGEST_SECONDS = 3_600
# Of PNG pictures the bits, the kind of colours and the channels: black and white, greys, greys with
# alpha, a palette, colours, colours with alpha.
_LAYOUTS = ((1, 0, 1), (8, 0, 1), (8, 4, 2), (8, 3, 1), (8, 2, 3), (8, 6, 4))


def _jumping(random: Generator) -> dict[str, bytes]:
    jumps = b",".join([b"[0,0],[1,1]"] * int(random.integers(1_000, 400_000)))
    return {"jumping.jsonl": b'{"strokes":[[' + jumps + b"]]}\n"}


def _strokes(random: Generator) -> dict[str, bytes]:
    strokes = b",".join([b"[[0,0],[1,1]]"] * int(random.integers(1_000, 250_000)))
    return {"strokes.jsonl": b'{"strokes":[' + strokes + b"]}\n"}


def _nested(random: Generator) -> dict[str, bytes]:
    depth = int(random.integers(100, 2_000_000))
    return {"nested.json": b"[" * depth + b"]" * depth}


def _entities(random: Generator) -> dict[str, bytes]:
    names = [f"e{number}" for number in range(int(random.integers(5, 40)))]
    lines = [
        f'<!ENTITY {one} "{f"&{other};" * 10}">'
        for one, other in zip(names[1:], names, strict=False)
    ]
    head = f'<!DOCTYPE svg [<!ENTITY e0 "M0 0L9 9">{"".join(lines)}]>'
    return {"entities.svg": f'{head}<svg><path d="&{names[-1]};"/></svg>'.encode()}


def _points(random: Generator) -> dict[str, bytes]:
    points = "1 2 " * int(random.integers(1_000, 1_900_000))
    return {"points.svg": f'<svg><polyline points="{points}"/></svg>'.encode()}


def _scans(random: Generator) -> dict[str, bytes]:
    side = int(random.integers(50, 3_000))
    content = _saved(Image.new("L", (side, side)), "JPEG", progressive=True)
    return {"scans.jpg": in_scans(content, int(random.integers(1, 20_000)))}


def _even(random: Generator) -> dict[str, bytes]:
    width, height = random.integers(2_000, 9_000, 2).tolist()
    bits, colour, channels = _LAYOUTS[random.integers(len(_LAYOUTS))]
    row = bytes(1 + -(-width * bits * channels // 8))
    # Row by row: to have the whole picture here would be taken for what reading it takes.
    packer = zlib.compressobj()
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))]
    chunks += [(b"PLTE", bytes(3)), (b"IDAT", packed), (b"IEND", b"")]
    return {"even.png": b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))}


def _chunk(named: tuple[bytes, bytes]) -> bytes:
    name, content = named
    size, check = len(content), zlib.crc32(name + content)
    return struct.pack(">I", size) + name + content + struct.pack(">I", check)


def _zeros(random: Generator) -> dict[str, bytes]:
    content = BytesIO()
    count = int(random.integers(1, 20))
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            array = BytesIO()
            np.save(array, np.zeros(int(random.integers(1, 1 << 22)), np.float32))
            archive.writestr(f"arr_{number}.npy", array.getvalue())
    return {"zeros.npz": content.getvalue()}


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    content = BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


_BOMBS: dict[str, Callable[[Generator], dict[str, bytes]]] = {
    "endless jumps": _jumping,
    "endless strokes": _strokes,
    "nested JSON": _nested,
    "entities": _entities,
    "endless points": _points,
    "endless scans": _scans,
    "even pictures": _even,
    "deflated zeros": _zeros,
}
# The kinds that are read as the bombs are, where that is not as drawings are.
_LIKE = dict.fromkeys(_BOMBS, "drawings") | {
    "endless scans": "JPEG pictures",
    "even pictures": "PNG pictures",
    "deflated zeros": "plain weights",
}


def main() -> int:
    """Read and print; or, in a process of its own, read the files of one kind."""
    names = [*KINDS, *_BOMBS]
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        print(json.dumps(_read_all(arguments.names[0], arguments.files, arguments.seed)))
        return 0
    results = {}
    for name in arguments.names or names:
        results[name] = result = _outcome(name, arguments.files, arguments.seed)
        if not arguments.json:
            print(f"{name:18} {result}", flush=True)
    if arguments.json:
        print(json.dumps(results))
    bad = sum(result["bad"] for result in results.values())
    most = max(result["megabytes"] for result in results.values())
    print(f"{len(results)} kinds, {bad} bad endings, at most {most} MB", file=sys.stderr)
    return 1 if bad or most > MOST_MEGABYTES else 0


def _outcome(name: str, files: int, seed: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.hostile_files", name]
    finished = subprocess.run(
        [*command, "--files", str(files), "--seed", str(seed), "--inside"],
        stdout=subprocess.PIPE,
        env={"QT_QPA_PLATFORM": "offscreen"} | os.environ,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    if finished.returncode:
        # A process that died at one of them.
        return {"bad": 1, "megabytes": 0, "status": finished.returncode}
    outcome: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return outcome


def _read_all(name: str, files: int, seed: int) -> dict[str, Any]:
    """Read so many files of a kind, and return what came of them."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    import_decoders()
    with tempfile.TemporaryDirectory() as place:
        # What is loaded with the first file of all is no misdeed of a hostile one.
        put(Path(place), KINDS[_LIKE.get(name, name)].make(Path(place)))
        list(KINDS[_LIKE.get(name, name)].read(Path(place)))
    counts, slowest = {"read": 0, "refused": 0, "bad": 0}, 0.0
    for number in range(files):
        random = np.random.default_rng([seed, number])
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "target"
            folder.mkdir()
            ending, seconds = _read_one(folder, name, random)
        if ending not in counts:
            print(f"{name}, file {number} of seed {seed}: {ending}", file=sys.stderr)
            ending = "bad"
        counts[ending] += 1
        slowest = max(slowest, seconds)
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    megabytes = sum(resource.getrusage(one).ru_maxrss for one in whose) >> 10
    return counts | {"megabytes": megabytes, "slowest": round(slowest, 1)}


def _read_one(folder: Path, name: str, random: Generator) -> tuple[str, float]:
    """Return how reading a file ended, and the seconds it took of the processor."""
    kind = KINDS[_LIKE.get(name, name)]
    if name in _BOMBS:
        put(folder, _BOMBS[name](random))
    else:
        files = kind.make(folder)
        chosen = sorted(files)[random.integers(len(files))]
        put(folder, files | {chosen: mutated(files[chosen], random)})
    try:
        judgement = judge(folder, kind, lines=False)
    except Exception as error:  # noqa: BLE001 - that is what is counted
        return f"{type(error).__name__}: {error}"[:300], 0.0
    return "refused" if judgement.sentences else "read", judgement.watch.seconds


if __name__ == "__main__":
    sys.exit(main())
