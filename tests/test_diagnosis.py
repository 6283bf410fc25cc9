"""What the device doctor found, in words."""

from dataclasses import replace

import pytest

from mnist_gui.engine.doctor import Display, Screen, examine
from mnist_gui.engine.models.devices import Device
from mnist_gui.engine.training.speed import Speed
from mnist_gui.words.diagnosis import report_text, summary
from tests.refusals import not_told

PROCESSOR = Device("CPU", "Some processor", "/CPU:0", computes_bfloat16=False)


@pytest.mark.parametrize(
    ("steps_per_second", "time"),
    [
        (100_000, "2 seconds"),
        (210, "95 seconds"),
        (200, "2 minutes"),
        (55, "6 minutes"),
        (1, "6 hours"),
    ],
)
def test_how_long_the_tutorials_network_trains_is_one_plain_sentence(
    steps_per_second: float, time: str
) -> None:
    speed = Speed("cnn-tutorial", "CPU", "float32", steps_per_second)
    report = examine((PROCESSOR,), {}, Display(), {})
    assert summary(report).startswith("All is well. ")
    assert "not been tested" in summary(report)
    words = f"This computer trains the tutorial CNN in about {time}."
    assert summary(replace(report, speeds=(speed,))) == words


def test_the_text_has_all_that_a_window_knows() -> None:
    display = Display("xcb", (Screen(1536, 864, 1.25),))
    report = examine((PROCESSOR,), {}, display, {"Qt": "6.11.3", "pyqtgraph": ""})
    for problem in report.problems:
        not_told(problem)
    lines = [line.split(maxsplit=1) for line in report_text(report).splitlines()]
    assert ["Screen", "1536 \u00d7 864 at 125 %"] in lines
    assert ["Qt", "6.11.3"] in lines
    assert ["pyqtgraph", "not installed"] in lines
    assert ["Found", "CPU: Some processor"] in lines
