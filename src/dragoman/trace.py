"""What the event rules tried on a page and what came of it: the ground of `explain`, `gaps` and the executed examples.

Reads as reading.py does, with a reader that takes notes; the normal path pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dragoman.article import Article
from dragoman.context import Context, Event
from dragoman.events import Draft, EventReader
from dragoman.fold import fold
from dragoman.layout import lay_out
from dragoman.match import Match, Rule, Squeezed
from dragoman.mentions import Sentence
from dragoman.pack import Pack
from dragoman.reading import read_items


@dataclass(slots=True)
class Attempt:
    """One match of an event rule in a sentence, and what came of it.

    `span` is the match in the document's text; `stopped` says why no draft was made, `cue` which cue told the status,
    `refused` why the model did not accept the drafts; `events` are those that it gave, or to which it added somebody.
    """

    rule: Rule
    sentence: int
    span: tuple[int, int]
    drafts: list[Draft] = field(default_factory=list)
    stopped: str | None = None
    cue: str | None = None
    events: list[Event] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def joined(self) -> bool:
        """Whether the rule only adds somebody to events that other rules give."""
        return "joins" in self.rule.options

    @property
    def accepted(self) -> bool:
        """Whether the words were read: the match gave an event or added to one."""
        return bool(self.events)


@dataclass(slots=True)
class ItemTrace:
    """An item as it was read, and all attempts in it."""

    context: Context
    attempts: list[Attempt]

    def squeezed(self, number: int) -> Squeezed:
        """The sentence with this number as the rules saw it."""
        return self.context.sentences[number].squeezed

    def of(self, number: int) -> list[Attempt]:
        """The attempts in the sentence with this number."""
        return [attempt for attempt in self.attempts if attempt.sentence == number]


class TracingReader(EventReader):
    """An event reader that notes every attempt, item by item."""

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack)
        self.items: list[list[Attempt]] = []

    def read(self, sentences: Sequence[Sentence], folded: str) -> list[Draft]:
        """All drafts of an item's sentences; its attempts are the last of `items`."""
        self.items.append([])
        return super().read(sentences, folded)

    def _made(self, match: Match, squeezed: Squeezed, number: int, drafts: list[Draft]) -> None:
        span = squeezed.span(match.start, match.end)
        self.items[-1].append(Attempt(match.rule, number, span, drafts, cue=drafts[0].cue))

    def _stopped(
        self, match: Match, squeezed: Squeezed, number: int, reason: str, cue: str | None = None
    ) -> list[Draft]:
        span = squeezed.span(match.start, match.end)
        self.items[-1].append(Attempt(match.rule, number, span, stopped=reason, cue=cue))
        return super()._stopped(match, squeezed, number, reason, cue)


def trace(article: Article, pack: Pack) -> list[ItemTrace]:
    """All items of an article with every attempt of the event rules in them."""
    reader = TracingReader(pack)
    contexts = read_items(article, pack, lay_out(article, pack.layout), fold(article.text), reader)
    traces = [ItemTrace(context, attempts) for context, attempts in zip(contexts, reader.items, strict=True)]
    for item in traces:
        _assign(item)
    return traces


def _assign(item: ItemTrace) -> None:
    """Give each attempt the events and refusals that its drafts led to: same rule, same words."""
    for attempt in item.attempts:
        spans = {draft.span for draft in attempt.drafts}
        name, kind = attempt.rule.name, attempt.rule.makes
        if attempt.joined:
            attempt.events = [e for e in item.context.events if spans & set(e.spans)]
            if not any(draft.roles for draft in attempt.drafts):  # it tells how long the event before took, not who
                near = range(attempt.sentence - attempt.rule.options["joins"], attempt.sentence + 1)
                attempt.events = [e for e in item.context.events if e.kind == kind and e.sentence in near]
        else:
            attempt.events = [e for e in item.context.events if e.rule == name and e.spans[0] in spans]
        attempt.refused = [r.reason for r in item.context.refusals if r.rule == name and r.span in spans]
        if attempt.drafts and not attempt.events and not attempt.refused:
            attempt.stopped = "no event to join" if attempt.joined else "who or where cannot be told"
