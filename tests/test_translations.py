import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mnist_gui

PACKAGE = Path(mnist_gui.__file__).parent


def shown_texts(tree: ast.Module) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    """Yield the calls that translate, with the arguments that a translator has to be shown."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            match call.func:
                case ast.Attribute(attr="tr"):
                    yield call, call.args[:1]
                case ast.Attribute(attr="translate", value=ast.Name(id="QCoreApplication")):
                    yield call, call.args[:2]


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
