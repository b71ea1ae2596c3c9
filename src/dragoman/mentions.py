"""From an item's text to sentences with mentions: words, times, names, actors. Pure; language comes from the pack."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import TypeAlias

from dragoman.actors import run_phases
from dragoman.lexicon import Word
from dragoman.match import Mention, Squeezed, squeeze
from dragoman.nameevidence import DOT
from dragoman.names import NameFinder, NameFound, Opening
from dragoman.nouns import find_nouns
from dragoman.numbers import find_numbers
from dragoman.pack import Pack
from dragoman.timex import VISIT_PERIOD, TimeMention

#: Where one-character names of countries may stand: start, end, and whether because there are several side by side.
Framed: TypeAlias = tuple[int, int, bool]

_start = attrgetter("start")
#: A longer sentence is cut at a mark: no real one is so long, and what looks at a whole sentence must stay quick.
LONGEST = 1000


@dataclass(slots=True)
class Sentence:
    """A sentence of an item: its offsets, what kind of block it stands in, its mentions in order, none overlapping."""

    start: int
    end: int
    block: str
    paragraph: int
    folded: str
    mentions: list[Mention]
    times: list[TimeMention]
    squeezed: Squeezed


class Page:
    """What is known of the whole page while its items are read."""

    def __init__(self, pack: Pack, text: str, folded: str, title: str) -> None:
        self.pack = pack
        self.text = text
        self.folded = folded
        self.finder = NameFinder(pack.names, folded + "\n" + title)
        self.countries: dict[str, int] = {}
        self.meant: dict[str, str | None] = {}  # by character, while the countries named stay the same
        self.subject = tuple(pack.refer["home"]["subject"])

    def sentences(self, blocks: Sequence[tuple[str, int, int]], home: str | None) -> list[Sentence]:
        """The sentences of an item's blocks (kind, start, end), with actors found in them."""
        pack = self.pack
        pieces = [
            (kind, number, start, end)
            for number, (kind, b_start, b_end) in enumerate(blocks)
            for start, end in split(self.folded, b_start, b_end, pack.ends)
        ]
        words = [list(self._words(start, end)) for _, _, start, end in pieces]
        for found in words:
            for _, _, word in found:
                row = word.rows.get("country")
                if row:
                    self.countries[row["code"]] = self.countries.get(row["code"], 0) + 1
        self.meant.clear()
        times = [pack.times.find(self.folded[start:end], start) for _, _, start, end in pieces]
        framed = [self._framed(start, end) for _, _, start, end in pieces]
        for (_, _, start, end), found, clock, frames in zip(pieces, words, times, framed, strict=True):
            self._learn(start, end, found, clock, frames)
        out = []
        for (kind, number, start, end), found, clock, frames in zip(pieces, words, times, framed, strict=True):
            mentions = self._mentions(start, end, found, clock, frames, home)
            squeezed = squeeze(self.folded, start, end, mentions, pack.types, pack.transparent)
            mentions, squeezed = run_phases(pack, self.text, squeezed, mentions)
            mentions, squeezed = find_nouns(pack, self.text, self.folded, start, squeezed, mentions)
            out.append(Sentence(start, end, kind, number, self.folded[start:end], mentions, clock, squeezed))
        return out

    def _words(self, start: int, end: int) -> list[tuple[int, int, Word]]:
        scan = self.pack.lexicon.scan(self.folded[start:end])
        return [(start + a, start + b, word) for a, b, word in scan]

    def _learn(
        self,
        start: int,
        end: int,
        words: list[tuple[int, int, Word]],
        times: list[TimeMention],
        frames: Sequence[Framed],
    ) -> None:
        """Find the names of one sentence and remember them for the page."""
        for index, (a, _, word) in enumerate(words):
            row = word.rows.get("person")
            if row and (row.get("ambiguous") != "yes" or (index and words[index - 1][1] == a)):
                other = row["name"] not in word.surface and row["name"] in self.finder.page_places
                name = row["name"] if other else word.surface
                self.finder.know(name, row["code"] or None, 5.0)
        others = [(a, b) for a, b, w in words if not w.rows.keys() <= {"person", "place", "honorific"}]
        self.finder.framed(self.folded, start, end, others)
        openings = self.behind_posts(start, end, words, times)
        found = self.finder.learn(openings, self.folded)
        chars = self._characters(frames, [])
        pairs = [(one.start, two.end) for one, two in pairwise(chars) if one.end == two.start]  # two states, no name
        blocked = sorted(self.not_names(words, times) + pairs)
        if self.folded.find(DOT, start, end) >= 0:
            others = [(a, b) for a, b, w in words if "person" not in w.rows] + [(t.start, t.end) for t in times]
            listed = [(a, b) for a, b, w in words if "person" in w.rows and DOT in w.surface]
            for dotted in self.finder.dotted_in(self.folded, start, end, sorted(others)):
                inside = next(((a, b) for a, b in listed if a < dotted.end and dotted.start < b), None)
                if inside is None:
                    self.finder.remember(dotted)
                elif dotted.end > inside[1] + 1:  # the page gives more of the name than the list
                    whole = self.folded[inside[0] : dotted.end]
                    self.finder.remember(replace(dotted, start=inside[0], full=whole))
                blocked.append((dotted.start, dotted.end))
        blocked += [(learnt.start, learnt.end) for learnt in found]
        behind = frozenset(opening.start for opening in openings)
        for free in self.finder.free_in(self.folded, start, end, blocked, behind):
            self.finder.remember(free)

    def not_names(self, words: list[tuple[int, int, Word]], times: list[TimeMention]) -> list[tuple[int, int]]:
        """The stretches of a sentence in which no unknown name can be: times, and words that are no doubtful name."""
        sure = [
            (a, b)
            for a, b, w in words
            if "person" not in w.rows or len(w.rows) > 1 or not w.rows["person"].get("ambiguous")
        ]
        return sorted(sure + [(t.start, t.end) for t in times])

    def behind_posts(
        self, start: int, end: int, words: list[tuple[int, int, Word]], times: list[TimeMention]
    ) -> list[Opening]:
        """The places of one sentence where a name is to be expected: behind posts, each with the post's country."""
        openings: list[Opening] = []
        country, reach, goal = None, start, start
        for index, (a, b, word) in enumerate(words):
            rows = word.rows
            if word.split:
                country, reach = self._glued_country(word), b
                rows = self.pack.lexicon.words[word.surface[word.split :]].rows
            elif "country" in rows and not self.folded.startswith(self.subject, b):
                if country is None or a - reach > 12 or self._breaks(reach, a):
                    country = rows["country"]["code"]
                    goal = b if self.folded[a - 1 : a] in self.pack.frames.motion else start
                reach = b
            if "post" in rows and not self._named_before(start, a):
                implied = rows["post"]["code"] or None
                near = country if a - reach <= 20 and not self._breaks(reach, a) else None
                if reach == goal > start and a - goal <= 2:  # where somebody is sent, not whose office it is
                    near = None
                limit = self._limit(b, end, words[index + 1 :], times)
                openings.append(Opening(b, limit, near or implied))
                reach = b if near else reach
            elif "honorific" in rows and rows["honorific"]["kind"] == "company":  # X and wife Y
                openings.append(Opening(b, self._limit(b, end, words[index + 1 :], times), None))
        return openings

    def _named_before(self, start: int, end: int) -> bool:
        """Whether a person known by now stands right in front: then the post belongs to that name."""
        known = self.finder.known
        return any(self.folded[end - size : end] in known for size in self.finder.sizes if size <= end - start)

    def _glued_country(self, word: Word) -> str | None:
        stem = word.surface[: word.split]
        row = self.pack.lexicon.row("country", stem) or self.pack.lexicon.row("place", stem)
        return row["code"] if row else self._character(stem)

    def _breaks(self, start: int, end: int) -> bool:
        """Whether the stretch between a country and what follows cannot lie inside one office."""
        return self.pack.breaks.search(self.folded, start, end) is not None

    def _limit(self, start: int, end: int, words: Sequence[tuple[int, int, Word]], times: Sequence[TimeMention]) -> int:
        """Where a name that begins at `start` must have ended: at the next long word of another kind, or a time."""
        limit = min(end, start + 16)
        for a, b, word in words:
            if a >= limit:
                break
            if a > start and not word.rows.keys() <= {"person", "place", "honorific"} and (b - a > 1):
                limit = a
                break
            if "honorific" in word.rows and a > start + 1:
                limit = a
                break
        for time in times:
            if start < time.start < limit:
                limit = time.start
        return limit

    def _mentions(
        self,
        start: int,
        end: int,
        words: list[tuple[int, int, Word]],
        times: list[TimeMention],
        frames: Sequence[Framed],
        home: str | None,
    ) -> list[Mention]:
        pack = self.pack
        taken = [(t.start, t.end) for t in times]
        text = self.folded[start:end]
        dotted = self._dotted(start, end)
        taken += [
            (a, b)
            for a, b, w in words
            if b - a > 2
            and ("country" in w.rows or w.split or "organisation" in w.rows)
            and not any(first <= a and b <= last for first, last in dotted)
        ]
        names = self.finder.carry(text, sorted((a - start, b - start) for a, b in taken))
        # "during the visit" is a time, and a telling of the visit: its words stay for the rules
        times = [t for t in times if not (t.kind == "anaphor" and t.value == VISIT_PERIOD)]
        out = [Mention(t.start, t.end, "Time", t) for t in times]
        busy = _mask(start, end, [(t.start, t.end) for t in times])
        for number in find_numbers(pack.numbers, self.folded, start, end):
            if busy.find(1, number.start - start, number.end - start) < 0:
                out.append(number)
        for name in names:
            value = NameFound(start + name.start, start + name.end, name.full, name.country, name.score)
            out.append(Mention(value.start, value.end, "Name", value))
        busy = _mask(start, end, [(m.start, m.end) for m in out])
        for a, b, word in words:
            if busy.find(1, a - start, b - start) < 0:
                if home and word.surface in pack.frames.home:
                    row = {"surface": word.surface, "code": home, "form": "variant"}
                    out.append(Mention(a, b, "Country", row))
                elif "post" in word.rows and "country" in word.rows and self._is_post(start, a, word.surface):
                    out.append(Mention(a, b, "Post", word.rows["post"]))
                else:
                    out.extend(self._word_mentions(a, b, word))
        out.sort(key=_start)
        out.extend(self._characters(frames, [(m.start, m.end) for m in out]))
        out.sort(key=_start)
        return out

    def _dotted(self, start: int, end: int) -> list[tuple[int, int]]:
        """Where known names with a dot stand: words inside them are none."""
        if self.folded.find(DOT, start, end) < 0:
            return []
        out = []
        for name in self.finder.known:
            if DOT in name and (at := self.folded.find(name, start, end)) >= 0:
                out.append((at, at + len(name)))
        return out

    def _word_mentions(self, start: int, end: int, word: Word) -> list[Mention]:
        lexicon = self.pack.lexicon
        if word.split:
            stem, rest = word.surface[: word.split], word.surface[word.split :]
            place = lexicon.row("place", stem)
            row = lexicon.row("country", stem) or place
            row = row or {"surface": stem, "code": self._character(stem) or "", "form": "char"}
            middle = start + word.split
            return [
                Mention(start, middle, "Place" if row is place else "Country", row),
                *self._word_mentions(middle, end, lexicon.words[rest]),
            ]
        for table, kind in WORD_TYPES:
            if table in word.rows:
                if word.rows[table].get("kind") == "forum":
                    kind = "Forum"
                return [Mention(start, end, kind, word.rows[table])]
        return []

    def _is_post(self, start: int, end: int, surface: str) -> bool:
        """Whether a word that is a country's name and a title as well stands behind a country that has the title."""
        codes = self.pack.refer["home"]["titles"].get(surface, ())
        words = list(self._words(start, end))
        if not words or words[-1][1] != end:
            return False
        row = words[-1][2].rows.get("country") or words[-1][2].rows.get("place")
        return row is not None and row["code"] in codes

    def _character(self, char: str) -> str | None:
        """The country that a one-character name stands for: the one that the page names most, else the usual one."""
        if char not in self.meant:
            self.meant[char] = self._weighed(char)
        return self.meant[char]

    def _weighed(self, char: str) -> str | None:
        codes = self.pack.lexicon.characters.get(char)
        if not codes:
            return None
        code = max(codes, key=lambda code: (self.countries.get(code, 0), -codes.index(code)))
        groups = self.pack.frames.groups.get(char, ())
        named = sum(self.folded.count(group) for group in groups)
        return None if named > self.countries.get(code, 0) else code

    def _run(self, run: str) -> list[str | None]:
        """The countries that characters side by side stand for: what the page names, else what the two usually are."""
        codes = [self._character(char) for char in run]
        whole = self.pack.frames.pairs.get(run)
        if whole is not None and len(run) > 2:
            return list(whole)
        for at in range(len(run) - 1):
            usual = self.pack.frames.pairs.get(run[at : at + 2])
            if usual is not None and all(code in self.countries for code in usual):
                codes[at : at + 2] = usual
        return codes

    def _framed(self, start: int, end: int) -> list[Framed]:
        """Where one-character names of countries may stand, by the frames that the pack lists."""
        found = self.pack.frames.regex.finditer(self.folded, start, end)
        return [(*one.span(), one.lastgroup == "run") for one in found]

    def _characters(self, framed: Sequence[Framed], busy: Sequence[tuple[int, int]]) -> list[Mention]:
        """One-character country names where they may stand, outside of the busy stretches."""
        sure, counts = self.pack.frames.sure, self.pack.frames.counted
        out: list[Mention] = []
        for a, b, side_by_side in framed:
            if any(start < b and a < end for start, end in busy):
                a = max([a, *(end for start, end in busy if start <= a < end)])
                b = min([b, *(start for start, end in busy if a < end and start < b)])
                if b <= a:
                    continue
            run = self.folded[a:b]
            codes = self._run(run)
            counted = any(len(run) == n and self.folded.startswith(word, b) for word, n in counts.items())
            told = [counted or code in sure or code in self.countries for code in codes]
            while told and not told[0]:
                del told[0], codes[0]
                run, a = run[1:], a + 1
            while told and not told[-1]:
                del told[-1], codes[-1]
                run = run[:-1]
            if not run or not all(told) or len(set(codes)) < len(run):
                continue
            if len(run) == 1 and side_by_side:
                continue
            for offset, (char, code) in enumerate(zip(run, codes, strict=True)):
                row = {"surface": char, "code": code or "", "form": "char"}
                out.append(Mention(a + offset, a + offset + 1, "Country", row))
        return out


