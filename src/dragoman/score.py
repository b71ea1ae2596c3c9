"""Measures reports and facts against gold written by hand, and guards floors that only rise.

The rules are those of docs/scoring.md: within one document every gold report is matched with at most one report of
the system, greedily by similarity; a matched pair is *found*; it is *exact* if every slot but the mode is right too.
What gold marks as optional is neither asked for nor counted against.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

#: A document of gold, a report or a fact, with the fields of docs/codebook.md.
Row: TypeAlias = Mapping[str, Any]

SLOTS = ("mode", "status", "start", "end", "place_country", "names", "roles")
MATCHED_ABOVE = 0.5  # a pair that agrees in less than this is no match
SHORTEST_TAIL = 3  # characters of a name's tail that may stand for the whole name
_DOTS = re.compile("[\u00b7\u30fb\u2022\u2027\u2219\u22c5]")
_UNSEEN = re.compile("[\\s\"'\u2018-\u201f\u3008-\u300f\u2010-\u2015\uff0d-]")


# --- one report, of gold or of the system, as the scorer sees it ---------------------------------------------------


def fold_name(name: object) -> str:
    """A name without what wires write differently: width, dots, spaces, quotes, dashes, case."""
    text = _DOTS.sub("\u00b7", unicodedata.normalize("NFKC", str(name or "")))
    return _UNSEEN.sub("", text).lower()


def _date(value: object) -> str | None:
    return None if value in (None, "", "null") else str(value)


@dataclass(frozen=True, slots=True)
class Party:
    """A participant: all names that are right for it, all roles that are."""

    names: frozenset[str]
    roles: frozenset[str | None]
    optional: bool = False

    @classmethod
    def of(cls, row: Row) -> Party:
        """The participant of a row."""
        names = frozenset(fold_name(name) for name in (row.get("name"), *(row.get("aliases") or ())) if name)
        return cls(names, frozenset(row.get("any_role") or (row.get("role"),)), bool(row.get("optional")))

    def is_same(self, other: Party) -> bool:
        """Equal names, or one the tail of the other: a family name of a full one, a body without its country."""
        if self.names & other.names:
            return True
        return any(
            min(len(mine), len(theirs)) >= SHORTEST_TAIL and (mine.endswith(theirs) or theirs.endswith(mine))
            for mine in self.names
            for theirs in other.names
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """A report with every value that is right for it (the system's has one of each)."""

    row: Row
    kinds: frozenset[str | None]
    statuses: frozenset[str | None]
    start: str | None
    end: str | None
    name: str
    parties: tuple[Party, ...]

    @classmethod
    def of(cls, row: Row) -> Claim:
        """The report of a row."""
        return cls(
            row=row,
            kinds=frozenset(row.get("any_kind") or (row.get("kind"),)),
            statuses=frozenset(row.get("any_status") or (row.get("status"),)),
            start=_date(row.get("start")),
            end=_date(row.get("end")),
            name=fold_name(row.get("name")),
            parties=tuple(Party.of(party) for party in row.get("participants") or ()),
        )

    @property
    def kind(self) -> str:
        """The kind that it is counted under."""
        return str(self.row.get("kind"))

    @property
    def optional(self) -> bool:
        """Whether it is neither asked for nor counted against."""
        return bool(self.row.get("optional"))

    @property
    def wanted(self) -> list[Party]:
        """The participants that are asked for."""
        return [party for party in self.parties if not party.optional]

    def agrees(self, field_name: str, other: Claim) -> bool:
        """Whether both have the same value in a field."""
        return bool(self.row.get(field_name) == other.row.get(field_name))


# --- comparing two of them -----------------------------------------------------------------------------------------


def _pair(gold: Iterable[Party], system: Iterable[Party]) -> list[tuple[Party, Party]]:
    """Each gold party with the first of the system's that is left and the same."""
    left = list(system)
    pairs = []
    for wanted in gold:
        for index, got in enumerate(left):
            if wanted.is_same(got):
                pairs.append((wanted, got))
                del left[index]
                break
    return pairs


def _counted(gold: Claim, system: Claim) -> list[Party]:
    """The system's parties less those that gold lists as optional."""
    spare = [got for got in system.parties if not any(wanted.is_same(got) for wanted in gold.wanted)]
    excused = {id(got) for _, got in _pair((party for party in gold.parties if party.optional), spare)}
    return [got for got in system.parties if id(got) not in excused]


def similarity(gold: Claim, system: Claim) -> float:
    """How much of a gold report the system's report tells; 0 if the kind or all of the sides differ."""
    if not system.kinds & gold.kinds:
        return 0.0
    wanted, got = gold.wanted, _counted(gold, system)
    pairs = _pair(wanted, got)
    same_name = bool(gold.name) and gold.name == system.name
    if not pairs and not same_name:
        return 0.0
    both = len(wanted) + len(got)
    here, there = gold.row.get("place_country"), system.row.get("place_country")
    value = 6 * len(pairs) / both if both else 0.0
    value += 0.5 * (gold.start == system.start) + 0.5 * (gold.end == system.end)
    value += (here == there) - 1.5 * bool(here and there and here != there)
    value += 0.5 * same_name + 0.5 * gold.agrees("item", system)
    return value + 0.25 * bool(system.statuses & gold.statuses)


def match(gold: Sequence[Claim], system: Sequence[Claim]) -> list[tuple[int, int]]:
    """Pairs of positions, most similar first; nobody is in two pairs."""
    ranked = sorted(
        ((similarity(claim, got), i, j) for i, claim in enumerate(gold) for j, got in enumerate(system)),
        key=lambda row: -row[0],
    )
    used_gold: set[int] = set()
    used_system: set[int] = set()
    pairs = []
    for value, i, j in ranked:
        if value > MATCHED_ABOVE and i not in used_gold and j not in used_system:
            used_gold.add(i)
            used_system.add(j)
            pairs.append((i, j))
    return pairs


def slots_right(gold: Claim, system: Claim) -> dict[str, bool]:
    """For each slot that gold asks about, whether the system's value is right."""
    wanted, got = gold.wanted, _counted(gold, system)
    pairs = _pair(wanted, got)
    all_named = len(pairs) == len(wanted) == len(got)
    right = {
        "status": bool(system.statuses & gold.statuses),
        "names": all_named,
        "roles": all_named and all(theirs.roles <= mine.roles for mine, theirs in pairs),
    }
    for slot in ("mode", "place_country"):
        if gold.row.get(slot):
            right[slot] = gold.agrees(slot, system)
    loose = bool(gold.row.get("any_date"))  # then a date may be missing, but not wrong
    for slot, mine, theirs in (("start", gold.start, system.start), ("end", gold.end, system.end)):
        if not (loose and mine is None):
            right[slot] = mine == theirs
    return right


def fact_matches(gold: Row, row: Row) -> bool:
    """Whether a fact of the system says what a fact of gold says."""
    kind = gold["fact"]
    if row.get("fact") != kind:
        return False
    if kind == "statement":
        return fold_name(row.get("speaker")) == fold_name(gold["speaker"])
    if kind == "post":
        same_holder = fold_name(row.get("person")) == fold_name(gold["person"])
        same_country = row.get("country") == gold.get("country")
        return same_holder and same_country and fold_name(gold["post"]) in fold_name(row.get("post"))
    sides = {gold.get("country"), gold.get("partner")} == {row.get("country"), row.get("partner")}
    return (
        sides
        and row.get("name") == gold["name"]
        and all(_same_figure(gold.get(key), row.get(key)) for key in ("value", "unit", "period", "rank"))
    )


def _same_figure(gold: object, value: object) -> bool:
    if gold is None or str(gold) == str(value):
        return True
    try:
        wanted, got = float(str(gold)), float(str(value))
    except ValueError:
        return False
    return abs(got - wanted) <= 1e-6 * abs(wanted)


# --- the whole measurement -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Miss:
    """One error, for whoever wants to mend it: sort is missed, spurious or wrong (then `slots` says in what)."""

    sort: str
    document: str
    gold: Row | None
    system: Row | None
    slots: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """found of asked (recall), right of given (precision)."""

    asked: int = 0
    found: int = 0
    exact: int = 0
    given: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """What part of all that is given is right; 0 if nothing is given."""
        return self.right / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """What part of all that is asked for is found; 0 if nothing is asked for."""
        return self.found / self.asked if self.asked else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Score:
    """Everything that one measurement found."""

    documents: int = 0
    total: Tally = field(default_factory=Tally)
    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    facts: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    slot_asked: Counter[str] = field(default_factory=Counter)
    slot_right: Counter[str] = field(default_factory=Counter)
    events: list[tuple[str | None, str | None]] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)

    def merge(self) -> dict[str, float | int | None]:
        """Pairs of found reports that are one event: in gold, in the system's output, in both."""
        gold = _pairs(Counter(mine for mine, _ in self.events if mine))
        system = _pairs(Counter(theirs for _, theirs in self.events if theirs))
        both = _pairs(Counter(pair for pair in self.events if all(pair)))
        return {
            "precision": round(both / system, 3) if system else None,
            "recall": round(both / gold, 3) if gold else None,
            "pairs": gold,
        }

    def to_json(self) -> dict[str, Any]:
        """The line of `dragoman score --json`; parts are of 1, rounded to three places."""
        total = self.total
        return {
            "documents": self.documents,
            "gold": total.asked,
            "reports": total.given,
            "precision": round(total.precision, 3),
            "recall": round(total.recall, 3),
            "f1": round(total.f1, 3),
            "exact": round(total.exact / total.asked, 3) if total.asked else 0.0,
            "slots": {s: f"{self.slot_right[s]}/{self.slot_asked[s]}" for s in SLOTS if self.slot_asked[s]},
            "merge": self.merge(),
            "kinds": {
                kind: f"found {one.found}/{one.asked}, right {one.right}/{one.given}"
                for kind, one in sorted(self.kinds.items())
            },
            "facts": {kind: f"found {one.found}/{one.asked}" for kind, one in sorted(self.facts.items())},
        }

    def floors(self) -> dict[str, float]:
        """The figures that a floors file pins; the counts among them, so that gold cannot shrink unseen."""
        shown = self.to_json()
        names = ("documents", "gold", "precision", "recall", "f1", "exact")
        figures = {name: shown[name] for name in names}
        return figures | {f"facts.{kind}": round(one.recall, 3) for kind, one in sorted(self.facts.items())}


