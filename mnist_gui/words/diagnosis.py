"""What the device doctor found, as headings with lines, for the window and the command line."""

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size

from mnist_gui.engine.doctor import UNUSED_VARIABLES, Folder, Report
from mnist_gui.engine.training.speed import Speed
from mnist_gui.words.errors import sentence
from mnist_gui.words.language import tr
from mnist_gui.words.recipes import device_title

Lines = list[tuple[str, str]]
"""What something is called, and what was found."""

TEXTS: dict[str, str] = {
    "seconds": "This computer trains the tutorial CNN in about {number} seconds.",
    "minutes": "This computer trains the tutorial CNN in about {number} minutes.",
    "hours": "This computer trains the tutorial CNN in about {number} hours.",
    "untested": "The speed has not been tested yet.",
    "well": "All is well. The speed has not been tested yet.",
    "problems": "To put right",
    "fine": "Nothing. All is well.",
    "speed": "Speed of training",
    "cnn-tutorial": "Tutorial CNN, batches of 50",
    "softmax-tutorial": "Softmax regression, batches of 100",
    "steps": "{speed} steps a second ({device}, {precision})",
    "devices": "Devices",
    "device": "Found",
    "no-device": "None, as TensorFlow cannot be loaded.",
    "no-gpu": "Why not a GPU",
    "mending": "This command helps",
    "computer": "Computer",
    "system": "System",
    "processor": "Processor",
    "cores": "Cores to use",
    "memory": "Memory",
    "unknown": "unknown",
    "versions": "Versions",
    "not-installed": "not installed",
    "folders": "Folders",
    "data": "Your digits",
    "runs": "Runs",
    "logs": "Logs",
    "settings": "Settings",
    "writable": "{path} (can be written, {free} free)",
    "writable-later": "{path} (not there yet, can be made, {free} free)",
    "not-writable": "{path} (cannot be written)",
    "display": "Display",
    "set": "set",
    "not-set": "not set",
    "not-followed": "{value} (for other programs; this one does not follow it)",
    "window": "A window",
    "window-opens": "can be opened",
    "platform": "Qt's platform",
    "screen": "Screen",
    "screen-size": "{width} \u00d7 {height} at {percent:.0f} %",
    "variables": "Variables",
}


def summary(report: Report) -> str:
    """Return what the report means, in one plain sentence."""
    if not report.devices and report.problems:
        return sentence(report.problems[0])
    for speed in report.speeds:
        if speed.recipe == "cnn-tutorial":
            return _training_time(speed.training_seconds)
    return tr(TEXTS["untested" if report.problems else "well"])


def report_text(report: Report) -> str:
    """Return the whole report as text."""
    parts = [summary(report)]
    for heading, lines in report_parts(report):
        width = max(cell_len(name) for name, _ in lines) + 2
        rows = (f"  {set_cell_size(name, width)}{found}".rstrip() for name, found in lines)
        parts.append("\n".join([heading, *rows]))
    return "\n\n".join(parts)


def report_parts(report: Report) -> list[tuple[str, Lines]]:
    """Return the headings of the report, each with its lines; none is empty."""
    parts = {
        "problems": [("", sentence(problem)) for problem in report.problems]
        or [("", tr(TEXTS["fine"]))],
        "speed": [(tr(TEXTS[speed.recipe]), _speed(speed)) for speed in report.speeds],
        "devices": list(_devices(report)),
        "computer": _computer(report),
        "versions": [
            (name, version or tr(TEXTS["not-installed"]))
            for name, version in report.versions.items()
        ],
        "folders": [(tr(TEXTS[folder.purpose]), _folder(folder)) for folder in report.folders],
        "display": list(_display(report)),
        "variables": [(name, _variable(name, value)) for name, value in report.variables.items()],
    }
    return [(tr(TEXTS[name]), lines) for name, lines in parts.items() if lines]


def _training_time(seconds: float) -> str:
    """Return the sentence; its number is never 1."""
    if seconds < 100:
        return tr(TEXTS["seconds"]).format(number=max(2, round(seconds)))
    if seconds < 100 * 60:
        return tr(TEXTS["minutes"]).format(number=round(seconds / 60))
    return tr(TEXTS["hours"]).format(number=round(seconds / 3_600))


def _speed(speed: Speed) -> str:
    rate = speed.steps_per_second
    number = f"{rate:,.1f}" if rate < 100 else f"{rate:,.0f}"
    device = device_title(speed.device)
    return tr(TEXTS["steps"]).format(speed=number, device=device, precision=speed.precision)


def _devices(report: Report) -> Iterator[tuple[str, str]]:
    if not report.devices:
        yield tr(TEXTS["device"]), tr(TEXTS["no-device"])
    for device in report.devices:
        yield tr(TEXTS["device"]), device_title(device)
    if report.no_gpu is not None:
        yield tr(TEXTS["no-gpu"]), sentence(report.no_gpu)
    if report.mending:
        yield tr(TEXTS["mending"]), report.mending


def _computer(report: Report) -> Lines:
    processor = report.processor
    return [
        (tr(TEXTS["system"]), report.system),
        (tr(TEXTS["processor"]), processor.name),
        (tr(TEXTS["cores"]), str(processor.cores)),
        (tr(TEXTS["memory"]), _size(processor.memory)),
    ]


def _folder(folder: Folder) -> str:
    if folder.problem is not None:
        return tr(TEXTS["not-writable"]).format(path=folder.path)
    text = tr(TEXTS["writable" if folder.exists else "writable-later"])
    return text.format(path=folder.path, free=_size(folder.free))


def _display(report: Report) -> Iterator[tuple[str, str]]:
    for name, is_set in report.display_variables.items():
        yield name, tr(TEXTS["set" if is_set else "not-set"])
    display = report.display
    if display.platform:
        yield tr(TEXTS["platform"]), display.platform
    else:
        yield tr(TEXTS["window"]), display.obstacle or tr(TEXTS["window-opens"])
    for screen in display.screens:
        size, percent = tr(TEXTS["screen-size"]), 100 * screen.scaling
        text = size.format(width=screen.width, height=screen.height, percent=percent)
        yield tr(TEXTS["screen"]), text


def _variable(name: str, value: str | None) -> str:
    if value is None:
        return tr(TEXTS["not-set"])
    text = tr(TEXTS["not-followed"]) if name in UNUSED_VARIABLES else "{value}"
    return text.format(value=f'"{value}"')


def _size(count: int | None) -> str:
    return tr(TEXTS["unknown"]) if count is None else f"{count / 2**30:,.1f} GiB"
