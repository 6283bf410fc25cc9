"""Sentences and colours of runs."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from mnist_gui.engine.events import LearningRateChanged
from mnist_gui.engine.history import History
from mnist_gui.engine.recipe import HYPERPARAMETERS
from mnist_gui.engine.runs.run import (
    MOST_NAME,
    Comparison,
    NextAction,
    RunInfo,
    RunRecord,
    RunStatus,
    Score,
    changed_settings,
    settings_diff,
)
from mnist_gui.gui.common.labels import count, duration, number, percent, reading_arrow
from mnist_gui.gui.common.values import (
    architecture_title,
    choice_title,
    hyperparameter_title,
    recipe_title,
)
from mnist_gui.words.errors import recorded_sentence, sentence

SettingValue = str | int | float
# Okabe and Ito's colours, distinct for the colour-blind too; yellow darker, to be seen on white.
SHADES: Mapping[str, str] = {
    "blue": "#0072b2",
    "vermilion": "#d55e00",
    "green": "#009e73",
    "purple": "#cc79a7",
    "orange": "#e69f00",
    "sky-blue": "#56b4e9",
    "yellow": "#c9b800",
}
_DOT = QSize(14, 14)


def run_title(run: RunRecord) -> str:
    """Return the user's name for a run, or else its recipe's title and the changed settings."""
    recipe = run.info.recipe
    changes = (
        f"{setting_title(setting).lower()} {setting_text(setting, value)}"
        for setting, value in changed_settings(recipe).items()
    )
    return run.labels.name or ", ".join((recipe_title(recipe.name), *changes))


def with_distinct_names(runs: Iterable[RunRecord]) -> tuple[RunRecord, ...]:
    """Return the runs with distinct names: of runs with the same one, the later are numbered."""
    times: Counter[str] = Counter()
    names: dict[str, str] = {}
    for run in sorted(runs, key=lambda run: (run.info.started, run.run_id)):
        title = run_title(run)
        times[title] += 1
        names[run.run_id] = f"{title} {times[title]}" if times[title] > 1 else title
    return tuple(_named(run, names[run.run_id]) for run in runs)


def _named(run: RunRecord, name: str) -> RunRecord:
    is_own = name == run_title(run)
    return run if is_own else replace(run, labels=replace(run.labels, name=name[:MOST_NAME]))


def status_title(status: RunStatus) -> str:
    """Return the name of a run's status."""
    titles = {
        RunStatus.RUNNING: QCoreApplication.translate("runs", "Running"),
        RunStatus.COMPLETED: QCoreApplication.translate("runs", "Completed"),
        RunStatus.STOPPED: QCoreApplication.translate("runs", "Stopped"),
        RunStatus.FAILED: QCoreApplication.translate("runs", "Failed"),
        RunStatus.INTERRUPTED: QCoreApplication.translate("runs", "Interrupted"),
    }
    return titles[status]


def next_action_texts(action: NextAction | None) -> tuple[str, str]:
    """Return the text of the button that resumes, continues or restarts a run, and its tip."""
    title = QCoreApplication.translate("runs", "Keep training")
    match action:
        case NextAction.RESUME:
            tip = QCoreApplication.translate("runs", "Continue exactly where it stopped.")
        case NextAction.CONTINUE:
            title = QCoreApplication.translate("runs", "Keep training \u2026")
            tip = QCoreApplication.translate(
                "runs", "Give this run more steps, as if it had been given them at its end."
            )
        case NextAction.RESTART:
            title = QCoreApplication.translate("runs", "Start again")
            tip = QCoreApplication.translate(
                "runs",
                "This run ended before its first checkpoint: start it again from the beginning, "
                "with the same settings and seed.",
            )
        case None:
            tip = QCoreApplication.translate(
                "runs",
                "Choose one run that has ended, to keep training it. Of runs that were completed "
                "long ago, only the network is kept, unless they are pinned.",
            )
    return title, tip


def score_text(score: Score | None) -> str:
    """Return an accuracy with its 95 % interval: "99.27 % (99.08\u201399.42)"."""
    if score is None:
        return "\u2013"
    low, high = score.interval
    return QCoreApplication.translate("runs", "{accuracy} ({low}\u2013{high})").format(
        accuracy=percent(score.accuracy, 2), low=number(100 * low, 2), high=number(100 * high, 2)
    )


def test_evaluations_text(info: RunInfo) -> str:
    """Say how often the test set was evaluated; each time makes the accuracy less trustworthy."""
    if not info.test_reads:
        return QCoreApplication.translate("runs", "The test images have not been read.")
    if info.test_reads == 1:
        return QCoreApplication.translate("runs", "The test images were read once.")
    text = QCoreApplication.translate("runs", "The test images were read {times} times.")
    return text.format(times=count(info.test_reads))


