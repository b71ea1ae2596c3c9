"""What a time expression means: its value resolved against the date of the item it stands in.

`resolve` takes the mention, the anchor (the EDTF date of publication, or None), the resolved mention
before it, and what the grammar says about past or future. It never says more than the text and the anchor
give: what stays unknown is None, an unknown year is XXXX.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from dragoman import edtf
from dragoman.edtf import Partial, add_duration
from dragoman.lunar import lunar_day
from dragoman.timex import MONTH_PARTS, Amount, Interval, Point, TimeFinder, TimeMention

__all__ = [
    "ANAPHORIC_DAYS",
    "Chronology",
    "Resolved",
    "TimeFinder",
    "TimeMention",
    "add_duration",
    "founding_year",
    "resolve",
]

#: Parts of a year: first and last month, and the EDTF (level 2) code of the part if there is one.
YEAR_PARTS: dict[str, tuple[int, int, str | None]] = {
    "begin": (1, 3, None),
    "middle": (5, 8, None),
    "end": (10, 12, None),
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
_EXACT = frozenset({"H1", "H2", "Q1", "Q2", "Q3", "Q4"})
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
#: The anaphors that name a day by another day, and how many days lie between.
ANAPHORIC_DAYS = {"same_day": 0, "next_day": 1, "previous_day": -1}
_DAYS = {"day": 1, "week": 7}
#: The kinds of mention that a later one can refer to.
_TOLD = frozenset({"date", "range", "anaphor"})
#: A month and day so soon after the anchor may still be called past (time zones, late datelines), and the reverse.
_GRACE = 2
_JUST_PAST = 15
#: "On the 3rd" of the next month is said so many days before at most.
_SOON = 14
#: Directions that tie a date to the day of the report: what will be, and what somebody then said.
_OF_NOW = frozenset({"future", "report"})
#: How many characters further a date without its year may still belong to the year told.
_REACH = 30
#: How near to the anchor a date is that no earlier mention may draw away from it.
_NEAR = 31


@dataclass(frozen=True, slots=True)
class Resolved:
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


@dataclass(frozen=True, slots=True)
class _Span:
    """A resolved point: the dates to write down, their EDTF, and the days covered."""

    start: Partial | None
    end: Partial | None
    edtf: str
    earliest: date | None
    latest: date | None
    basis: str


def resolve(
    mention: TimeMention,
    anchor: str | None,
    *,
    previous: Resolved | None = None,
    direction: str = "none",
) -> Resolved | None:
    """What the mention means on the day of the anchor; None for a time of the day, which is no date."""
    if mention.kind == "clock":
        return None
    scene = _Scene(edtf.parse(anchor), previous, direction)
    value = mention.value
    if isinstance(value, Point):
        return _written(scene.point(value), mention.kind)
    if isinstance(value, Interval):
        return _written(scene.interval(value), mention.kind)
    if isinstance(value, Amount):
        unit = _DAYS.get(value.unit) if mention.kind == "duration" else None
        days = value.count * unit if unit and not value.approximate else None
        return replace(_nothing(mention.kind), duration_days=days)
    if mention.kind == "anaphor":
        return replace(_written(scene.anaphor(value or ""), "anaphor"), anaphor=value)
    return _nothing(mention.kind)


class Chronology:
    """Resolves the mentions of an item in order, and remembers what a later one may refer to.

    "That day" refers to the last day told, "the same year" to whatever date was told last, and "the 28th" to
    the 28th that was told before.
    """

    def __init__(self, anchor: str | None) -> None:
        self.anchor = anchor
        self.last: Resolved | None = None
        self.last_end = 0
        self._day: Resolved | None = None  # the last date that has a day, be it the first of several
        self._single: Resolved | None = None  # the last single day
        self._past: Resolved | None = None  # the last single day that is not behind the anchor
        self._told: dict[int, Resolved] = {}
        here = edtf.parse(anchor)
        self._here = here.latest if here else None

    def resolve(self, mention: TimeMention, direction: str = "none") -> Resolved | None:
        """What the mention means after all that has been resolved here before."""
        far = mention.start - self.last_end > _REACH
        result = resolve(mention, self.anchor, previous=self._referent(mention, far), direction=direction)
        if result is not None and direction == "none" and _is_bare_day(mention.value):
            assert isinstance(mention.value, Point) and mention.value.day is not None
            result = self._told.get(mention.value.day, result)
        if result is not None and mention.kind in _TOLD and (result.start or result.end):
            self._remember(result, mention)
        return result

    def _referent(self, mention: TimeMention, far: bool) -> Resolved | None:
        """The mention before that this one can refer to."""
        value = mention.value
        if value == "same_day":
            if far and self._past is not None:
                return self._past
            return self._single or self._day or self.last
        if isinstance(value, str) or (isinstance(value, Point) and value.day_shift is not None):
            return self._day or self.last
        if far and self.last is not None:
            # Too far off to go on telling of its year: as if that had not been said in so many words.
            return replace(self.last, basis="relative")
        return self.last

    def _remember(self, result: Resolved, mention: TimeMention) -> None:
        self.last, self.last_end = result, mention.end
        told = edtf.parse(result.start or result.end)
        if told is None or told.day is None:
            return
        self._day = result
        if result.start != result.end:
            return
        self._single = result
        day = result.earliest
        if day is None or self._here is None:
            return
        if day <= self._here:
            self._past = result
        if mention.kind == "date" and abs((day - self._here).days) <= _NEAR:
            self._told[told.day] = result


def _is_bare_day(value: object) -> bool:
    """Whether a point says a day and no month."""
    return isinstance(value, Point) and value == Point(day=value.day) and value.day is not None


def founding_year(mention: TimeMention, year: str | None) -> str | None:
    """The year that an anniversary of this year commemorates: 50 years in 2023 give 1973."""
    now = edtf.parse(year)
    if now is None or now.year is None or not isinstance(mention.value, Amount):
        return None
    count = mention.value.count
    return f"{now.year - count:04d}" if mention.kind == "anniversary" and count < now.year else None


def _nothing(kind: str) -> Resolved:
    return Resolved(None, None, "", None, None, "text", kind)


def _written(span: _Span | None, kind: str) -> Resolved:
    if span is None:
        return _nothing(kind)
    start, end = (None if item is None else str(item) for item in (span.start, span.end))
    return Resolved(start, end, span.edtf, span.earliest, span.latest, span.basis, kind)


def _whole(item: Partial | None, basis: str) -> _Span | None:
    """The span of one day, month or year."""
    if item is None:
        return None
    if item.day is not None and item.month is None:  # a day of an unknown month dates nothing
        return _Span(None, None, str(item), None, None, basis)
    return _Span(item, item, str(item), item.earliest, item.latest, basis)


class _Scene:
    """The anchor, the mention before and the direction: what a point is resolved against."""

    def __init__(self, anchor: Partial | None, previous: Resolved | None, direction: str) -> None:
        self.anchor = anchor or Partial(None)
        self.previous = previous
        self.before = edtf.parse(previous.start or previous.end) if previous else None
        self.direction = direction

    # -- intervals and anaphors -------------------------------------------------------------------

    def interval(self, value: Interval) -> _Span | None:
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
        basis = (first or last or _Span(None, None, "", None, None, "text")).basis
        return _Span(start, end, f"{left}/{right}" if left or right else "", earliest, latest, basis)

    def _first(self, point: Point, last: _Span | None) -> _Span | None:
        """The first half of a range: never after the second."""
        span = self.point(point)
        if not (span and last and span.start and last.end and point.year is None):
            return span
        start, end = span.start, last.end
        if start.year is None or end.year is None or point.year_shift is not None:
            return span
        if start.day and point.month is None and point.month_shift is None and end.month:
            # A bare day takes the month of the second half, or the one before: 28 to 2 March.
            same = edtf.partial(end.year, end.month, start.day)
            if same and same <= end:
                return _whole(same, span.basis)
            year, month = edtf.add_months(end.year, end.month, -1)
            return _whole(edtf.partial(year, month, start.day), span.basis)
        if start.month and end.month:
            year = end.year - (1 if (start.month, start.day or 0) > (end.month, end.day or 31) else 0)
            return _whole(edtf.partial(year, start.month, start.day), span.basis)
        return span

    def anaphor(self, name: str) -> _Span | None:
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
            if days and here.month:
                moved = edtf.parse(add_duration(str(here), 2)) if days == 1 else _day_before(here)
                return _whole(moved, basis)
            return _whole(here, basis)
        day = here.earliest
        moved_day = edtf.shifted(day, days) if day else None
        return _whole(edtf.of(moved_day), basis) if moved_day else None

    # -- points -----------------------------------------------------------------------------------

    def point(self, point: Point) -> _Span | None:
        """The days that a point means."""
        span = self._point(point)
        if span is not None and point.approximate and span.edtf:
            return replace(span, edtf=f"{span.edtf}~")
        return span

    def _point(self, point: Point) -> _Span | None:
        if point.decade is not None or point.century is not None or point.century_shift is not None:
            return self._decade(point)
        if point.feast or point.lunar_month:
            return self._feast(point)
        if point.weekday or point.week_shift is not None or point.part == "weekend":
            return self._week(point)
        if point.day_shift is not None:
            return self._day_shift(point)
        if point.month is not None or point.month_shift is not None or point.same == "month":
            return self._month(point)
        if point.day is not None:
            return _whole(self._bare_day(point.day), "anchor")
        year = self._year(point)
        if point.part in MONTH_PARTS:
            here = self.anchor
            return self._month_part(here, point.part, "relative") if here and here.month else None
        if year is None and point.part:
            year = self.anchor.year
        if year is None:
            return None
        return self._year_part(Partial(year), point)

    def _base(self, point: Point) -> Partial:
        """From where a shift counts: the anchor, or for "three days later" in a tale the date told before."""
        if point.base != "previous" or self.direction == "future":
            return self.anchor
        if self.before is None or self.previous is None:
            return Partial(None)
        return self.before if self.before.day or self.previous.basis == "text" else Partial(None)

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

    def _year_part(self, year: Partial, point: Point) -> _Span | None:
        basis = "text" if point.year else "relative"
        item = edtf.partial(year.year)
        if item is None or item.year is None:
            return None
        if point.part not in YEAR_PARTS:
            return _whole(item, basis)
        first, last, code = YEAR_PARTS[point.part]
        start, end = Partial(item.year, first), Partial(item.year, last)
        written = f"{item}-{code}" if code else str(item)
        if point.part in _EXACT:
            return _Span(start, end, written, start.earliest, end.latest, basis)
        return _Span(item, item, written, start.earliest, end.latest, basis)

    def _month(self, point: Point) -> _Span | None:
        """A month, a part of it or a day in it."""
        basis = "text" if point.year else "anchor"
        year, month = self._year(point), point.month
        if month is None:
            here = self._base(point)
            if point.same == "month":
                here = self.before or self.anchor
            if here.year is None or here.month is None:
                return None
            basis = "relative"
            year, month = edtf.add_months(here.year, here.month, point.month_shift or 0)
        elif year is None and point.year_shift is None and point.same is None:
            year = self._nearest_year(month, point.day)
        elif point.year is None:
            basis = "relative"
        if point.day is not None:
            return _whole(edtf.partial(year, month, point.day), basis)
        return self._month_part(Partial(year, month), point.part, basis)

    def _month_part(self, month: Partial, part: str | None, basis: str) -> _Span | None:
        item = edtf.partial(month.year, month.month)
        span = _whole(item, basis)
        if item is None or span is None or part not in MONTH_PARTS or item.year is None:
            return span
        first, last = MONTH_PARTS[part]
        length = edtf.month_length(item.year, item.month)
        earliest = date(item.year, item.month or 1, first)
        return replace(span, earliest=earliest, latest=earliest.replace(day=min(last, length)))

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
            nearest = here.year + (1 if day and ahead[here.year + 1] <= _NEAR else 0)
        else:
            nearest = min(around, key=lambda year: (abs(ahead[year]) // 31 - (year == here.year), -year))
        chosen = nearest
        if self.direction == "past":
            chosen = max(year for year in around if ahead[year] <= _GRACE)
        elif self.direction == "future":
            chosen = min(year for year in around if ahead[year] >= -_JUST_PAST)
        return self._told_year(month, day, abs(ahead[chosen])) or chosen

    def _told_year(self, month: int, day: int | None, distance: int) -> int | None:
        """The year of the explicit date before, when the text goes on telling of that year."""
        before, previous = self.before, self.previous
        if not (previous and before and before.year and before.month and previous.end):
            return None
        if previous.basis != "text":
            return None
        if before.year >= (self.anchor.year or 0) or distance <= _NEAR or self.direction in _OF_NOW:
            return None
        return before.year if (month, day or 31) >= (before.month, before.day or 0) else None

    def _bare_day(self, day: int) -> Partial | None:
        """A day without month: of the month told last, else the nearest to the anchor, the past first."""
        here, before, previous = self.anchor, self.before, self.previous
        if here.year is None or here.month is None:
            if before is not None and before.month is not None:
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
        return same if same and day <= here.day + _GRACE else last

    def _told_month(self, day: int) -> Partial | None:
        """The month of an explicit date before that is far from the anchor: the text goes on telling."""
        before, previous = self.before, self.previous
        if not (previous and before and before.day and before.year) or self.direction in _OF_NOW:
            return None
        if previous.basis != "text" or previous.earliest is None or self.anchor.earliest is None:
            return None
        if abs((self.anchor.earliest - previous.earliest).days) <= 2 * _NEAR:
            return None
        if 0 <= day - before.day <= 10:
            return edtf.partial(before.year, before.month, day)
        return None

    def _day_shift(self, point: Point) -> _Span | None:
        here, basis = self._base(point), "relative"
        if here.year is None:
            return None
        if here.day is None or here.month is None:
            return _whole(here, basis) if point.day_shift == 0 else None
        moved = edtf.shifted(date(here.year, here.month, here.day), point.day_shift or 0)
        if moved is None or (here is not self.anchor and self._not_yet(moved)):
            return None
        return _whole(edtf.of(moved), basis)

    def _not_yet(self, day: date) -> bool:
        """Whether a day lies behind the anchor: then a tale of the past cannot have meant it."""
        return self.anchor.latest is not None and day > self.anchor.latest

    def _week(self, point: Point) -> _Span | None:
        """A week (Monday to Sunday), its end, or a day of it."""
        here = self._base(point)
        if here.year is None or here.month is None or here.day is None:
            return None
        today = date(here.year, here.month, here.day)
        monday = edtf.shifted(today, 7 * (point.week_shift or 0) - today.weekday())
        if monday is None:
            return None
        if point.weekday:
            offset = point.weekday - 1
            if point.week_shift is None and offset > today.weekday() and self.direction != "future":
                offset -= 7
            elif point.week_shift is None and offset < today.weekday() and self.direction == "future":
                offset += 7
            day = edtf.shifted(monday, offset)
            return _whole(edtf.of(day), "relative") if day else None
        first, last = edtf.shifted(monday, 5 if point.part == "weekend" else 0), edtf.shifted(monday, 6)
        if first is None or last is None:
            return None
        # No EDTF date is as coarse as a week; its month is, if it lies in one.
        month = Partial(first.year, first.month) if first.month == last.month else None
        return _Span(month, month, f"{first}/{last}", first, last, "relative")

    def _feast(self, point: Point) -> _Span | None:
        """A feast in the year told, else the nearest one."""
        year = self._year(point)
        basis = "text" if point.year else "relative"
        if year is None:
            here = self.anchor
            if here.year is None or point.year_shift is not None:
                return None
            around = [self._feast_day(point, here.year + shift) for shift in (-1, 0, 1)]
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
            chosen = self._feast_day(point, year)
        if chosen is None:
            return _whole(edtf.partial(year), basis) if year else None
        item = edtf.of(chosen)
        if point.approximate:
            return _whole(Partial(item.year, item.month), basis)
        return _whole(item, basis)

    def _feast_day(self, point: Point, year: int) -> date | None:
        fixed = FIXED_FEASTS.get(point.feast or "")
        if fixed:
            return date(year, *fixed) if 1 <= year <= 9999 else None
        if point.lunar_month:
            return lunar_day(year, point.lunar_month, point.lunar_day or 1)
        return lunar_day(year, *LUNAR_FEASTS[point.feast or ""])

    def _decade(self, point: Point) -> _Span | None:
        """A decade or a century."""
        century = point.century
        year = self.anchor.year
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
        return _Span(start, end, written or f"{start}/{end}", start.earliest, end.latest, basis)


def _edge(span: _Span | None, item: Partial | None) -> str:
    """One side of an interval as EDTF."""
    if span is None:
        return ""
    return span.edtf if "/" not in span.edtf else (str(item) if item else "")


def _day_before(here: Partial) -> Partial | None:
    """The day before a day of an unknown year."""
    if here.day and here.day > 1:
        return Partial(None, here.month, here.day - 1)
    if here.month is None or here.month == 3:
        return None
    month = (here.month - 2) % 12 + 1
    return Partial(None, month, edtf.month_length(None, month))