def _pairs(groups: Counter[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in groups.values())


def measure(golds: Iterable[Row], reports: Iterable[Row], facts: Iterable[Row] = ()) -> Score:
    """Compare rows of `read --to reports` (and facts) with gold documents; rows of other documents are ignored."""
    reports_of, facts_of = _by_document(reports), _by_document(facts)
    score = Score()
    for gold in golds:
        score.documents += 1
        document = gold["document"]
        _measure_reports(score, document, gold.get("reports") or (), reports_of[document])
        for fact in gold.get("facts") or ():
            if not fact.get("optional"):
                tally = score.facts[fact["fact"]]
                tally.asked += 1
                tally.found += any(fact_matches(fact, row) for row in facts_of[document])
    return score


def _by_document(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["document"]].append(row)
    return grouped


def _measure_reports(score: Score, document: str, gold_rows: Iterable[Row], system_rows: Iterable[Row]) -> None:
    gold = [Claim.of(row) for row in gold_rows]
    system = [Claim.of(row) for row in system_rows]
    pairs = match(gold, system)
    found = {i for i, _ in pairs}
    for i, j in pairs:
        score.events.append((gold[i].row.get("event"), system[j].row.get("event")))
        if gold[i].optional:
            continue
        right = slots_right(gold[i], system[j])
        score.slot_asked.update(right.keys())
        score.slot_right.update(slot for slot, is_right in right.items() if is_right)
        wrong = tuple(slot for slot, is_right in right.items() if not is_right and slot != "mode")
        for tally in (score.total, score.kinds[gold[i].kind]):
            tally.found += 1
            tally.exact += not wrong
        if wrong:
            score.misses.append(Miss("wrong", document, gold[i].row, system[j].row, wrong))
    for i, claim in enumerate(gold):
        if claim.optional:
            continue
        for tally in (score.total, score.kinds[claim.kind]):
            tally.asked += 1
        if i not in found:
            score.misses.append(Miss("missed", document, claim.row, None))
    right_ones = {j for _, j in pairs}
    for j, claim in enumerate(system):
        for tally in (score.total, score.kinds[claim.kind]):
            tally.given += 1
            tally.right += j in right_ones
        if j not in right_ones:
            score.misses.append(Miss("spurious", document, None, claim.row))
