"""What re-reading a page changed: which reports are new, which are gone, and which say something else now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dragoman.model import Report
from dragoman.store.ids import says


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `change` is added, gone or changed; `fields` are old and new value of what differs."""

    item: str
    change: str
    old: str | None = None
    new: str | None = None
    fields: Mapping[str, tuple[Any, Any]] | None = None


def changes(old: Mapping[str, Report], new: Mapping[str, Report]) -> Iterator[Change]:
    """The differences between two readings of a document, each a report by its id.

    A report that is gone and a new one of the same item and kind are one that changed if they rest on a common piece of
    text or name somebody in common; the most alike are paired first.
    """
    gone = {identity: report for identity, report in old.items() if identity not in new}
    added = {identity: report for identity, report in new.items() if identity not in old}
    pairs = [
        (-alike, before, after)
        for before, one in gone.items()
        for after, other in added.items()
        if (alike := _alike(one, other))
    ]
    for _, before, after in sorted(pairs):
        if before in gone and after in added:
            one, other = gone.pop(before), added.pop(after)
            yield Change(one.item, "changed", before, after, _fields(one, other))
    for identity in sorted(gone):
        yield Change(gone[identity].item, "gone", old=identity)
    for identity in sorted(added):
        yield Change(added[identity].item, "added", new=identity)


def _alike(one: Report, other: Report) -> int:
    """How many fields two reports share; 0 if they cannot be one."""
    if one.item != other.item or one.kind != other.kind:
        return 0
    names = {p.name for p in one.participants} & {p.name for p in other.participants}
    if not names and not _overlap([(e.start, e.end) for e in one.evidence], [(e.start, e.end) for e in other.evidence]):
        return 0
    first, second = says(one), says(other)
    return 1 + len(names) + sum(1 for field in first if first[field] == second[field])


def _overlap(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> bool:
    return any(a < d and c < b for a, b in one for c, d in other)


def _fields(one: Report, other: Report) -> dict[str, tuple[Any, Any]]:
    first, second = says(one), says(other)
    return {field: (first[field], second[field]) for field in first if first[field] != second[field]}
