"""Sentences about what may be wrong with a data set that was read."""

SENTENCES = {
    "set-transposed": (
        "Its images seem to be stored column by column, as those of EMNIST are: "
        "a network that knows digits reads them only when they are turned."
    ),
    "set-turned": (
        "Its images seem to be turned or mirrored: "
        "a network that knows digits reads them only when they are upright."
    ),
    "set-inverted": (
        "Its images seem to be dark on light; those of MNIST are light on dark, "
        "and a network that has learnt from one cannot read the other."
    ),
    "set-other-digits": (
        "Its labels seem to stand for other digits than they say: "
        "most images with the label {label} look like the digit {digit}."
    ),
    "set-no-digits": (
        "Its images do not look like digits: a network that knows digits reads {share:.0f} % "
        "of them, so it cannot be told whether they are upright."
    ),
    "set-dim": ("Its pixels are at most {most} in place of 255, so the images are nearly black."),
    "set-class-missing": "It has no training images of {labels}; a network cannot learn these.",
    "set-class-untested": "It has no test images of {labels}; nobody will know how these are read.",
    "set-classes-unequal": (
        "Its classes are very unequal: {most:,} training images of {most_label}, "
        "but {fewest:,} of {fewest_label}; the rare ones will be read worse."
    ),
    "set-test-in-training": (
        "Of its {all:,} test images, {count:,} are among the training images too; "
        "the test will look better than it should."
    ),
    "set-repeated-training": (
        "Its training images have {count:,} that are exact copies of others."
    ),
    "set-repeated-test": "Its test images have {count:,} that are exact copies of others.",
    "set-contradicting": (
        "Its images have {count:,} that are exact copies of others with another label; "
        "one of the labels must be wrong."
    ),
    "sheet-unwritable": "The sheet of samples cannot be written to {path}: {reason}.",
}
