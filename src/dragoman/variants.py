"""Names of one page that are one name: written in two ways that sound or look alike, by somebody's slip.

"One general is called Pan Wenjiang four times and Fan Wenjiang once": both are long names that differ in one character
which sounds or looks like the other, neither stands beside the other, and nothing tells them apart. The name that the
page has most often stands for both; what was written otherwise is kept and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dragoman.actors import Actor
from dragoman.lexicon import Lexicon
from dragoman.mentions import Sentence
from dragoman.pack import Pack

#: A name as short as this may well be another one's whole name.
SHORT = 2
#: Without a post of its own, a name told so rarely beside one told so often is a slip.
RARE, OFTEN = 1, 3
#: So many names that differ in one place are compared.
FEW = 8


class Alike:
    """Which characters a language takes for each other, by sound or by look."""

    def __init__(self, groups: Sequence[str]) -> None:
        self._groups: dict[str, set[int]] = {}
        for number, group in enumerate(groups):
            for char in group:
                self._groups.setdefault(char, set()).add(number)

    def names(self, one: str, other: str) -> bool:
        """Whether two names of one length differ in one character alone, and that is like the other's."""
        if len(one) != len(other) or len(one) <= SHORT:
            return False
        differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
        return len(differing) == 1 and self.characters(*differing[0])

    def characters(self, one: str, other: str) -> bool:
        """Whether two characters are taken for each other."""
        return not self._groups.get(one, set()).isdisjoint(self._groups.get(other, set()))


def alike(pack: Pack) -> Alike:
    """The characters that a pack's language takes for each other."""
    groups = pack.refer["alike"]
    return Alike([*groups["sound"], *groups["look"]])


def variants(like: Alike, lexicon: Lexicon, sentences: Sequence[Sentence]) -> dict[str, str]:
    """The names of a page that are slips, with the name that is meant."""
    persons: dict[str, _Told] = {}
    for number, sentence in enumerate(sentences):
        for mention in sentence.mentions:
            actor = mention.value
            if mention.type == "Person" and isinstance(actor, Actor) and actor.name and len(actor.name) > SHORT:
                persons.setdefault(actor.name, _Told()).add(actor, number)
    found: dict[str, str] = {}
    for one, other in _near(persons):
        if not like.names(one, other) or _known(lexicon, one, other):
            continue
        slip, meant = sorted(
            (one, other), key=lambda name: (persons[name].times, lexicon.row("person", name) is not None)
        )
        if slip not in found and persons[slip].may_be(persons[meant]):
            found[slip] = meant
    return {slip: found.get(meant, meant) for slip, meant in found.items()}


@dataclass(slots=True)
class _Told:
    """What a page tells of a name: how often, in which sentences, with which posts and countries."""

    times: int = 0
    sentences: set[int] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)

    def add(self, actor: Actor, sentence: int) -> None:
        self.times += 1
        self.sentences.add(sentence)
        self.posts.update({actor.post} if actor.post else ())
        self.countries.update({actor.country} if actor.country else ())

    def may_be(self, meant: _Told) -> bool:
        """Whether this can be a slip for a name told as often or more: never beside it, of no other country, and with
        a post of its, or rarely and with none."""
        apart = self.countries and meant.countries and self.countries.isdisjoint(meant.countries)
        lone = self.times <= RARE and meant.times >= OFTEN and not self.posts
        same = not self.posts.isdisjoint(meant.posts) or lone
        return same and not apart and self.sentences.isdisjoint(meant.sentences)


def _near(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The pairs of names that differ in one place; at most FEW for each place, so that no page takes long."""
    like: dict[str, list[str]] = {}
    for name in names:
        for at in range(len(name)):
            others = like.setdefault(f"{name[:at]}?{name[at + 1 :]}", [])
            yield from ((other, name) for other in others)
            if len(others) < FEW:
                others.append(name)


def _known(lexicon: Lexicon, one: str, other: str) -> bool:
    """Whether both are known, as two persons."""
    rows = lexicon.row("person", one), lexicon.row("person", other)
    return all(rows) and rows[0] != rows[1]


def unite(sentences: Sequence[Sentence], slips: Mapping[str, str]) -> None:
    """Give every mention of a slip the name that is meant; its place in the text stays."""
    for sentence in sentences:
        sentence.mentions[:] = [
            replace(mention, value=_named(mention.value, slips)) if isinstance(mention.value, Actor) else mention
            for mention in sentence.mentions
        ]


def _named(actor: Actor, slips: Mapping[str, str]) -> Actor:
    members = tuple(_named(member, slips) for member in actor.members)
    return replace(actor, name=slips.get(actor.name or "", actor.name), members=members)
