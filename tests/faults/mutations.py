"""Damages files in the ways that disks, networks and attackers do, each from a seed."""

import gzip
import io
import json
import stat
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from numpy.random import Generator

_T = TypeVar("_T")
Mutation = Callable[[bytes, Generator], bytes]

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
    "",
    "a\nb\x00",
    "\ud800",
    "9999-12-31T23:59:59+00:00",
    "0001-01-01T00:00:00+00:00",
    "cnn" + "-personal" * 2_000,
    "x" * 100_000,
    [],
    {},
    [[]] * 100,
    {"__class__": "os.system"},
)
# What no value is written as: put in place of a word that nothing else has.
_PLACE = "put the token here"
_TOKENS = ("1e999", "-1e999", "-0.0", "NaN", "9" * 5_000, "1" + "0" * 4_000)
_MOST_UNPACKED = 1 << 20
_PNG = b"\x89PNG\r\n\x1a\n"
_OUTSIDE = ("../../outside", "/tmp/outside", "..\\..\\outside", "a/../../outside", "\n", "\x00", "")


def mutated(content: bytes, random: Generator, other: Mutation | None = None) -> bytes:
    """Return the content with one to three faults, half of them made by `other` if it is given."""

    def damage(part: bytes, random: Generator) -> bytes:
        if other is not None and random.random() < 0.5:
            return other(part, random)
        if random.random() < 0.25:
            return _choice(_PACKED, random)(part, random, inside)
        return _choice(_MUTATIONS, random)(part, random)

    def inside(part: bytes, random: Generator) -> bytes:
        return mutated(part, random, other)

    for _ in range(random.integers(1, 4)):
        content = damage(content, random)
    return content


def _choice(choices: Sequence[_T], random: Generator) -> _T:
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
    start = _choice((start, len(content) - start), random)
    number: bytes = _choice(_HUGE, random)
    return content[:start] + number + content[start + len(number) :]


def _removed(content: bytes, random: Generator) -> bytes:
    start, end = _span(content, random)
    return content[:start] + content[end:]


def _repeated(content: bytes, random: Generator) -> bytes:
    start, end = _span(content, random, 1_024)
    return content[:end] + content[start:end] * int(random.integers(1, 20)) + content[end:]


def _extended(content: bytes, random: Generator) -> bytes:
    return content + random.bytes(int(random.integers(1, 256)))


# --- faults within what is packed, with all checksums in order ------------------------------------


