"""Whether two reports of one item tell of the same event: by kind, days, sides, names, places and roles."""

from __future__ import annotations

import re
from datetime import date

from dragoman.context import Event
from dragoman.timex import VISIT_PERIOD

#: So many characters at the end tell what an instrument is: a procurement agreement, say.
_TAIL = 4


def same(one: Event, other: Event) -> bool:
    """Whether two tellings in one item can be, and so are taken to be, the same event."""
    if one.kind != other.kind:
        return False
    if not dates_agree(one, other) or not _places_agree(one, other):
        return False
    if {one.status, other.status} & {"cancelled", "denied"} and one.status != other.status:
        return False
    if one.kind == "conference" and _other_hosts(one, other):
        return False
    if one.kind == "conference" and headline(one) and other.name and abs(one.sentence - other.sentence) <= 2:
        return True
    if one.kind == "conference" and (_same_sides(one, other) or _there(one, other) or _there(other, one)):
        return True
    if one.kind == "conference" and (one.name is None) != (other.name is None):
        return _own_gathering(one, other) and _parties_agree(one, other)
    if one.kind == "conference":
        return names_agree(one.name, other.name) and (bool(one.name) or _parties_agree(one, other))
    if one.kind == "agreement":
        if not _instruments_agree(one, other):
            return False
        return _parties_agree(one, other) and one.mode == other.mode
    if one.kind == "exercise" and not names_agree(one.name, other.name):
        return False
    if one.kind == "relations":
        return one.mode == other.mode and _parties_agree(one, other)
    if one.kind == "visit":
        if one.place_country != other.place_country:
            return False
        if _earlier(one, other) or _earlier(other, one):
            return False
        first = {p.name for p in one.parties if p.role == "visitor"}
        second = {p.name for p in other.parties if p.role == "visitor"}
        return bool(first & second) or (
            _countries(one, "visitor") == _countries(other, "visitor") and _vague(one, other)
        )
    if one.kind == "appointment":
        return one.mode == other.mode and _parties_agree(one, other)
    if one.kind == "aid" and _other_aid(one, other):
        return False
    if one.kind in ("message", "aid", "protest", "sanction"):
        return all(_role_agrees(one, other, role) for role in {p.role for p in one.parties + other.parties})
    if one.kind == "meeting":
        return _same_talks(one, other)
    return _parties_agree(one, other)


def _same_talks(one: Event, other: Event) -> bool:
    """Whether two tellings of talks of two sides can be of the same. A name that says no more than who met tells them
    apart from no others; any other name does, if one of them has none and is told elsewhere."""
    if _same_day(one, other):
        return True
    alike = one.kernel is not None and one.kernel == other.kernel and _countries(one) == _countries(other)
    if not alike and not names_agree(one.name, other.name):
        return False
    apart = one.status != other.status or abs(one.sentence - other.sentence) > 1
    if (one.name is None) != (other.name is None) and apart and not _told_again(one, other):
        return False
    return _parties_agree(one, other)


def _told_again(one: Event, other: Event) -> bool:
    """Whether of two tellings of talks the one has a name that says no more than who met, and both are of one day or
    of the same persons."""
    if one.status != other.status:
        return False
    days = one.start is not None and one.start == other.start and len(one.start) == 10
    if days and any(e.plain for e in (one, other)):
        return True
    return not any(e.kernel for e in (one, other) if not _of_posts(e)) and _twosome(one, other)


def _twosome(one: Event, other: Event) -> bool:
    """Whether the same persons take part in two tellings, and nobody else."""
    first, second = ({p.name for p in e.parties if p.kind == "person"} for e in (one, other))
    return len(first) > 1 and first == second


def _of_posts(event: Event) -> bool:
    """Whether the name of talks is theirs by the posts of those who met, who are known."""
    return sum(p.kind == "person" for p in event.parties) > 1


def _earlier(one: Event, other: Event) -> bool:
    """Whether `one` is the visit that an item is about, without its days, and `other` one of a year or month told far
    behind it."""
    undated = one.start is None and one.end is None
    return undated and other.start is not None and len(other.start) < 10 and other.sentence - one.sentence > 1


