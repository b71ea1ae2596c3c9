"""A page with its corrected reports as a case of gold, in YAML as `dragoman score` reads it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from dragoman.store.file import QueryError
from dragoman.store.rows import KeptReport, documents, reports_of
from dragoman.store.verdicts import in_force, rows_of

#: Fields of a report that gold has only where they hold something; null is what the others say if they are left out.
_SOMETIMES = ("name", "place", "place_country", "amount", "currency", "post")


def gold(database: sqlite3.Connection, reports: Iterable[str]) -> str:
    """The documents of these reports (ids), one YAML document each, with all their facts and all reports that are not
    judged wrong. Raises QueryError for a report that is not there."""
    import yaml  # at call time: nothing else of a record needs it

    wanted = list(reports)
    rows = rows_of(database, wanted)
    for report in wanted:
        if report not in rows:
            raise QueryError(f"there is no report {report}")
    numbers = [
        database.execute(
            "SELECT i.document FROM reports r JOIN items i ON i.id = r.item WHERE r.id = ?", (rows[report],)
        ).fetchone()[0]
        for report in wanted
    ]
    cases = [_case(database, number) for number in dict.fromkeys(numbers)]
    return str(yaml.safe_dump_all(cases, allow_unicode=True, sort_keys=False, width=120, explicit_start=True))


def _case(database: sqlite3.Connection, number: int) -> dict[str, Any]:
    (page,) = documents(database, [number])
    wrong = in_force(database).wrong
    kept = [report for identity, report in reports_of(database, number).items() if identity not in wrong]
    place = {row["item"]: n for n, row in enumerate(page.items)}
    kept.sort(key=lambda report: (place[report.item], report.evidence[0].start))
    return {
        "document": page.document,
        "title": page.title,
        "published": page.published,
        "items": [row["item"] for row in page.items],
        "reports": [_report(report) for report in kept],
        "facts": _facts(database, number),
    }


def _report(report: KeptReport) -> dict[str, Any]:
    values = {name: getattr(report, name) for name in ("item", "event", "kind", "mode", "status", "start", "end")}
    more = {name: getattr(report, name) for name in _SOMETIMES if getattr(report, name) is not None}
    participants = [
        {name: value for name, value in asdict(one).items() if value is not None} for one in report.participants
    ]
    return {**values, **more, "participants": participants, "quote": report.evidence[0].text}


def _facts(database: sqlite3.Connection, number: int) -> list[dict[str, Any]]:
    rows = database.execute(
        "SELECT i.item, f.fact, f.fields FROM facts f JOIN items i ON i.id = f.item WHERE i.document = ? "
        "ORDER BY i.start, i.item, f.n",
        (number,),
    )
    return [{"item": item, "fact": fact, **json.loads(fields)} for item, fact, fields in rows]
