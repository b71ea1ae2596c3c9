"""Who a mention of a draft means: posts without a name, both sides, pronouns; and of which country somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dragoman.actors import Actor
from dragoman.context import Context, Event, Party
from dragoman.events import Draft
from dragoman.homeland import native, never, stated
from dragoman.match import Mention
from dragoman.nouns import Noun
from dragoman.persons import holders
from dragoman.sides import state_of

#: Ranks that name no single office: who is told only so stands for the country.
#: So many years back who has a post now is taken to have had it then.
TERM = 2
#: So many sentences before "I" the speaker is looked for.
NEAR = 12
#: The rank of "I".
SPEAKER = "speaker"
VAGUE = frozenset({"official", "rank", "legislator", "director", "diplomat"})


def who(context: Context, mention: Mention, draft: Draft, role: str) -> list[Party]:
    """The participants that a mention stands for in this role."""
    value = mention.value
    if isinstance(value, Actor):
        if value.members:
            by_rank = value.rank and not long_ago(context, draft)
            found = holders(context.register, value.members, value.rank, mention.end) if by_rank else None
            if found:
                return [Party(p.name, role, "person", context.register.country(p.name), p.post) for p in found]
            return [Party(m.name or "", role, m.kind, m.country) for m in value.members]
        if value.count:
            return _both(context, value, draft, role, mention)
        if value.name is None:
            return _holder(context, value, mention, role)
        if value.kind == "person":
            person = context.register.persons.get(value.name)
            told = context.register.country(value.name) if person and person.posts and not value.post else None
            country = told or value.country or stated(context, value.name)
            post = person.post if person else value.post
            return [Party(value.name, role, "person", country, post, sure=bool(country))]
        if draft.kind in ("meeting", "call") and _is_state(context, value):
            return [state_of(context, value.country, role)]
        return [Party(value.name, role, value.kind, value.country, sure=bool(value.country))]
    if isinstance(value, Noun):  # a gathering to which a message is sent
        return [Party(value.name, role, "organisation", None, sure=True)]
    actor = context.pack.builder.as_actor(mention)
    if actor is not None and actor.name:
        return [Party(actor.name, role, actor.kind, actor.country)]
    return []


def long_ago(context: Context, draft: Draft) -> bool:
    """Whether an event is told of a year so far back that the holders of posts on the page may not have held them."""
    value = context.resolved.get(draft.time.start) if draft.time is not None else None
    year, now = (value.start if value is not None else None), context.item.published
    if year is None or now is None or not (year[:4].isdigit() and now[:4].isdigit()):
        return False
    return int(now[:4]) - int(year[:4]) > TERM


def posted_to(context: Context, post: str) -> str | None:
    """The country to which a post or a mission belongs, whose own country may stand in front."""
    at = max(post.find(word) for word in context.pack.refer["abroad"]["posted"])
    if not 0 <= at <= 4:
        return None
    words = [word.rows for _, _, word in context.pack.lexicon.scan(post[at + 1 :])]
    codes = [rows[table]["code"] for rows in words for table in ("country", "place") if table in rows]
    return codes[0] or None if codes else None


def _is_state(context: Context, organ: Actor) -> bool:
    """Whether a body is said as no more than its state: the government, "the authorities" of a country."""
    name = organ.name or ""
    word = next((word for word in context.pack.refer["home"]["states"] if name.endswith(word)), None)
    whose = name[: -len(word)] if word else ""
    lexicon = context.pack.lexicon
    return organ.country is not None and (whose in lexicon.characters or lexicon.row("country", whose) is not None)


def _holder(context: Context, office: Actor, mention: Mention, role: str) -> list[Party]:
    """Who holds a post that stands without a name; else the post itself, if it tells its country."""
    if office.country is None and context.text_of(0, mention.start).endswith(tuple(context.pack.refer["home"]["many"])):
        return []  # the leaders of several states
    abroad = office.post is not None and never(context, office.post, context.item.home)
    country = office.country or (None if abroad else context.item.home)
    person = context.register.holder(office.rank, country, mention.end) if not office.former else None
    if person is None and office.country is None and not office.former:
        person = context.register.only(office.rank, mention.start)
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
        person = _speaker(context, mention) if actor.rank == SPEAKER else _last_person(context, draft, mention)
        return (
            [Party(person.name, role, "person", context.register.country(person.name), person.post)] if person else []
        )
    for event in context.recent(draft.sentence, 3):
        sides = [p for p in event.parties if p.country]
        if event.kind == "visit" and actor.count == 2 and actor.rank:
            sides += _received(context, event, actor.rank, mention.end)
        if len({p.country for p in sides}) == actor.count:
            if actor.kind == "country":
                return _countries(context, sides, role)
            if actor.rank and not _of_rank(context, sides, actor.rank):
                members = _countries(context, sides, role)
                found = holders(context.register, [_as_actor(p) for p in members], actor.rank, mention.end)
                named = [Party(p.name, role, "person", context.register.country(p.name), p.post) for p in found or ()]
                return named or members
            return [Party(p.name, role, p.kind, p.country, p.post) for p in sides]
    return _last_two(context, draft, mention, role) if actor.count == 2 and actor.kind == "person" else []


def _received(context: Context, visit: Event, rank: str, position: int) -> list[Party]:
    """Who of this rank is at home where a visit goes, for the two leaders; the country if nobody is told."""
    guests = {p.country for p in visit.parties}
    if visit.place_country is None or visit.place_country in guests or len(guests) != 1:
        return []
    person = context.register.holder(rank, visit.place_country, position)
    if person is not None:
        return [Party(person.name, "host", "person", visit.place_country, person.post)]
    short = context.pack.lexicon.short
    return [Party(short.get(visit.place_country, visit.place_country), "host", "country", visit.place_country)]


def _of_rank(context: Context, sides: Sequence[Party], rank: str) -> bool:
    """Whether the persons among some parties can hold a post of a rank, as far as the page tells their posts."""
    known = [context.register.persons.get(p.name) for p in sides if p.kind == "person" and p.post]
    return all(person is None or person.has_rank(rank) for person in known)


def _as_actor(state: Party) -> Actor:
    return Actor(state.name, state.kind, state.country)


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


def _speaker(context: Context, pronoun: Mention) -> Any:
    """The person who says "I": named last before a word of saying, in the paragraph or the one that introduces it."""
    words = tuple(context.pack.refer["subject"]["behind_saying"])
    for sentence in reversed(context.before(pronoun.start)[-NEAR:]):
        for mention in reversed(sentence.mentions):
            said = context.text_of(mention.end, mention.end + 6)
            if mention.type == "Person" and mention.end <= pronoun.start and any(word in said for word in words):
                return context.register.persons.get(mention.value.name)
    return None


def _last_person(context: Context, draft: Draft, pronoun: Mention) -> Any:
    """The person that he or she means: told before, not otherwise in the draft, and if possible of another country
    than those who are."""
    others = [
        m.value
        for mentions in draft.roles.values()
        for m in mentions
        if m.type == "Person" and m.value.name is not None
    ]
    names = {actor.name for actor in others}
    for mention in (m for mentions in draft.roles.values() for m in mentions if m is not pronoun):
        speaker = _speaker(context, mention) if mention.type == "Pronoun" and mention.value.rank == SPEAKER else None
        names |= {speaker.name} if speaker is not None else set()
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
    posted = tuple(context.pack.refer["abroad"]["posted"])
    for party in unsure:
        if (party.post or party.name).startswith(posted) and context.item.home:
            # "the ambassador to X" without a country is one's own, or of the one who acts with him
            beside = [p.country for p in event.parties if p is not party and p.role == party.role and p.country]
            party.country = beside[0] if beside and event.kind == "protest" else context.item.home
            continue
        others = {p.country for p in event.parties if p is not party and p.country}
        home = context.item.home if _at_home(context, party) else None
        for code in (home, event.place_country):
            if code and (code not in others or event.kind in ("appointment", "conference", "agreement")):
                party.country = code
                break


def _at_home(context: Context, party: Party) -> bool:
    """Whether somebody whose country nobody tells can be of the agency's own: a person with a post and a name as they
    are at home, or a body that is said without its country there (the foreign ministry, say)."""
    if party.kind == "person":
        return party.post is not None and native(context, party.name, context.register.persons.get(party.name))
    row = context.pack.lexicon.row("body", party.name)
    ministry = party.name.endswith(tuple(context.pack.refer["home"]["ministries"]))
    return row is not None and row["sector"] in ("foreign", "defence") and ministry
