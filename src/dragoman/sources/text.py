"""Plain text: one file, one page; its name is the document's id."""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.article import Article
from dragoman.sources.base import Skipped, SourceOptions, Stream, Yield
from dragoman.sources.decode import cut, decode


def read_text(stream: Stream, options: SourceOptions) -> Iterator[Yield]:
    """The page, and if its bytes end early a remark on that."""
    data = stream.read(options.max_bytes + 1)
    text, notes = decode(cut(data, options.max_bytes), options.encoding)
    if len(data) > options.max_bytes:
        notes = (*notes, f"file cut after {options.max_bytes:,} bytes")
    trouble = stream.trouble()
    if trouble:
        notes = (*notes, f"{trouble}: what came before was read")
        yield Skipped(stream.path, f"after byte {len(data):,}", f"{trouble}: what came before was read")
    yield Article(id=stream.name, text=text, notes=notes)
