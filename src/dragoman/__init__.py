"""Dragoman reads Chinese diplomatic news into a record of events that can be checked.

`read` takes one article's text and gives its Reading; `dates` gives the time expressions of a text. Both load the
Chinese pack on first use. `open` opens a record on disk, to be asked or loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dragoman.article import Article
from dragoman.dates import DateExpression, dates
from dragoman.model import Evidence, Fact, Participant, Reading, Report

if TYPE_CHECKING:
    from dragoman.store import Record

__all__ = ["Article", "DateExpression", "Evidence", "Fact", "Participant", "Reading", "Report", "dates", "open", "read"]


def read(
    text: str,
    *,
    published: str | None = None,
    title: str | None = None,
    url: str | None = None,
    agency: str | None = None,
    document: str = "text",
) -> Reading:
    """Read one article: its reports, its facts, and the document with its items.

    `published` is the day of publication as an EDTF string (2019-03-04), if it is known; `url` and `agency` tell the
    publisher, so that what it calls "the foreign ministry" gets its country. Raises ValueError if `published` is no
    such date; never for what a text holds.
    """
    from dragoman.edtf import parse
    from dragoman.pack import load
    from dragoman.reading import read_article

    if published is not None and parse(published) is None:
        raise ValueError(f"published={published!r}: wanted is an EDTF day, month or year such as 2019-03-04")
    return read_article(Article(document, text, title, published, url, agency), load())


def open(path: str | Path, *, write: bool = False) -> Record:
    """Open a record. With `write` pages can be loaded into it, and it is made if there is none."""
    from dragoman.store import Record

    return Record(path, write=write)
