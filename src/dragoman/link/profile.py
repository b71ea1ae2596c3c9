"""What is known of one event from all its reports so far: what a new report is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from dragoman.link.claims import TOLD, YEAR, Claim, Party, Window
from dragoman.link.names import LinkRules

#: So many different participants, names and windows of an event are compared at most, the most often told.
MOST = 24
#: A window longer than so many days is looked up by its years, a shorter one by its weeks.
WIDE = 70
#: What is planned is looked for so many days ahead, what is told without a day so many days back.
AHEAD, BACK = 120, 21
#: Events of kinds that name a level or a paper are retold years later; by their name they are found at any time.
NAMED = frozenset({"conference", "meeting", "agreement", "exercise"})

Key = tuple[str | int | None, ...]


#: What nothing was counted in yet; never written to.
_NOTHING: dict[Any, int] = {}
COUNTED = ("parties", "leads", "sides", "windows", "names", "modes", "places", "countries", "posts", "amounts")


@dataclass(slots=True)
class Profile:
    """An event as its reports tell it: how many of them say what. One claim alone is a profile too.

    `sides` counts the countries of participants, `leads` who is named first on a side; `pages` holds for each document
    the items that tell of it, with the event id that reading gave there. `born` tells elder events from younger.
    """

    event: str
    kind: str
    parties: dict[Party, int] = field(default_factory=lambda: _NOTHING)
    leads: dict[Party, int] = field(default_factory=lambda: _NOTHING)
    sides: dict[str, int] = field(default_factory=lambda: _NOTHING)
    windows: dict[tuple[Window, str], int] = field(default_factory=lambda: _NOTHING)
    names: dict[str, int] = field(default_factory=lambda: _NOTHING)
    modes: dict[str, int] = field(default_factory=lambda: _NOTHING)
    places: dict[str, int] = field(default_factory=lambda: _NOTHING)
    countries: dict[str, int] = field(default_factory=lambda: _NOTHING)
    posts: dict[str, int] = field(default_factory=lambda: _NOTHING)
    amounts: dict[tuple[float, str | None], int] = field(default_factory=lambda: _NOTHING)
    pages: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    reports: list[str] = field(default_factory=list)
    born: int = 0

    @classmethod
    def of(cls, claims: Iterable[Claim], event: str | None = None) -> Profile:
        """The profile of claims of one event, which are at least one."""
        made: Profile | None = None
        for claim in claims:
            made = made or cls(event or claim.own_event, claim.kind)
            made.add(claim)
        if made is None:
            raise ValueError("an event has at least one report")
        return made

    def add(self, claim: Claim) -> None:
        """Count what one more report of the event tells."""
        self._count("parties", claim.parties)
        self._count("leads", _leads(claim.parties))
        self._count("sides", {party.country for party in claim.parties if party.country})
        self._count("windows", [(claim.window, claim.status)])
        for counted, value in (
            ("names", claim.name),
            ("modes", claim.mode),
            ("places", claim.place),
            ("countries", claim.place_country),
            ("posts", claim.post),
        ):
            if value:
                self._count(counted, (value,))
        if claim.amount is not None:
            self._count("amounts", [(float(claim.amount), claim.currency)])
        told = self.pages.get(claim.document, ())
        if (claim.item, claim.own_event) not in told:
            self.pages[claim.document] = (*told, (claim.item, claim.own_event))
        self.reports.append(claim.key)

    def _count(self, counted: str, values: Iterable[Any]) -> None:
        counts = getattr(self, counted)
        for value in values:
            if counts is _NOTHING:
                counts = {}
                setattr(self, counted, counts)
            counts[value] = counts.get(value, 0) + 1

    def merge(self, other: Profile) -> None:
        """Count what the reports of another event tell, which is this one."""
        for counted in COUNTED:
            theirs = getattr(other, counted)
            if theirs:
                mine = getattr(self, counted)
                setattr(self, counted, {v: mine.get(v, 0) + theirs.get(v, 0) for v in (*mine, *theirs)})
        for document, told in other.pages.items():
            known = self.pages.get(document, ())
            self.pages[document] = (*known, *(row for row in told if row not in known))
        self.reports += other.reports

    def common_parties(self) -> list[Party]:
        """The participants told most often."""
        if len(self.parties) <= MOST:
            return list(self.parties)
        return sorted(self.parties, key=self.parties.__getitem__, reverse=True)[:MOST]

    def firm_sides(self) -> set[str]:
        """The countries that more than half of the reports name as sides."""
        return {country for country, count in self.sides.items() if 2 * count > len(self.reports)}

    def dated(self) -> Window | None:
        """The days that most reports tell, of equally many the sharpest; None if no report tells any."""
        counts: dict[Window, int] = {}
        sharpest = YEAR
        for (window, _), count in self.windows.items():
            if window.sharpness < sharpest:
                sharpest, counts = window.sharpness, {}
            if window.sharpness == sharpest:
                counts[window] = counts.get(window, 0) + count
        if len(counts) < 2:
            return next(iter(counts), None)
        return max(counts, key=lambda w: (counts[w], not w.open_end and not w.open_start, -w.first, -w.last))

    def span(self) -> tuple[int, int] | None:
        """The first and last day on which the event can have been, by what tells it best; None if nothing does."""
        window = self.dated()
        if window is not None:
            return window.first, window.last
        told = [(window, status) for window, status in self.windows if window.sharpness == TOLD]
        if not told:
            return None
        first = min(window.first - (BACK if status in ("held", "denied") else 2) for window, status in told)
        last = max(window.last + (1 if status in ("held", "denied") else AHEAD) for window, status in told)
        return first, last

    # Where an event is looked up ---------------------------------------------------------------------------

    def lookups(self, rules: LinkRules) -> list[Key]:
        """By what an event is looked up beside its time: its pair of countries, its place, its persons."""
        kind, parties = self.kind, self.common_parties()
        codes = sorted({party.country for party in parties if party.country})
        found: dict[Key, None] = {}
        if kind == "visit":
            visited = sorted(self.countries, key=self.countries.__getitem__, reverse=True)[:2]
            guests = sorted({p.country for p in parties if p.role == "visitor" and p.country})
            found = {(kind, guest, country): None for guest in guests for country in visited}
        elif kind == "conference":
            found = {(kind, country): None for country in self.countries}
        else:
            found = {(kind, a, b): None for i, a in enumerate(codes[:6]) for b in codes[i + 1 : 6]}
        if len(codes) < 2 or kind in ("conference", "appointment"):
            for party in parties:
                if party.kind == "person":
                    found[kind, "person", rules.key(party.name)] = None
                elif kind == "appointment" or len(parties) == 1:
                    found[kind, "body", party.name] = None
        return list(found)

    def blocks(self, rules: LinkRules) -> Iterator[Key]:
        """The keys under which the event is found."""
        span, sides = self.span(), self.lookups(rules)
        if span is None:
            yield from (("ever", *side) for side in sides)
        elif span[1] - span[0] > WIDE:
            yield from (("year", year, *side) for year in _years(span) for side in sides)
        else:
            yield from (("week", week, *side) for week in range(span[0] // 7, span[1] // 7 + 1) for side in sides)
        if self.kind in NAMED:
            yield from (("name", rules.title(name).kernel) for name in self.names if rules.title(name).kernel)

    def wanted(self, rules: LinkRules) -> Iterator[Key]:
        """The keys under which events are looked up that this one can be."""
        span, sides = self.span(), self.lookups(rules)
        yield from (("ever", *side) for side in sides)
        if span is not None:
            first, last = span[0] - 10, span[1] + 10
            yield from (("week", week, *side) for week in range(first // 7, last // 7 + 1) for side in sides)
            yield from (("year", year, *side) for year in _years((first, last)) for side in sides)
        if self.kind in NAMED:
            yield from (("name", rules.title(name).kernel) for name in self.names if rules.title(name).kernel)


def _leads(parties: Iterable[Party]) -> list[Party]:
    """The person named first on each side, whom others only go along with."""
    first: dict[tuple[str, str | None], Party] = {}
    for party in parties:
        if party.kind == "person":
            first.setdefault((party.role, party.country), party)
    return list(first.values())


def _years(span: tuple[int, int]) -> range:
    """The years (of 365 days, counted from day 0) that a span of days touches."""
    return range(span[0] // 365, span[1] // 365 + 1)
