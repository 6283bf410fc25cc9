"""What the help of the command line says of its commands, and what argparse says."""

from mnist_gui.words.language import tr

COMMANDS = {
    "train": "train a network",
    "resume": "resume a saved run",
    "personalize": "fine-tune a network on your drawings",
    "evaluate": "test a network",
    "classify": "classify drawings and pictures",
    "export": "write a network for other programs",
    "import": "import weights from other programs",
    "data": "describe a data set, and name what may be wrong with it",
    "runs": "list, compare, label, delete and export saved runs",
    "sweep": "train with many values of a recipe",
    "doctor": "look at this computer, and test how fast it trains",
    "help": "describe all commands on one page",
    "completion": "teach a shell to complete the commands",
}
"""The commands, each in one line."""

DESCRIPTIONS = {
    "train": (
        "Train a network. Ctrl-C stops a run and saves what it has learnt; 'mnist-gui resume' "
        "trains it to the end."
    ),
    "resume": (
        "Resume a run that was stopped or interrupted; the result has the same bits as without"
        " the break. Or give a completed run more steps."
    ),
    "personalize": (
        "Fine-tune a network on your drawings. This is not saved as a run, and Ctrl-C ends it "
        "without a result."
    ),
    "evaluate": (
        "Measure the accuracy of a saved network, with its 95 % interval, on the test images "
        "and, if given, on drawings. Can save a report to read in a browser or to print."
    ),
    "classify": "Print the digits in drawings and pictures, with their probabilities.",
    "export": (
        "Write a network for other programs and check that the file gives the same "
        "probabilities. Puts predict.py beside it, which classifies drawings with it."
    ),
    "import": (
        "Read the weights in a file of another program, without executing anything in it, and "
        "save them as a network of this program."
    ),
    "data": (
        "Describe a data set: how many images of each class it has, how it was divided, and what "
        "may be wrong with it, such as turned images, copies or missing classes."
    ),
    "runs": "Work with saved runs.",
    "sweep": (
        "Train a run for each combination of values, one after the other or several at a time: "
        "the results are the same. Combinations that were trained before are left out, so type "
        "the same command again to resume a sweep. "
        "The runs are ranked by their validation accuracy."
    ),
    "doctor": (
        "Look at the devices, versions, folders and display of this computer, and test how fast "
        "it trains, for three seconds a device. The text can be shared: it has no name of yours, "
        "and no path of your home folder."
    ),
    "help": "Print the help of the program and of all its commands.",
    "completion": (
        "Print a script with which a shell completes commands, options, recipes and files when "
        "Tab is pressed. Save it where the shell looks for such scripts."
    ),
}
"""What stands in the help of each command."""

ARGPARSE = (
    "usage: ",
    "positional arguments",
    "options",
    "show this help message and exit",
    "argument %(argument_name)s: %(message)s",
    "unknown parser %(parser_name)r (choices: %(choices)s)",
    "unrecognized arguments: %s",
    "not allowed with argument %s",
    "ignored explicit argument %r",
    "the following arguments are required: %s",
    "one of the arguments %s is required",
    "expected one argument",
    "expected at least one argument",
    "invalid %(type)s value: %(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)",
)
"""The texts of Python's argparse that a user may get to see."""


def command_texts(name: str) -> tuple[str, str]:
    """Return what a command does in one line, and what its own help says."""
    return tr(COMMANDS[name]), tr(DESCRIPTIONS[name])
