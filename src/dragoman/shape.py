"""The shape that the codebook gives an event, and what the model refuses: three sides make a conference, a visit
has one country, nobody visits his own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

from dragoman.actors import Actor
from dragoman.context import SENTENCES_BACK, Context, Event, Party
from dragoman.events import Draft
from dragoman.homeland import native
from dragoman.model import model
from dragoman.nouns import Noun

_QUOTE = re.compile("[\"'\u2018\u2019\u201c\u201d]")
#: What joins the sides in the name of a gathering.
_DASH = re.compile("[-\u2014\uff0d]")
_PAIRS: Mapping[str, tuple[str, str]] = {
    "message": ("sender", "recipient"),
    "aid": ("donor", "recipient"),
    "protest": ("actor", "target"),
    "sanction": ("actor", "target"),
}


def shape(context: Context, event: Event, draft: Draft) -> list[Event]:
    """The event in the shape of the codebook: three sides make a conference; a visit has one country each."""
    noun = draft.nouns.get("name")
    if event.kind == "conference" and _between_two(context, event):
        event.kind, event.mode, event.place, event.place_country = "call", "video", None, None
        for party in event.parties:
            party.role = "party"
    if event.kind == "conference" and noun is not None and isinstance(noun.value, Noun):
        event = _gathering(context, event, noun.value, "alone" in draft.rule.options)
    if event.kind == "meeting" and _by_video(context, draft):
        event.kind, event.mode, event.place, event.place_country = "call", "video", None, None
    if event.kind == "meeting" and not event.name:
        stations = _on_a_trip(context, event)
        if stations:
            return stations
    if event.kind in ("meeting", "call"):
        codes = {p.country for p in event.parties if p.country}
        states = len(codes)
        if states >= 3 and event.kind == "meeting" and "receives" not in draft.rule.options:
            event.kind, event.mode = "conference", None
            for party in event.parties:
                party.role = "attendee"
    if event.kind == "visit":
        return _visits(context, event, draft)
    if event.kind == "call" and draft.texts.get("each") and len(event.parties) > 2:
        return [replace(event, parties=list(pair), spans=list(event.spans)) for pair in combinations(event.parties, 2)]
    return [event]


def _on_a_trip(context: Context, event: Event) -> list[Event]:
    """One meeting a country, if somebody on a trip to several countries meets people of just these."""
    for visitor in event.parties:
        others = [p for p in event.parties if p.country != visitor.country and p.country]
        codes = dict.fromkeys(p.country for p in others)
        visits = [e for e in context.events if e.kind == "visit" and any(p.name == visitor.name for p in e.parties)]
        visited = {e.place_country for e in visits if event.sentence - e.sentence <= 3}
        if visitor.kind == "person" and len(codes) > 1 and codes.keys() <= visited:
            return [
                replace(
                    event,
                    parties=[replace(visitor), *(p for p in others if p.country == code)],
                    place_country=code,
                    spans=list(event.spans),
                )
                for code in codes
            ]
    return []


def _by_video(context: Context, draft: Draft) -> bool:
    sentence = context.sentences[draft.sentence]
    told = sentence.folded[: draft.span[1] - sentence.start]
    return any(word in told for word in context.pack.refer["video"]["words"])


def _between_two(context: Context, event: Event) -> bool:
    """Whether a gathering with a name is one of two sides at a distance."""
    if event.name is None or not any(word in event.name for word in context.pack.refer["video"]["names"]):
        return False
    return len({p.country for p in event.parties if p.country}) == 2


def kernel(context: Context, noun: Noun) -> str:
    """What the name of a gathering says beside its sides and that it is one; empty for "the summit of the three"."""
    name = noun.name
    for member in noun.members:
        name = name.replace(member.name or " ", "")
    if noun.kind == "there" and noun.place is not None:
        name = name.replace(noun.place.text, "")
    for word in context.pack.refer["gathering"]["plain"]:
        name = name.replace(word, "")
    name = "".join(char for char in name if char not in context.pack.lexicon.characters and not _QUOTE.match(char))
    words = [name[a:b] for a, b, word in context.pack.lexicon.scan(name) if "post" in word.rows]
    rest = name
    for word in words:
        rest = rest.replace(word, "")
    return rest or name  # whose posts are told only where nothing else is


def _of_two(context: Context, event: Event, noun: Noun, own: bool) -> str | None:
    """The mode of talks of two sides that have a name of their own; None if the gathering is open to others, unless the
    two are said to hold it (`own`)."""
    sides = {p.country or p.name for p in event.parties}
    many = context.pack.refer["abroad"]["many"]
    if any(m.country not in sides for m in noun.members) or any(p.country in many for p in event.parties):
        return None
    if noun.kind in ("sides", "there") or noun.organisation or len(noun.members) > 2 or len(sides) != 2:
        return None
    own = own and len([p for p in event.parties if p.role == "attendee"]) > 1
    if event.kernel and noun.name.endswith(tuple(context.pack.refer["gathering"]["open"])) and not own:
        return None
    if any(word in noun.name for word in context.pack.refer["gathering"]["standing"]):
        return "consultation"
    modes: Mapping[str, str] = context.pack.refer["modes"]["meeting"]
    return next((mode for word, mode in modes.items() if noun.name.endswith(word)), None)


def _gathering(context: Context, event: Event, noun: Noun, own: bool) -> Event:
    """A gathering of two sides is a meeting, in the mode of its noun; one of more stays a conference."""
    event.mode = None
    sides = {p.country for p in event.parties if p.country}
    others = sides - {m.country for m in noun.members} - {None}  # who else takes part makes it more than a meeting
    whole = any(p.country in context.pack.refer["abroad"]["many"] and p.kind != "person" for p in event.parties)
    if (
        noun.kind == "sides"
        and not (whole and event.summit)
        and ((len(noun.members) == 2 and not others) or (not noun.members and len(sides) == 2))
    ):
        event.kind, event.mode = "meeting", noun.mode
    mode = _of_two(context, event, noun, own)
    if mode is not None:
        event.kind, event.mode = "meeting", mode
    if event.kind == "meeting":
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
        elif mention.type == "Place" and draft.rule.options.get("only") == "arrival" and _indoors(context, value):
            return []  # who arrives at a palace has arrived in the country before
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
        guests = [p for p in event.parties if p.role == "visitor" and p.country != code and not _back(context, p, code)]
        receiving = [p for p in event.parties if p.role == "host" and (p.country in (None, code) or len(targets) == 1)]
        inside = event.place if event.place_country == code else None
        homes = dict.fromkeys(p.country for p in guests)
        known = [country for country in homes if country]  # who has no country goes with the first who has one
        for country in known or homes:
            together = [p for p in guests if p.country == country or (p.country is None and country == known[0])]
            out.append(
                replace(
                    event,
                    name=None,
                    place=place or inside,
                    place_country=code,
                    parties=[*together, *receiving],
                    spans=list(event.spans),
                )
            )
    return out


def _indoors(context: Context, place: Mapping[str, str]) -> bool:
    """Whether a place is a building or estate, and none at which a journey ends."""
    gates = tuple(context.pack.refer["going"]["gates"])
    return place["kind"] == "venue" and not place["surface"].endswith(gates)


def _back(context: Context, visitor: Party, code: str | None) -> bool:
    """Whether somebody of no told country comes to where he is at home, as far as his name tells."""
    if visitor.country is not None or visitor.kind != "person" or code is None or code != context.item.home:
        return False
    return native(context, visitor.name, context.register.persons.get(visitor.name))


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
    for sentence in reversed(context.sentences[max(0, draft.sentence - SENTENCES_BACK) : draft.sentence + 1]):
        for mention in reversed(sentence.mentions):
            value = mention.value
            if mention.end <= draft.span[0] and isinstance(value, Actor) and len(value.members) >= 2:
                return [m.country for m in value.members if m.country]
    return []


def domestic(context: Context, event: Event, draft: Draft) -> str | None:
    """Why a gathering of one country is none of the record's: no foreign side, body or place is told; or why a meeting
    is not known to be with another country's: a body that stands without its country."""
    if event.kind == "visit":
        visitors = [p for p in event.parties if p.role == "visitor"]
        if all(posted_to(context, p.post or p.name) == event.place_country for p in visitors):
            return "somebody posted there"
        return None
    if event.kind == "meeting":
        bare = [p for p in event.parties if p.country is None and context.pack.lexicon.row("body", p.name)]
        others = {_side(p) for p in event.parties if p not in bare}
        return "a body of no known country" if bare and len(others) < 2 else None
    if event.kind != "conference":
        return None
    noun = draft.nouns.get("name")
    value = noun.value if noun is not None else None
    home, lexicon = context.item.home, context.pack.lexicon
    # a body that stands without its country is one of home
    told = {p.country or p.name for p in event.parties if p.country or not lexicon.row("body", p.name)}
    told |= {event.place_country} if event.place_country else set()
    if isinstance(value, Noun):
        if value.name.startswith(tuple(context.pack.refer["gathering"]["sort"])):
            return "a sort of gathering"
        if value.name.startswith(tuple(context.pack.refer["gathering"]["deictic"])):
            return "a gathering that is only pointed at"
        if len(told) < 2 and any(word in value.name for word in context.pack.refer["abroad"]["nation"]):
            return "a domestic matter"
        told |= {m.country for m in value.members if m.country}
        if len(told) < 2 and any(word in value.name for word in context.pack.refer["abroad"]["own"]):
            return "a domestic matter"
        row = lexicon.row("organisation", value.organisation or "")
        foreign = bool(value.organisation) and (row is None or home is None or row["code"] != home)
        alone = [m.country for m in value.members] == [home] and not _DASH.search(value.name)
        words = set(context.pack.refer["abroad"]["words"]) - set(context.pack.refer["abroad"]["loose"] if alone else ())
        if foreign or any(word in value.name for word in words):
            return None
    return "a domestic matter" if told <= {home} else None


