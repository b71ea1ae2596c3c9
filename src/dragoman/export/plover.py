"""Events in the form of PLOVER 2.0, as its manual gives it: JSON Lines, one event a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from dragoman.export.base import Bundle, Tally, whole_day
from dragoman.export.codes import ACTED_ON, coded
from dragoman.model import Participant, model


def write(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """Events that PLOVER has a type for and whose day is known, since its `date` must be a day."""
    for bundle in bundles:
        line = line_of(bundle, tally)
        if line is not None:
            tally.rows += 1
            out.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def line_of(bundle: Bundle, tally: Tally) -> dict[str, Any] | None:
    """The event as PLOVER's JSON; None, counted, if it has no place there."""
    event, day = bundle.event, whole_day(bundle.event)
    kind = coded(event).plover
    if kind is None:
        tally.leave_out(f"{event.kind} {event.mode or ''} {event.status}: no PLOVER type".replace("  ", " "))
        return None
    if day is None:
        tally.leave_out("no day is known")
        return None
    first = bundle.reports[0]
    page = bundle.pages[first.document]
    return {
        "id": event.event,
        "has_event": True,
        "date": day,
        "enddate": event.end if event.end != day else None,
        "actor": [_entity(p) for p in event.participants if p.role not in ACTED_ON],
        "recipient": [_entity(p) for p in event.participants if p.role in ACTED_ON] or _visited(bundle),
        "event": kind["type"],
        "event_loc": {"extracted_place": event.place, "country_code": event.place_country},
        "event_text": bundle.evidence(),
        "quad_code": kind["quad"],
        "event_scale": kind["score"],
        "mode": kind.get("mode"),
        "context": [kind["context"]],
        "link": event.event,
        "text_info": [
            {"sequence": n, "start": span.start, "end": span.end} for n, span in enumerate(first.evidence, 1)
        ],
        "cite_info": {
            "citation": page.document,
            "url": page.url,
            "title": page.title,
            "language": page.language,
            "publication": page.agency,
            "coder": page.reader,
            "codebook": "PLOVER 2.0",
            "version": f"dragoman {model().version}",
        },
        "coder": page.reader,
        "comment": f"{event.kind} {event.status}; {len(bundle.reports)} reports",
    }


def _entity(party: Participant) -> dict[str, Any]:
    named = {"code": party.country, "entity_text": party.name, "office": party.post}
    return {name: value for name, value in named.items() if value}


def _visited(bundle: Bundle) -> list[dict[str, Any]]:
    """The country visited receives a visitor whose host nobody names."""
    code = bundle.event.place_country
    return [{"code": code}] if bundle.event.kind == "visit" and code else []
