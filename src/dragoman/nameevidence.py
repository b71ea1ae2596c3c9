"""What speaks for a stretch of text being a person's name: the evidence, and its weights from the pack.

All evidence is yes or no and has a key: the words and characters on both sides, what the stretch is made of,
whether it stands in the page again. `weights.toml` gives each key its weight (tools/train_names.py trains them); a
stretch whose weights sum to more than nothing is more likely a name than not.
"""

from __future__ import annotations

import re
import string
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice, repeat
from operator import add
from typing import Any, TypeAlias

from dragoman.lexicon import Lexicon

HAN = "\u3400-\u9fff\uf900-\ufaff"
DOT = "\u00b7"

#: Origins whose names begin with a surname that a list can hold.
SURNAMED = ("zh", "vi", "ko", "ja")


#: In so short a page to count is as quick as to look up where.
_SHORT = 2000


class Places:
    """Where on a page each pair of characters stands: a name is counted without going through all of the page."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.short = len(page) <= _SHORT
        self.pairs: defaultdict[str, list[int]] = defaultdict(list)
        self.counted: dict[tuple[str, int], int] = {}
        for at, pair in enumerate(map(add, page, page[1:]) if not self.short else ()):
            self.pairs[pair].append(at)

    def count(self, name: str, among: int = 400) -> int:
        """How often a name stands on the page, among the first so many places of its first two characters."""
        key = (name, among)
        known = self.counted.get(key)
        if known is None:
            known = self.counted[key] = self._count(name, among)
        return known

    def __contains__(self, name: str) -> bool:
        return self.count(name, len(self.page)) > 0

    def _count(self, name: str, among: int) -> int:
        if self.short or len(name) < 2:
            return self.page.count(name)
        total, end = 0, -1
        for at in islice(self.pairs.get(name[:2], ()), among):
            if at >= end and self.page.startswith(name, at):
                total, end = total + 1, at + len(name)
        return total


class NameRules:
    """What the pack says about names: alphabets, surnames, following words, common words, weights."""

    def __init__(self, raw: Mapping[str, Any], weights: Mapping[str, Any], lexicon: Lexicon) -> None:
        self.listed = lexicon.tables["person"]
        characters = raw["characters"]
        self.sounds = _characters(characters["transliteration"])
        self.not_initial = _characters(characters["transliteration_not_initial"])
        self.never = _characters(characters["never"])
        self.seldom = _characters(characters["seldom"])
        self.lengths: Mapping[str, tuple[int, int]] = {k: (v[0], v[1]) for k, v in weights["given"].items()}
        self.given = {key: _characters(characters[f"given_{key}"]) for key in self.lengths}
        self.longest: int = weights["longest"]
        self.thresholds: Mapping[str, float] = weights["thresholds"]
        self.weights = unpack(weights["weights"])
        self.origin_of: Mapping[str, str] = {
            code: origin for origin, codes in weights["origins"].items() for code in codes
        }
        self.surnames: dict[str, frozenset[str]] = {}
        for surface, row in lexicon.tables["surname"].items():
            for origin in row["origin"].split("|"):
                self.surnames[origin] = self.surnames.get(origin, frozenset()) | {surface}
        self.any_surname = frozenset().union(*self.surnames.values())
        #: The characters with which a name can begin.
        self.first = ({word[0] for word in self.any_surname} | self.sounds - self.not_initial) - self.never
        self.last_parts: dict[str, set[str]] = {}  # what listed persons of a country are called in short
        for surface, row in lexicon.tables["person"].items():
            if DOT in surface and len(last := surface.rpartition(DOT)[2]) > 1:
                self.last_parts.setdefault(row["code"], set()).add(last)
        follow = lexicon.tables["follow"]
        self.strong = _by_first([s for s, row in follow.items() if row["strength"] == "strong"])
        self.weak = _by_first([s for s, row in follow.items() if row["strength"] != "strong"])
        self.long = _by_first([s for s, row in follow.items() if row["strength"] == "strong" and len(s) > 2])
        self.kin = tuple(raw["suffixes"]["kin"])
        self.frames = [re.compile(frame) for frame in raw["frames"]["alone"]]
        self.common = frozenset(lexicon.tables["common"])
        self.joining: Sequence[str] = weights["joining"]
        self.before = frozenset(weights["before"])
        self.short_origins = frozenset(weights["short_forms"]["surname_alone"])
        self.han = re.compile(f"[{HAN}]+")
        self.dotted = re.compile(
            f"[{HAN}]{{1,9}}(?:[{DOT}-][{HAN}]{{1,9}}){{0,3}}{DOT}[{HAN}]{{1,9}}(?:[{DOT}-][{HAN}]{{1,9}}){{0,3}}"
        )

    def made_for(self, name: str, origin: str) -> bool:
        """Whether a name is as names of this origin are: a surname of theirs in front, or all of it transliteration."""
        if origin not in self.surnames:
            return all(char in self.sounds or char == DOT for char in name)
        return len(name) <= 6 and any(name[:n] in self.surnames[origin] for n in (4, 3, 2, 1) if n < len(name))

    def origin(self, country: str | None) -> str:
        """The origin of names usual in a country: zh, vi, ko, ja, other; any if the country is not known."""
        return self.origin_of.get(country, "other") if country else "any"

    def score(self, keys: Sequence[str]) -> float:
        """The sum of the weights of `keys`."""
        return sum(map(self.weights.get, keys, repeat(0.0)))

    def left(self, text: str, start: int, kind: str, origin: str) -> list[str]:
        """Evidence from what stands before `start`. `kind`: p for a place behind a post, f for any other, d dotted."""
        return [
            f"a{kind}{origin}",
            f"b{kind}{_side(text[start - 1 : start])}",
            f"c{kind}{text[max(0, start - 2) : start]}",
            f"d{kind}{text[max(0, start - 3) : start]}",
            f"e{text[start : start + 2]}",
        ]

    def head(self, text: str, start: int, dot: int) -> list[str]:
        """Evidence that a name whose first part ends at `dot` begins at `start`."""
        return [*self.left(text, start, "d", "any"), f"n{dot - start}", f"f{text[start]}"]

    def rest(self, text: str, start: int, end: int, limit: int, origin: str, kind: str, page: Places) -> list[str]:
        """Evidence from the stretch `start:end` itself and from what follows; `limit` is where it must have ended."""
        name = text[start:end]
        length = end - start
        common = self.common
        made = self._made_of(name, length, origin)
        group = made[0][1]
        after = text[end : end + 3]
        last = name[-1]
        keys = [
            *made,
            f"f{group}{name[0]}",
            f"g{group}{last}",
            f"h{name[-2:]}",
            f"i{_side(after[:1])}",
            f"j{after[:2]}",
            f"k{after}",
            f"l{last}{after[:1]}",
            f"m{kind}{group}{length}",
        ]
        if end == limit:
            keys.append("hard" if after[:1] and "\u3400" <= after[0] <= "\u9fff" else "run")
        elif follows(self.strong, text, end, limit):
            keys.append("strong")
        elif follows(self.weak, text, end, limit):
            keys.append("weak")
        if name in common:
            keys.append("common")
        elif length > 2 and name[:2] in common:
            keys.append("common_start")
        if end < limit:
            if after[0] in self.sounds:
                keys.append(f"sound_next{group}")
            if last + after[0] in common:
                keys.append("common_cut")
            if after[:2] in common or after in common:
                keys.append("common_next")
        for at in range(1, length - 1):
            if name[at : at + 2] in common:
                keys.append("common_inside")
                break
        strong = self.strong
        for inside in range(start + 1, end):
            if text[inside] in strong and follows(strong, text, inside, limit):
                keys.append("strong_inside")
                break
        if not self.seldom.isdisjoint(name):
            seldom = sum([char in self.seldom for char in name])
            keys.append(f"seldom{min(seldom, 2)}")
        if name in self.listed:
            keys.append("listed")
        here = page.count(name) - 1
        if here > 0:
            keys.append(f"again{min(here, 3)}{group}")
            if end < limit and page.count(text[start : end + 1]) == here + 1:
                keys.append("again_longer")
        return keys

    def _made_of(self, name: str, length: int, origin: str) -> list[str]:
        """What the stretch is made of; the first key has H as its second character for a surname and given name."""
        sounds = sum([char in self.sounds for char in name]) * 4 // length
        sizes = [size for size in (4, 3, 2, 1) if size < length and name[:size] in self.any_surname]
        if sizes and origin != "other":
            for one in SURNAMED if origin == "any" else (origin,):
                low, high = self.lengths[one]
                for size in sizes:
                    given = length - size
                    if low <= given <= high and name[:size] in self.surnames[one]:
                        marks = self.given[one]
                        known = sum([char in marks for char in name[size:]]) * 2 // given
                        return [f"sH{one}{size}{given}", f"tH{origin}{known}", f"uH{sounds}"]
        keys = [f"sF{origin}{min(length, 8)}", f"uF{origin}{sounds}"]
        if name[0] in self.not_initial:
            keys.append("bad_initial")
        return keys


def _side(char: str) -> str:
    """A neighbouring character, digits and Latin letters each as one."""
    return _SIDES.get(char, char)


_SIDES = {"": "^", "\n": "^", **dict.fromkeys(string.digits, "0"), **dict.fromkeys(string.ascii_letters, "A")}


def unpack(packed: Mapping[str, str]) -> dict[str, float]:
    """The weights by key. The file writes them by weight: each line a weight and all the keys that have it."""
    return {key: float(weight) for weight, keys in packed.items() for key in keys.split()}


def _characters(text: str) -> frozenset[str]:
    return frozenset(text) - {"\n", " "}


#: Words by their first character, those of one length together.
Starting: TypeAlias = "dict[str, list[tuple[int, frozenset[str]]]]"


def _by_first(words: Sequence[str]) -> Starting:
    """The words so that those at a place are found with few looks: most characters begin none."""
    found: dict[str, dict[int, set[str]]] = {}
    for word in words:
        found.setdefault(word[0], {}).setdefault(len(word), set()).add(word)
    return {first: [(size, frozenset(some)) for size, some in sorted(sizes.items())] for first, sizes in found.items()}


def follows(words: Starting, text: str, start: int, limit: int) -> bool:
    """Whether one of the words stands at `start` and ends by `limit`."""
    for size, some in words.get(text[start : start + 1], ()):
        if text[start : start + size] in some:
            return start + size <= limit
    return False
