"""Who is who on one page: every person seen, with countries and posts, so that a post or short name can be resolved."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from dragoman.actors import Actor
from dragoman.lexicon import Lexicon
from dragoman.match import Mention
from dragoman.mentions import Sentence

#: A country told with a post weighs more than any number of bare names, whose country is that of a list.
_POST = 1000
#: The rank of whoever leads a state, and the ranks that such a person can have.
LEADER = "leader"
LEADING = ("head_of_state", "head_of_government", "monarch")


@dataclass(slots=True)
class Person:
    """A person of the page: the countries that mentions give, and the posts in text order with where they stand."""

    name: str
    countries: Counter[str] = field(default_factory=Counter)
    posts: dict[str, tuple[str | None, int, int]] = field(default_factory=dict)
    former: set[str] = field(default_factory=set)
    first: int = 0
    stateless: bool = False

    @property
    def country(self) -> str | None:
        """The country that most mentions give, the first of equals."""
        return self.countries.most_common(1)[0][0] if self.countries else None

    @property
    def post(self) -> str | None:
        """The office to write down: the fullest early one, a present one rather than a former."""
        if not self.posts:
            return None
        return max(self.posts, key=lambda post: (post not in self.former, post.count("、"), min(len(post), 12)))

    def has_rank(self, rank: str | None) -> bool:
        """Whether one of the person's posts has this rank."""
        return any(rank == row[0] for row in self.posts.values())


class Register:
    """All persons of a page, filled sentence by sentence."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.persons: dict[str, Person] = {}
        self.behind: Register | None = None
        self.variants: dict[str, str] = {}  # names that are slips, with the name that is meant
        self._ranks: dict[str, list[Person]] = {}
        self._holders: dict[tuple[str, str], list[Person]] = {}

    def add(self, sentences: Iterable[Sentence]) -> None:
        """Note every person mention of these sentences."""
        for sentence in sentences:
            for mention in sentence.mentions:
                if mention.type == "Person":
                    self._note(mention)
        self._ranks.clear()
        self._holders.clear()

    def _note(self, mention: Mention) -> None:
        actor: Actor = mention.value
        if actor.name is None:
            return
        person = self.persons.setdefault(actor.name, Person(actor.name, first=mention.start))
        person.stateless = person.stateless or actor.stateless
        if actor.country:
            person.countries[actor.country] += _POST if actor.post else 1
        if actor.post:
            person.posts.setdefault(actor.post, (actor.rank, mention.start, mention.end))
            if actor.former:
                person.former.add(actor.post)

    def country(self, name: str) -> str | None:
        """The country of a person of this page, from the page or, if that is silent, from the list of leaders."""
        person = self.persons.get(name)
        if person is not None and person.country:
            return person.country
        if person is not None and person.stateless:
            return None
        if person is not None and person.has_rank("spouse"):
            return self._married(person)
        if self.behind is not None:
            return self.behind.country(name)
        row = self.lexicon.row("person", name)
        return (row["code"] or None) if row else None

    def _married(self, person: Person) -> str | None:
        """The country of the one whose spouse somebody is said to be, by the name in the post."""
        for post in person.posts:
            named = [name for name in self.persons if name in post and name != person.name]
            if named:
                return self.country(max(named, key=len))
        return None

    def holder(self, rank: str | None, country: str | None, before: int) -> Person | None:
        """The person of the page with this rank and country; the last one first seen before an offset, else any."""
        if rank is None or country is None:
            return None
        fits = self._holders.get((rank, country))
        if fits is None:
            found = [p for p in self.of_rank(rank) if self.country(p.name) == country]
            fits = self._holders[rank, country] = sorted(found, key=lambda p: p.first)
        earlier = bisect_right(fits, before, key=lambda p: p.first)
        if earlier:
            return fits[earlier - 1]
        return fits[0] if len(fits) == 1 else None

    def leader(self, country: str | None, before: int) -> Person | None:
        """Who leads a country, if the page tells one person up to an offset who is its head of state or government."""
        told = {
            person.name: person
            for rank in LEADING
            for person in self.of_rank(rank)
            if country is not None and person.first <= before and self.country(person.name) == country
        }
        return next(iter(told.values())) if len(told) == 1 else None

    def of_rank(self, rank: str) -> list[Person]:
        """The persons of the page with a post of this rank, in the order in which they were noted."""
        if not self._ranks:
            for person in self.persons.values():
                for held in {row[0] for row in person.posts.values() if row[0] is not None}:
                    self._ranks.setdefault(held, []).append(person)
        return self._ranks.get(rank, [])

    def only(self, rank: str | None, before: int) -> Person | None:
        """The one person of this rank that the page has told before an offset, if it is one."""
        told = [p for p in self.of_rank(rank) if p.first < before] if rank is not None else []
        return told[0] if len(told) == 1 else None


def holders(register: Register, members: Iterable[Actor], rank: str | None, before: int) -> list[Person] | None:
    """The holders of a rank in each of several countries, or None if one of them is not known."""
    found = (
        [register.leader(member.country, before) for member in members]
        if rank == LEADER
        else [register.holder(rank, member.country, before) for member in members]
    )
    known = [person for person in found if person is not None]
    return known if known and len(known) == len(found) else None
