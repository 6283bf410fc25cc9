"""Measures the most memory that a run from the command line takes, against a plain Keras script.

    python -m benchmarks.peak_memory [--steps 1000] [--rounds 3] [--json]

Both train cnn-tutorial's network on all of MNIST for so many steps, each in a process of its own,
and then read the 10,000 test images: ours by `mnist-gui train`, Keras by `fit` and `evaluate`.
Memory no longer grows after the first steps, so that a full run's peak is the same.
"""

import argparse
import json
import os
import subprocess
import sys
from statistics import median

_KERAS = """
import keras, numpy as np
from benchmarks.peers.keras_fit import _LAYERS
from mnist_gui.engine.dataset import load_dataset
data = load_dataset()
def prepared(part):
    return part.images[..., np.newaxis].astype(np.float32) / 255, part.labels.astype(np.int32)
x, y = prepared(data.train)
model = keras.Sequential([keras.Input((28, 28, 1)), *_LAYERS["cnn"]()])
model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
count = 50 * int({steps})
model.fit(x[:count], y[:count], batch_size=50, verbose=0)
model.evaluate(*prepared(data.test), verbose=0)
"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--steps", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    steps = str(arguments.steps)
    ours = [sys.executable, "-m", "mnist_gui", "train", "--recipe", "cnn-tutorial"]
    commands = {
        "mnist-gui train": [*ours, "--steps", steps],
        "mnist-gui train, float32": [*ours, "--steps", steps, "--precision", "float32"],
        "Keras fit": [sys.executable, "-c", _KERAS.format(steps=steps)],
    }
    peaks: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(arguments.rounds):
        for name, command in commands.items():
            peaks[name].append(_peak(command))
    medians = {name: median(values) for name, values in peaks.items()}
    if arguments.json:
        print(json.dumps(medians))
        return 0
    for name, value in medians.items():
        print(f"{name:26} {value:7.0f} MiB  {value / medians['Keras fit']:5.2f} of Keras")
    return 0


def _peak(command: list[str]) -> float:
    """Return the largest resident size of a command's process, in MiB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command[:4])} failed with status {status}")
    return usage.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
