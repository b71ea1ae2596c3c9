"""Where does a name end: persons' names that no list holds, scored by what stands around them.

Evidence: the post in front, the words that follow, what names of an origin are made of, and the same characters
elsewhere in the page. A name once found is carried to all its mentions in the page, and to its short forms.
The weights stand in the pack (names.toml), so that they can be trained.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dragoman.lexicon import Lexicon

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_DOT = "\u00b7"


@dataclass(frozen=True, slots=True)
class NameFound:
    """A person's name where it stands. `full` is the fullest form that the page gives for it."""

    start: int
    end: int
    full: str
    country: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Opening:
    """A place where a name is expected to begin: behind a post. `country` is that of the post, if known."""

    start: int
    limit: int
    country: str | None


class NameRules:
    """What the pack says about names: alphabets, lengths, forbidden characters, following words, weights."""

    def __init__(self, raw: Mapping[str, Any], weights: Mapping[str, Any], lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        characters = raw["characters"]
        self.sounds = _characters(characters["transliteration"])
        self.not_initial = _characters(characters["transliteration_not_initial"])
        self.never = _characters(characters["never"])
        self.seldom = _characters(characters["seldom"])
        self.given = {key: _characters(characters[f"given_{key}"]) for key in weights["given"]}
        self.weights: Mapping[str, float] = weights["weights"]
        self.threshold: float = weights["threshold"]
        self.longest: int = weights["longest"]
        self.origin_of: Mapping[str, str] = {
            code: origin for origin, codes in weights["origins"].items() for code in codes
        }
        self.lengths: Mapping[str, tuple[int, int]] = {k: (v[0], v[1]) for k, v in weights["given"].items()}
        self.surnames: dict[str, frozenset[str]] = {}
        for surface, row in lexicon.tables["surname"].items():
            for origin in row["origin"].split("|"):
                self.surnames[origin] = self.surnames.get(origin, frozenset()) | {surface}
        follow = lexicon.tables["follow"]
        self.strong = re.compile(_words([s for s, row in follow.items() if row["strength"] == "strong"]))
        self.weak = re.compile(_words([s for s, row in follow.items() if row["strength"] != "strong"]))
        self.short_origins = frozenset(weights["short_forms"]["surname_alone"])
        self.han = re.compile(f"[{_HAN}]+")
        self.dotted = re.compile(f"[{_HAN}]{{1,9}}(?:{_DOT}[{_HAN}]{{1,9}}){{1,4}}")

    def origin(self, country: str | None) -> str:
        """The origin of names usual in a country: zh, vi, ko, ja, or other."""
        return self.origin_of.get(country or "", "other") if country else "any"


class NameFinder:
    """Finds the names of one page."""

    def __init__(self, rules: NameRules, page: str) -> None:
        self.rules = rules
        self.page = page
        self.known: dict[str, tuple[str | None, float]] = {}

    def learn(self, openings: Iterable[Opening], text: str) -> list[NameFound]:
        """Names behind posts; each is remembered for `carry`."""
        found = []
        for opening in openings:
            name = self._behind(opening, text)
            if name is not None:
                found.append(name)
                self.remember(name)
        return found

    def dotted_in(self, text: str, start: int, end: int, blocked: Sequence[tuple[int, int]]) -> list[NameFound]:
        """Names with a dot inside, wherever they stand in `text[start:end]`."""
        out = []
        for found in self.rules.dotted.finditer(text, start, end):
            a, b = self._trim(text, found.start(), found.end(), blocked)
            if b - a >= 3 and _DOT in text[a:b]:
                out.append(NameFound(a, b, text[a:b], None, 2.0))
        return out

    def remember(self, name: NameFound) -> None:
        """Keep a name for `carry`; the better founded telling of its country wins."""
        before = self.known.get(name.full)
        if before is None or before[1] < name.score or (before[0] is None and name.country):
            self.known[name.full] = (name.country or (before[0] if before else None), name.score)

    def _trim(self, text: str, start: int, end: int, blocked: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """Cut a dotted run at both sides to what can be part of a name."""
        first = text.index(_DOT, start, end)
        last = text.rindex(_DOT, start, end)
        left = first
        for stop_start, stop_end in blocked:
            if start <= stop_start < first and stop_end <= first:
                start = max(start, stop_end)
        while left > start and text[left - 1] in self.rules.sounds:
            left -= 1
        limit = end
        for stop_start, _ in blocked:
            if last + 1 < stop_start < limit:
                limit = stop_start
        right = self._end(text, last + 1, limit, "other", least=1)
        return left, right if right is not None else last + 1

    def _behind(self, opening: Opening, text: str) -> NameFound | None:
        run = self.rules.han.match(text, opening.start, opening.limit)
        if run is None:
            return None
        limit = run.end()
        dotted = self.rules.dotted.match(text, opening.start, opening.limit)
        if dotted is not None:
            head = text[opening.start : text.index(_DOT, opening.start)]
            if len(head) <= 8 and all(char in self.rules.sounds for char in head):
                last = text.rindex(_DOT, dotted.start(), dotted.end())
                end = self._end(text, last + 1, dotted.end(), "other", least=1)
                if end is not None:
                    return NameFound(opening.start, end, text[opening.start : end], opening.country, 3.0)
        origin = self.rules.origin(opening.country)
        best = self._scored(text, opening.start, limit, origin, 2)
        if best is None or best[1] < self.rules.threshold:
            return None
        end, score = best
        return NameFound(opening.start, end, text[opening.start : end], opening.country, score)

    def _end(self, text: str, start: int, limit: int, origin: str, least: int) -> int | None:
        best = self._scored(text, start, limit, origin, least)
        return best[0] if best else None

    def _scored(self, text: str, start: int, limit: int, origin: str, least: int) -> tuple[int, float] | None:
        """The best end for a name that begins at `start`, with its score."""
        best: tuple[int, float] | None = None
        for end in range(start + least, min(limit, start + self.rules.longest) + 1):
            if text[end - 1] in self.rules.never:
                break
            score = self._score(text, start, end, limit, origin)
            if best is None or score > best[1]:
                best = (end, score)
        return best

    def _score(self, text: str, start: int, end: int, limit: int, origin: str) -> float:
        weights = self.rules.weights
        return sum(weights[name] * value for name, value in self.features(text, start, end, limit, origin))

    def features(self, text: str, start: int, end: int, limit: int, origin: str) -> list[tuple[str, float]]:
        """The evidence for a name `text[start:end]` as named figures; their weights stand in the pack."""
        rules, name = self.rules, text[start:end]
        out: list[tuple[str, float]] = [("one", 1.0)]
        if end == limit:
            out.append(("hard_end", 1.0))
        elif rules.strong.match(text, end, limit):
            out.append(("strong_follow", 1.0))
        elif rules.weak.match(text, end, limit):
            out.append(("weak_follow", 1.0))
        for inside in range(start + 1, end):
            found = rules.strong.match(text, inside, limit)
            if found:
                out.append(("strong_inside", 1.0))
                break
        seldom = sum(char in rules.seldom for char in name)
        if seldom:
            out.append(("seldom_inside", float(seldom)))
        if rules.lexicon.row("person", name):
            out.append(("listed", 1.0))
        length = len(name)
        here = self.page.count(name) - 1
        if here > 0 and length > 1:
            out.append(("again", min(here, 4) / 2))
            if end < limit and self.page.count(text[start : end + 1]) == here + 1:
                out.append(("again_longer", 1.0))
        out.extend(self._made_of(name, length, origin))
        return out

    def _made_of(self, name: str, length: int, origin: str) -> list[tuple[str, float]]:
        rules = self.rules
        out: list[tuple[str, float]] = []
        sounds = sum(char in rules.sounds for char in name) / length
        if origin == "other":
            out.append(("sounds", sounds))
            if sounds == 1.0:
                out.append(("all_sounds", 1.0))
            out.append(("other_length", float(length)))
            if name[0] in rules.not_initial:
                out.append(("bad_initial", 1.0))
            if length < 2 or length > 7:
                out.append(("odd_length", 1.0))
            return out
        origins = ("zh", "vi", "ko", "ja") if origin == "any" else (origin,)
        fit = 0.0
        for one in origins:
            low, high = rules.lengths[one]
            surname = max((n for n in (4, 3, 2, 1) if n < length and name[:n] in rules.surnames[one]), default=0)
            if surname:
                given = length - surname
                fit = max(fit, 1.0 if low <= given <= high else 0.0, 0.2 if given <= high + 1 else 0.0)
                if low <= given <= high:
                    marks = rules.given[one]
                    out.append(("given", sum(char in marks for char in name[surname:]) / given))
                    if given == 2:
                        out.append(("full_given", 1.0))
                    break
        out.append(("surname", fit))
        if origin == "any" and sounds == 1.0 and length <= 6:
            out.append(("any_sounds", 1.0))
        if fit == 0.0:
            out.append(("no_surname", 1.0))
            out.append(("other_length", float(length)))
        return out

    def carry(self, text: str, taken: Sequence[tuple[int, int]]) -> list[NameFound]:
        """All mentions of the names learnt so far, and of their short forms, that overlap nothing taken."""
        forms: dict[str, str] = {}
        for name in sorted(self.known, key=len, reverse=True):
            forms.setdefault(name, name)
        for name in list(forms):
            for short in self._short(name):
                if short not in forms and self.page.count(short) > self.page.count(name):
                    forms[short] = name
        self._longest_of(forms)
        if not forms:
            return []
        pattern = re.compile("|".join(re.escape(f) for f in sorted(forms, key=lambda f: (-len(f), f))))
        busy = sorted(taken)
        out: list[NameFound] = []
        at = 0
        for found in pattern.finditer(text):
            while at < len(busy) and busy[at][1] <= found.start():
                at += 1
            if at < len(busy) and busy[at][0] < found.end():
                continue
            full = forms[found.group()]
            country, score = self.known[full]
            out.append(NameFound(found.start(), found.end(), full, country, score))
        return out

    def full_form(self, name: str) -> str:
        """The fullest form that the page gives for `name`."""
        for other in self.known:
            if len(other) > len(name) and name in self._short(other):
                return other
        return name

    def _longest_of(self, forms: dict[str, str]) -> None:
        """A name that is the short form of another points to that one."""
        for name in list(forms):
            for other in self.known:
                if len(other) > len(name) and name in self._short(other):
                    forms[name] = other
                    break

    def _short(self, name: str) -> list[str]:
        if _DOT in name:
            parts = name.split(_DOT)
            return [part for part in (parts[-1], parts[0]) if len(part) >= 2] + (
                [_DOT.join(parts[1:])] if len(parts) > 2 else []
            )
        country = self.known.get(name, (None, 0.0))[0]
        origin = self.rules.origin(country)
        if origin in self.rules.short_origins and len(name) >= 3:
            surnames = self.rules.surnames[origin]
            return [name[:n] for n in (4, 3, 2) if n < len(name) and name[:n] in surnames][:1]
        return []


def _characters(text: str) -> frozenset[str]:
    return frozenset(text) - {"\n", " "}


def _words(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) + ")"
