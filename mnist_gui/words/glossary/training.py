"""How a network learns."""

from mnist_gui.engine.hyperparameter import QT_TRANSLATE_NOOP
from mnist_gui.words.glossary.term import Place, Term

TERMS = (
    Term(
        "step",
        QT_TRANSLATE_NOOP("glossary", "Step"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "One change of all weights, after looking at one batch of images. A run has from "
            "about a thousand steps to many thousands.",
        ),
        Place.CURVES,
        ("batch", "epoch", "gradient-descent"),
    ),
    Term(
        "batch",
        QT_TRANSLATE_NOOP("glossary", "Batch"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The images that are looked at together for one step, for instance 100. Larger "
            "batches give smoother, but slower steps.",
        ),
        Place.RECIPE,
        ("step", "epoch", "gradient"),
    ),
    Term(
        "epoch",
        QT_TRANSLATE_NOOP("glossary", "Epoch"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "As many steps as it takes to see every training image once. With 55,000 images "
            "and batches of 100 that is 550 steps.",
        ),
        Place.CURVES,
        ("step", "batch", "training-set"),
    ),
    Term(
        "loss",
        QT_TRANSLATE_NOOP("glossary", "Loss"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A number for how wrong the network is; 0 would be perfect. Training does nothing "
            "but make it smaller. It also falls when a right answer becomes surer.",
        ),
        Place.CURVES,
        ("cross-entropy", "gradient", "accuracy"),
    ),
    Term(
        "cross-entropy",
        QT_TRANSLATE_NOOP("glossary", "Cross-entropy"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The loss that is used here. It looks at the probability that the network gave the "
            "right digit: near 100 % costs almost nothing, near 0 % costs a great deal.",
        ),
        Place.CURVES,
        ("loss", "probability", "label-smoothing"),
    ),
    Term(
        "gradient",
        QT_TRANSLATE_NOOP("glossary", "Gradient"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "For each weight: would the loss go up or down if the weight grew a little, and "
            "how fast? It points uphill, so training goes the other way.",
        ),
        Place.CURVES,
        ("backpropagation", "gradient-descent", "loss"),
    ),
    Term(
        "backpropagation",
        QT_TRANSLATE_NOOP("glossary", "Backpropagation"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The way to calculate all gradients at once. It starts from the loss and goes back "
            "layer by layer, asking how much each weight has contributed to the error.",
        ),
        Place.CURVES,
        ("gradient", "layer", "loss"),
    ),
    Term(
        "gradient-descent",
        QT_TRANSLATE_NOOP("glossary", "Gradient descent"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The simplest way to learn: change each weight a little in the direction in which "
            "the loss falls, again and again. Like walking downhill in fog, always along the "
            "steepest slope.",
        ),
        Place.RECIPE,
        ("gradient", "learning-rate", "optimizer", "momentum"),
    ),
    Term(
        "learning-rate",
        QT_TRANSLATE_NOOP("glossary", "Learning rate"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "How far one step goes. Too small: learning takes for ever. Too large: the loss "
            "jumps about or grows without end.",
        ),
        Place.RECIPE,
        ("gradient-descent", "step", "one-cycle"),
    ),
    Term(
        "one-cycle",
        QT_TRANSLATE_NOOP("glossary", "One-cycle schedule"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A plan for the learning rate: it climbs in the first quarter of the run and then "
            "falls almost to nothing. So the network first learns boldly and then settles.",
        ),
        Place.RECIPE,
        ("learning-rate", "step"),
    ),
    Term(
        "optimizer",
        QT_TRANSLATE_NOOP("glossary", "Optimizer"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The rule by which the gradients become changes of the weights. Here these are "
            "gradient descent, momentum and Adam.",
        ),
        Place.RECIPE,
        ("gradient-descent", "momentum", "adam"),
    ),
    Term(
        "momentum",
        QT_TRANSLATE_NOOP("glossary", "Momentum"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Gradient descent that keeps rolling: each step also goes on a little in the "
            "direction of the steps before. It hurries along gentle slopes and smooths out a "
            "zigzag.",
        ),
        Place.RECIPE,
        ("optimizer", "gradient-descent", "adam"),
    ),
    Term(
        "adam",
        QT_TRANSLATE_NOOP("glossary", "Adam"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "An optimizer that finds a pace of its own for each weight, from how large its "
            "gradients have been lately. It often works well without much tuning.",
        ),
        Place.RECIPE,
        ("optimizer", "momentum", "learning-rate"),
    ),
    Term(
        "hyperparameter",
        QT_TRANSLATE_NOOP("glossary", "Hyperparameter"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A value that a person chooses before training, such as the learning rate or the "
            "batch size. Training itself does not change it.",
        ),
        Place.RECIPE,
        ("parameter", "recipe", "learning-rate"),
    ),
    Term(
        "recipe",
        QT_TRANSLATE_NOOP("glossary", "Recipe"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A network together with all values that it is trained with. The recipes here were "
            "tried out, and lead to a good result as they are.",
        ),
        Place.RECIPE,
        ("hyperparameter", "network", "run"),
    ),
    Term(
        "run",
        QT_TRANSLATE_NOOP("glossary", "Run"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "One training from its first to its last step, however often it is paused. Each "
            "run is kept, so that runs can be compared and continued.",
        ),
        Place.RUNS,
        ("recipe", "checkpoint", "seed"),
    ),
    Term(
        "seed",
        QT_TRANSLATE_NOOP("glossary", "Seed"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The number that chance starts from: the first weights, the order of the images "
            "and more. The same seed gives the same run again; another one shows how much is "
            "luck.",
        ),
        Place.RECIPE,
        ("initialisation", "run", "batch"),
    ),
    Term(
        "initialisation",
        QT_TRANSLATE_NOOP("glossary", "Initialisation"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The weights before the first step: small random numbers. If all of them were "
            "equal, all units of a hidden layer would learn the same.",
        ),
        Place.RECIPE,
        ("weight", "seed"),
    ),
    Term(
        "checkpoint",
        QT_TRANSLATE_NOOP("glossary", "Checkpoint"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Everything that a run needs to continue exactly where it was: the weights, the "
            "state of the optimizer, how far it came. One is written from time to time, in "
            "case the power fails.",
        ),
        Place.RUNS,
        ("snapshot", "run"),
    ),
    Term(
        "snapshot",
        QT_TRANSLATE_NOOP("glossary", "Snapshot"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "The weights as they were after a certain step. It is enough to read digits with, "
            "and to see what the network could do at that time.",
        ),
        Place.INSIDE,
        ("checkpoint", "network", "weight"),
    ),
    Term(
        "overfitting",
        QT_TRANSLATE_NOOP("glossary", "Overfitting"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Learning the training images by heart instead of what makes a digit. You see it "
            "when the training curve still improves and the validation curve does not.",
        ),
        Place.CURVES,
        ("training-set", "validation-set", "regularisation"),
    ),
    Term(
        "regularisation",
        QT_TRANSLATE_NOOP("glossary", "Regularisation"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "All that keeps a network from learning by heart. Here these are dropout, "
            "augmentation, label smoothing and weight averaging.",
        ),
        Place.RECIPE,
        ("overfitting", "dropout", "augmentation", "label-smoothing"),
    ),
    Term(
        "dropout",
        QT_TRANSLATE_NOOP("glossary", "Dropout"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Switching off a random share of the hidden units in each training step. So no "
            "unit can rely on a single other one. When digits are read, all of them are on.",
        ),
        Place.RECIPE,
        ("regularisation", "hidden-layer", "neuron"),
    ),
    Term(
        "label-smoothing",
        QT_TRANSLATE_NOOP("glossary", "Label smoothing"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Asking the network for a little less than full certainty: a small part of the "
            "right answer is shared out among all ten digits. It helps with doubtful labels, "
            "and makes the raw percentages too modest.",
        ),
        Place.RECIPE,
        ("label", "cross-entropy", "calibration"),
    ),
    Term(
        "early-stopping",
        QT_TRANSLATE_NOOP("glossary", "Early stopping"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Ending a run when the validation images have not been read better for some time, "
            "and going back to the weights that read them best.",
        ),
        Place.RECIPE,
        ("patience", "validation-set", "overfitting"),
    ),
    Term(
        "patience",
        QT_TRANSLATE_NOOP("glossary", "Patience"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "How many validations without a better result a run may have before it is stopped "
            "early.",
        ),
        Place.RECIPE,
        ("early-stopping", "validation-set"),
    ),
    Term(
        "weight-averaging",
        QT_TRANSLATE_NOOP("glossary", "Weight averaging"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "Using the mean of the weights over the last part of a run in place of the very "
            "last ones. Single steps wobble; their mean lies nearer to the middle of the "
            "valley.",
        ),
        Place.RECIPE,
        ("weight", "moving-average", "step"),
    ),
    Term(
        "moving-average",
        QT_TRANSLATE_NOOP("glossary", "Average (moving)"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A curve of what the last batches gave on average. Single batches jump up and down "
            "by chance; the average shows where things are going.",
        ),
        Place.CURVES,
        ("batch", "loss", "step"),
    ),
    Term(
        "precision",
        QT_TRANSLATE_NOOP("glossary", "Precision (float32)"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "How exactly numbers are kept while the network is calculated. float32 is the "
            "usual format: 32 bits, about seven decimal digits.",
        ),
        Place.RECIPE,
        ("bfloat16", "parameter"),
    ),
    Term(
        "bfloat16",
        QT_TRANSLATE_NOOP("glossary", "bfloat16"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A number format with half as many bits as float32. It is coarser, but on chips "
            "that know it the calculation is faster, and networks hardly notice.",
        ),
        Place.RECIPE,
        ("precision", "gpu"),
    ),
    Term(
        "gpu",
        QT_TRANSLATE_NOOP("glossary", "GPU"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A chip made for graphics that does thousands of simple calculations at once. It "
            "trains large networks many times faster; small ones are quick on any processor.",
        ),
        Place.RECIPE,
        ("precision", "bfloat16"),
    ),
    Term(
        "range-test",
        QT_TRANSLATE_NOOP("glossary", "Learning-rate range test"),
        QT_TRANSLATE_NOOP(
            "glossary",
            "A short training in which each batch gets a slightly higher learning rate. The "
            "loss first falls and then shoots up; good rates lie between the two.",
        ),
        Place.RECIPE,
        ("learning-rate", "loss", "batch"),
    ),
)
