"""Numbers and dates as a language writes them, by the data of Unicode (CLDR) in Babel."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_percent, get_group_symbol

# the English of most readers writes the day before the month
_LOCALES = {"en": "en_GB", "ja": "ja", "fr": "fr"}
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


def number(value: int | float, language: str) -> str:
    """Return ``value`` in groups of three digits.

    Python groups them: Babel's ``format_decimal`` fails above 28 digits and takes 20 times as long.
    """
    return f"{value:,}".replace(",", _group_symbol(language))


def percent(share: float, language: str) -> str:
    """Return ``share``, from 0 to 1, in per cent with one decimal."""
    return format_percent(share, _percent_pattern(language), _LOCALES[language])


def day(written: str, language: str) -> str:
    """Return an ISO 8601 date, month or year; what is none comes back as it is."""
    parts = _DATE.fullmatch(written)
    if parts is None:
        return written
    year, month, day_of_month = parts.groups()
    try:
        when = date(int(year), int(month or 1), int(day_of_month or 1))
    except ValueError:  # 2024-13, or the year 0
        return written
    if day_of_month:
        return format_date(when, "long", _LOCALES[language])
    return format_skeleton("yMMMM" if month else "y", when, locale=_LOCALES[language])


@cache
def _group_symbol(language: str) -> str:
    return get_group_symbol(_LOCALES[language])


@cache
def _percent_pattern(language: str) -> str:
    """Return the pattern of CLDR, which has no decimals, with one."""
    pattern: str = Locale.parse(_LOCALES[language]).percent_formats[None].pattern
    return pattern.replace("0", "0.0")
