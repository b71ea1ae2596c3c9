"""The shelf that linking works on, in a record: events by the keys under which they are found, made of their reports.

What is held in memory is the same as what would be made of the record again, so that it does not matter when a load was
broken off, and it is forgotten when another program has written.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence

from dragoman.link import Claim, Profile
from dragoman.link.claims import Party
from dragoman.link.cluster import MOST
from dragoman.link.profile import Key
from dragoman.store.events import event_number

#: So many events are held in memory.
HELD = 20_000

_FIELDS = (
    *("key", "document", "item", "own_event", "kind", "mode", "status", "name", "place", "place_country"),
    *("amount", "currency", "post", "start", "end", "published"),
)
_CLAIMS = """
SELECT r.id, {link}, r.report, d.document, i.item, r.own_event, r.kind, r.mode, r.status, r.name, r.place,
    r.place_country, r.amount, r.currency, r.post, r.start, r."end", coalesce(i.published, d.published)
FROM {source} JOIN items i ON i.id = r.item JOIN documents d ON d.id = i.document
ORDER BY r.id
"""
_OF_EVENTS = _CLAIMS.format(
    link="er.event",
    source="json_each(?) wanted CROSS JOIN event_reports er ON er.event = wanted.value "
    "JOIN reports r ON r.id = er.report",
)
_OF_ROWS = _CLAIMS.format(link="r.id", source="json_each(?) wanted CROSS JOIN reports r ON r.id = wanted.value")
_PARTIES = """
SELECT p.report, n.name, p.role, n.kind, n.country, p.post
FROM json_each(?) wanted CROSS JOIN participants p ON p.report = wanted.value JOIN names n ON n.id = p.who
ORDER BY p.report, p.n
"""


def claims_of_rows(database: sqlite3.Connection, rows: Iterable[int]) -> list[tuple[int, Claim]]:
    """The claims of these reports (rows), in the order in which they came into the record."""
    return [(row, claim) for row, _, claim in _claims(database, _OF_ROWS, rows)]


def claims_of_events(database: sqlite3.Connection, events: Iterable[int]) -> dict[int, list[Claim]]:
    """The claims of these events (rows), each in the order in which they came into the record."""
    found: dict[int, list[Claim]] = {}
    for _, event, claim in _claims(database, _OF_EVENTS, events):
        found.setdefault(event, []).append(claim)
    return found


def _claims(database: sqlite3.Connection, sql: str, wanted: Iterable[int]) -> list[tuple[int, int, Claim]]:
    rows = database.execute(sql, (json.dumps(list(wanted)),)).fetchall()
    parties: dict[int, list[Party]] = {}
    for report, *values in database.execute(_PARTIES, (json.dumps([row[0] for row in rows]),)):
        parties.setdefault(report, []).append(Party(*values))
    found = []
    for report, event, *values in rows:
        fields = dict(zip(_FIELDS, values, strict=True))
        found.append((report, event, Claim(**fields, parties=tuple(parties.get(report, ())))))
    return found


class RecordShelf:
    """Implements dragoman.link.Shelf. `touched` are the rows of all events that were changed."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.touched: set[int] = set()
        self._database = database
        self._held: dict[int, Profile] = {}
        self._dropped: set[int] = set()
        self._version = -1

    def begin(self) -> None:
        """Called at the start of each transaction."""
        (version,) = self._database.execute("PRAGMA data_version").fetchone()
        if version != self._version or len(self._held) > HELD:
            self._held.clear()
        self._version = version
        self.touched = set()
        self._dropped = set()

    def near(self, keys: Iterable[Key]) -> list[Profile]:
        rows = self._database.execute(
            "SELECT k.event FROM json_each(?) wanted CROSS JOIN event_keys k ON k.key = wanted.value "
            "GROUP BY k.event ORDER BY count(*) DESC, k.event LIMIT ?",
            (json.dumps([_number(key) for key in keys]), MOST),
        )
        return self._profiles([event for (event,) in rows])

    def put(self, profile: Profile, keys: Iterable[Key]) -> None:
        event = event_number(self._database, profile.event)
        known = event in self._held and event not in self._dropped
        self._dropped.discard(event)
        reports = profile.reports[-1:] if known else profile.reports
        self._database.executemany(
            "INSERT INTO event_reports (report, event) SELECT id, ?1 FROM reports WHERE report = ?2 "
            "ON CONFLICT DO UPDATE SET event = excluded.event",
            [(event, report) for report in reports],
        )
        self._database.executemany(
            "INSERT OR IGNORE INTO event_keys (key, event) VALUES (?, ?)", [(_number(key), event) for key in keys]
        )
        self.touched.add(event)
        if known or len(profile.reports) == 1:
            profile.born = event
            self._held[event] = profile
        else:  # of two events one was made: its reports are to stand in the order of the record
            self._held.pop(event, None)
            self._profiles([event])

    def drop(self, event: str) -> None:
        row = event_number(self._database, event)
        self._database.execute("DELETE FROM event_keys WHERE event = ?", (row,))
        self._held.pop(row, None)
        self._dropped.add(row)
        self.touched.add(row)

    def get(self, event: str) -> Profile | None:
        row = self._database.execute("SELECT id FROM events WHERE event = ?", (event,)).fetchone()
        found = self._profiles([row[0]]) if row and row[0] not in self._dropped else []
        return found[0] if found else None

    def event_of(self, report: str) -> str | None:
        row = self._database.execute(
            "SELECT e.id, e.event FROM reports r JOIN event_reports er ON er.report = r.id "
            "JOIN events e ON e.id = er.event WHERE r.report = ?",
            (report,),
        ).fetchone()
        return str(row[1]) if row and row[0] not in self._dropped else None

    def _profiles(self, events: Sequence[int]) -> list[Profile]:
        missing = [event for event in events if event not in self._held]
        if missing:
            names = dict(
                self._database.execute(
                    "SELECT id, event FROM events WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(missing),)
                )
            )
            for event, claims in claims_of_events(self._database, missing).items():
                made = self._held[event] = Profile.of(claims, names[event])
                made.born = event
        return [self._held[event] for event in events if event in self._held]


def _number(key: Key) -> int:
    """A key as a number of 63 bits, which takes little room; two keys with one number cost a comparison more."""
    spelled = json.dumps(key, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(spelled, digest_size=8).digest(), "big") >> 1
