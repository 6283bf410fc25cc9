"""An image written as Python code."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def numpy_code(image: NDArray[np.uint8], left_out: Sequence[str] = ()) -> str:
    """Return code that makes `image`, this one (28, 28), and `tensor`, what a network is given.

    The tensor is (1, 28, 28, 1) float32, 0..1. A comment names the stages that were left out.
    """
    comment = f"# Preprocessed without: {', '.join(left_out)}.\n" if left_out else ""
    rows = "\n".join(f"        [{', '.join(f'{grey:3}' for grey in row)}]," for row in image)
    return f"""import numpy as np

{comment}image = np.array(
    [
{rows}
    ],
    dtype=np.uint8,
)
tensor = image[np.newaxis, :, :, np.newaxis].astype(np.float32) * np.float32(1 / 255)
"""
