import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

import mnist_gui
from mnist_gui.engine import recipe
from mnist_gui.engine.hyperparameter import Bounds, Hyperparameter
from mnist_gui.engine.recipe import HYPERPARAMETERS

PACKAGE = Path(mnist_gui.__file__).parent
MARKED = ("hyperparameters", "glossary", "help topics", "lesson")
"""The contexts whose texts are marked where they are declared, and translated from there."""


def shown_texts(tree: ast.Module) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    """Yield the calls that translate, with the arguments that a translator has to be shown."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            match call.func:
                case ast.Attribute(attr="tr"):
                    yield call, call.args[:1]
                case ast.Attribute(attr="translate", value=ast.Name(id="QCoreApplication")):
                    yield call, call.args[: 1 if is_marked(call) else 2]
                case ast.Name(id="QT_TRANSLATE_NOOP"):
                    yield call, call.args


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


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_what_is_to_be_translated_stands_where_translators_tools_find_it(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = [
        call.lineno
        for call, texts in shown_texts(tree)
        if not texts or not all(isinstance(text, ast.Constant) for text in texts)
    ]
    assert not hidden + aliases(tree)


def texts_of(declared: Hyperparameter) -> set[str]:
    """Return all texts that people see of a hyperparameter, but for choices without a title."""
    texts = {declared.title, declared.tip, declared.unit, declared.zero} - {""}
    if isinstance(declared.allowed, Bounds):
        return texts
    return texts | {title for name, title in declared.allowed.items() if title != name}


def test_qts_tools_find_all_texts_of_hyperparameters(tmp_path: Path) -> None:
    lupdate = shutil.which("pyside6-lupdate", path=Path(sys.executable).parent)
    assert lupdate, "PySide6 comes with it"
    found = tmp_path / "found.ts"
    subprocess.run([lupdate, "-silent", recipe.__file__, "-ts", found], check=True)
    contexts = ElementTree.parse(found).findall("context")
    assert [context.findtext("name") for context in contexts] == ["hyperparameters"]
    marked = {message.findtext("source") for message in contexts[0].findall("message")}
    assert marked == set().union(*map(texts_of, HYPERPARAMETERS.values()))
