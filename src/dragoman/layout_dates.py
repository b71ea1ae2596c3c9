"""The date of a page and of each of its items, as EDTF, and what tells it.

A page: its metadata, its address, a dateline with a whole date, a whole date in its first sentences. An item's own
dateline makes the day exact. A teaser has the page's year only if nothing speaks against it: crawlers store old pages
with the teasers of today.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from dragoman.article import Article
from dragoman.layout_blocks import Dateline
from dragoman.layout_rules import LayoutRules

Dated = tuple[str | None, str | None]

#: A source's word that the page's dates are known to be wrong: no date is to be taken from its address.
UNKNOWN = "XXXX"

_EDTF = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?\Z")
#: A dateline may lag behind its publication (reprints) or lead it (time zones) by so many days.
_LAG, _LEAD = 31, 2
#: A teaser that names a day so near to the page's date is of the same year.
_NEAR = 15
#: How many teasers before and behind one are its neighbours.
_NEIGHBOURS = 100
#: How many characters of an item may hold the date that it is of, and how early a whole date must stand to be it.
_LEAD_TEXT = 300
_OPENING = 10


def page_date(rules: LayoutRules, article: Article) -> Dated:
    """The date that the page's metadata or its address gives."""
    if article.published == UNKNOWN:
        return None, None
    if article.published:
        return article.published, "metadata"
    publisher = rules.publisher_of(article.url)
    own = (publisher.url_date,) if publisher and publisher.url_date else ()
    for pattern in (*own, rules.url_date):
        match = pattern.search(article.url or "")
        day = match and _day(int(match["year"]), int(match["month"]), int(match["day"]))
        if day:
            return day.isoformat(), "url"
    return None, None


def stamped_date(page: Dated, stamps: Sequence[Dateline]) -> Dated:
    """The page's date, if nothing outside the text gives it that of the line with the time of publication."""
    if page[0] is None:
        for stamp in stamps:
            day = stamp.year and stamp.month and stamp.day and _day(stamp.year, stamp.month, stamp.day)
            if day:
                return day.isoformat(), "text"
    return page


def item_date(
    rules: LayoutRules,
    folded: str,
    span: tuple[int, int],
    page: Dated,
    datelines: Sequence[Dateline],
    closings: Sequence[Dateline],
) -> tuple[Dated, str | None]:
    """The date of a main item or a brief, and a remark if the page contradicts itself."""
    start, end = span
    own = [line for line in datelines if line.day] or _todays(rules, folded, start, end)
    known = _as_date(page[0])
    if known:
        return _against(known, page, own[0] if own else None)
    for line in (*own, *closings):
        day = line.year and line.month and line.day and _day(line.year, line.month, line.day)
        if day:
            return (day.isoformat(), "dateline"), None
    text = _dated_text(rules, folded, start, end)
    if own and own[0].month and own[0].day:
        if text and len(text) == 10:
            day = _nearest(own[0].month, own[0].day, date.fromisoformat(text))
            if day:
                return (day.isoformat(), "dateline"), None
        years = {_year_of(match) for match in rules.edition.finditer(folded, start, min(end, start + _LEAD_TEXT))}
        day = _day(years.pop(), own[0].month, own[0].day) if len(years) == 1 else None
        if day:
            return (day.isoformat(), "dateline"), None
        if _day(2000, own[0].month, own[0].day):
            return (f"XXXX-{own[0].month:02d}-{own[0].day:02d}", "dateline"), None
    return (page if page[0] else (text, "text" if text else None)), None


def teaser_dates(
    rules: LayoutRules,
    folded: str,
    spans: Sequence[tuple[int, int]],
    page: Dated,
    datelines: Sequence[Sequence[Dateline]],
) -> list[Dated]:
    """The dates of the teasers of one list, in order.

    A teaser that names a day without a year takes the year from the date nearest to it among its own and its
    neighbours'; where the list has none, from the page, if that is near. Others are not dated: their neighbours may be
    of any year.
    """
    page_day = _as_date(page[0])
    named = [_first_monthday(rules, folded, span, lines) for span, lines in zip(spans, datelines, strict=True)]
    own = [_own_dates(rules, folded, span, day) for span, day in zip(spans, named, strict=True)]
    # The latest of each: what is older is what it looks back on.
    given = [(max(days), index) for index, days in enumerate(own) if days]
    result: list[Dated] = []
    for index, (month, day) in enumerate(named):
        dated: Dated = (None, None)
        if month and day:
            # Neighbours come after the teaser itself where both are as near.
            near, apart, foreign = None, _LAG + 1, False
            first = bisect_left(given, index - _NEIGHBOURS, key=lambda entry: entry[1])
            last = bisect_right(given, index + _NEIGHBOURS, key=lambda entry: entry[1])
            for known, by in sorted(given[first:last], key=lambda entry: entry[1] != index):
                candidate = _nearest(month, day, known)
                if candidate and abs((candidate - known).days) < apart:
                    near, apart, foreign = candidate, abs((candidate - known).days), by != index
            if near:
                dated = f"{near:%Y-%m}", "sibling" if foreign else "text"
            elif not given and page_day and (near := _nearest(month, day, page_day)):
                dated = page if abs((near - page_day).days) <= _NEAR else dated
        elif own[index]:
            dated = f"{max(own[index]):%Y-%m}", "text"
        result.append(dated)
    return result


