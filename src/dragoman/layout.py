"""From a page's text to its items and their blocks.

The list of teasers at the end is cut off first, then a roundup is told from an ordinary article, then every item is
read line by line (`layout_blocks`) and dated (`layout_dates`). Nothing here knows a language: words and patterns come
from the pack (`layout_rules`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dragoman.article import Article, Block, Item, Layout
from dragoman.fold import fold
from dragoman.layout_blocks import (
    STAMP_LINES,
    BlockReader,
    Dateline,
    Found,
    Span,
    is_headline,
    line_kind,
    split_lines,
    stamp_of,
)
from dragoman.layout_dates import Dated, item_date, page_date, stamped_date, teaser_dates
from dragoman.layout_rules import LayoutError, LayoutRules

__all__ = ["LayoutError", "LayoutRules", "clean_title", "lay_out"]

#: A heading of a teaser list is at most so long; a paragraph that shows the page has a body at least so long.
_LONGEST_TEASER_HEADING = 24
_BODY = 30


@dataclass(frozen=True, slots=True)
class _Page:
    """One page while it is being laid out."""

    rules: LayoutRules
    article: Article
    folded: str  # with agency names masked
    plain: str
    lines: list[Span]
    title: str | None
    date: Dated


def lay_out(article: Article, rules: LayoutRules, folded: str | None = None) -> Layout:
    """Find the items of a page and their blocks. Pure; never raises on any text. `folded` is its text folded, if the
    caller has done that."""
    plain = fold(article.text) if folded is None else folded
    lines = split_lines(plain)
    page = _Page(
        rules, article, rules.mask(plain), plain, lines, clean_title(article.title, rules), page_date(rules, article)
    )
    if not lines:
        return Layout(page.title, article.agency, article.author, *page.date, items=(), notes=article.notes)
    cut, first_teaser = _teaser_start(page)
    page = replace(page, date=stamped_date(page.date, _stamps(page, cut)))
    headings = _brief_headings(page, cut)
    notes = list(article.notes)
    items: list[Item] = []
    found: list[Found] = []
    if headings:
        # What stands before the first brief belongs to the page: its dateline.
        head = _reader(page, page.title, title_expected=True).read(lines[: headings[0]])
        if headings[0]:
            page = replace(page, date=_date(page, (lines[0][0], lines[headings[0] - 1][1]), head)[0])
        for number, (first, end) in enumerate(zip(headings, [*headings[1:], cut], strict=True), 1):
            _add_item(page, f"brief-{number}", lines[first:end], (lines[first],), items, found, notes)
        found.insert(0, head)
    elif cut:
        _add_item(page, "main", lines[:cut], (), items, found, notes)
    agency, author = _agency(page, found), _author(page, found)
    home = _home(page, found)
    if headings:
        items = [replace(item, home=item.home or home) for item in items]
    items.extend(_teasers(page, lines[first_teaser:], home))
    title = page.title or (_title(page, found[0].blocks) if found else None)
    published, basis = page.date
    if published is None and items and items[0].name in ("main", "brief-1"):
        published, basis = items[0].published, items[0].published_basis
    return Layout(title, agency, author, published, basis, tuple(items), tuple(notes))


def clean_title(title: str | None, rules: LayoutRules) -> str | None:
    """A title without what templates put around it: "[video] ", " - Channel - Portal"."""
    if not title:
        return None
    title = " ".join(title.split())
    for _ in range(5):
        folded = fold(title)
        before = rules.title_before.match(folded)
        if before and before.end() < len(title):
            title = title[before.end() :].strip()
            continue
        after = rules.title_after.search(folded)
        if after is None or after.start() < 4:
            break
        title = title[: after.start()].strip()
    return title or None


# items -------------------------------------------------------------------------------------------------------------


def _add_item(
    page: _Page,
    name: str,
    lines: Sequence[Span],
    titles: Sequence[Span],
    items: list[Item],
    found: list[Found],
    notes: list[str],
) -> None:
    """Read a main item or a brief and date it."""
    own_title = page.title if name == "main" else None
    read = _reader(page, own_title, title_expected=not titles).read(lines, titles)
    span = lines[0][0], lines[-1][1]
    (published, basis), remark = _date(page, span, read)
    if remark:
        notes.append(remark)
    found.append(read)
    items.append(
        Item(
            name=name,
            start=span[0],
            end=span[1],
            title=_title(page, read.blocks) or own_title,
            published=published,
            published_basis=basis,
            home=_home(page, [read]) if name == "main" else _dateline_home(page, [read]),
            place=next((line.place for line in read.datelines if line.place), None),
            blocks=tuple(read.blocks),
        )
    )


def _reader(page: _Page, title: str | None, *, title_expected: bool) -> BlockReader:
    return BlockReader(page.rules, page.folded, page.plain, title, title_expected=title_expected)


def _date(page: _Page, span: Span, read: Found) -> tuple[Dated, str | None]:
    """The date of what stands in the span, and a remark if the page contradicts itself."""
    body = next((block.start for block in read.blocks if block.kind == "body"), span[0])
    return item_date(page.rules, page.folded, (body, span[1]), page.date, read.datelines, read.dated)


def _stamps(page: _Page, cut: int) -> list[Dateline]:
    """The times of publication that stand above and below the page's own text."""
    ends = range(min(STAMP_LINES, cut)), range(max(STAMP_LINES, cut - STAMP_LINES), cut)
    found = (stamp_of(page.rules, page.folded, page.lines[index]) for end in ends for index in end)
    return [stamp for stamp in found if stamp]


