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
    number, empty, place = 0, True, "after"
    while line := lines.readline(options.max_bytes + 1):
        number += 1
        if len(line) > options.max_bytes:
            while line and not line.endswith(b"\n"):
                line = lines.readline(options.max_bytes)
            empty = False
            yield Skipped(stream.at(f"line {number}"), f"longer than {options.max_bytes:,} bytes: skipped")
        elif stream.trouble() and not line.endswith(b"\n"):
            place = "in"  # the damage cut this line
        elif line.strip():
            empty = False
            yield _page(stream, number, line, options)
    trouble = stream.trouble()
    if trouble:
        yield Skipped(stream.at(f"{place} line {number}"), f"{trouble}: what came before was read", fatal=True)
    elif empty:
        yield Skipped(stream.at(), "holds no line to read: skipped", fatal=True)


def _page(stream: Stream, number: int, line: bytes, options: SourceOptions) -> Yield:
    columns, origin = options.columns, stream.at(f"line {number}")
    source, notes = decode(line, options.encoding)
    try:
        row = json.loads(source.rstrip())
    except (ValueError, RecursionError) as error:
        detail = (
            f"column {error.colno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        )
        return Skipped(origin, f"invalid JSON ({detail}): skipped")
    if not isinstance(row, dict):
        return Skipped(origin, "not a JSON object: skipped")
    text = row.get(columns.text)
    if columns.text not in row:
        return Skipped(origin, f"no column {columns.text!r}: skipped")
    if not isinstance(text, str):
        return Skipped(origin, f"column {columns.text!r} is no text: skipped")
    identity = _string(row.get(columns.id))
    published = _string(row.get(columns.published))
    date = edtf(published)
    if published and date is None:
        notes = (*notes, f"date {published[:40]!r} not understood: left out")
    return Article(
        # A lone surrogate, which JSON can spell, could not be written out again.
        id=identity or f"{stream.name}:{number}",
        text=text.encode("utf-8", "replace").decode("utf-8") if _lone(text) else text,
        title=_string(row.get(columns.title)),
        published=date,
        url=_string(row.get(columns.url)),
        agency=_string(row.get(columns.agency)),
        notes=notes,
        origin=origin,
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
