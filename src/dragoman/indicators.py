"""Figures about the relations of two sides: trade, investment, aid, people, ranks and targets, by the rules of
facts/indicator.toml. A figure without its two sides, or without a value, rank or change, is not written down.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dragoman.actors import Actor
from dragoman.match import Match, Squeezed, squeeze
from dragoman.mentions import Sentence
from dragoman.pack import Pack
from dragoman.refer import Context

Row = tuple[str, dict[str, Any], list[tuple[int, int]], str]


class IndicatorReader:
    """Applies the indicator rules of a pack to the sentences of an item."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.rules = [rule for rule in pack.facts if rule.makes == "indicator"]

    def read(self, context: Context) -> Iterator[Row]:
        """The indicators of an item in text order, each once."""
        seen: set[str] = set()
        for sentence in context.sentences:
            for row in self._sentence(context, sentence):
                key = repr(sorted(row[1].items(), key=str))
                if key not in seen:
                    seen.add(key)
                    yield row

    def _sentence(self, context: Context, sentence: Sentence) -> Iterator[Row]:
        squeezed: Squeezed | None = None
        taken: list[tuple[int, int]] = []
        for rule in self.rules:
            if not any(trigger in sentence.folded for trigger in rule.triggers):
                continue
            if squeezed is None:
                squeezed = squeeze(
                    context.text, sentence.start, sentence.end, sentence.mentions, self.pack.types, self.pack.transparent
                )
            for match in rule.matches(squeezed, self.pack.types):
                if any(match.start < b and a < match.end for a, b in taken):
                    continue
                pair = self._pair(context, sentence, match)
                figure = self._figure(context, sentence, squeezed, match)
                if pair is None or figure is None:
                    continue
                taken.append((match.start, match.end))
                fields = {"name": rule.options["name_of"], "country": pair[0], "partner": pair[1], **figure}
                yield "indicator", fields, [(sentence.start, sentence.end)], rule.name

    def _figure(
        self, context: Context, sentence: Sentence, squeezed: Squeezed, match: Match
    ) -> dict[str, Any] | None:
        value: Any = None
        unit: str | None = None
        rank: int | None = None
        change: str | None = None
        for mention in [*match.roles.get("value", []), *match.roles.get("count", [])]:
            value, unit = mention.value
        if "count" in match.roles and unit != "people":
            return None
        if "rank" in match.texts:
            a, b = match.texts["rank"]
            read = self.pack.numbers.value(squeezed.text[a:b])
            rank = int(read) if read is not None else 1
        elif "top" in match.texts:
            rank = 1
        if "change" in match.texts:
            a, b = match.texts["change"]
            times = self.pack.numbers.times(squeezed.text[a:b])
            change = f"x{times}" if times is not None else None
        if value is None and rank is None and change is None:
            return None
        a = squeezed.span(match.start, match.end)[0]
        figure = max((squeezed.span(*match.texts[name])[0] for name in _FIGURES if name in match.texts), default=a)
        period = self._period(context, sentence, figure, point=rank is None)
        return {"value": value, "unit": unit, "period": period, "rank": rank, "change": change}

    def _period(self, context: Context, sentence: Sentence, at: int, *, point: bool) -> str | None:
        """The time told last before a figure. A rank holds for no one day, so that a duration before it is none."""
        times = [t for t in sentence.times if t.kind in ("date", "range") and t.start <= at]
        for time in reversed(times):
            value = context.resolved.get(time.start)
            if value is not None and value.start:
                return value.start if value.start == value.end else value.edtf
        return None

    def _pair(self, context: Context, sentence: Sentence, match: Match) -> tuple[str, str] | None:
        """The two sides of a figure: told in the rule, else the pair that the item speaks of."""
        builder = self.pack.builder
        told = [m.country for m in builder.countries(match.roles.get("pair", [])) if m.country]
        if len(told) == 2:
            return told[0], told[1]
        if len(told) > 2:
            return None
        first = [m.country for m in builder.countries(match.roles.get("of", [])) if m.country]
        second = [m.country for m in builder.countries(match.roles.get("with", [])) if m.country]
        if first and second:
            return (first[0], second[0]) if first[0] != second[0] else None
        pair = context.pair(sentence) or self._sides(context, sentence)
        if pair is None:
            return None
        if first:
            return (first[0], pair[1] if pair[0] == first[0] else pair[0]) if first[0] in pair else None
        if second:
            return (pair[1] if pair[0] == second[0] else pair[0], second[0]) if second[0] in pair else None
        return pair

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
        found = list(codes)
        return (found[0], found[1]) if len(found) == 2 else None


_FIGURES = ("value", "count", "rank", "top", "change")