def _title(page: _Page, blocks: Sequence[Block]) -> str | None:
    block = next((block for block in blocks if block.kind == "title"), None)
    return page.article.text[block.start : block.end] if block else None


def _teasers(page: _Page, lines: Sequence[Span], home: str | None) -> list[Item]:
    groups = _teaser_groups(page, lines)
    spans = [(group[0][0], group[-1][1]) for group, _ in groups]
    read = [
        _reader(page, None, title_expected=False).read(group, titles, captions_first=True) for group, titles in groups
    ]
    dates = teaser_dates(page.rules, page.folded, spans, page.date, [entry.datelines for entry in read])
    return [
        Item(
            name=f"more-{number}",
            start=span[0],
            end=span[1],
            title=_title(page, entry.blocks),
            published=published,
            published_basis=basis,
            home=_dateline_home(page, [entry]) or home,
            place=next((line.place for line in entry.datelines if line.place), None),
            blocks=tuple(entry.blocks),
        )
        for number, (span, entry, (published, basis)) in enumerate(zip(spans, read, dates, strict=True), 1)
    ]


# teasers -----------------------------------------------------------------------------------------------------------


def _teaser_start(page: _Page) -> tuple[int, int]:
    """Where the page's own text ends, and where the first teaser begins (one line on, after a heading)."""
    rules, folded, lines = page.rules, page.folded, page.lines
    rest: int | None = None
    for index, (start, end) in enumerate(lines):
        if index == 0 or end - start > _LONGEST_TEASER_HEADING:
            continue
        if index + 1 < len(lines) and rules.strong_heading.fullmatch(folded, start, end):
            return index, index + 1
        if rules.weak_heading.fullmatch(folded, start, end):
            if rest is None:
                rest = _last_headlines(page)
            if rest <= index + 1 < len(lines):
                return index, index + 1
        if rules.teasers_end.fullmatch(folded, start, end):
            # Comments and the like: the page ends here, and no teasers follow.
            return index, len(lines)
    bare = _bare_headlines(page)
    return bare, bare


def _last_headlines(page: _Page) -> int:
    """From which line on there are only headlines and what closes a page."""
    index = len(page.lines)
    while index and (_headline(page, page.lines[index - 1]) or _closes(page, page.lines[index - 1])):
        index -= 1
    return index


def _bare_headlines(page: _Page) -> int:
    """Where a list of bare headlines without a heading begins: at the end, after the body; else the number of lines."""
    lines = page.lines
    end = len(lines)
    while end and (_closes(page, lines[end - 1]) or page.rules.day_line.fullmatch(page.folded, *lines[end - 1])):
        end -= 1
    first = end
    while first and (_headline(page, lines[first - 1]) or (first < end and _asks(page, first - 1))):
        first -= 1
    count = end - first
    before = lines[:first]
    has_body = any(stop - start >= _BODY for start, stop in before)
    signed_document = end < len(lines) and page.rules.day_line.fullmatch(page.folded, *lines[end])
    if not has_body or not count or signed_document:
        return len(lines)
    if count >= 2 or _signed(page, before[-1]):
        return first
    return len(lines)


def _signed(page: _Page, span: Span) -> bool:
    """Whether a line is the last of an article: an end mark, a source or a signature."""
    found = _reader(page, None, title_expected=False).read([span])
    return bool(found.blocks) and found.blocks[-1].kind in ("closing", "author")


def _headline(page: _Page, span: Span) -> bool:
    return (
        span[1] - span[0] >= 8
        and is_headline(page.rules, page.folded, span)
        and line_kind(page.rules, page.folded, span) is None
        and not page.rules.heading_start.match(page.folded, *span)
    )


def _asks(page: _Page, index: int) -> bool:
    """Whether a short question or exclamation stands between headlines."""
    start, end = page.lines[index]
    short = 8 <= end - start <= 36 and page.folded[end - 1] in "?!"
    return short and index > 0 and _headline(page, page.lines[index - 1])


def _closes(page: _Page, span: Span) -> bool:
    kind = line_kind(page.rules, page.folded, span)
    return kind in ("closing", "label", "author") or stamp_of(page.rules, page.folded, span) is not None


