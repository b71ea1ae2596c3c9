"""Questions to a record: which events, reports or pages answer a query, the newest first.

What few events answer to is looked up and sorted; otherwise events are gone through in the order of their days until
enough have answered. So a question to a million reports takes well under a second.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from dragoman.fold import fold
from dragoman.model import model
from dragoman.store.events import days
from dragoman.store.file import QueryError
from dragoman.store.words import query as words_query

#: So many rows may be sorted for an answer.
FEW = 20_000
_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


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


@dataclass(frozen=True, slots=True)
class Part:
    """A condition of an SQL query with its values."""

    sql: str
    values: tuple[Any, ...] = ()


@dataclass(slots=True)
class Terms:
    """What a query asks of events: `facets` with their values; `sets`, selections of events, each with the test of the
    row `t` that it is in it; and other `tests` of it."""

    facets: list[tuple[str, str]] = field(default_factory=list)
    sets: list[tuple[Part, Part]] = field(default_factory=list)
    tests: list[Part] = field(default_factory=list)


def find_events(database: sqlite3.Connection, query: Query, *, oldest: bool = False) -> Iterator[int]:
    """The rows of the events that answer, the newest first or the oldest first; those of no known day come last."""
    order = "{0}.first IS NULL OR {0}.first = '', {0}.first, t.id" if oldest else "{0}.first DESC, t.id DESC"
    asked = _events(database, query, "t.id", order)
    return (row for (row,) in database.execute(asked.sql, asked.values))


def count_events(database: sqlite3.Connection, query: Query) -> int:
    """How many events answer."""
    asked = _events(database, query, "count(*)")
    return int(database.execute(asked.sql, asked.values).fetchone()[0])


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
    tests: list[Part] = []
    told = Query(query.person, query.countries, query.kind, query.status, event=query.event)
    if told != Query():
        events = _events(database, told, "t.id")
        if _few(database, events):
            of = "reports r JOIN event_reports er ON er.report = r.id JOIN items i ON i.id = r.item"
            tests.append(Part(f"t.id IN (SELECT i.document FROM {of} WHERE er.event IN ({events.sql}))", events.values))
        else:
            of = "items i JOIN reports r ON r.item = i.id JOIN event_reports er ON er.report = r.id"
            where = f"i.document = t.id AND er.event IN ({events.sql})"
            tests.append(Part(f"EXISTS (SELECT 1 FROM {of} WHERE {where})", events.values))
    if query.text is not None:
        sql = "SELECT i.document FROM words JOIN items i ON i.id = words.rowid WHERE words MATCH ?"
        select, test = _set(sql, _words(query.text))
        tests.append(Part(f"t.id IN ({sql})", select.values) if _few(database, select) else test)
    if query.agency is not None:
        named = json.dumps(_agencies(database, query.agency))
        tests.append(Part("t.agency IN (SELECT value FROM json_each(?))", (named,)))
    if query.period is not None:
        first, last = period(query.period)
        tests.append(Part("t.published >= ? AND t.published <= ?", (first or "", last or "9999")))
    where, values = _joined(tests)
    sql = f"SELECT t.id FROM documents t {where} ORDER BY t.published DESC, t.id DESC"
    return (row for (row,) in database.execute(sql, values))


_FACET = "SELECT 1 FROM event_facets g WHERE g.event = t.id AND g.first = ifnull(t.first, '')"


def _events(database: sqlite3.Connection, query: Query, what: str, order: str = "") -> Part:
    """The SQL of a question for events. What few events answer to is looked up, and sorted; if there is nothing of that
    kind, events are gone through in their order (of the first facet, or of all), until enough have answered."""
    terms = _terms(database, query)
    few = [select for select, _ in terms.sets if _few(database, select)]
    tests = terms.tests + [test for select, test in terms.sets if select not in few]
    driver, row, start, facets = "events t", "t", Part(""), terms.facets
    if few:
        among = " INTERSECT ".join(f"SELECT * FROM ({part.sql})" for part in few)
        driver = "hits CROSS JOIN events t ON t.id = hits.id"
        start = Part(
            f"WITH hits(id) AS MATERIALIZED (SELECT DISTINCT * FROM ({among})) ",
            tuple(value for part in few for value in part.values),
        )
    elif facets:
        driver, row = "event_facets f CROSS JOIN events t ON t.id = f.event", "f"
        tests = [Part("f.facet = ? AND f.value = ?", facets[0]), *tests]
        facets = facets[1:]
    tests += [Part(f"EXISTS ({_FACET} AND g.facet = ? AND g.value = ?)", facet) for facet in facets]
    where, values = _joined(tests)
    ordered = f"ORDER BY {order.format(row)}" if order else ""
    return Part(f"{start.sql}SELECT {what} FROM {driver} {where} {ordered}", (*start.values, *values))


def _few(database: sqlite3.Connection, part: Part) -> bool:
    """Whether a selection holds so few rows that they may be sorted."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM ({part.sql}) LIMIT {FEW + 1})"
    return bool(database.execute(sql, part.values).fetchone()[0] <= FEW)