def steps_text(info: RunInfo) -> str:
    """Return how many steps were done, and of how many where some are left."""
    if info.step == info.steps:
        return count(info.step)
    text = QCoreApplication.translate("runs", "{step} of {steps}")
    return text.format(step=count(info.step), steps=count(info.steps))


def comparison_text(first: str, second: str, comparison: Comparison) -> str:
    """Return which of two runs is better, and whether the difference may be due to chance."""
    return sentence(comparison.verdict(first, second))


def reason_text(info: RunInfo) -> str:
    """Return why a run failed or ended early, or nothing."""
    return recorded_sentence(info.reason)


def setting_title(setting: str) -> str:
    """Return the title of a setting: of a hyperparameter, or of another part of a run's info."""
    if setting in HYPERPARAMETERS:
        return hyperparameter_title(setting)
    titles = {
        "recipe": QCoreApplication.translate("runs", "Recipe"),
        "device": QCoreApplication.translate("runs", "Device"),
        "data": QCoreApplication.translate("runs", "Data set"),
        "data_fingerprint": QCoreApplication.translate("runs", "Fingerprint of the data"),
        "program_version": QCoreApplication.translate("runs", "Version"),
        "python_version": QCoreApplication.translate("runs", "Version of Python"),
        "tensorflow_version": QCoreApplication.translate("runs", "Version of TensorFlow"),
        "keras_version": QCoreApplication.translate("runs", "Version of Keras"),
        "numpy_version": QCoreApplication.translate("runs", "Version of NumPy"),
    }
    return titles.get(setting, setting)


def setting_text(setting: str, value: SettingValue) -> str:
    """Return a setting's value as it is shown."""
    match setting, value:
        case "recipe", str():
            return recipe_title(value)
        case "network", str():
            return architecture_title(value)
        case _, str() if setting in HYPERPARAMETERS:
            return choice_title(setting, value)
        case _, int():
            return count(value)
        case _, float():
            return f"{value:g}"
    return str(value) or "\u2013"


def rate_text(run: RunRecord, history: History | None) -> str:
    """Return a run's learning rate, with the one at its end if it was changed: "0.1 → 0.05"."""
    marks = history.annotations if history else ()
    changes = [mark.learning_rate for mark in marks if isinstance(mark, LearningRateChanged)]
    rates = (run.info.recipe.learning_rate, *changes[-1:])
    return f" {reading_arrow()} ".join(
        dict.fromkeys(setting_text("learning_rate", rate) for rate in rates)
    )


def comparison_rows(
    runs: Sequence[RunRecord], histories: Mapping[str, History | None]
) -> dict[str, tuple[str, ...]]:
    """Return what the runs came to, and the settings in which they differ: title to texts."""
    rates = tuple(rate_text(run, histories.get(run.run_id)) for run in runs)
    rows = {
        QCoreApplication.translate("runs", "Test accuracy"): [
            score_text(r.info.test) for r in runs
        ],
        QCoreApplication.translate("runs", "Validation"): [
            score_text(run.info.validation) for run in runs
        ],
        QCoreApplication.translate("runs", "Time"): [duration(run.info.seconds) for run in runs],
        setting_title("learning_rate"): list(rates if len(set(rates)) > 1 else ()),
    }
    for setting, values in settings_diff(runs).items():
        if setting != "learning_rate":
            rows[setting_title(setting)] = [setting_text(setting, value) for value in values]
    return {title: tuple(texts) for title, texts in rows.items() if texts}


def colour_title(name: str) -> str:
    """Return a colour's name; "" stands for a colour that the program chooses."""
    titles = {
        "": QCoreApplication.translate("runs", "Automatic"),
        "blue": QCoreApplication.translate("runs", "Blue"),
        "vermilion": QCoreApplication.translate("runs", "Vermilion"),
        "green": QCoreApplication.translate("runs", "Green"),
        "purple": QCoreApplication.translate("runs", "Purple"),
        "orange": QCoreApplication.translate("runs", "Orange"),
        "sky-blue": QCoreApplication.translate("runs", "Sky blue"),
        "yellow": QCoreApplication.translate("runs", "Yellow"),
    }
    return titles[name]


def distribute(wanted: list[str]) -> list[str]:
    """Return a shade "#rrggbb" for each run, where "" asks for one that is still free."""
    free = [name for name in SHADES if name not in wanted]
    names = list(SHADES)
    return [
        SHADES[name or (free.pop(0) if free else names[index % len(names)])]
        for index, name in enumerate(wanted)
    ]


def dot(shade: str | None) -> QIcon:
    """Return a round mark in this shade, or an empty one of the same size."""
    picture = QPixmap(_DOT * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    if shade:
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shade))
        painter.drawEllipse(QPointF(_DOT.width() / 2, _DOT.height() / 2), 4.5, 4.5)
        painter.end()
    icon = QIcon(picture)
    # Otherwise it is tinted where its row is selected.
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon
