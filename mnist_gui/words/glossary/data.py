"""Images, labels and what is made of them before a network sees them."""

from mnist_gui.engine.hyperparameter import QT_TRANSLATE_NOOP
from mnist_gui.words.glossary.term import Place, Term

TERMS = (
    Term(
        "mnist",
        QT_TRANSLATE_NOOP("glossary", "MNIST"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "70,000 small grey images of handwritten digits, each with its right answer. Since "
            "1998 almost everyone who learns about neural networks has begun with them.",
        ),
        Place.TEST,
        ("data-set", "training-set", "test-set", "label"),
    ),
    Term(
        "data-set",
        QT_TRANSLATE_NOOP("glossary", "Data set"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A collection of examples with known answers. It is split into three parts: one to "
            "learn from, one to watch progress on, and one for the final test.",
        ),
        Place.RECIPE,
        ("training-set", "validation-set", "test-set"),
    ),
    Term(
        "training-set",
        QT_TRANSLATE_NOOP("glossary", "Training set"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The images that the network learns from; of MNIST these are 55,000. It sees each "
            "of them many times, so doing well on them proves little.",
        ),
        Place.RECIPE,
        ("validation-set", "test-set", "overfitting"),
    ),
    Term(
        "validation-set",
        QT_TRANSLATE_NOOP("glossary", "Validation set"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Images that the network never learns from, and that are read from time to time "
            "during training; of MNIST these are 5,000. They show whether what was learnt also "
            "helps with new images.",
        ),
        Place.CURVES,
        ("training-set", "test-set", "early-stopping", "overfitting"),
    ),
    Term(
        "test-set",
        QT_TRANSLATE_NOOP("glossary", "Test set"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Images that are kept for the very end; of MNIST these are 10,000. The fewer "
            "decisions are made by looking at them, the more their accuracy can be trusted.",
        ),
        Place.TEST,
        ("validation-set", "accuracy", "confidence-interval"),
    ),
    Term(
        "label",
        QT_TRANSLATE_NOOP("glossary", "Label"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The right answer that belongs to an image: which digit the writer meant. A few "
            "labels of MNIST are wrong or doubtful, as people made them.",
        ),
        Place.TEST,
        ("class", "data-set", "wrong-label"),
    ),
    Term(
        "wrong-label",
        QT_TRANSLATE_NOOP("glossary", "Likely wrong label"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The label of a training image that other networks contradict: networks that have not "
            "learned from this very image, and so cannot just have learned the label by heart. "
            "Whether it is wrong, only a person can tell.",
        ),
        Place.TEST,
        ("label", "training-set", "probability"),
    ),
    Term(
        "forgotten-image",
        QT_TRANSLATE_NOOP("glossary", "Forgotten image"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A training image that the network read right at one kept step and wrong at the next. "
            "Images that are forgotten often lie where two digits look alike.",
        ),
        Place.TEST,
        ("training-set", "step"),
    ),
    Term(
        "class",
        QT_TRANSLATE_NOOP("glossary", "Class"),
        QT_TRANSLATE_NOOP(
            "glossary", "One of the possible answers. Here there are ten: the digits 0 to 9."
        ),
        Place.TEST,
        ("label", "probability", "confusion-matrix"),
    ),
    Term(
        "pixel",
        QT_TRANSLATE_NOOP("glossary", "Pixel"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "One small square of an image. An image here has 28 rows of 28 pixels, each a "
            "number for how dark the ink is.",
        ),
        Place.READING,
        ("preprocessing", "tensor", "channel"),
    ),
    Term(
        "preprocessing",
        QT_TRANSLATE_NOOP("glossary", "Preprocessing"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "What is done to a drawing before the network sees it. It is scaled, centred and "
            "drawn with 28 by 28 pixels, just as the images of MNIST were made.",
        ),
        Place.READING,
        ("pixel", "mnist", "tensor"),
    ),
    Term(
        "tensor",
        QT_TRANSLATE_NOOP("glossary", "Tensor"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Numbers arranged in a grid with any number of directions. One grey image is a "
            "tensor of 28 by 28 numbers; a batch of 100 of them is one of 100 by 28 by 28.",
        ),
        Place.READING,
        ("pixel", "channel", "feature-map"),
    ),
    Term(
        "augmentation",
        QT_TRANSLATE_NOOP("glossary", "Augmentation"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Changing each training image a little at random: turning, shifting, stretching, "
            "bending it. So the network never sees exactly the same image twice and learns "
            "what makes a digit a digit.",
        ),
        Place.RECIPE,
        ("training-set", "overfitting", "regularisation"),
    ),
    Term(
        "fine-tuning",
        QT_TRANSLATE_NOOP("glossary", "Fine-tuning"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Training a finished network a little further on other examples. Here it gets used "
            "to your own handwriting, mixed with images it knows so that it does not forget "
            "those.",
        ),
        Place.OWN_DIGITS,
        ("training-set", "network", "learning-rate"),
    ),
)