def contradiction(page: Dated, own: str | None) -> str:
    """The remark on a page whose parts give two dates."""
    return f"the page's {page[1]} gives {page[0]}, its own text {own}: the year is left open"


def _against(known: date, page: Dated, own: Dateline | None) -> tuple[Dated, str | None]:
    """The page's date held against the day that the item's own dateline gives."""
    if own is None or own.day is None:
        return page, None
    if own.year and own.month:
        exact = _day(own.year, own.month, own.day)
        if exact is None:
            return page, None
        if exact == known:
            return page, None
        if -_LAG <= (exact - known).days <= _LEAD:
            return (exact.isoformat(), "dateline"), None
        return (exact.isoformat(), "dateline"), contradiction(page, exact.isoformat()).rpartition(":")[0]
    if own.month is None:
        return page, None
    near = _nearest(own.month, own.day, known)
    if near is None or near == known:
        return page, None
    if -_LAG <= (near - known).days <= _LEAD:
        return (near.isoformat(), "dateline"), None
    open_year = f"XXXX-{own.month:02d}-{own.day:02d}"
    return (open_year, "dateline"), contradiction(page, open_year)


def _todays(rules: LayoutRules, folded: str, start: int, end: int) -> list[Dateline]:
    """Where the text says itself which day is today: "today (14 January)"."""
    for pattern in rules.today:
        match = pattern.search(folded, start, min(end, start + 3 * _LEAD_TEXT))
        if match and match["month"]:
            year = int(match["year"]) if match["year"] else None
            return [Dateline(None, None, year, int(match["month"]), int(match["day"]))]
    return []


def _dated_text(rules: LayoutRules, folded: str, start: int, end: int) -> str | None:
    """The whole date that an item opens with, unless a later one makes it history; else an anniversary's."""
    first = rules.full_date.search(folded, start, min(end, start + _OPENING + 12))
    if first and first.start() - start <= _OPENING:
        day = _day(int(first["year"]), int(first["month"]), int(first["day"]))
        latest = max((_year_of(match) for match in rules.full_date.finditer(folded, start, end)), default=0)
        if day and day.year == latest:
            return day.isoformat()
    jubilee = rules.anniversary.search(folded, start, end)
    if jubilee:
        year = int(jubilee["year"]) + _numeral(rules, jubilee["count"])
        opening = rules.monthday.search(folded, start, min(end, start + _LEAD_TEXT))
        return f"{year}-{int(opening['month']):02d}" if opening else str(year)
    return None


def _own_dates(
    rules: LayoutRules, folded: str, span: tuple[int, int], named: tuple[int | None, int | None]
) -> list[date]:
    """The days that a teaser gives itself: whole dates, or the day it names in the year of an edition or a term."""
    found = [_day(int(m["year"]), int(m["month"]), int(m["day"])) for m in rules.full_date.finditer(folded, *span)]
    month, day = named
    if month and day:
        years = [_year_of(m) for pattern in (rules.edition, rules.term) for m in pattern.finditer(folded, *span)]
        found.extend(_day(year, month, day) for year in years)
    return [known for known in found if known]


def _first_monthday(
    rules: LayoutRules, folded: str, span: tuple[int, int], lines: Sequence[Dateline]
) -> tuple[int | None, int | None]:
    for line in lines:
        if line.month and line.day:
            return line.month, line.day
    match = rules.monthday.search(folded, *span)
    return (int(match["month"]), int(match["day"])) if match else (None, None)


def _nearest(month: int, day: int, known: date) -> date | None:
    """The day of that name that is nearest to a known one."""
    near = [found for year in (known.year - 1, known.year, known.year + 1) if (found := _day(year, month, day))]
    return min(near, key=lambda found: abs(found - known), default=None)


def _as_date(edtf: str | None) -> date | None:
    match = _EDTF.match(edtf or "")
    if not match or not (match[2] and match[3]):
        return None
    return _day(int(match[1]), int(match[2]), int(match[3]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year_of(match: re.Match[str]) -> int:
    return int(match["year"])


def _numeral(rules: LayoutRules, text: str) -> int:
    """A count in figures or in numerals below a hundred."""
    if text.isdecimal():
        return int(text)
    tens, ones = 0, 0
    for char in text:
        value = rules.numerals.find(char)
        if value == 10:
            tens, ones = ones or 1, 0
        elif value >= 0:
            ones = value
    return tens * 10 + ones


def within(day: str | None, captured: str | None) -> bool:
    """Whether a page can be of that day if it was stored on the other."""
    first, last = _as_date(day), _as_date(captured)
    return first is None or last is None or first <= last + timedelta(days=1)
