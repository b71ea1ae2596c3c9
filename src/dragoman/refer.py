"""Within an item: who, when and where a draft means. Posts without a name, both sides, pronouns, the visit's own days,
a place told a sentence earlier; then the checks of the model. What cannot be told stays empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from dragoman.actors import Actor, Locality
from dragoman.article import Item
from dragoman.calendar import Chronology, Resolved, add_duration
from dragoman.events import Draft
from dragoman.match import Mention
from dragoman.mentions import Sentence
from dragoman.model import model
from dragoman.nouns import Noun
from dragoman.pack import Pack
from dragoman.persons import Register, holders


@dataclass(slots=True)
class Party:
    """A participant with the role it plays; `sure` is False where the country was taken from the context."""

    name: str
    role: str
    kind: str
    country: str | None
    post: str | None = None
    sure: bool = True


@dataclass(slots=True)
class Event:
    """A draft resolved: an event of an item, before repeats are merged."""

    kind: str
    mode: str | None
    status: str
    name: str | None
    start: str | None
    end: str | None
    place: str | None
    place_country: str | None
    parties: list[Party]
    spans: list[tuple[int, int]]
    rule: str
    sentence: int
    dated: bool
    carried: bool
    amount: float | int | None = None
    currency: str | None = None
    post: str | None = None
    members: frozenset[str] = frozenset()
    tellings: int = 1
    anaphor: str | None = None
    timed: bool = False


@dataclass(slots=True)
class Refusal:
    """Why a draft did not become an event."""

    rule: str
    span: tuple[int, int]
    reason: str


@dataclass(slots=True)
class Context:
    """What is known of an item while its drafts are resolved."""

    pack: Pack
    item: Item
    sentences: Sequence[Sentence]
    register: Register
    text: str
    events: list[Event] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    resolved: dict[int, Resolved | None] = field(default_factory=dict)

    def text_of(self, start: int, end: int) -> str:
        """The folded words at these offsets."""
        return self.text[start:end]

    def pair(self, sentence: Sentence) -> tuple[str, str] | None:
        """The two countries that the item speaks of at a sentence: the pair told last, up to there."""
        found = None
        for other in self.sentences:
            if other.start > sentence.start:
                break
            for mention in other.mentions:
                value = mention.value
                if isinstance(value, Actor) and len(value.members) == 2 and all(m.country for m in value.members):
                    found = (str(value.members[0].country), str(value.members[1].country))
        return found


#: What only some kinds of event carry: takes a resolved event, gives it back complete (or several), with an objection.
Particulars = Callable[[Context, Event, Draft], "list[tuple[Event, str | None]]"]


def resolve_times(context: Context) -> None:
    """Resolve all times of an item in text order, each with those before it."""
    chronology = Chronology(context.item.published)
    for sentence in context.sentences:
        for time in sentence.times:
            towards = context.pack.direction.of(sentence.folded, time.start - sentence.start, time.end - sentence.start)
            context.resolved[time.start] = chronology.resolve(time, towards)


def to_events(context: Context, drafts: Sequence[Draft], particulars: Particulars) -> None:
    """Resolve drafts in text order into `context.events`; what the model or the kind's own particulars refuse goes to
    `context.refusals`."""
    for draft in sorted(drafts, key=lambda d: (d.sentence, "joins" in d.rule.options, d.span[1])):
        joins = draft.rule.options.get("joins")
        for event in _resolve(context, draft):
            if joins is not None:
                _join(context, event, draft)
                continue
            for found, objection in particulars(context, event, draft):
                reason = objection or refuse(found)
                if reason is None:
                    context.events.append(found)
                else:
                    context.refusals.append(Refusal(draft.rule.name, draft.span, reason))


def _resolve(context: Context, draft: Draft) -> list[Event]:
    start, end, dated, anaphor = _when(context, draft)
    parties: list[Party] = []
    for role, mentions in draft.roles.items():
        if role in ASIDE:
            continue
        for mention in mentions:
            for actor in who(context, mention, draft, role):
                _add(parties, actor)
    noun = draft.nouns.get("name")
    name = _name(draft, noun)
    kind = draft.kind
    members: frozenset[str] = frozenset()
    value = noun.value if noun is not None else None
    mode = draft.mode
    if isinstance(value, Noun):
        members = frozenset(m.country for m in value.members if m.country)
        mode = value.mode or mode
        if draft.rule.options.get("plain") == "members" or not parties:
            parties += _members(context, draft, value, parties)
    place = _where(context, draft, kind, value)
    event = Event(
        kind, mode, draft.status, name, start, end, place.text or None if place else None,
        place.country if place else None, parties, [draft.span], draft.rule.name, draft.sentence, dated, draft.carried,
        members=members, anaphor=anaphor, timed=draft.time is not None,
    )
    _amount(event, draft)
    published = context.item.published
    if event.status == "held" and event.start and published and len(event.start) == len(published) == 10:
        event.status = "planned" if event.start > published else "held"
    settle_countries(context, event)
    _at_post(context, event)
    if "joins" in draft.rule.options:
        return [event]
    return shape(context, event, draft)


def _join(context: Context, event: Event, draft: Draft) -> None:
    """Add who is named by a joining rule (hosts, those present) to the events of the kind told at or before it."""
    reach = draft.rule.options["joins"]
    kinds = TALKS if event.kind in TALKS else (event.kind,)
    same = [e for e in context.events if e.kind in kinds and e.sentence == draft.sentence]
    near = [e for e in context.events if e.kind in kinds and draft.sentence - reach <= e.sentence < draft.sentence]
    targets = same or near[-1:]
    codes = {e.place_country for e in targets}
    for target in targets:
        for joined in event.parties:
            party = replace(joined, role=TALK_ROLE[target.kind] if joined.role in TALK_ROLE.values() else joined.role)
            fits = party.role != "host" or len(codes) == 1 or party.country in (None, target.place_country)
            if party.role == "host" and party.country is None and target.place_country:
                party.country = target.place_country
            if fits and not any(p.name == party.name for p in target.parties):
                if party.kind == "person":
                    target.parties = [
                        p for p in target.parties if p.kind != "country" or p.country != party.country or p.role != party.role
                    ]
                target.parties.append(party)
        _lengthen(context, target, draft)
        if event.parties:
            target.spans.append(draft.span)


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
    envoys = [p for p in event.parties if (person := context.register.persons.get(p.name)) and person.has_rank("ambassador")]
    others = {p.country for p in event.parties if p not in envoys and p.country}
    if envoys and len(others) == 1:
        event.place_country = others.pop()


def _members(context: Context, draft: Draft, noun: Noun, parties: Sequence[Party]) -> list[Party]:
    kind = model().kinds[draft.kind]
    role = "attendee" if draft.kind == "conference" else kind.roles[0]
    known = {p.country for p in parties}
    missing = [m for m in noun.members if m.country not in known]
    found = holders(context.register, missing, noun.rank, draft.span[1]) if noun.rank and missing else None
    if found and len(found) == len(missing):
        return [Party(p.name, role, "person", context.register.country(p.name), p.post) for p in found]
    return [Party(m.name or "", role, m.kind, m.country) for m in missing]


def _add(parties: list[Party], party: Party) -> None:
    if not any(p.name == party.name and p.role == party.role for p in parties):
        parties.append(party)


def _name(draft: Draft, noun: Mention | None) -> str | None:
    if noun is not None:
        if isinstance(noun.value, Noun):
            return noun.value.name
        return None
    return draft.texts.get("name")


def _amount(event: Event, draft: Draft) -> None:
    for mentions in draft.roles.values():
        for mention in mentions:
            if mention.type == "Money" and event.amount is None:
                event.amount, event.currency = mention.value


# Who --------------------------------------------------------------------------------------------------


def who(context: Context, mention: Mention, draft: Draft, role: str) -> list[Party]:
    """The participants that a mention stands for in this role."""
    value = mention.value
    if isinstance(value, Actor):
        if value.members:
            found = holders(context.register, value.members, value.rank, mention.end) if value.rank else None
            if found:
                return [Party(p.name, role, "person", context.register.country(p.name), p.post) for p in found]
            return [Party(m.name or "", role, m.kind, m.country) for m in value.members]
        if value.count:
            return _both(context, value, draft, role, mention)
        if value.name is None:
            return _holder(context, value, mention, role)
        if value.kind == "person":
            person = context.register.persons.get(value.name)
            country = value.country or context.register.country(value.name)
            post = person.post if person else value.post
            return [Party(value.name, role, "person", country, post, sure=bool(country))]
        return [Party(value.name, role, value.kind, value.country, sure=bool(value.country))]
    actor = context.pack.builder.as_actor(mention)
    if actor is not None and actor.name:
        return [Party(actor.name, role, actor.kind, actor.country)]
    return []


def _holder(context: Context, office: Actor, mention: Mention, role: str) -> list[Party]:
    """Who holds a post that stands without a name; else the post itself, if it tells its country."""
    country = office.country or context.item.home
    person = context.register.holder(office.rank, country, mention.end) if not office.former else None
    if person is not None:
        return [Party(person.name, role, "person", context.register.country(person.name), person.post)]
    if office.rank in VAGUE and office.country:
        short = context.pack.lexicon.short.get(office.country, office.country)
        return [Party(short, role, "country", office.country)]
    if office.country and office.post:
        return [Party(office.post, role, "person", office.country, office.post)]
    return []


def _both(context: Context, actor: Actor, draft: Draft, role: str, mention: Mention) -> list[Party]:
    """Both sides, the three, he: from the last event before, else from the persons told last."""
    if actor.count == 1:
        person = _last_person(context, draft, mention)
        return [Party(person.name, role, "person", context.register.country(person.name), person.post)] if person else []
    for event in reversed(context.events):
        if event.sentence < draft.sentence - 3 and context.events:
            break
        sides = [p for p in event.parties if p.country]
        if len({p.country for p in sides}) == actor.count:
            if actor.kind == "country":
                return _countries(context, sides, role)
            return [Party(p.name, role, p.kind, p.country, p.post) for p in sides]
    return _last_two(context, draft, mention, role) if actor.count == 2 and actor.kind == "person" else []


def _last_two(context: Context, draft: Draft, pronoun: Mention, role: str) -> list[Party]:
    """The two persons of different countries told last before "the two", in its sentence or the two before it."""
    found: dict[str, Party] = {}
    for number in range(draft.sentence, max(-1, draft.sentence - 3), -1):
        for mention in reversed(context.sentences[number].mentions):
            if mention.type != "Person" or mention.end > pronoun.start or mention.value.name in found:
                continue
            name = mention.value.name
            country = mention.value.country or context.register.country(name)
            if country and all(country != p.country for p in found.values()):
                person = context.register.persons.get(name)
                found[name] = Party(name, role, "person", country, person.post if person else None)
            if len(found) == 2:
                return list(reversed(found.values()))
    return []


def _countries(context: Context, sides: Sequence[Party], role: str) -> list[Party]:
    short = context.pack.lexicon.short
    codes = dict.fromkeys(p.country for p in sides if p.country)
    return [Party(short.get(code, code), role, "country", code) for code in codes]


def _last_person(context: Context, draft: Draft, pronoun: Mention) -> Any:
    """The person that he or she means: told before, not otherwise in the draft, and if possible of another country
    than those who are."""
    others = [
        m.value for mentions in draft.roles.values() for m in mentions if m.type == "Person" and m.value.name is not None
    ]
    names = {actor.name for actor in others}
    codes = {actor.country or context.register.country(actor.name) for actor in others}
    candidates = []
    for number in range(draft.sentence, max(-1, draft.sentence - 3), -1):
        for mention in context.sentences[number].mentions:
            if mention.type == "Person" and mention.end <= pronoun.start and mention.value.name not in names:
                person = context.register.persons.get(mention.value.name)
                if person is not None:
                    candidates.append(person)
    for person in candidates:
        if context.register.country(person.name) not in codes:
            return person
    return candidates[0] if candidates and not codes else None


def settle_countries(context: Context, event: Event) -> None:
    """Give a country to persons whose post names none: home, unless the other side is home; then where it happens."""
    unsure = [p for p in event.parties if p.country is None and p.kind in ("person", "organisation") and not p.sure]
    for party in unsure:
        others = {p.country for p in event.parties if p is not party and p.country}
        home = context.item.home if _at_home(context, party) else None
        for code in (home, event.place_country):
            if code and (code not in others or event.kind in ("appointment", "conference", "agreement")):
                party.country = code
                break


def _at_home(context: Context, party: Party) -> bool:
    """Whether somebody whose country nobody tells can be of the agency's own: a person with a post and a name as they
    are at home, or a body that a country has only one of (its foreign ministry, say)."""
    names = context.pack.names
    origin = names.origin(context.item.home)
    if party.kind == "person":
        return party.post is not None and origin != "any" and names.made_for(party.name, origin)
    row = context.pack.lexicon.row("body", party.name)
    return row is not None and row["sector"] in ("foreign", "defence")


# When -------------------------------------------------------------------------------------------------


def _when(context: Context, draft: Draft) -> tuple[str | None, str | None, bool, str | None]:
    """Start and end of a draft, whether a day is told at it, and the anaphor if the days are another event's."""
    time = draft.time
    if time is None:
        if _during_visit(context, draft):
            visit = _visit(context, draft)
            if visit is not None:
                return visit.start, visit.end, True, "visit_period"
        before = _event_before(context, draft)
        return (before.start, before.end, before.dated, "after") if before else (None, None, False, None)
    value = context.resolved.get(time.start)
    if value is None:
        return None, None, False, None
    if value.anaphor == "visit_period":
        visit = _visit(context, draft)
        return (visit.start, visit.end, True, "visit_period") if visit else (None, None, False, "visit_period")
    if not draft.time_near:
        return None, None, False, None
    start, end = value.start, value.end
    words = context.text_of(time.start, time.end)
    if value.anaphor and any(word in words for word in context.pack.refer["going"]["same_day"]):
        last = next((e for e in reversed(context.events) if e.start and len(e.start) == 10), None)
        if last is not None:
            start, end = last.start, last.start
    take = draft.rule.options.get("dates")
    if take == "none":
        return None, None, False, None
    if take == "end":
        start = None
    elif draft.kind == "visit" and start and start == end and len(start) == 10:
        end = None
    if draft.duration is not None and start and draft.kind == "visit" and end in (None, start):
        length = context.resolved.get(draft.duration.start)
        if length is not None and length.duration_days:
            end = add_duration(start, length.duration_days)
    return start, end, start is not None or end is not None, value.anaphor


