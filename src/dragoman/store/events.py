"""Events from their reports: which value stands for an event where its reports differ, and since when what was told."""

from __future__ import annotations

import calendar
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

#: Of statuses told on the same day the first of these stands.
RANK = ("denied", "cancelled", "held", "planned", "proposed")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Telling:
    """One report of an event, as far as the event is made from it; `seen` is the day of its item or page."""

    kind: str
    mode: str | None
    status: str
    name: str | None
    start: str | None
    end: str | None
    place: str | None
    place_country: str | None
    confidence: float
    seen: str | None
    document: str
    agency: str | None


def days(start: str | None, end: str | None) -> tuple[str | None, str | None]:
    """The first and the last day on which something can have been that is dated so; None if that is open.

    `2013` gives 2013-01-01 and 2013-12-31. What has only one date has been within it. `XXXX-12-12` gives nothing.
    """
    first, last = _DAY.fullmatch(start or end or ""), _DAY.fullmatch(end or start or "")
    if first is None or last is None:
        return None, None
    year, month = int(last[1]), int(last[2] or 12)
    lastday = int(last[3]) if last[3] else calendar.monthrange(year, month)[1] if 1 <= month <= 12 and year else 31
    return f"{first[1]}-{first[2] or '01'}-{first[3] or '01'}", f"{year:04}-{month:02}-{lastday:02}"


def status(tellings: Sequence[Telling]) -> str:
    """Held, once it was reported as held, unless it was cancelled or denied later; else what was told last."""

    def order(telling: Telling) -> tuple[str, int]:
        return telling.seen or "", -RANK.index(telling.status)

    latest = max(tellings, key=order)
    held = [telling for telling in tellings if telling.status == "held"]
    if held and latest.status in ("planned", "proposed"):
        return "held"
    return latest.status


def prevailing(tellings: Sequence[Telling]) -> Telling:
    """Each field as most reports have it; of equally many the surer, then the longer. Dates go together."""
    kind = _most((t.kind, t.confidence) for t in tellings) or tellings[0].kind
    start, end = _dates(tellings)
    return Telling(
        kind,
        _most((t.mode, t.confidence) for t in tellings if t.kind == kind),
        status(tellings),
        _most((t.name, t.confidence) for t in tellings),
        start,
        end,
        _most((t.place, t.confidence) for t in tellings),
        _most((t.place_country, t.confidence) for t in tellings),
        max(t.confidence for t in tellings),
        max((t.seen for t in tellings if t.seen), default=None),
        tellings[0].document,
        None,
    )


def _dates(tellings: Sequence[Telling]) -> tuple[str | None, str | None]:
    """The first and last day that most reports tell: one that tells only the month or the year, or one of the two days,
    agrees with the days that lie in it."""
    told = Counter((telling.start or "", telling.end or "") for telling in tellings)

    def order(days: tuple[str, str]) -> tuple[int, int, tuple[str, str]]:
        agree = sum(n for (start, end), n in told.items() if days[0].startswith(start) and days[1].startswith(end))
        return agree, len(days[0] + days[1]), days

    start, end = max(told, key=order)
    return start or None, end or None


def _most(values: Iterable[tuple[str | None, float]]) -> str | None:
    weight: dict[str, tuple[int, float]] = {}
    for value, sure in values:
        if value is not None:
            count, best = weight.get(value, (0, 0.0))
            weight[value] = count + 1, max(best, sure)
    return max(weight, key=lambda value: (*weight[value], len(value), value)) if weight else None


_TELLINGS = """
SELECT r.kind, r.mode, r.status, r.name, r.start, r."end", r.place, r.place_country, r.confidence,
    coalesce(i.published, d.published), d.document, d.agency
FROM event_reports er JOIN reports r ON r.id = er.report
JOIN items i ON i.id = r.item JOIN documents d ON d.id = i.document
WHERE er.event = ? ORDER BY r.report
"""
_COUNTRIES = """
SELECT DISTINCT n.country FROM event_reports er JOIN participants p ON p.report = er.report JOIN names n ON n.id = p.who
WHERE er.event = ? AND n.country IS NOT NULL
"""


def made(database: sqlite3.Connection, event: int) -> tuple[dict[str, Any], set[tuple[str, str]]] | None:
    """The columns and facets of an event as its reports make it now; None if it has no report."""
    tellings = [Telling(*row) for row in database.execute(_TELLINGS, (event,))]
    if not tellings:
        return None
    best = prevailing(tellings)
    first, last = days(best.start, best.end)
    values = {
        **{field: getattr(best, field) for field in ("kind", "mode", "status", "name", "start", "end", "place")},
        "place_country": best.place_country,
        "first": first,
        "last": last,
        "reports": len(tellings),
        "documents": len({telling.document for telling in tellings}),
        "seen_first": min((telling.seen for telling in tellings if telling.seen), default=None),
        "seen_last": best.seen,
    }
    facets = {("country", country) for (country,) in database.execute(_COUNTRIES, (event,))}
    facets |= {("country", telling.place_country) for telling in tellings if telling.place_country}
    facets |= {("agency", telling.agency) for telling in tellings if telling.agency}
    return values, facets


def refresh(database: sqlite3.Connection, events: Iterable[int]) -> None:
    """Make these events anew from the reports that belong to them now; one without a report goes."""
    for event in events:
        database.execute("DELETE FROM event_facets WHERE event = ?", (event,))
        found = made(database, event)
        if found is None:
            database.execute("DELETE FROM events WHERE id = ?", (event,))
            continue
        values, facets = found
        columns = ", ".join(f'"{name}" = ?' for name in values)
        database.execute(f"UPDATE events SET {columns} WHERE id = ?", [*values.values(), event])
        database.executemany(
            "INSERT INTO event_facets (facet, value, first, event) VALUES (?, ?, ?, ?)",
            [(facet, value, values["first"] or "", event) for facet, value in sorted(facets)],
        )


def event_number(database: sqlite3.Connection, event: str) -> int:
    """The row of an event, made empty if there is none; `refresh` fills it."""
    found = database.execute("SELECT id FROM events WHERE event = ?", (event,)).fetchone()
    if found:
        return int(found[0])
    made = database.execute(
        "INSERT INTO events (event, kind, status, reports, documents) VALUES (?, '', '', 0, 0)", (event,)
    )
    return int(made.lastrowid or 0)
