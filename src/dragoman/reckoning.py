"""Reckoning: from where a time expression counts, and which year or month it leaves to the reader.

A Scene is the anchor of an item, the date told before and what the grammar says about past or future.
"""

from __future__ import annotations

from datetime import date

from dragoman import edtf
from dragoman.edtf import Partial, add_duration
from dragoman.periods import Resolved, Span, decade, feast_day, month_part, week, whole, year_part
from dragoman.timex import MONTH_PARTS, Interval, Point

#: The anaphors that name a day by another day, and how many days lie between.
ANAPHORIC_DAYS = {"same_day": 0, "next_day": 1, "previous_day": -1}
#: A month and day so soon after the anchor may still be called past (time zones, late datelines), and the reverse.
_GRACE = 2
_JUST_PAST = 15
#: A bare day no further ahead than this is the coming one, not that of the month before.
_WEEK = 7
#: "On the 3rd" of the next month is said so many days before at most.
_SOON = 14
#: Without "next year", a day of the next year is announced so many days before at most.
_AHEAD = 120
#: A tale goes on so many days without naming the month again.
_ON = 10
#: Directions that tie a date to the day of the report: what will be, and what somebody then said.
_OF_NOW = frozenset({"future", "report"})
#: How near to the anchor a date is that no earlier mention may draw away from it.
NEAR = 31


