"""JSON Lines: one page a line; the names of the columns are options."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dragoman.article import Article
from dragoman.sources.base import Skipped, SourceOptions, Stream, Yield
from dragoman.sources.dates import edtf
from dragoman.sources.decode import decode


def read_jsonl(stream: Stream, options: SourceOptions) -> Iterator[Yield]:
    """Each line's page; a line that cannot be read is skipped and named, the others are read."""
    lines = stream.buffered()
    number = pages = 0
    while line := lines.readline(options.max_bytes + 1):
        number += 1
        place = f"line {number}"
        if len(line) > options.max_bytes:
            while line and not line.endswith(b"\n"):
                line = lines.readline(options.max_bytes)
            yield Skipped(stream.path, place, f"longer than {options.max_bytes:,} bytes: skipped")
        elif stream.trouble() and not line.endswith(b"\n"):
            break  # the line that the damage cut
        elif line.strip():
            pages += 1
            yield _page(stream, place, line, options)
    trouble = stream.trouble()
    if not pages and not trouble:
        yield Skipped(stream.path, "file", "holds no line to read", fatal=True)
    if trouble:
        yield Skipped(stream.path, f"after line {number}", f"{trouble}: what came before was read", fatal=True)


def _page(stream: Stream, place: str, line: bytes, options: SourceOptions) -> Yield:
    columns = options.columns
    source, notes = decode(line, options.encoding)
    try:
        row = json.loads(source)
    except (ValueError, RecursionError) as error:
        detail = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        return Skipped(stream.path, place, f"invalid JSON ({detail}): skipped")
    if not isinstance(row, dict):
        return Skipped(stream.path, place, "not a JSON object: skipped")
    text = row.get(columns.text)
    if columns.text not in row:
        return Skipped(stream.path, place, f"no column {columns.text!r}: skipped")
    if not isinstance(text, str):
        return Skipped(stream.path, place, f"column {columns.text!r} is no text: skipped")
    identity = _string(row.get(columns.id))
    published = _string(row.get(columns.published))
    date = edtf(published)
    if published and date is None:
        notes = (*notes, f"date {published[:40]!r} not understood")
    return Article(
        # A lone surrogate, which JSON can spell, could not be written out again.
        id=identity or f"{stream.name}:{place.removeprefix('line ')}",
        text=text.encode("utf-8", "replace").decode("utf-8") if _lone(text) else text,
        title=_string(row.get(columns.title)),
        published=date,
        url=_string(row.get(columns.url)),
        agency=_string(row.get(columns.agency)),
        notes=notes,
    )


def _string(value: Any) -> str | None:
    if value is None or isinstance(value, (dict, list, bool)):
        return None
    return str(value).strip() or None


def _lone(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
