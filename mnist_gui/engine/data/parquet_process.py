"""The process that reads the images in a Parquet file, by pyarrow.

Arrow's library is large and written in C++: a hostile file can only harm this process, which has
little memory and time and cannot write files. Pictures are not decoded here.

Standard input is the file. Standard output is a line of JSON, which names the columns of images and
of labels, then a record for each row: sizes of label and image, whether the image is
numbers and not a picture's file, the label as text, the image.
"""

import json
import os
import struct
import sys
from typing import Any

from mnist_gui.engine.io.process import limit_resources

RECORD = struct.Struct("<II?")
LABEL_NAMES = ("label", "labels", "digit", "class", "target", "y")
IMAGE_NAMES = ("image", "images", "img", "pixels", "x")
_ROWS = 500
_BUFFER_BYTES = 1 << 20
_MEMORY_BYTES = 3 << 30
_PROCESSOR_SECONDS = 600


def main() -> None:
    """Read standard input, write standard output."""
    limit_resources(_MEMORY_BYTES, _PROCESSOR_SECONDS)
    output = sys.stdout.buffer
    file = _opened()
    names = {name.lower(): name for name in file.schema_arrow.names}
    image, label = (
        next((names[name] for name in possible if name in names), None)
        for possible in (IMAGE_NAMES, LABEL_NAMES)
    )
    header = {"names": list(names)[:12], "image": image, "label": label}
    output.write(json.dumps(header).encode() + b"\n")
    if image is None or label is None:
        return
    for batch in file.iter_batches(batch_size=_ROWS, columns=[image, label], use_threads=False):
        rows = batch.to_pydict()
        for value, text in zip(rows[image], rows[label], strict=True):
            _write(output, value, str(text))
    output.flush()


def _opened() -> Any:
    from pyarrow import parquet

    file = os.fdopen(0, "rb", closefd=False)
    return parquet.ParquetFile(file, buffer_size=_BUFFER_BYTES, pre_buffer=False)


def _write(output: Any, value: Any, label: str) -> None:
    """Write a row: a picture's file, also in a struct with its path, or a list of numbers."""
    if isinstance(value, dict):
        value = value.get("bytes")
    numbers = isinstance(value, list)
    content = _numbers(value) if numbers else value or b""
    text = label.encode()
    output.write(RECORD.pack(len(text), len(content), numbers) + text + content)


def _numbers(value: Any) -> bytes:
    import numpy as np

    return np.asarray(value, np.float64).astype("<f8").tobytes()


if __name__ == "__main__":
    main()