#: The tables of words with the type that their words get, in the order in which a word of several tables is taken.
WORD_TYPES = (
    ("country", "Country"),
    ("organisation", "Organisation"),
    ("body", "Body"),
    ("post", "Post"),
    ("place", "Place"),
    ("agency", "Media"),
    ("honorific", "Honorific"),
)


def _mask(start: int, end: int, busy: Sequence[tuple[int, int]]) -> bytearray:
    """For each character of `start:end` 1 if it lies in one of the stretches, which lie in it."""
    mask = bytearray(end - start)
    for a, b in busy:
        mask[a - start : b - start] = b"\1" * (b - a)
    return mask


def split(folded: str, start: int, end: int, ends: frozenset[str]) -> list[tuple[int, int]]:
    """The sentences of `folded[start:end]`. A closing quotation mark behind the end belongs to its sentence."""
    return [piece for sentence in _sentences(folded, start, end, ends) for piece in _cut(folded, *sentence)]


def _cut(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence in pieces of at most LONGEST characters, parted behind a mark or blank if there is one."""
    out = []
    while end - start > LONGEST:
        stop = start + LONGEST
        stop = next((at for at in range(stop, stop - LONGEST // 2, -1) if not folded[at - 1].isalnum()), stop)
        if folded[start:stop].strip():
            out.append((start, stop))
        start = stop
    return [*out, (start, end)] if folded[start:end].strip() else out


def _sentences(folded: str, start: int, end: int, ends: frozenset[str]) -> list[tuple[int, int]]:
    stops = [found.end() for found in _stop(ends).finditer(folded, start, end)]
    return [(a, b) for a, b in pairwise([start, *stops, end]) if folded[a:b].strip()]


@lru_cache(maxsize=4)
def _stop(ends: frozenset[str]) -> re.Pattern[str]:
    """A mark at which sentences end, with the closing marks behind it."""
    return re.compile("[" + re.escape("".join(sorted(ends))) + "][\u201d\u2019)]*")
