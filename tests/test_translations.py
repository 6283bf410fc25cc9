"""Every text that a user sees can be translated, and is, in each language."""

import argparse
import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

import mnist_gui
from mnist_gui.engine.hyperparameter import Bounds, Hyperparameter
from mnist_gui.engine.recipe import HYPERPARAMETERS
from mnist_gui.words.catalogue import catalogue_file, faults, read_catalogue, source_texts
from mnist_gui.words.errors import PARTS, REASONS, SENTENCES
from mnist_gui.words.language import ENGLISH, LANGUAGES
from mnist_gui.words.usage import ARGPARSE, COMMANDS, DESCRIPTIONS

PACKAGE = Path(mnist_gui.__file__).parent
TRANSLATED = [code for code in LANGUAGES if code != ENGLISH]
UPDATE = "run `python -m mnist_gui.words.catalogue`, and translate what it names"
MARKED = ("hyperparameters", "glossary", "help topics", "lesson")
"""The contexts whose texts are marked where they are declared, and translated from there."""
TABLES = "words"
"""The folder whose tables hold texts: what is said there is translated as it is taken out."""


# --- the texts in the code -------------------------------------------------------------------


def shown_texts(tree: ast.Module) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    """Yield the calls that translate, with the arguments that a translator has to be shown."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            match call.func:
                case ast.Attribute(attr="tr") | ast.Name(id="tr"):
                    yield call, call.args[:2]
                case ast.Attribute(attr="translate", value=ast.Name(id="QCoreApplication")):
                    yield call, call.args[: 1 if is_marked(call) else 2]
                case ast.Name(id="QT_TRANSLATE_NOOP" | "plural"):
                    yield call, call.args[:2]


def is_marked(call: ast.Call) -> bool:
    """Return whether a call translates what another one has marked."""
    return isinstance(call.args[0], ast.Constant) and call.args[0].value in MARKED


def aliases(tree: ast.Module) -> list[int]:
    """Return the lines where translating gets another name, under which nobody finds it."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.FunctionDef) and node.name in ("_tr", "tr"))
        or (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in ("tr", "translate")
        )
    ]


def modules() -> list[Path]:
    paths = sorted(PACKAGE.rglob("*.py"))
    return [path for path in paths if path.parent.name != TABLES]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_what_is_to_be_translated_stands_where_it_is_found(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = [
        call.lineno
        for call, texts in shown_texts(tree)
        if not texts or not all(isinstance(text, ast.Constant) for text in texts)
    ]
    assert not hidden + aliases(tree)


def texts_of(declared: Hyperparameter) -> set[str]:
    """Return all texts that people see of a hyperparameter, but for choices without a title."""
    texts = {declared.title, declared.tip, declared.option, declared.unit, declared.zero} - {""}
    if isinstance(declared.allowed, Bounds):
        return texts
    return texts | {title for name, title in declared.allowed.items() if title != name}


def test_the_texts_of_hyperparameters_and_tables_are_found() -> None:
    found = {message.id for message in source_texts()}
    assert set().union(*map(texts_of, HYPERPARAMETERS.values())) <= found
    assert {*SENTENCES.values(), *REASONS.values(), *PARTS, *ARGPARSE} <= found
    assert {*COMMANDS.values(), *DESCRIPTIONS.values()} <= found


def test_what_is_translated_for_argparse_are_texts_of_argparse() -> None:
    source = ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(source) if isinstance(node, ast.Constant)}
    assert set(ARGPARSE) <= texts


# --- the catalogues --------------------------------------------------------------------------


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_is_missing_stale_fuzzy_or_has_other_gaps(code: str) -> None:
    assert faults(read_catalogue(code)) == [], UPDATE


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_compiled_catalogue_is_that_of_the_translations(code: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(code))
    path = catalogue_file(code).with_suffix(".mo")
    assert path.exists(), UPDATE
    assert path.read_bytes() == compiled.getvalue(), UPDATE


def changed(code: str, text: str, translation: str, *flags: str) -> Catalog:
    catalogue = read_catalogue(code)
    message = catalogue.get(text)
    assert message
    message.string = translation
    message.flags.update(flags)
    return catalogue


def test_what_is_wrong_with_a_catalogue_is_said() -> None:
    text = "Saved to {path}."
    assert faults(changed("zh_CN", text, "")) == [f"not translated: {text}"]
    assert faults(changed("zh_CN", text, "已保存。")) == [f"other gaps: {text}"]
    assert faults(changed("zh_CN", text, "{path!r}")) == [f"other gaps: {text}"]
    assert faults(changed("zh_CN", text, "{path}", "fuzzy")) == [f"fuzzy: {text}"]
    catalogue = read_catalogue("zh_CN")
    catalogue.delete(text)
    catalogue.add("gone", "没有了")
    assert faults(catalogue) == [f"missing: {text}", "no longer in the program: gone"]
