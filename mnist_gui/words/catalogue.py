"""Bring the catalogues of translations up to date: `python -m mnist_gui.words.catalogue`.

It is for developers, and needs Babel: it collects the texts of the program into the catalogue of
each language, compiles it, and says what is left to do.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from mnist_gui.words.language import DOMAIN, ENGLISH, LANGUAGES, LOCALE

PACKAGE = Path(__file__).parents[1]
MARKS = {"tr": 0, "translate": 1, "QT_TRANSLATE_NOOP": 1}
"""The functions that mark a text, and which argument it is; the next one may be a context."""

TABLES: dict[str, str | None] = {
    "SENTENCES": None,
    "REASONS": None,
    "ARGPARSE": None,
    "COMMANDS": None,
    "DESCRIPTIONS": None,
    "TEXTS": None,
    "PARTS": "part of a file",
}
"""The tables in `words/` whose values are texts too, and the context of those."""

_MOST_NAMED = 20
_GAPS = re.compile(r"\{\w*(?:![rs])?(?::[^{}]*)?\}|%\(\w+\)[sr]|%[sr]")


def source_texts() -> Catalog:
    """Return a catalogue with all texts of the program, none translated."""
    catalogue = Catalog(project=DOMAIN, fuzzy=False)
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        tree = ast.parse(path.read_bytes())
        for text, context in (*_marked(tree), *_in_tables(tree)):
            catalogue.add(text, context=context, locations=[(name, 0)])
    return catalogue


def _marked(tree: ast.Module) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        texts = [_text(argument) for argument in call.args]
        if name == "plural" and all(texts[:2]):
            yield tuple(texts[:2]), None
        text, context, *_ = *texts[MARKS.get(name, len(texts)) :], "", ""
        if text:
            yield text, context or None


def _in_tables(tree: ast.Module) -> Iterator[tuple[str, str | None]]:
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=table)
                | ast.AnnAssign(target=ast.Name(id=name), value=table)
            ) if name in TABLES:
                values = getattr(table, "values", None) or getattr(table, "elts", [])
                yield from ((_text(value), TABLES[name]) for value in values if _text(value))


def _text(node: ast.expr) -> str:
    """Return the text of a literal; "" for all else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def catalogue_file(code: str) -> Path:
    """Return the file of a language's catalogue, as translators edit it."""
    return LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(code: str) -> Catalog:
    """Read the catalogue of a language; an empty one where there is none yet."""
    path = catalogue_file(code)
    if not path.exists():
        return Catalog(locale=code, header_comment="# The texts of mnist-gui", project=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def update(code: str) -> Catalog:
    """Collect the texts into a language's catalogue and compile it."""
    catalogue = read_catalogue(code)
    catalogue.update(source_texts(), update_creation_date=False)
    path = catalogue_file(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, ignore_obsolete=True, include_lineno=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    return catalogue


def faults(catalogue: Catalog) -> list[str]:
    """Return what is wrong with a catalogue: texts that are missing, stale, fuzzy or unlike."""
    there = {(message.id, message.context): message for message in catalogue if message.id}
    wanted = {(message.id, message.context) for message in source_texts() if message.id}
    found = [f"missing: {key[0]}" for key in wanted - there.keys()]
    found += [f"no longer in the program: {key[0]}" for key in there.keys() - wanted]
    for message in there.values():
        found += [f"{fault}: {message.id}" for fault in _faults(message)]
    return found


def _faults(message: Message) -> Iterator[str]:
    texts, translations = _forms(message.id), _forms(message.string or "")
    if not all(translations):
        yield "not translated"
    elif any(_gaps(text) != _gaps(texts[-1]) for text in translations):
        yield "other gaps"
    if message.fuzzy:
        yield "fuzzy"


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _gaps(text: str) -> set[str]:
    return set(_GAPS.findall(text))


def main() -> None:
    """Update all catalogues, and say what is left to do in each."""
    for code, name in LANGUAGES.items():
        if code != ENGLISH:
            left = faults(update(code))
            print(f"{name}: {len(left)} to do", *left[:_MOST_NAMED], sep="\n  ")


if __name__ == "__main__":
    main()
