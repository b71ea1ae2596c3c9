"""From rows of the record to values: reports as the reader made them, events with all that was told of them, pages."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from dragoman.model import Evidence, Participant, Report


@dataclass(slots=True)
class KeptReport(Report):
    """A report as the record holds it. `event` is the event that it was linked to, `why` the evidence (None: it
    was the event's first), `report` its own id, which stays the same as long as the page says the same. `corrected`
    has what was read of each field that people corrected. One that is judged wrong has an empty `event`."""

    report: str = ""
    why: dict[str, Any] | None = None
    corrected: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """That a report told of an event: on which day (of its item or page), where, and with which status."""

    report: str
    document: str
    seen: str | None
    status: str


@dataclass(slots=True)
class Event:
    """An event, once. Where its reports differ the fields give what most of them say, and `differs` each value with how
    many say it. `told` has all its reports, the earliest first; `participants` are everybody whom a report names."""

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
    told: list[Told]
    differs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As one line of JSON has it."""
        return asdict(self)


@dataclass(slots=True)
class Document:
    """A page as the record holds it. `copy_of` is the page that it is a copy of, `reader` the version that read it."""

    document: str
    url: str | None
    title: str | None
    published: str | None
    published_basis: str | None
    agency: str | None
    language: str
    text: str
    items: list[dict[str, Any]]
    source: str
    copy_of: str | None
    reader: str | None
    notes: list[str]

    def to_json(self) -> dict[str, Any]:
        """The codebook's line of a document, and where it is from."""
        return asdict(self)


_VALUES = (
    *("document", "item", "event", "kind", "mode", "status", "name", "start", "end", "place", "place_country"),
    *("amount", "currency", "confidence", "post", "rule"),
)
_REPORTS = """
SELECT r.id, d.document, i.item, ifnull(e.event, ''), r.kind, r.mode, r.status, r.name, r.start, r."end", r.place,
    r.place_country, r.amount, r.currency, r.confidence, r.post, r.rule, d.reader, r.report, er.why, d.id
FROM json_each(?) wanted CROSS JOIN reports r ON r.id = wanted.value JOIN items i ON i.id = r.item
JOIN documents d ON d.id = i.document
LEFT JOIN event_reports er ON er.report = r.id LEFT JOIN events e ON e.id = er.event
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

_ORIGINALS = """
SELECT o.report, o.field, o.value FROM json_each(?) wanted CROSS JOIN originals o ON o.report = wanted.value
ORDER BY o.report, o.field
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
    corrected: dict[int, dict[str, Any]] = {}
    for row, name, value in database.execute(_ORIGINALS, (wanted,)):
        corrected.setdefault(row, {})[name] = json.loads(value)
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
                why=why and json.loads(why),
                corrected=corrected.get(row, {}),
            )
        )
    return found


def reports_of(database: sqlite3.Connection, document: int, *, as_read: bool = False) -> dict[str, KeptReport]:
    """The reports of a document (its row) by their ids; with `as_read` as they were before people corrected them."""
    rows = database.execute(
        "SELECT r.id FROM reports r JOIN items i ON i.id = r.item WHERE i.document = ? ORDER BY r.id", (document,)
    )
    found = reports(database, [row for (row,) in rows])
    for report in found if as_read else ():
        for name, value in report.corrected.items():
            setattr(report, name, [Participant(**one) for one in value] if name == "participants" else value)
    return {report.report: report for report in found}


_EVENT = ("event", "kind", "mode", "status", "name", "start", "end", "place", "place_country")
_EVENTS = f"""
SELECT e.id, {", ".join(f'e."{name}"' for name in _EVENT)}
FROM json_each(?) wanted CROSS JOIN events e ON e.id = wanted.value ORDER BY wanted.key
"""
_TOLD = """
SELECT er.event, r.report, d.document, coalesce(i.published, d.published) AS seen, r.status,
    r.mode, r.name, r.start, r."end", r.place, r.place_country
FROM json_each(?) wanted CROSS JOIN event_reports er ON er.event = wanted.value JOIN reports r ON r.id = er.report
JOIN items i ON i.id = r.item JOIN documents d ON d.id = i.document
ORDER BY seen, r.report
"""
_WHO = """
SELECT er.event, n.person, n.name, p.role, n.kind, n.country, p.post, count(*) AS times
FROM json_each(?) wanted CROSS JOIN event_reports er ON er.event = wanted.value
JOIN participants p ON p.report = er.report JOIN names n ON n.id = p.who
GROUP BY er.event, n.id, p.role, p.post ORDER BY times DESC, min(p.n), length(n.name) DESC, length(p.post) DESC, n.name
"""


def events(database: sqlite3.Connection, rows: Iterable[int]) -> list[Event]:
    """The events of these rows, in their order."""
    wanted = json.dumps(list(rows))
    who: dict[int, dict[tuple[str, str], Participant]] = {}
    for row, person, name, role, kind, country, post, _ in database.execute(_WHO, (wanted,)):
        known = who.setdefault(row, {}).setdefault((person, role), Participant(name, role, kind, country, post))
        known.post = known.post or post
    told: dict[int, list[Told]] = {}
    values: dict[int, dict[str, Counter[str]]] = {}
    for row, report, document, seen, status, *fields in database.execute(_TOLD, (wanted,)):
        told.setdefault(row, []).append(Told(report, document, seen, status))
        for name, value in zip(("mode", "name", "start", "end", "place", "place_country"), fields, strict=True):
            if value is not None:
                values.setdefault(row, {}).setdefault(name, Counter())[value] += 1
    found = []
    for row, *fields in database.execute(_EVENTS, (wanted,)):
        differs = {name: dict(counts) for name, counts in values.get(row, {}).items() if len(counts) > 1}
        held = dict(zip(_EVENT, fields, strict=True))
        found.append(Event(**held, participants=list(who.get(row, {}).values()), told=told[row], differs=differs))
    return found


_DOCUMENT = (
    "document",
    "url",
    "title",
    "published",
    "published_basis",
    "agency",
    "language",
    "text",
    "source",
    "reader",
)
_DOCUMENTS = f"""
SELECT d.id, {", ".join(f"d.{name}" for name in _DOCUMENT)}, c.document, d.notes
FROM json_each(?) wanted CROSS JOIN documents d ON d.id = wanted.value LEFT JOIN documents c ON c.id = d.copy_of
ORDER BY wanted.key
"""
_ITEMS = 'SELECT item, title, published, start, "end" FROM items WHERE document = ? ORDER BY start, item'


def documents(database: sqlite3.Connection, rows: Iterable[int]) -> list[Document]:
    """The pages of these rows, in their order."""
    found = []
    for row, *fields, copy_of, notes in database.execute(_DOCUMENTS, (json.dumps(list(rows)),)):
        items = [
            {"item": item, "title": title, "published": published, "start": start, "end": end}
            for item, title, published, start, end in database.execute(_ITEMS, (row,))
        ]
        held = dict(zip(_DOCUMENT, fields, strict=True))
        found.append(Document(**held, items=items, copy_of=copy_of, notes=json.loads(notes)))
    return found
