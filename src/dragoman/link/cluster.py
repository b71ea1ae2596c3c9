"""From claims to events: one claim at a time, compared only with the events near it.

An event keeps its id for good: it is that of its first report. Judgements of people always win over evidence.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from dragoman.link.claims import Claim, Judgement
from dragoman.link.evidence import Piece, Verdict, compare, weights
from dragoman.link.names import LinkRules, load_rules
from dragoman.link.profile import Key, Profile

#: So many events are compared with a claim at most, those first that share most keys with it.
MOST = 60


class Contradiction(ValueError):
    """Judgements that cannot all hold: two reports are the same by some and different by another."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a claim was put, and why: the evidence against the event as it was before, empty for a new one. `merged`
    are the events that became one with it by this claim. `judged`: a judgement decided, not the evidence."""

    key: str
    event: str
    new: bool
    weight: float = 0.0
    pieces: tuple[Piece, ...] = ()
    merged: tuple[str, ...] = ()
    judged: bool = False


class Shelf(Protocol):
    """Where events are kept while linking: in memory (`Memory`), or in a store."""

    def near(self, keys: Iterable[Key]) -> list[Profile]:
        """Events that stand under any of these keys, those under most of them first, at most MOST."""

    def put(self, profile: Profile, keys: Iterable[Key]) -> None:
        """Keep an event, new or changed, under these keys (and those it had)."""

    def drop(self, event: str) -> None:
        """Forget an event."""

    def get(self, event: str) -> Profile | None:
        """An event by its id."""

    def event_of(self, report: str) -> str | None:
        """The event to which a report belongs, by the report's key."""


@dataclass(slots=True)
class Memory:
    """A shelf in memory."""

    profiles: dict[str, Profile] = field(default_factory=dict)
    blocks: dict[Key, list[str]] = field(default_factory=dict)
    under: dict[str, set[Key]] = field(default_factory=dict)
    belongs: dict[str, str] = field(default_factory=dict)

    def near(self, keys: Iterable[Key]) -> list[Profile]:
        shared: dict[str, int] = defaultdict(int)
        for key in keys:
            for event in self.blocks.get(key, ()):
                shared[event] += 1
        best = sorted(shared, key=lambda event: -shared[event])[:MOST]
        return [self.profiles[event] for event in best]

    def put(self, profile: Profile, keys: Iterable[Key]) -> None:
        event = profile.event
        fresh = event not in self.profiles
        self.profiles[event] = profile
        known = self.under.setdefault(event, set())
        for key in keys:
            if key not in known:
                known.add(key)
                self.blocks.setdefault(key, []).append(event)
        for report in profile.reports if fresh else profile.reports[-1:]:
            self.belongs[report] = event

    def drop(self, event: str) -> None:
        for report in self.profiles.pop(event).reports:
            del self.belongs[report]
        for key in self.under.pop(event, ()):
            left = self.blocks[key]
            left.remove(event)
            if not left:
                del self.blocks[key]

    def get(self, event: str) -> Profile | None:
        return self.profiles.get(event)

    def event_of(self, report: str) -> str | None:
        return self.belongs.get(report)


class Judged:
    """What judgements say of reports: groups that are one event, and pairs of groups that are two."""

    def __init__(self, judgements: Sequence[Judgement] = ()) -> None:
        self._group: dict[str, str] = {}
        self.members: dict[str, list[str]] = {}
        for judgement in judgements:
            if judgement.verdict == "same":
                self._join(judgement.one, judgement.other)
        self.apart: dict[str, set[str]] = defaultdict(set)
        for judgement in judgements:
            if judgement.verdict == "different":
                one, other = self.group(judgement.one), self.group(judgement.other)
                if one == other:
                    raise Contradiction(f"{judgement.one} and {judgement.other} are judged both same and different")
                self.apart[one].add(other)
                self.apart[other].add(one)

    def group(self, key: str) -> str:
        """The report that stands for all that are one event with this one."""
        return self._group.get(key, key)

    def _join(self, one: str, other: str) -> None:
        first, second = self.group(one), self.group(other)
        if first == second:
            return
        moved = self.members.pop(second, [second])
        self.members.setdefault(first, [first]).extend(moved)
        for key in self.members[first]:
            self._group[key] = first

    def forbid(self, one: Iterable[str], other: Iterable[str]) -> bool:
        """Whether a report among the first is judged to be of another event than one among the second."""
        if not self.apart:
            return False
        groups = {self.group(key) for key in other}
        return any(self.apart[group] & groups for key in one if (group := self.group(key)) in self.apart)


