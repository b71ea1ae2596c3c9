"""Dates as EDTF (ISO 8601-2) strings of a day, month or year, and the arithmetic that news need."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

_FORM = re.compile(r"([0-9]{4}|XXXX)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?[~?%]?")


class Partial(NamedTuple):
    """A date as far as it is known: None for what is not."""

    year: int | None
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        return _written(self)

    @property
    def month_days(self) -> int:
        """How many days the month has."""
        return month_length(self.year, self.month)

    @property
    def earliest(self) -> date | None:
        """The first day that this can be; None if the year is unknown."""
        if self.year is None or (self.day is not None and self.month is None):
            return None
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date | None:
        """The last day that this can be; None if the year is unknown."""
        if self.year is None or (self.day is not None and self.month is None):
            return None
        month = self.month or 12
        return date(self.year, month, self.day or month_length(self.year, month))


@lru_cache(maxsize=4096)
def _written(item: Partial) -> str:
    year = "XXXX" if item.year is None else f"{item.year:04d}"
    if item.day is not None:
        month = "XX" if item.month is None else f"{item.month:02d}"
        return f"{year}-{month}-{item.day:02d}"
    return year if item.month is None else f"{year}-{item.month:02d}"


@lru_cache(maxsize=4096)
def parse(text: str | None) -> Partial | None:
    """Read a day, month or year; None for anything else, and for a day that the calendar has not."""
    match = _FORM.fullmatch(text or "")
    if match is None:
        return None
    year, month, day = (int(part) if part and part[0] != "X" else None for part in match.groups())
    return partial(year, month, day)


def partial(year: int | None, month: int | None = None, day: int | None = None) -> Partial | None:
    """The date if the calendar has it."""
    if year is not None and not 1 <= year <= 9999:
        return None
    if month is not None and not 1 <= month <= 12:
        return None
    if day is not None and not 1 <= day <= month_length(year, month):
        return None
    return Partial(year, month, day)


def of(day: date) -> Partial:
    """A day of the calendar."""
    return Partial(day.year, day.month, day.day)


def month_length(year: int | None, month: int | None) -> int:
    """How many days a month has at most, if the year or the month is unknown."""
    if month == 2:
        return 28 if year is not None and (year % 4 or (year % 100 == 0 and year % 400)) else 29
    return 30 if month in (4, 6, 9, 11) else 31


def add_months(year: int, month: int, months: int) -> tuple[int, int]:
    """The month so many months later (or earlier)."""
    index = year * 12 + month - 1 + months
    return index // 12, index % 12 + 1


def shifted(day: date, days: int) -> date | None:
    """The day so many days later (or earlier); None beyond the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def add_duration(start: str, days: int) -> str:
    """The last day of so many days of which `start` is the first: 12-12 and three days give 12-14.

    A start that is no full day says nothing about its end beyond itself, and is given back.
    """
    first = parse(start)
    if first is None or first.day is None or first.month is None or days < 1:
        return start
    # Without a year a common year is taken; only around 29 February would it matter.
    begun = date(2001 if first.year is None else first.year, first.month, min(first.day, 28))
    if first.year is not None:
        begun = date(first.year, first.month, first.day)
    elif first.day > 28:
        begun = date(2001, first.month, first.day) if first.month != 2 else date(2000, 2, 29)
    last = shifted(begun, days - 1)
    if last is None:
        return start
    year = None if first.year is None else last.year
    return str(Partial(year, last.month, last.day))
