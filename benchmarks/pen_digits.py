"""Turns the UNIPEN text of "Pen-Based Recognition of Handwritten Digits" into drawings.

python benchmarks/pen_digits.py INPUT OUTPUT.jsonl

Source of the format and the data: E. Alpaydin, F. Alimoglu, UCI Machine Learning Repository,
doi:10.24432/C5MG6K.
"""

import argparse
import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

# The tablet's coordinates go from 0 to this, y pointing up.
_TABLET_SIDE = 500


def read_unipen(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield each digit: its label, writer, instance, and strokes in the unit square, y down."""
    record: dict[str, Any] = {"strokes": []}
    for line in lines:
        words = line.split()
        match words:
            case [".SEGMENT", *_, label]:
                if record["strokes"]:
                    yield record
                record = {"label": int(label.strip('"')), "strokes": []}
            case [".COMMENT", _, writer, instance]:
                record |= {"writer": int(writer), "instance": int(instance)}
            case [".PEN_DOWN"]:
                record["strokes"].append([])
            case [x, y] if not x.startswith("."):
                point = [int(x) / _TABLET_SIDE, 1 - int(y) / _TABLET_SIDE]
                record["strokes"][-1].append([round(value, 4) for value in point])
    if record["strokes"]:
        yield record


def main() -> None:
    """Convert one file, gzipped or not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("input", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    opener = gzip.open if arguments.input.suffix == ".gz" else open
    with (
        opener(arguments.input, "rt", encoding="ascii") as source,
        arguments.output.open("w", encoding="ascii") as target,
    ):
        count = 0
        for record in read_unipen(source):
            target.write(json.dumps(record, separators=(",", ":")) + "\n")
            count += 1
    print(f"{count} digits written to {arguments.output}")


if __name__ == "__main__":
    main()
