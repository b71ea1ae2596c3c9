"""Web archives: every HTML response is a page, under its address.

The archive says when a page was stored: a date after that day is not the page's own, and is not used.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from dragoman.article import Article
from dragoman.layout_dates import UNKNOWN
from dragoman.layout_rules import LayoutRules
from dragoman.sources.base import Skipped, SourceOptions, Stream, Yield
from dragoman.sources.decode import cut as shortened
from dragoman.sources.html import page_of

_HTML = ("text/html", "application/xhtml+xml")


def read_warc(stream: Stream, options: SourceOptions) -> Iterator[Yield]:
    """The pages in the archive's order; where it is cut, what came before is read."""
    seen: set[str] = set()
    number = 0
    # The stream unpacks the file itself, so that a cut is noticed here.
    archive = ArchiveIterator(
        stream.buffered(), record_types=WarcRecordType.response, parse_http=True, auto_decode="all", stream_detect=False
    )
    records = iter(archive)
    while True:
        try:
            record = next(records)
            number += 1
            page = _page(record, number, stream, options, seen)
        except StopIteration:
            break
        except (OSError, EOFError, ValueError) as error:
            reason = f"{stream.trouble() or f'damaged ({error})'}: what came before was read"
            yield Skipped(stream.path, f"after record {number}", reason, fatal=True)
            return
        if page is not None:
            yield page
        if isinstance(page, Skipped):
            return
    trouble = stream.trouble()
    if number and not trouble and stream.tail != b"\r\n\r\n":
        trouble = "archive ends early"  # the library passes over a cut record without a word
    if trouble or not number:
        reason = f"{trouble}: what came before was read" if trouble else "no HTML response in the archive"
        yield Skipped(stream.path, f"after record {number}", reason, fatal=bool(trouble))


def _page(record: Any, number: int, stream: Stream, options: SourceOptions, seen: set[str]) -> Yield | None:
    """One response's page; None for what is no HTML or was not found."""
    url = record.headers.get("WARC-Target-URI", "").strip("<>")
    http = record.http_headers
    if http is not None and (http.status_code or 200) != 200:
        return None
    kind = (record.http_content_type or "text/html").lower()
    if kind not in _HTML:
        return None
    expected = record.content_length
    data = record.reader.read(options.max_bytes + 1)
    place = f"record {number}" + (f" ({url})" if url else "")
    if len(data) < expected and len(data) <= options.max_bytes:
        trouble = stream.trouble() or "archive ends early"
        reason = f"{trouble} ({len(data):,} of {expected:,} bytes): what came before was read"
        return Skipped(stream.path, place, reason, fatal=True)
    cut = (f"page cut after {options.max_bytes:,} bytes",) if len(data) > options.max_bytes else ()
    article = page_of(shortened(data, options.max_bytes), url or None, record.http_charset, options, notes=cut)
    captured = record.headers.get("WARC-Date", "")[:10]
    return _named(article, url or f"{stream.name}:{number}", captured, seen, options.layout_rules())


def _named(article: Article, url: str, captured: str, seen: set[str], rules: LayoutRules) -> Article:
    """The page under its address, or address and day if the archive holds several of that address."""
    identity = url
    if identity in seen:
        identity = f"{url}#{captured}"
        count = 1
        while identity in seen:
            count += 1
            identity = f"{url}#{captured}-{count}"
    seen.add(identity)
    published, notes = article.published, article.notes
    claimed = published or _address_date(rules, url)
    if claimed and captured and claimed > _day_after(captured):
        published = UNKNOWN
        notes = (*notes, f"date {claimed} is later than the day on which the page was stored, {captured}: not used")
    return Article(
        id=identity,
        text=article.text,
        title=article.title,
        published=published,
        url=url,
        agency=article.agency,
        author=article.author,
        notes=notes,
    )


def _address_date(rules: LayoutRules, url: str) -> str | None:
    match = rules.url_date.search(url)
    return f"{match['year']}-{match['month']}-{match['day']}" if match else None


def _day_after(day: str) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    except ValueError:
        return "9999"
