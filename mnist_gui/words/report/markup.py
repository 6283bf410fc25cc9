"""HTML and SVG put together such that no text can become markup."""

from html import escape


class Markup(str):
    """Complete HTML; any other text is escaped where it is put into some."""

    __slots__ = ()


def joined(*content: object) -> Markup:
    """Return contents one after the other: markup as it is, all else escaped."""
    return Markup(
        "".join(each if isinstance(each, Markup) else escape(str(each)) for each in content)
    )


def element(name: str, /, *content: object, **attributes: object) -> Markup:
    """Return an element; of a name such as `class_` or `stroke_width` it makes the attribute's.

    Attributes that are None are left out.
    """
    head = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{head}>{joined(*content)}</{name}>")


def void(name: str, /, **attributes: object) -> Markup:
    """Return an element that has no content and no end, such as an image."""
    return Markup(element(name, **attributes).removesuffix(f"</{name}>"))
