"""Keeps pages: a page with its items, reports, facts and words goes into the record as a whole, in place of what stood
there of it before. Everything here runs inside one transaction of the caller.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dragoman.article import Article
from dragoman.model import Evidence, Fact, Reading, Report
from dragoman.store.changes import Change, changes
from dragoman.store.correct import correct, drop_names, name_number
from dragoman.store.events import refresh
from dragoman.store.ids import content, digest, report_ids, twin
from dragoman.store.linking import Links
from dragoman.store.rows import reports_of
from dragoman.store.words import tokens

#: Fields of a report that stand in a column of the same name.
_FIELDS = (
    *("kind", "mode", "status", "name", "start", "end", "place", "place_country", "amount", "currency", "post"),
    *("confidence", "rule"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page on its way into the record: the Article under its source's name, and the file that it came from."""

    article: Article
    source: str
    content: str
    twin: str

    @classmethod
    def of(cls, article: Article, source: str) -> Page:
        """The page of an article, with its hashes; broken characters, which no file can hold, become question marks."""
        article = replace(
            article,
            id=_whole(article.id),
            text=_whole(article.text),
            title=article.title and _whole(article.title),
            url=article.url and _whole(article.url),
            agency=article.agency and _whole(article.agency),
            author=article.author and _whole(article.author),
        )
        return cls(article, source, content(article), twin(article))


@dataclass(frozen=True, slots=True)
class Standing:
    """What the record holds of a page. `state` is known (there is nothing to do), stale (another pack read it), other
    (the page has changed), copy (another page is the same) or new; `row` is its document, or that which it copies."""

    state: str
    document: str
    row: int | None = None


def standing(database: sqlite3.Connection, page: Page, reader: str, *, again: bool = False) -> Standing:
    """What is to be done with a page. Pages are told apart by name and, where two have one name, by address or file."""
    name, url = page.article.id, page.article.url
    rows = database.execute(
        "SELECT id, document, source, url, content, reader, copy_of FROM documents WHERE name = ?", (name,)
    ).fetchall()
    for row, document, _, _, held, by, copy_of in rows:
        if held == page.content:
            known = copy_of is not None or (by == reader and not again)
            return Standing("known" if known else "stale", document, row)
    for row, document, source, address, *_ in rows:
        if (address == url) if address or url else (source == page.source != "-"):
            return Standing("other", document, row)
    document = name if not rows else f"{name}#{digest(url or (page.source if page.source != '-' else page.content))}"
    original = database.execute(
        "SELECT id FROM documents WHERE twin = ? AND copy_of IS NULL ORDER BY id LIMIT 1", (page.twin,)
    ).fetchone()
    return Standing("copy", document, original[0]) if original else Standing("new", document)


@dataclass(frozen=True, slots=True)
class Link:
    """To which event (row and id) a report belongs and why, and what of it the report's id does not tell."""

    event: int
    name: str
    why: str | None
    own_event: str
    published: str | None


