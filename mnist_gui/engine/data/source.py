"""The files that a data set is made of: in a folder, in a zip file or in a tar file.

What is in an archive is read where it is and never unpacked to the disk. Everything that can be
declared is bounded before it is used. Raises DatasetError.
"""

import errno
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Protocol, TypeAlias, cast

import numpy as np

from mnist_gui.engine.data.kinds import TAR_SUFFIXES, ZIP_SUFFIXES
from mnist_gui.engine.errors import DatasetError
from mnist_gui.engine.idx import GZIP_MAGIC, MOST_COMPRESSION
from mnist_gui.engine.io.files import open_regular_file

MOST_FILES = 1_100_000
"""So many files a data set may have: a million pictures, and what lies beside them."""
MOST_BYTES = 8 << 30
"""So many bytes the files of an archive may have when they are unpacked."""
_MOST_DEPTH = 5
_FACTS = np.dtype(
    [
        ("header_offset", np.int64),
        ("compress_size", np.int64),
        ("file_size", np.int64),
        ("CRC", np.uint32),
        ("compress_type", np.uint16),
        ("flag_bits", np.uint16),
    ]
)
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)

IsWanted: TypeAlias = Callable[[str], bool]
Contents: TypeAlias = Iterator[tuple[str, bytes]]


class Source(Protocol):
    """Files by their names, in which "/" parts folders; what is hidden is left out."""

    @property
    def path(self) -> Path:
        """The folder or the archive."""

    @property
    def names(self) -> list[str]:
        """The files, in the order in which they are read fastest."""

    def close(self) -> None:
        """Close what is open."""

    def place(self, name: str) -> str:
        """Return what a file is called in messages."""

    def opened(self, name: str) -> BufferedReader:
        """Open a file to read it from its start."""

    def most_bytes(self, name: str) -> int:
        """Return how many bytes a file has at most."""

    def each(self, is_wanted: IsWanted, most_bytes: int) -> Contents:
        """Yield the names and contents of the files that are wanted, in the order of `names`.

        None may have more than `most_bytes`. It can be done once for each source.
        """


def open_source(path: Path) -> Source:
    """Return the files in a folder or an archive."""
    lower = path.name.lower()
    if path.is_dir():
        return FolderSource(path)
    if lower.endswith(ZIP_SUFFIXES):
        return ZipSource(path)
    if lower.endswith(TAR_SUFFIXES):
        return TarSource(path)
    raise DatasetError("data-unknown", path=path)


@contextmanager
def telling(place: object) -> Iterator[None]:
    """Turn what is raised for a damaged or unreadable file into a DatasetError that names it."""
    try:
        yield
    except OSError as error:
        # Damaged archives are OSErrors too: without a number, or for a place that no file has.
        if error.errno is None or (error.errno == errno.EINVAL and error.filename is None):
            raise _corrupt(place, error) from error
        raise DatasetError("data-file-unreadable", path=place, reason=error) from error
    except _DAMAGE as error:
        raise _corrupt(place, error) from error


def _corrupt(place: object, error: Exception) -> DatasetError:
    text = "".join(filter(str.isprintable, str(error)))[:200].rstrip(".")
    return DatasetError("data-corrupt", path=place, text=text or type(error).__name__)


def _is_seen(name: str) -> bool:
    parts = name.removeprefix("./").split("/")
    return not any(part.startswith(".") or part == "__MACOSX" for part in parts)


def _check_small(place: str, size: int, most_bytes: int) -> None:
    if size > most_bytes:
        raise DatasetError("data-part-too-large", path=place, most=most_bytes >> 20)


