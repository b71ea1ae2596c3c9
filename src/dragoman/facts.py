"""Facts beside events: who said what, which figures are given for two sides, who held which post."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dragoman.actors import Actor
from dragoman.match import Match, Mention, Squeezed, squeeze
from dragoman.mentions import Sentence
from dragoman.pack import Pack
from dragoman.refer import Context

Row = tuple[str, dict[str, Any], list[tuple[int, int]], str]


class FactReader:
    """Applies the fact rules of a pack to the sentences of an item."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.statements = [rule for rule in pack.facts if rule.makes == "statement"]
        self.indicators = [rule for rule in pack.facts if rule.makes == "indicator"]
        self.open, self.close = pack.refer["quotes"]["open"], pack.refer["quotes"]["close"]

    def read(self, context: Context) -> Iterator[Row]:
        """Statements and indicators in text order, then posts, each once."""
        last: Mention | None = None
        seen: set[str] = set()
        for sentence in context.sentences:
            squeezed = squeeze(
                context.text, sentence.start, sentence.end, sentence.mentions, self.pack.types, self.pack.transparent
            )
            for row in self._statements(context, sentence, squeezed, last):
                yield row
            for row in self._indicators(context, sentence, squeezed):
                key = repr(sorted(row[1].items(), key=str))
                if key not in seen:
                    seen.add(key)
                    yield row
            last = next((m for m in sentence.mentions if m.type == "Person"), last)
        yield from self._posts(context)

    def _statements(
        self, context: Context, sentence: Sentence, squeezed: Squeezed, last: Mention | None
    ) -> Iterator[Row]:
        end = -1
        for rule in self.statements:
            if not any(trigger in squeezed.text for trigger in rule.triggers):
                continue
            for match in rule.matches(squeezed, self.pack.types):
                if match.start < end:
                    continue
                speakers = match.roles.get("speaker") or ([last] if last and "carry" in rule.options else [])
                for speaker in speakers:
                    actor = speaker.value
                    if not isinstance(actor, Actor) or actor.name is None:
                        actor = self._named(context, speaker, sentence)
                    if actor is None:
                        continue
                    end = match.end
                    start, stop = self._said(squeezed, match, sentence)
                    words = context.text_of(start, stop)
                    yield (
                        "statement",
                        {
                            "speaker": actor.name,
                            "country": actor.country or context.register.country(actor.name) or context.item.home,
                            "quote": self.open in words,
                            "text": words.strip(),
                        },
                        [(sentence.start, sentence.end)],
                        rule.name,
                    )

    def _said(self, squeezed: Squeezed, match: Match, sentence: Sentence) -> tuple[int, int]:
        start = squeezed.span(match.start, match.end)[1]
        return (start, sentence.end) if start < sentence.end else (sentence.start, sentence.end)

    def _named(self, context: Context, mention: Mention, sentence: Sentence) -> Actor | None:
        """The person that a pronoun or bare post stands for."""
        value = mention.value
        if isinstance(value, Actor) and value.rank and value.country:
            person = context.register.holder(value.rank, value.country, mention.end)
            if person is not None:
                return Actor(person.name, "person", context.register.country(person.name))
        return None

    def _indicators(self, context: Context, sentence: Sentence, squeezed: Squeezed) -> Iterator[Row]:
        taken: list[tuple[int, int]] = []
        for rule in self.indicators:
            if not any(trigger in squeezed.text for trigger in rule.triggers):
                continue
            for match in rule.matches(squeezed, self.pack.types):
                if any(match.start < b and a < match.end for a, b in taken):
                    continue
                pair = self._pair(context, sentence, match)
                if pair is None:
                    continue
                taken.append((match.start, match.end))
                fields = self._figure(context, sentence, squeezed, match)
                if fields is not None:
                    yield (
                        "indicator",
                        {"name": match.rule.options["name_of"], "country": pair[0], "partner": pair[1], **fields},
                        [(sentence.start, sentence.end)],
                        rule.name,
                    )

    def _figure(
        self, context: Context, sentence: Sentence, squeezed: Squeezed, match: Match
    ) -> dict[str, Any] | None:
        value: Any = None
        unit: str | None = None
        for mention in [*match.roles.get("value", []), *match.roles.get("count", [])]:
            value, unit = mention.value
        rank: int | None = match.rule.options.get("rank")
        if "rank" in match.texts:
            a, b = match.texts["rank"]
            read = self.pack.numbers.value(squeezed.text[a:b])
            rank = int(read) if read is not None else None
        change = None
        if "change" in match.texts:
            a, b = squeezed.span(*match.texts["change"])
            change = context.text_of(a, b)
        if value is None and rank is None and change is None:
            return None
        at = squeezed.span(match.start, match.end)[0]
        return {"value": value, "unit": unit, "period": self._period(context, sentence, at), "rank": rank, "change": change}

    def _period(self, context: Context, sentence: Sentence, at: int) -> str | None:
        times = [t for t in sentence.times if t.kind in ("date", "range") and t.start <= at + 12]
        for time in reversed(times):
            value = context.resolved.get(time.start)
            if value is not None and value.start:
                return value.start if value.start == value.end else value.edtf
        return None

    def _pair(self, context: Context, sentence: Sentence, match: Match) -> tuple[str, str] | None:
        """The two sides of a figure: told in the rule, else the pair that the item speaks of."""
        builder = self.pack.builder
        told = [m.country for m in builder.countries(match.roles.get("pair", [])) if m.country]
        if len(told) >= 2:
            return told[0], told[1]
        first = [m.country for m in builder.countries(match.roles.get("of", [])) if m.country]
        second = [m.country for m in builder.countries(match.roles.get("with", [])) if m.country]
        if first and second and first[0] != second[0]:
            return first[0], second[0]
        pair = context.pair(sentence)
        if pair is None:
            return None
        if first and first[0] in pair:
            return first[0], pair[1] if pair[0] == first[0] else pair[0]
        if second and second[0] in pair:
            return (pair[1] if pair[0] == second[0] else pair[0]), second[0]
        return pair if not first and not second else None

    def _posts(self, context: Context) -> Iterator[Row]:
        for person in context.register.persons.values():
            for post, (_, start, end) in person.posts.items():
                yield (
                    "post",
                    {"person": person.name, "post": post, "country": context.register.country(person.name) or context.item.home},
                    [(start, end)],
                    "post",
                )

