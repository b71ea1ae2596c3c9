"""What every export works on: events with their reports and pages, in a stable order, and how precise a day is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from dragoman.store import Event, KeptReport, Query, Record, RecordError
from dragoman.store.ask import find_events
from dragoman.store.file import guarded
from dragoman.store.rows import events, reports

#: So many events are fetched at once.
CHUNK = 200
#: Lengths of EDTF days, months and years.
PRECISION = {10: "day", 7: "month", 4: "year"}


@dataclass(frozen=True, slots=True)
class Page:
    """What an export says of a page: everything but its text, which is not handed on."""

    document: str
    url: str | None
    title: str | None
    published: str | None
    published_basis: str | None
    agency: str | None
    language: str
    reader: str | None


@dataclass(slots=True)
class Bundle:
    """An event with its reports, the earliest first, and the pages they stand on, by document."""

    event: Event
    reports: list[KeptReport]
    pages: dict[str, Page]

    def evidence(self) -> str:
        """The first words of the earliest report that tell the event."""
        return next((e.text for report in self.reports for e in report.evidence), "")


@dataclass(slots=True)
class Tally:
    """What an export wrote and what it left out, by reason."""

    rows: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    def leave_out(self, reason: str) -> None:
        """Count one event that has no place in the format."""
        self.left_out[reason] = self.left_out.get(reason, 0) + 1


@dataclass(frozen=True, slots=True)
class Format:
    """A format of export: its name, the ending of its files, what it is, whether it is lines of text, and its writer,
    which takes bundles, the tally to fill, options and a binary file."""

    name: str
    ending: str
    about: str
    write: Callable[[Iterable[Bundle], Tally, Mapping[str, Any], BinaryIO], None]


class ExportError(RecordError):
    """Why an export cannot be made, in one line."""


def bundles(record: Record, query: Query) -> Iterator[Bundle]:
    """The events that answer a query, the oldest first and those of no known day last, with reports and pages."""
    rows = find_events(record.database, query, oldest=True)
    while True:
        with guarded(record.path):
            chunk = list(islice(rows, CHUNK))
            if not chunk:
                return
            found = events(record.database, chunk)
            told = _reports(record.database, chunk)
            pages = _pages(record.database, [report.document for one in told.values() for report in one])
        for event in found:
            own = told.get(event.event, [])
            yield Bundle(event, own, {report.document: pages[report.document] for report in own})


def _reports(database: sqlite3.Connection, rows: Sequence[int]) -> dict[str, list[KeptReport]]:
    sql = (
        "SELECT er.report FROM json_each(?) wanted CROSS JOIN event_reports er ON er.event = wanted.value "
        "JOIN reports r ON r.id = er.report JOIN items i ON i.id = r.item JOIN documents d ON d.id = i.document "
        "ORDER BY coalesce(i.published, d.published), r.report"
    )
    out: dict[str, list[KeptReport]] = {}
    for report in reports(database, [row for (row,) in database.execute(sql, (json.dumps(list(rows)),))]):
        out.setdefault(report.event, []).append(report)
    return out


def _pages(database: sqlite3.Connection, documents: Iterable[str]) -> dict[str, Page]:
    sql = (
        "SELECT d.document, d.url, d.title, d.published, d.published_basis, d.agency, d.language, d.reader "
        "FROM json_each(?) wanted CROSS JOIN documents d ON d.document = wanted.value"
    )
    return {row[0]: Page(*row) for row in database.execute(sql, (json.dumps(sorted(set(documents))),))}


def precision(day: str | None) -> str:
    """How precise an EDTF date is: day, month, year; unknown if its year is, or there is none."""
    return "unknown" if day is None or "X" in day else PRECISION.get(len(day), "unknown")


def whole_day(event: Event) -> str | None:
    """The day on which an event was or began, if it is known; no day is made up from a month or year."""
    for day in (event.start, event.end):
        if precision(day) == "day":
            return day
    return None


def joined(values: Iterable[str | None]) -> str:
    """Several values in one cell, with semicolons, each once; one that holds a semicolon has a comma for it."""
    return ";".join(dict.fromkeys(value.replace(";", ",") for value in values if value))