class _Names:
    """Names as one text, in a third of the memory that a million single ones take.

    No file's name has the sign in it that parts them.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._text = "".join(f"{name}\0" for name in names)

    def __iter__(self) -> Iterator[str]:
        start = 0
        while (end := self._text.find("\0", start)) >= 0:
            yield self._text[start:end]
            start = end + 1


class FolderSource:
    """The regular files in a folder and in the folders below it."""

    def __init__(
        self, path: Path, *, depth: int = _MOST_DEPTH, enters: IsWanted = lambda _name: True
    ) -> None:
        """So many folders below one another are looked into, those whose names it `enters`."""
        self.path = path
        self._depth, self._enters = depth, enters
        self.names = sorted(self._found())

    def close(self) -> None:
        """Close nothing: each file is closed by those who open it."""

    def place(self, name: str) -> str:
        """Return the path of a file."""
        return f"{self.path}{os.sep}{name}"

    def opened(self, name: str) -> BufferedReader:
        """Open a file."""
        with telling(self.place(name)):
            return open_regular_file(self.path / name)

    def most_bytes(self, name: str) -> int:
        """Return the size of a file."""
        with telling(self.place(name)):
            return (self.path / name).stat().st_size

    def each(self, is_wanted: IsWanted, most_bytes: int) -> Contents:
        """Yield the files in the order of their names."""
        names = _Names(self.names)
        self.names.clear()
        for name in names:
            if not is_wanted(name):
                continue
            with self.opened(name) as file, telling(self.place(name)):
                _check_small(self.place(name), os.fstat(file.fileno()).st_size, most_bytes)
                content = file.read(most_bytes)
            yield name, content

    def _found(self) -> Iterator[str]:
        """Walk without following links to folders, which may lead round in a circle."""
        folders, count = [""], 0
        while folders:
            folder = folders.pop()
            for entry in self._entries(folder):
                name = f"{folder}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    is_entered = name.count("/") < self._depth and self._enters(entry.name)
                    folders += [f"{name}/"] if is_entered else []
                elif self._is_file(entry):
                    count += 1
                    yield name
            if count > MOST_FILES:
                raise DatasetError("data-too-many-files", path=self.path, most=MOST_FILES)

    def _is_file(self, entry: "os.DirEntry[str]") -> bool:
        # Links may lead round in a circle.
        with telling(entry.path):
            return entry.is_file()

    def _entries(self, folder: str) -> "list[os.DirEntry[str]]":
        try:
            with os.scandir(self.path / folder) as entries:
                return [entry for entry in entries if _is_seen(entry.name)]
        except OSError as error:
            path = self.path / folder
            raise DatasetError("data-folder-unreadable", folder=path, reason=error) from error


class ZipSource:
    """The files in a zip file, which are plain or deflated, and not encrypted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = ExitStack()
        with telling(path), ExitStack() as stack:
            file = stack.enter_context(open_regular_file(path))
            self._archive = stack.enter_context(zipfile.ZipFile(file))
            self.names = self._checked()
            self._file = stack.pop_all()

    def close(self) -> None:
        """Close the archive."""
        self._file.close()

    def place(self, name: str) -> str:
        """Return the archive's path, and the file's in it."""
        return f"{self.path}: {name}"

    def opened(self, name: str) -> BufferedReader:
        """Open a file in the archive; it is unpacked as it is read."""
        with telling(self.place(name)):
            return BufferedReader(cast(RawIOBase, self._archive.open(name)))

    def most_bytes(self, name: str) -> int:
        """Return the size that a file declares, or how much its bytes can grow, if that is less."""
        member = self._archive.getinfo(name)
        return min(member.file_size, (member.compress_size + 1) * MOST_COMPRESSION)

    def each(self, is_wanted: IsWanted, most_bytes: int) -> Contents:
        """Yield the files in the order in which the archive lists them.

        What the archive says of a file, some 500 bytes, is kept as a few numbers meanwhile, so that
        a million of them and their images fit into the memory.
        """
        facts = np.fromiter(map(_facts, self._archive.filelist), _FACTS)
        names = _Names(member.orig_filename.partition("\0")[0] for member in self._archive.filelist)
        self._archive.filelist.clear()
        self._archive.NameToInfo.clear()
        self.names.clear()
        for stored, fact in zip(names, facts, strict=True):
            name = _parted_by_slashes(stored)
            if not (_is_seen(name) and is_wanted(name)):
                continue
            place = self.place(name)
            member = _member(stored, fact)
            _check_small(place, member.file_size, most_bytes)
            with telling(place):
                content = self._archive.read(member)
            yield name, content

    def _checked(self) -> list[str]:
        members = self._archive.filelist
        for member in members:
            if "\\" in member.filename:
                member.filename = _parted_by_slashes(member.filename)
                self._archive.NameToInfo[member.filename] = member
        if len(members) > MOST_FILES:
            raise DatasetError("data-too-many-files", path=self.path, most=MOST_FILES)
        if sum(member.file_size for member in members) > MOST_BYTES:
            raise DatasetError("data-unpacks-too-large", path=self.path, most=MOST_BYTES >> 30)
        seen = [each for each in members if not each.is_dir() and _is_seen(each.filename)]
        for member in seen:
            if member.flag_bits & 1:
                raise DatasetError("data-encrypted", path=self.path, name=member.filename)
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise DatasetError("data-packed-otherwise", path=self.path, name=member.filename)
        return [member.filename for member in seen]


