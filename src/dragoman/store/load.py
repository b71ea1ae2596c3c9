"""Loads pages into a record: what is known is passed over, what is read is kept in short transactions of many pages.

A page counts as kept when the transaction that holds it has ended, and not before. Reading is done outside of
transactions, so that others may write meanwhile; what they kept is looked at again before it is written over.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from dragoman.article import Article, Origin
from dragoman.batch import Outcome, read_all
from dragoman.pack import digest as pack_digest
from dragoman.pack import load as load_pack
from dragoman.pack import read_toml
from dragoman.sources import Skipped, SourceOptions, named, read_paths
from dragoman.store.changes import Change
from dragoman.store.file import transaction
from dragoman.store.linking import Links
from dragoman.store.write import Keeper, Page, standing

#: A transaction is written when it has so many pages, or after so many seconds.
PAGES, SECONDS = 64, 1.0
#: What can become of a page. known: it was in the record as it is; read: it is now.
SORTS = ("read", "known", "duplicate", "empty", "foreign", "failed")
_DETAIL = re.compile(r"\s*\([^()]*\d[^()]*\)|: skipped$")


@dataclass(slots=True, eq=False)
class Source:
    """A file under way. `waiting` of its pages are not kept yet; `ended`: no more will come; not `whole`: some of it
    must be tried again."""

    path: str
    content: str
    pages: int = 0
    waiting: int = 0
    ended: bool = False
    whole: bool = True


@dataclass(slots=True)
class Summary:
    """What became of every page and why; what re-reading changed; how many pages another version has read."""

    pages: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    reports: int = 0
    older: int = 0
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The summary as the record stores it."""
        return {
            "pages": {sort: self.pages[sort] for sort in SORTS},
            "reasons": [[sort, reason, count] for (sort, reason), count in sorted(self.reasons.items())],
            "reports": self.reports,
            "changes": {change: self.changes[change] for change in ("added", "gone", "changed")},
            "older": self.older,
        }


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one page, now that it is on disk; `changes` if it was there before and reads otherwise now."""

    sort: str
    document: str
    reports: int = 0
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was not read, as the record stores it."""

    sort: str
    source: str
    place: str
    reason: str


Entry = tuple[Source | None, Page | Skip, Outcome | None]


def reader_of(language: str) -> str:
    """Who reads: the program's version and the pack's; the pack need not be loaded for it."""
    folder = Path(str(files("dragoman").joinpath("packs", language)))
    return f"{version('dragoman')} {language}-{read_toml(folder / 'pack.toml')['version']}-{pack_digest(folder)}"


