"""Who stands for whom: persons for their states, the sides and day of the talks told last, the year of a founding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dragoman.actors import Actor
from dragoman.calendar import founding_year
from dragoman.context import Context, Event, Party
from dragoman.events import Draft
from dragoman.match import Mention

#: Kinds of event whose sides and day an instrument or a change of relations may have.
TALKS = ("meeting", "conference", "call")

#: Events completed, each with the objection to it if there is one.
Completed = list[tuple[Event, str | None]]


def own_date(context: Context, draft: Draft) -> bool:
    """Whether a date stands in the reading, or right before it, and is not one since when something holds."""
    time = draft.time
    if time is None or time.kind not in ("date", "range", "anaphor") or draft.span[0] - time.end > 12:
        return False
    behind = min(time.end + 9, max(draft.span[1], time.end + 2))  # "since they established relations in 1995": a date
    return not any(word in context.text_of(time.end, behind) for word in context.pack.refer["since"]["words"])


def date_outside(context: Context, event: Event, draft: Draft, noun: Mention) -> None:
    """A date in the title of an instrument or gathering is not its day: take the last one in front of the title."""
    time = draft.time
    if time is None:
        return
    # the year right in front of a gathering is part of what it is called: the 2022 world congress
    year = noun.type == "Gathering" and time.end == noun.start and event.start is not None and len(event.start) == 4
    if not year and not noun.start <= time.start < noun.end:
        return
    event.start, event.end, event.dated = None, None, False
    before = [t for t in draft.others if t is not time and t.end <= noun.start and draft.span[0] - t.end <= 12]
    told = context.resolved.get(before[-1].start) if before else None
    if told is not None and told.start:
        event.start, event.end, event.dated = told.start, told.end, True


def _only_since(context: Context, draft: Draft) -> bool:
    """Whether what is told has held since the founding, and no date stands right before that."""
    behind = context.text_of(draft.span[1], draft.span[1] + 3)
    since = any(behind.startswith(word) for word in context.pack.refer["since"]["words"])
    return since and draft.time is not None and draft.span[0] - draft.time.end > 2


def told_group(context: Context, draft: Draft, count: int, reach: int, people: bool = False) -> list[Party]:
    """So many sides as the last event has them; else the so many states that were told together last."""
    beside = [] if people else _told_beside(context, draft)
    if len(beside) == count:
        return [state_of(context, code, "party") for code in beside]
    for event in context.recent(draft.sentence, reach):
        sides = [p for p in event.parties if p.country and (p.kind == "person" or not people)]
        if event.kind in TALKS and len({p.country for p in sides}) == count:
            return [replace(p, role="party") for p in sides]
    found: Sequence[Actor] = ()
    for sentence in context.sentences[max(0, draft.sentence - reach) : draft.sentence + 1]:
        for mention in sentence.mentions:
            if (
                mention.end <= draft.span[0]
                and isinstance(mention.value, Actor)
                and len(mention.value.members) == count
            ):
                found = mention.value.members
    if not found:
        return _did_the_same(context, draft, count, reach)
    return [state_of(context, m.country, "party") for m in found]


def _told_beside(context: Context, draft: Draft) -> list[str]:
    """The countries named in the sentence before a draft, if no talks are told in it."""
    if any(e.kind in TALKS and e.sentence == draft.sentence for e in context.recent(draft.sentence, 0)):
        return []
    actors, builder = context.pack.types.members("Actor"), context.pack.builder
    told = [m for m in context.sentences[draft.sentence].mentions if m.end <= draft.span[0] and m.type in actors]
    members = [getattr(m.value, "members", ()) for m in told]
    codes = [[one.country for one in many] or [builder.country_of(m)] for m, many in zip(told, members, strict=True)]
    return list(dict.fromkeys(code for some in codes for code in some if code))


def _did_the_same(context: Context, draft: Draft, count: int, reach: int) -> list[Party]:
    """So many states that were told last to have done the same towards one other state."""
    last = [e for e in context.recent(draft.sentence, reach) if e.kind == "relations"][:count]
    codes = [{p.country for p in e.parties} for e in last]
    common = set.intersection(*codes) if codes else set()
    states = dict.fromkeys(p.country for e in reversed(last) for p in e.parties if p.country not in common)
    return [state_of(context, code, "party") for code in states] if common and len(states) == count else []


def number_of_sides(event: Event) -> int:
    """How many countries take part; who has none counts as a side of his own."""
    return len({p.country or p.name for p in event.parties})


def from_talks(context: Context, event: Event, draft: Draft, reach: int | None = None) -> None:
    """Give an instrument the sides, and one without a day the day and place, of the last talks; dated ones first."""
    of_talks = draft.rule.options.get("sides") == "talks"
    if reach is None:
        reach = 5 if of_talks else 60 if event.mode == "joint_statement" and number_of_sides(event) > 1 else 40
    told = {p.country for p in event.parties}
    found = [
        talks
        for talks in context.recent(draft.sentence, reach)
        if talks.kind in TALKS
        and (talks.status == event.status or (of_talks and talks.status == "planned"))
        and len({p.country for p in talks.parties if p.country}) > 1
    ]
    if not found or not told <= {p.country for p in found[0].parties}:
        return
    sides = {p.country for p in found[0].parties}
    dated = [talks for talks in found if talks.start and {p.country for p in talks.parties} == sides]
    talks = (dated or found)[0]
    if number_of_sides(event) < 2:
        event.parties = [replace(p, role="party") for p in talks.parties if p.country]
    if not event.dated and talks.start:
        event.start, event.end, event.dated, event.status = talks.start, talks.end, True, talks.status
        event.place = event.place or talks.place
        event.place_country = event.place_country or talks.place_country


def state_of(context: Context, code: str | None, role: str) -> Party:
    """The state with this code, or the organisation if it is that of one, as a participant under its short name."""
    short = context.pack.lexicon.short
    kind = "country" if code in context.pack.builder.states else "organisation"
    return Party(short.get(code or "", code or ""), role, kind, code)


def as_states(context: Context, event: Event, roles: Sequence[str]) -> None:
    """Persons in these roles stand for their states."""
    out: list[Party] = []
    for party in event.parties:
        if party.kind == "person" and party.role in roles:
            if party.country is None:
                continue
            party = state_of(context, party.country, party.role)
        if not any(p.country == party.country and p.role == party.role and p.country for p in out):
            out.append(party)
    event.parties = out


def founded(context: Context, event: Event, draft: Draft) -> str | None:
    """Date relations by the anniversary told beside them; the objection if neither it nor a date is told."""
    sentence = context.sentences[draft.sentence]
    end = draft.span[1] + 4
    names = draft.nouns.values()  # the anniversary in a paper's title is not its own
    told = [t for t in sentence.times if t.kind == "anniversary" and draft.core[0] <= t.start < end]
    told = [t for t in told if not any(noun.start <= t.start < noun.end for noun in names)]
    time = told[-1] if told else None
    if time is None:
        asked = "founded" in draft.rule.options.get("needs", ())
        told_here = event.dated and own_date(context, draft) and not _only_since(context, draft)
        return "background without a date of its own" if asked and not told_here else None
    before = [t for t in sentence.times if t.kind == "date" and time.start - 26 <= t.start < time.start]
    year_told = context.resolved.get(before[-1].start) if before else None
    now = year_told.start if year_told is not None and year_told.start else context.item.published
    years = re.match(context.pack.refer["anchor"]["years"], context.text_of(time.end, time.end + 16))
    year = years["first"] if years else founding_year(time, now[:4] if now else None)
    event.start = event.end = year
    event.dated, event.status = year is not None, "held"
    event.place = event.place_country = None
    return None if year else "an anniversary in an unknown year"
