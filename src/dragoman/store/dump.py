"""The whole record as lines of JSON in an order of its own, without what tells of the loads: two records that hold the
same give the same bytes, however often a load was interrupted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from dragoman.store.rows import reports_of

_DOCUMENTS = """
SELECT d.document, d.name, d.source, d.url, d.title, d.published, d.published_basis, d.agency, d.language, d.text,
    d.given, d.content, d.twin, c.document AS copy_of, d.reader, d.notes, d.id
FROM documents d LEFT JOIN documents c ON c.id = d.copy_of ORDER BY d.document
"""
_ITEMS = 'SELECT item, title, published, start, "end" FROM items WHERE document = ? ORDER BY start, item'
_FACTS = """
SELECT i.item, f.fact, f.fields, f.rule, (SELECT json_group_array(json_array(start, "end")) FROM
    (SELECT start, "end" FROM evidence WHERE fact = f.id ORDER BY start, "end")) AS evidence
FROM facts f JOIN items i ON i.id = f.item WHERE i.document = ? ORDER BY i.start, i.item, f.n
"""
_FACETS = "SELECT facet, value FROM event_facets WHERE event = ? ORDER BY facet, value"


def dump(database: sqlite3.Connection) -> Iterator[str]:
    """One line a document with all that was read from it, then one an event, a judgement, a thing that was skipped."""
    for row in _rows(database, _DOCUMENTS):
        number = row.pop("id")
        row["items"] = list(_rows(database, _ITEMS, number))
        row["reports"] = [report.to_json() for _, report in sorted(reports_of(database, number).items())]
        row["facts"] = list(_rows(database, _FACTS, number))
        yield _line("document", row)
    for row in _rows(database, "SELECT * FROM events ORDER BY event"):
        yield _line("event", {**row, "id": None, "facets": list(_rows(database, _FACETS, row["id"]))})
    for row in _rows(database, "SELECT * FROM judgements ORDER BY judgement"):
        yield _line("judgement", row)
    for row in _rows(database, "SELECT source, place, sort, reason FROM skips ORDER BY source, place, reason"):
        yield _line("skip", row)


def _rows(database: sqlite3.Connection, sql: str, *values: Any) -> Iterator[dict[str, Any]]:
    cursor = database.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def _line(sort: str, row: dict[str, Any]) -> str:
    return json.dumps({"line": sort, **row}, ensure_ascii=False) + "\n"
