"""The register of posts: every (person, post, country) that pages tell, with its dates, grown into terms of office.

A term is what pages show: from the first day on which somebody is called the holder to the last, with the words that
say so. Who acts for a holder, held the post before or is to hold it has terms of his own. The register also lists what
does not fit: names spelt in two ways, and two holders of a post that one person has at a time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from dragoman import edtf
from dragoman.chronicle import OPEN
from dragoman.model import Fact, Reading
from dragoman.pack import Pack
from dragoman.variants import Alike, alike

#: How a post is held.
HELD, ACTING, FORMER, DESIGNATE = "held", "acting", "former", "designate"
#: A holder seen so many days or fewer behind the first day of the next is one whom a late page still calls so.
LATE = 15
#: Another spelling stands in at most one of so many places where the name stands.
SHARE = 10
#: Who is told so often between two days of another has parted the other's term in two.
PARTING = 2
#: Between the posts of a person in the lexicon.
LISTED = "\u3001"
#: Between the parts of a foreign name; the last part stands for the whole.
DOT = "\u00b7"

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Proof:
    """Where a page says that somebody holds a post: document, item, day of the item, offsets, words."""

    document: str
    item: str
    day: str
    start: int
    end: int
    text: str


@dataclass(slots=True)
class Term:
    """Somebody's time in a post, as far as pages show it. `first` and `last` are days; None if no page was dated.
    `post` is the words told most, `seat` its name where one person at a time holds it; `variants` are other
    spellings of the name, with how often each was told; `evidence` is the first and the last proof."""

    person: str
    post: str
    country: str
    manner: str
    seat: str | None = None
    first: str | None = None
    last: str | None = None
    seen: int = 0
    variants: dict[str, int] = field(default_factory=dict)
    evidence: list[Proof] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The line of output."""
        return {"row": "term", **asdict(self)}

    def __str__(self) -> str:
        days = f"{self.first or '?':<10} {self.last or '?':<10} {self.seen:>4}x"
        also = "".join(f", also {name} ({times}x)" for name, times in sorted(self.variants.items()))
        return f"{self.country}  {days}  {self.manner:<9}  {self.post}  {self.person}{also}"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What cannot all be so: two persons told to hold one seat over days that overlap, or (`persons` is one then) a
    holder told in years that are none of those known of him."""

    seat: str
    country: str
    persons: tuple[str, ...]
    first: str
    last: str
    evidence: tuple[Proof, ...]

    def to_json(self) -> dict[str, Any]:
        """The line of output."""
        return {"row": "contradiction", **asdict(self)}

    def __str__(self) -> str:
        told = "; ".join(f"{proof.document} {proof.item} {proof.start}-{proof.end}" for proof in self.evidence)
        what = " and ".join(self.persons) + (" at one time" if len(self.persons) > 1 else " in years not known of him")
        return f"{self.country}  {self.first:<10} {self.last:<10}  contradiction: {self.seat}: {what} ({told})"


@dataclass(slots=True)
class _Seen:
    """What has been seen of one person in one post."""

    posts: Counter[str] = field(default_factory=Counter)
    variants: Counter[str] = field(default_factory=Counter)
    proofs: list[Proof] = field(default_factory=list)

    @property
    def times(self) -> int:
        return self.posts.total()

    def take(self, other: _Seen, name: str) -> None:
        """Take over what was seen under another form of the name."""
        self.posts.update(other.posts)
        self.variants.update(other.variants)
        self.variants[name] += other.times
        self.proofs.extend(other.proofs)


class PostRegister:
    """Grows from readings, one after the other."""

    def __init__(self, pack: Pack) -> None:
        self._rules = pack.refer["office"]
        self._chronicle, self._lexicon = pack.chronicle, pack.lexicon
        self._alike: Alike = pack.reader(alike)
        self._countries = {surface for surface in pack.lexicon.tables["country"] if len(surface) > 1}
        self._countries |= set(pack.lexicon.characters)
        self._seats = {word: seat for seat, words in self._rules["seats"].items() for word in words}
        self._seen: dict[Key, dict[str, _Seen]] = {}

    def add(self, reading: Reading) -> None:
        """Take the posts of a reading."""
        days = {item["item"]: item["published"] for item in reading.document["items"]}
        for fact in reading.facts:
            if fact.fact == "post" and fact.fields["country"]:
                self._add(fact, days.get(fact.item), reading.variants)

    def _add(self, fact: Fact, day: str | None, slips: dict[str, str]) -> None:
        words = fact.evidence[0]
        known = edtf.parse(day)
        dated = known is not None and known.day is not None and known.year is not None
        proof = Proof(fact.document, fact.item, day or "", words.start, words.end, words.text) if dated else None
        country, person = fact.fields["country"], fact.fields["person"]
        before, mark = HELD, ""
        for part in re.split(f"({self._rules['joint']})", fact.fields["post"]):
            if not part or re.fullmatch(self._rules["joint"], part):
                mark = part
                continue
            manner, post = self._manner(part)
            if manner == HELD and mark == self._rules["at_once"]:
                manner = before
            before = manner
            bare = self._bare(post)
            key = (country, self._seats.get(bare, bare), manner)
            seen = self._seen.setdefault(key, {}).setdefault(person, _Seen())
            seen.posts[post] += 1
            seen.proofs.extend([proof] if proof else ())
            seen.variants.update(slip for slip, meant in slips.items() if meant == person)

    def _manner(self, post: str) -> tuple[str, str]:
        """How a post is held, and the post without the word that says so."""
        for manner in (FORMER, ACTING, DESIGNATE):
            for word in self._rules[manner]:
                at = post.find(word)
                if at >= 0 and (at == 0 or self._is_country(post[:at])):
                    return manner, post[:at] + post[at + len(word) :]
        return HELD, post

    def _bare(self, post: str) -> str:
        """A post without the country and the government in front of it."""
        for size in range(len(post) - 1, 0, -1):
            if self._is_country(post[:size]):
                post = post[size:]
                break
        for word in self._rules["of"]:
            if post.startswith(word) and post != word:
                post = post[len(word) :]
        return post

    def _is_country(self, words: str) -> bool:
        return words in self._countries

    # -- what has grown -----------------------------------------------------------------------------

    def terms(self) -> list[Term]:
        """All terms, by country, post and first day."""
        found: list[Term] = []
        for key in sorted(self._seen):
            persons = self._united(key)
            seat = key[1] if key[1] in self._rules["seats"] else None
            rows = [
                self._term(key, seat, person, seen, proofs)
                for person, seen in persons.items()
                for proofs in (_parts(person, persons) if seat else [seen.proofs])
            ]
            found.extend(sorted(rows, key=lambda term: (term.first or "", term.person)))
        return found

    def contradictions(self, terms: Iterable[Term]) -> Iterator[Contradiction]:
        """Holders of one seat of whom each is told as such while the other is, and holders in years not theirs."""
        seats: dict[tuple[str, str], list[Term]] = {}
        for term in terms:
            if term.seat and term.manner == HELD and term.evidence:
                seats.setdefault((term.country, term.seat), []).append(term)
        for (country, seat), held in seats.items():
            for one, other in combinations(held, 2):
                first, last = max(str(one.first), str(other.first)), min(str(one.last), str(other.last))
                if one.person != other.person and _days(first, last) > LATE:
                    proofs = (one.evidence[-1], other.evidence[0])
                    yield Contradiction(seat, country, (one.person, other.person), first, last, proofs)
            for term in held:
                known = self._years(term)
                wrong = [
                    proof
                    for proof in term.evidence
                    if known and not any(first <= int(proof.day[:4]) <= last for first, last in known)
                ]
                if wrong:
                    yield Contradiction(seat, country, (term.person,), wrong[0].day, wrong[-1].day, tuple(wrong))

    def _years(self, term: Term) -> list[tuple[int, int]]:
        """From which year to which the holder of a seat is known to have held it."""
        held = self._chronicle.held(term.person, term.country, term.post)
        row = self._lexicon.row("person", term.person)
        if held or row is None or not row["from"] or row["code"] != term.country:
            return [(known.first, known.last) for known in held]
        posts = {self._seats.get(self._bare(post)) for post in row["post"].split(LISTED)}
        return [(int(row["from"]), int(row["to"] or OPEN))] if term.seat in posts else []

    def _term(self, key: Key, seat: str | None, person: str, seen: _Seen, proofs: list[Proof]) -> Term:
        country, _, manner = key
        days = sorted(proofs, key=lambda proof: proof.day)
        ends = list(dict.fromkeys((days[0], days[-1]))) if days else []
        first, last = (days[0].day, days[-1].day) if days else (None, None)
        words = seen.posts.most_common(1)[0][0]
        times = len(proofs) if len(proofs) < len(seen.proofs) else seen.times
        return Term(person, words, country, manner, seat, first, last, times, dict(seen.variants), ends)

    def _united(self, key: Key) -> dict[str, _Seen]:
        """The persons of one post, with other spellings and shorter forms of a name under the name that is meant."""
        persons = dict(self._seen[key])
        for name in sorted(persons, key=lambda name: (persons[name].times, len(name))):
            meant = [other for other in persons if other != name and self._same(name, other, persons)]
            if len(meant) == 1:
                merged = _Seen()
                merged.posts.update(persons[meant[0]].posts)
                merged.variants.update(persons[meant[0]].variants)
                merged.proofs.extend(persons[meant[0]].proofs)
                merged.take(persons.pop(name), name)
                persons[meant[0]] = merged
        return persons

    def _same(self, name: str, other: str, persons: Mapping[str, _Seen]) -> bool:
        """Whether a name is a part of another one, the same with an initial, or its rare other spelling."""
        mine, parts = name.split(DOT), other.split(DOT)
        if len(mine) < len(parts) and mine in (parts[: len(mine)], parts[-len(mine) :]):
            return True
        if len(mine) == len(parts) > 1 and mine[1:] == parts[1:] and parts[0].startswith(mine[0]):
            return True
        return self._alike.names(name, other) and persons[name].times * SHARE <= persons[other].times


def _parts(person: str, persons: Mapping[str, _Seen]) -> list[list[Proof]]:
    """The proofs of a person by term: another's between two of them, told twice and of more days than `LATE`, parts
    them."""
    own = sorted(persons[person].proofs, key=lambda proof: proof.day)
    others = {name: [proof.day for proof in seen.proofs] for name, seen in persons.items() if name != person}
    parts: list[list[Proof]] = [[]]
    for proof in own:
        if parts[-1] and _days(parts[-1][-1].day, proof.day) > LATE:
            before = parts[-1][-1].day
            between = max((sum(before < day < proof.day for day in days) for days in others.values()), default=0)
            if between >= PARTING:
                parts.append([])
        parts[-1].append(proof)
    return parts


def _days(first: str, last: str) -> int:
    """How many days lie between two days; less than nothing if the first is later."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