def _during_visit(context: Context, draft: Draft) -> bool:
    """Whether the sentence says, before the draft, that it is about the time of a visit."""
    sentence = context.sentences[draft.sentence]
    head = sentence.folded[: draft.span[0] - sentence.start + 2]
    return draft.kind != "visit" and any(word in head for word in context.pack.refer["after"]["during"])


def _event_before(context: Context, draft: Draft) -> Event | None:
    """The event told last, if the draft's sentence says that it came right before or after it."""
    sentence = context.sentences[draft.sentence]
    head = sentence.folded[: draft.span[0] - sentence.start + 6]
    if any(word in head for word in context.pack.refer["after"]["words"]):
        for event in reversed(context.events):
            if event.kind in ("meeting", "conference", "call", "agreement"):
                return event
    return None


def _visit(context: Context, draft: Draft) -> Event | None:
    for event in reversed(context.events):
        if event.kind == "visit" and (event.start or event.end):
            return event
    return None


def _where(context: Context, draft: Draft, kind: str, noun: Any) -> Locality | None:
    """Where the text says; else where the event before took place, if this one came right behind it."""
    if draft.place is not None or kind in ("message", "call", "visit"):
        return draft.place
    before = _event_before(context, draft) if draft.time is None else None
    if before is not None and before.place_country:
        return Locality(before.place or "", before.place_country)
    return None


