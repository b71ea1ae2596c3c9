"""Questions to a record: which events, reports or pages answer a query, the newest first.

What narrows the most is looked up by index, and the sets of events are intersected, so that a question to a million
reports takes well under a second.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from dragoman.fold import fold
from dragoman.model import model
from dragoman.store.events import days
from dragoman.store.words import query as words_query

_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


class QueryError(ValueError):
    """What in a query cannot be asked, and what can, in one line."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; all that is given must hold. What is None or empty is not asked for.

    `person` is a part of a name; other spellings of whoever bears it are found too. `countries` must all take part or
    be the place: codes, or names as the Chinese pack knows them. `period` is a day, month or year, or two of them with
    a slash between, of which one may be left out. `text` are words that the item must hold, with blanks between.
    `agency` is a part of its name.
    """

    person: str | None = None
    countries: tuple[str, ...] = ()
    kind: str | None = None
    status: str | None = None
    period: str | None = None
    text: str | None = None
    agency: str | None = None
    event: str | None = None

    def __post_init__(self) -> None:
        for value, known, what in (
            (self.kind, tuple(model().kinds), "kind"),
            (self.status, model().statuses, "status"),
        ):
            if value is not None and value not in known:
                raise QueryError(f"there is no {what} {value}; there are {', '.join(known)}")


def country(word: str) -> str:
    """The code of a country, given as code or by a name."""
    known = codes()
    if word.upper() in known.values():
        return word.upper()
    if fold(word) in known:
        return known[fold(word)]
    raise QueryError(f"there is no country {word}; give an ISO 3166-1 code of three letters, or a Chinese name")


@lru_cache(maxsize=1)
def codes() -> dict[str, str]:
    """Names of countries with their codes, as the Chinese pack has them."""
    table = files("dragoman").joinpath("packs/zh/lexicon/country.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in table[1:] if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows if "|" not in row[1]}


def period(written: str) -> tuple[str | None, str | None]:
    """The first and the last day of a period; None where it is open."""
    first, slash, last = written.partition("/")
    ends = (first, last) if slash else (first, first)
    if not any(ends) or any(end and not _PERIOD.fullmatch(end) for end in ends):
        raise QueryError(f"{written} is no period; give 2019, 2019-03, 2019-03-02, or two of them as 2018/2019-03")
    return days(ends[0] or None, None)[0] if ends[0] else None, days(None, ends[1] or None)[1] if ends[1] else None


@dataclass(slots=True)
class Terms:
    """Parts of an SQL query with their values. `sets` are selections of which every row must be in each."""

    sets: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    test_values: list[Any] = field(default_factory=list)

    def among(self, sql: str, *values: Any) -> None:
        """Rows must be among what `sql` selects."""
        self.sets.append(sql)
        self.values += values

    def test(self, sql: str, *values: Any) -> None:
        """Rows must pass the test."""
        self.tests.append(sql)
        self.test_values += values

    def select(self, what: str, table: str, order: str = "") -> tuple[str, list[Any]]:
        """The whole query."""
        where = f"WHERE {' AND '.join(self.tests)}" if self.tests else ""
        if not self.sets:
            return f"SELECT {what} FROM {table} t {where} {order}", self.test_values
        among = " INTERSECT ".join(self.sets) if len(self.sets) > 1 else f"SELECT DISTINCT * FROM ({self.sets[0]})"
        sql = f"WITH hits(id) AS MATERIALIZED ({among}) SELECT {what} FROM hits CROSS JOIN {table} t ON t.id = hits.id"
        return f"{sql} {where} {order}", [*self.values, *self.test_values]


_NEWEST = "ORDER BY t.first DESC, t.event"
_OLDEST = "ORDER BY t.first IS NULL, t.first, t.event"


def find_events(database: sqlite3.Connection, query: Query, *, oldest: bool = False) -> Iterator[int]:
    """The rows of the events that answer, the newest first or the oldest first; those of no known day come last."""
    sql, values = _event_terms(database, query).select("t.id", "events", _OLDEST if oldest else _NEWEST)
    return (row for (row,) in database.execute(sql, values))


def count_events(database: sqlite3.Connection, query: Query) -> int:
    """How many events answer."""
    sql, values = _event_terms(database, query).select("count(*)", "events")
    return int(database.execute(sql, values).fetchone()[0])


def find_reports(database: sqlite3.Connection, query: Query) -> Iterator[int]:
    """The rows of all reports of the events that answer, event by event."""
    for event in find_events(database, query):
        yield from (
            row
            for (row,) in database.execute(
                "SELECT er.report FROM event_reports er JOIN reports r ON r.id = er.report "
                "JOIN items i ON i.id = r.item WHERE er.event = ? ORDER BY i.published, r.report",
                (event,),
            )
        )


def find_documents(database: sqlite3.Connection, query: Query) -> Iterator[int]:
    """The rows of the pages that answer, the newest first: that hold the text, are of the agency, were published in the
    period, and tell of an event with the person, countries, kind and status asked for."""
    terms = Terms()
    told = Query(query.person, query.countries, query.kind, query.status, event=query.event)
    if told != Query():
        found = _event_terms(database, told)
        sql, values = found.select("t.id", "events")
        terms.among(
            "SELECT i.document FROM items i JOIN reports r ON r.item = i.id JOIN event_reports er ON er.report = r.id "
            f"WHERE er.event IN ({sql})",
            *values,
        )
    if query.text is not None:
        terms.among(
            "SELECT i.document FROM words JOIN items i ON i.id = words.rowid WHERE words MATCH ?", _words(query.text)
        )
    if query.agency is not None:
        terms.test("t.agency IN (SELECT value FROM json_each(?))", _agencies(database, query.agency))
    if query.period is not None:
        first, last = period(query.period)
        terms.test("t.published >= ? AND t.published <= ?", first or "", last or "9999")
    sql, values = terms.select("t.id", "documents", "ORDER BY t.published DESC, t.document")
    return (row for (row,) in database.execute(sql, values))


def _event_terms(database: sqlite3.Connection, query: Query) -> Terms:
    terms = Terms()
    for code in map(country, query.countries):
        terms.among("SELECT event FROM event_facets WHERE facet = 'country' AND value = ?", code)
    if query.person is not None:
        terms.among(
            "SELECT er.event FROM names n JOIN participants p ON p.who = n.id "
            "JOIN event_reports er ON er.report = p.report WHERE n.kind = 'person' AND n.person IN "
            "(SELECT person FROM names WHERE kind = 'person' AND instr(folded, ?))",
            fold(query.person).lower(),
        )
    if query.text is not None:
        terms.among(
            "SELECT er.event FROM words JOIN reports r ON r.item = words.rowid "
            "JOIN event_reports er ON er.report = r.id WHERE words MATCH ?",
            _words(query.text),
        )
    if query.agency is not None:
        terms.among(
            "SELECT event FROM event_facets WHERE facet = 'agency' AND value IN (SELECT value FROM json_each(?))",
            _agencies(database, query.agency),
        )
    if query.event is not None:
        terms.among("SELECT id FROM events WHERE event = ?", query.event)
    if query.period is not None:
        first, last = period(query.period)
        if last is not None:
            terms.test("t.first <= ?", last)
        if first is not None:
            terms.test("t.last >= ?", first)
    for column, value in (("kind", query.kind), ("status", query.status)):
        if value is not None:
            terms.test(f"t.{column} = ?", value)
    return terms


def _words(text: str) -> str:
    wanted = words_query(text)
    if wanted is None:
        raise QueryError(f"{text!r} holds no word to look for")
    return wanted


def _agencies(database: sqlite3.Connection, part: str) -> str:
    """The agencies whose name holds this, as a JSON list."""
    names = (name for (name,) in database.execute("SELECT DISTINCT agency FROM documents WHERE agency IS NOT NULL"))
    return json.dumps([name for name in names if fold(part).lower() in fold(name).lower()])
