"""Entities of FollowTheMoney, as JSON Lines: pages as Article, persons, posts, and each event with who took part.

Schemata used: Article, Person, Organization, PublicBody, Event and UnknownLink (who took part in an event, in which
role), each with `proof` or `sourceUrl` so that every link leads to the page that says it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from dragoman.export.base import Bundle, Page, Tally, precision
from dragoman.model import Participant

#: The schema of each kind of participant.
_SCHEMA = {"person": "Person", "organisation": "Organization", "country": "PublicBody"}


def write(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """All entities, each once however many events it has a part in."""
    known: set[str] = set()
    for bundle in bundles:
        for entity in _entities(bundle):
            if entity["id"] not in known:
                known.add(entity["id"])
                tally.rows += 1
                out.write(json.dumps(entity, ensure_ascii=False).encode() + b"\n")


def _entities(bundle: Bundle) -> Iterable[dict[str, Any]]:
    event = bundle.event
    for page in bundle.pages.values():
        yield _article(page)
    proofs = [_id("page", document) for document in bundle.pages]
    yield _entity(
        _id("event", event.event),
        "Event",
        name=event.name or f"{event.kind} {event.mode or ''}".strip(),
        date=_date(event.start) or _date(event.end),
        startDate=_date(event.start),
        endDate=_date(event.end),
        location=event.place,
        summary=bundle.evidence(),
        status=event.status,
        proof=proofs,
    )
    for party in event.participants:
        who = _who(party)
        yield _entity(
            who,
            _SCHEMA[party.kind],
            name=party.name,
            country=party.country,
            position=party.post if party.kind == "person" else None,
        )
        yield _entity(
            _id("part", event.event, who, party.role),
            "UnknownLink",
            subject=who,
            object=_id("event", event.event),
            role=party.role,
            date=_date(event.start),
            proof=proofs,
        )


def _article(page: Page) -> dict[str, Any]:
    return _entity(
        _id("page", page.document),
        "Article",
        title=page.title,
        fileName=page.document,
        sourceUrl=page.url,
        publishedAt=_date(page.published),
        publisher=page.agency,
        language=page.language,
    )


def _who(party: Participant) -> str:
    return _id(party.kind, party.name, party.country or "")


def _id(*parts: str) -> str:
    return "dragoman-" + hashlib.sha1("\n".join(parts).encode(), usedforsecurity=False).hexdigest()[:24]


def _entity(identity: str, schema: str, **properties: str | list[str] | None) -> dict[str, Any]:
    """An entity; every property is a list of strings, and what is unknown is left out."""
    held = {name: value if isinstance(value, list) else [value] for name, value in properties.items() if value}
    return {"id": identity, "schema": schema, "properties": held}


def _date(day: str | None) -> str | None:
    """A day, month or year of a known year; FollowTheMoney takes dates of any precision."""
    return None if precision(day) == "unknown" else day
