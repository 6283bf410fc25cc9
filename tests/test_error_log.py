import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_gui.engine.errors import DatasetError, log_exception
from mnist_gui.error_log import keep_error_log
from mnist_gui.words.errors import sentence


@pytest.fixture(autouse=True)
def _logger() -> Iterator[None]:
    logger = logging.getLogger("mnist_gui")
    before = list(logger.handlers), logger.propagate
    yield
    logger.handlers, logger.propagate = before


@pytest.fixture
def path(tmp_path: Path) -> Path:
    keep_error_log(lambda name: tmp_path / name)
    return tmp_path / "errors.log"


def fail() -> None:
    raise KeyError("nobody thought of \udcff")


def test_of_an_unexpected_error_the_user_gets_a_sentence_and_the_log_the_traceback(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyError) as caught:
        fail()
    log_exception(caught.value)
    assert "KeyError" in sentence(caught.value)
    assert "in fail" in path.read_text()
    assert capsys.readouterr() == ("", "")


def test_errors_with_a_sentence_of_their_own_are_not_logged(path: Path) -> None:
    log_exception(DatasetError("The data set is damaged."))
    log_exception(MemoryError())
    assert not path.exists()


def test_where_no_log_can_be_written_nothing_else_goes_wrong(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path.mkdir()
    log_exception(ValueError("no"))
    assert capsys.readouterr() == ("", "")
