"""What people say of reports, as far as it is in force: what linking must hold to, what is wrong, what is corrected.

Judgements name reports by their ids. One whose report says something else since its page was read again goes on holding
for the report that took its place; only `wrong` and `right` do not, for what they judged is not said any more.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dragoman.link import Judgement as Constraint


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody said. `subject` and `object` are ids of reports, several of them with blanks between; `value` of a
    `field` is text as `dragoman judge` takes it, None for nothing. The last three are set once it was taken back."""

    judgement: str
    verdict: str
    subject: str
    object: str | None
    field: str | None
    value: str | None
    who: str
    at: str
    why: str
    undone_who: str | None = None
    undone_at: str | None = None
    undone_why: str | None = None

    @property
    def reports(self) -> list[str]:
        """All reports that it names."""
        return [*self.subject.split(), *(self.object or "").split()]


@dataclass(slots=True)
class InForce:
    """The judgements in force, by the reports that they hold for now. `wrong` are ids of reports, `corrections` lists,
    the earliest first."""

    constraints: list[Constraint] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    corrections: dict[str, list[Judgement]] = field(default_factory=dict)


def judgements(database: sqlite3.Connection) -> list[Judgement]:
    """All judgements, those taken back too, in the order in which they were made."""
    names = ", ".join(Judgement.__dataclass_fields__)
    return [Judgement(*row) for row in database.execute(f"SELECT {names} FROM judgements ORDER BY at, judgement")]


def in_force(database: sqlite3.Connection) -> InForce:
    """What holds now; of `wrong` and `right` the later one."""
    found = InForce()
    for said in judgements(database):
        if said.undone_at is not None:
            continue
        if said.verdict == "wrong":
            found.wrong.add(said.subject)
        elif said.verdict == "right":
            found.wrong.discard(said.subject)
        elif said.verdict == "field":
            found.corrections.setdefault(current(database, said.subject), []).append(said)
        else:
            one = [current(database, report) for report in said.subject.split()]
            other = [current(database, report) for report in (said.object or "").split()]
            found.constraints += _constraints(said.verdict, one, other)
    return found


def _constraints(verdict: str, one: list[str], other: list[str]) -> list[Constraint]:
    if verdict == "same":
        return [Constraint(verdict, one[0], report) for report in (*one[1:], *other)]
    return [Constraint(verdict, first, second) for first in one for second in other]


def current(database: sqlite3.Connection, report: str) -> str:
    """The report that stands where this one stood: itself, or what it changed to when its page was read again."""
    seen = {report}
    while not database.execute("SELECT 1 FROM reports WHERE report = ?", (report,)).fetchone():
        row = database.execute(
            "SELECT new FROM changes WHERE old = ? AND change = 'changed' ORDER BY load DESC, rowid DESC LIMIT 1",
            (report,),
        ).fetchone()
        if row is None or row[0] in seen:
            break
        report = row[0]
        seen.add(report)
    return report


def rows_of(database: sqlite3.Connection, ids: Iterable[str]) -> dict[str, int]:
    """The rows of those of these reports that are in the record."""
    found: list[tuple[str, int]] = database.execute(
        "SELECT r.report, r.id FROM json_each(?) wanted CROSS JOIN reports r ON r.report = wanted.value",
        (json.dumps(sorted(set(ids))),),
    ).fetchall()
    return dict(found)


def to_json(said: Judgement) -> dict[str, Any]:
    """A judgement as one line of JSON has it."""
    return {name: getattr(said, name) for name in Judgement.__dataclass_fields__}