def _other_aid(one: Event, other: Event) -> bool:
    """Whether two tellings are of different sums, or one is of a sum that another organisation gives."""
    if one.amount is not None and other.amount is not None:
        return one.amount != other.amount
    first, second = (
        {p.name for p in e.parties if p.role == "donor" and p.kind == "organisation"} for e in (one, other)
    )
    return one.amount != other.amount and bool(first and second) and not first & second


def _own_gathering(one: Event, other: Event) -> bool:
    """Whether of two gatherings, one of which has no name, the other is one of its sides, or tells how what they held
    on that day is called."""
    named, unnamed = (one, other) if one.name else (other, one)
    called = unnamed.start is not None and unnamed.start == named.start and unnamed.spans[0] < named.spans[0]
    return len(named.members) > 2 or not named.kernel or called


def _other_hosts(one: Event, other: Event) -> bool:
    """Whether two gatherings are given by different bodies: receptions of two embassies, say."""
    first, second = ({p.name for p in e.parties if p.role == "host" and p.kind == "organisation"} for e in (one, other))
    return bool(first and second) and not any(a.endswith(b) or b.endswith(a) for a in first for b in second)


def headline(event: Event) -> bool:
    """Whether a gathering is told by a headline only, which calls it as it likes."""
    return event.only == "headline" and event.start is None


def _same_day(one: Event, other: Event) -> bool:
    """Whether the same persons met on the same day, by names that do not speak of two gatherings."""
    first, second = ({p.name for p in e.parties if p.kind == "person"} for e in (one, other))
    if one.start != other.start or len(one.start or "") != 10 or (one.name and other.name):
        return False
    return len(first) > 1 and first == second and one.status == other.status


def _same_sides(one: Event, other: Event) -> bool:
    """Whether two gatherings are of the same three or more sides, and their names tell no other difference."""
    if one.kernel is None or other.kernel is None:
        return False
    open_to_all = one.plain and other.plain and any(not e.kernel and not e.summit for e in (one, other))
    near = abs(one.sentence - other.sentence) <= 2 or one.status == other.status
    if one.kernel != other.kernel and not (open_to_all and near):
        return False
    first, second = (e.members | {p.country for p in e.parties if p.country} for e in (one, other))
    return len(first) > 2 and first == second


def _there(one: Event, other: Event) -> bool:
    """Whether `one` has its name from where it took place, and `other`, which tells no more by its name, was there
    at that time."""
    named = one.kernel == "" and bool(one.place) and not one.members and len(_countries(one)) < 2
    there = one.place == other.place and one.start is not None and other.start is not None
    return named and there and not other.kernel and len(_countries(other)) > 2


def _instruments_agree(one: Event, other: Event) -> bool:
    """Whether two tellings can be of one instrument: by name; by the day, if one is called by its kind only."""
    if one.name is None and other.name is None:
        return True
    if one.name is not None and other.name is not None and names_agree(one.name, other.name):
        return True
    plain = [e for e in (one, other) if e.name is None or e.name[-1] not in "\u300b\u201d"]
    near = abs(one.sentence - other.sentence) <= 2 and None in (one.name, other.name)
    dates_fit = None in (one.start, other.start) or one.start == other.start
    if len(plain) == 2 and abs(one.sentence - other.sentence) == 1 and dates_fit and one.name and other.name:
        return one.name[-_TAIL:] == other.name[-_TAIL:]  # a heading says it shorter
    return bool(plain) and ((one.start is not None and one.start == other.start) or near)


def _vague(one: Event, other: Event) -> bool:
    """Whether one of two visits names no person as visitor."""
    return any(all(p.kind != "person" for p in e.parties if p.role == "visitor") for e in (one, other))


def _role_agrees(one: Event, other: Event, role: str) -> bool:
    first = [p for p in one.parties if p.role == role]
    second = [p for p in other.parties if p.role == role]
    if not first or not second:
        return True
    return bool({p.name for p in first} & {p.name for p in second}) or (
        {p.country for p in first} == {p.country for p in second}
        and (all(p.kind != "person" for p in first) or all(p.kind != "person" for p in second))
    )


