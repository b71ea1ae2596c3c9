"""Figures about the relations of two sides: trade, investment, aid, people, ranks and targets, by the rules of
facts/indicator.toml. A figure without its two sides, or without a value, rank or change, is not written down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dragoman.actors import Actor
from dragoman.context import Context
from dragoman.match import Match, Squeezed, TriggerIndex, squeeze
from dragoman.mentions import Sentence
from dragoman.pack import Pack

Row = tuple[str, dict[str, Any], list[tuple[int, int]], str]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that has been told, as far as the next one may lean on it."""

    name: str
    pair: tuple[str, str]
    paragraph: int


class IndicatorReader:
    """Applies the indicator rules of a pack to the sentences of an item."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.rules = TriggerIndex([rule for rule in pack.facts if rule.makes == "indicator"])

    def read(self, context: Context) -> Iterator[Row]:
        """The indicators of an item in text order, each once."""
        seen: set[str] = set()
        told: list[Figure] = []
        for sentence in context.sentences:
            matches = self._matches(context, sentence)
            if not matches:
                continue
            told = [figure for figure in told if figure.paragraph == sentence.paragraph]
            for row in self._rows(context, sentence, matches, told):
                key = repr(sorted(row[1].items(), key=str))
                if key not in seen:
                    seen.add(key)
                    yield row

    def _matches(self, context: Context, sentence: Sentence) -> list[tuple[Squeezed, Match]]:
        """What the rules find in a sentence, those that name both sides first; no two of them tell one figure."""
        if not self.rules.triggers.within(sentence.folded):
            return []
        # "the third largest partner in Europe" is read here as words
        mentions = [m for m in sentence.mentions if m.type not in ("Level", "Venue")]
        squeezed = squeeze(context.text, sentence.start, sentence.end, mentions, self.pack.types, self.pack.transparent)
        found: list[Match] = []
        for rule in self.rules.candidates(squeezed):
            for match in rule.matches(squeezed, self.pack.types):
                if not any(_spans(match) & _spans(other) for other in found):
                    found.append(match)
        found.sort(key=lambda match: (self._sides_told(match) is None, match.start))
        return [(squeezed, match) for match in found]

    def _rows(
        self, context: Context, sentence: Sentence, matches: Sequence[tuple[Squeezed, Match]], told: list[Figure]
    ) -> Iterator[Row]:
        for squeezed, match in matches:
            options = match.rule.options
            pair = self._pair(context, sentence, match, told)
            if pair is None:
                continue
            for value, unit, rank, change, at in self._figures(squeezed, match):
                fields = {
                    "name": options["name_of"], "country": pair[0], "partner": pair[1], "value": value, "unit": unit,
                    "period": self._period(context, sentence, at, rank is not None), "rank": rank, "change": change,
                }  # fmt: skip
                told.append(Figure(options["name_of"], pair, sentence.paragraph))
                yield "indicator", fields, [(sentence.start, sentence.end)], match.rule.name

    def _figures(
        self, squeezed: Squeezed, match: Match
    ) -> Iterator[tuple[Any, str | None, int | None, str | None, int]]:
        """Value, unit, rank, change and place of each figure that a match tells."""
        for mention in match.roles.get("value", []):
            yield *mention.value, None, None, mention.start
        for mention in match.roles.get("count", []):
            if mention.value[1] == "people":
                yield *mention.value, None, None, mention.start
        if "rank" in match.texts or "top" in match.texts:
            a, b = match.texts.get("rank") or match.texts["top"]
            read = self.pack.numbers.value(squeezed.text[a:b]) if "rank" in match.texts else None
            yield None, None, int(read) if read is not None else 1, None, squeezed.span(a, b)[0]
        if "change" in match.texts:
            a, b = match.texts["change"]
            times = self.pack.numbers.times(squeezed.text[a:b])
            if times is not None:
                yield None, None, None, f"x{times}", squeezed.span(a, b)[0]

    def _period(self, context: Context, sentence: Sentence, at: int, rank: bool) -> str | None:
        """The time told last before a figure; a rank takes only one of its own clause."""
        times = [t for t in sentence.times if t.kind in ("date", "range") and t.start <= at]
        if rank:
            times = [t for t in times if "," not in context.text[t.end + 1 : at]]
        for time in reversed(times):
            value = context.resolved.get(time.start)
            if value is not None and value.start:
                return value.start if value.start == value.end else value.edtf
        return None

    def _sides_told(self, match: Match) -> tuple[str, str] | None:
        """The two sides, if the match names both."""
        builder = self.pack.builder
        pair = [m.country for m in builder.countries(match.roles.get("pair", [])) if m.country]
        if len(pair) == 2:
            return pair[0], pair[1]
        first = [m.country for m in builder.countries(match.roles.get("of", [])) if m.country]
        second = [m.country for m in builder.countries(match.roles.get("with", [])) if m.country]
        return (first[0], second[0]) if first and second and first[0] != second[0] else None

    def _pair(
        self, context: Context, sentence: Sentence, match: Match, told: Sequence[Figure]
    ) -> tuple[str, str] | None:
        """The two sides of a figure: told in the rule, else those of the figure before, else of the item."""
        sides = self._sides_told(match)
        builder = self.pack.builder
        named = {role: builder.countries(match.roles.get(role, [])) for role in ("pair", "of", "with")}
        follows = match.rule.options.get("follows")
        if sides is not None or len(named["pair"]) > 2:
            return sides
        if follows:
            return told[-1].pair if told and told[-1].name == follows else None
        if named["of"] and named["with"]:
            return None
        pair = told[-1].pair if told else self._here(sentence) or context.pair(sentence)
        pair = pair or self._sides(context, sentence)
        if pair is None:
            return None
        for role in ("of", "with"):
            if named[role]:
                code = named[role][0].country
                if code not in pair or code is None:
                    return None
                other = pair[1] if pair[0] == code else pair[0]
                return (code, other) if role == "of" else (other, code)
        return pair

    def _here(self, sentence: Sentence) -> tuple[str, str] | None:
        """The only two countries that a sentence names."""
        words = [m.value for m in sentence.mentions if m.type == "Country" and isinstance(m.value, dict)]
        found = list(dict.fromkeys(word["code"] for word in words if word["code"]))
        return (found[0], found[1]) if len(found) == 2 else None

    def _sides(self, context: Context, sentence: Sentence) -> tuple[str, str] | None:
        """The only two countries whose people, bodies or names the item has told up to a sentence."""
        codes: dict[str, None] = {}
        for other in context.sentences:
            if other.start > sentence.start:
                break
            for mention in other.mentions:
                value = mention.value
                code = value.country if isinstance(value, Actor) else None
                if code is None and mention.type == "Country":
                    code = value["code"]
                if code:
                    codes.setdefault(code)
            if len(codes) > 2:
                return None
        found = list(codes)
        return (found[0], found[1]) if len(found) == 2 else None


def _spans(match: Match) -> set[int]:
    """Where in the squeezed sentence the figures of a match stand."""
    return {at for name in _FIGURES if name in match.texts for at in range(*match.texts[name])}


_FIGURES = ("value", "count", "rank", "top", "change")
