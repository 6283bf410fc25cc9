"""How the command line speaks: sentences on standard error, and shares in per cent."""

import sys


def tell(sentence: str) -> None:
    """Say something on standard error, in one line."""
    print(f"mnist-gui: {' '.join(sentence.splitlines())}", file=sys.stderr)


def percent(share: float, decimals: int = 2) -> str:
    """Return a share, 0..1, as "99.24 %"."""
    return f"{share * 100:.{decimals}f} %"
