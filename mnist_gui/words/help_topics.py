"""The topics of the help, in plain sentences; they are translated where they are shown."""

from dataclasses import dataclass

from mnist_gui.engine.hyperparameter import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Topic:
    """A section of the help: its key, its marked title and its marked paragraphs."""

    key: str
    title: str
    paragraphs: tuple[str, ...]


TOPICS = (
    Topic(
        "start",
        QT_TRANSLATE_NOOP("help topics", "First steps"),
        (
            QT_TRANSLATE_NOOP(
                "help topics",
                "Draw a digit on the canvas. A network that comes with the program reads it at "
                "once: the large digit is its answer, the ten bars are the probabilities of "
                "all ten digits.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "To train a network of your own, choose a recipe and press Start. The start "
                "page has three ways to begin, and a lesson of five steps.",
            ),
        ),
    ),
    Topic(
        "drawing",
        QT_TRANSLATE_NOOP("help topics", "Draw and read"),
        (
            QT_TRANSLATE_NOOP(
                "help topics",
                "Draw with the mouse, a pen or a finger; several digits side by side are read "
                "as a number. Without a mouse, focus the canvas, move the pen with the arrow "
                "keys, and press Space to put it down or lift it.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "If it looks like no digit at all, the program says so. Draw > Why shows, step by "
                "step, what becomes of the drawing and which parts of it decided.",
            ),
        ),
    ),
    Topic(
        "training",
        QT_TRANSLATE_NOOP("help topics", "Train a network"),
        (
            QT_TRANSLATE_NOOP(
                "help topics",
                "A recipe is a network with all values that it is trained with. Softmax "
                "regression takes seconds and reads about 92 % of the test images correctly; "
                "CNN, fast reads 99.3 %. All values can be changed; each is explained in one "
                "line.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "While a network learns you can go on drawing: the answer changes as it "
                "learns. A run can be paused, stopped and continued at any time.",
            ),
        ),
    ),
    Topic(
        "curves",
        QT_TRANSLATE_NOOP("help topics", "Watch it learn"),
        (
            QT_TRANSLATE_NOOP(
                "help topics",
                "The curves show accuracy and loss over the steps. The training curve is about "
                "the images that the network learns from, the validation curve about images "
                "that it never learns from.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "While both get better, the network learns. When only the training curve still "
                "gets better, it learns by heart; more steps will not help then.",
            ),
        ),
    ),
    Topic(
        "inside",
        QT_TRANSLATE_NOOP("help topics", "Look into the network"),
        (
            QT_TRANSLATE_NOOP(
                "help topics",
                "Inside shows the network that is chosen above, at the step that is chosen there, "
                "and what it makes of the digit on the pad. Architecture shows its layers, Weights "
                "what each layer looks for, and Activations every number with the sum that it "
                "comes from.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "In Surgery you switch parts of a copy off and see what it still reads. The time "
                "machine goes through the steps that a run kept: the clock beside the step plays "
                "them, and all pages follow.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "In the room Train, Health says whether a run learns as it should, One step shows "
                "what a single step changes, Rate finds a good learning rate, and Duel trains two "
                "recipes side by side.",
            ),
        ),
    ),
    Topic(
        "testing",
        QT_TRANSLATE_NOOP("help topics", "Look at the mistakes"),
        (
            QT_TRANSLATE_NOOP(
                "help topics",
                "After a run the network reads 10,000 test images. The confusion matrix shows "
                "which digits it mistakes for which; click a cell to see the images themselves.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "Many of the last mistakes are images that people cannot read either.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "Images lists the hardest images, labels that are likely wrong, images that two "
                "networks read differently, and those that were learned last. Map puts the images "
                "where the network sees them; Calibration and Robustness say how far its answers "
                "can be trusted.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "Every such page has a button with three dots: it saves what is shown as a picture "
                "or as a table of numbers.",
            ),
        ),
    ),
    Topic(
        "runs",
        QT_TRANSLATE_NOOP("help topics", "Compare and continue runs"),
        (
            QT_TRANSLATE_NOOP(
                "help topics",
                "Every run is kept with its curves, its values and its network. Choose two to "
                "see what was different, and whether one is really better or was lucky.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "A run that was stopped, or interrupted when the computer went off, continues "
                "exactly where it was.",
            ),
        ),
    ),
    Topic(
        "own-digits",
        QT_TRANSLATE_NOOP("help topics", "Your own digits"),
        (
            QT_TRANSLATE_NOOP(
                "help topics",
                "Save drawings with their labels to collect your own handwriting. With ten or "
                "more of them, a network can be trained a little further to get used to your "
                "hand.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "Afterwards you see what that brought and what it cost, and keep it or go back.",
            ),
        ),
    ),
    Topic(
        "pictures",
        QT_TRANSLATE_NOOP("help topics", "Photos and scans"),
        (
            QT_TRANSLATE_NOOP(
                "help topics",
                "Drop a photo, a scan or a screenshot on the window, or paste one. The program "
                "finds the digits in it and reads them; click one to see it as the network "
                "does.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "File > Read with the camera reads a sheet that you hold up, so that it fills the "
                "frame, and marks what it reads. Take it opens that picture like any other. The "
                "camera is on only while its window is open.",
            ),
            QT_TRANSLATE_NOOP(
                "help topics",
                "A digit of a picture can be saved to My digits, by the buttons beneath the "
                "picture or by its menu: its strokes are traced, so that it becomes a drawing.",
            ),
        ),
    ),
    Topic(
        "files",
        QT_TRANSLATE_NOOP("help topics", "Open, save, export"),
        (
            QT_TRANSLATE_NOOP(
                "help topics",
                "Networks can be saved and opened again, and exported to Keras and other "
                "programs together with a short Python script that uses them. Curves and "
                "drawings can be saved as pictures and tables.",
            ),
            QT_TRANSLATE_NOOP("help topics", "Nothing leaves your computer."),
        ),
    ),
)