# What the model says ----------------------------------------------------------------------------------


def shape(context: Context, event: Event, draft: Draft) -> list[Event]:
    """The event in the shape of the codebook: three sides make a conference; a visit has one country each."""
    noun = draft.nouns.get("name")
    if event.kind == "conference" and noun is not None and isinstance(noun.value, Noun):
        event = _gathering(event, noun.value)
    if event.kind == "meeting" and _by_video(context, draft):
        event.kind, event.mode, event.place, event.place_country = "call", "video", None, None
    if event.kind in ("meeting", "call"):
        codes = {p.country for p in event.parties if p.country}
        states = len(codes)
        if states >= 3 and event.kind == "meeting":
            event.kind, event.mode = "conference", None
            for party in event.parties:
                party.role = "attendee"
    if event.kind == "visit":
        return _visits(context, event, draft)
    if event.kind == "call" and draft.texts.get("each") and len(event.parties) > 2:
        return [replace(event, parties=list(pair), spans=list(event.spans)) for pair in combinations(event.parties, 2)]
    return [event]


def _by_video(context: Context, draft: Draft) -> bool:
    sentence = context.sentences[draft.sentence]
    told = sentence.folded[: draft.span[1] - sentence.start]
    return any(word in told for word in context.pack.refer["video"]["words"])


