"""An event from its claims: where they disagree, and what was told of it when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.link.claims import Claim

FIELDS = ("mode", "name", "start", "end", "place", "place_country", "amount", "currency", "post")
#: Statuses that an event can still change from.
OPEN = frozenset({"planned", "proposed"})


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an event on which its reports disagree: each value with the reports that tell it, most often first."""

    name: str
    values: tuple[tuple[object, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class History:
    """What was told of an event: (day, status, report), the earliest first. `never_held`: it was announced, and no
    report tells that it took place, was called off or denied."""

    told: tuple[tuple[str | None, str, str], ...]
    never_held: bool


def disagreements(claims: Sequence[Claim]) -> list[Field]:
    """The fields in which claims of one event tell different values; what a claim leaves open is no disagreement."""
    out = []
    for name in FIELDS:
        told: dict[object, list[str]] = {}
        for claim in claims:
            value = getattr(claim, name)
            if value is not None:
                told.setdefault(value, []).append(claim.key)
        if len(told) > 1:
            ranked = sorted(told.items(), key=lambda pair: -len(pair[1]))
            out.append(Field(name, tuple((value, tuple(keys)) for value, keys in ranked)))
    return out


def history(claims: Sequence[Claim]) -> History:
    """The statuses of an event in the order in which they were told; reports of no known day come first."""
    told = sorted((claim.published or "", number, claim) for number, claim in enumerate(claims))
    steps = tuple((claim.published, claim.status, claim.key) for _, _, claim in told)
    statuses = Counter(claim.status for claim in claims)
    return History(steps, statuses.keys() <= OPEN)
