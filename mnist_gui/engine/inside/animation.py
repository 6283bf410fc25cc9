"""Pictures one after the other, as a file that browsers and chat programs play."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

FORMATS = {".gif": "GIF", ".webp": "WEBP"}
"""The formats by the suffixes of their files."""

_FRAME_MILLISECONDS = 250
# The last one is to be seen before it begins again.
_LAST_MILLISECONDS = 2_000


def animation_file(frames: Sequence[NDArray[np.uint8]], suffix: str) -> bytes:
    """Return frames (rows, columns, 3) uint8, all of one size, as a GIF or WebP that repeats."""
    from PIL import Image

    pictures = [Image.fromarray(frame) for frame in frames]
    times = [_FRAME_MILLISECONDS] * (len(pictures) - 1) + [_LAST_MILLISECONDS]
    content = BytesIO()
    pictures[0].save(
        content,
        FORMATS[suffix],
        save_all=True,
        append_images=pictures[1:],
        duration=times,
        loop=0,
        **({"lossless": True} if suffix == ".webp" else {}),
    )
    return content.getvalue()
