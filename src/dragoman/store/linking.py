"""Links reports to events as pages are kept, and all of a record anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from itertools import count

from dragoman.link import Claim, Contradiction, Linker, Placed, Profile, load_rules
from dragoman.link.cluster import Judged
from dragoman.store.events import event_number, refresh
from dragoman.store.file import RecordError, transaction
from dragoman.store.shelf import RecordShelf, claims_of_events, claims_of_rows
from dragoman.store.verdicts import InForce, in_force, rows_of

#: So many reports are read at once when all are linked.
CHUNK = 500


class Links:
    """Puts the reports of a record into events, transaction by transaction."""

    def __init__(self, database: sqlite3.Connection, language: str = "zh") -> None:
        self.shelf = RecordShelf(database)
        self._database = database
        self._linker = Linker((), load_rules(language), self.shelf)
        self.force = InForce()
        self.obey()

    def obey(self) -> None:
        """Hold from now on to the judgements that are in force now; `force` has them."""
        self.force = in_force(self._database)
        try:
            self._linker.judged = Judged(self.force.constraints)
        except Contradiction as error:
            raise RecordError(f"the judgements of the record cannot all hold: {error}") from error

    def add(self, rows: Iterable[int], keep: dict[str, str]) -> None:
        """Link reports (rows) that are new. `keep` gives the event that a report had before it was read again: one that
        has no other report keeps its id. Reports that are judged wrong stay without an event."""
        for row, claim in claims_of_rows(self._database, rows):
            if claim.key in self.force.wrong:
                continue
            self._why(row, self._linker.add(claim, keep.get(claim.key)))

    def mend(self, events: Iterable[int]) -> None:
        """Link anew what is left of events (rows) from which reports were taken."""
        rows = sorted(events)
        left = claims_of_events(self._database, rows)
        self._database.execute(
            "DELETE FROM event_reports WHERE event IN (SELECT value FROM json_each(?))", (json.dumps(rows),)
        )
        for row, event in self._names(rows):
            if row not in left:
                self.shelf.drop(event)
                continue
            placed = self._linker.relink(event, left[row])
            self._whys(left[row], placed)

    def anew(self, events: Iterable[int], rows: Iterable[int]) -> None:
        """Link anew all reports of these events (rows) and these other ones, after a judgement."""
        apart = self._take_apart(events)
        added = dict.fromkeys(rows)
        self.add([*apart, *(row for row in added if row not in apart)], dict(apart.values()))

    def put_back(self, links: Mapping[str, tuple[str | None, str | None]]) -> None:
        """Put reports, by their ids, into the events in which they were, each with why; None: into no event."""
        placed = {row: links[report] for report, row in rows_of(self._database, links).items()}
        numbers = {event: event_number(self._database, event) for event, _ in placed.values() if event is not None}
        now = self._database.execute(
            "SELECT event FROM event_reports WHERE report IN (SELECT value FROM json_each(?))", (json.dumps([*placed]),)
        )
        whole = self._take_apart({*numbers.values(), *(event for (event,) in now)})
        groups: dict[str, list[int]] = {}
        for row, event in [(row, event) for row, (_, event) in whole.items() if row not in placed] + [
            (row, event) for row, (event, _) in placed.items() if event is not None
        ]:
            groups.setdefault(event, []).append(row)
        for event, rows in groups.items():
            profile = Profile.of([claim for _, claim in claims_of_rows(self._database, rows)], event)
            self.shelf.put(profile, profile.blocks(self._linker.rules))
        self._database.executemany(
            "UPDATE event_reports SET why = ? WHERE report = ?", [(why, row) for row, (_, why) in placed.items()]
        )

    def _take_apart(self, events: Iterable[int]) -> dict[int, tuple[str, str]]:
        """Take all reports out of these events; their rows, with their ids and those of their events."""
        rows = sorted(events)
        held = self._database.execute(
            "SELECT r.id, r.report, e.event FROM json_each(?) wanted CROSS JOIN event_reports er "
            "ON er.event = wanted.value JOIN reports r ON r.id = er.report JOIN events e ON e.id = er.event",
            (json.dumps(rows),),
        ).fetchall()
        for _, event in self._names(rows):
            self.shelf.drop(event)
        self._database.execute(
            "DELETE FROM event_reports WHERE event IN (SELECT value FROM json_each(?))", (json.dumps(rows),)
        )
        return {row: (report, event) for row, report, event in held}

    def _names(self, rows: list[int]) -> list[tuple[int, str]]:
        return self._database.execute(
            "SELECT id, event FROM events WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", (json.dumps(rows),)
        ).fetchall()

    def _whys(self, claims: list[Claim], placed: list[Placed]) -> None:
        for claim, place in zip(claims, placed, strict=True):
            (row,) = self._database.execute("SELECT id FROM reports WHERE report = ?", (claim.key,)).fetchone()
            self._why(row, place)

    def _why(self, row: int, placed: Placed) -> None:
        """Keep the evidence for which a report was put into its event."""
        if placed.judged:
            why = '{"judged": true}'
        elif placed.new:
            why = None
        else:
            why = json.dumps({"weight": round(placed.weight, 3), "evidence": placed.pieces}, ensure_ascii=False)
        self._database.execute("UPDATE event_reports SET why = ? WHERE report = ?", (why, row))


def link_all(database: sqlite3.Connection, linked: Callable[[int], None] = lambda number: None) -> tuple[int, int]:
    """Link all reports of a record anew, in the order in which they came, in one transaction; events keep their ids
    where their first report stays. Gives how many reports there are, and how many are in another event than before."""
    with transaction(database):
        before = dict(
            database.execute(
                "SELECT r.report, e.event FROM event_reports er JOIN reports r ON r.id = er.report "
                "JOIN events e ON e.id = er.event"
            )
        )
        for table in ("event_reports", "event_keys", "event_facets", "events"):
            database.execute(f"DELETE FROM {table}")
        links = Links(database)
        links.shelf.begin()
        rows = [row for (row,) in database.execute("SELECT id FROM reports ORDER BY id")]
        for start in count(0, CHUNK):
            chunk = rows[start : start + CHUNK]
            if not chunk:
                break
            links.add(chunk, before)
            linked(start + len(chunk))
        refresh(database, sorted(links.shelf.touched))
        (moved,) = database.execute(
            "SELECT count(*) FROM reports r JOIN event_reports er ON er.report = r.id JOIN events e ON e.id = er.event "
            "JOIN json_each(?) was ON was.key = r.report WHERE was.value <> e.event",
            (json.dumps(before),),
        ).fetchone()
    return len(rows), int(moved)
