"""Comparing names: persons in several spellings, bodies, gatherings by kernel and edition, instruments.

The words stand in the pack's link.toml; here is only how they are used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from dragoman.fold import fold

_BRACKETS = re.compile(r"[(\uff08\[][^()\uff08\uff09\[\]]*[)\uff09\]]")
_NO_NAME = re.compile(r"[^\w\u00b7]")
_LATIN = re.compile(r"[a-z]+(?:[ \u00b7'-][a-z]+)*")
#: Shorter names are too short for a spelling variant to be told from another name.
LONG = 4
#: Names whose bigrams overlap at least so far are alike; below the second, they are different.
LIKE, FAR = 0.55, 0.25


class Title(NamedTuple):
    """The name of a gathering or instrument, taken apart: what is left without plain words, edition, year; `sorts` are
    the words in it that make it another one than that of the same body without them (of ministers, of business),
    `states` the countries that it writes out."""

    kernel: str
    edition: int | None
    year: int | None
    sorts: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()


@dataclass(slots=True)
class LinkRules:
    """The words by which names are compared, compiled; `cache` holds names that were taken apart."""

    edition: re.Pattern[str]
    year: re.Pattern[str]
    sorts: re.Pattern[str]
    plain: tuple[str, ...]
    posts: tuple[str, ...]
    sounds: Mapping[int, str]
    numerals: Mapping[str, int]
    tens: Mapping[str, int]
    countries: Mapping[str, Sequence[str]]
    states: Mapping[str, str]
    written: re.Pattern[str]
    spouses: Sequence[tuple[str, str]]
    _names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _alike: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _titles: dict[str, Title] = field(default_factory=dict)

    # Persons ---------------------------------------------------------------------------------------------

    def parts(self, name: str) -> tuple[str, ...]:
        """The parts of a person's name, folded, without what stands in brackets: a gloss, another spelling."""
        found = self._names.get(name)
        if found is None:
            bare = fold(unicodedata.normalize("NFKC", _BRACKETS.sub("", fold(name)))).lower().strip()
            latin = _LATIN.fullmatch(bare)
            cut = bare.replace(" ", "\u00b7").replace("-", "\u00b7") if latin else bare
            found = tuple(part for part in _NO_NAME.sub("", cut).split("\u00b7") if part) or (name,)
            if len(self._names) > CACHED:
                self._names.clear()
            self._names[name] = found
        return found

    def alike(self, one: str, other: str) -> str | None:
        """How two names can be one person's: same, part, sound, slip; None if they cannot."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self._alike:
            if len(self._alike) > CACHED:
                self._alike.clear()
            self._alike[pair] = self._compare(self.parts(pair[0]), self.parts(pair[1]))
        return self._alike[pair]

    def _compare(self, one: tuple[str, ...], other: tuple[str, ...]) -> str | None:
        if one == other or "".join(one) == "".join(other):
            return "same"
        if self._couple(one[-1], other[-1]) or self._couple(other[-1], one[-1]):
            return None
        short, long = sorted((one, other), key=len)
        if len(short) < len(long) and all(part in long for part in short):
            return "part"
        heard, told = ([part.translate(self.sounds) for part in parts] for parts in (short, long))
        if "".join(heard) == "".join(told):
            return "sound" if len("".join(heard)) >= LONG - 1 else "slip"
        if len(short) < len(long) and all(part in told for part in heard):
            return "sound"
        first, second = "".join(heard), "".join(told)
        if len(one) == len(other) and min(len(first), len(second)) >= LONG and _one_edit(first, second):
            return "sound"
        if len(short) < len(long) and len(heard) == 1 and len(first) >= LONG and _one_edit(first, told[-1]):
            return "sound"
        plain, full = "".join(one), "".join(other)
        if len(one) == len(other) == 1 and len(plain) == len(full) in (2, 3):
            differing = sum(a != b for a, b in zip(plain, full, strict=True))
            if differing == 1 and (len(plain) == 3 or first[1:] == second[1:]):
                return "slip"
        return None

    def _couple(self, his: str, hers: str) -> bool:
        return any(
            his.endswith(one) and hers.endswith(other) and his[: -len(one)] == hers[: -len(other)]
            for one, other in self.spouses
        )

    def key(self, name: str) -> str:
        """By what a person is looked up: the last part of the name, by its sound."""
        return self.parts(name)[-1].translate(self.sounds)

    def posts_agree(self, one: str | None, other: str | None) -> bool:
        """Whether two posts can be one: of the words of the shorter most stand in the longer."""
        if not one or not other:
            return False
        return _overlap(self._bare(one, self.posts), self._bare(other, self.posts)) >= LIKE

    # Gatherings and instruments --------------------------------------------------------------------------

    def title(self, name: str) -> Title:
        """A name taken apart."""
        found = self._titles.get(name)
        if found is None:
            text = fold(unicodedata.normalize("NFKC", name)).lower()
            number, year = self.edition.search(text), self.year.search(text)
            kernel = self.year.sub("", self.edition.sub("", _BRACKETS.sub("", text)))
            found = Title(
                self._bare(kernel, self.plain),
                (self._number(number["n"]) if number["n"] else 1) if number else None,
                int(year["year"]) if year else None,
                frozenset(self.sorts.findall(text)),
                frozenset(self.states[word] for word in self.written.findall(text)),
            )
            if len(self._titles) > CACHED:
                self._titles.clear()
            self._titles[name] = found
        return found

    def titles(self, one: str, other: str) -> str:
        """How two names of gatherings or instruments compare: numbered (the same with its edition), same, like, open,
        far, or another edition."""
        return self._titles_compare(self.title(one), self.title(other))

    def titles_of(self, one: str, other: str, sides: Iterable[str]) -> str:
        """The same for two gatherings of the same sides, whose countries a name may write out, shorten or leave out."""
        words = sorted({word for code in sides for word in self.countries.get(code, ())}, key=len, reverse=True)
        first, second = (
            title._replace(kernel=self._bare(title.kernel, tuple(words))) for title in map(self.title, (one, other))
        )
        return self._titles_compare(first, second, named=bool(words))

    def _titles_compare(self, first: Title, second: Title, *, named: bool = False) -> str:
        for a, b in ((first.edition, second.edition), (first.year, second.year)):
            if a is not None and b is not None and a != b:
                return "edition"
        if first.kernel == second.kernel:
            numbered = (first.kernel or named) and (first.edition or first.year) and first[1:3] == second[1:3]
            return "numbered" if numbered else "same"
        if not first.kernel or not second.kernel:
            return "open"
        if first.sorts != second.sorts:
            return "far"
        share = _overlap(first.kernel, second.kernel)
        if share < LIKE:
            return "open" if share >= FAR else "far"
        if first.states and second.states and first.states != second.states:
            return "open"  # receptions of two embassies
        short, long = sorted((len(first.kernel), len(second.kernel)))
        return "like" if short >= long * LIKE else "open"  # a name within a much longer one: perhaps a part of it

    def _bare(self, text: str, words: tuple[str, ...]) -> str:
        for word in words:
            text = text.replace(word, "")
        return re.sub(r"\W", "", text)

    def _number(self, text: str) -> int | None:
        if text.isdigit() and text.isascii():
            return int(text)
        total, digit = 0, 0
        for char in text:
            if char in self.tens:
                total += (digit or 1) * self.tens[char]
                digit = 0
            elif char in self.numerals:
                digit = digit * 10 + self.numerals[char]
            else:
                return None
        return total + digit


#: So many names are remembered before their table is begun anew.
CACHED = 200_000


def _one_edit(one: str, other: str) -> bool:
    """Whether one character more, less or another makes one string of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _overlap(one: str, other: str) -> float:
    """How much of the shorter string's bigrams (or characters, if it has one) stand in the longer, from 0 to 1."""
    size = 2 if min(len(one), len(other)) > 1 else 1
    first, second = ({text[i : i + size] for i in range(len(text) - size + 1)} for text in (one, other))
    small = min(len(first), len(second))
    return len(first & second) / small if small else 0.0