class Scene:
    """The anchor, the mention before and the direction: what a point is resolved against."""

    def __init__(self, anchor: Partial | None, previous: Resolved | None, direction: str) -> None:
        self.anchor = anchor or Partial(None)
        self.previous = previous
        self.before = edtf.parse(previous.start or previous.end) if previous else None
        self.direction = direction

    # -- intervals and anaphors -------------------------------------------------------------------

    def interval(self, value: Interval) -> Span | None:
        """From one point to the other; an open end stays open."""
        last = self.point(value.end) if value.end else None
        first = self._first(value.start, last) if value.start else None
        if first is None and last is None:
            return None
        start, end = first.start if first else None, last.end if last else None
        left = ".." if first is None and value.start is None else _edge(first, start)
        right = ".." if last is None and value.end is None else _edge(last, end)
        earliest = first.earliest if first else None
        latest = last.latest if last else None
        if earliest and latest and earliest > latest:
            return None
        basis = (first or last or Span(None, None, "", None, None, "text")).basis
        return Span(start, end, f"{left}/{right}" if left or right else "", earliest, latest, basis)

    def _first(self, point: Point, last: Span | None) -> Span | None:
        """The first half of a range: never after the second."""
        span = self.point(point)
        if not (span and last and span.start and last.end and point.year is None and point.weekday is None):
            return span
        start, end = span.start, last.end
        if start.year is None or end.year is None or point.year_shift is not None:
            return span
        if start.day and point.month is None and point.month_shift is None and end.month:
            # A bare day takes the month of the second half, or the one before: 28 to 2 March.
            same = edtf.partial(end.year, end.month, start.day)
            if same and (end.day is None or start.day <= end.day):
                return whole(same, span.basis)
            year, month = edtf.add_months(end.year, end.month, -1)
            return whole(edtf.partial(year, month, start.day), span.basis)
        if start.month and end.month:
            year = end.year - (1 if (start.month, start.day or 0) > (end.month, end.day or 31) else 0)
            return whole(edtf.partial(year, start.month, start.day), span.basis)
        return span

    def anaphor(self, name: str) -> Span | None:
        """The day of the mention before, the day after it or before it; the anchor's own if there is none."""
        days = ANAPHORIC_DAYS.get(name)
        if days is None:
            return None
        here = self.before if self.previous and self.before else None
        if self.previous and days > 0:
            here = edtf.parse(self.previous.end) or here
        basis = "relative"
        if here is None and self.previous is None:
            here, basis = self.anchor, "anchor"
        if here is None or here.day is None:
            return None
        if here.year is None:
            return whole(_day_near(here, days) if here.month else here, basis)
        day = here.earliest
        moved_day = edtf.shifted(day, days) if day else None
        return whole(edtf.of(moved_day), basis) if moved_day else None

    # -- points -----------------------------------------------------------------------------------

    def point(self, point: Point) -> Span | None:
        """The days that a point means."""
        span = self._point(point)
        if span is not None and point.approximate and span.edtf:
            return span._replace(edtf=f"{span.edtf}~")
        return span

    def _point(self, point: Point) -> Span | None:
        if point.decade is not None or point.century is not None or point.century_shift is not None:
            return decade(point, self.anchor.year)
        if point.feast or point.lunar_month:
            return self._feast(point)
        if point.weekday or point.week_shift is not None or point.part == "weekend":
            return self._week(point)
        if point.day_shift is not None:
            return self._day_shift(point)
        if point.month is not None or point.month_shift is not None or point.same == "month":
            return self._month(point)
        if point.day is not None:
            return whole(self._bare_day(point.day), "anchor")
        year = self._year(point)
        if point.part in MONTH_PARTS:
            here = self.anchor
            return month_part(here, point.part, "relative") if here and here.month else None
        if year is None and point.part:
            year = self.anchor.year
        if year is None:
            return None
        return year_part(year, point)

    def _base(self, point: Point) -> Partial:
        """From where a shift counts: the anchor, or for "three days later" in a tale the date told before."""
        if point.base != "previous":
            return self.anchor
        before, previous = self.before, self.previous
        if self.direction == "future":
            here = self.anchor.latest
            near = before and before.day and previous and previous.earliest and here
            if near and previous and previous.earliest and here and (here - previous.earliest).days <= NEAR:
                return before or self.anchor
            return self.anchor
        if before is None or previous is None:
            return Partial(None)
        return before if before.day or previous.basis == "text" else Partial(None)

    def _year(self, point: Point) -> int | None:
        """The year that the point names, or counts from the anchor or the mention before."""
        if point.year is not None:
            return point.year
        here = self.anchor.year
        if point.same == "told":
            if self.before and self.before.year and self.previous and self.previous.basis == "text":
                return self.before.year
            late = point.part in ("end", "H2", "Q4") and self.anchor.month == 1
            return here - 1 if here and late and self.direction != "future" else here
        if point.base == "previous":
            here = self._base(point).year
        elif point.same == "year":
            here = self.before.year if self.before and self.before.year else here
        if point.year_shift is not None or point.same == "year":
            return None if here is None else here + (point.year_shift or 0)
        return None

    def _month(self, point: Point) -> Span | None:
        """A month, a part of it or a day in it."""
        basis = "text" if point.year else "anchor"
        year, month = self._year(point), point.month
        if month is None:
            here = self._base(point)
            if point.same == "month":
                here = self.before or self.anchor
            if here.month is None:
                return None
            basis = "relative"
            shift = point.month_shift or 0
            # Months turn with the year, also where the year itself is not known.
            year, month = edtf.add_months(here.year or 2000, here.month, shift)
            year = year if here.year is not None else None
        elif year is None and point.year_shift is None and point.same is None:
            year = self._nearest_year(month, point.day)
        elif point.year is None:
            basis = "relative"
        if point.day is not None:
            return whole(edtf.partial(year, month, point.day), basis)
        return month_part(Partial(year, month), point.part, basis)

    def _nearest_year(self, month: int, day: int | None) -> int | None:
        """The year of a month and day without one: by direction, else the nearest, the past first."""
        here = self.anchor
        before = self.before
        if here.year is None:
            return before.year if before and self.previous and self.previous.basis == "text" else None
        if here.month is None:
            return here.year
        around = [here.year - 1, here.year, here.year + 1]
        now = here.year * 372 + here.month * 31 + ((here.day or 15) if day else 31)
        ahead = {year: year * 372 + month * 31 + (day or 31) - now for year in around}
        if ahead[here.year] <= 0:
            # Earlier in the same year: that needs no year. Only the next few weeks are nearer still.
            nearest = here.year + (1 if day and ahead[here.year + 1] <= NEAR else 0)
        else:
            nearest = min(around, key=lambda year: (abs(ahead[year]) // 31 - (year == here.year), -year))
        chosen = nearest
        if self.direction == "past":
            chosen = max(year for year in around if ahead[year] <= _GRACE)
        elif self.direction == "future":
            coming = min(year for year in around if ahead[year] >= -_JUST_PAST)
            # A day of the next year that is far off would have been called next year's.
            chosen = coming if coming == here.year or ahead[coming] <= _AHEAD else nearest
        return self._told_year(month, day, abs(ahead[chosen])) or chosen

    def _told_year(self, month: int, day: int | None, distance: int) -> int | None:
        """The year of the explicit date before, when the text goes on telling of that year."""
        before, previous = self.before, self.previous
        if not (previous and before and before.year and before.month and previous.end):
            return None
        if previous.basis != "text":
            return None
        if before.year >= (self.anchor.year or 0) or distance <= NEAR or self.direction in _OF_NOW:
            return None
        return before.year if (month, day or 31) >= (before.month, before.day or 0) else None

    def _bare_day(self, day: int) -> Partial | None:
        """A day without month: of the month told last, else the nearest to the anchor, the past first."""
        here, before, previous = self.anchor, self.before, self.previous
        if here.year is None or here.month is None:
            if before is not None and before.month is not None and day >= (before.day or 0):
                return edtf.partial(before.year, before.month, day)
            return edtf.partial(here.year, None, day)
        if self.direction in ("none", "future") and before and before.day and day > before.day:
            # "on the 7th ... and on the 28th" of days to come stays in their month.
            to_come = before.earliest if previous and previous.basis != "relative" else None
            if to_come and self.anchor.latest and to_come > self.anchor.latest:
                return edtf.partial(before.year, before.month, day)
        told = self._told_month(day)
        if told is not None:
            return told
        same = edtf.partial(here.year, here.month, day)
        last = edtf.partial(*edtf.add_months(here.year, here.month, -1), day)
        coming = edtf.partial(*edtf.add_months(here.year, here.month, 1), day)
        if here.day is None:
            return same
        if self.direction == "future":
            # A few days off, or already past when a late page came out; the month after would have been named.
            soon = here.month_days - here.day + day <= _SOON
            return coming if day < here.day and coming and soon else same
        ahead = _GRACE if self.direction == "past" else _WEEK
        return same if same and day <= here.day + ahead else last

    def _told_month(self, day: int) -> Partial | None:
        """The month of the date before, when the text goes on telling: "on 14 May ..., and on the 15th"."""
        before, previous = self.before, self.previous
        if not (previous and before and before.day and before.year) or self.direction in _OF_NOW:
            return None
        if previous.basis == "relative" or not 0 <= day - before.day <= _ON:
            return None
        here = self.anchor.earliest
        if previous.earliest is None or here is None or previous.earliest >= here:
            return None
        return edtf.partial(before.year, before.month, day)

    def _day_shift(self, point: Point) -> Span | None:
        here, basis = self._base(point), "relative"
        if here.year is None:
            near = _day_near(here, point.day_shift or 0)
            return whole(near, basis) if near else None
        if here.day is None or here.month is None:
            return whole(here, basis) if point.day_shift == 0 else None
        moved = edtf.shifted(date(here.year, here.month, here.day), point.day_shift or 0)
        if moved is None or (here is not self.anchor and self._not_yet(moved)):
            return None
        return whole(edtf.of(moved), basis)

    def _not_yet(self, day: date) -> bool:
        """Whether a day lies behind the anchor: then a tale of the past cannot have meant it."""
        return self.anchor.latest is not None and day > self.anchor.latest

    def _week(self, point: Point) -> Span | None:
        """A week (Monday to Sunday), its end, or a day of it."""
        here = self._base(point)
        if here.year is None or here.month is None or here.day is None:
            return None
        today = date(here.year, here.month, here.day)
        shift = point.week_shift or 0
        if not point.weekday:
            return week(today, shift, weekend=point.part == "weekend")
        offset = point.weekday - 1 - today.weekday()
        if point.week_shift is None and offset > 0 and self.direction != "future":
            offset -= 7
        elif point.week_shift is None and offset < 0 and self.direction == "future":
            offset += 7
        day = edtf.shifted(today, 7 * shift + offset)
        return whole(edtf.of(day), "relative") if day else None

    def _feast(self, point: Point) -> Span | None:
        """A feast in the year told, else the nearest one."""
        year = self._year(point)
        basis = "text" if point.year else "relative"
        if year is None:
            here = self.anchor
            if here.year is None or point.year_shift is not None:
                return None
            around = [feast_day(point, here.year + shift) for shift in (-1, 0, 1)]
            now = here.latest if here.month else date(here.year, 7, 1)
            days = [day for day in around if day is not None]
            if now is None or not days:
                return None
            if self.direction == "future":
                days = [day for day in days if day >= now] or days
            elif self.direction == "past":
                days = [day for day in days if day <= now] or days
            chosen: date | None = min(days, key=lambda day: abs((day - now).days))
        else:
            chosen = feast_day(point, year)
        if chosen is None:
            return whole(edtf.partial(year), basis) if year else None
        item = edtf.of(chosen)
        if point.approximate:
            return whole(Partial(item.year, item.month), basis)
        return whole(item, basis)


def _edge(span: Span | None, item: Partial | None) -> str:
    """One side of an interval as EDTF."""
    if span is None:
        return ""
    return span.edtf if "/" not in span.edtf else (str(item) if item else "")


def _day_near(here: Partial, days: int) -> Partial | None:
    """A day of an unknown year, moved by a day or none; no further, since leap years are not known."""
    if here.day is None or here.month is None or abs(days) > 1:
        return None
    if days == 0:
        return here
    return edtf.parse(add_duration(str(here), 2)) if days == 1 else _day_before(here)


def _day_before(here: Partial) -> Partial | None:
    """The day before a day of an unknown year."""
    if here.day and here.day > 1:
        return Partial(None, here.month, here.day - 1)
    if here.month is None or here.month == 3:
        return None
    month = (here.month - 2) % 12 + 1
    return Partial(None, month, edtf.month_length(None, month))
