"""Where does a name end: persons' names that no list holds, scored by what stands around them.

Evidence: the post in front, the words that follow, what names of an origin are made of, and the same characters
elsewhere in the page. A name once found is carried to all its mentions in the page, and to its short forms.
What counts as evidence stands in nameevidence.py, its weights in the pack (weights.toml).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from dragoman.nameevidence import DOT, NameRules, Places, follows

__all__ = ["NameFinder", "NameFound", "NameRules", "Opening"]

#: The most that evidence on the page can say for a name: less than the list of persons.
_MOST = 4.0
#: What it says for a name that the last part of a listed name of its country is just this.
_LISTED = 2.0
#: A name is counted up to so many times.
_MANY = 5000


@dataclass(slots=True, unsafe_hash=True)  # as all that is made by the hundred a page: never changed, but not frozen
class NameFound:
    """A person's name where it stands. `full` is the fullest form that the page gives for it."""

    start: int
    end: int
    full: str
    country: str | None
    score: float


@dataclass(slots=True, unsafe_hash=True)
class Opening:
    """A place where a name is expected to begin: behind a post. `country` is that of the post, if known."""

    start: int
    limit: int
    country: str | None


@dataclass(frozen=True, slots=True)
class _Forms:
    """A matcher of all forms of the names known, and the full name of each form."""

    matcher: AhoCorasick
    full: list[str]


