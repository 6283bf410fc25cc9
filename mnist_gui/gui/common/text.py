"""Numbers and times as text, in the user's locale."""

from datetime import datetime

from PySide6.QtCore import QLocale

_NO_BREAK_SPACE = "\u00a0"


def percent(share: float, decimals: int = 1) -> str:
    """Write a share 0..1 as "97.2 %"; only an exact 1 becomes "100.0 %"."""
    smallest = 10.0**-decimals
    if 1 - smallest / 200 <= share < 1:
        return f">{number(100 - smallest, decimals)}{_NO_BREAK_SPACE}%"
    return f"{number(100 * share, decimals)}{_NO_BREAK_SPACE}%"


def number(value: float, decimals: int) -> str:
    """Write a number with so many decimals, its thousands grouped."""
    return _locale().toString(float(value), "f", decimals)


def count(value: int) -> str:
    """Write a whole number, its thousands grouped."""
    return number(value, 0)


def rate(value: float) -> str:
    """Write a speed: one decimal where it is small, none where it is large."""
    return number(value, 1 if value < 100 else 0)


def duration(seconds: float) -> str:
    """Write a time in seconds as "3.2 s", "1:05" or "1:02:03"."""
    if 0 < seconds < 10:
        return f"{number(seconds, 1)}{_NO_BREAK_SPACE}s"
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def moment(time: datetime) -> str:
    """Write a day and a time of day, in the user's zone."""
    local = time.astimezone().replace(tzinfo=None)
    locale = QLocale()
    if locale.language() is QLocale.Language.C:
        # Its format, "25 11 2026", leaves open which is the month.
        return f"{local:%Y-%m-%d %H:%M}"
    return locale.toString(local, QLocale.FormatType.ShortFormat)


def _locale() -> QLocale:
    locale = QLocale()
    # The C locale leaves the separators of thousands out.
    locale.setNumberOptions(QLocale.NumberOption.DefaultNumberOptions)
    return locale
