"""An image written as Python code."""

import numpy as np
from numpy.typing import NDArray


def numpy_code(image: NDArray[np.uint8]) -> str:
    """Return code that makes `image`, an image (28, 28), and `tensor`, what a network is given.

    The tensor is (1, 28, 28, 1) float32, 0..1.
    """
    rows = "\n".join(f"        [{', '.join(f'{grey:3}' for grey in row)}]," for row in image)
    return f"""import numpy as np

image = np.array(
    [
{rows}
    ],
    dtype=np.uint8,
)
tensor = image[np.newaxis, :, :, np.newaxis].astype(np.float32) * np.float32(1 / 255)
"""