def _countries(event: Event, role: str | None = None) -> set[str | None]:
    return {p.country for p in event.parties if role is None or p.role == role}


def _parties_agree(one: Event, other: Event) -> bool:
    """The same persons, or persons of one telling and only their countries in the other."""
    first = {p.name for p in one.parties}
    second = {p.name for p in other.parties}
    if first <= second or second <= first:
        return bool(first and second)
    common = {p.name for p in one.parties if p.kind == "person"} & {p.name for p in other.parties if p.kind == "person"}
    left = [p for p in one.parties if p.name not in second]
    right = [p for p in other.parties if p.name not in first]
    if _countries(one) != _countries(other):
        return False
    if common and (all(p.kind != "person" for p in left) or all(p.kind != "person" for p in right)):
        return True
    return all(p.kind != "person" for p in one.parties) or all(p.kind != "person" for p in other.parties)


def names_agree(one: str | None, other: str | None) -> bool:
    """Whether two names of a gathering can be of one: one unknown, part of the other, or the other shortened."""
    if one is None or other is None:
        return True
    if _shortened(one, other) or _shortened(other, one):
        return True
    return any(first in second or second in first for first in _spellings(one) for second in _spellings(other))


def _shortened(short: str, long: str) -> bool:
    """Whether one name of a gathering is the other with words left out: the same characters in order, the same end."""
    if len(short) < 2 * _TAIL or short[-_TAIL:] != long[-_TAIL:]:
        return False
    rest = iter(long)
    return all(char in rest for char in short)


def _spellings(name: str) -> set[str]:
    """A name as it is, without what stands in brackets, and with that in place of what it explains."""
    found = re.search(r"[(\uff08]([^()\uff08\uff09]+)[)\uff09]", name)
    if found is None:
        return {name}
    return {name, name[: found.start()] + name[found.end() :], found[1] + name[found.end() :]}


def _places_agree(one: Event, other: Event) -> bool:
    return one.place_country is None or other.place_country is None or one.place_country == other.place_country


def dates_agree(one: Event, other: Event) -> bool:
    """Whether the days of two tellings can be those of one event."""
    if one.kind == other.kind == "visit" and _halves(one, other):
        return _first_and_last(one, other)
    if one.kind == "conference" and one.name and one.name == other.name and (spans(one, other) or spans(other, one)):
        return True
    return (
        (_point_agrees(one.start, other.start) and _point_agrees(one.end, other.end))
        or _inside(one, other)
        or _inside(other, one)
    )


def spans(one: Event, other: Event) -> bool:
    """Whether all days of `other` lie within those of `one`, or come within three days after them."""
    days = [one.start, one.end, other.start, other.end]
    if any(day is None or len(day) != 10 or "X" in day for day in days):
        return False
    first, last, start, end = (date.fromisoformat(day or "") for day in days)
    return first <= start and (end <= last or (start - last).days <= 3)


def _halves(one: Event, other: Event) -> bool:
    """Whether of two tellings one gives only a first day and the other only a last."""
    return any(
        first.start is not None and first.end is None and last.start is None and last.end is not None
        for first, last in ((one, other), (other, one))
    )


def _first_and_last(one: Event, other: Event) -> bool:
    """Whether one telling gives the first and the other the last day of a visit, at most three weeks apart."""
    start, end = one.start or other.start, one.end or other.end
    if (one.start is None) == (other.start is None) or (one.end is None) == (other.end is None):
        return False
    if start is None or end is None or len(start) != 10 or len(end) != 10 or "X" in start + end:
        return False
    return 0 <= (date.fromisoformat(end) - date.fromisoformat(start)).days <= 21


def _point_agrees(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one.startswith(other) or other.startswith(one)


def _inside(one: Event, other: Event) -> bool:
    """Whether the days of `one` lie within those of `other` (a day of a visit told by itself)."""
    if not (one.start and other.start and other.end):
        return False
    if not other.start <= one.start <= other.end:
        return False
    talks = one.kind == "meeting" and one.anaphor is None and other.anaphor == VISIT_PERIOD
    return one.kind == "visit" or (talks and _twosome(one, other))
