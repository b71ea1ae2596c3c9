"""Who stands in a sentence: from words and names to actors, phase by phase, by the rules of actors.toml.

An actor is a person with posts, a body, an organisation, a country, several countries, or a group whose members the
text gives elsewhere (both sides, the two presidents). The phases and their patterns are the pack's; this module
only knows what a rule's roles mean: name, post, at (the country or body in front), to (where somebody is posted),
body, many (several countries), where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dragoman.match import Match, Mention, Squeezed

if TYPE_CHECKING:
    from dragoman.pack import Pack

#: The code of a post in a body that belongs to no country.
STATELESS = "-"


@dataclass(slots=True, unsafe_hash=True)  # never changed, but to make a frozen one takes three times as long
class Actor:
    """Somebody or something that can take part.

    `name` is None for a post without a name ("the foreign minister") and for groups whose members are told elsewhere;
    `rank` is the rank of the post, `members` the countries of a pair or collective, `span` where the name stands.
    `stateless` is who holds a post in a body of many states that has no code: the country on his passport is not his.
    """

    name: str | None
    kind: str
    country: str | None = None
    post: str | None = None
    rank: str | None = None
    members: tuple[Actor, ...] = ()
    span: tuple[int, int] = (0, 0)
    count: int = 0
    former: bool = False
    stateless: bool = False


@dataclass(frozen=True, slots=True)
class Locality:
    """A place as written, with the country in which it lies."""

    text: str
    country: str | None


class ActorBuilder:
    """Makes the value of a mention from what a rule of the actor phases has matched."""

    def __init__(self, short: dict[str, str], states: frozenset[str]) -> None:
        self.short = short
        self.states = states

    def build(self, match: Match, sentence: Squeezed, text: str) -> Mention | None:
        """The mention that `match` makes, or None if its parts do not fit together."""
        start, end = sentence.span(match.start, match.end)
        rule = match.rule
        value = getattr(self, "_" + rule.makes.lower())(match, sentence, text)
        if value is None:
            return None
        return Mention(start, end, rule.makes, value, rule.name)

    # One method for each type that actors.toml may make -------------------------------------------------

    def _office(self, match: Match, sentence: Squeezed, text: str) -> Actor | None:
        start, end = sentence.span(match.start, match.end)
        posts = match.roles["post"]
        at = match.roles.get("at", [])
        country = next((c for m in at if (c := self.country_of(m))), None)
        if country is None and at:  # a member of an organisation that has no country
            by = [m for m in match.roles.get("by", []) if m.type == "Country"]
            country = next((c for m in by if (c := self.country_of(m))), None)
        if country is None:
            bodies = match.roles.get("body", [])
            country = next((c for m in (*posts, *bodies) if (c := self.country_of(m))), None)
        stateless = country is None and any(is_stateless(m) for m in (*at[:1], *posts))
        return Actor(
            None,
            "person",
            country,
            text[start:end].strip(),
            _rank(posts[-1]),
            span=(start, end),
            former="former" in match.texts,
            stateless=stateless,
        )

    def _person(self, match: Match, sentence: Squeezed, text: str) -> Actor | None:
        names = match.roles["name"]
        if isinstance(names[0].value, Actor):  # who leads a delegation stands for it
            leader = names[0].value
            return replace(leader, country=leader.country or self.country_of(match.roles["at"][0]))
        offices = _inside(match, sentence, "Office")  # a repeated slot keeps only its last mention
        name = names[0]
        country = next((o.value.country for o in offices if o.value.country), None)
        at = match.roles.get("at", [])
        if country is None and at:
            country = self.country_of(at[0])
        of_body = any(o.value.stateless for o in offices[:1])
        posts = [o.value.post for o in offices]
        if at and posts:
            posts[0] = text[at[0].start : offices[0].end].strip()
        rank = offices[-1].value.rank if offices else None
        if "ends" in match.rule.options:  # with another's name in front: whose spouse or envoy somebody is
            until = match.roles["first"][0].end if "first" in match.roles else name.start
            whose = text[sentence.span(match.start, match.end)[0] : until].strip()
            company = any(m.value["kind"] == "company" for m in _inside(match, sentence, "Honorific"))  # "X and wife Y"
            if company or not whose.endswith(match.rule.options["ends"]):
                return None
            if "first" in match.roles:
                posts = [whose, *(o.value.post for o in offices if o.start >= until)]
        if "rank" in match.rule.options:  # that is no post of his or her own
            rank, posts = match.rule.options["rank"], [whose]
        return Actor(
            name.value.full,
            "person",
            country or (None if of_body else name.value.country),
            "、".join(posts) if posts else None,
            rank,
            span=(name.start, name.end),
            former=any(o.value.former for o in offices),
            stateless=of_body and country is None,
        )

    def _organ(self, match: Match, sentence: Squeezed, text: str) -> Actor | None:
        start, end = sentence.span(match.start, match.end)
        at = match.roles.get("at", [])
        country = next((c for m in at if (c := self.country_of(m))), None)
        for body in match.roles.get("body", []):
            country = country or (body.value.get("code") or None)
        return Actor(text[start:end].strip(), "organisation", country, span=(start, end))

    _delegation = _organ
    _ship = _organ

    def _country(self, match: Match, sentence: Squeezed, text: str) -> Actor | None:
        return self.as_actor(match.roles["at"][0])

    def _pair(self, match: Match, sentence: Squeezed, text: str) -> Actor | None:
        members = self.countries(_inside(match, sentence, "Country"))
        return Actor(None, "country", members=members) if len(members) > 1 else None

    def _collective(self, match: Match, sentence: Squeezed, text: str) -> Actor | None:
        members = self.countries(_inside(match, sentence, "Country", "Pair")) if "many" in match.roles else ()
        last = match.roles.get("last", [])
        if last and not last[0].value.country:
            return None
        members += tuple(m for m in self.countries(last) if m.country not in {known.country for known in members})
        posts = match.roles.get("post", last)
        rank = _rank(posts[-1]) if posts else match.rule.options.get("rank")
        count = match.rule.options.get("count", 0)
        if "many" in match.roles and len(members) < 2:
            return None
        return Actor(None, "country", rank=rank, members=members, count=count or len(members))

    def _pronoun(self, match: Match, sentence: Squeezed, text: str) -> Actor | None:
        options = match.rule.options
        offices = _inside(match, sentence, "Office")
        rank = _rank(offices[-1]) if offices else options.get("rank")
        return Actor(None, options.get("kind", "person"), rank=rank, count=options["count"])

    def _venue(self, match: Match, sentence: Squeezed, text: str) -> Locality | None:
        if "place" in match.rule.options:
            return Locality(match.rule.options["place"], match.rule.options["code"])
        for palace in match.roles.get("palace", []):
            row = palace.value
            return Locality(row["surface"], row["code"]) if row.get("kind") == "palace" and row["code"] else None
        return self.locality(match, sentence, text)

    def locality(self, match: Match, sentence: Squeezed, text: str) -> Locality | None:
        """The place that the role `where` of a match names."""
        where = match.roles.get("where", [])
        if not where:
            return None
        country = next((c for m in where if (c := self.country_of(m))), None)
        places = [m for m in where if m.type == "Place"]
        if not places:
            return Locality("", country)
        last = match.texts.get("hall")
        end = sentence.span(*last)[1] if last else places[-1].end
        return Locality(text[places[0].start : end].strip(), country)

    def _lead(self, match: Match, sentence: Squeezed, text: str) -> str:
        return ""

    _bracket = _lead

    # ---------------------------------------------------------------------------------------------------

    def country_of(self, mention: Mention) -> str | None:
        """The code of the country that a mention stands for or belongs to."""
        value = mention.value
        if isinstance(value, Actor):
            return value.country
        code: str = value.get("code", "") if isinstance(value, dict) else ""
        return None if code == STATELESS else code or None

    def countries(self, mentions: Sequence[Mention]) -> tuple[Actor, ...]:
        """The countries named by several mentions, each once, in text order."""
        out: dict[str, Actor] = {}
        for mention in mentions:
            value = mention.value
            if isinstance(value, Actor) and value.members:
                for member in value.members:
                    out.setdefault(member.country or "", member)
            else:
                code = self.country_of(mention)
                if code:
                    out.setdefault(code, self.of_code(code, mention))
        return tuple(out.values())

    def of_code(self, code: str, mention: Mention) -> Actor:
        """The country with this code, as an actor under its short name."""
        kind = "country" if code in self.states else "organisation"
        return Actor(self.short.get(code, code), kind, code, span=(mention.start, mention.end))

    def as_actor(self, mention: Mention) -> Actor | None:
        """The actor that a mention of any type stands for."""
        value = mention.value
        if isinstance(value, Actor):
            return value
        if mention.type == "Country":
            return self.of_code(value["code"], mention)
        if mention.type == "Organisation":
            return Actor(value["surface"], "organisation", value["code"] or None, span=(mention.start, mention.end))
        return None


class CharacterFrames:
    """The frames in which a single character is read as the name of a country (actors.toml, [characters])."""

    def __init__(self, raw: Mapping[str, Any], characters: Iterable[str]) -> None:
        every = f"(?:(?!{'|'.join(raw['words'])})[{''.join(sorted(characters))}])"
        plain = "[" + "".join(sorted(set(characters) - set(raw["careful"]))) + "]"
        careful = "[" + "".join(raw["careful"]) + "]"
        motion = "[" + "".join(raw["motion"]) + "]"
        still = "".join(f"(?<!{word})" for word in raw["motion_not"])
        relation = "[" + "".join(raw["relation"]) + "]"
        never = "(?!" + "|".join(raw["never"]) + ")"
        not_before = "(?<![" + "".join(raw["not_before"]) + "])"
        not_before = f"(?:{not_before}|{'|'.join(f'(?<={word})' for word in raw['yet_before'])})"
        self.sure = frozenset(raw["sure"])
        self.motion = frozenset(raw["motion"])
        self.home = frozenset(raw["home"])
        self.pairs: Mapping[str, Sequence[str]] = raw.get("pairs", {})
        self.groups: Mapping[str, Sequence[str]] = raw.get("groups", {})
        self.counted: Mapping[str, int] = raw.get("counted", {})
        listed, nations = "[" + "".join(raw["listed"]) + "]", _either(list(self.counted))
        frames = [
            f"{not_before}(?P<run>{every}{{2,5}})",
            f"(?:{not_before}|(?<={listed})){every}(?=(?:{listed}{every}){{1,4}}{nations})",
            f"(?<={every}{listed}){every}(?={nations})",
            f"(?<={motion}){still}{every}{{1,3}}",
            f"(?<={relation}){every}{{1,3}}(?={_either(raw['relation_after'])}|[,。;、!?()])",
            f"{not_before}{plain}(?={_either(raw['after'])})",
            f"{not_before}{careful}(?={_either(raw['careful_after'])})",
        ]
        first = "(?=[" + "".join(sorted({*characters, *raw["careful"]})) + "])"  # most characters fail here already
        self.regex = re.compile(f"{first}{never}(?:{'|'.join(frames)})")


def _either(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(w) for w in words) + ")"


def _inside(match: Match, sentence: Squeezed, *types: str) -> list[Mention]:
    return [m for m in sentence.mentions[match.start : match.end] if m is not None and m.type in types]


def is_stateless(mention: Mention) -> bool:
    """Whether a mention is an organisation that belongs to no country, or a post in one."""
    row = mention.value
    if mention.type == "Organisation":
        return row["kind"] == "intergovernmental" and not row["code"]
    return isinstance(row, dict) and row.get("code") == STATELESS


def _rank(mention: Mention) -> str | None:
    value = mention.value
    rank: str | None = value.rank if isinstance(value, Actor) else value["rank"]
    return rank


def run_phases(pack: Pack, text: str, sentence: Squeezed, mentions: list[Mention]) -> tuple[list[Mention], Squeezed]:
    """Run the actor phases over a sentence with these mentions; each phase sees what the one before has made."""
    for phase in pack.phases:
        made = []
        for rule in phase.candidates(sentence):
            for match in rule.matches(sentence, pack.types):
                mention = pack.builder.build(match, sentence, text)
                if mention is not None:
                    made.append((match.start, match.end, mention))
        if made:
            mentions, sentence = put(pack, sentence, mentions, made)
    return mentions, sentence


def put(
    pack: Pack, sentence: Squeezed, mentions: list[Mention], made: list[tuple[int, int, Mention]]
) -> tuple[list[Mention], Squeezed]:
    """The mentions and the squeezed sentence with new mentions in the squeezed stretches where they were found; among
    the new, the earliest, then longest, then first wins."""
    chosen: list[tuple[int, int, Mention]] = []
    for row in sorted(made, key=lambda row: (row[0], -row[1])):
        if not chosen or row[0] >= chosen[-1][1]:
            chosen.append(row)
    merged = merge(mentions, [mention for _, _, mention in chosen])
    return merged, sentence.replaced(chosen, pack.types, pack.transparent)


def merge(old: Sequence[Mention], new: Sequence[Mention]) -> list[Mention]:
    """New mentions, in order, replace the old ones that they cover."""
    out: list[Mention] = []
    i = 0
    for mention in new:
        while i < len(old) and old[i].end <= mention.start:
            out.append(old[i])
            i += 1
        while i < len(old) and old[i].start < mention.end:
            i += 1
        out.append(mention)
    out.extend(old[i:])
    return out
