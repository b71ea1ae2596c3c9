"""The model of the record: kinds, roles, modes and statuses (from model.toml), and the values that a reading holds."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event: its roles, which of them must be filled, how many sides it needs, its modes."""

    name: str
    about: str
    roles: tuple[str, ...]
    requires: tuple[str, ...]
    modes: tuple[str, ...]
    sides: int = 1


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact: its fields, and of an indicator the names that it can have."""

    name: str
    about: str
    fields: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """All kinds of event, fact and participant, and the statuses. Contacts among the codes of one set of `domestic` are
    no events; the bodies `of_many` stand for many states."""

    version: str
    kinds: dict[str, Kind]
    facts: dict[str, FactKind]
    statuses: tuple[str, ...]
    participant_kinds: tuple[str, ...]
    domestic: tuple[frozenset[str], ...]
    of_many: frozenset[str]


@lru_cache(maxsize=1)
def model() -> Model:
    """The model as model.toml states it."""
    raw = tomllib.loads(files("dragoman").joinpath("model.toml").read_text(encoding="utf-8"))
    kinds = {
        name: Kind(
            name, row["about"], tuple(row["roles"]), tuple(row["requires"]), tuple(row["modes"]), row.get("sides", 1)
        )
        for name, row in raw["kinds"].items()
    }
    facts = {
        name: FactKind(name, row["about"], tuple(row["fields"]), tuple(row.get("names", ())))
        for name, row in raw["facts"].items()
    }
    codes = raw["codes"]
    domestic = tuple(frozenset(inner) for inner in codes["domestic"])
    statuses, participants = tuple(raw["statuses"]), tuple(raw["participant_kinds"])
    return Model(raw["version"], kinds, facts, statuses, participants, domestic, frozenset(codes["of_many"]))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Offsets into the document's text in code points, and the words that stand there."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Participant:
    """Somebody who takes part. `country` is an ISO 3166-1 alpha-3 code or EUE, ASE, UNO, AFU, or None."""

    name: str
    role: str
    kind: str = "person"
    country: str | None = None
    post: str | None = None


@dataclass(slots=True)
class Report:
    """One event as one item tells it. Dates are EDTF strings or None; `rule` and `pack` say what made it."""

    document: str
    item: str
    event: str
    kind: str
    mode: str | None
    status: str
    name: str | None
    start: str | None
    end: str | None
    place: str | None
    place_country: str | None
    participants: list[Participant]
    amount: float | int | None
    currency: str | None
    confidence: float
    evidence: list[Evidence]
    post: str | None = None
    rule: str = ""
    pack: str = ""

    def to_json(self) -> dict[str, Any]:
        """The codebook's output line."""
        return asdict(self)


@dataclass(slots=True)
class Fact:
    """A statement, an indicator or a post, with the codebook's fields for it in `fields`."""

    document: str
    item: str
    fact: str
    fields: dict[str, Any]
    evidence: list[Evidence]
    rule: str = ""
    pack: str = ""

    def to_json(self) -> dict[str, Any]:
        """The codebook's output line."""
        return {
            "document": self.document,
            "item": self.item,
            "fact": self.fact,
            **self.fields,
            "evidence": [asdict(e) for e in self.evidence],
            "rule": self.rule,
            "pack": self.pack,
        }


@dataclass(slots=True)
class Reading:
    """What was read from one article: reports, facts, the document line, what could not be read and why, and the names
    that are written in two ways (the slip, with the name that it stands for)."""

    document: dict[str, Any]
    reports: list[Report] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    unread: list[tuple[str, int, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    variants: dict[str, str] = field(default_factory=dict)
