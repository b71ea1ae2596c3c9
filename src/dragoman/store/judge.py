"""Judgements: made, taken back, imported; after each the reports and events that it concerns are made anew.

Whatever is said is kept in one transaction with all that follows from it, or not at all. What a judgement moved is kept
beside it (`moves`), so that taking it back puts the same reports back into the same events.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dragoman.store.correct import correct, parsed
from dragoman.store.events import refresh
from dragoman.store.file import QueryError, RecordError, transaction
from dragoman.store.ids import digest
from dragoman.store.linking import Links
from dragoman.store.verdicts import Judgement, current, in_force, judgements, rows_of, to_json

VERDICTS = ("same", "different", "wrong", "right", "field")
_TIME = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{6}\+00:00")
_TEXT = ("verdict", "subject", "who", "at", "why")

_NOTE = """
CREATE TEMP TRIGGER moved_{when} AFTER {when} ON main.event_reports
WHEN NOT EXISTS (SELECT 1 FROM moved m JOIN reports r ON r.report = m.report WHERE r.id = {row}.report)
BEGIN
    INSERT INTO moved (report, event, why)
    SELECT r.report, (SELECT e.event FROM events e WHERE e.id = {event}), {why} FROM reports r
    WHERE r.id = {row}.report;
END
"""
#: Notes in temp.moved where each report was before it was first moved.
_NOTES = (
    "CREATE TEMP TABLE moved (report TEXT PRIMARY KEY, event TEXT, why TEXT)",
    _NOTE.format(when="delete", row="old", event="old.event", why="old.why"),
    _NOTE.format(when="update", row="old", event="old.event", why="old.why"),
    _NOTE.format(when="insert", row="new", event="NULL", why="NULL"),
)
_NO_NOTES = (*(f"DROP TRIGGER temp.moved_{when}" for when in ("delete", "update", "insert")), "DROP TABLE temp.moved")


def judge(
    database: sqlite3.Connection,
    verdict: str,
    subject: str,
    object: str | None = None,
    *,
    field: str | None = None,
    value: str | None = None,
    who: str,
    why: str,
) -> Judgement:
    """Say something of a report, and make anew what it concerns. QueryError: it cannot be said, and nothing is kept."""
    _signed(who, why)
    if verdict not in VERDICTS:
        raise QueryError(f"there is no judgement {verdict}; there are {', '.join(VERDICTS)}")
    if (object is None) is (verdict in ("same", "different")):
        raise QueryError("same and different want two reports or events, the other judgements one report")
    if (field is None) is (verdict == "field"):
        raise QueryError("field, and only field, wants a report, the field's name and a value")
    with transaction(database):
        if object is None:
            one, other = [_report(database, subject)], []
        else:
            one, other = _reports(database, subject), _reports(database, object)
            if len({*one, *other}) < 2 or (verdict == "different" and {*one} & {*other}):
                raise QueryError(f"{subject} and {object} have a report in common")
        if field is not None:
            parsed(field, value)
        said = _said(verdict, " ".join(one), " ".join(other) or None, field, value, who, _now(database), why)
        _insert(database, said)
        with _Noted(database) as notes:
            _make_anew(database, said.reports, refusing=True)
            notes.keep(said.judgement)
    return said


def undo(database: sqlite3.Connection, judgement: str, *, who: str, why: str) -> Judgement:
    """Take a judgement back. Where nothing else was judged or loaded of what it moved, all is as it was before."""
    _signed(who, why)
    with transaction(database):
        found = [said for said in judgements(database) if said.judgement == judgement]
        if not found:
            raise QueryError(f"there is no judgement {judgement}; `dragoman judge RECORD list` gives all")
        if found[0].undone_at is not None:
            raise QueryError(f"{judgement} was taken back already, by {found[0].undone_who}")
        said = replace(found[0], undone_who=who, undone_at=_now(database), undone_why=why)
        database.execute(
            "UPDATE judgements SET undone_who = ?, undone_at = ?, undone_why = ? WHERE judgement = ?",
            (who, said.undone_at, why, judgement),
        )
        moved = database.execute("SELECT report FROM moves WHERE judgement = ?", (judgement,)).fetchall()
        concerned = [*said.reports, *(report for (report,) in moved)]
        _make_anew(database, concerned, refusing=True, back=_before(database, said))
        database.execute("DELETE FROM moves WHERE judgement = ?", (judgement,))
    return said


def waiting(database: sqlite3.Connection) -> set[str]:
    """The judgements in force of which a report is not in the record."""
    held = [said for said in judgements(database) if said.undone_at is None]
    wanted = {said.judgement: {_followed(database, said, report) for report in said.reports} for said in held}
    there = rows_of(database, (report for ids in wanted.values() for report in ids))
    return {judgement for judgement, ids in wanted.items() if not ids <= set(there)}


def take_in(database: sqlite3.Connection, lines: Iterable[tuple[str, Any]]) -> tuple[list[Judgement], int]:
    """Import judgements, each with the place it is from. Gives those that are new here, or newly taken back, and
    how many were known. All or nothing: RecordError names the place of what is no judgement."""
    given = [_checked(place, line) for place, line in lines]
    fresh: list[Judgement] = []
    with transaction(database):
        held = {said.judgement: said for said in judgements(database)}
        for said in given:
            known = held.get(said.judgement)
            if known is None or (said.undone_at is not None and known.undone_at is None):
                _insert(database, said)
                held[said.judgement] = said
                fresh.append(said)
        if fresh:
            database.executemany("DELETE FROM moves WHERE judgement = ?", [(said.judgement,) for said in fresh])
            _make_anew(database, [report for said in fresh for report in said.reports], refusing=False)
    return fresh, len(given) - len(fresh)


# What follows from a judgement ---------------------------------------------------------------------------------------


def _make_anew(
    database: sqlite3.Connection,
    reports: Iterable[str],
    *,
    refusing: bool,
    back: Mapping[str, tuple[str | None, str | None]] | None = None,
) -> None:
    """Make these reports anew, and the events that are theirs; with `back`, links as they were. `refusing`: a
    correction that does not fit its report is an error; otherwise it waits."""
    force = in_force(database)
    named = {*reports}
    rows = rows_of(database, {*named, *(current(database, report) for report in named)})
    for report, row in rows.items():
        refused = correct(database, row, force.corrections.get(report, ()))
        if refused and refusing:
            raise refused[-1][1]
    region = {
        event
        for (event,) in database.execute(
            "SELECT event FROM event_reports WHERE report IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(rows.values())),),
        )
    }
    try:
        links = Links(database)
    except RecordError as error:
        raise QueryError(f"{error}; take one of them back first") from error
    links.shelf.begin()
    if back is None:
        links.anew(region, rows.values())
    else:
        links.put_back(back)
    refresh(database, sorted(region | links.shelf.touched))


def _before(database: sqlite3.Connection, said: Judgement) -> dict[str, tuple[str | None, str | None]] | None:
    """Where the reports that a judgement moved were before it; None if anything of them was moved or judged since."""
    rows = database.execute(
        "SELECT report, before, why, after FROM moves WHERE judgement = ?", (said.judgement,)
    ).fetchall()
    moved = {report for report, *_ in rows}
    after = {event for *_, event in rows if event}
    now = dict(
        database.execute(
            "SELECT r.report, e.event FROM json_each(?) wanted CROSS JOIN events e ON e.event = wanted.value "
            "JOIN event_reports er ON er.event = e.id JOIN reports r ON r.id = er.report",
            (json.dumps(sorted(after)),),
        )
    )
    if not rows or now != {report: event for report, _, _, event in rows if event}:
        return None
    if set(rows_of(database, moved)) != moved:
        return None
    for other in judgements(database):
        since = other.at > said.at and other.undone_at is None  # what was both said and taken back since is as nothing
        if (since or other.at < said.at < (other.undone_at or "")) and moved & {*other.reports}:
            return None
    return {report: (before, why) for report, before, why, _ in rows}


class _Noted:
    """Notes where reports were before they are moved within it."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> _Noted:
        for statement in _NOTES:
            self._database.execute(statement)
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(sqlite3.Error):  # a broken transaction has taken them back already
            for statement in _NO_NOTES:
                self._database.execute(statement)

    def keep(self, judgement: str) -> None:
        """Keep with the judgement where all reports of the events that it changed were, and where they are."""
        self._database.execute(
            "INSERT INTO moves (judgement, report, before, why, after) "
            "SELECT ?1, m.report, m.event, m.why, e.event FROM temp.moved m JOIN reports r ON r.report = m.report "
            "LEFT JOIN event_reports er ON er.report = r.id LEFT JOIN events e ON e.id = er.event",
            (judgement,),
        )
        self._database.execute(
            "INSERT OR IGNORE INTO moves (judgement, report, before, why, after) "
            "SELECT ?1, r.report, e.event, er.why, e.event FROM events e JOIN event_reports er ON er.event = e.id "
            "JOIN reports r ON r.id = er.report "
            "WHERE e.event IN (SELECT after FROM moves WHERE judgement = ?1)",
            (judgement,),
        )


