"""Readers: from files, folders and standard input to Articles.

`open_paths` never raises on what it reads. What cannot be read comes as a `Skipped` in its place: one clear line with
file, place and what was done, and everything else is still read.

What was done to a page, and what of it was not read, stands in the Article's `notes` and `lost`. No two Articles have
one id: the second page with an id gets it with "#2".
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from dragoman.article import Article, Origin
from dragoman.sources.base import (
    Columns,
    Skipped,
    SourceOptions,
    Stream,
    Yield,
    admit,
    open_stream,
)
from dragoman.sources.html import read_html
from dragoman.sources.jsonl import read_jsonl
from dragoman.sources.text import read_text
from dragoman.sources.warc import read_warc

__all__ = ["Columns", "Skipped", "SourceOptions", "named", "open_paths", "read_paths", "size_of"]

Reader = Callable[[Stream, SourceOptions], Iterator[Yield]]

_READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".shtml": read_html,
    ".xhtml": read_html,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".warc": read_warc,
}


def open_paths(paths: Iterable[str | Path], options: SourceOptions | None = None) -> Iterator[Yield]:
    """All Articles of the given files and folders, in order; `-` is standard input.

    Folders are walked in sorted order and yield the files whose ending names a reader (also with `.gz`); a file that is
    given by name is read whatever it is called: its first bytes tell what it holds.
    """
    seen: set[str] = set()
    for result in read_paths(paths, options or SourceOptions()):
        yield result if isinstance(result, Skipped) else named(result, seen)


def named(article: Article, seen: set[str]) -> Article:
    """The Article under an id that no other has, so that a report can name its page."""
    identity, count = article.id, 1
    while identity in seen:
        count += 1
        identity = f"{article.id}#{count}"
    seen.add(identity)
    if count == 1:
        return article
    note = f"another page has the id {article.id} too: named {identity}"
    return replace(article, id=identity, notes=(*article.notes, note))


def read_paths(paths: Iterable[str | Path], options: SourceOptions) -> Iterator[Yield]:
    """The same, under the ids that the files give, of which several pages may have one."""
    for given in paths:
        if str(given) == "-":
            yield from _read_standard_input(options)
            continue
        path = Path(given)
        if path.is_dir():
            yield from _read_folder(path, options)
        else:
            yield from _read_file(path, path.name, options)


def _read_folder(folder: Path, options: SourceOptions) -> Iterator[Yield]:
    found = False
    unreadable: list[OSError] = []
    for root, folders, names in os.walk(folder, onerror=unreadable.append):
        folders.sort()
        for name in sorted(names):
            path = Path(root) / name
            if not name.startswith(".") and _reader_of(path) is not None:
                found = True
                yield from _read_file(path, path.relative_to(folder).as_posix(), options)
    for error in unreadable:
        yield Skipped(Origin(str(error.filename)), f"cannot be opened ({error.strerror}): skipped", fatal=True)
    if not found and not unreadable:
        yield Skipped(Origin(str(folder)), "holds no file of a known kind: skipped", fatal=True)


def _read_standard_input(options: SourceOptions) -> Iterator[Yield]:
    if sys.stdin is None:  # so it is if the shell has closed it
        yield Skipped(Origin("-"), "standard input is closed: skipped", fatal=True)
    else:
        yield from _read_stream("-", "-", sys.stdin.buffer, options)


def _read_file(path: Path, name: str, options: SourceOptions) -> Iterator[Yield]:
    try:
        with path.open("rb") as handle:
            if options.opened is not None and not options.opened(path, handle):
                return
            yield from _read_stream(str(path), name, handle, options, _reader_of(path))
    except OSError as error:
        yield Skipped(Origin(str(path)), f"cannot be read ({error.strerror or error}): skipped", fatal=True)


def _read_stream(
    path: str, name: str, handle: BinaryIO, options: SourceOptions, reader: Reader | None = None
) -> Iterator[Yield]:
    stream = open_stream(path, name, handle)
    damaged = reader is read_warc and stream.trouble()  # then more may stand behind the damage
    if not stream.head and not damaged:
        yield Skipped(stream.at(), f"{stream.trouble() or 'is empty'}: skipped", fatal=True)
        return
    reader = reader or _sniff(stream.head)
    for result in reader(stream, options):
        yield result if isinstance(result, Skipped) else admit(result, options)


def size_of(paths: Iterable[str | Path]) -> int | None:
    """How many bytes the files of these paths have that `open_paths` would read; None if that cannot be told."""
    total = 0
    for given in paths:
        path = Path(given)
        if str(given) == "-" or not (path.is_dir() or path.is_file()):
            return None
        read = (one for one in path.rglob("*") if _reader_of(one)) if path.is_dir() else [path]
        total += sum(one.stat().st_size for one in read if one.is_file())
    return total


def _reader_of(path: Path) -> Reader | None:
    suffix = path.suffix.lower()
    return _READERS.get(Path(path.stem).suffix.lower() if suffix == ".gz" else suffix)


def _sniff(head: bytes) -> Reader:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return read_jsonl
    if start.startswith(b"WARC/"):
        return read_warc
    return read_html if start.startswith(b"<") else read_text
