"""An iCalendar of planned and held events, one whole-day entry each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, BinaryIO

from dragoman.export.base import Bundle, ExportError, Tally, precision, whole_day

#: What a calendar says of an event's status.
STATUS = {"held": "CONFIRMED", "planned": "TENTATIVE", "cancelled": "CANCELLED"}


def write(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """Events whose day is known. An entry ends the day after the last, as the format wants; proposals and denials are
    no entries."""
    try:
        from icalendar import Calendar
        from icalendar import Event as Entry
    except ImportError:
        raise ExportError("a calendar needs icalendar: pip install 'dragoman[export]'") from None
    calendar = Calendar()
    calendar.add("prodid", "-//Dragoman//record//EN")
    calendar.add("version", "2.0")
    for bundle in bundles:
        event, day = bundle.event, whole_day(bundle.event)
        if event.status not in STATUS:
            tally.leave_out(event.status)
            continue
        if day is None:
            tally.leave_out("no day is known")
            continue
        tally.rows += 1
        first = date.fromisoformat(day)
        last = date.fromisoformat(event.end) if event.end and precision(event.end) == "day" else first
        entry = Entry()
        entry.add("uid", f"{event.event}@dragoman")
        entry.add("dtstamp", _stamp(bundle, first))
        entry.add("dtstart", first)
        entry.add("dtend", max(first, last) + timedelta(days=1))
        entry.add("summary", summary(bundle))
        entry.add("status", STATUS[event.status])
        entry.add("categories", [event.kind])
        if event.place or event.place_country:
            entry.add("location", ", ".join(part for part in (event.place, event.place_country) if part))
        entry.add("description", bundle.evidence())
        url = bundle.pages[bundle.reports[0].document].url
        if url:
            entry.add("url", url)
        calendar.add_component(entry)
    out.write(calendar.to_ical())


def _stamp(bundle: Bundle, day: date) -> datetime:
    """When the entry was made: midnight of the day on which it was last told, so that the same record gives the same
    bytes."""
    seen = bundle.event.told[-1].seen if bundle.event.told else None
    told = date.fromisoformat(seen) if seen and precision(seen) == "day" else day
    return datetime(told.year, told.month, told.day, tzinfo=UTC)


def summary(bundle: Bundle) -> str:
    """A line that says what an event is: kind, who, where."""
    event = bundle.event
    people = [p.name for p in event.participants if p.kind == "person"] or [p.name for p in event.participants]
    what = event.name or " ".join(part for part in (event.mode, event.kind) if part)
    return f"{what}: {', '.join(dict.fromkeys(people))}" if people else what
