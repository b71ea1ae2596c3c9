"""Within an item: from drafts to events, sentence by sentence. Who, when and where a draft means stands in who.py and
when.py, what the model makes of it in shape.py. What cannot be told stays empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dragoman.actors import Actor, Locality
from dragoman.calendar import add_duration
from dragoman.context import Context, Event, Party, Refusal
from dragoman.events import Draft
from dragoman.itemtimes import in_speech
from dragoman.match import Mention
from dragoman.model import model
from dragoman.nouns import Noun
from dragoman.persons import holders
from dragoman.same import names_agree
from dragoman.same import same as same_event
from dragoman.shape import domestic, kernel, refuse, shape
from dragoman.when import on_the_way, when, where
from dragoman.who import long_ago, posted_to, settle_countries, who

#: Kinds that a rule of one of them may join, and the role that its parties then play.
TALK_ROLE = {"meeting": "party", "call": "party", "conference": "attendee"}


#: Roles of a rule that name no participant.
ASIDE = frozenset({"to", "post", "amount"})


#: What only some kinds of event carry: takes a resolved event, gives it back complete (or several), with an objection.
Particulars = Callable[[Context, Event, Draft], "list[tuple[Event, str | None]]"]


def to_events(context: Context, drafts: Sequence[Draft], particulars: Particulars) -> None:
    """Resolve drafts in text order into `context.events`; what the model or the kind's own particulars refuse goes to
    `context.refusals`."""
    occasions: list[Event] = []
    for draft in sorted(drafts, key=lambda d: (d.sentence, "joins" in d.rule.options, d.span[1])):
        joins = draft.rule.options.get("joins")
        for event in _resolve(context, draft):
            if joins is not None:
                _join(context, event, draft)
                continue
            for found, objection in particulars(context, event, draft):
                reason = objection or refuse(found) or domestic(context, found, draft) or _told(context, found)
                if reason is None:
                    context.events.append(found)
                    if "occasion" in draft.rule.options:
                        found.occasion = True
                        occasions.append(found)
                else:
                    context.refusals.append(Refusal(draft.rule.name, draft.span, reason))
    for occasion in occasions:
        near = [e for e in context.events if e.sentence == occasion.sentence and e.kind in ("meeting", "conference")]
        _attended(occasion, [e for e in near if e.name is None or not names_agree(e.name, occasion.name)], near)


def _attended(occasion: Event, talks: Sequence[Event], near: Sequence[Event]) -> None:
    """A gathering on whose sidelines somebody met: they attended it, where they met, and when if no day is told."""
    for event in talks:
        if occasion.place_country not in (None, event.place_country) or event.spans[0][1] <= occasion.spans[0][0]:
            continue
        occasion.place_country = event.place_country
        if event.status in ("held", "planned"):
            occasion.status = event.status if occasion.start is None else occasion.status
        if occasion.start is None and occasion.end is None:
            occasion.start, occasion.end, occasion.dated = event.start, event.end, event.dated
        attended = any(e.parties and e not in talks for e in near if e.kind == "conference")
        if not occasion.parties and not attended and event.status in ("held", "planned"):
            occasion.parties = [replace(p, role="attendee") for p in event.parties]
        return


def _told(context: Context, event: Event) -> str | None:
    """Why a gathering is told already: under its name, in its sentence, in another shape."""
    for known in context.recent(event.sentence, 0):
        shapes = {known.kind, event.kind} == {"meeting", "conference"}
        if not shapes or known.sentence != event.sentence or known.name is None or known.name != event.name:
            continue
        if any(p.kind == "person" for p in known.parties) or (known.parties and not event.parties):
            return "told already"
        context.events.remove(known)  # told by its name alone
        return None
    return None


def _resolve(context: Context, draft: Draft) -> list[Event]:
    start, end, dated, anaphor = when(context, draft)
    parties: list[Party] = []
    ands = ("", *context.pack.sets["and"])
    for role, mentions in draft.roles.items():
        if role in ASIDE:
            continue
        before: tuple[int, str | None] = (0, None)
        nameless = False
        for mention in mentions:
            found = who(context, mention, draft, role)
            if not found and before[1] and nameless and context.text_of(before[0], mention.start) in ands:
                found = who(
                    context, _of_country(mention, before[1]), draft, role
                )  # "the US foreign and defence ministers"
            nameless = mention.type == "Office"
            between = context.text_of(before[0], mention.start)
            wife = context.pack.lexicon.row("honorific", between[1:]) is not None  # "and his wife"
            joined = between in ands or (wife and between[:1] in ands)
            for actor in found:
                stateless = actor.name in context.register.persons and context.register.persons[actor.name].stateless
                if actor.country is None and actor.kind == "person" and before[1] and joined and not stateless:
                    actor.country, actor.sure = before[1], False  # told in one breath with somebody of a country
                _add(parties, actor)
            before = (mention.end, found[-1].country) if found else before
    noun = draft.nouns.get("name")
    if noun is not None and isinstance(noun.value, Noun):
        noun = _with_members(context, draft, noun)
        draft.nouns["name"] = noun
    name = _name(context, draft, noun)
    kind = draft.kind
    members: frozenset[str] = frozenset()
    value = noun.value if noun is not None else None
    mode = draft.mode
    if isinstance(value, Noun):
        members = frozenset(m.country for m in value.members if m.country)
        mode = value.mode or mode
        other_side = value.kind == "sides" and len(value.members) > 1 and _one_of(parties, value)
        alone = value.kind != "sides" and len(value.members) == 1  # the one state in a name is where it is held
        if not alone and ("members" in draft.rule.options or not parties or other_side):
            parties += _members(context, draft, value, parties)
    if isinstance(value, Noun) and value.kind == "sides" and len(value.members) > 2:
        missions = [p for p in parties if p.kind == "organisation" and posted_to(context, p.name)]
        if missions:  # a mission is where the sides met, and none of them
            draft.place = draft.place or Locality("", posted_to(context, missions[0].name))
            parties = [p for p in parties if p not in missions]
            parties += _members(context, draft, value, parties)
    alone_as = draft.rule.options.get("alone")
    if alone_as and isinstance(value, Noun) and value.kind != "sides" and len({p.country for p in parties}) == 1:
        parties = [replace(p, role=alone_as) for p in parties]  # who holds by himself what others come to
    place = where(context, draft, kind) if kind != "call" else None
    if place is not None and kind == "conference" and draft.rule.options.get("dates") == "none":
        told = "where" in draft.texts  # else the place is of what those who attend do besides
        place = place if told else Locality("", place.country)
    if place is None and kind == "conference" and isinstance(value, Noun) and value.kind != "sides":
        states = [m for m in value.members if m.kind == "country"]
        place = Locality("", states[0].country) if len(value.members) == len(states) == 1 else None
    going = kind == "conference" and draft.status == "held" and on_the_way(context, draft)
    event = Event(
        kind,
        mode,
        "planned" if going else draft.status,
        name,
        start,
        end,
        place.text or None if place else None,
        place.country if place else None,
        parties,
        [draft.span],
        draft.rule.name,
        draft.sentence,
        dated,
        draft.carried,
        members=members,
        anaphor=anaphor,
        timed=draft.time is not None,
        firm=draft.status == "held" and (draft.cue is not None or draft.rule.options.get("begun", False)),
        only=draft.rule.options.get("only"),
        eve=draft.cue == context.pack.refer["after"]["eve"],
    )
    if isinstance(value, Noun):
        event.kernel = kernel(context, value)
        event.summit = any(word in value.name for word in context.pack.refer["gathering"]["summit"])
        event.plain = not event.kernel or context.pack.lexicon.row("post", event.kernel) is not None
    _amount(event, draft)
    published = context.item.published
    if event.status == "held" and event.start and published and len(event.start) == len(published) == 10:
        event.status = "planned" if event.start > published else "held"
    settle_countries(context, event)
    _at_post(context, event)
    if "joins" in draft.rule.options:
        return [event]
    return shape(context, event, draft)


def _of_country(mention: Mention, country: str) -> Mention:
    """A post without a name and country as one of this country."""
    value = mention.value
    if not isinstance(value, Actor) or value.name or value.country or value.kind != "person" or not value.post:
        return mention
    return replace(mention, value=replace(value, country=country))


def _join(context: Context, event: Event, draft: Draft) -> None:
    """Add who is named by a joining rule (hosts, those present) to the events of the kind told at or before it."""
    reach = draft.rule.options["joins"]
    kinds = tuple(TALK_ROLE) if event.kind in TALK_ROLE else (event.kind,)
    told = [e for e in reversed(list(context.recent(draft.sentence, reach))) if e.kind in kinds]
    same = [e for e in told if e.sentence == draft.sentence]
    near = [e for e in told if e.sentence < draft.sentence]
    if event.kind == "meeting":
        near = [e for e in near if e.kind != "conference"] or near
        same = [e for e in same if e.kind != "conference"] or same
        near, same = ([e for e in told if e.name is None] or told for told in (near, same))
    if event.kind == "conference":
        near = [e for e in near if not in_speech(context, e.sentence, e.spans[0][0])]
    if draft.rule.options.get("dates") in ("end", "start"):  # the days of "this visit" are none of one of another year
        day = event.end or event.start
        near = [e for e in near if not (e.start and day) or e.start[:4] == day[:4]]
    targets = same or _told_last(context, event, near)
    codes = {e.place_country for e in targets}
    invited_by = {p.country for p in event.parties if p.role == "host"}
    for target in targets:
        for joined in event.parties:
            talks = joined.role in TALK_ROLE.values() or target.kind in ("meeting", "call")
            party = replace(joined, role=TALK_ROLE[target.kind] if talks else joined.role)
            each_his_own = len(codes) > 1 or (target.kind == "visit" and target.place_country in invited_by)
            fits = party.role != "host" or not each_his_own or party.country in (None, target.place_country)
            if party.role == "host" and party.country is None and target.place_country:
                party.country = target.place_country
            if party.role == "visitor" and party.country in (
                None,
                target.place_country,
            ):  # goes along with one from home
                party.country = next((p.country for p in target.parties if p.role == "visitor"), None)
            known = next((p for p in target.parties if p.name == party.name), None)
            if known is not None and party.role == "host" and target.kind == "conference":
                known.role = "host"
            if fits and known is None:
                if party.kind == "person":
                    target.parties = [
                        p
                        for p in target.parties
                        if p.kind != "country"
                        or p.country != party.country
                        or (p.role != party.role and target.kind == "visit")
                    ]
                target.parties.append(party)
        _lengthen(context, target, draft)
        take = draft.rule.options.get("dates") if target.kind in ("visit", "exercise") else None
        if take == "end" and target.end in (None, target.start):
            target.end = event.end or target.end
        elif take == "start" and target.start in (None, event.start):
            target.start, target.end = event.start, target.end or event.end
        if event.parties:
            target.spans.append(draft.span)


def _told_last(context: Context, event: Event, near: Sequence[Event]) -> list[Event]:
    """The events of the sentence told last that is the page's own telling and that those who join can belong to: who
    goes along is of the visitors' country, a guest who is welcomed is one of the visitors."""
    guests = {p.name for p in event.parties if p.role == "visitor"}
    homes = {p.country for p in event.parties if p.role == "visitor" and p.country}
    fitting = []
    for known in near:
        visitors = [p for p in known.parties if p.role == "visitor"]
        if known.kind == "visit" and "host" in {p.role for p in event.parties}:
            fits = not guests or bool(guests & {p.name for p in visitors})
        else:
            fits = not homes or known.kind != "visit" or homes <= {p.country for p in visitors}
        if fits and known.status in ("held", "planned"):
            fitting.append(known)
    own = [known for known in fitting if not in_speech(context, known.sentence, known.spans[0][0])] or fitting
    first = next((known for known in own if same_event(known, own[-1])), None)
    return [known for known in own if first is not None and known.sentence == first.sentence]


