"""Sentences about recipes, training and runs; a clause is put into another's sentence."""

SENTENCES: dict[str, str] = {
    # Recipes and sweeps.
    "no-recipe": "There is no recipe {name!r}; choose one of {names}.",
    "recipe-choice": "The recipe's {hyperparameter} is {value!r}; choose one of {names}.",
    "recipe-whole-number": (
        "The recipe's {hyperparameter} is {value}; "
        "choose a whole number from {low:,.7g} to {high:,.10g}."
    ),
    "recipe-number": (
        "The recipe's {hyperparameter} is {value}; choose a value from {low:,.7g} to {high:,.10g}."
    ),
    "sweep-unclear": (
        "{text!r} does not say what to try; write each value of a recipe once, such as "
        "learning_rate=0.1,0.5. There are {names}."
    ),
    "sweep-too-large": "These are {count:,} combinations, far too many; leave out some values.",
    "sweep-count": "{count:,} combinations cannot be drawn; choose 1 or more for --random.",
    "sweep-whole-number": "{name}={text} is no whole number; choose another value.",
    "sweep-number": "{name}={text} is no number; choose another value.",
    "sweep-no-range": "{name} has no range; name its values with commas between them.",
    "sweep-range": (
        "{name}={text} is no range that training can use; write the smaller value first."
    ),
    "sweep-endless": (
        "{name}={low:g}..{high:g} has no end of values; "
        "name some of them, or draw from it with --random."
    ),
    "sweep-jobs": "{count:,} runs cannot be trained at a time; choose 1 to {most:,} for --jobs.",
    "sweep-elsewhere": (
        "{values} is being trained by another sweep in this folder, and is left to it; type the "
        "command again once that has ended, to have all ranked."
    ),
    "sweep-process-ended": (
        "The process that trained {values} was ended from outside; another one goes on."
    ),
    "sweep-process-ended-again": (
        "The process that trained {values} was ended from outside a second time, so that it is "
        "left; perhaps there is too little memory. Type the command again with fewer --jobs to go "
        "on with it."
    ),
    "no-optuna": 'Optuna is not installed; install mnist-gui with its extra "optuna".',
    "sweep-trials": "{count:,} trials cannot be made; choose 1 to {most:,} for --optuna.",
    "no-dask": (
        'Dask is not installed; install mnist-gui with its extra "cluster", here and where the '
        "workers are."
    ),
    "cluster-unreachable": (
        "There is no Dask cluster at {address} ({reason}); name its scheduler, such as "
        "tcp://192.168.1.10:8786."
    ),
    "cluster-no-workers": (
        "The Dask cluster at {address} has no workers; start some with: dask worker {address}"
    ),
    "cluster-lost": (
        "The Dask cluster at {address} does not answer any more; type the command again to go on."
    ),
    "cluster-failed": (
        "A worker of the cluster cannot train: {reason}; install the same mnist-gui there as here."
    ),
    "cluster-workers-killed": (
        "The workers that trained {values} were killed several times, so that it is left; perhaps "
        "they have too little memory. Type the command again to go on with it."
    ),
    "cluster-conditions-differ": (
        "A worker of the cluster has another processor, another number of threads or other "
        "versions of the program, Python, TensorFlow, Keras or NumPy than this computer; the "
        "weights of its runs may differ in their last bits from those trained here."
    ),
    "cluster-other-data": (
        "The MNIST of a worker of the cluster is not the one here; "
        "install the same mnist-gui there."
    ),
    # How a run ends.
    "diverged": (
        "Training diverged at step {step:,}: the loss is not finite any more. "
        "The learning rate of {rate:g} is probably too high; try a tenth of it."
    ),
    "diverged-at-raised-rate": (
        "Training diverged at step {step:,}: the loss is not finite any more. "
        "The learning rate of {rate:g} is probably too high; the recipe's own is {usual:g}."
    ),
    "stopped-early": (
        "Stopped at step {step:,}: validation had not improved for {validations:,} validations; "
        "best at step {best:,}."
    ),
    "ended-with-best": "Its weights are those of step {best:,}, which validated best.",
    # The record of a run while it is trained.
    "run-not-recorded": (
        "The run cannot be recorded now in {folder}: {reason}. "
        "Training goes on, and it is recorded as soon as that is possible."
    ),
    "run-recorded-again": "The run is recorded again, with all that happened in the meantime.",
    "run-end-not-recorded": ("What happened last in the run could not be recorded in {folder}."),
    "versions-differ": (
        "The run {run} was begun with other versions of the program, of Python, "
        "TensorFlow, Keras or NumPy; its weights may come to differ in their last bits."
    ),
    # Runs that are found, opened and labelled.
    "no-run": "There is no run {name!r} in {folder}; name one that is listed.",
    "run-ambiguous": "{name!r} may be any of {count:,} runs, {names} ...; name one of them.",
    "run-other-data": (
        "The run {run} was trained on other data than {given}; open its data set, {data}, to go on."
    ),
    "run-no-checkpoint": (
        "The run {run} has no checkpoint to go on from; start a new one with its settings."
    ),
    "checkpoint-before": (
        "The newest checkpoint of the run {run} is damaged. The run goes on from the one before, "
        "of step {step:,}, and ends with the same weights."
    ),
    "checkpoints-damaged": (
        "The run {run} cannot go on, as its checkpoint is damaged. Delete the files named "
        "checkpoint in {folder}; the run then starts again with the same settings and seed, "
        "and ends with the same weights."
    ),
    "run-no-snapshot": "The run {run} has no snapshot of step {step:,}; choose another step.",
    "run-untested": "The run {run} has not been tested; choose one that was completed.",
    "run-still-running": "The run {run} still goes on; stop it and delete it then.",
    "run-elsewhere": (
        "The run {run} goes on in another program, and can only be looked at here; "
        "stop it there to go on with it."
    ),
    "runs-of-other-images": (
        "The two runs were tested on different images, so their accuracies cannot be compared; "
        "choose two runs on the same data set."
    ),
    "runs-equal": "{first} reads exactly as many of {images:,} test images right as {second}.",
    "run-better": "{first} is {points:.2f} points better than {second}; {chance}.",
    "run-worse": "{first} is {points:.2f} points worse than {second}; {chance}.",
    "difference-certain": "a real difference, not luck (p < 0.001; McNemar's test)",
    "difference-significant": "a real difference, not luck (p = {p:.2g}; McNemar's test)",
    "difference-by-chance": "could be luck (p = {p:.2g}; McNemar's test)",
    "run-name-long": "A run's name has at most {most:,} letters; choose a shorter one.",
    "run-name-controls": "A run's name is one line of text; leave out control characters.",
    "run-colour": "There is no colour {colour!r} for runs; choose one of {names}.",
    "run-note-long": "A run's note has at most {most:,} letters; shorten it.",
    "run-note-controls": "A run's note is plain text; leave out control characters.",
    "run-not-exported": "The run cannot be exported to {path}: {reason}.",
    "run-export-exists": (
        "The run cannot be exported to {path}, which is there already; name a new folder."
    ),
    "no-tensorboard": (
        'TensorBoard is not installed; install mnist-gui with its extra "tensorboard".'
    ),
    # Files of runs that cannot be used.
    "runs-unwritable": "No run can be recorded in the folder {folder}: {reason}.",
    "runs-unreadable": "The folder of runs {folder} cannot be read: {reason}.",
    "run-gone": (
        "The run {run} is no longer in {folder}. If another window has deleted it, it can be "
        "brought back there."
    ),
    "run-unreadable": "The run {path} cannot be read: {reason}.",
    "run-unusable": "A file of the run {run} in {folder} cannot be used: {reason}.",
    "run-file-unusable": "The file {path} cannot be used: {reason}.",
    "run-info-text": "its run.json has a text that is no line that could be shown",
    "run-info-nested": "its run.json is nested too deeply",
    "run-info-date": "its run.json has a date of another age",
    "run-info-score": "its run.json has more images read right than there are",
    "run-info-status": "its run.json has a status that is never written",
    "checkpoint-steps": "its steps contradict each other",
    "checkpoint-rate": "its learning rate of {rate:g} is none to learn at",
    "checkpoint-precision": "it knows no precision {precision!r}",
    "predictions-digits": "it has digits above 9",
    "predictions-probabilities": "it has probabilities that do not fit its digits",
    # Where runs are kept.
    "choice-unreadable": (
        "Where runs are kept cannot be read from {path}: {reason}; name the folder by --runs, "
        "or choose it anew by File > Data > Keep runs in."
    ),
    "choice-no-folder": "what it names is no folder",
    "choice-unwritable": "The folder for runs cannot be remembered in {path}: {reason}.",
    "choice-name": "its name is not text in UTF-8; choose another one",
}
