"""The date of a page and of each of its items, as EDTF, and what tells it.

A page: its metadata, its address, a dateline with a whole date, a whole date in its first sentences. An item's own
dateline makes the day exact. A teaser has the page's year only if nothing speaks against it: crawlers store old pages
with the teasers of today.
"""

from __future__ import annotations

import re
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
#: How many characters of an item may hold the date that it is of.
_LEAD_TEXT = 300


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
    """The dates of the teasers of one list, in order."""
    known = [_own_year(rules, folded, span) for span in spans]
    years = [(year, day) for year, day in known if year]
    # The latest year that a teaser gives: older ones belong to what it looks back on.
    sibling = max(years, default=None, key=lambda entry: (entry[0] or 0, entry[1] or date.min))
    page_day = _as_date(page[0])
    result: list[Dated] = []
    for span, lines, (year, whole) in zip(spans, datelines, known, strict=True):
        month, day = _first_monthday(rules, folded, span, lines)
        near = _nearest(month, day, page_day) if page_day and month and day else None
        if sibling and sibling[0]:
            own = year == sibling[0]
            reference = whole if own else sibling[1]
            result.append((_in_year(sibling[0], reference, month, day), "text" if own else "sibling"))
        elif page_day and near and abs((near - page_day).days) <= _NEAR:
            result.append(page)
        else:
            result.append((None, None))
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
    """The whole date of an item's first sentences, unless a later one makes it history; else an anniversary's."""
    first = rules.full_date.search(folded, start, min(end, start + _LEAD_TEXT))
    if first:
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


def _own_year(rules: LayoutRules, folded: str, span: tuple[int, int]) -> tuple[int | None, date | None]:
    """The latest year that a teaser gives itself, with the day if it is a whole date."""
    days = [_day(int(m["year"]), int(m["month"]), int(m["day"])) for m in rules.full_date.finditer(folded, *span)]
    whole = [day for day in days if day]
    if whole:
        return max(whole).year, max(whole)
    years = [_year_of(m) for pattern in (rules.edition, rules.term) for m in pattern.finditer(folded, *span)]
    return (max(years), None) if years else (None, None)


def _first_monthday(
    rules: LayoutRules, folded: str, span: tuple[int, int], lines: Sequence[Dateline]
) -> tuple[int | None, int | None]:
    for line in lines:
        if line.month and line.day:
            return line.month, line.day
    match = rules.monthday.search(folded, *span)
    return (int(match["month"]), int(match["day"])) if match else (None, None)


def _in_year(year: int, reference: date | None, month: int | None, day: int | None) -> str:
    """The month of a teaser in the year that it or its neighbours give: the day that it names need not be its own.

    Where a neighbour has a whole date, the turn of the year is minded.
    """
    if not (month and day):
        return f"{reference:%Y-%m}" if reference and reference.year == year else str(year)
    near = _nearest(month, day, reference) if reference else _day(year, month, day)
    return f"{near:%Y-%m}" if near else str(year)


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