def _set(sql: str, value: str) -> tuple[Part, Part]:
    """A selection, and the test of it; the plus keeps SQLite from going through the selection instead."""
    return Part(sql, (value,)), Part(f"+t.id IN ({sql})", (value,))


def _joined(tests: Sequence[Part]) -> tuple[str, tuple[Any, ...]]:
    where = f"WHERE {' AND '.join(part.sql for part in tests)}" if tests else ""
    return where, tuple(value for part in tests for value in part.values)


def _terms(database: sqlite3.Connection, query: Query) -> Terms:
    terms = Terms()
    terms.facets += [("country", country(name)) for name in query.countries]
    if query.agency is not None:
        named = _agencies(database, query.agency)
        if len(named) == 1:
            terms.facets.append(("agency", named[0]))
        else:
            among, values = "facet = 'agency' AND value IN (SELECT value FROM json_each(?))", (json.dumps(named),)
            select = Part(f"SELECT event FROM event_facets WHERE {among}", values)
            terms.sets.append((select, Part(f"EXISTS ({_FACET} AND {among})", values)))
    if query.person is not None:
        sql = (
            "SELECT er.event FROM names n JOIN participants p ON p.who = n.id "
            "JOIN event_reports er ON er.report = p.report WHERE n.kind = 'person' AND n.person IN "
            "(SELECT person FROM names WHERE kind = 'person' AND instr(folded, ?))"
        )
        terms.sets.append(_set(sql, fold(query.person).lower()))
    if query.text is not None:
        sql = (
            "SELECT er.event FROM words JOIN reports r ON r.item = words.rowid "
            "JOIN event_reports er ON er.report = r.id WHERE words MATCH ?"
        )
        terms.sets.append(_set(sql, _words(query.text)))
    if query.event is not None:
        terms.sets.append(_set("SELECT id FROM events WHERE event = ?", query.event))
    if query.period is not None:
        first, last = period(query.period)
        terms.tests.append(Part("t.first <= ?", (last or "9999",)))
        terms.tests.append(Part("t.last >= ?", (first or "",)))
    for column, value in (("kind", query.kind), ("status", query.status)):
        if value is not None:
            terms.tests.append(Part(f"t.{column} = ?", (value,)))
    return terms


def _words(text: str) -> str:
    wanted = words_query(text)
    if wanted is None:
        raise QueryError(f"{text!r} holds no word to look for")
    return wanted


def _agencies(database: sqlite3.Connection, part: str) -> list[str]:
    """The agencies whose name holds this."""
    names = (name for (name,) in database.execute("SELECT DISTINCT agency FROM documents WHERE agency IS NOT NULL"))
    return [name for name in names if fold(part).lower() in fold(name).lower()]
