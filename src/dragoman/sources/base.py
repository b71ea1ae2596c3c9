"""What all readers share: options, the report of what was skipped, streams that may end early, what is admitted."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, cast

from dragoman.article import Article, Origin
from dragoman.layout_rules import LayoutRules
from dragoman.sources.decode import counted
from dragoman.sources.unpack import Damage, Unpacker


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not read: where, why and what was done; and whether the rest of the file is lost with it
    (`fatal`)."""

    origin: Origin
    reason: str
    fatal: bool = False

    def __str__(self) -> str:
        return f"{self.origin}: {self.reason}"

    @property
    def sort(self) -> str:
        """empty (there is no text), foreign (another language) or failed (it could not be read)."""
        if self.reason.startswith(("is empty", "page without text")):
            return "empty"
        return "foreign" if self.reason.startswith("another language") else "failed"


Yield: TypeAlias = Article | Skipped


@dataclass(frozen=True, slots=True)
class Columns:
    """Under which names a JSONL file keeps the parts of an Article."""

    id: str = "id"
    url: str = "url"
    title: str = "title"
    published: str = "published"
    agency: str = "agency"
    text: str = "text"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How to read. `rules` (for HTML) are those of the Chinese pack unless others are given. `opened` is called with
    each file that is opened, which is passed over if it answers False.

    Of a page that is larger than `max_bytes` or whose text is longer than `max_chars` only the beginning is read. A
    line of JSON that is larger than `max_bytes` is not read, because half of it is no JSON.
    """

    columns: Columns = field(default_factory=Columns)
    encoding: str | None = None
    max_bytes: int = 32 * 1024 * 1024
    max_chars: int = 2_000_000
    rules: LayoutRules | None = None
    opened: Callable[[Path, BinaryIO], bool] | None = field(default=None, repr=False)

    def layout_rules(self) -> LayoutRules:
        """Those given, or the Chinese pack's."""
        return self.rules or default_rules()


@cache
def default_rules() -> LayoutRules:
    """The layout rules of the Chinese pack that is installed with the program."""
    return LayoutRules.load(Path(str(files("dragoman") / "packs" / "zh")))


class Stream:
    """A file's bytes, unpacked if they are gzip; a file that ends early ends the stream, and `trouble` says so."""

    def __init__(self, path: str, name: str, raw: BinaryIO, *, packed: bool) -> None:
        self.path = path
        self.name = name
        self._trouble: str | None = None
        self._source: Any = Unpacker(raw) if packed else raw
        self.tail = b""
        self._ahead = b""
        self.head = self._ahead = self._some(4096)

    def at(self, place: str = "") -> Origin:
        """The file, or a place in it."""
        return Origin(self.path, place)

    def trouble(self) -> str | None:
        """Why the bytes ended before their time, if they did."""
        return self._trouble

    def resume(self, start: bytes) -> bool:
        """After damage, go on at the next member of the gzip that begins with these bytes; False if there is none."""
        if not isinstance(self._source, Unpacker):
            return False
        try:
            found = self._source.skip_to(start)
        except OSError:  # the disk gives no more; `trouble` stays what it was
            return False
        if found:
            self._trouble, self.tail = None, b""
        return found

    def page(self, limit: int) -> tuple[bytes, str | None]:
        """At most so many bytes, and why they are not all, if they are not."""
        data = self.read(limit + 1)
        if len(data) > limit:
            return data[:limit], longer_than(limit, "bytes")
        return data, f"{self._trouble}: what came before was read" if self._trouble else None

    def read(self, limit: int) -> bytes:
        """At most so many bytes."""
        parts, left = [self._ahead[:limit]], limit - len(self._ahead)
        self._ahead = self._ahead[limit:]
        while left > 0:
            part = self._some(min(left, 1 << 20))
            if not part:
                break
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def buffered(self) -> io.BufferedReader:
        """The stream as a buffered one (what was read ahead comes first)."""
        return io.BufferedReader(_Raw(self), buffer_size=1 << 16)

    def take(self, size: int) -> bytes:
        """The next bytes, in whatever portion they come; empty at the end."""
        if self._ahead:
            part, self._ahead = self._ahead[:size], self._ahead[size:]
            return part
        return self._some(size)

    def _some(self, size: int) -> bytes:
        if self._trouble:
            return b""
        try:
            # read1 hands out what it has: a longer read would lose it when the gzip ends early.
            part: bytes = self._source.read1(size)
            self.tail = (self.tail + part[-4:])[-4:]
            return part
        except Damage as error:
            self._trouble = str(error)
        except OSError as error:
            self._trouble = f"cannot be read: {error.strerror or error}"
        return b""


class _Raw(io.RawIOBase):
    """Lets the standard library's buffering and line splitting work on a Stream."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._position = 0

    def tell(self) -> int:
        return self._position

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        part = self._stream.take(len(buffer))
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)


def longer_than(limit: int, unit: str) -> str:
    """The remark on a page of which only the beginning is read."""
    return f"longer than {limit:,} {unit}: the rest was not read"


def open_stream(path: str, name: str, handle: BinaryIO) -> Stream:
    """A stream over an open file or pipe; gzip is told by its first bytes, not by the file's name."""
    raw: Any = handle if hasattr(handle, "peek") else io.BufferedReader(cast(io.RawIOBase, handle))
    packed = raw.peek(2)[:2] == b"\x1f\x8b"
    return Stream(path, name, raw, packed=packed)


# What is admitted ---------------------------------------------------------------------------------------------------

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ffff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
_LETTER = re.compile(r"[^\W\d_]")
_SAMPLE = 20_000
#: A text of which more than this part is broken is none: bytes of something else, or of an encoding that nobody knows.
_BROKEN_SHARE = 0.05
#: A page needs so many Han characters, and that part of its letters.
_LEAST_HAN, _LEAST_SHARE = 8, 0.2
#: More of these beside the Han characters, and it is Japanese or Korean.
_KANA_SHARE, _HANGUL_SHARE = 0.12, 0.25


def admit(article: Article, options: SourceOptions) -> Yield:
    """The Article as it goes on: cut to the limit, free of NULs; or why it does not."""
    text, notes, lost = article.text, article.notes, article.lost
    if len(text) > options.max_chars:  # of two limits the tighter is told
        lost = longer_than(options.max_chars, "characters")
        text = text[: options.max_chars]
    reason = not_text(text) or foreign(text)
    if reason:
        return Skipped(article.origin or Origin(article.id), f"{reason}: skipped")
    if nuls := text.count("\x00"):
        notes = (*notes, f"{counted(nuls, 'NUL character')}: replaced by blanks")
        text = text.replace("\x00", " ")
    return replace(article, text=text, notes=notes, lost=lost)


def not_text(text: str) -> str | None:
    """Why what was decoded is no text, or None if it is one."""
    broken = text.count("\ufffd")
    if broken > _BROKEN_SHARE * len(text):
        return f"not text ({counted(broken, 'broken place')} among {len(text):,} characters)"
    return None


def foreign(text: str) -> str | None:
    """Why a text is not Chinese, or None if it is."""
    sample = text[:_SAMPLE]
    han, letters = len(_HAN.findall(sample)), len(_LETTER.findall(sample))
    if not letters:
        return "page without text"
    if len(_KANA.findall(sample)) > _KANA_SHARE * letters:
        return "another language (Japanese)"
    if len(_HANGUL.findall(sample)) > _HANGUL_SHARE * letters:
        return "another language (Korean)"
    if han < _LEAST_HAN or han < _LEAST_SHARE * letters:
        return f"another language ({han:,} Han characters among {letters:,} letters)"
    return None
