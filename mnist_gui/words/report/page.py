"""The page of a report: what was tested, and what came of it."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from math import sqrt

import numpy as np

from mnist_gui import __version__
from mnist_gui.engine.architectures import CLASSES
from mnist_gui.engine.calibration import BINS, Honesty, verdict
from mnist_gui.engine.prediction import DigitResult, Evaluation
from mnist_gui.engine.recipe import HYPERPARAMETERS, IMPORTED, Recipe
from mnist_gui.engine.report import Report, printed_image
from mnist_gui.words.calibration import verdict_sentence
from mnist_gui.words.language import in_sequence, language, tr, translation
from mnist_gui.words.numbers import percent
from mnist_gui.words.recipes import device_title
from mnist_gui.words.report.charts import curve_charts, key, reliability_chart
from mnist_gui.words.report.markup import Markup, element, joined, void
from mnist_gui.words.report.style import STYLE

_DASH = "\u2013"
# What a reader may load: nothing from elsewhere.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_RIGHT, _WRONG = (0, 114, 178), (213, 94, 0)


def report_html(report: Report) -> str:
    """Return a report as a page of HTML, in the language in use; no name in it is trusted."""
    raw, calibrated = report.raw, report.calibrated
    title = tr("Test report: {network}").format(network=report.name)
    parts = (
        _head(report, title),
        _network(report),
        _confusion(report.evaluation),
        _digits(report.evaluation),
        _calibration(raw, calibrated, report.network.temperature),
        _curves(report),
        _hardest(report),
        element(
            "p", tr("Made by mnist-gui {version}.").format(version=__version__), class_="muted"
        ),
    )
    head = element(
        "head",
        void("meta", charset="utf-8"),
        void("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        # It is ours, and may not be escaped.
        element("style", Markup(STYLE)),
    )
    body = element("body", element("main", *parts))
    page = element("html", head, body, lang=language().replace("_", "-"))
    return f"<!DOCTYPE html>\n{page}\n"


def _head(report: Report, title: str) -> Markup:
    evaluation = report.evaluation
    facts = tr("{data}, {images:,} test images; {date}").format(
        data=report.data, images=len(evaluation.labels), date=f"{report.made:%Y-%m-%d %H:%M}"
    )
    lines = [
        element("h1", title),
        element("p", facts, class_="muted"),
        element("p", percent(evaluation.accuracy), class_="figure"),
        element("p", _accuracy(evaluation)),
    ]
    if report.drawings is not None:
        lines.append(element("p", _drawings(report.drawings)))
    return element("header", *lines)


def _accuracy(evaluation: Evaluation) -> str:
    low, high = evaluation.interval
    text = tr("{correct} of {total} test images; 95 % interval {low} to {high} %")
    return text.format(
        correct=f"{evaluation.correct:,}",
        total=f"{len(evaluation.labels):,}",
        low=f"{100 * low:.2f}",
        high=f"{100 * high:.2f}",
    )


def _drawings(evaluation: Evaluation) -> str:
    low, high = evaluation.interval
    text = tr("{share} of {count:,} drawings read correctly (95 % interval {low} to {high}).")
    share = percent(evaluation.accuracy)
    total = len(evaluation.labels)
    return text.format(share=share, count=total, low=percent(low), high=percent(high))


def _section(title: str, *content: object, **how: str) -> Markup:
    return element("section", element("h2", title), *content, **how)


def _table(
    rows: Iterable[object], *, head: Iterable[str] = (), caption: str = "", **how: str
) -> Markup:
    """Return a table of rows that are markup, with the heads of its columns."""
    columns = [element("th", words, scope="col") for words in head]
    parts = [element("caption", caption)] if caption else []
    if columns:
        parts.append(element("thead", element("tr", *columns)))
    return element("table", *parts, element("tbody", *rows), **how)


def _row(head: object, *cells: object) -> Markup:
    return element("tr", element("th", head, scope="row"), *(element("td", c) for c in cells))


# --- network and run -----------------------------------------------------------------------------


def _network(report: Report) -> Markup:
    recipe = report.network.recipe
    facts = _table((_row(*pair) for pair in _facts(report)), class_="facts")
    values = _table((_row(*pair) for pair in _recipe_values(recipe)), class_="facts")
    if recipe.name == IMPORTED:
        # Nobody knows how it was trained.
        return _section(tr("Network"), facts)
    heads = element("h3", tr("Network")), element("h3", tr("Recipe"))
    columns = (element("div", *pair) for pair in zip(heads, (facts, values), strict=True))
    return _section(tr("What was tested"), element("div", *columns, class_="beside"))


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    recipe, network = report.network.recipe, report.network
    yield tr("Name"), report.name
    yield tr("Architecture"), recipe.network
    yield tr("Parameters"), f"{recipe.architecture.parameters:,}"
    yield tr("Steps"), f"{network.step:,}"
    yield tr("Temperature"), f"{network.temperature:.3f}" if network.temperature != 1 else _DASH
    yield tr("Data set"), report.data
    if report.run is None:
        return
    info = report.run.info
    yield tr("Run"), report.run.run_id
    yield tr("Started"), f"{info.started.astimezone():%Y-%m-%d %H:%M}"
    yield tr("Training time"), tr("{seconds:,.1f} s").format(seconds=info.seconds)
    yield tr("Device"), device_title(info.device) or _DASH
    yield tr("Trained on"), info.data.name


def _recipe_values(recipe: Recipe) -> Iterator[tuple[str, str]]:
    yield tr("Recipe"), recipe.name
    for name, declared in HYPERPARAMETERS.items():
        if name == "network" or not recipe.uses(name):
            continue
        value = getattr(recipe, name)
        if isinstance(value, str):
            titles = declared.allowed
            text = (
                _shown(titles[value]) if isinstance(titles, Mapping) and value in titles else value
            )
        else:
            text = f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
        yield _shown(declared.title), text


def _shown(marked: str) -> str:
    """Return a text that was marked elsewhere, in the language in use."""
    return translation(marked) or marked


# --- confusion and digits ------------------------------------------------------------------------


def _confusion(evaluation: Evaluation) -> Markup:
    counts = evaluation.confusion
    wrong = counts - np.diag(np.diagonal(counts))
    most = int(wrong.max())
    caption = tr("Confusion matrix: rows = true digit, columns = the network's answer.")
    shares = [result.accuracy or 0.0 for result in evaluation.digits]
    rows = []
    for label in range(CLASSES):
        cells = (
            _cell(int(counts[label, read_as]), label == read_as, shares[label], most)
            for read_as in range(CLASSES)
        )
        rows.append(element("tr", element("th", label, scope="row"), *cells))
    heads = ("", *map(str, range(CLASSES)))
    table = _table(rows, head=heads, caption=caption, class_="matrix")
    return _section(tr("Confusion"), table)


def _cell(images: int, is_right: bool, share: float, most: int) -> Markup:
    strength = 0.4 * share if is_right else 0.7 * sqrt(images / most) if most else 0.0
    shade = _blend(_RIGHT if is_right else _WRONG, strength)
    return element("td", f"{images:,}" if images else "", style=f"background: {shade}")


def _blend(colour: tuple[int, int, int], share: float) -> str:
    """Return this share of a colour on white, as "#rrggbb"; black can be read on it."""
    return "#" + "".join(f"{round(255 + share * (part - 255)):02x}" for part in colour)


def _digits(evaluation: Evaluation) -> Markup:
    caption = tr(
        "Accuracy: of the images of a digit, how many were read as it. Precision: of the answers "
        "with this digit, how many were right. With 95 % intervals."
    )
    heads = (
        tr("Digit"),
        tr("Images"),
        tr("Right"),
        tr("Accuracy"),
        tr("95 % interval"),
        tr("Precision"),
        tr("95 % interval"),
        tr("Most often read as"),
    )
    rows = (
        _row(digit, *_digit_cells(result), _most_often(evaluation, digit))
        for digit, result in enumerate(evaluation.digits)
    )
    return _section(tr("Digit by digit"), _table(rows, head=heads, caption=caption, class_="rows"))


def _digit_cells(result: DigitResult) -> tuple[str, ...]:
    return (
        f"{result.images:,}",
        f"{result.right:,}",
        *_share(result.accuracy, result.interval),
        *_share(result.precision, result.precision_interval),
    )


def _share(share: float | None, interval: tuple[float, float]) -> tuple[str, str]:
    if share is None:
        return _DASH, _DASH
    low, high = (f"{100 * each:.1f}" for each in interval)
    return percent(share, 1), tr("{low} to {high} %").format(low=low, high=high)


def _most_often(evaluation: Evaluation, digit: int) -> str:
    """Return which other digit an image of this one is read as most often, and how often."""
    counts = evaluation.confusion[digit].copy()
    counts[digit] = 0
    other = int(np.argmax(counts))
    return f"{other} ({counts[other]:,})" if counts[other] else _DASH


# --- calibration ---------------------------------------------------------------------------------


def _calibration(raw: Honesty, calibrated: Honesty | None, temperature: float) -> Markup:
    said = verdict_sentence(verdict(raw.reliability))
    words = [joined(key(is_hollow=True), element("strong", tr("Raw")), void("br"), said)]
    description = said
    if calibrated is not None:
        name = tr("Calibrated, by the temperature {temperature}")
        name = name.format(temperature=f"{temperature:.2f}")
        honest = verdict_sentence(verdict(calibrated.reliability))
        words.append(joined(key(is_hollow=False), element("strong", name), void("br"), honest))
        description = in_sequence((tr("Raw"), said, name, honest))
    chart = reliability_chart(raw, calibrated, description)
    note = tr(
        "Each mark is a group of answers: how sure the network was, and how often it was right. On "
        "the dashed line it is honest; above, too modest; below, too sure."
    )
    bins = tr(
        "{bins} bins of equal width; the bars count the images of each, on a log scale. "
        "The thin lines are 95 % intervals."
    ).format(bins=BINS)
    beside = (
        *(element("p", each) for each in words),
        _measures(raw, calibrated),
        element("p", bins, class_="muted"),
    )
    columns = element("div", chart), element("div", *beside)
    parts = element("p", note), element("div", *columns, class_="beside")
    return _section(tr("Calibration"), *parts)


def _measures(raw: Honesty, calibrated: Honesty | None) -> Markup:
    both = (raw,) if calibrated is None else (raw, calibrated)
    points = tr("{points} points")
    rows = (
        _row(
            tr("Expected calibration error"),
            *(points.format(points=f"{100 * each.expected_error:.2f}") for each in both),
        ),
        _row(
            tr("Maximum calibration error"),
            *(points.format(points=f"{100 * each.maximum_error:.2f}") for each in both),
        ),
        _row(tr("Brier score"), *(f"{each.brier_score:.4f}" for each in both)),
        _row(tr("Log loss"), *(f"{each.loss:.4f}" for each in both)),
    )
    heads = ("", tr("raw"), tr("calibrated"))[: 1 + len(both)]
    return _table(rows, head=heads, class_="rows")


# --- curves and images ---------------------------------------------------------------------------


def _curves(report: Report) -> Markup:
    history = report.history
    if history is None or not history.step:
        return Markup()
    charts = (element("div", chart) for chart in curve_charts(history))
    note = tr("Dotted: on training batches. Line with dots: on the validation images.")
    return _section(tr("Curves"), element("p", note), element("div", *charts, class_="beside"))


def _hardest(report: Report) -> Markup:
    title = tr("Hardest test images (true digit \u2192 read as, how sure)")
    note = tr("Sorted by how sure it was of the true digit, the least sure first.")
    images = (_image(report, index) for index in report.hardest)
    grid = element("div", *images, class_="images")
    # It may go on on another sheet of paper.
    return _section(title, element("p", note), grid, class_="long")


def _image(report: Report, index: int) -> Markup:
    evaluation = report.evaluation
    label, read_as = int(evaluation.labels[index]), int(evaluation.predicted[index])
    shares = {
        each: percent(float(evaluation.probabilities[index, each]), 1) for each in (read_as, label)
    }
    words = tr("Image {index}: {label} read as {read_as} with {share}")
    if label != read_as:
        words = tr("Image {index}: {label} read as {read_as} with {share}; {label}: {own}")
    facts = {"index": index, "label": label, "read_as": read_as}
    alt = words.format(**facts, share=shares[read_as], own=shares[label])
    picture = b64encode(printed_image(report.images[index])).decode()
    lines: list[object] = [element("strong", f"{label} \u2192 {read_as}")]
    for digit, share in shares.items():
        lines += [void("br"), f"{digit}: {share}"]
    source = f"data:image/png;base64,{picture}"
    return element("figure", void("img", src=source, alt=alt), element("figcaption", *lines))
