"""`dragoman gaps`: the words of events that nobody read, counted over a corpus with samples and the reason. It is the
work list of whoever improves a pack.

A word counts if it is a trigger of two characters or more that can stand in the part of a rule that holds the event, or
if it is a noun of an event (a conference, an instrument) that no rule took up. Where no pattern matches, it counts only
in sentences that name two sides: the others tell of nothing between states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from dragoman.actors import Actor
from dragoman.article import Article
from dragoman.layout import lay_out
from dragoman.match import Mention, Rule
from dragoman.model import Reading
from dragoman.pack import Pack
from dragoman.reading import document_line
from dragoman.spelling import can_occur
from dragoman.trace import Attempt, ItemTrace, trace

NO_PATTERN = "no pattern matches"
SAMPLES = 3  # kept for each word and reason
BEFORE, BEHIND = 30, 30  # characters of a sample around the word


@dataclass(slots=True)
class Gap:
    """A word that was not read, for one reason: how often, and where."""

    word: str
    reason: str
    count: int = 0
    samples: list[tuple[str, int, str]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """One line of JSON."""
        return asdict(self)

    def __str__(self) -> str:
        head = f"{self.count:>6}  {self.word}  {self.reason}"
        return "\n".join([head, *(f"          {document}:{at}  {words}" for document, at, words in self.samples)])


def gaps(readings: Iterable[Reading]) -> Iterator[Gap]:
    """The words that were not read in a corpus, the most frequent first. The readings are those of `unread`."""
    found: dict[tuple[str, str], Gap] = {}
    for reading in readings:
        text = reading.document["text"]
        for _, offset, word, reason in reading.unread:
            gap = found.setdefault((word, reason), Gap(word, reason))
            gap.count += 1
            if len(gap.samples) < SAMPLES and all(sample[0] != reading.document["document"] for sample in gap.samples):
                around = " ".join(text[max(0, offset - BEFORE) : offset + len(word) + BEHIND].split())
                gap.samples.append((reading.document["document"], offset, around))
    yield from sorted(found.values(), key=lambda gap: (-gap.count, gap.word, gap.reason))


def unread(article: Article, pack: Pack) -> Reading:
    """A reading that holds only what was not read: item, offset, word, reason."""
    words = pack.reader(EventWords)
    layout = lay_out(article, pack.layout)
    reading = Reading(document_line(article, layout, pack), notes=list(layout.notes))
    for item in trace(article, pack):
        name = item.context.item.name
        reading.unread += [(name, offset, word, reason) for offset, word, reason in words.unread(item)]
    return reading


class EventWords:
    """The words that tell of events, by the rules of a pack, and what became of each in an item."""

    def __init__(self, pack: Pack) -> None:
        self.rules: dict[str, set[str]] = {}
        for rule in pack.events:
            for trigger in rule.triggers:
                if len(trigger) > 1 and trigger.isalpha() and _holds(rule, trigger):
                    self.rules.setdefault(trigger, set()).add(rule.name)
        self.words = list(self.rules)
        self.matcher = AhoCorasick(self.words, matchkind=MatchKind.LeftmostLongest) if self.words else None
        self.actors = pack.types.members("Actor")
        self.nouns = {rule.name: rule for rule in pack.nouns}

    def unread(self, item: ItemTrace) -> Iterator[tuple[int, str, str]]:
        """Offset, word and reason of all that was not read in an item, in text order."""
        for number, sentence in enumerate(item.context.sentences):
            attempts = item.of(number)
            found: list[tuple[int, str, str]] = []
            squeezed = item.squeezed(number)
            if self.matcher is not None:
                for index, a, b in self.matcher.find_matches_as_indexes(squeezed.text):
                    start, end = squeezed.span(a, b)
                    reason = self._reason(self.words[index], start, end, attempts)
                    if reason is not None and (reason != NO_PATTERN or self._two_sides(sentence.mentions)):
                        found.append((start, self.words[index], reason))
            for mention in sentence.mentions:
                rule = self.nouns.get(mention.rule)
                if rule is not None:
                    reason = _fate(mention.start, mention.end, attempts)
                    if reason is not None:
                        word = _head(rule, item.context.text_of(mention.start, mention.end))
                        told = reason if reason != NO_PATTERN else f"no event rule takes up the noun ({rule.name})"
                        found.append((mention.start, word, told))
            yield from sorted(found)

    def _reason(self, word: str, start: int, end: int, attempts: list[Attempt]) -> str | None:
        if any(a.accepted for a in _around(start, end, attempts)):
            return None
        return _fate(start, end, [a for a in attempts if a.rule.name in self.rules[word]])

    def _two_sides(self, mentions: Iterable[Mention]) -> bool:
        """Whether there are two actors, or one that stands for two."""
        named: set[object] = set()
        for mention in mentions:
            value = mention.value
            if mention.type in self.actors:
                if isinstance(value, Actor) and (value.members or value.count > 1):
                    return True
                named.add(value.country or value.name if isinstance(value, Actor) else value.get("code"))
        return len(named) > 1


def _holds(rule: Rule, trigger: str) -> bool:
    """Whether the trigger can stand in what holds the event, and not only beside it."""
    return can_occur(trigger, rule.regex.pattern, "core" if "core" in rule.slots else None)


def _around(start: int, end: int, attempts: list[Attempt]) -> list[Attempt]:
    return [a for a in attempts if a.span[0] < end and start < a.span[1]]


def _fate(start: int, end: int, attempts: list[Attempt]) -> str | None:
    """Why what stands there was not read, or None if it was: the attempt that came furthest decides."""
    near = _around(start, end, attempts)
    if any(a.accepted for a in near):
        return None
    for attempt in near:
        if attempt.refused:
            return f"refused: {attempt.refused[0]}"
    for attempt in near:
        if attempt.stopped:
            return attempt.stopped
    return NO_PATTERN


def _head(rule: Rule, words: str) -> str:
    """The word of a noun by which it was found: the last of its triggers in it."""
    inside = [trigger for trigger in rule.triggers if len(trigger) > 1 and trigger in words]
    return max(inside, key=lambda trigger: (words.rfind(trigger) + len(trigger), len(trigger)), default=rule.makes)