class Load:
    """One load into an open record. `reader` is what `reader_of` gives; `said` is given remarks, `kept` what is on disk
    from then on."""

    def __init__(
        self,
        database: sqlite3.Connection,
        reader: str,
        *,
        jobs: int = 1,
        again: bool = False,
        said: Callable[[str], None] = lambda line: None,
        kept: Callable[[Sequence[Kept]], None] = lambda pages: None,
    ) -> None:
        self.summary = Summary()
        #: How many bytes of the files have gone in.
        self.position: Callable[[], int] = lambda: 0
        self._database = database
        self._reader = reader
        self._language = reader.rpartition(" ")[2].partition("-")[0]
        self._jobs, self._again = jobs, again
        self._said, self._kept = said, kept
        self._how = ""
        self._reading: deque[tuple[Source | None, Page]] = deque()
        self._batch: list[Entry] = []
        self._since = time.monotonic()
        self._source: Source | None = None
        self._ids: set[str] = set()
        self._ended: list[Source] = []
        self._number = 0
        self._bytes = 0
        self._links = Links(database, self._language)

    def run(self, paths: Sequence[Path], options: SourceOptions | None = None, published: str | None = None) -> Summary:
        """Load the pages of `paths`; without any, read again what another version has read. `published` is the day of
        pages that have none of their own."""
        began = time.monotonic()
        with transaction(self._database):
            made = self._database.execute(
                "INSERT INTO loads (started, reader, paths, counts) VALUES (?, ?, ?, '{}')",
                (_now(), self._reader, json.dumps([str(path) for path in paths], ensure_ascii=False)),
            )
            self._number = int(made.lastrowid or 0)
        if paths:
            options = options or SourceOptions()
            self._how = repr((self._reader, options, published))
            self._go(self._arriving(paths, replace(options, opened=self._opened), published))
        else:
            self._go(self._held("1" if self._again else "reader IS NOT ?1"))
        self._go(self._held("reader IS NULL"))  # copies of a page that says something else now
        self.summary.older = self._database.execute(
            "SELECT count(*) FROM documents WHERE copy_of IS NULL AND reader IS NOT ?", (self._reader,)
        ).fetchone()[0]
        self.summary.seconds = time.monotonic() - began
        with transaction(self._database):
            self._database.execute(
                "UPDATE loads SET finished = ?, counts = ? WHERE id = ?",
                (_now(), json.dumps(self.summary.to_json(), ensure_ascii=False), self._number),
            )
        return self.summary

    # What comes in -------------------------------------------------------------------------------------------------

    def _opened(self, path: Path, handle: BinaryIO) -> bool:
        """Whether a file must be read: not if this version has read it to its end, in the same way."""
        self._end_source()
        total = hashlib.blake2b(self._how.encode(), digest_size=16)
        while part := handle.read(1 << 20):
            total.update(part)
        size, content, before, name = handle.tell(), total.hexdigest(), self._bytes, str(path.resolve())
        handle.seek(0)
        self._bytes += size
        self.position = lambda: before + (size if handle.closed else handle.tell())
        held = self._database.execute(
            "SELECT pages FROM files WHERE path = ? AND content = ?", (name, content)
        ).fetchone()
        if held is None or self._again:
            self._source = Source(name, content)
            return True
        self.summary.pages["known"] += held[0]
        skips = self._database.execute("SELECT sort, source, place, reason FROM skips WHERE source = ?", (name,))
        for skip in [Skip(*row) for row in skips]:
            self._count(skip)
        return False

    def _end_source(self) -> None:
        self._ids = set()
        if self._source is not None:
            self._source.ended = True
            self._ended.append(self._source)
            self._source = None

    def _arriving(
        self, paths: Sequence[Path], options: SourceOptions, published: str | None
    ) -> Iterator[tuple[Source | None, Page]]:
        """The pages that must be read; the others are counted, or kept as they are."""
        for path in paths:
            for item in read_paths([path], options):
                if isinstance(item, Skipped):
                    file, place = item.origin
                    where = file if file == "-" else str(Path(file).resolve())
                    self._add(self._source, Skip(item.sort, where, place, item.reason))
                else:
                    article = named(item, self._ids)  # pages of one file; of several, `standing` tells them apart
                    dated = published is not None and item.published is None
                    yield from self._page(replace(article, published=published) if dated else article)
            self._end_source()

    def _page(self, article: Article) -> Iterator[tuple[Source | None, Page]]:
        source = self._source
        page = Page.of(article, source.path if source else "-")
        if source:
            source.pages += 1
        state = standing(self._database, page, self._reader, again=self._again).state
        if state == "known":
            self.summary.pages["known"] += 1
        elif state == "copy":
            self._add(source, page)
        else:
            if source:
                source.waiting += 1
            yield source, page

    def _held(self, which: str) -> Iterator[tuple[Source | None, Page]]:
        """Pages of the record itself, to be read again from the text that it keeps."""
        last = 0
        while True:
            row = self._database.execute(
                "SELECT id, name, source, url, text, given, content, twin FROM documents "
                f"WHERE id > ?2 AND copy_of IS NULL AND {which} ORDER BY id LIMIT 1",
                (self._reader, last),
            ).fetchone()
            if row is None:
                return
            last, name, source, url, text, given, content, twin = row
            yield None, Page(Article(name, text, url=url, **json.loads(given)), source, content, twin)

    def _go(self, pages: Iterator[tuple[Source | None, Page]]) -> None:
        def articles() -> Iterator[Article]:
            for source, page in pages:
                self._reading.append((source, page))
                yield page.article

        first = next(pages, None)
        if first is None:  # nothing to read: the pack need not be loaded
            self._commit()
            return
        load_pack(self._language)  # a fault of the pack is said once, not by every process
        pages = chain([first], pages)
        for outcome in read_all(articles(), language=self._language, jobs=self._jobs):
            source, page = self._reading.popleft()
            if source:
                source.waiting -= 1
            if outcome.reading is None:
                if source:
                    source.whole = False
                self._add(source, Skip("failed", page.source, page.article.id, outcome.remark or ""))
            else:
                if outcome.remark:
                    self._said(outcome.remark)
                self._add(source, page, outcome)
        self._commit()

    # What is kept --------------------------------------------------------------------------------------------------

    def _add(self, source: Source | None, what: Page | Skip, outcome: Outcome | None = None) -> None:
        if source:
            source.waiting += 1
        if not self._batch:
            self._since = time.monotonic()
        self._batch.append((source, what, outcome))
        if len(self._batch) >= PAGES or time.monotonic() - self._since > SECONDS:
            self._commit()

    def _commit(self) -> None:
        """Write what waits, all or nothing; then, and only then, count it and say that it is kept."""
        batch, self._batch = self._batch, []
        with transaction(self._database):
            keeper = Keeper(self._database, self._reader, self._number, self._links)
            kept = [self._write(keeper, what, outcome) for _, what, outcome in batch]
            keeper.finish()
            for source, _, _ in batch:
                if source:
                    source.waiting -= 1
            self._write_ended()
        for (_, what, _), page in zip(batch, kept, strict=True):
            if isinstance(what, Skip):
                self._count(what)
            else:
                self.summary.pages[page.sort] += 1
                if what.article.lost:
                    self.summary.reasons[page.sort, what.article.lost] += 1
                self.summary.reports += page.reports
                self.summary.changes.update(change.change for change in page.changes)
        self._kept(kept)

    def _write(self, keeper: Keeper, what: Page | Skip, outcome: Outcome | None) -> Kept:
        if isinstance(what, Skip):
            self._database.execute(
                "INSERT INTO skips (source, place, sort, reason, load) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET load = max(load, excluded.load)",
                (what.source, what.place, what.sort, what.reason, self._number),
            )
            return Kept(what.sort, what.place)
        held = standing(self._database, what, self._reader, again=self._again)
        if held.state == "known":
            return Kept("known", held.document)
        if held.state == "copy" or outcome is None or outcome.reading is None:
            keeper.shelve(what, held)
            return Kept("duplicate", held.document)
        changes = keeper.keep(what, held, outcome.reading)
        return Kept("read", held.document, len(outcome.reading.reports), changes)

    def _write_ended(self) -> None:
        """Mark the files of which everything is kept, and forget what of them could not be read before and can now."""
        for source in [source for source in self._ended if not source.waiting]:
            self._ended.remove(source)
            self._database.execute("DELETE FROM skips WHERE source = ? AND load < ?", (source.path, self._number))
            if source.whole:
                self._database.execute(
                    "INSERT OR REPLACE INTO files (path, content, pages) VALUES (?, ?, ?)",
                    (source.path, source.content, source.pages),
                )

    def _count(self, skip: Skip) -> None:
        self.summary.pages[skip.sort] += 1
        self.summary.reasons[skip.sort, _DETAIL.sub("", skip.reason)] += 1
        self._said(f"{Origin(skip.source, skip.place)}: {skip.reason}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
