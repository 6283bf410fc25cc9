"""What a network answers, and how good it is."""

from mnist_gui.engine.hyperparameter import QT_TRANSLATE_NOOP
from mnist_gui.words.glossary.term import Place, Term

TERMS = (
    Term(
        "probability",
        QT_TRANSLATE_NOOP("glossary", "Probability"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "How likely the network thinks an answer is, from 0 to 100 %. Over all ten digits "
            "the probabilities add up to 100 %.",
        ),
        Place.PAD,
        ("softmax", "calibration", "class"),
    ),
    Term(
        "not-a-digit",
        QT_TRANSLATE_NOOP("glossary", "Not a digit?"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "It resembles none of the digits that the network learned from; the bars only "
            "compare the ten digits with each other.",
        ),
        Place.PAD,
        ("probability", "class", "training-set"),
    ),
    Term(
        "softmax",
        QT_TRANSLATE_NOOP("glossary", "Softmax"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The last calculation of a network: it turns ten numbers of any size into ten "
            "probabilities that add up to 100 %. The largest number gets the largest "
            "probability.",
        ),
        Place.PAD,
        ("logit", "probability", "softmax-regression"),
    ),
    Term(
        "logit",
        QT_TRANSLATE_NOOP("glossary", "Logit"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The number that a network gives for a digit before softmax makes probabilities of "
            "it. It can be negative, and only the differences between the ten matter.",
        ),
        Place.PAD,
        ("softmax", "probability", "temperature"),
    ),
    Term(
        "calibration",
        QT_TRANSLATE_NOOP("glossary", "Calibration"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Whether percentages mean what they say: of all answers given with 90 %, nine in "
            "ten should be right. Networks are often too sure or too modest, and this can be "
            "measured and mended.",
        ),
        Place.TEST,
        ("temperature", "probability", "label-smoothing"),
    ),
    Term(
        "temperature",
        QT_TRANSLATE_NOOP("glossary", "Temperature"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "One number by which the logits are divided before softmax. Above 1 it makes the "
            "percentages more careful, below 1 surer; which digit comes first stays the same. "
            "Calibrated percentages, in the View menu, switches it on and off.",
        ),
        Place.TEST,
        ("calibration", "logit", "softmax"),
    ),
    Term(
        "reliability-diagram",
        QT_TRANSLATE_NOOP("glossary", "Reliability diagram"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Shows for groups of answers how sure the network was and how often it was right. On "
            "the diagonal the two are the same: its percentages are honest.",
        ),
        Place.TEST,
        ("calibration", "temperature", "brier-score"),
    ),
    Term(
        "brier-score",
        QT_TRANSLATE_NOOP("glossary", "Brier score"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The mean squared distance of the ten probabilities from what would have been right, "
            "1 for the true digit and 0 for the others. 0 is best, 2 is worst.",
        ),
        Place.TEST,
        ("calibration", "reliability-diagram", "loss"),
    ),
    Term(
        "precision-of-answers",
        QT_TRANSLATE_NOOP("glossary", "Precision of answers"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Of the answers with one digit, the share that is right. Accuracy asks how many of "
            "the images of a digit are found, precision how far its answers can be trusted.",
        ),
        Place.TEST,
        ("accuracy", "confusion-matrix", "class"),
    ),
    Term(
        "accuracy",
        QT_TRANSLATE_NOOP("glossary", "Accuracy"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The share of images that are read correctly: 99 % means 99 of 100. Only accuracy "
            "on images that the network did not learn from counts.",
        ),
        Place.TEST,
        ("error-rate", "test-set", "confidence-interval"),
    ),
    Term(
        "error-rate",
        QT_TRANSLATE_NOOP("glossary", "Error rate"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The share of images that are misread: what is missing from the accuracy to 100 %. "
            "From 99.0 to 99.5 % looks like little, but it means half as many errors.",
        ),
        Place.CURVES,
        ("accuracy", "loss"),
    ),
    Term(
        "confidence-interval",
        QT_TRANSLATE_NOOP("glossary", "Confidence interval"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The range in which the true accuracy probably lies. On 10,000 test images an "
            "accuracy of 99.2 % stands for about 99.0 to 99.4 %, so smaller differences may be "
            "luck.",
        ),
        Place.RUNS,
        ("accuracy", "test-set"),
    ),
    Term(
        "confusion-matrix",
        QT_TRANSLATE_NOOP("glossary", "Confusion matrix"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A table of all test images: a row for each true digit, a column for each answer. "
            "Right answers lie on the diagonal; all else shows which digits are mistaken for "
            "which.",
        ),
        Place.TEST,
        ("accuracy", "class", "label"),
    ),
    Term(
        "robustness",
        QT_TRANSLATE_NOOP("glossary", "Robustness"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "How well a network still reads images that are not as those it learned from: turned, "
            "shifted, blurred, noisy or partly covered. It is measured by changing the test images "
            "more and more.",
        ),
        Place.TEST,
        ("accuracy", "augmentation", "adversarial-example"),
    ),
    Term(
        "adversarial-example",
        QT_TRANSLATE_NOOP("glossary", "Adversarial example"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "An image that was changed on purpose, by as little as will do, so that a network "
            "reads it wrong. A person often sees no difference, or still the same digit.",
        ),
        Place.READING,
        ("robustness", "gradient", "probability"),
    ),
    Term(
        "duel",
        QT_TRANSLATE_NOOP("glossary", "Duel"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Two networks that learn from the same images in the same order, and are then "
            "compared on the same test images: so only what was chosen differently can make "
            "the difference, and luck.",
        ),
        Place.CURVES,
        ("mcnemar-test", "recipe"),
    ),
    Term(
        "mcnemar-test",
        QT_TRANSLATE_NOOP("glossary", "McNemar's test"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Says whether one of two networks is really better on the same images, by the "
            "images that only one of them reads right. It tells how often such a difference "
            "would come by chance.",
        ),
        Place.RUNS,
        ("duel", "confidence-interval"),
    ),
    Term(
        "pca",
        QT_TRANSLATE_NOOP("glossary", "Principal component analysis (PCA)"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Looks at a cloud of points from the side from which it is widest. Of hundreds "
            "of numbers for each image it leaves two, which show as much of the differences "
            "as two can.",
        ),
        Place.TEST,
        ("t-sne", "hidden-layer"),
    ),
    Term(
        "t-sne",
        QT_TRANSLATE_NOOP("glossary", "t-SNE"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Puts points on a plane so that those that were near each other stay near. How "
            "far groups lie apart on it, and how large they are, means little.",
        ),
        Place.TEST,
        ("pca", "hidden-layer"),
    ),
)
