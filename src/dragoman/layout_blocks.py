"""From the lines of one item to its blocks: dateline, title, heading, body, repeat, caption, credit, closing and so on.

A line is first tried as a whole (leftover, closing, author). Then its dateline is taken off the front and credits, end
marks and signatures off the back; what remains is read text. Everything is decided on the folded text, so offsets stay
those of the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dragoman.article import Block
from dragoman.layout_rules import LayoutRules

Span = tuple[int, int]

#: Characters without meaning at either end of a line: blanks, marks of direction, zero widths, byte order mark.
BLANKS = " \t\u3000\u00a0\ufeff\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\x00"

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SENTENCE = re.compile(r"[^\u3002!?;\u2026]+")
_NOISE = re.compile(r"[\W_]+")
_CLOSERS = {")": "(", "\u3011": "\u3010", "]": "[", "\u3015": "\u3014"}
_QUOTES = "\u201d\u2019\"')\u300b"

#: How far from a line's end its signature may begin, and how many such parts are taken off.
_TAIL = 130
_PARTS = 6
#: How many leftover labels are looked for in one line.
_TOKENS = 50
#: Datelines stand in the first lines of an item; later "it was reported" is text.
_DATELINE_LINES = 8
#: A line with the time of publication stands among the first or the last, and is not long.
STAMP_LINES, _LONGEST_STAMP = 5, 60
#: A title stands in the first lines.
_TITLE_LINES = 4


@dataclass(slots=True)
class Dateline:
    """What a dateline says."""

    agency: str | None = None
    place: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(slots=True)
class Found:
    """What the lines of an item said about the item itself."""

    blocks: list[Block] = field(default_factory=list)
    datelines: list[Dateline] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    dated: list[Dateline] = field(default_factory=list)


def split_lines(text: str) -> list[Span]:
    """The lines of a text without the blanks around them; empty ones are left out."""
    spans = []
    for match in _LINE.finditer(text):
        start, end = trim(text, match.start(), match.end())
        if start < end:
            spans.append((start, end))
    return spans


def trim(text: str, start: int, end: int) -> Span:
    """The span without blanks at its ends."""
    while start < end and text[start] in BLANKS:
        start += 1
    while end > start and text[end - 1] in BLANKS:
        end -= 1
    return start, end


def key(text: str) -> str:
    """A text reduced to its letters and figures, to compare it with another."""
    return _NOISE.sub("", text)


def is_headline(rules: LayoutRules, folded: str, span: Span) -> bool:
    """Whether a line is short and no sentence."""
    start, end = span
    if not 3 < end - start <= rules.longest_heading or "\u3002" in folded[start:end]:
        return False
    while end > start + 1 and folded[end - 1] in _QUOTES:
        end -= 1
    return folded[end - 1] not in rules.finals


def line_kind(rules: LayoutRules, folded: str, span: Span) -> str | None:
    """label, closing or author if the whole line is one, caption if it shows a credit, else None."""
    start, end = span
    length = end - start
    if length <= 80 and rules.label_line.fullmatch(folded, start, end):
        return "label"
    if length <= 120 and rules.author_line.fullmatch(folded, start, end):
        return "author"
    if length <= 260 and rules.closing_line.fullmatch(folded, start, end):
        return "closing"
    if length <= 160 and _CLOSERS.get(folded[end - 1]) == folded[start]:
        inside = bracket_kind(rules, folded[start + 1 : end - 1], "", round_only=folded[start] == "(")
        if inside:
            return inside
    if length <= rules.longest_caption and (
        rules.caption_start.match(folded, start, end) or _credit(rules, folded, start, end)
    ):
        return "caption"
    return None


def _credit(rules: LayoutRules, folded: str, start: int, end: int) -> re.Match[str] | None:
    """The credit at the end of a line; a line that ends as a sentence does has none (searching each would be dear)."""
    return None if _ends_sentence(rules, folded, end) else rules.credit.search(folded, max(start, end - 60), end)


def _ends_sentence(rules: LayoutRules, folded: str, end: int) -> bool:
    return folded[end - 1] in rules.finals or (folded[end - 1] in "\u201d\u2019" and folded[end - 2] in rules.finals)


def stamp_of(rules: LayoutRules, folded: str, span: Span) -> Dateline | None:
    """The time of publication, if a line is nothing else."""
    if span[1] - span[0] <= _LONGEST_STAMP:
        for pattern in rules.stamps:
            match = pattern.fullmatch(folded, *span)
            if match:
                return Dateline(None, None, _number(match["year"]), _number(match["month"]), _number(match["day"]))
    return None


class BlockReader:
    """Reads the lines of one item in order; one reader an item, since repeats are counted within it."""

    def __init__(self, rules: LayoutRules, folded: str, plain: str, title: str | None, *, title_expected: bool) -> None:
        """`folded` is the text with agency names masked, `plain` the same without."""
        self.rules = rules
        self.folded = folded
        self.plain = plain
        self.title_key = key(title or "")
        self.title_expected = title_expected
        self.found = Found()
        self.seen: set[str] = set()
        self.lines = 0
        self.has_body = False

    def read(self, lines: Sequence[Span], titles: Sequence[Span] = (), *, captions_first: bool = False) -> Found:
        """The item's blocks; `titles` are known to be its title, before which in a teaser only captions stand."""
        before = captions_first and bool(titles)
        for number, span in enumerate(lines):
            if min(number, len(lines) - number - 1) < STAMP_LINES and stamp_of(self.rules, self.folded, span):
                self._whole("closing", *span)
                continue
            if span in titles:
                before = False
                self._add("title", *span)
                self._remember(*span)
            else:
                self._line(*span, caption=before)
        return self.found

    # one line ------------------------------------------------------------------------------------------------------

    def _line(self, start: int, end: int, *, caption: bool = False) -> None:
        """Read a line, or the stretches between the leftover labels in it one after another."""
        todo = [(start, end, False)]
        left = _TOKENS
        while todo:
            start, end, label = todo.pop()
            if label:
                self._add("label", start, end)
            elif start < end:
                token = self._stretch(start, end, caption=caption, tokens=left > 0)
                if token:
                    before, after = trim(self.folded, start, token.start()), trim(self.folded, token.end(), end)
                    todo += [(*after, False), (*trim(self.folded, *token.span()), True), (*before, False)]
                    left, caption = left - 1, False

    def _stretch(self, start: int, end: int, *, caption: bool, tokens: bool) -> re.Match[str] | None:
        """Read a line or part of one; if a leftover label stands in it, nothing is read but that label given."""
        rules, folded = self.rules, self.folded
        kind = line_kind(rules, folded, (start, end))
        if kind == "closing" and not self.has_body and self._datelines(start, end) == end:
            kind = "dateline"  # it stands alone above the text
        if kind in ("label", "closing", "author", "dateline"):
            self._whole(kind, start, end)
            return None
        token = rules.token.search(folded, start, end) if tokens else None
        if token:
            return token
        self.lines += 1
        body_start = self._datelines(start, end) if self.lines <= _DATELINE_LINES else start
        if body_start > start:
            self._add("dateline", start, body_start)
        parts, body_end = self._signatures(body_start, end)
        self._rest(body_start, body_end, after_dateline=body_start > start, caption=caption or kind == "caption")
        for part, part_start, part_end in reversed(parts):
            self._add(part, part_start, part_end)
        return None

    def _whole(self, kind: str, start: int, end: int) -> None:
        if kind == "author":
            self._authors(start, end)
        elif kind == "closing":
            self._closing_facts(start, end)
        self._add(kind, start, end)

    def _rest(self, start: int, end: int, *, after_dateline: bool, caption: bool) -> None:
        start, end = trim(self.folded, start, end)
        if start >= end:
            return
        kind = "body"
        if caption:
            kind = "caption"
        elif self._is_title(start, end, after_dateline=after_dateline):
            kind = "title"
        elif self._is_heading(start, end):
            kind = "heading"
        repeated = self._remember(start, end)
        if repeated and kind != "title":
            kind = "repeat"
        if kind in ("title", "body"):
            # A title stands before the text: after the first of either there is none to come.
            self.title_expected = False
        self.has_body = self.has_body or kind == "body"
        self._add(kind, start, end)

    def _is_heading(self, start: int, end: int) -> bool:
        marked = end - start <= self.rules.longest_heading and self.rules.heading_start.match(self.folded, start, end)
        return bool(marked) or is_headline(self.rules, self.folded, (start, end))

    def _is_title(self, start: int, end: int, *, after_dateline: bool) -> bool:
        if end - start > 70 or self.lines > _TITLE_LINES or self.folded[end - 1] == "\u3002":
            return False
        line = key(self.plain[start:end])
        short, long = sorted((line, self.title_key), key=len)
        if short and short in long and len(short) >= 0.6 * len(long):
            return True
        plain = is_headline(self.rules, self.folded, (start, end))
        return plain and (after_dateline or (self.title_expected and not self.title_key))

    def _remember(self, start: int, end: int) -> bool:
        """Whether all sentences of the stretch stood in the item before; they are remembered."""
        sentences = [key(match[0]) for match in _SENTENCE.finditer(self.plain, start, end)]
        sentences = [sentence for sentence in sentences if len(sentence) >= 4]
        repeated = bool(sentences) and sum(map(len, sentences)) >= 8 and self.seen.issuperset(sentences)
        self.seen.update(sentences)
        return repeated

    # the front of a line -----------------------------------------------------------------------------------------

    def _datelines(self, start: int, end: int) -> int:
        for _ in range(3):
            match = self._dateline(start, end)
            if match is None:
                break
            self.found.datelines.append(self._dateline_facts(match))
            start = match.end()
        return start

    def _dateline(self, start: int, end: int) -> re.Match[str] | None:
        window = min(end, start + 160)
        for pattern in self.rules.datelines:
            match = pattern.match(self.folded, start, window)
            if match and match.end() > start:
                return match
        return None

    def _dateline_facts(self, match: re.Match[str]) -> Dateline:
        agency = self.rules.agency.search(self.plain, *match.span())
        groups = match.groupdict()
        if not groups.get("day"):
            date = self.rules.date.search(match[0])
            groups.update(date.groupdict() if date else {})
        self._authors(*match.span())
        return Dateline(
            agency=agency[0] if agency else None,
            place=groups.get("place") or None,
            year=_number(groups.get("year")),
            month=_number(groups.get("month")),
            day=_number(groups.get("day")),
        )

    # the back of a line --------------------------------------------------------------------------------------------

    def _signatures(self, start: int, end: int) -> tuple[list[tuple[str, int, int]], int]:
        """Credits, end marks and signatures at the end of a line, from the last to the first, and where they begin."""
        parts: list[tuple[str, int, int]] = []
        for _ in range(_PARTS):
            start, end = trim(self.folded, start, end)
            part = self._signature(start, end)
            if part is None:
                break
            parts.append(part)
            end = part[1]
        return parts, end

    def _signature(self, start: int, end: int) -> tuple[str, int, int] | None:
        if end - start < 2:
            return None
        rules, folded = self.rules, self.folded
        window = max(start, end - _TAIL)
        opening = rules.caption_start.match(folded, start, end)
        credit = _credit(rules, folded, opening.end() if opening else start, end)
        if credit and (end - start <= rules.longest_caption or folded[end - 1] == ")"):
            self.found.credits.append(self.plain[credit.start() : end])
            return "credit", credit.start(), end
        opener = _CLOSERS.get(folded[end - 1])
        if opener:
            begin = folded.rfind(opener, window, end)
            if begin > start:
                kind = bracket_kind(rules, folded[begin + 1 : end - 1], folded[start:begin])
                if kind:
                    if kind == "closing":
                        self._closing_facts(begin, end)
                    else:
                        self._authors(begin + 1, end - 1)
                    return kind, begin, end
        if not _ends_sentence(rules, folded, end):
            tail = rules.closing_tail.search(folded, window, end)
            if tail and tail.start() > start:
                self._closing_facts(tail.start(), end)
                return "closing", tail.start(), end
        return None

    def _closing_facts(self, start: int, end: int) -> None:
        source = self.rules.source.search(self.folded, start, end)
        agency = self.rules.agency.search(self.plain, *(source.span("source") if source else (start, end)))
        if agency:
            self.found.sources.append(agency[0])
        for pattern in self.rules.dated:
            dated = pattern.search(self.folded, start, end)
            if dated:
                self.found.dated.append(
                    Dateline(None, None, _number(dated["year"]), _number(dated["month"]), _number(dated["day"]))
                )
                break

    def _authors(self, start: int, end: int) -> None:
        """The persons whom a dateline or a signature names."""
        named = [match["names"].strip() for match in self.rules.reporters.finditer(self.folded, start, end)]
        if not named and self.rules.names.fullmatch(self.folded, start, end):
            named = [self.plain[start:end]]
        self.found.authors.extend(named)

    def _add(self, kind: str, start: int, end: int) -> None:
        start, end = trim(self.folded, start, end)
        if start < end:
            self.found.blocks.append(Block(kind, start, end))


def bracket_kind(rules: LayoutRules, inside: str, before: str, *, round_only: bool = True) -> str | None:
    """What the inside of a bracket is, given the text before it: closing, author, or nothing of the kind.

    Names alone are a signature after the end of a sentence, or where they are all of a line in round brackets.
    """
    if rules.closing_bracket.fullmatch(inside):
        return "closing"
    if rules.author_bracket.fullmatch(inside):
        return "author"
    last = before.rstrip(BLANKS + _QUOTES)[-1:]
    signed = last in rules.finals if last else round_only
    return "author" if signed and rules.names.fullmatch(inside) else None


def _number(text: str | None) -> int | None:
    return int(text) if text else None
