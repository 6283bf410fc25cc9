"""All styles in which the program writes digits."""

from mnist_gui.engine.synthetic.shapes import DigitStyle
from mnist_gui.engine.synthetic.styles_0_to_4 import ZERO_TO_FOUR
from mnist_gui.engine.synthetic.styles_5_to_9 import FIVE_TO_NINE

DIGIT_STYLES: tuple[DigitStyle, ...] = (*ZERO_TO_FOUR, *FIVE_TO_NINE)