class Linker:
    """Puts claims into events, in the order in which they come. The same claims in the same order give the same
    events; each claim costs only comparisons with the events that share a key with it."""

    def __init__(
        self,
        judgements: Sequence[Judgement] = (),
        rules: LinkRules | None = None,
        shelf: Shelf | None = None,
        born: int = 0,
    ) -> None:
        """`born` is how many events the shelf has had, so that those made now are younger."""
        self.rules = rules or load_rules()
        self.judged = Judged(judgements)
        self.shelf: Shelf = shelf if shelf is not None else Memory()
        limits = weights()["sum"]
        self.accept, self.join = limits["accept"], limits["join"]
        self.born = born

    def add(self, claim: Claim, keep: str | None = None) -> Placed:
        """Put a claim into the event that it tells, or make one of it: with the id to `keep`, if one is given."""
        own = Profile.of([claim])
        told = self._judged_events(claim)
        found: list[tuple[Verdict, Profile]] = []
        for profile in self.shelf.near(list(own.wanted(self.rules))):
            if profile.event in told or self.judged.forbid([claim.key], profile.reports):
                continue
            verdict = compare(own, profile, self.rules)
            if verdict.weight >= self.accept:
                found.append((verdict, profile))
        found.sort(key=lambda pair: -pair[0].weight)
        if told:
            return self._put(claim, told[next(iter(told))], Verdict(0.0, ()), list(told.values())[1:], judged=True)
        if not found:
            own.event = keep if keep and self.shelf.get(keep) is None else self._free_id(claim)
            self.born += 1
            own.born = self.born
            self.shelf.put(own, own.blocks(self.rules))
            return Placed(claim.key, own.event, True)
        (verdict, best), *others = found
        bridged = [
            profile
            for _, profile in others[:4]
            if not self.judged.forbid(profile.reports, best.reports)
            and compare(best, profile, self.rules).weight >= self.join
        ]
        return self._put(claim, best, verdict, bridged)

    def relink(self, event: str, claims: Iterable[Claim]) -> list[Placed]:
        """Take an event apart and put these claims of it anew: after a judgement, or when a report of it is gone. The
        id stays where the first of them goes."""
        if self.shelf.get(event) is not None:
            self.shelf.drop(event)
        return [self.add(claim, None if number else event) for number, claim in enumerate(claims)]

    def _judged_events(self, claim: Claim) -> dict[str, Profile]:
        """The events of reports that are judged the same as this one."""
        group = self.judged.group(claim.key)
        events: dict[str, Profile] = {}
        for key in self.judged.members.get(group, ()):
            event = self.shelf.event_of(key)
            profile = self.shelf.get(event) if event else None
            if profile is not None:
                events[profile.event] = profile
        return events

    def _put(
        self, claim: Claim, best: Profile, verdict: Verdict, others: Sequence[Profile], *, judged: bool = False
    ) -> Placed:
        """Add a claim to an event; the eldest of those that become one with it keeps its id."""
        eldest, *younger = sorted([best, *others], key=lambda profile: profile.born)
        for profile in (eldest, *younger) if younger else ():
            self.shelf.drop(profile.event)
        for profile in younger:
            eldest.merge(profile)
        eldest.add(claim)
        self.shelf.put(eldest, eldest.blocks(self.rules))
        merged = tuple(profile.event for profile in younger)
        return Placed(claim.key, eldest.event, False, verdict.weight, verdict.pieces, merged, judged)

    def _free_id(self, claim: Claim) -> str:
        """The id that reading gave the claim, unless another event bears it: then a hash of both."""
        event = claim.own_event
        while self.shelf.get(event) is not None:
            event = hashlib.blake2b(f"{event}|{claim.key}".encode(), digest_size=8).hexdigest()
        return event


def link(
    claims: Iterable[Claim], judgements: Sequence[Judgement] = (), rules: LinkRules | None = None
) -> dict[str, list[str]]:
    """The events of all claims: for each event's id the keys of its reports, in the order of the claims."""
    shelf = Memory()
    linker = Linker(judgements, rules, shelf)
    order: dict[str, int] = {}
    for claim in claims:
        order[claim.key] = len(order)
        linker.add(claim)
    return {event: sorted(profile.reports, key=order.__getitem__) for event, profile in shelf.profiles.items()}
