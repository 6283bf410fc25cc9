"""Writes the curves of a run as event files for TensorBoard, with TensorBoard's own writer."""

from pathlib import Path

from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.files.regular_file import explain
from mnist_gui.engine.history import History
from mnist_gui.engine.runs.record import RunRecord
from mnist_gui.engine.tensorflow_loader import load_tensorflow


def write_tensorboard(folder: Path, run: RunRecord, history: History) -> None:
    """Write a folder for `tensorboard --logdir`; raises RunRecordError."""
    # It looks for TensorFlow by itself, and then its start-up lines would be seen.
    load_tensorflow()
    try:
        from tensorboard.summary import Writer
    except ImportError as error:
        raise RunRecordError(
            'TensorBoard is not installed; install mnist-gui with its extra "tensorboard".'
        ) from error
    curves = {
        "loss/training": history.loss,
        "loss/validation": history.validation_loss,
        "accuracy/training": history.train_accuracy,
        "accuracy/validation": history.validation_accuracy,
    }
    try:
        # The writer would raise TensorFlow's own errors.
        (folder / run.identity).mkdir(parents=True, exist_ok=True)
        writer = Writer(str(folder / run.identity))
        for tag, curve in curves.items():
            for step, value in zip(curve.steps.tolist(), curve.values.tolist(), strict=True):
                writer.add_scalar(tag, value, int(step))
        if run.facts.test:
            writer.add_scalar("accuracy/test", run.facts.test.accuracy, run.facts.test.step)
        writer.close()
    except OSError as error:
        raise RunRecordError(
            f"The run cannot be exported to {folder}: {explain(error)}."
        ) from error
