"""Web archives: every HTML response is a page, under its address.

The archive says when a page was stored: a date after that day is not the page's own, and is not used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from dragoman.article import Article, Origin
from dragoman.layout_dates import UNKNOWN
from dragoman.layout_rules import LayoutRules
from dragoman.sources.base import Skipped, SourceOptions, Stream, Yield, longer_than
from dragoman.sources.html import page_of

_HTML = ("text/html", "application/xhtml+xml")


def read_warc(stream: Stream, options: SourceOptions) -> Iterator[Yield]:
    """The pages in the archive's order. Behind a damaged record it goes on at the next one that is packed by itself."""
    archive = _Archive(stream, options)
    while True:
        yield from archive.pages()
        trouble = stream.trouble()
        if trouble is None:
            break
        resumed = stream.resume(b"WARC/")
        done = "what is damaged was skipped" if resumed else "what came before was read"
        yield Skipped(archive.place(), f"{trouble}: {done}", fatal=not resumed)
        if not resumed:
            break


class _Archive:
    """Goes through the records of an archive and counts them."""

    def __init__(self, stream: Stream, options: SourceOptions) -> None:
        self._stream = stream
        self._options = options
        self._seen: set[str] = set()
        self._number = 0
        self._cut = False  # whether the last record is not there as a whole

    def place(self) -> Origin:
        """Where the reading stands."""
        return self._stream.at(f"{'in' if self._cut else 'after'} record {self._number}")

    def pages(self) -> Iterator[Yield]:
        """The pages up to the end, or up to where the stream is damaged."""
        # The stream unpacks the file itself, so that a cut is noticed here.
        records = ArchiveIterator(
            self._stream.buffered(),
            record_types=WarcRecordType.response,
            parse_http=True,
            auto_decode="all",
            stream_detect=False,
        )
        trouble = None
        try:
            for record in records:
                self._number += 1
                self._cut = False
                page = self._page(record)
                if self._cut:
                    break
                if page is not None:
                    yield page
        except (OSError, EOFError, ValueError) as error:
            trouble = f"damaged ({error})"
        if self._stream.trouble():
            return
        if self._cut or (self._number and not trouble and self._stream.tail != b"\r\n\r\n"):
            trouble = "archive ends early"  # the library passes over a cut record without a word
        if trouble:
            yield Skipped(self.place(), f"{trouble}: what came before was read", fatal=True)
        elif not self._number:
            yield Skipped(self._stream.at(), "no HTML response in the archive: skipped")

    def _page(self, record: Any) -> Article | None:
        """One response's page; None for what is no HTML, was not found, or is not there as a whole."""
        # a damaged header may run over several lines, and what is said of a record takes one
        url = "".join(record.headers.get("WARC-Target-URI", "").split()).strip("<>")
        http = record.http_headers
        if http is not None and (http.status_code or 200) != 200:
            return None
        kind = (record.http_content_type or "text/html").lower()
        if kind not in _HTML:
            return None
        limit, expected = self._options.max_bytes, record.content_length
        data = record.reader.read(limit + 1)
        self._cut = len(data) < expected and len(data) <= limit
        if self._cut:
            return None
        lost = longer_than(limit, "bytes") if len(data) > limit else None
        article = page_of(data[:limit], url or None, record.http_charset, self._options, lost)
        captured = record.headers.get("WARC-Date", "")[:10]
        origin = self._stream.at(f"record {self._number}" + (f" ({url})" if url else ""))
        return self._dated(replace(article, id=self._id(url, captured), origin=origin), captured)

    def _id(self, url: str, captured: str) -> str:
        """The page's address, or address and day if the archive holds several of that address."""
        url = url or f"{self._stream.name}:{self._number}"
        identity, count = url, 0
        while identity in self._seen:
            count += 1
            identity = f"{url}#{captured}" + (f"-{count}" if count > 1 else "")
        self._seen.add(identity)
        return identity

    def _dated(self, article: Article, captured: str) -> Article:
        """The page without a date that it cannot have."""
        claimed = article.published or _address_date(self._options.layout_rules(), article.url or "")
        if not claimed or not captured or claimed <= _day_after(captured):
            return article
        note = f"date {claimed} is later than the day on which the page was stored, {captured}: not used"
        return replace(article, published=UNKNOWN, notes=(*article.notes, note))


def _address_date(rules: LayoutRules, url: str) -> str | None:
    match = rules.url_date.search(url)
    return f"{match['year']}-{match['month']}-{match['day']}" if match else None


def _day_after(day: str) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    except ValueError:
        return "9999"
