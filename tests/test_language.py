from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_gui.engine.errors import DatasetError, RecipeError
from mnist_gui.words import language
from mnist_gui.words.errors import sentence
from mnist_gui.words.language import find_language, plural, system_language, tr, use_language


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["zh_CN.UTF-8"], "zh_CN"),
        (["zh-Hans-CN"], "zh_CN"),
        (["zh"], "zh_CN"),
        (["de_DE", "zh_SG", "en"], "zh_CN"),
        (["en_GB.UTF-8", "zh_CN"], "en"),
        (["zh_TW.UTF-8"], ""),
        (["zh-Hant-HK", "en"], "en"),
        (["C", ""], ""),
    ],
)
def test_a_language_is_found_by_the_names_that_systems_have_for_it(
    names: list[str], found: str
) -> None:
    assert find_language(names) == found


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "fr:zh_CN:en"}, "zh_CN"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_the_systems_where_there_is_one(
    variables: dict[str, str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, variables.get(name, ""))
    assert system_language() == code


def test_without_a_compiled_catalogue_the_program_speaks_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    use_language("zh_CN")
    assert tr("Learning rate") == "Learning rate"
    assert plural("one step", "{n} steps", 2) == "{n} steps"


def test_a_sentence_is_translated_with_all_that_fills_its_gaps() -> None:
    use_language("zh_CN")
    error = DatasetError("data-file-unreadable", path="a.idx", reason=OSError(28, "x"))
    assert sentence(error) == "无法读取数据文件 a.idx：磁盘已满；请腾出一些空间，或换一个位置。"
    error = DatasetError("data-several-sets", path="d", names=["a", "b"])
    assert "（a、b）" in sentence(error)
    low_rate = RecipeError("recipe-number", hyperparameter="learning_rate", value=0, low=1, high=2)
    assert sentence(low_rate).startswith("配方的“学习率”是 0；")


def test_in_english_a_hyperparameter_is_called_what_is_typed_for_it() -> None:
    error = RecipeError("recipe-number", hyperparameter="drawn_share", value=5, low=0, high=1)
    assert sentence(error) == "The recipe's drawn share is 5; choose a value from 0 to 1."