# What can be said ----------------------------------------------------------------------------------------------------


def _reports(database: sqlite3.Connection, subject: str) -> list[str]:
    """The report of this id, or all of the event of this id."""
    if rows_of(database, [subject]):
        return [subject]
    rows = database.execute(
        "SELECT r.report FROM events e JOIN event_reports er ON er.event = e.id JOIN reports r ON r.id = er.report "
        "WHERE e.event = ? ORDER BY r.report",
        (subject,),
    )
    found = [report for (report,) in rows]
    if not found:
        raise QueryError(f"there is no report or event {subject}")
    return found


def _report(database: sqlite3.Connection, subject: str) -> str:
    if not rows_of(database, [subject]):
        event = database.execute("SELECT 1 FROM events WHERE event = ?", (subject,)).fetchone()
        raise QueryError(
            f"{subject} is an event; give one of its reports" if event else f"there is no report {subject}"
        )
    return subject


def _signed(who: str, why: str) -> None:
    if not who.strip() or not why.strip():
        raise QueryError("a judgement wants who makes it and why")
    if len(who.splitlines()) > 1 or len(why.splitlines()) > 1:
        raise QueryError("who and why are one line each")


def _said(
    verdict: str, subject: str, other: str | None, field: str | None, value: str | None, *signed: str
) -> Judgement:
    return Judgement(
        digest(verdict, subject, other, field, value, *signed), verdict, subject, other, field, value, *signed
    )