def _gathering(event: Event, noun: Noun) -> Event:
    """A gathering of two sides is a meeting, in the mode of its noun; one of more stays a conference."""
    event.mode = None
    sides = {p.country for p in event.parties if p.country}
    if noun.kind == "sides" and (len(noun.members) == 2 or (not noun.members and len(sides) == 2)):
        event.kind, event.mode = "meeting", noun.mode
        for party in event.parties:
            party.role = "party"
    return event


def _visits(context: Context, event: Event, draft: Draft) -> list[Event]:
    """One visit for each country gone to."""
    targets: list[tuple[str | None, str | None]] = []
    builder = context.pack.builder
    for mention in draft.roles.get("to", []):
        value = mention.value
        if mention.type == "Pronoun":
            hosts = dict.fromkeys(p.country for p in event.parties if p.role == "host" and p.country)
            visitors = {p.country for p in event.parties if p.role == "visitor"}
            told = hosts or _told_before(context, draft, visitors) or _last_pair(context, draft)
            targets += [(None, code) for code in told if code not in visitors]
        elif isinstance(value, Actor) and value.members:
            targets += [(None, m.country) for m in value.members]
        elif mention.type == "Place":
            targets.append((value["surface"], value["code"] or None))
        else:
            targets.append((None, builder.country_of(mention)))
    if not targets:
        if event.place_country is None:
            event.place_country = _received_in(context, draft, event)
        return [event] if event.place_country else []
    out = []
    for place, code in targets:
        visitors = [p for p in event.parties if p.role == "visitor" and p.country != code]
        hosts = [p for p in event.parties if p.role == "host" and (p.country in (None, code) or len(targets) == 1)]
        inside = event.place if event.place_country == code else None
        for country in dict.fromkeys(p.country for p in visitors):
            together = [p for p in visitors if p.country == country]
            out.append(
                Event(
                    event.kind, event.mode, event.status, None, event.start, event.end, place or inside, code,
                    [*together, *hosts], list(event.spans), event.rule, event.sentence, event.dated, event.carried,
                    anaphor=event.anaphor, timed=event.timed,
                )
            )
    return out


