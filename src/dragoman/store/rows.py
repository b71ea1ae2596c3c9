"""From rows of the record to values: reports as the reader made them, with their id and their event."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from dragoman.model import Evidence, Participant, Report


@dataclass(slots=True)
class KeptReport(Report):
    """A report as the record holds it. `event` is the event that it was linked to, `why` the reason (None: by the id
    that reading gave it), `report` its own id, which stays the same as long as the page says the same."""

    report: str = ""
    why: str | None = None


_VALUES = (
    *("document", "item", "event", "kind", "mode", "status", "name", "start", "end", "place", "place_country"),
    *("amount", "currency", "confidence", "post", "rule"),
)
_REPORTS = """
SELECT r.id, d.document, i.item, e.event, r.kind, r.mode, r.status, r.name, r.start, r."end", r.place, r.place_country,
    r.amount, r.currency, r.confidence, r.post, r.rule, d.reader, r.report, er.why, d.id
FROM json_each(?) wanted CROSS JOIN reports r ON r.id = wanted.value JOIN items i ON i.id = r.item
JOIN documents d ON d.id = i.document
JOIN event_reports er ON er.report = r.id JOIN events e ON e.id = er.event
ORDER BY wanted.key
"""
_PARTICIPANTS = """
SELECT p.report, n.name, p.role, n.kind, n.country, p.post
FROM json_each(?) wanted CROSS JOIN participants p ON p.report = wanted.value JOIN names n ON n.id = p.who
ORDER BY p.report, p.n
"""
_EVIDENCE = """
SELECT e.report, e.start, e."end" FROM json_each(?) wanted CROSS JOIN evidence e ON e.report = wanted.value
ORDER BY e.report, e.start, e."end"
"""


def reports(database: sqlite3.Connection, rows: Iterable[int]) -> list[KeptReport]:
    """The reports of these rows, in their order."""
    wanted = json.dumps(list(rows))
    participants: dict[int, list[Participant]] = {}
    for row, *values in database.execute(_PARTICIPANTS, (wanted,)):
        participants.setdefault(row, []).append(Participant(*values))
    spans: dict[int, list[tuple[int, int]]] = {}
    for row, start, end in database.execute(_EVIDENCE, (wanted,)):
        spans.setdefault(row, []).append((start, end))
    texts: dict[int, str] = {}
    found = []
    for row, *values, reader, identity, why, document in database.execute(_REPORTS, (wanted,)):
        if document not in texts:
            texts[document] = database.execute("SELECT text FROM documents WHERE id = ?", (document,)).fetchone()[0]
        evidence = [Evidence(start, end, texts[document][start:end]) for start, end in spans.get(row, [])]
        held = dict(zip(_VALUES, values, strict=True))
        found.append(
            KeptReport(
                **held,
                participants=participants.get(row, []),
                evidence=evidence,
                pack=reader.rpartition(" ")[2],
                report=identity,
                why=why,
            )
        )
    return found


def reports_of(database: sqlite3.Connection, document: int) -> dict[str, Report]:
    """The reports of a document (its row) by their ids."""
    rows = database.execute(
        "SELECT r.id FROM reports r JOIN items i ON i.id = r.item WHERE i.document = ? ORDER BY r.id", (document,)
    )
    return {report.report: report for report in reports(database, [row for (row,) in rows])}
