"""The page as it came, and the parts that the layout step finds in it.

All offsets are counted in Unicode code points of `Article.text`, which is never changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Origin(NamedTuple):
    """Where something was read: a file, and if it is not the whole of it, a line, a record or the like."""

    path: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.path}, {self.place}" if self.place else self.path


@dataclass(frozen=True, slots=True)
class Article:
    """One page as a source yields it.

    `id` becomes `document` in every output line. `published` is an EDTF day or month if the page's own
    metadata gives one, else None. `text` is verbatim; for HTML it is the text that was extracted.
    `notes` are one-line remarks on what was done to broken input (bad bytes replaced, a date left out ...); `lost` says
    why the text ends before the page does, if it does. `origin` says where the page was read.
    """

    id: str
    text: str
    title: str | None = None
    published: str | None = None
    url: str | None = None
    agency: str | None = None
    author: str | None = None
    notes: tuple[str, ...] = ()
    lost: str | None = None
    origin: Origin | None = field(default=None, compare=False)  # the same page is the same wherever it was found


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text with one use.

    kind: title, heading, dateline, body, repeat (its words stood in an earlier block of the item), caption,
    credit, label (leftover such as an image number), closing (end mark, editor, source), author.
    A dateline or credit inside a paragraph is a block of its own; blocks do not overlap and are in text order.
    """

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """One report on the page: main, brief-N or more-N (a teaser), with its own date.

    `published` is the EDTF date that this item's "the 3rd" refers to, if the item or the page gives one ("XXXX-05-23"
    where the year is not told); `published_basis` is metadata, url, dateline, text, sibling (told by another teaser of
    the same list), title, edition, anniversary or posts (anchor.py), or None. `home` is the ISO3 code of the country in
    which the item's agency is at home (whose foreign ministry needs no country in front), or None. `place` is the
    dateline's place as written, if any.
    """

    name: str
    start: int
    end: int
    title: str | None = None
    published: str | None = None
    published_basis: str | None = None
    home: str | None = None
    place: str | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """What the layout step found: page metadata and the items in text order (never empty unless text is)."""

    title: str | None
    agency: str | None
    author: str | None
    published: str | None
    published_basis: str | None
    items: tuple[Item, ...]
    notes: tuple[str, ...] = field(default=())