def _received_in(context: Context, draft: Draft, event: Event) -> str | None:
    """Where a visitor is who is only said to have come: with those of another country who act in the sentence."""
    own = {p.country for p in event.parties if p.role == "visitor"}
    for mention in context.sentences[draft.sentence].mentions:
        value = mention.value
        if isinstance(value, Actor) and value.kind == "person" and value.name and value.rank:
            country = value.country or context.register.country(value.name)
            if country and country not in own:
                return country
    return None


def _told_before(context: Context, draft: Draft, but: set[str | None]) -> list[str]:
    """The countries of the actors named in the sentence before a draft."""
    codes: dict[str, None] = {}
    for mention in context.sentences[draft.sentence].mentions:
        value = mention.value
        if mention.end <= draft.span[1] and isinstance(value, Actor) and value.country and value.country not in but:
            codes[value.country] = None
    return list(codes) if len(codes) > 1 else []


def _last_pair(context: Context, draft: Draft) -> list[str]:
    """The countries of the pair told last before a draft."""
    found: list[str] = []
    for sentence in context.sentences[: draft.sentence + 1]:
        for mention in sentence.mentions:
            value = mention.value
            if mention.end <= draft.span[0] and isinstance(value, Actor) and len(value.members) >= 2:
                found = [m.country for m in value.members if m.country]
    return found


