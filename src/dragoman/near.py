"""Which time and place of a sentence are those of an event told in it, by where they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from dragoman.actors import Locality
from dragoman.match import Match, Mention, Squeezed
from dragoman.mentions import Sentence
from dragoman.nouns import Noun
from dragoman.pack import Pack
from dragoman.subject import SubjectFinder
from dragoman.timex import Point, TimeMention


def _any_of(words: Collection[str]) -> str:
    """A pattern of any of some words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


class NearFinder:
    """Finds the times and the place that the grammar around a reading gives, by the words of refer.toml."""

    def __init__(self, pack: Pack, subjects: SubjectFinder) -> None:
        self.pack = pack
        self.people, self.saying, self.clause = subjects.people, subjects.saying, subjects.clause
        going, since = pack.refer["going"], pack.refer["since"]
        country, place = pack.types.characters("Country"), pack.types.characters("Place")
        self.going = re.compile(f"(?:{_any_of(going['words'])})[{country}{place}]")
        self.come = re.compile(f"(?<![{''.join(going['elsewhere'])}])(?:{_any_of(going['come'])})[{country}]")
        self.not_yet = tuple(going["not_yet"])
        self.since = re.compile(_any_of(since["words"]))
        self.spread = re.compile(_any_of(since["spread"]))
        self.earlier = re.compile(since["earlier"])
        self.judging = re.compile(_any_of(pack.refer["subject"]["judging"]))
        self.announcing = frozenset(pack.refer["instrument"]["announcing"])

    def time(
        self,
        sentence: Sentence,
        start: int,
        a: int,
        b: int,
        announced: bool,
        told: int,
        nouns: Collection[Mention],
    ) -> tuple[TimeMention | None, bool, TimeMention | None, list[TimeMention]]:
        """The time that belongs to the event: inside the reading, else the last before it, else right behind it."""
        # the year in the name of a gathering dates no more than what bears it
        named = [m for m in sentence.mentions if isinstance(m.value, Noun) and m not in nouns]
        points = [
            t
            for t in sentence.times
            if t.kind in ("date", "range", "anaphor", "vague")
            and t.start >= told
            and not any(m.start <= t.start and t.end <= m.end for m in named)
            and not self.since.search(sentence.folded, *_within(t, sentence, a, self.pack.pause))
        ]
        for found in self.earlier.finditer(sentence.folded, 0, a - sentence.start):
            first, last = (sentence.start + at for at in found.span())
            points = [t for t in points if not first < t.start < last]
        durations = [t for t in sentence.times if t.kind == "duration"]
        inside = [t for t in points if start <= t.start < b]
        before = [t for t in points if t.end <= start]
        duration = next((t for t in durations if start - 8 <= t.start), None)
        if inside:
            near = [t for t in inside if t.start < a] or inside
            return near[-1], True, duration, points
        behind = [
            t
            for t in points
            if b <= t.start <= b + 8
            and not _only_year(t)
            and not self.clause.search(sentence.folded, b - sentence.start, t.start - sentence.start)
        ]
        apart = bool(before) and self.clause.search(
            sentence.folded, before[-1].end - sentence.start, max(start, a) - sentence.start
        )
        if behind and (not before or (apart and behind[0].start == b)):
            return behind[0], True, duration, points
        if before:
            spread = (
                apart
                and apart.start() > before[-1].end - sentence.start  # more than "on that day," stands there
                and self.spread.search(sentence.folded, start - sentence.start, b - sentence.start)
            )
            crossed = spread or self._crosses(before[-1].end, start, sentence, announced)
            return before[-1], not crossed, duration, points
        return None, False, duration, points

    def beside(self, time: TimeMention | None, others: Sequence[TimeMention], sentence: Sentence) -> list[TimeMention]:
        """The times of other occasions told side by side with a time ("in 2013 and in May 2015"): years or months, or
        days if it is said that there are several occasions."""
        found: list[TimeMention] = []
        for other in reversed([t for t in others if time is not None and t.end <= time.start]):
            last = found[0] if found else time
            between = sentence.folded[other.end - sentence.start : last.start - sentence.start] if last else ""
            if other.kind != "date" or between not in self.pack.sets["and"]:
                break
            found.insert(0, other)
        return found

    def judged(self, time: TimeMention, sentence: Sentence, start: int, verb: int, status: str) -> bool:
        """Whether a day in front of an event is that of blaming it, or of announcing what is still to come."""
        first, last = time.end - sentence.start, verb - sentence.start
        if time.end > start or last < first:
            return False
        said = status in ("planned", "proposed") and self.saying.search(sentence.folded, first, last)
        return bool(said or self.judging.search(sentence.folded, first, last))

    def _crosses(self, start: int, end: int, sentence: Sentence, announced: bool = False) -> bool:
        """Whether what stands between a time or place and an event keeps them apart: much text, a verb of saying, save
        one by which it is announced where announcing is doing it."""
        said = self.saying.findall(sentence.folded, start - sentence.start, end - sentence.start)
        return end - start > 60 or any(not announced or word not in self.announcing for word in said)

    def place(
        self, sentence: Sentence, squeezed: Squeezed, match: Match, places: Sequence[Mention], a: int, b: int
    ) -> Locality | None:
        if places:
            builder = self.pack.builder
            country = next((c for m in places if (c := builder.country_of(m))), None)
            named = [m for m in places if m.type == "Place"]
            text = named[-1].value["surface"] if named else ""
            return Locality(text, country)
        venues = [m for m in sentence.mentions if m.type == "Venue"]
        inside = [m for m in venues if a <= m.start < b]
        before = [m for m in venues if m.start < a and not self._crosses(m.end, a, sentence)]
        before = [m for m in before if not self._only_since(sentence, m.end, a)]
        for venue in [*inside, *before[-1:]]:
            value: Locality = venue.value
            return value
        gone = self._gone_to(squeezed, match.start, sentence)
        if gone is None and "receives" in match.rule.options:
            found = self.come.search(squeezed.text, match.start, match.end)
            mention = squeezed.mentions[found.end() - 1] if found else None
            gone = Locality("", self.pack.builder.country_of(mention)) if mention is not None else None
        return gone

    def _only_since(self, sentence: Sentence, start: int, end: int) -> bool:
        """Whether the clause of a place says since when something holds: the first since they met there."""
        stop = self.clause.search(sentence.folded, start - sentence.start, end - sentence.start)
        return self.since.search(sentence.folded, start - sentence.start, stop.start() if stop else 0) is not None

    def _gone_to(self, squeezed: Squeezed, position: int, sentence: Sentence) -> Locality | None:
        """The country or place that somebody is said to go to, earlier in the same sentence; the country alone if
        another day is told in between."""
        gone = [
            found.end()
            for found in self.going.finditer(squeezed.text, 0, position)
            if not squeezed.text.startswith(self.not_yet, found.end())
            and self.people.search(squeezed.text, 0, found.start())
        ]
        if not gone:
            return None
        mention = squeezed.mentions[gone[-1] - 1]
        country = self.pack.builder.country_of(mention) if mention is not None else None
        if mention is None or country is None:
            return None
        until = squeezed.span(position, position)[0]
        same_day = not any(mention.end <= t.start < until for t in sentence.times if t.kind in ("date", "range"))
        return Locality(mention.value["surface"] if mention.type == "Place" and same_day else "", country)


def _only_year(time: TimeMention) -> bool:
    """Whether a time is no more than a year: behind an event it tells of which year the next thing is."""
    point = time.value
    return isinstance(point, Point) and point == Point(year=point.year)


def _within(time: TimeMention, sentence: Sentence, event: int, pause: re.Pattern[str]) -> tuple[int, int]:
    """Where a time stands in its sentence, with what stands behind it in its clause, up to an event."""
    start, end = time.start - sentence.start, time.end - sentence.start
    clause = pause.search(sentence.folded, end)
    return start, max(end + 2, min(clause.start() if clause else end, end + 14, event - sentence.start))
