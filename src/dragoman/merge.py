"""One event, one report: tellings of the same event in an item become one. Nothing is lost: all evidence is kept, and
the first telling decides where two differ. Which tellings are of one event is asked of same.py.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from dragoman.context import Event, Party
from dragoman.same import dates_agree, headline, same, spans

#: An event is compared with so many of its kind before it at most.
COMPARED = 100
#: Kinds of which one that is over is not the same as one that is planned.
GATHERING = frozenset({"visit", "meeting", "call", "conference"})


def merge_tellings(events: Iterable[Event], published: str | None = None) -> list[Event]:
    """The events of one item, each once, in the order of their first telling. What is planned is none of those that
    were over before the month of publication."""
    out: list[Event] = []
    kinds: dict[str, deque[Event]] = {}
    for event in events:
        told = kinds.setdefault(event.kind, deque(maxlen=COMPARED))
        parts = _summed(told, event)
        known = next((known for known in told if same(known, event) and not _before(known, event, published)), None)
        if parts:
            for part in parts:
                part.spans += event.spans
        elif known is not None:
            absorb(known, event)
        else:
            out.append(event)
            told.append(event)
    return out


def _summed(told: Iterable[Event], event: Event) -> list[Event]:
    """The meetings told before that an event sums up: somebody met one, and the other separately; now both are told."""
    if event.kind not in ("meeting", "call"):
        return []
    people = {p.name for p in event.parties if p.kind == "person"}
    parts = [one for one in told if one.status == event.status and dates_agree(one, event)]
    found = [(one, {p.name for p in one.parties}) for one in parts]
    found = [(one, names) for one, names in found if len(names) > 1 and names < people]
    every = set().union(*(names for _, names in found)) if len(found) > 1 else set()
    common = set.intersection(*(names for _, names in found)) if found else set()
    return [one for one, _ in found] if every == people and len(common) == 1 else []


def _before(one: Event, other: Event, published: str | None) -> bool:
    """Whether one of two tellings is of the months before a page, and the other an undated plan."""
    held, plan = (one, other) if one.status == "held" else (other, one)
    if (
        published is None
        or one.kind not in GATHERING
        or plan.status not in ("planned", "proposed")
        or plan.start
        or held.status != "held"
    ):
        return False
    end = held.end or held.start
    return end is not None and end[:7] < published[: len(end[:7])]


def absorb(one: Event, other: Event) -> None:
    """Add a second telling to an event: its evidence, and whatever the first one leaves open."""
    one.spans += [span for span in other.spans if span not in one.spans[-COMPARED:]]
    one.tellings += 1
    one.mode = one.mode or other.mode
    one.place_country = one.place_country or other.place_country
    if other.place and (one.place is None) and other.place_country in (None, one.place_country):
        one.place = other.place
    if headline(one) and other.kind == "conference":
        one.name, one.rule, one.only = other.name, other.rule, other.only
    if one.name is None or (other.name and one.name in other.name):
        one.name = other.name or one.name
    if one.kind == "conference" and one.name == other.name and spans(one, other) and one.end and other.end:
        if other.end <= one.end:
            one.start, one.end = other.start, other.end  # the days of a trip are not those of each meeting on it
        else:
            one.end = other.end
    elif one.kind == "visit" and _other_days(one, other):
        one.start, one.end = (one.start, one.end) if _wider(one, other) else (other.start, other.end)
    else:
        one.start = _finer(one.start, other.start)
        rough = one.end is None and other.end not in (None, one.start) and (one.start or "").startswith(other.end or "")
        one.end = one.end if rough else _finer(one.end, other.end)  # its year is not its last day
    one.carried = one.carried and other.carried
    if one.status != other.status and other.status == "held" and one.status in ("planned", "proposed"):
        one.status = other.status if other.dated and not one.dated else one.status
    elif (one.status, other.status) == ("held", "planned") and not (one.dated or one.firm or other.eve):
        # a headline leaves out the "will"
        one.status = "planned" if other.dated or one.sentence < 2 else "held"
    one.firm = one.firm or other.firm
    one.dated = one.dated or other.dated
    one.amount, one.currency = (one.amount, one.currency) if one.amount is not None else (other.amount, other.currency)
    one.parties = _joined(one.parties, other.parties)


def _other_days(one: Event, other: Event) -> bool:
    """Whether two tellings of a visit tell different first and last days, equally finely."""
    if not (one.start and other.start) or len(one.start) != len(other.start):
        return False
    return one.start != other.start and one.end != other.end


def _wider(one: Event, other: Event) -> bool:
    return (one.start or "") <= (other.start or "") and (one.end or "") >= (other.end or "")


def _finer(one: str | None, other: str | None) -> str | None:
    if one is None or (other is not None and len(other) > len(one) and other.startswith(one)):
        return other
    return one


def _joined(one: Sequence[Party], other: Sequence[Party]) -> list[Party]:
    out = list(one)
    for party in other:
        known = next((p for p in out if p.name == party.name), None)
        if known is not None:
            known.post = known.post or party.post
            known.country = known.country or party.country
            continue
        state = next((p for p in out if p.kind == "country" and p.country == party.country), None)
        if state is not None and party.kind == "organisation" and party.role == state.role == "party":
            out[out.index(state)] = party  # a headline names the state, the text its office
            continue
        if party.kind != "person" and any(p.country == party.country and p.country for p in out):
            continue
        out = [p for p in out if not (party.kind == "person" and p.kind == "country" and p.country == party.country)]
        out.append(party)
    return out
