"""What the values of a recipe are called in the window, and what they do."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication


def value_titles() -> dict[str, str]:
    """Return what each value that the form of a recipe has is called, by its name."""
    return {
        "optimizer": QCoreApplication.translate("values", "Optimizer"),
        "learning_rate": QCoreApplication.translate("values", "Learning rate"),
        "batch_size": QCoreApplication.translate("values", "Batch size"),
        "steps": QCoreApplication.translate("values", "Steps"),
        "dropout": QCoreApplication.translate("values", "Dropout"),
        "schedule": QCoreApplication.translate("values", "Schedule"),
        "distortion": QCoreApplication.translate("values", "Distortion"),
        "drawn_share": QCoreApplication.translate("values", "Pen styles"),
        "label_smoothing": QCoreApplication.translate("values", "Label smoothing"),
        "averaged_share": QCoreApplication.translate("values", "Weight averaging"),
        "beta_2": QCoreApplication.translate("values", "Adam's beta 2"),
        "validate_every": QCoreApplication.translate("values", "Validated every"),
        "patience": QCoreApplication.translate("values", "Patience"),
        "seed": QCoreApplication.translate("values", "Seed"),
        "precision": QCoreApplication.translate("values", "Precision"),
        "device": QCoreApplication.translate("values", "Device"),
    }


def value_tips() -> Mapping[str, str]:
    """Return what each value does, by its name."""
    return {
        "optimizer": QCoreApplication.translate(
            "values",
            "How a step changes the weights. Gradient descent walks straight downhill; "
            "momentum keeps rolling; Adam finds a pace for each weight of its own.",
        ),
        "learning_rate": QCoreApplication.translate(
            "values",
            "How far one step goes. Too small: it learns slowly. Too large: the loss jumps "
            "about or grows without end. Powers of ten such as 1e-3 can be typed. It can be "
            "changed while the network trains.",
        ),
        "batch_size": QCoreApplication.translate(
            "values",
            "How many images the network looks at before it changes its weights once. "
            "Larger batches give smoother but slower steps.",
        ),
        "steps": QCoreApplication.translate(
            "values",
            "How many batches to train on before the final test.",
        ),
        "dropout": QCoreApplication.translate(
            "values",
            "The share of hidden units switched off at random in each training step, so "
            "that the network does not learn the images by heart. 0 switches none off.",
        ),
        "schedule": QCoreApplication.translate(
            "values",
            "How the learning rate goes over the run. Constant: always the same. One cycle: "
            "it climbs in the first quarter and then falls almost to nothing, so that the "
            "network first learns boldly and at last settles.",
        ),
        "distortion": QCoreApplication.translate(
            "values",
            "How strongly each training image is turned, shifted, stretched and bent at "
            "random, so that it never looks the same twice. 1 is about what hands differ "
            "by; 0 leaves the images as they are.",
        ),
        "drawn_share": QCoreApplication.translate(
            "values",
            "The share of each batch that the program draws itself, in ways of writing that "
            "the training images seldom have, such as a 7 with a bar. It helps with digits "
            "that you draw.",
        ),
        "label_smoothing": QCoreApplication.translate(
            "values",
            "How much of the right answer is shared out among all ten digits, so that the "
            "network does not become too sure of itself. 0 asks for full certainty.",
        ),
        "averaged_share": QCoreApplication.translate(
            "values",
            "The last part of the run whose weights are averaged into the final network. An "
            "average errs less than the weights of any one step. 0 takes the last step's.",
        ),
        "beta_2": QCoreApplication.translate(
            "values",
            "How much Adam remembers of how steep each weight's slope was. 0.999 looks back "
            "over some thousand steps, 0.99 over some hundred, which suits short runs.",
        ),
        "validate_every": QCoreApplication.translate(
            "values",
            "After how many steps the validation images are read again, besides a few times "
            "early on and at the end. It costs time, and tells sooner whether the network "
            "still learns.",
        ),
        "patience": QCoreApplication.translate(
            "values",
            "After how many validations in a row that were no better than the best one the "
            "run ends early. It then has the weights that validated best, and its test "
            "accuracy is theirs. Off: it ends after all its steps, with the last weights. For "
            "a constant rate: in one cycle most is learnt at the very end.",
        ),
        "seed": QCoreApplication.translate(
            "values",
            "The number that chance starts from: initial weights, order of the images, "
            "dropout, distortions. The same seed gives the same run again.",
        ),
        "precision": QCoreApplication.translate(
            "values",
            "How exactly the network calculates. bfloat16 is faster on processors that know "
            "it; automatic chooses for this machine.",
        ),
        "device": QCoreApplication.translate(
            "values",
            "The processor or the GPU that the next run is computed on. Automatic takes the "
            "first GPU, or the processor where there is none.",
        ),
    }
