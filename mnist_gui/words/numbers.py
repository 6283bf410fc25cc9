"""Numbers as text, without the window."""

from mnist_gui.words.language import tr


def percent(share: float, decimals: int = 2) -> str:
    """Write a share 0..1 as "99.24 %"; only an exact 1 becomes "100.00 %"."""
    smallest = 10.0**-decimals
    is_nearly_all = 1 - smallest / 200 <= share < 1
    number = f"{100 - smallest if is_nearly_all else 100 * share:.{decimals}f}"
    return tr("{number} %").format(number=f">{number}" if is_nearly_all else number)
