"""What tells an event from others: reports of one event in several items of a document share its event id."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Sequence

from dragoman.context import Event, Party
from dragoman.merge import COMPARED
from dragoman.same import same


def event_id(event: Event) -> str:
    """A hash of what tells an event from others in any document: its kind; who took part, or its name if it has one of
    its own; where; and when, as far as tellings of it agree (a visit by its month, a conference by its year)."""
    when = event.start or event.end or ""
    if event.kind == "conference" and event.name:
        key = [_bare(event.name), when[:4]]
    elif event.kind == "visit":
        visitors = [p for p in event.parties if p.role == "visitor"]
        key = [*_who(visitors)[:1], event.place_country or "", when[:7]]
    elif event.kind in ("agreement", "relations"):
        countries = sorted({p.country for p in event.parties if p.country})
        name = event.name if event.kind == "agreement" else ""
        key = [event.mode or "", _bare(name or ""), *countries, when[:4] if event.kind == "relations" else when[:7]]
    else:
        key = [f"{p.role}:{_key(p)}" for p in sorted(event.parties, key=lambda p: (p.role, _key(p)))]
        key += [event.post or "", when]
    return hashlib.blake2b("|".join([event.kind, *key]).encode(), digest_size=8).hexdigest()


def _who(parties: Sequence[Party]) -> list[str]:
    return [_key(p) for p in parties if p.kind == "person"] or [_key(p) for p in parties]


def _key(party: Party) -> str:
    """A name as it is the same in most tellings: the last part of a name with dots."""
    return party.name.split("\u00b7")[-1] if party.kind == "person" else party.name


def _bare(name: str) -> str:
    """A name without brackets and what stands in them, quotation marks, and spaces."""
    return re.sub(r"\([^()]*\)|\uff08[^\uff09]*\uff09|[^\w]", "", name)


def event_ids(items: Sequence[Sequence[Event]]) -> dict[int, str]:
    """Event ids of all events of a document, by `id()` of the event; the same event in two items has one."""
    ids: dict[int, str] = {}
    leaders: dict[str, deque[Event]] = {}
    for events in items:
        fresh: list[Event] = []
        for event in events:
            leader = next((known for known in leaders.get(event.kind, ()) if same(known, event)), None)
            if leader is None:
                ids[id(event)] = event_id(event)
                fresh.append(event)
            else:
                ids[id(event)] = ids[id(leader)]
        for event in fresh:
            leaders.setdefault(event.kind, deque(maxlen=COMPARED)).append(event)
    return ids
