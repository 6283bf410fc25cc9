"""The process that decodes a picture: large ones take time and memory, hostile ones all there is.

It has little of both and cannot write files, and can be ended at any time. The argument is what
the picture is called, standard input its file. Standard output is a line of JSON,
`{"shapes": [[h, w], [h, w, 3]], "size": [w, h], "flaw": null}` or `{"problem": "..."}`, followed by
the greys, float32, and the colours, uint8.
"""

import json
import sys

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.io.process import limit_resources
from mnist_gui.engine.pictures.result import Picture

MEMORY_BYTES = 768 << 20
PROCESSOR_SECONDS = 30


def main() -> None:
    """Read standard input, write standard output."""
    limit_resources(MEMORY_BYTES, PROCESSOR_SECONDS)
    try:
        picture = _decoded(sys.argv[1])
    except PictureError as error:
        print(json.dumps(error.as_json()), flush=True)
        return
    shapes = [picture.greys.shape, picture.colours.shape]
    flaw = picture.flaw.as_json() if picture.flaw else None
    print(json.dumps({"shapes": shapes, "size": picture.size, "flaw": flaw}), flush=True)
    sys.stdout.buffer.write(picture.greys.tobytes())
    sys.stdout.buffer.write(picture.colours.tobytes())
    sys.stdout.buffer.flush()


def _decoded(name: str) -> Picture:
    from mnist_gui.engine.pictures.open import decode_picture

    try:
        return decode_picture(sys.stdin.buffer.read(), name)
    except MemoryError as error:
        raise PictureError("picture-too-costly", name=name) from error


if __name__ == "__main__":
    main()
