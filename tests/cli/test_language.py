import io
import re
import sys
from collections.abc import Iterator

import pytest

from mnist_gui.cli.main import parse_arguments
from mnist_gui.cli.wrap import wrap
from mnist_gui.words.language import language, use_language
from tests.cli.test_arguments import HELP

# Three words of English in a row, where nothing is to be typed.
ENGLISH = re.compile(r"(?<![-<\w])[a-z]{2,}[ ,]+[a-z]{2,}[ ,]+[a-z]{2,}")


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.parametrize(
    "words",
    [
        ("--language", "zh_CN", "runs", "list"),
        ("runs", "list", "--language=zh-Hans"),
        ("runs", "--language", "zh", "list"),
    ],
)
def test_the_language_may_be_named_anywhere(words: tuple[str, ...]) -> None:
    assert parse_arguments([*words]).action == "list"
    assert language() == "zh_CN"


def test_a_language_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(["--language", "xx"])
    assert "There is no such language; choose one of en, zh_CN" in capsys.readouterr().err


def test_where_the_characters_cannot_be_printed_the_language_is_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="latin-1"))
    parse_arguments(["--language", "zh_CN", "runs", "list"])
    assert language() == "en"


@pytest.mark.parametrize("command", HELP, ids=" ".join)
def test_in_chinese_no_help_has_english_sentences(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse_arguments([*command, "--help", "--language", "zh_CN"])
    text = capsys.readouterr().out
    usage, _, rest = text.partition("\n\n")
    assert usage.startswith("用法：")
    described, _, _ = rest.partition("示例：")
    assert not ENGLISH.findall(described)
    assert "显示本帮助并退出" in described


def test_what_is_typed_wrongly_is_said_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(["train", "--language", "zh_CN"])
    said = "mnist-gui: 缺少必需的参数：--recipe；用法见“mnist-gui train --help”。\n"
    assert capsys.readouterr().err == said


def test_chinese_help_is_broken_by_its_width_and_never_before_what_ends_a_clause() -> None:
    lines = wrap("训练一个网络，看着它学习（CNN 很快）。Then English words", 14)
    assert lines == ["训练一个网络，", "看着它学习", "（CNN 很快）。", "Then English", "words"]
