"""Put errors into words: what is wrong, where, and what to do."""

import errno
from typing import Any

from mnist_gui.engine.errors import MnistGuiError, as_problem
from mnist_gui.words import data, data_findings, doctor, networks, runs
from mnist_gui.words.language import listed, tr
from mnist_gui.words.recipes import hyperparameter_name

SENTENCES: dict[str, str] = {
    "out-of-memory": (
        "There is not enough memory: close other programs, or train with a smaller batch size."
    ),
    "temporary-unusable": "The folder for temporary files, {folder}, cannot be used: {reason}.",
    "file-unusable": "{path} cannot be used: {reason}.",
    "unexpected": "Something unexpected went wrong ({kind}: {text}).",
    **data.SENTENCES,
    **data_findings.SENTENCES,
    **doctor.SENTENCES,
    **networks.SENTENCES,
    **runs.SENTENCES,
}
REASONS: dict[object, str] = {
    errno.ENOENT: "there is no such file or folder; check its name",
    errno.ENOTDIR: "part of its path is not a folder; check its name",
    errno.EACCES: "permission is denied; ask its owner or choose another place",
    errno.EPERM: "permission is denied; ask its owner or choose another place",
    errno.EROFS: "the disk is read-only; choose another place",
    errno.ENOSPC: "the disk is full; free some space or choose another place",
    errno.EDQUOT: "your share of the disk is full; free some space or choose another place",
    errno.EFBIG: "the disk takes no file of that size; choose another place",
    errno.EIO: "the disk failed; check it, or choose another place",
    errno.ETIMEDOUT: "the disk does not answer; check its connection, or choose another place",
    errno.EBUSY: "another program keeps it locked; close that and try again",
    errno.EISDIR: "it is a folder; name a file",
    errno.ELOOP: "it is a link, and links are not followed here; put the file itself there",
    errno.ENAMETOOLONG: "its name is too long; choose a shorter one",
    errno.EINVAL: "it is not an ordinary file; name another one",
}
PARTS = ("checkpoint", "description", "header", "network", "recipe", "test")
"""What files are called, or parts of them, where the engine names them in English."""


def sentence(error: object) -> str:
    """Return the sentence that a user is shown for an error of this program or any other."""
    problem = as_problem(error)
    if problem.problem == "os-error":
        return _reason(problem.facts["code"], str(problem.facts["text"]))
    facts = {name: _fact(name, value) for name, value in problem.facts.items()}
    text = SENTENCES.get(problem.problem)
    return tr(text).format(**facts) if text else problem.problem


def recorded_sentence(record: dict[str, Any] | None) -> str:
    """Return the sentence of an error's JSON, which may be from anybody's file; "" for None."""
    if record is None:
        return ""
    try:
        return sentence(MnistGuiError.from_json(record))
    except (LookupError, TypeError, ValueError):
        # Its facts do not fill the gaps.
        return str(record.get("problem", ""))


def reason(error: OSError) -> str:
    """Return why a file operation failed and what to do: a clause without a full stop."""
    return _reason(error.errno or 0, error.strerror or str(error) or type(error).__name__)


def _reason(code: object, text: str) -> str:
    return tr(REASONS[code]) if code in REASONS else _clause(text)


def _fact(name: str, value: object) -> object:
    """Return what fills a gap: a number as it is, for the gap says how it is written."""
    match value:
        case OSError():
            return reason(value)
        case Exception():
            return _clause(sentence(value))
        case list() | tuple():
            return listed(_fact("", part) for part in value)
        case str() if name == "hyperparameter":
            return hyperparameter_name(value)
        case str() if name in ("kind", "part") and value in PARTS:
            return tr(value, "part of a file")
    return value


def _clause(text: str) -> str:
    """Return a sentence as a part of another one: without its full stop."""
    return text.rstrip(".。")
