"""The process that reads the images in a Parquet file, by pyarrow.

Arrow's library is large and written in C++: a hostile file can only harm this process, which has
little memory and time and cannot write files. Pictures are not decoded here.

Standard input is the file. Standard output is a line of JSON, which names the columns of images and
of labels, then a record for each row: sizes of label and image, whether the image is
numbers and not a picture's file, the label as text, the image. An image is one column, or 784 of
them, a pixel each.
"""

import json
import os
import struct
import sys
from collections.abc import Mapping
from typing import Any

from mnist_gui.engine.data.kinds import ROW_NUMBER_WORDS
from mnist_gui.engine.io.process import limit_resources

RECORD = struct.Struct("<II?")
LABEL_NAMES = ("label", "labels", "digit", "class", "target", "y", "cls")
IMAGE_NAMES = ("image", "images", "img", "pixels", "x", "png", "jpg", "jpeg")
_PIXELS = 28 * 28
_ROWS = 500
_BUFFER_BYTES, _LEAST_BUFFER_BYTES = 2 << 20, 8 << 10
_MEMORY_BYTES = 3 << 30
_PROCESSOR_SECONDS = 600


def main() -> None:
    """Read standard input, write standard output."""
    limit_resources(_MEMORY_BYTES, _PROCESSOR_SECONDS)
    output = sys.stdout.buffer
    file = _opened()
    names = {name.lower(): name for name in file.schema_arrow.names}
    label = next((names[name] for name in LABEL_NAMES if name in names), None)
    images = _image_columns(names, label)
    header = {"names": list(names)[:12], "image": images[0] if images else None, "label": label}
    output.write(json.dumps(header).encode() + b"\n")
    if not images or label is None:
        return
    for batch in file.iter_batches(batch_size=_ROWS, columns=[*images, label], use_threads=False):
        labels = batch.column(label).to_pylist()
        for value, text in zip(_values(batch, images), labels, strict=True):
            _write(output, value, str(text))
    output.flush()


def _opened() -> Any:
    from pyarrow import parquet

    file = os.fdopen(0, "rb", closefd=False)
    metadata = parquet.read_metadata(file)
    # Each column has its own buffer.
    size = max(_LEAST_BUFFER_BYTES, _BUFFER_BYTES // max(1, metadata.num_columns))
    return parquet.ParquetFile(file, metadata=metadata, buffer_size=size, pre_buffer=False)


def _image_columns(names: Mapping[str, str], label: str | None) -> list[str]:
    """Return the column of images, else those of the pixels, as OpenML has them, if there are."""
    if image := next((names[name] for name in IMAGE_NAMES if name in names), None):
        return [image]
    others = [
        column for name, column in names.items() if column != label and name not in ROW_NUMBER_WORDS
    ]
    return others if len(others) == _PIXELS else []


def _values(batch: Any, images: list[str]) -> list[Any]:
    """Return the images of a batch: what their column has, or the pixels (n, 784)."""
    import numpy as np

    if len(images) == 1:
        values: list[Any] = batch.column(images[0]).to_pylist()
        return values
    columns = [batch.column(name).to_numpy(zero_copy_only=False) for name in images]
    return list(np.stack(columns, axis=1))


def _write(output: Any, value: Any, label: str) -> None:
    """Write a row: a picture's file, also in a struct with its path, or a list of numbers."""
    if isinstance(value, dict):
        value = value.get("bytes")
    numbers = not isinstance(value, bytes | None)
    content = _numbers(value) if numbers else value or b""
    text = label.encode()
    output.write(RECORD.pack(len(text), len(content), numbers) + text + content)


def _numbers(value: Any) -> bytes:
    import numpy as np

    return np.asarray(value, np.float64).astype("<f8").tobytes()


if __name__ == "__main__":
    main()
