"""The language of the command line: chosen by `--language`, a variable or the system."""

import argparse
import sys

from mnist_gui.words.language import (
    ENGLISH,
    LANGUAGES,
    chosen_language,
    find_language,
    plural,
    system_language,
    tr,
    use_language,
)

_OPTION = "--language"


def speak_language(words: list[str]) -> tuple[list[str], str]:
    """Use the language that the command line asks for.

    Return its words without `--language`, which may stand anywhere among them, and the code of
    the language if it was given there; "?" for one that there is not.
    """
    others, named = _split_off(words)
    code = (find_language([named]) or "?") if named else ""
    chosen = chosen_language(code.strip("?")) or system_language()
    use_language(chosen if _can_print(LANGUAGES[chosen]) else ENGLISH)
    # argparse has no other way to be given another language than that of the system.
    argparse._ = tr  # type: ignore[attr-defined]
    argparse.ngettext = plural  # type: ignore[attr-defined]
    return others, code


def _split_off(words: list[str]) -> tuple[list[str], str]:
    """Return the words without the option and its value, and the value."""
    for place, word in enumerate(words):
        if word == "--":
            break
        if word.startswith(f"{_OPTION}="):
            return words[:place] + words[place + 1 :], word.partition("=")[2]
        if word == _OPTION and place + 1 < len(words):
            return words[:place] + words[place + 2 :], words[place + 1]
    return words, ""


def _can_print(text: str) -> bool:
    # Without a console there is no standard output.
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