class NameFinder:
    """Finds the names of one page."""

    def __init__(self, rules: NameRules, page: str) -> None:
        self.rules = rules
        self.page = page
        self.page_places = Places(page)
        self.known: dict[str, tuple[str | None, float]] = {}
        self.sizes: set[int] = set()  # the lengths of the known names
        self.faint: dict[str, dict[str, float]] = {}
        self._carried: tuple[int, _Forms | None] = (-1, None)

    def learn(self, openings: Iterable[Opening], text: str) -> list[NameFound]:
        """Names behind posts; each is remembered for `carry`."""
        found = []
        for opening in openings:
            name = self._behind(opening, text)
            if name is not None:
                found.append(name)
                self.remember(name)
        return found

    def framed(self, text: str, start: int, end: int, others: Sequence[tuple[int, int]]) -> None:
        """Remember the names in frames of words that only a name fills; `others` are words that no name contains."""
        for frame in self.rules.frames:
            for found in frame.finditer(text, start, end):
                a, b = found.span("name")
                if DOT in found["name"] or not any(first < b and a < last for first, last in others):
                    self.remember(NameFound(a, b, text[a:b], None, _MOST))

    def dotted_in(self, text: str, start: int, end: int, blocked: Sequence[tuple[int, int]]) -> list[NameFound]:
        """Names with a dot inside, wherever they stand in `text[start:end]`."""
        out = []
        for a, b in self._dotted_runs(text, start, end):
            cut = self._trim(text, a, b, blocked)
            if cut is not None and cut[1] - cut[0] >= 4:
                out.append(NameFound(*cut, text[cut[0] : cut[1]], None, 2.0))
        return out

    def _dotted_runs(self, text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
        """Stretches with dots, each of one name: a part between dots that no name could have lies between two names."""
        sounds = self.rules.sounds
        for found in self.rules.dotted.finditer(text, start, end):
            begin, stop = found.span()
            dots = [at for at in range(begin, stop) if text[at] == DOT]
            for one, next_one in pairwise(dots):
                if not all(char in sounds or char == "-" for char in text[one + 1 : next_one]):
                    yield begin, next_one
                    begin = one + 1
            yield begin, stop

    def know(self, name: str, country: str | None, score: float) -> None:
        """Keep a name that a list gives, unless it is known already."""
        self.known.setdefault(name, (country, score))
        self.sizes.add(len(name))

    def remember(self, name: NameFound) -> None:
        """Keep a name for `carry`; the better founded telling of its country wins."""
        before = self.known.get(name.full)
        if before is None or before[1] < name.score or (before[0] is None and name.country):
            self.known[name.full] = (name.country or (before[0] if before else None), name.score)
            self.sizes.add(len(name.full))

    def _trim(self, text: str, start: int, end: int, blocked: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
        """Cut a dotted run at both sides to what can be part of a name."""
        first, last = text.index(DOT, start, end), text.rindex(DOT, start, end)
        limit = end
        for stop_start, stop_end in blocked:
            if start <= stop_start < first and stop_end <= first:
                start = stop_end
            if last + 1 < stop_start < limit:
                limit = stop_start
        heads = self.heads(text, start, first)
        if not heads:
            return None
        score = self.rules.score
        left = max((score(self.rules.head(text, at, first)), -at) for at in heads)
        best = self._scored(text, last + 1, limit, "other", 1, "d")
        return -left[1], self._hyphened(text, best[0] if best else last + 1, limit)

    def heads(self, text: str, start: int, dot: int) -> list[int]:
        """Where a name whose first part ends at `dot` may begin."""
        rules, at, out = self.rules, dot, []
        start = max([start, *(text.find(kin, start, dot) + len(kin) for kin in rules.kin if kin in text[start:dot])])
        while at > start and (text[at - 1] in rules.sounds or text[at - 1] == "-"):
            at -= 1
            if text[at] not in rules.not_initial and text[at] != "-":
                out.append(at)
        return out

    def _behind(self, opening: Opening, text: str) -> NameFound | None:
        start = opening.start
        run = self.rules.han.match(text, start, opening.limit)
        if run is None or follows(self.rules.strong, text, start, opening.limit) or text[start] in self.rules.never:
            return None
        if text[start] in self.rules.seldom and self._listed(text, start + 1, opening.limit):
            return None
        dotted = self.rules.dotted.match(text, start, opening.limit)
        if dotted is not None:
            head = text[start : text.index(DOT, start)]
            if len(head) <= 8 and all(char in self.rules.sounds or char == "-" for char in head):
                best = self._scored(text, text.rindex(DOT, start, dotted.end()) + 1, dotted.end(), "other", 1, "d")
                if best is not None:
                    end = self._hyphened(text, best[0], dotted.end())
                    return NameFound(start, end, text[start:end], opening.country, 3.0)
        origin = self.rules.origin(opening.country)
        best = self._scored(text, start, run.end(), origin, 2, "p")
        if best is None or best[1] < self.rules.thresholds["post"]:
            listed = self.rules.last_parts.get(opening.country or "", ())
            ends = [end for end in self.ends(text, start, run.end(), 2) if text[start:end] in listed]
            return NameFound(start, ends[-1], text[start : ends[-1]], opening.country, _LISTED) if ends else None
        return NameFound(start, best[0], text[start : best[0]], opening.country, min(best[1], _MOST))

    def _listed(self, text: str, start: int, limit: int) -> bool:
        """Whether a person of the list stands at `start`."""
        return any(
            text[start:end] in self.rules.listed for end in range(start + 2, min(limit, start + self.rules.longest) + 1)
        )

    def _hyphened(self, text: str, end: int, limit: int) -> int:
        """The end of a name that goes on behind a hyphen: with sounds, as far as it makes the best name."""
        while text[end : end + 1] == "-" and text[end + 1 : end + 2] in self.rules.sounds:
            best = self._scored(text, end + 1, limit, "other", 1, "d")
            if best is None:
                break
            end = best[0]
        return end

    def _scored(
        self, text: str, start: int, limit: int, origin: str, least: int, kind: str, left: float | None = None
    ) -> tuple[int, float] | None:
        """The best end for a name that begins at `start`, with its score; `left` is what stands before it says."""
        rules = self.rules
        best: tuple[int, float] | None = None
        if left is None:
            left = rules.score(rules.left(text, start, kind, origin))
        for end in self.ends(text, start, limit, least):
            score = left + rules.score(rules.rest(text, start, end, limit, origin, kind, self.page_places))
            if best is None or score > best[1]:
                best = (end, score)
        return best

    def ends(self, text: str, start: int, limit: int, least: int) -> Iterable[int]:
        """Where a name that begins at `start` may end: after at least `least` characters, before one no name has."""
        stop = min(limit, start + self.rules.longest)
        for at in range(start, stop):
            if text[at] in self.rules.never or (at >= start + least and follows(self.rules.long, text, at, len(text))):
                stop = at
                break
        return range(start + least, stop + 1)

    def free_in(
        self, text: str, start: int, end: int, words: Sequence[tuple[int, int]], behind: Set[int]
    ) -> list[NameFound]:
        """Names in `text[start:end]` that no post announces; `words` are the stretches known to be something else,
        `behind` the places behind posts, which have been looked at."""
        out: list[NameFound] = []
        reach, thresholds = start, self.rules.thresholds
        named = {b for a, b in words if text[a:b] in self.known}
        for opening in self.places(text, start, end, words, behind):
            at = opening.start
            if at < reach:
                continue
            listed = self._beside(text, at, named)
            left = self.rules.score(self.rules.left(text, at, "f", "any"))
            if left < thresholds["glance"] and not listed:  # nineteen in twenty are not worth a closer look
                continue
            best = self._scored(text, at, opening.limit, "any", 2, "f", left)
            if best is None:
                continue
            name, score = text[at : best[0]], best[1] + (thresholds["beside"] if listed else 0.0)
            if score < thresholds["free"]:
                score = self._again(name, best[1], text[best[0] : best[0] + 1])
            if score >= thresholds["free"]:
                out.append(NameFound(at, best[0], name, None, min(score, _MOST)))
                named.add(best[0])
                reach = best[0]
        return out

    def _beside(self, text: str, start: int, named: Set[int]) -> bool:
        """Whether another name ends right before `start`, but for a conjunction: names come in lists."""
        for word in self.rules.joining if named else ():
            if start - len(word) in named and text.endswith(word, 0, start):
                return True
        return False

    def _again(self, name: str, score: float, after: str) -> float:
        """The score of a name too weakly founded at one place, from all the different surroundings seen so far."""
        seen = self.faint.setdefault(name, {})
        seen[after] = max(score, seen.get(after, score))
        return sum(score - self.rules.thresholds["doubt"] for score in seen.values()) if len(seen) > 1 else score

    def places(
        self, text: str, start: int, end: int, words: Sequence[tuple[int, int]], behind: Set[int]
    ) -> Iterable[Opening]:
        """Places where a name without a post could begin: at a surname or a sound, behind the end of another word."""
        rules = self.rules
        first, before, common = rules.first, rules.before, rules.common
        covered = {at for a, b in words for at in range(a, b)}.union(behind)
        starts, ends = sorted([a for a, _ in words]), {b for _, b in words}
        for run in rules.han.finditer(text, start, end):
            begin, stop = run.span()
            for position in [at for at in range(begin, stop - 1) if text[at] in first and at not in covered]:
                if not (
                    position in ends
                    or position == begin
                    or text[position - 1] in before
                    or text[position - 2 : position] in common
                    or text.endswith(rules.kin, 0, position)
                ):
                    continue
                if not self._begins(text, position):
                    continue
                following = bisect_right(starts, position)
                limit = min(stop, starts[following]) if following < len(starts) else stop
                if limit - position > 1 and not follows(rules.strong, text, position, limit):
                    yield Opening(position, limit, None)

    def _begins(self, text: str, position: int) -> bool:
        """Whether a name can begin with the characters at `position`, the first of which is one of `first`."""
        rules, char, two = self.rules, text[position], text[position : position + 2]
        if char in rules.any_surname or two in rules.any_surname:
            return True
        return char in rules.sounds and char not in rules.not_initial and two[-1] in rules.sounds

    def carry(self, text: str, taken: Sequence[tuple[int, int]]) -> list[NameFound]:
        """All mentions of the names learnt so far, and of their short forms, that overlap nothing taken."""
        if self._carried[0] != len(self.known):
            self._carried = (len(self.known), self._forms() if self.known else None)
        forms = self._carried[1]
        if forms is None:
            return []
        busy = sorted(taken)
        out: list[NameFound] = []
        at = 0
        for index, start, end in forms.matcher.find_matches_as_indexes(text):
            while at < len(busy) and busy[at][1] <= start:
                at += 1
            if at < len(busy) and busy[at][0] < end:
                continue
            if end - start == 2 and self._crossed(text, start):
                continue
            full = forms.full[index]
            country, score = self.known[full]
            out.append(NameFound(start, end, full, country, score))
        return out

    def _crossed(self, text: str, start: int) -> bool:
        """Whether the two characters of a short name rather are the end of one word and the beginning of another."""
        rules = self.rules
        end = start + 2
        if not any(text[at : at + 2] in rules.common for at in (start - 1, start + 1)):
            return False
        if follows(rules.strong, text, end, len(text)):
            return False
        keys = rules.left(text, start, "f", "any")
        keys += rules.rest(text, start, end, len(text), "any", "f", self.page_places)
        return rules.score(keys) < rules.thresholds["doubt"]

    def _forms(self) -> _Forms:
        """All forms of the known names; made anew when a name has come in."""
        count = self.page_places.count
        forms = {name: name for name in self.known}
        first: dict[str, str] = {}  # the first name that has this short form
        shorts = {name: self._short(name) for name in self.known}
        for name, found in shorts.items():
            for short in found:
                first.setdefault(short, name)
        for name in sorted(self.known, key=len, reverse=True):
            for short in shorts[name]:
                if short not in forms and count(short, _MANY) > count(name, _MANY):
                    forms[short] = name
        forms = {form: first.get(form, name) for form, name in forms.items()}
        # for so few words the plainest automaton is made in a third of the time, and no slower
        matcher = AhoCorasick(
            list(forms), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.NoncontiguousNFA
        )
        return _Forms(matcher, list(forms.values()))

    def _short(self, name: str) -> list[str]:
        if DOT in name:
            parts = name.split(DOT)
            return [part for part in (parts[-1], parts[0]) if len(part) >= 2] + (
                [DOT.join(parts[1:])] if len(parts) > 2 else []
            )
        country = self.known.get(name, (None, 0.0))[0]
        origin = self.rules.origin(country)
        if origin in self.rules.short_origins and len(name) >= 3:
            surnames = self.rules.surnames[origin]
            return [name[:n] for n in (4, 3, 2) if n < len(name) and name[:n] in surnames][:1]
        return []