def posted_to(context: Context, post: str) -> str | None:
    """The country to which somebody with this post is posted, if it says so."""
    for word in context.pack.refer["abroad"]["posted"]:
        _, found, behind = post.partition(word)
        if found:
            first = next((w for at, _, w in context.pack.lexicon.scan(behind) if at == 0 and "country" in w.rows), None)
            codes = context.pack.lexicon.characters.get(behind[:1], [])
            return first.rows["country"]["code"] if first else (codes[0] if codes else None)
    return None


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
    if event.start and event.end:
        known = min(len(event.start), len(event.end))  # a year or month tells nothing of the days in it
        if event.start[:known] > event.end[:known]:
            return "it ends before it starts"
    if event.kind == "visit":
        if event.place_country is None:
            return "no country is visited"
        if not event.dated and all(p.kind == "country" for p in event.parties):
            return "nobody in particular, on no day"
        if all(p.country is None and p.kind == "organisation" for p in event.parties if p.role == "visitor"):
            return "a body of no known country"
        if all(p.country == event.place_country for p in event.parties if p.role == "visitor"):
            return "a visitor of his own country"
    if kind.sides > 1:
        codes = {_side(p) for p in event.parties}
        if len(codes) < kind.sides:
            return "one side only"
        if not any(p.country for p in event.parties):
            return "no side of a known country"
        if any(codes <= inner for inner in model().domestic):
            return "a domestic matter"
    pair = _PAIRS.get(event.kind)
    if pair:
        first = {_side(p) for p in event.parties if p.role == pair[0]}
        second = {_side(p) for p in event.parties if p.role == pair[1]}
        if first & second:
            return "both sides are of one country"
    return None


def _side(party: Party) -> str:
    return party.country or party.name
