"""A digit drawn in code, for pictures of the window."""

from mnist_gui.engine.strokes import Drawing, Stroke

# A three, as one would write it: two bowls that meet in the middle.
THREE = Drawing(
    (
        Stroke(
            [
                (0.30, 0.26),
                (0.38, 0.19),
                (0.49, 0.16),
                (0.60, 0.18),
                (0.67, 0.26),
                (0.66, 0.36),
                (0.58, 0.44),
                (0.46, 0.48),
                (0.58, 0.50),
                (0.68, 0.56),
                (0.72, 0.66),
                (0.68, 0.76),
                (0.57, 0.83),
                (0.44, 0.84),
                (0.33, 0.80),
                (0.27, 0.73),
            ]
        ),
    )
)