class Keeper:
    """Writes the pages of one transaction; `finish` ends it."""

    def __init__(self, database: sqlite3.Connection, reader: str, load: int, links: Links) -> None:
        self._links = links
        self._links.shelf.begin()
        self._touched: set[int] = set()  # events to be made anew, by row
        self._torn: set[int] = set()  # events of which a report is gone
        self._fresh: dict[str, int] = {}  # reports that were written, with their rows
        self._unlinked: list[int] = []  # reports that have no event yet
        self._keep: dict[str, str] = {}  # reports that were read again, with the event that they had
        self._names: set[int] = set()
        self._database = database
        self._reader = reader
        self._load = load

    def shelve(self, page: Page, standing: Standing) -> None:
        """Keep a page unread, because it is the same as another."""
        if standing.state in ("copy", "new"):  # new: the other one changed meanwhile, so this will be read in the end
            self._document(page, standing.document, _unread(page.article), copy_of=standing.row)

    def keep(self, page: Page, standing: Standing, reading: Reading) -> list[Change]:
        """Keep a page and what was read from it; what differs from the reading that stood there, if one did."""
        before: Mapping[str, Report] = {}
        held: dict[str, Link] = {}
        if standing.row is None:
            row = self._document(page, standing.document, reading, reader=self._reader)
        else:
            row = standing.row
            before = reports_of(self._database, row, as_read=True)
            held = self._held(row)
            if standing.state == "other":
                self._release_copies(row)
            self._clear(row)
            self._update(row, page, reading)
        ids = report_ids(standing.document, reading.reports)
        items = self._items(row, reading)
        for identity, report in zip(ids, reading.reports, strict=True):
            self._fresh[identity] = self._report(identity, items[report.item], report)
            self._link(identity, self._fresh[identity], held)
        self._torn.update(link.event for link in held.values())
        self._facts(items, reading.facts)
        if standing.row is None:
            return []
        found = list(changes(before, dict(zip(ids, reading.reports, strict=True))))
        self._keep |= {c.new: held[c.old].name for c in found if c.new and c.old in held}
        self._database.executemany(
            "INSERT INTO changes (load, document, item, change, old, new, fields) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (self._load, standing.document, c.item, c.change, c.old, c.new, c.fields and _json(c.fields))
                for c in found
            ],
        )
        return found

    def finish(self) -> None:
        """What is left to do before the transaction ends: reports corrected as was judged, events made anew, names gone
        that nobody bears now."""
        self._links.obey()
        for report, said in self._links.force.corrections.items():
            if report in self._fresh:
                correct(self._database, self._fresh[report], said)
        self._links.mend(self._torn)
        self._links.add(self._unlinked, self._keep)
        refresh(self._database, sorted(self._touched | self._links.shelf.touched))
        drop_names(self._database, sorted(self._names))

    # The page ------------------------------------------------------------------------------------------------------

    def _document(
        self, page: Page, document: str, reading: Reading, *, copy_of: int | None = None, reader: str | None = None
    ) -> int:
        values = {"document": document, "name": page.article.id, "copy_of": copy_of, "reader": reader}
        return _insert(self._database, "documents", {**values, **_columns(page, reading)})

    def _update(self, row: int, page: Page, reading: Reading) -> None:
        values = {"copy_of": None, "reader": self._reader, **_columns(page, reading)}
        names = ", ".join(f"{name} = ?" for name in values)
        self._database.execute(f"UPDATE documents SET {names} WHERE id = ?", [*values.values(), row])

    def _release_copies(self, row: int) -> None:
        """Pages that were as this one was are now pages of their own, the first of them yet to be read."""
        copies = [
            r for (r,) in self._database.execute("SELECT id FROM documents WHERE copy_of = ? ORDER BY id", (row,))
        ]
        if copies:
            self._database.execute("UPDATE documents SET copy_of = NULL WHERE id = ?", (copies[0],))
            self._database.execute("UPDATE documents SET copy_of = ? WHERE copy_of = ?", (copies[0], row))

    def _clear(self, row: int) -> None:
        """Take out what was read from a page: its words, its reports with all that hangs on them."""
        items = self._database.execute(
            'SELECT i.id, i.title, substr(d.text, i.start + 1, i."end" - i.start) FROM items i '
            "JOIN documents d ON d.id = i.document WHERE d.id = ?",
            (row,),
        ).fetchall()
        self._database.executemany(
            "INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?)",
            [(item, tokens(title or ""), tokens(text)) for item, title, text in items],
        )
        self._names.update(
            who
            for (who,) in self._database.execute(
                "SELECT p.who FROM participants p JOIN reports r ON r.id = p.report "
                "JOIN items i ON i.id = r.item WHERE i.document = ?",
                (row,),
            )
        )
        self._database.execute("DELETE FROM items WHERE document = ?", (row,))

    # What was read -------------------------------------------------------------------------------------------------

    def _items(self, row: int, reading: Reading) -> dict[str, int]:
        items: dict[str, int] = {}
        text = reading.document["text"]
        for item in reading.document["items"]:
            number = items[item["item"]] = _insert(self._database, "items", {"document": row, **item})
            self._database.execute(
                "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)",
                (number, tokens(item["title"] or ""), tokens(text[item["start"] : item["end"]])),
            )
        return items

    def _report(self, identity: str, item: int, report: Report) -> int:
        values = {field: getattr(report, field) for field in _FIELDS}
        row = _insert(
            self._database, "reports", {"report": identity, "item": item, "own_event": report.event, **values}
        )
        self._database.executemany(
            "INSERT INTO participants (report, n, role, who, post) VALUES (?, ?, ?, ?, ?)",
            [
                (row, number, p.role, name_number(self._database, p.name, p.country, p.kind), p.post)
                for number, p in enumerate(report.participants)
            ],
        )
        self._evidence("report", row, report.evidence)
        return row

    def _held(self, document: int) -> dict[str, Link]:
        """The links of a document's reports, by their ids."""
        rows = self._database.execute(
            "SELECT r.report, er.event, e.event, er.why, r.own_event, i.published FROM items i "
            "JOIN reports r ON r.item = i.id JOIN event_reports er ON er.report = r.id "
            "JOIN events e ON e.id = er.event WHERE i.document = ?",
            (document,),
        )
        return {report: Link(*values) for report, *values in rows}

    def _link(self, identity: str, row: int, held: dict[str, Link]) -> None:
        """A report that says what it said, and when it said it, stays in its event; others are linked in the end."""
        link = held.get(identity)
        own_event, published = self._database.execute(
            "SELECT r.own_event, i.published FROM reports r JOIN items i ON i.id = r.item WHERE r.id = ?", (row,)
        ).fetchone()
        if link is not None and (link.own_event, link.published) == (own_event, published):
            del held[identity]
            self._database.execute(
                "INSERT INTO event_reports (report, event, why) VALUES (?, ?, ?)", (row, link.event, link.why)
            )
            self._touched.add(link.event)
            return
        self._unlinked.append(row)
        if link is not None:
            self._keep[identity] = link.name

    def _facts(self, items: dict[str, int], facts: Sequence[Fact]) -> None:
        numbers = Counter[str]()
        for fact in facts:
            values = {"item": items[fact.item], "n": numbers[fact.item], "fact": fact.fact, "rule": fact.rule}
            row = _insert(self._database, "facts", {**values, "fields": _json(fact.fields)})
            numbers[fact.item] += 1
            self._evidence("fact", row, fact.evidence)

    def _evidence(self, of: str, row: int, evidence: Iterable[Evidence]) -> None:
        self._database.executemany(
            f'INSERT INTO evidence ({of}, start, "end") VALUES (?, ?, ?)', [(row, e.start, e.end) for e in evidence]
        )


def _insert(database: sqlite3.Connection, table: str, values: Mapping[str, Any]) -> int:
    """A new row, and its number."""
    names, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
    made = database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))
    return int(made.lastrowid or 0)


def _columns(page: Page, reading: Reading) -> dict[str, Any]:
    article, line = page.article, reading.document
    given = {"title": article.title, "published": article.published, "agency": article.agency, "author": article.author}
    return {
        "source": page.source,
        "url": article.url,
        "title": line["title"],
        "published": line["published"],
        "published_basis": line["published_basis"],
        "agency": line["agency"],
        "language": line["language"],
        "text": article.text,
        "given": _json({name: value for name, value in given.items() if value is not None}),
        "content": page.content,
        "twin": page.twin,
        "notes": _json([article.lost, *reading.notes] if article.lost else reading.notes),
    }


def _unread(article: Article) -> Reading:
    """The document line of a page that is not read."""
    line = {"title": article.title, "published": article.published, "published_basis": None, "agency": article.agency}
    return Reading({**line, "language": ""}, notes=list(article.notes))


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