def _teaser_groups(page: _Page, lines: Sequence[Span]) -> list[tuple[list[Span], list[Span]]]:
    """The lines of each teaser, with those that are its headline.

    A teaser is caption, headline, text; where the list has no texts each headline is one. A headline ends no sentence
    and has no credit; the last one before a text is the title, since a caption may look like a headline too.
    """
    rules, folded = page.rules, page.folded
    kept: list[tuple[Span, str]] = []
    for span in lines:
        if rules.teasers_end.fullmatch(folded, *span):
            break
        if _closes(page, span) or rules.strong_heading.fullmatch(folded, *span):
            continue
        kind = line_kind(rules, folded, span)
        kept.append((span, kind or ("headline" if _is_head(page, span) else "text")))
    kinds = Counter(kind for _, kind in kept)
    with_texts = kinds["text"] * 3 >= kinds["headline"]
    captioned = kinds["caption"] * 3 >= len(kept) / 3
    groups: list[tuple[list[Span], list[Span]]] = []
    group: list[Span] = []
    title: list[Span] = []
    for span, kind in kept:
        if kind == "text" and not title and not group and groups and not captioned:
            groups[-1][0].append(span)
            continue
        if kind == "caption" and title and not with_texts:
            groups.append((group, title))
            group, title = [], []
        group.append(span)
        if kind == "headline":
            title = [span]
        if title and (kind == "text" or (kind == "headline" and not with_texts)):
            groups.append((group, title))
            group, title = [], []
    if group:
        groups.append((group, title))
    return groups


def _is_head(page: _Page, span: Span) -> bool:
    """A teaser's headline may be longer than a heading within a text."""
    start, end = span
    return end - start <= 60 and page.folded[end - 1] not in page.rules.finals


# roundups ------------------------------------------------------------------------------------------------------------


def _brief_headings(page: _Page, cut: int) -> list[int]:
    """The lines that head the briefs of a roundup; none if the page is an ordinary article.

    A roundup says so in its title, or opens with a bare dateline and a heading; it has at least two headings, each
    followed by text of its own.
    """
    rules, lines = page.rules, page.lines[:cut]
    if len(lines) < 4:
        return []
    headlines = [_brief_head(page, span) for span in lines]
    headings = [
        index
        for index in range(len(lines) - 1)
        if headlines[index] and not headlines[index + 1] and _is_text(page, lines[index + 1])
    ]
    if len(headings) < 2:
        return []
    first = page.title or page.article.text[slice(*lines[0])]
    named = bool(rules.roundup_title.search(fold(first)))
    opening = _reader(page, None, title_expected=False).read(lines[:1]).blocks
    bare_dateline = headings[0] == 1 and [block.kind for block in opening] == ["dateline"]
    if not (named or bare_dateline):
        return []
    if headings[0] == 0 and page.title is None:
        # The first line is the roundup's own title.
        headings = headings[1:] if len(headings) > 2 else headings
    return headings


def _is_text(page: _Page, span: Span) -> bool:
    """Whether a line is a paragraph: a sentence with its end."""
    return page.folded[span[1] - 1] in "\u3002!?\u201d" and line_kind(page.rules, page.folded, span) is None


def _brief_head(page: _Page, span: Span) -> bool:
    if is_headline(page.rules, page.folded, span):
        return line_kind(page.rules, page.folded, span) is None
    marked = page.rules.brief_mark.match(page.folded, *span)
    return bool(marked) and span[1] - span[0] <= page.rules.longest_heading


# agency, author, home ------------------------------------------------------------------------------------------------


def _agency(page: _Page, found: Sequence[Found]) -> str | None:
    publisher = page.rules.publisher_of(page.article.url)
    named = [line.agency for entry in found for line in entry.datelines if line.agency]
    sources = [source for entry in found for source in entry.sources]
    # Words such as "this paper" name nobody.
    names = [name for name in (*named, *sources) if name in page.rules.homes]
    return page.article.agency or next(iter(names), None) or (publisher.name if publisher else None)


def _author(page: _Page, found: Sequence[Found]) -> str | None:
    names = dict.fromkeys(name for entry in found for name in entry.authors)
    return page.article.author or "\u3001".join(names) or None


def _dateline_home(page: _Page, found: Sequence[Found]) -> str | None:
    homes = (page.rules.home_of(line.agency) for entry in found for line in entry.datelines)
    return next((home for home in homes if home), None)


def _home(page: _Page, found: Sequence[Found]) -> str | None:
    """Where the text was written: dateline, publisher of the address, agency of the metadata, source, credits."""
    rules, article = page.rules, page.article
    home = _dateline_home(page, found)
    publisher = rules.publisher_of(article.url)
    if home is None and publisher:
        home = publisher.home
    if home is None and article.agency and not rules.relayed.search(fold(article.agency)):
        home = rules.home_of(fold(article.agency))
    if home is None:
        sources = (rules.home_of(source) for entry in found for source in (*entry.sources, *entry.credits))
        home = next((source for source in sources if source), None)
    return home
