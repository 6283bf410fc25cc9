"""Batches of a recipe, made in the graph from images that stay on their device."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mnist_gui.engine.dataset import LabelledImages
from mnist_gui.engine.recipe import Recipe
from mnist_gui.engine.training.augment import augment, spoil

_COPIED_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Share:
    """What one of several devices has of each batch: every `of`-th image from `number` on.

    Synthetic digits are dealt out from the other end, so that no share is larger than another by
    more than one image.
    """

    number: int = 0
    of: int = 1

    def indices(self, indices: Any) -> Any:
        """Return those of a batch's indices of the data set's images that it has."""
        return indices[self.number :: self.of]

    def synthetic_images(self, recipe: Recipe) -> int:
        """Return how many synthetic digits it has."""
        return len(range(self.of - 1 - self.number, recipe.synthetic_per_batch, self.of))

    def part_of_dataset_images(self, recipe: Recipe) -> float:
        """Return the part of a batch's images of the data set that it has, 0..1."""
        return self._dataset_images(recipe) / recipe.dataset_per_batch

    def part(self, recipe: Recipe) -> float:
        """Return the part of the whole batch that it has, 0..1."""
        own = self._dataset_images(recipe) + self.synthetic_images(recipe)
        return own / (recipe.dataset_per_batch + recipe.synthetic_per_batch)

    def _dataset_images(self, recipe: Recipe) -> int:
        return len(self.indices(range(recipe.dataset_per_batch)))


WHOLE = Share()


class ResidentBatches:
    """Make batches, or a share of each, from images that stay on the current device, as uint8.

    Random numbers depend on the recipe's seed, the step and the share only.
    """

    def __init__(
        self,
        images: LabelledImages,
        recipe: Recipe,
        synthetic: LabelledImages | None = None,
        share: Share = WHOLE,
    ) -> None:
        """`synthetic` are the recipe's synthetic digits."""
        self.share = share
        self._recipe = recipe
        self._images, self._labels = resident(images)
        self._synthetic = resident(synthetic) if synthetic else None

    def unchanged(self, indices: Any) -> tuple[Any, Any]:
        """Return the data set's images (n, 28, 28) at these indices (n,), and their labels (n,)."""
        import tensorflow as tf

        return tf.gather(self._images, indices), tf.gather(self._labels, indices)

    def trained_on(self, images: Any, labels: Any, step: Any) -> tuple[Any, Any]:
        """Return what a step trains on: these, and synthetic digits, distorted by the recipe."""
        images, labels = self._with_synthetic(images, labels, step)
        if self._recipe.distortion:
            seed = self._seed(step, purpose=2)
            images = self._spoiled(augment(images, self._recipe.distortion, seed), seed)
        return images, labels

    def _with_synthetic(self, images: Any, labels: Any, step: Any) -> tuple[Any, Any]:
        import tensorflow as tf

        if self._synthetic is None:
            return images, labels
        synthetic, synthetic_labels = self._synthetic
        chosen = tf.random.stateless_uniform(
            (self.share.synthetic_images(self._recipe),),
            self._seed(step, purpose=1),
            0,
            tf.shape(synthetic)[0],
            tf.int32,
        )
        images = tf.concat([images, tf.gather(synthetic, chosen)], axis=0)
        return images, tf.concat([labels, tf.gather(synthetic_labels, chosen)], axis=0)

    def _spoiled(self, images: Any, seed: Any) -> Any:
        """Spoil a few images of the batch. They are so few that one share has all of them."""
        if self.share == WHOLE:
            return spoil(images, seed)
        if self.share.number:
            return images
        return spoil(images, seed, batch=self._recipe.batch_size)

    def _seed(self, step: Any, *, purpose: int) -> Any:
        """Return a seed (2,) for the random numbers of a step and a purpose."""
        import tensorflow as tf

        # Above all bits that seeds and purposes have, also those that augmentation adds.
        own = self.share.number << 48
        return tf.stack([tf.constant(self._recipe.seed * 4 + purpose + own, tf.int64), step])


def resident(images: LabelledImages) -> tuple[Any, Any]:
    """Return the images, uint8, and their labels, int32, as tensors on the current device."""
    import tensorflow as tf

    # To copy all of them at once would stop the window: TensorFlow holds Python's lock meanwhile.
    parts = np.array_split(images.images, 1 + images.images.nbytes // _COPIED_AT_ONCE)
    whole = tf.concat([tf.constant(part) for part in parts], axis=0)
    return whole, tf.constant(images.labels.astype(np.int32))
