"""Checks what is refused: by which error, and in which words a user is told."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mnist_gui.engine.errors import MnistGuiError
from mnist_gui.words.errors import sentence


@contextmanager
def refused(
    kind: type[MnistGuiError] | tuple[type[MnistGuiError], ...], match: str = ""
) -> Iterator[pytest.ExceptionInfo[MnistGuiError]]:
    """Expect an error whose sentence, as a user reads it, has what the pattern matches."""
    with pytest.raises(kind) as caught:
        yield caught
    assert re.search(match, sentence(caught.value)), sentence(caught.value)


def not_told(problem: MnistGuiError) -> None:
    """Fail, since no problem should be told."""
    pytest.fail(sentence(problem))