def _parted_by_slashes(name: str) -> str:
    """Return a name as the format wants it: old packers of Windows part folders by backslashes."""
    return name.replace("\\", "/")


def _facts(member: zipfile.ZipInfo) -> tuple[int, ...]:
    return tuple(getattr(member, name) for name in _FACTS.names or ())


def _member(name: str, facts: np.void) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    for fact in _FACTS.names or ():
        setattr(member, fact, int(facts[fact]))
    return member


class TarSource:
    """The files in a tar file, gzipped or not; one that has links is refused.

    It is read from its start for each list of files and each file, as it has no directory.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = ExitStack()
        try:
            self.names = [member.name for member, _ in self._members()]
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the archive."""
        self._file.close()

    def place(self, name: str) -> str:
        """Return the archive's path, and the file's in it."""
        return f"{self.path}: {name}"

    def opened(self, name: str) -> BufferedReader:
        """Open a file in the archive; it is unpacked as it is read."""
        for member, archive in self._members():
            if member.name == name and (stream := archive.extractfile(member)) is not None:
                return BufferedReader(cast(RawIOBase, stream))
        raise DatasetError("data-corrupt", path=self.place(name), text=name)

    def most_bytes(self, _name: str) -> int:
        """Return how much the archive's bytes can grow."""
        return min(MOST_BYTES, self.path.stat().st_size * MOST_COMPRESSION)

    def each(self, is_wanted: IsWanted, most_bytes: int) -> Contents:
        """Yield the files in the order in which the archive has them."""
        self.names.clear()
        for member, archive in self._members():
            if not is_wanted(member.name):
                continue
            place = self.place(member.name)
            _check_small(place, member.size, most_bytes)
            with telling(place):
                stream = archive.extractfile(member)
                content = stream.read(most_bytes) if stream else b""
            yield member.name, content

    def _members(self) -> Iterator[tuple[tarfile.TarInfo, tarfile.TarFile]]:
        self.close()
        with telling(self.path):
            file = self._file.enter_context(open_regular_file(self.path))
            # Other compression may grow without bounds.
            is_packed = file.peek(2).startswith(GZIP_MAGIC)
            archive = tarfile.TarFile.open(fileobj=file, mode="r:gz" if is_packed else "r:")
            self._file.push(archive)
        count = total = 0
        while True:
            with telling(self.path):
                member = archive.next()
            # What it knows of the members before would take more memory than their images.
            archive.members = []  # type: ignore[attr-defined]
            if member is None:
                self._check_end(archive)
                return
            count, total = count + 1, total + member.size
            self._check(member, count, total)
            if member.isreg() and _is_seen(member.name):
                yield member, archive

    def _check_end(self, archive: tarfile.TarFile) -> None:
        """Raise DatasetError unless an archive ends with zeros: else it was cut, or is damaged."""
        with telling(self.path):
            archive.fileobj.seek(archive.offset)
            if archive.fileobj.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
                raise tarfile.ReadError("unexpected end")

    def _check(self, member: tarfile.TarInfo, count: int, total: int) -> None:
        if count > MOST_FILES:
            raise DatasetError("data-too-many-files", path=self.path, most=MOST_FILES)
        if total > MOST_BYTES:
            raise DatasetError("data-unpacks-too-large", path=self.path, most=MOST_BYTES >> 30)
        if not (member.isreg() or member.isdir()):
            raise DatasetError("data-archive-link", path=self.path, name=member.name)
