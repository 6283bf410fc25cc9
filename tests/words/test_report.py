"""The report on a test: what is in it is what the evaluation says, and nothing else gets in."""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_gui.engine.errors import ReportFileError
from mnist_gui.engine.events import RunPrepared, StepsTrained, Validated
from mnist_gui.engine.history import History
from mnist_gui.engine.prediction import Evaluation, wilson_interval
from mnist_gui.engine.recipe import IMPORTED, RECIPES
from mnist_gui.engine.report import Report, write_report
from mnist_gui.words.language import use_language
from mnist_gui.words.report.markup import element, joined, void
from mnist_gui.words.report.page import report_html
from tests.engine.conftest import softmax_snapshot

_VOID = {"meta", "img", "br"}
HOSTILE = "</title><script>alert('1')</script><img src=x onerror=\"a\">&amp; \u202e%s {0}"


class Page(HTMLParser):
    """Reads a page strictly: its tags, attributes and tables; fails where a tag is not closed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.tables: list[list[list[str]]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs)
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.setdefault(self._open[-1], []).append(data)
            if self._open[-1] in ("td", "th"):
                self.tables[-1][-1][-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def evaluation(temperature: float = 1.0) -> Evaluation:
    random = np.random.default_rng(4)
    logits = random.normal(0, 2, (300, 10)) / temperature
    labels = random.integers(0, 9, 300).astype(np.uint8)
    logits[np.arange(300), labels] += 4
    powers = np.exp(logits)
    return Evaluation(labels, (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32))


@pytest.fixture
def report() -> Report:
    network = replace(softmax_snapshot(), temperature=0.8)
    images = np.random.default_rng(5).integers(0, 256, (300, 28, 28)).astype(np.uint8)
    return Report(
        name="mine",
        data="MNIST",
        network=network,
        reader=network,
        evaluation=evaluation(),
        images=images,
        made=datetime(2026, 11, 29, 9, 30, tzinfo=UTC),
    )


@pytest.fixture
def chinese() -> Iterator[None]:
    use_language("zh_CN")
    yield
    use_language("en")


def test_it_is_well_formed_and_refers_to_nothing_outside(report: Report) -> None:
    html = report_html(report)
    page = Page(html)
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">')
    rest = re.sub(r"base64,[A-Za-z0-9+/=]*", "", html)
    assert not re.search(r"https?:|//|@import|url\(|<script|<link|<iframe|javascript:", rest)
    sources = [image["src"] or "" for image in page.named("img")]
    assert sources
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert not {"href", "srcset", "onload"} & {key for _, found in page.tags for key in found}
    assert "default-src 'none'" in str(page.named("meta"))


def test_its_numbers_are_those_of_the_evaluation(report: Report) -> None:
    test = report.evaluation
    html = report_html(report)
    page = Page(html)
    low, high = test.interval
    assert f"{100 * test.accuracy:.2f} %" in page.texts["p"]
    words = (
        f"{test.correct:,} of 300 test images; 95 % interval {100 * low:.2f} to {100 * high:.2f} %"
    )
    assert words in page.texts["p"]
    matrix = next(table for table in page.tables if table[0][1:] == list("0123456789"))
    for label in range(10):
        shown = [int(cell or 0) for cell in matrix[1 + label][1:]]
        assert shown == [
            int(np.count_nonzero((test.labels == label) & (test.predicted == read_as)))
            for read_as in range(10)
        ]


def test_each_digit_has_its_accuracy_precision_and_most_frequent_error(report: Report) -> None:
    test = report.evaluation
    page = Page(report_html(report))
    table = next(table for table in page.tables if table[0][0] == "Digit")
    for digit in range(9):
        images, answers = test.labels == digit, test.predicted == digit
        right = int(np.count_nonzero(images & answers))
        row = table[1 + digit]
        assert row[:3] == [str(digit), str(images.sum()), str(right)]
        for place, total in ((3, int(images.sum())), (5, int(answers.sum()))):
            low, high = wilson_interval(right, total)
            assert row[place] == f"{100 * right / total:.1f} %".replace("100.0 %", "100.0 %")
            assert row[place + 1] == f"{100 * low:.1f} to {100 * high:.1f} %"
        others = np.bincount(test.predicted[images & ~answers], minlength=10)
        assert row[7] == (f"{others.argmax()} ({others.max()})" if others.any() else "\u2013")
    # There is no image of a nine.
    assert table[10][3:5] == ["\u2013", "\u2013"]


def test_calibration_is_measured_with_and_without_the_temperature(report: Report) -> None:
    page = Page(report_html(report))
    raw = report.evaluation.uncalibrated(0.8)
    (table,) = (table for table in page.tables if table[0] == ["", "raw", "calibrated"])
    errors = [100 * each.calibration_error for each in (raw, report.evaluation)]
    assert table[1][1:] == [f"{error:.2f} points" for error in errors]
    losses = []
    for each in (raw, report.evaluation):
        own = each.probabilities[np.arange(300), each.labels].astype(float)
        losses.append(f"{-np.log(own).mean():.4f}")
    assert table[4][1:] == losses
    bare = replace(report, reader=report.network.uncalibrated, evaluation=raw)
    (table,) = (table for table in Page(report_html(bare)).tables if table[0] == ["", "raw"])
    assert table[1][1] == f"{errors[0]:.2f} points"


def test_the_hardest_images_are_there_with_what_was_read(report: Report) -> None:
    page = Page(report_html(report))
    images = page.named("img")
    own = report.evaluation.probabilities[np.arange(300), report.evaluation.labels]
    hardest = np.argsort(own, kind="stable")[:30]
    assert len(images) == 30
    for shown, index in zip(images, hardest, strict=True):
        content = b64decode((shown["src"] or "").partition(",")[2])
        assert np.array_equal(255 - np.asarray(Image.open(BytesIO(content))), report.images[index])
        label, read_as = report.evaluation.labels[index], report.evaluation.predicted[index]
        assert (shown["alt"] or "").startswith(f"Image {index}: {label} read as {read_as} with ")


def test_tables_have_heads_and_drawings_say_what_they_show(report: Report) -> None:
    page = Page(report_html(report))
    assert {head.get("scope") for head in page.named("th")} == {"row", "col"}
    charts = [svg for svg in page.named("svg") if svg.get("role") == "img"]
    marks = [svg for svg in page.named("svg") if svg.get("role") != "img"]
    assert len(charts) == 1
    assert all(mark["aria-hidden"] == "true" for mark in marks)
    assert "Where it says" in page.texts["desc"][0]


def test_hostile_names_stay_text(report: Report) -> None:
    page = Page(report_html(replace(report, name=HOSTILE, data=HOSTILE)))
    assert page.texts["td"].count(HOSTILE) == 2
    plain = Page(report_html(report))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]


def test_a_hostile_recipe_of_a_file_stays_text(report: Report) -> None:
    recipe = replace(report.network.recipe, name=HOSTILE)
    html = report_html(replace(report, network=replace(report.network, recipe=recipe)))
    assert HOSTILE in Page(html).texts["td"]


def test_of_imported_weights_no_recipe_is_told(report: Report) -> None:
    recipe = replace(report.network.recipe, name=IMPORTED)
    page = Page(report_html(replace(report, network=replace(report.network, recipe=recipe))))
    heads = [row[0] for table in page.tables for row in table]
    assert "Parameters" in heads
    assert "Learning rate" not in heads


def test_the_curves_of_its_run_are_drawn(report: Report) -> None:
    history = History(RECIPES["softmax-tutorial"])
    history.append(RunPrepared("CPU", "float32", 7_850, 0.1))
    for step in range(10, 60, 10):
        history.append(
            StepsTrained(step, step / 600, [2 / step] * 10, [(0, 0.5 + step / 200)], 0.1)
        )
        history.append(Validated(step, 0.6 + step / 200, 1.5 / step))
    page = Page(report_html(replace(report, history=history)))
    assert len([svg for svg in page.named("svg") if svg.get("role") == "img"]) == 3
    assert "Curves" in page.texts["h2"]
    # A mark for each validation, in both drawings.
    dots = [each for each in page.named("circle") if each["r"] == "2.5"]
    assert len(dots) == 10
    empty = Page(report_html(replace(report, history=History(RECIPES["softmax-tutorial"]))))
    assert "Curves" not in empty.texts["h2"]


@pytest.mark.usefixtures("chinese")
def test_it_speaks_the_language_in_use(report: Report) -> None:
    html = report_html(report)
    assert html.startswith('<!DOCTYPE html>\n<html lang="zh-CN">')
    assert "\u5b66\u4e60\u7387" in Page(html).texts["th"]


def test_one_image_of_one_class_makes_a_report(report: Report) -> None:
    only = Evaluation(report.evaluation.labels[:1], report.evaluation.probabilities[:1])
    page = Page(report_html(replace(report, evaluation=only, images=report.images[:1])))
    assert len(page.named("img")) == 1


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(path, "\u5b66")
    assert path.read_text("utf-8") == "\u5b66"
    with pytest.raises(ReportFileError, match="report-unwritable"):
        write_report(tmp_path / "none" / "report.html", "")
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_text_and_attributes_are_escaped_and_markup_is_not() -> None:
    inner = element("b", "<&>", title='"')
    assert inner == '<b title="&quot;">&lt;&amp;&gt;</b>'
    assert joined(inner, "<", 3) == f"{inner}&lt;3"
    assert void("img", alt="'", src=None) == '<img alt="&#x27;">'
    assert element("p", class_="x", stroke_width=2) == '<p class="x" stroke-width="2"></p>'
