"""Makes lines of an SVG drawing as thick, against all the rest, at whatever size it is shown."""

import re

_GROUP = re.compile(r'(<g [^>]*?transform="matrix\()([^)]*)(\)"[^>]*>)(.*?)(?=</g>)', re.DOTALL)
_POINT = re.compile(r"(-?[\d.]+(?:e[-+]?\d+)?),(-?[\d.]+(?:e[-+]?\d+)?)")
_ONE_PIXEL = ' vector-effect="non-scaling-stroke"'
_UNCHANGED = "1,0,0,1,0,0"
# Of curves without points; readers complain of it.
_EMPTY_PATH = '<path fill-rule="evenodd" d=""/>'


def with_scaled_lines(svg: str) -> str:
    """Return what Qt has drawn, with the widths of all lines in the drawing's own units.

    Qt leaves curves in the units of their axes and asks that their lines be of so many pixels on
    the screen: too thin on a slide and in print, and many programs take no note of it, so that
    what they show is a daub.
    """
    return _GROUP.sub(_place, svg).replace(_EMPTY_PATH, "")


def _place(group: re.Match[str]) -> str:
    head, matrix, rest, content = group.groups()
    if _ONE_PIXEL not in content:
        return group[0]
    a, b, c, d, e, f = map(float, matrix.split(","))

    def moved(point: re.Match[str]) -> str:
        x, y = float(point[1]), float(point[2])
        return f"{a * x + c * y + e:.2f},{b * x + d * y + f:.2f}"

    return head + _UNCHANGED + rest + _POINT.sub(moved, content).replace(_ONE_PIXEL, "")
