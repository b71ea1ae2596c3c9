"""Plain text: one file, one page; its name is the document's id."""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.article import Article
from dragoman.sources.base import SourceOptions, Stream, Yield
from dragoman.sources.decode import decode


def read_text(stream: Stream, options: SourceOptions) -> Iterator[Yield]:
    """The page, as far as its bytes go."""
    data, lost = stream.page(options.max_bytes)
    text, notes = decode(data, options.encoding, whole=lost is None)
    yield Article(id=stream.name, text=text, notes=notes, lost=lost, origin=stream.at())
