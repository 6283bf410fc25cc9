"""Damages files in the ways that disks, networks and attackers do, each from a seed."""

import io
import json
import stat
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from numpy.random import Generator

_HUGE = (b"\xff" * 4, b"\xff" * 8, b"\x7f" + b"\xff" * 7, b"\xff" * 7 + b"\x7f")
_WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    1.5,
    10**400,
    1e308,
    float("nan"),
    "text",
    "a\nb\x00",
    "x" * 100_000,
    [],
    {},
    [[]] * 100,
    {"__class__": "os.system"},
)
_OUTSIDE = ("../../outside", "/tmp/outside", "..\\..\\outside", "a/../../outside", "\n", "\x00", "")


def mutated(content: bytes, random: Generator) -> bytes:
    """Return the content with one to three faults."""
    for _ in range(random.integers(1, 4)):
        content = _pick(_MUTATIONS, random)(content, random)
    return content


def _pick(choices: Sequence[Any], random: Generator) -> Any:
    return choices[int(random.integers(len(choices)))]


def _span(content: bytes, random: Generator, most: int = 64) -> tuple[int, int]:
    start = int(random.integers(len(content) + 1))
    return start, min(start + int(random.integers(1, most)), len(content))


# --- faults of any file ---------------------------------------------------------------------------


def _truncated(content: bytes, random: Generator) -> bytes:
    return content[: int(random.integers(len(content) + 1))]


def _flipped(content: bytes, random: Generator) -> bytes:
    changed = bytearray(content)
    for place in random.integers(0, max(len(changed), 1), random.integers(1, 9)):
        changed[place : place + 1] = bytes(
            byte ^ 1 << int(random.integers(8)) for byte in changed[place : place + 1]
        )
    return bytes(changed)


def _overwritten(content: bytes, random: Generator) -> bytes:
    start, end = _span(content, random)
    return content[:start] + random.bytes(end - start) + content[end:]


def _zeroed(content: bytes, random: Generator) -> bytes:
    start, end = _span(content, random, 4_096)
    return content[:start] + bytes(end - start) + content[end:]


def _huge_number(content: bytes, random: Generator) -> bytes:
    """Let some length or size be the largest there is; those at a file's ends matter most."""
    reach = min(len(content), 512)
    start = int(random.integers(reach + 1))
    start = _pick((start, len(content) - start), random)
    number: bytes = _pick(_HUGE, random)
    return content[:start] + number + content[start + len(number) :]


def _removed(content: bytes, random: Generator) -> bytes:
    start, end = _span(content, random)
    return content[:start] + content[end:]


def _repeated(content: bytes, random: Generator) -> bytes:
    start, end = _span(content, random, 1_024)
    return content[:end] + content[start:end] * int(random.integers(1, 20)) + content[end:]


def _extended(content: bytes, random: Generator) -> bytes:
    return content + random.bytes(int(random.integers(1, 256)))


# --- faults of zip files and of JSON, with all checksums in order ---------------------------------


def _repacked(content: bytes, random: Generator) -> bytes:
    """Damage one part of a zip file, or its name, or what it says it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - it is no zip file any more
        return _flipped(content, random)
    if not parts:
        return content
    name = _pick(sorted(parts), random)
    match random.integers(5):
        case 0:
            parts[_pick(_OUTSIDE, random)] = parts.pop(name)
        case 1:
            del parts[name]
        case 2:
            parts[name] += bytes(8 << 20)
        case _:
            parts[name] = mutated(parts[name], random)
    return _packed(parts, random)


def _packed(parts: dict[str, bytes], random: Generator) -> bytes:
    buffer = io.BytesIO()
    method = _pick((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA), random)
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name)
            if random.random() < 0.1:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, part, method)
    return buffer.getvalue()


def _retyped(content: bytes, random: Generator) -> bytes:
    """Put a value of another type into some line of JSON."""
    lines = content.split(b"\n")
    number = int(random.integers(len(lines)))
    whole = _parsed(content)
    record = _parsed(lines[number]) if whole is None else whole
    if record is None:
        return _flipped(content, random)
    changed = json.dumps(_with_wrong_value(record, random)).encode()
    if whole is not None:
        return changed
    lines[number] = changed
    return b"\n".join(lines)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _with_wrong_value(value: Any, random: Generator) -> Any:
    """Return the value with something else in one place of it, deep inside or at the top."""
    if random.random() < 0.15 or not isinstance(value, (dict, list)) or not value:
        return _pick(_WRONG, random)
    key = _pick(sorted(value), random) if isinstance(value, dict) else random.integers(len(value))
    copy = value.copy()
    if isinstance(copy, dict) and random.random() < 0.1:
        del copy[key]
    else:
        copy[key] = _with_wrong_value(value[key], random)
    return copy


_MUTATIONS: tuple[Callable[[bytes, Generator], bytes], ...] = (
    _truncated,
    _flipped,
    _overwritten,
    _zeroed,
    _huge_number,
    _removed,
    _repeated,
    _extended,
    _repacked,
    _repacked,
    _retyped,
    _retyped,
)
