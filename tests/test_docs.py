"""What the documents say of the code is so: files, functions, and how long a walk is."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "GLOSSARY.md",
    "SECURITY.md",
    "benchmarks/README.md",
    "docs/architecture.md",
    *(f"docs/decisions/{path.name}" for path in (PROJECT / "docs/decisions").glob("*.md")),
)
WALKS = {"stroke": 14, "Start": 18, "event": 9, "picture": 16, "mnist-gui train": 18}
"""A word of each walk's title, and how many files it may have at most."""


def text_of(document: str) -> str:
    return (PROJECT / document).read_text(encoding="utf-8")


def without_blocks(text: str) -> str:
    """Return a document without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def linked(document: str) -> Iterator[str]:
    """Yield what a document links to in the project."""
    for target in re.findall(r"\]\(([^)\s]+)\)", without_blocks(text_of(document))):
        if not re.match(r"https?:|#", target):
            yield target


def command_after(mark: str) -> str:
    """Return README's command behind a mark."""
    found = re.search(rf"<!-- {mark} -->\n```sh\n(.*?)\n```", text_of("README.md"), re.DOTALL)
    assert found, mark
    return found[1]


def walk(word: str) -> str:
    """Return what stands beneath the title that has this word in it."""
    sections = text_of("docs/architecture.md").split("\n### ")[1:]
    (found,) = (
        text for title, _, text in (each.partition("\n") for each in sections) if word in title
    )
    return found


def steps(section: str) -> list[tuple[Path, list[str]]]:
    """Return the files of a walk's list, each with the functions that are named beside it."""
    lines = re.findall(r"^\d+\. \[[^]]+\]\(([^)]+)\): (.*)$", section, re.MULTILINE)
    named = [(path, re.findall(r"`([A-Za-z_.]+)`", words)) for path, words in lines]
    return [((PROJECT / "docs" / path).resolve(), names) for path, names in named]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_all_links_lead_to_files_and_headings(document: str) -> None:
    for target in linked(document):
        path, _, heading = target.partition("#")
        found = (PROJECT / document).parent / path if path else PROJECT / document
        assert found.exists(), target
        assert not heading or heading in anchors(found.read_text(encoding="utf-8")), target


def anchors(text: str) -> set[str]:
    """Return by what the headings of a document are linked to."""
    titles = re.findall(r"^#+ (.*)$", without_blocks(text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_all_files_and_folders_that_are_named_exist(document: str) -> None:
    named = re.findall(r"`([\w./-]+)`", without_blocks(text_of(document)))
    top = {path.name for path in PROJECT.iterdir()}
    paths = [name for name in named if "/" in name and name.split("/")[0] in top]
    assert paths
    assert not [path for path in paths if not (PROJECT / path).exists()]


def test_each_folder_of_the_code_has_a_line_in_the_tree() -> None:
    package = PROJECT / "mnist_gui"
    folders = {path.parent.relative_to(PROJECT) for path in package.rglob("__init__.py")}
    lines = re.findall(r"^\| `(mnist_gui/[^`]*)` \|", text_of("docs/architecture.md"), re.MULTILINE)
    assert sorted(lines) == sorted(f"{folder.as_posix()}/" for folder in folders)


@pytest.mark.parametrize("word", WALKS)
def test_a_walk_is_no_longer_than_its_limit_and_opens_no_file_twice(word: str) -> None:
    section = walk(word)
    files = [path for path, _ in steps(section)]
    assert len(files) == len(re.findall(r"^\d+\. ", section, re.MULTILINE))
    assert 5 <= len(files) <= WALKS[word]
    assert len(set(files)) == len(files)


@pytest.mark.parametrize("word", WALKS)
def test_what_a_walk_names_is_in_the_file_beside_it(word: str) -> None:
    for path, names in steps(walk(word)):
        code = path.read_text(encoding="utf-8")
        assert names, path
        assert not [name for name in names if not is_defined(name, code)], path


def is_defined(name: str, code: str) -> bool:
    """Return whether a file defines this function, class or signal, "Class.method" as both."""
    return all(
        re.search(rf"^\s*((def|class) {part}\b|{part} = Signal\()", code, re.MULTILINE)
        for part in name.split(".")
    )


def test_contributing_has_the_commands_of_readme() -> None:
    text = text_of("CONTRIBUTING.md")
    for mark in ("open", "test"):
        assert f"```sh\n{command_after(mark)}\n```" in text


@pytest.mark.skipif(os.name == "nt", reason="it is a script of bash")
def test_ci_runs_the_test_command_of_readme() -> None:
    found = re.search(r"\$\((sed .*README.*)\)", text_of(".ci/run"))
    assert found
    run = subprocess.run(
        ["bash", "-c", found[1]], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == command_after("test")


def test_the_extras_that_are_installed_exist() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    named = [
        extra
        for document in DOCUMENTS
        for extras in re.findall(r"\.\[([a-z,]+)\]'", text_of(document))
        for extra in extras.split(",")
    ]
    assert named
    assert set(named) <= set(project["optional-dependencies"])
