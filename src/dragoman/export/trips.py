"""Trips: one row a traveller, country and trip, in the shape of the hand-made sets of leaders' travel. Who goes abroad
to a gathering is on a trip too, which is not bilateral."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, BinaryIO

from dragoman.export.base import Bundle, Tally, joined, precision
from dragoman.export.codes import state
from dragoman.export.separated import Rows
from dragoman.model import model

HEADER = (
    *("trip", "event", "leader", "leader_country", "leader_cow", "leader_gw", "post", "country_visited"),
    *("visited_cow", "visited_gw", "place", "start", "end", "start_precision", "end_precision", "duration_days"),
    *("purpose", "bilateral", "host", "status", "reports", "first_told", "evidence", "url", "codebook", "version"),
)


def write(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """The trips of persons, a row each. The purpose of a visit is its mode."""
    table = Rows(out, HEADER)
    for bundle in bundles:
        event = bundle.event
        if event.kind not in ("visit", "conference") or event.place_country is None:
            continue
        persons = [p for p in event.participants if p.kind == "person" and p.role in ("visitor", "attendee")]
        persons = [p for p in persons if p.country != event.place_country]
        if not persons and event.kind == "visit":
            tally.leave_out("a visit of nobody by name")
        for n, visitor in enumerate(persons, 1):
            tally.rows += 1
            table.add(
                {
                    "trip": f"{event.event}-{n}",
                    "event": event.event,
                    "leader": visitor.name,
                    "leader_country": visitor.country,
                    "leader_cow": state(visitor.country).cow,
                    "leader_gw": state(visitor.country).gw,
                    "post": visitor.post,
                    "country_visited": event.place_country,
                    "visited_cow": state(event.place_country).cow,
                    "visited_gw": state(event.place_country).gw,
                    "place": event.place,
                    "start": event.start,
                    "end": event.end,
                    "start_precision": precision(event.start),
                    "end_precision": precision(event.end),
                    "duration_days": duration(event.start, event.end),
                    "purpose": event.mode if event.kind == "visit" else "conference",
                    "bilateral": event.kind == "visit",
                    "host": joined(p.name for p in event.participants if p.role == "host"),
                    "status": event.status,
                    "reports": len(bundle.reports),
                    "first_told": event.told[0].seen if event.told else None,
                    "evidence": bundle.evidence(),
                    "url": bundle.pages[bundle.reports[0].document].url,
                    "codebook": f"dragoman {model().version}",
                    "version": joined(page.reader for page in bundle.pages.values()),
                }
            )
    table.close()


def duration(start: str | None, end: str | None) -> int | None:
    """How many days a trip took, the first counted; None if one of its days is not known."""
    if start is None or end is None or precision(start) != "day" or precision(end) != "day":
        return None
    return (date.fromisoformat(end) - date.fromisoformat(start)).days + 1
