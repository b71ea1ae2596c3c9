"""Whether a record is whole: SQLite's own checks of the file, then what must hold between its tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from dragoman.store.events import made
from dragoman.store.ids import report_ids
from dragoman.store.rows import reports_of
from dragoman.store.verdicts import in_force
from dragoman.store.words import tokens

#: Each row that one of these finds is a fault; `{}` in the sentence is its first column.
RULES = {
    "an event without a report: {}": (
        "SELECT event FROM events WHERE NOT EXISTS (SELECT 1 FROM event_reports er WHERE er.event = events.id)"
    ),
    "a report without evidence: {}": (
        "SELECT report FROM reports WHERE NOT EXISTS (SELECT 1 FROM evidence e WHERE e.report = reports.id)"
    ),
    "evidence of a report behind the end of the text of {}": (
        "SELECT d.document FROM evidence e JOIN reports r ON r.id = e.report JOIN items i ON i.id = r.item "
        'JOIN documents d ON d.id = i.document WHERE e."end" > length(d.text)'
    ),
    "evidence of a fact behind the end of the text of {}": (
        "SELECT d.document FROM evidence e JOIN facts f ON f.id = e.fact JOIN items i ON i.id = f.item "
        'JOIN documents d ON d.id = i.document WHERE e."end" > length(d.text)'
    ),
    "a copy that was read, or that is none: {}": (
        "SELECT c.document FROM documents c JOIN documents d ON d.id = c.copy_of "
        "WHERE d.copy_of IS NOT NULL OR d.twin <> c.twin OR EXISTS (SELECT 1 FROM items i WHERE i.document = c.id)"
    ),
    "a name in no report: {}": (
        "SELECT name FROM names WHERE NOT EXISTS (SELECT 1 FROM participants p WHERE p.who = names.id)"
    ),
}


def check(database: sqlite3.Connection) -> Iterator[str]:
    """One line for each fault."""
    damage = [str(row[0]) for row in database.execute("PRAGMA integrity_check")]
    if damage != ["ok"]:
        yield from (f"the file is damaged: {' '.join(line.split())}" for line in damage)
        return
    for table, row, parent, _ in database.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} refers to a row of {parent} that is not there"
    for sentence, sql in RULES.items():
        yield from (sentence.format(*row) for row in database.execute(sql))
    yield from _judged(database)
    yield from _documents(database)
    yield from _words(database)
    yield from _events(database)


def _documents(database: sqlite3.Connection) -> Iterator[str]:
    for row, document in database.execute("SELECT id, document FROM documents ORDER BY id"):
        held = reports_of(database, row, as_read=True)
        if list(held) != report_ids(document, list(held.values())):
            yield f"a report of {document} does not say what its id says"


def _judged(database: sqlite3.Connection) -> Iterator[str]:
    """A report has an event unless it is judged wrong; it is as it was read unless it is corrected."""
    force = in_force(database)
    rows = database.execute(
        "SELECT r.report, EXISTS (SELECT 1 FROM event_reports er WHERE er.report = r.id), "
        "EXISTS (SELECT 1 FROM originals o WHERE o.report = r.id) FROM reports r ORDER BY r.report"
    )
    for report, linked, corrected in rows:
        if linked and report in force.wrong:
            yield f"a report that is judged wrong, in an event: {report}"
        if not linked and report not in force.wrong:
            yield f"a report without an event: {report}"
        if corrected and report not in force.corrections:
            yield f"a report that is corrected without a judgement: {report}"


def _words(database: sqlite3.Connection) -> Iterator[str]:
    """Every item with words must stand in the index, and nothing else."""
    database.execute("CREATE VIRTUAL TABLE temp.spots USING fts5vocab('main', 'words', 'instance')")
    indexed = {row for (row,) in database.execute("SELECT DISTINCT doc FROM temp.spots")}
    database.execute("DROP TABLE temp.spots")
    items = database.execute(
        "SELECT i.id, d.document, i.item, ifnull(i.title, '') || substr(d.text, i.start + 1, i.\"end\" - i.start) "
        "FROM items i JOIN documents d ON d.id = i.document"
    )
    for row, document, item, text in items:
        if row not in indexed and tokens(text):
            yield f"the words of {document}, {item}, are not in the index"
        indexed.discard(row)
    if indexed:
        yield f"{len(indexed):,} items in the index of words are not in the record"


def _events(database: sqlite3.Connection) -> Iterator[str]:
    for row, event in database.execute("SELECT id, event FROM events ORDER BY event"):
        found = made(database, row)
        if found is None:
            continue
        values, facets = found
        columns = ", ".join(f'"{name}"' for name in values)
        held = database.execute(f"SELECT {columns} FROM events WHERE id = ?", (row,)).fetchone()
        named = set(database.execute("SELECT facet, value FROM event_facets WHERE event = ?", (row,)))
        if held != tuple(values.values()) or named != facets:
            yield f"event {event} is not what its reports make it"
