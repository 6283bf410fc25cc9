"""The language that the program speaks: English, or another by a gettext catalogue; without Qt."""

import gettext
import os
import sys
from collections.abc import Iterable
from functools import reduce
from pathlib import Path

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "zh_CN": "简体中文"}
"""The languages by code, each by its own name."""

SHORT_NAMES = {ENGLISH: "EN", "zh_CN": "中"}
"""What stands for each language where there is little room."""

VARIABLE = "MNIST_GUI_LANGUAGE"
"""The environment variable that chooses the language in place of the system's."""

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "mnist-gui"
# In the order in which gettext looks at them.
_SYSTEM_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
# Written with other characters than the Chinese that there is.
_OTHER_SCRIPTS = ("zh_TW", "zh_HK", "zh_MO", "zh_Hant")


class _Speech:
    """The texts of the language in use."""

    code = ENGLISH
    texts: gettext.NullTranslations = gettext.NullTranslations()


def use_language(code: str) -> None:
    """Speak a language of `LANGUAGES`; where its compiled catalogue is missing, English."""
    _Speech.code = code
    _Speech.texts = gettext.translation(DOMAIN, LOCALE, [code], fallback=True)


def language() -> str:
    """Return the code of the language in use."""
    return _Speech.code


def tr(text: str, context: str = "") -> str:
    """Return a text in the language in use; `context` tells apart two uses of one English text."""
    return _Speech.texts.pgettext(context, text) if context else _Speech.texts.gettext(text)


def translation(text: str, context: str = "") -> str | None:
    """Return a text as `tr` does, but None where it is not translated."""
    found = tr(text, context)
    return None if found == text else found


def plural(one: str, many: str, number: int) -> str:
    """Return the form of a text that goes with the number."""
    return _Speech.texts.ngettext(one, many, number)


def listed(items: Iterable[object]) -> str:
    """Return the items as a sentence lists them."""
    return tr(", ", "between the items of a list").join(map(str, items))


def in_sequence(sentences: Iterable[str]) -> str:
    """Return the sentences that are not empty, one after the other."""
    text = tr("{before} {after}", "two sentences")
    parts = list(filter(None, sentences))
    return reduce(lambda before, after: text.format(before=before, after=after), parts or [""])


def chosen_language(option: str = "") -> str:
    """Return the language of the command's option, else of the variable; else ""."""
    return option or find_language([os.environ.get(VARIABLE, "")])


def system_language() -> str:
    """Return the language of the system, of those there are; English where it is none of them."""
    named = (os.environ.get(name, "") for name in _SYSTEM_VARIABLES)
    chosen = next(filter(None, named), "")
    return find_language(chosen.split(":") if chosen else [_windows_language()]) or ENGLISH


def find_language(names: Iterable[str]) -> str:
    """Return the first language that there is of names such as "zh-Hans-CN"; else ""."""
    for name in names:
        plain = name.partition(".")[0].partition("@")[0].replace("-", "_")
        if plain in LANGUAGES:
            return plain
        speech = plain.partition("_")[0].lower()
        for code in LANGUAGES:
            if code.partition("_")[0] == speech and not plain.startswith(_OTHER_SCRIPTS):
                return code
    return ""


def _windows_language() -> str:
    if sys.platform == "win32":
        import ctypes
        import locale

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return ""
