"""Persons across spellings: which names of a record are one person's, under which posts and when.

Two spellings are one person's if they stand on the same side of one event, or differ only as pages write the same name
(characters, brackets, dots). Two names that one report tells side by side are two persons, whatever else speaks for it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from dragoman.link.claims import Claim, Party
from dragoman.link.names import LinkRules

#: A name with its country.
Name = tuple[str, str | None]


@dataclass(slots=True)
class Post:
    """A post as pages give it, with the first and last day on which a page gave it, and in how many reports."""

    post: str
    first: str | None
    last: str | None
    reports: int


@dataclass(slots=True)
class Person:
    """A person: the name most pages use, every spelling with the number of reports that have it, and posts in the
    order of their first day. `doubtful` are spellings that differ in one character: perhaps misspelt."""

    name: str
    country: str | None
    spellings: dict[str, int]
    posts: list[Post] = field(default_factory=list)
    doubtful: tuple[str, ...] = ()


def people(events: Iterable[Sequence[Claim]], rules: LinkRules) -> list[Person]:
    """The persons of all events, those told most often first. Each event is the claims that were linked to it."""
    seen: Counter[Name] = Counter()
    apart: set[frozenset[Name]] = set()
    alike: dict[frozenset[Name], str] = {}
    posts: dict[Name, dict[str, list[str | None]]] = defaultdict(lambda: defaultdict(list))
    for claims in events:
        sides: dict[tuple[str, str | None], dict[str, Party]] = defaultdict(dict)
        for claim in claims:
            persons = [party for party in claim.parties if party.kind == "person"]
            for party in persons:
                seen[party.name, party.country] += 1
                sides[party.role, party.country].setdefault(party.name, party)
                if party.post:
                    posts[party.name, party.country][party.post].append(claim.published)
            apart |= {_pair(one, other) for one, other in combinations(persons, 2)}
        for parties in sides.values():
            for one, other in combinations(parties.values(), 2):
                how = rules.alike(one.name, other.name)
                if how is not None and (how != "slip" or rules.posts_agree(one.post, other.post)):
                    alike[_pair(one, other)] = how
    for names in _by_key(seen, rules).values():
        for first, second in combinations(names, 2):
            if first[1] == second[1] and rules.alike(first[0], second[0]) == "same":
                alike[frozenset((first, second))] = "same"
    return sorted(_persons(seen, alike, apart, posts), key=lambda person: -sum(person.spellings.values()))


def _pair(one: Party, other: Party) -> frozenset[Name]:
    return frozenset(((one.name, one.country), (other.name, other.country)))


def _by_key(names: Iterable[Name], rules: LinkRules) -> dict[str, list[Name]]:
    found: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        found[rules.key(name[0])].append(name)
    return found


def _persons(
    seen: Counter[Name],
    alike: Mapping[frozenset[Name], str],
    apart: set[frozenset[Name]],
    posts: Mapping[Name, Mapping[str, list[str | None]]],
) -> Iterator[Person]:
    """Groups of names that are alike, joined one pair after the other, the surest first, unless told apart."""
    group: dict[Name, list[Name]] = {name: [name] for name in seen}
    slips: set[Name] = set()
    for pair, how in sorted(alike.items(), key=lambda row: (_SURE.index(row[1]), sorted(map(str, row[0])))):
        if len(pair) < 2:
            continue
        one, other = sorted(pair, key=lambda name: (-seen[name], str(name)))
        mine, theirs = group[one], group[other]
        if mine is theirs or any(frozenset((a, b)) in apart for a in mine for b in theirs):
            continue
        if how == "slip":
            slips.add(other)
        mine += theirs
        for name in theirs:
            group[name] = mine
    for names in {id(members): members for members in group.values()}.values():
        best = max(names, key=lambda name: (seen[name], len(name[0]), name[0]))
        yield Person(
            best[0],
            best[1],
            {name[0]: seen[name] for name in sorted(names, key=lambda name: (-seen[name], name[0]))},
            _terms(names, posts),
            tuple(name[0] for name in names if name in slips),
        )


#: The surest first.
_SURE = ("same", "part", "sound", "slip")


def _terms(names: Iterable[Name], posts: Mapping[Name, Mapping[str, list[str | None]]]) -> list[Post]:
    told: dict[str, list[str | None]] = defaultdict(list)
    for name in names:
        for post, days in posts.get(name, {}).items():
            told[post] += days
    found = []
    for post, days in told.items():
        known = [day for day in days if day]
        found.append(Post(post, min(known, default=None), max(known, default=None), len(days)))
    return sorted(found, key=lambda row: (row.first or "", row.post))
