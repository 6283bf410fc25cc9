"""The page of the training images that are most like the digit on the pad."""