def domestic(context: Context, event: Event, draft: Draft) -> str | None:
    """Why a gathering of one country is none of the record's: no foreign side, body or place is told."""
    if event.kind != "conference":
        return None
    noun = draft.nouns.get("name")
    value = noun.value if noun is not None else None
    told = {p.country or p.name for p in event.parties} | ({event.place_country} if event.place_country else set())
    if isinstance(value, Noun):
        told |= {m.country for m in value.members if m.country}
        if value.organisation or any(word in value.name for word in context.pack.refer["abroad"]["words"]):
            return None
    return "a domestic matter" if told <= {context.item.home} else None


def refuse(event: Event) -> str | None:
    """Why the model does not accept an event, or None."""
    kind = model().kinds[event.kind]
    roles = {p.role for p in event.parties}
    for role in kind.requires:
        if role not in roles:
            return f"no {role}"
    unknown = roles - set(kind.roles)
    if unknown:
        return f"{event.kind} has no role {sorted(unknown)[0]}"
    if event.start and event.end and event.start > event.end:
        return "it ends before it starts"
    if event.kind == "visit":
        if event.place_country is None:
            return "no country is visited"
        if not event.dated and all(p.kind == "country" for p in event.parties):
            return "nobody in particular, on no day"
        if all(p.country == event.place_country for p in event.parties if p.role == "visitor"):
            return "a visitor of his own country"
    if kind.sides > 1:
        codes = {_side(p) for p in event.parties}
        if len(codes) < kind.sides:
            return "one side only"
        if codes <= {"CHN", "HKG", "MAC"}:
            return "a domestic matter"
    pair = _PAIRS.get(event.kind)
    if pair:
        first = {_side(p) for p in event.parties if p.role == pair[0]}
        second = {_side(p) for p in event.parties if p.role == pair[1]}
        if first & second:
            return "both sides are of one country"
    return None


#: Kinds that a rule of one of them may join, and the role that its parties then play.
TALKS = ("meeting", "call", "conference")
TALK_ROLE = {"meeting": "party", "call": "party", "conference": "attendee"}

#: Ranks that name no single office: who is told only so stands for the country.
VAGUE = frozenset({"official", "rank", "legislator", "director", "diplomat"})

#: Roles of a rule that name no participant.
ASIDE = frozenset({"to", "post", "amount"})

_PAIRS: Mapping[str, tuple[str, str]] = {
    "message": ("sender", "recipient"),
    "aid": ("donor", "recipient"),
    "protest": ("actor", "target"),
    "sanction": ("actor", "target"),
}


def _side(party: Party) -> str:
    return party.country or party.name
