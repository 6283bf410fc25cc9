"""Every problem that the engine names has a sentence, whose gaps are the problem's facts."""

import ast
import string
from pathlib import Path

import pytest

import mnist_gui.engine
from mnist_gui.engine import errors
from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.words.errors import SENTENCES, sentence

ENGINE = Path(mnist_gui.engine.__file__).parent
KINDS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, MnistGuiError)
}


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def named_problems() -> list[tuple[str, frozenset[str]]]:
    """Return each problem written in the engine with the names of its facts."""
    found = []
    for path in sorted(ENGINE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            for value in (node.args[0], *node.args[1:2]):
                if isinstance(value, ast.Constant) and value.value in SENTENCES:
                    facts = frozenset(key.arg for key in node.keywords if key.arg)
                    found.append((value.value, facts))
    return found


def plain_texts() -> list[str]:
    """Return where an error is made of something else than a problem's name."""
    return [
        f"{path.name}:{node.lineno}"
        for path in sorted(ENGINE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in KINDS and node.args
        if isinstance(node.args[0], ast.JoinedStr)
        or (isinstance(node.args[0], ast.Constant) and node.args[0].value not in SENTENCES)
    ]


@pytest.mark.parametrize(("problem", "facts"), named_problems())
def test_the_gaps_of_a_sentence_are_filled_by_the_facts_of_its_problem(
    problem: str, facts: frozenset[str]
) -> None:
    assert gaps(SENTENCES[problem]) <= facts


def test_no_sentence_is_without_a_problem() -> None:
    elsewhere = {"out-of-memory", "unexpected"}
    assert set(SENTENCES) == {problem for problem, _ in named_problems()} | elsewhere


def test_the_engine_names_problems_and_words_none() -> None:
    assert plain_texts() == []


def test_an_error_that_was_not_foreseen_is_told_in_one_sentence() -> None:
    assert sentence(KeyError("x")) == "Something unexpected went wrong (KeyError: 'x')."
    assert sentence(MemoryError()).startswith("There is not enough memory")


def test_a_file_that_nobody_foresaw_to_be_unusable_is_named_with_the_reason() -> None:
    error = OSError(36, "File name too long", "a.idx")
    assert sentence(error) == "a.idx cannot be used: its name is too long; choose a shorter one."


def test_a_reason_is_a_clause_of_the_sentence_also_after_a_record_was_read() -> None:
    error = errors.DatasetError("data-file-unreadable", path=Path("a.idx"), reason=OSError(28, "x"))
    words = "The data file a.idx cannot be read: the disk is full; free some space or choose "
    assert sentence(error).startswith(words)
    assert sentence(errors.DatasetError.from_json(error.as_json())) == sentence(error)
