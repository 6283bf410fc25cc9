"""Sentences of the report on a data set: what it is like, and what may be wrong with it."""

from mnist_gui.engine.data_report.report import DataReport
from mnist_gui.words.errors import sentence
from mnist_gui.words.language import tr


def summary(report: DataReport) -> list[str]:
    """Return what a data set is like, and how it was read, in sentences."""
    text = tr(
        "{name}: {training:,} images for training, {validation:,} for validation, "
        "{test:,} for the test, each of 28x28 pixels."
    )
    counts = {"training": sum(report.training), "validation": sum(report.validation)}
    values = tr("The values of the pixels are {least} to {most}, {mean:.1f} on average.")
    return [
        text.format(name=report.name, test=sum(report.test), **counts),
        values.format(least=report.least, most=report.most, mean=report.mean),
        *map(sentence, report.notes),
    ]


def warnings(report: DataReport) -> list[str]:
    """Return what may be wrong with a data set, a sentence each."""
    return list(map(sentence, report.warnings))


def headings() -> list[str]:
    """Return the headings of the table that has a row for each class."""
    return [tr("label"), tr("training", "images"), tr("validation"), tr("test")]


def rows(report: DataReport) -> list[list[str]]:
    """Return the table's rows: how many images of each class each part has."""
    counts = zip(report.training, report.validation, report.test, strict=True)
    return [[str(label), *(f"{n:,}" for n in row)] for label, row in enumerate(counts)]