def _lengthen(context: Context, visit: Event, draft: Draft) -> None:
    """Give a visit its last day, if its first is known and a joining sentence tells how long it takes."""
    if draft.duration is None or visit.kind != "visit" or visit.end or not visit.start or len(visit.start) != 10:
        return
    length = context.resolved.get(draft.duration.start)
    if length is not None and length.duration_days:
        visit.end = add_duration(visit.start, length.duration_days)


def _at_post(context: Context, event: Event) -> None:
    """An ambassador who is received without a place being told is received where the other side is at home."""
    if event.kind != "meeting" or event.place_country is not None:
        return
    envoys = [
        p for p in event.parties if (person := context.register.persons.get(p.name)) and person.has_rank("ambassador")
    ]
    others = {p.country for p in event.parties if p not in envoys and p.country}
    if envoys and len(others) == 1:
        event.place_country = others.pop()


def _with_members(context: Context, draft: Draft, noun: Mention) -> Mention:
    """A gathering "of the three" is of the three states that the page has named together last."""
    value = noun.value
    if value.members or value.kind != "sides" or not value.name.startswith(_threes(context)):
        return noun
    for sentence in reversed(context.sentences[: draft.sentence + 1]):
        for mention in reversed(sentence.mentions):
            told = mention.value.members if isinstance(mention.value, Actor | Noun) else ()
            if len(told) == 3 and mention.end <= noun.start:
                return replace(noun, value=replace(value, members=told))
    return noun


