"""Read XML of strangers into a small tree.

Python's own expat does it, without a library for it: it opens no other file, and what makes XML
dangerous, entities that a file declares itself, is refused where it begins.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from mnist_gui.engine.errors import FileFormatError

_MOST_DEPTH = 100
_MOST_ELEMENTS = 250_000
_MOST_ATTRIBUTES = 1_000_000
_ENCODING = re.compile(rb"""<\?xml\b[^>]*?\sencoding\s*=\s*["']([^"']*)""")
# In all of these the marks of XML are the same bytes as in ASCII, and part of no other sign. For an
# encoding that it does not know, expat would load a module of Python's by that name.
_LIKE_ASCII = re.compile(
    rb"(us-)?ascii|iso-8859-\d+|windows-125\d|gb2312|gbk|gb18030|big5|shift_jis|euc-(jp|kr)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Element:
    """An element: its name and its attributes' names without prefixes, and what is in it."""

    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text between its tags, without that of its children."""
        return "".join(self.parts)

    def named(self, name: str) -> list["Element"]:
        """Return its children with this name."""
        return [child for child in self.children if child.name == name]


def parse_xml(content: bytes, encoding: str | None = None) -> Element:
    """Return the outermost element; `encoding` counts more than what the text says of itself.

    Of a text in an older encoding than Unicode, only what ASCII has is read right. Raises
    FileFormatError for XML that is broken, huge, or declares entities.
    """
    # Of one element expat keeps all of them before it hands them out.
    if content.count(b"=") > _MOST_ATTRIBUTES:
        raise FileFormatError("xml-too-many", most=_MOST_ATTRIBUTES)
    builder = _Builder()
    parser = expat.ParserCreate(encoding or _encoding(content))
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.take_text
    parser.StartDoctypeDeclHandler = _check_doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        text = expat.ErrorString(error.code)
        raise FileFormatError("xml-broken", line=error.lineno, text=text) from error
    return builder.root


def _encoding(content: bytes) -> str:
    """Return the encoding to read a text in; raise FileFormatError for one that is not known."""
    named = _ENCODING.match(content)
    if named is None or named[1].lower() in (b"utf-8", b"utf8"):
        return "utf-8"
    if _LIKE_ASCII.fullmatch(named[1]):
        return "iso-8859-1"
    raise FileFormatError("xml-encoding")


def _check_doctype(_name: str, _system: str | None, _public: str | None, has_own: bool) -> None:
    """Accept the line that names a format's DTD, which is not read; refuse a DTD in the file."""
    if has_own:
        raise FileFormatError("xml-declarations")


class _Builder:
    def __init__(self) -> None:
        self._top = Element("", {})
        self._open = [self._top]
        self._count = 0

    @property
    def root(self) -> Element:
        return self._top.children[0]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > _MOST_DEPTH:
            raise FileFormatError("xml-nested", most=_MOST_DEPTH)
        if self._count > _MOST_ELEMENTS:
            raise FileFormatError("xml-too-many", most=_MOST_ELEMENTS)
        element = Element(_local(name), {_local(key): text for key, text in attributes.items()})
        self._open[-1].children.append(element)
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def take_text(self, text: str) -> None:
        self._open[-1].parts.append(text)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
