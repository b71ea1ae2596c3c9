"""What a time expression means: its value resolved against the date of the item it stands in.

`resolve` takes the mention, the anchor (the EDTF date of publication, or None), the resolved mention
before it, and what the grammar says about past or future. It never says more than the text and the anchor
give: what stays unknown is None, an unknown year is XXXX. A `Chronology` does it for all mentions of an item.
"""

from __future__ import annotations

from dragoman import edtf
from dragoman.edtf import add_duration
from dragoman.periods import Resolved, Span
from dragoman.reckoning import ANAPHORIC_DAYS, NEAR, Scene
from dragoman.timex import Amount, Interval, Point, TimeFinder, TimeMention

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

_DAYS = {"day": 1, "week": 7}
#: The kinds of mention that a later one can refer to.
_TOLD = frozenset({"date", "range", "anaphor"})
#: How many characters further a date without its year may still belong to the year told.
_REACH = 30


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
    scene = Scene(edtf.parse(anchor), previous, direction)
    value = mention.value
    if isinstance(value, Point):
        return _written(scene.point(value), mention.kind)
    if isinstance(value, Interval):
        return _written(scene.interval(value), mention.kind)
    if isinstance(value, Amount):
        unit = _DAYS.get(value.unit) if mention.kind == "duration" else None
        days = value.count * unit if unit and not value.approximate else None
        return _nothing(mention.kind)._replace(duration_days=days)
    if mention.kind == "anaphor":
        return _written(scene.anaphor(value or ""), "anaphor")._replace(anaphor=value)
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
        elif isinstance(mention.value, Point) and mention.value.day is not None:
            # A day that cannot be told: "that day" behind it is not one told before.
            self.last = self._day = self._single = self._past = None
        return result

    def _referent(self, mention: TimeMention, far: bool) -> Resolved | None:
        """The mention before that this one can refer to."""
        value = mention.value
        if value == "same_day":
            if far and self._past is not None:
                return self._past
            return self._single or self._day or self._bygone()
        if isinstance(value, str) or (isinstance(value, Point) and value.day_shift is not None):
            return self._day or self._bygone()
        if far and self.last is not None:
            # Too far off to go on telling of its year: as if that had not been said in so many words.
            return self.last._replace(basis="relative")
        return self.last

    def _bygone(self) -> Resolved | None:
        """What was told last, if it lies so far back that "that day" cannot be the day of the anchor."""
        last = self.last
        if last is None or last.latest is None or self._here is None:
            return last
        return last if (self._here - last.latest).days > NEAR else None

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
        if mention.kind == "date" and abs((day - self._here).days) <= NEAR:
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


def _written(span: Span | None, kind: str) -> Resolved:
    if span is None:
        return _nothing(kind)
    start = None if span.start is None else str(span.start)
    end = start if span.end is span.start else None if span.end is None else str(span.end)
    return Resolved(start, end, span.edtf, span.earliest, span.latest, span.basis, kind)