def _threes(context: Context) -> tuple[str, ...]:
    return tuple(
        first + word
        for first in ("", *context.pack.refer["gathering"]["first"])
        for word in context.pack.refer["gathering"]["threes"]
    )


def _members(context: Context, draft: Draft, noun: Noun, parties: Sequence[Party]) -> list[Party]:
    kind = model().kinds[draft.kind]
    role = "attendee" if draft.kind == "conference" else kind.roles[0]
    known = {p.country for p in parties}
    if noun.kind == "sides" and noun.members and all(m.kind == "organisation" for m in noun.members):
        bodies = [Party(m.name or "", role, m.kind, m.country) for m in noun.members]
        return [] if {m.country for m in noun.members} <= known else bodies  # who presides alone stands for no body
    # a body of many states does not take part in its own gathering
    missing = [m for m in noun.members if m.country not in known and m.country not in model().of_many]
    by_rank = noun.rank and missing and not long_ago(context, draft)
    found = holders(context.register, missing, noun.rank, draft.span[1]) if by_rank else None
    public = any(word in noun.name for word in context.pack.refer["gathering"]["public"])
    if draft.kind == "conference" and noun.kind != "sides" and len(noun.members) < (3 if public else 2):
        return []  # whose name a gathering bears is not said to take part
    if found and len(found) == len(missing):
        return [Party(p.name, role, "person", context.register.country(p.name), p.post) for p in found]
    return [Party(m.name or "", role, m.kind, m.country) for m in missing]


def _one_of(parties: Sequence[Party], noun: Noun) -> bool:
    """Whether by what else is said only some of the sides that a noun names take part, or nobody but a host."""
    told = {p.country for p in parties}
    return bool(told) and (told < {m.country for m in noun.members} or all(p.role == "host" for p in parties))


def _add(parties: list[Party], party: Party) -> None:
    if not any(p.name == party.name and p.role == party.role for p in parties):
        parties.append(party)


def _name(context: Context, draft: Draft, noun: Mention | None) -> str | None:
    if noun is not None:
        return noun.value.name if isinstance(noun.value, Noun) and not _nameless(context, noun.value) else None
    return draft.texts.get("name")


def _nameless(context: Context, noun: Noun) -> bool:
    """Whether a gathering is only called one: the first summit, a formal meeting."""
    if noun.name.startswith(tuple(context.pack.refer["gathering"]["cut"])):
        return True
    told = kernel(context, noun) or noun.members or noun.organisation
    return not told and noun.kind != "there" and not any(word in noun.name for word in _threes(context))


def _amount(event: Event, draft: Draft) -> None:
    for mentions in draft.roles.values():
        for mention in mentions:
            if mention.type == "Money" and event.amount is None:
                event.amount, event.currency = mention.value