def make_rules(raw: Mapping[str, Any], numbers: Mapping[str, Any], countries: Mapping[str, Sequence[str]]) -> LinkRules:
    """Rules from the tables link.toml and numbers.toml of a pack, and what its lexicon calls each country."""
    sounds = {ord(char): group[0] for group in raw["sounds"] for char in group}
    states = {word: code for code, surfaces in countries.items() for word in surfaces if len(word) > 1}
    words = sorted(raw["plain"], key=len, reverse=True)
    return LinkRules(
        re.compile(raw["edition"]),
        re.compile(raw["year"]),
        re.compile("|".join(re.escape(word) for word in sorted(raw["sorts"], key=len, reverse=True))),
        tuple(words),
        tuple(sorted(raw["posts"], key=len, reverse=True)),
        sounds,
        numbers["digits"],
        {char: value for char, value in numbers["small"].items() if value in (10, 100)},
        countries,
        states,
        re.compile("|".join(re.escape(word) for word in sorted(states, key=len, reverse=True)) or r"(?!)"),
        [(one, other) for one, other in raw["spouses"]],
    )


@lru_cache(maxsize=4)
def load_rules(language: str = "zh") -> LinkRules:
    """The rules of a pack that is shipped. FileNotFoundError: there is no such pack."""
    from importlib.resources import files
    from pathlib import Path

    from dragoman.pack import read_toml

    folder = Path(str(files("dragoman").joinpath("packs", language)))
    countries: dict[str, list[str]] = {}
    for line in (folder / "lexicon" / "country.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        if line and not line.startswith("#"):
            surface, codes, _ = line.split("\t")
            for code in codes.split("|"):
                countries.setdefault(code, []).append(surface)
    return make_rules(read_toml(folder / "link.toml"), read_toml(folder / "numbers.toml"), countries)