def _rezipped(content: bytes, random: Generator, inside: Mutation) -> bytes:
    """Damage one part of a zip file, or its name, or what it says it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [(info.filename, _part(archive, info)) for info in archive.infolist()]
    except Exception:  # noqa: BLE001 - it is no zip file any more
        return _flipped(content, random)
    if not parts:
        return content
    place = int(random.integers(len(parts)))
    name, part = parts[place]
    match random.integers(8):
        case 0:
            parts[place] = (_choice(_OUTSIDE, random), part)
        case 1:
            del parts[place]
        case 2:
            parts[place] = (name, part + bytes(8 << 20))
        case 3:
            parts.append((name, inside(part, random)))
        case _:
            parts[place] = (name, inside(part, random))
    return _packed(parts, random)


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as stream:
        return stream.read(_MOST_UNPACKED)


def _packed(parts: Sequence[tuple[str, bytes]], random: Generator) -> bytes:
    buffer = io.BytesIO()
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA)
    method = _choice(methods, random)
    with zipfile.ZipFile(buffer, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Two parts of one name are what is wanted.
        for name, part in parts:
            info = zipfile.ZipInfo(name)
            if random.random() < 0.1:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, part, method)
    return buffer.getvalue()


def _rearchived(content: bytes, random: Generator, inside: Mutation) -> bytes:
    """Damage the facts, the numbers or the header of a file of arrays."""
    end = 8 + int.from_bytes(content[:8], "little")
    header, data = _parsed(content[8:end]), content[end:]
    metadata = header.get("__metadata__") if isinstance(header, dict) else None
    if not isinstance(metadata, dict) or not all(
        isinstance(each, str) for each in metadata.values()
    ):
        return _flipped(content, random)
    facts = "".join(text for name, text in metadata.items() if name != "crc32").encode()
    way = random.integers(4)
    if way < 2:
        facts = inside(facts, random)
        metadata = {name: facts.decode("utf-8", "replace") for name in metadata if name != "crc32"}
    elif way == 2:
        data = inside(data, random)
    metadata["crc32"] = f"{zlib.crc32(data, zlib.crc32(facts)):08x}"
    text = json.dumps(header | {"__metadata__": metadata}).encode()
    if way == 3:
        text = inside(text, random)
    return len(text).to_bytes(8, "little") + text + data


def _regzipped(content: bytes, random: Generator, inside: Mutation) -> bytes:
    try:
        part = zlib.decompressobj(31).decompress(content, _MOST_UNPACKED)
    except zlib.error:
        return _flipped(content, random)
    return gzip.compress(inside(part, random), mtime=0)


def _rechunked(content: bytes, random: Generator, inside: Mutation) -> bytes:
    """Damage a chunk of a PNG: https://www.w3.org/TR/png-3/#5Chunk-layout."""
    chunks, at = [], 8
    while content.startswith(_PNG) and len(content) >= at + 12:
        (size,) = struct.unpack_from(">L", content, at)
        chunks.append((content[at + 4 : at + 8], content[at + 8 : at + 8 + size]))
        at += 12 + size
    if not chunks:
        return _flipped(content, random)
    place = int(random.integers(len(chunks)))
    kind, part = chunks[place]
    chunks[place] = (kind, _within_deflated(part, random, inside))
    if random.random() < 0.2:
        chunks.insert(int(random.integers(len(chunks))), chunks[place])
    return _PNG + b"".join(_chunk(kind, part) for kind, part in chunks)


def _within_deflated(part: bytes, random: Generator, inside: Mutation) -> bytes:
    try:
        whole = zlib.decompressobj().decompress(part, _MOST_UNPACKED)
    except zlib.error:
        return inside(part, random)
    return zlib.compress(inside(whole, random))


def _chunk(kind: bytes, part: bytes) -> bytes:
    return struct.pack(">L", len(part)) + kind + part + struct.pack(">L", zlib.crc32(kind + part))


# --- faults of JSON ------------------------------------------------------------------------------


def _retyped(content: bytes, random: Generator) -> bytes:
    """Put a value of another type into some line of JSON."""
    lines = content.split(b"\n")
    number = int(random.integers(len(lines)))
    whole = _parsed(content)
    record = _parsed(lines[number]) if whole is None else whole
    if record is None:
        return _flipped(content, random)
    changed = _with_token(json.dumps(_with_wrong_value(record, random)), random).encode()
    if whole is not None:
        return changed
    lines[number] = changed
    return b"\n".join(lines)


def _with_token(text: str, random: Generator) -> str:
    """Write what `json.dumps` never writes; nested so deeply that some readers' stacks just hold"""
    depth = int(random.integers(900, 1_010))
    token = _choice(
        (*_TOKENS, "[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth), random
    )
    return text.replace(f'"{_PLACE}"', token)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _with_wrong_value(value: Any, random: Generator) -> Any:
    """Return the value with something else in one place of it, deep inside or at the top."""
    if random.random() < 0.15 or not isinstance(value, (dict, list)) or not value:
        return _choice((*_WRONG, _PLACE, _PLACE, _PLACE), random)
    key = _choice(sorted(value), random) if isinstance(value, dict) else random.integers(len(value))
    copy = value.copy()
    if isinstance(copy, dict) and random.random() < 0.1:
        del copy[key]
    else:
        copy[key] = _with_wrong_value(value[key], random)
    return copy


_MUTATIONS: tuple[Mutation, ...] = (
    _truncated,
    _flipped,
    _overwritten,
    _zeroed,
    _huge_number,
    _removed,
    _repeated,
    _extended,
    _retyped,
    _retyped,
    _retyped,
)
_PACKED: tuple[Callable[[bytes, Generator, Mutation], bytes], ...] = (
    _rezipped,
    _rezipped,
    _rearchived,
    _rearchived,
    _regzipped,
    _rechunked,
)
