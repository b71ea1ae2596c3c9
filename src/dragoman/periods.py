"""Periods of the calendar as news name them: parts of a year or month, weeks, feasts, decades.

These are plain functions of numbers; what the numbers are counted from is for `dragoman.reckoning` to say.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from dragoman import edtf
from dragoman.edtf import Partial
from dragoman.lunar import lunar_day
from dragoman.timex import MONTH_PARTS, Point

#: Parts of a year: first and last month, and the EDTF (level 2) code of the part if there is one.
YEAR_PARTS: dict[str, tuple[int, int, str | None]] = {
    "begin": (1, 3, None),
    "middle": (5, 8, None),
    "end": (10, 12, None),
    "M9": (1, 9, None),
    "H1": (1, 6, "40"),
    "H2": (7, 12, "41"),
    "Q1": (1, 3, "33"),
    "Q2": (4, 6, "34"),
    "Q3": (7, 9, "35"),
    "Q4": (10, 12, "36"),
    "spring": (3, 5, "21"),
    "summer": (6, 8, "22"),
    "autumn": (9, 11, "23"),
    "winter": (1, 12, "24"),
}
#: Parts whose limits are exact, so that their months are as good as said.
_EXACT = frozenset({"M9", "H1", "H2", "Q1", "Q2", "Q3", "Q4"})
#: Feasts: a lunar date (month 0 is the eve of the new year), or a fixed one.
LUNAR_FEASTS = {
    "new_year_eve": (0, 0),
    "spring_festival": (1, 1),
    "lantern": (1, 15),
    "dragon_boat": (5, 5),
    "mid_autumn": (8, 15),
    "double_ninth": (9, 9),
}
FIXED_FEASTS = {"new_year": (1, 1), "christmas_eve": (12, 24), "christmas": (12, 25)}


class Resolved(NamedTuple):
    """What a mention means: EDTF strings as precise as the text allows, and the days it can cover."""

    start: str | None
    end: str | None
    edtf: str
    earliest: date | None
    latest: date | None
    basis: str  # text, relative, anchor
    kind: str
    anaphor: str | None = None
    duration_days: int | None = None


class Span(NamedTuple):
    """A resolved point: the dates to write down, their EDTF, and the days covered."""

    start: Partial | None
    end: Partial | None
    edtf: str
    earliest: date | None
    latest: date | None
    basis: str


@lru_cache(maxsize=4096)
def whole(item: Partial | None, basis: str) -> Span | None:
    """The span of one day, month or year."""
    if item is None:
        return None
    if item.day is not None and item.month is None:  # a day of an unknown month dates nothing
        return Span(None, None, str(item), None, None, basis)
    first = item.earliest
    return Span(item, item, str(item), first, first if item.day else item.latest, basis)


def year_part(year: int, point: Point) -> Span | None:
    """A year or a part of it."""
    basis = "text" if point.year else "relative"
    item = edtf.partial(year)
    if item is None or item.year is None:
        return None
    if point.part not in YEAR_PARTS:
        return whole(item, basis)
    first, last, code = YEAR_PARTS[point.part]
    start, end = Partial(item.year, first), Partial(item.year, last)
    written = f"{item}-{code}" if code else str(item)
    if point.part in _EXACT:
        written = written if code else f"{start}/{end}"
        return Span(start, end, written, start.earliest, end.latest, basis)
    return Span(item, item, written, start.earliest, end.latest, basis)


def month_part(month: Partial, part: str | None, basis: str) -> Span | None:
    """A month or a part of it."""
    item = edtf.partial(month.year, month.month)
    span = whole(item, basis)
    if item is None or span is None or part not in MONTH_PARTS or item.year is None:
        return span
    first, last = MONTH_PARTS[part]
    length = edtf.month_length(item.year, item.month)
    earliest = date(item.year, item.month or 1, first)
    return span._replace(earliest=earliest, latest=earliest.replace(day=min(last, length)))


def week(day: date, shift: int, *, weekend: bool) -> Span | None:
    """A week (Monday to Sunday) so many weeks from that of a day, or its end."""
    monday = edtf.shifted(day, 7 * shift - day.weekday())
    first = edtf.shifted(monday, 5 if weekend else 0) if monday else None
    last = edtf.shifted(monday, 6) if monday else None
    if first is None or last is None:
        return None
    # No EDTF date is as coarse as a week; its month is, if it lies in one.
    month = Partial(first.year, first.month) if first.month == last.month else None
    return Span(month, month, f"{first}/{last}", first, last, "relative")


def feast_day(point: Point, year: int) -> date | None:
    """The day of a feast, or of a lunar date, in a year."""
    fixed = FIXED_FEASTS.get(point.feast or "")
    if fixed:
        return date(year, *fixed) if 1 <= year <= 9999 else None
    if point.lunar_month:
        return lunar_day(year, point.lunar_month, point.lunar_day or 1)
    return lunar_day(year, *LUNAR_FEASTS[point.feast or ""])


def decade(point: Point, year: int | None) -> Span | None:
    """A decade or a century; the year is the one that "this century" counts from."""
    century = point.century
    if point.century_shift is not None:
        if year is None:
            return None
        century = (year - 1) // 100 + 1 + point.century_shift
    basis = "relative" if point.century is None else "text"
    if point.decade is None:
        if century is None or not 1 <= century <= 99:
            return None
        first, last, written = century * 100 - 99, century * 100, ""
    else:
        if point.decade >= 1000:
            first, basis = point.decade, "text"
        elif century is not None:
            first = (century - 1) * 100 + point.decade
        else:
            # "the 90s": of this century if they have begun, else of the last.
            first = ((year or 2000) // 100) * 100 + point.decade
            if first > (year or 2000):
                first -= 100
        last, written = first + 9, f"{first // 10:03d}X"
    if not 1 <= first <= 9990:
        return None
    start, end = Partial(first), Partial(last)
    return Span(start, end, written or f"{start}/{end}", start.earliest, end.latest, basis)