def _checked(place: str, line: Any) -> Judgement:
    """The judgement that a line of an export holds."""
    names = Judgement.__dataclass_fields__
    if not isinstance(line, dict) or set(line) != set(names):
        raise RecordError(f"{place}: no judgement; it has the keys {', '.join(names)}")
    if not all(value is None or isinstance(value, str) for value in line.values()) or not all(line[n] for n in _TEXT):
        raise RecordError(f"{place}: no judgement; {', '.join(_TEXT)} must be text")
    said = Judgement(**line)
    if not all(_TIME.fullmatch(at) for at in (said.at, said.undone_at) if at is not None):
        raise RecordError(f"{place}: judgement {said.judgement} was not made at {said.at}: no time as exports have it")
    parts = (said.verdict, said.subject, said.object, said.field, said.value, said.who, said.at, said.why)
    if said.verdict not in VERDICTS or said.judgement != digest(*parts):
        raise RecordError(f"{place}: judgement {said.judgement} does not say what its id says")
    if (said.object is None) is (said.verdict in ("same", "different")) or (said.field is None) is (
        said.verdict == "field"
    ):
        raise RecordError(f"{place}: judgement {said.judgement} says {said.verdict} of what it cannot be said of")
    try:
        if said.field is not None:
            parsed(said.field, said.value)
    except QueryError as error:
        raise RecordError(f"{place}: {error}") from error
    return said


def _insert(database: sqlite3.Connection, said: Judgement) -> None:
    line = to_json(said)
    names, marks = ", ".join(line), ", ".join("?" * len(line))
    database.execute(f"INSERT OR REPLACE INTO judgements ({names}) VALUES ({marks})", list(line.values()))


def _followed(database: sqlite3.Connection, said: Judgement, report: str) -> str:
    return report if said.verdict in ("wrong", "right") else current(database, report)


def _now(database: sqlite3.Connection) -> str:
    """The time, later than that of all judgements, so that the last said is the last that stands."""
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    (last,) = database.execute("SELECT max(max(at, ifnull(undone_at, ''))) FROM judgements").fetchone()
    if last is None or now > last:
        return now
    return (datetime.fromisoformat(last) + timedelta(microseconds=1)).isoformat(timespec="microseconds")
