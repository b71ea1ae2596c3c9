"""`dragoman explain`: how a page was read, as a tree. For each sentence: the mentions and the rules that made them, the
event rules that fired with all that they chose, and those whose trigger occurs but that made nothing, with the step at
which they stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from dragoman.actors import Actor, Locality
from dragoman.article import Article
from dragoman.context import Context, Event
from dragoman.events import Draft
from dragoman.fold import fold
from dragoman.layout import lay_out
from dragoman.match import Mention, Rule, Squeezed
from dragoman.mentions import Sentence
from dragoman.names import NameFound
from dragoman.nouns import Noun
from dragoman.pack import Pack
from dragoman.patterns import progress
from dragoman.timex import TimeMention
from dragoman.trace import Attempt, ItemTrace, trace

LONGEST = 100  # characters of a line's quotation


@dataclass(slots=True)
class Node:
    """One line of the tree, and what stands under it."""

    text: str
    children: list[Node] = field(default_factory=list)

    def add(self, text: str) -> Node:
        """A new line under this one."""
        child = Node(text)
        self.children.append(child)
        return child

    def lines(self, before: str = "", mark: str = "") -> Iterator[str]:
        """The tree as lines with branches drawn."""
        yield before + mark + self.text
        inner = before + {"": "", "\u251c ": "\u2502 ", "\u2514 ": "  "}[mark]
        for child in self.children:
            last = child is self.children[-1]
            yield from child.lines(inner, "\u2514 " if last else "\u251c ")

    def __str__(self) -> str:
        return "\n".join(self.lines())


@dataclass(frozen=True, slots=True)
class Limits:
    """What to explain: the sentence at an offset, the sentence with a number, those with a word; one rule only."""

    offset: int | None = None
    sentence: int | None = None
    word: str | None = None
    rule: str | None = None

    def wants(self, number: int, sentence: Sentence) -> bool:
        """Whether the sentence is to be explained; sentences are counted from 1."""
        return (
            (self.offset is None or sentence.start <= self.offset < sentence.end)
            and (self.sentence is None or number == self.sentence)
            and (self.word is None or (self.word != "" and self.word in sentence.folded))
        )

    def asked(self) -> str:
        """Which sentence is asked for, in words; empty if all are."""
        told = [
            f"number {self.sentence:,}" if self.sentence is not None else "",
            f"at {self.offset:,}" if self.offset is not None else "",
            f"with {self.word!r}" if self.word is not None else "",
        ]
        return " ".join(part for part in told if part)

    def wants_rule(self, rule: Rule) -> bool:
        """Whether the rule is to be explained: named in full, or by the beginning of its name."""
        return self.rule is None or rule.name == self.rule or rule.name.startswith(self.rule + ".")


def explain(
    article: Article,
    pack: Pack,
    *,
    offset: int | None = None,
    sentence: int | None = None,
    word: str | None = None,
    rule: str | None = None,
) -> Node:
    """The tree of an article; see Limits for what the options select.

    Raises ValueError with one line for the user if they select nothing.
    """
    limits = Limits(offset, sentence, None if word is None else fold(word), rule)
    if rule is not None and not any(limits.wants_rule(one) for one in pack.events):
        near = get_close_matches(rule, [one.name for one in pack.events], cutoff=0.5)
        raise ValueError(f"no event rule {rule!r}" + (f"; near it are {', '.join(near)}" if near else ""))
    root = Node(f"{article.id}: {lay_out(article, pack.layout).title or 'no title'}")
    items = trace(article, pack)
    number = 0
    for item in items:
        context = item.context
        home = f", at home in {context.item.home}" if context.item.home else ""
        basis = f" ({context.item.published_basis})" if context.item.published_basis else ""
        node = Node(f"{context.item.name}: published {context.item.published or 'on an unknown day'}{basis}{home}")
        for index, one in enumerate(context.sentences):
            number += 1
            if limits.wants(number, one):
                node.children.append(_sentence(item, index, number, limits))
        if node.children:
            root.children.append(node)
    if not root.children:
        asked = limits.asked()
        if asked:
            raise ValueError(f"no sentence {asked}; {_extent(items)}")
        root.add("no sentence")
    return root


def _extent(items: Sequence[ItemTrace]) -> str:
    """How many sentences a page has, and where."""
    sentences = [sentence for item in items for sentence in item.context.sentences]
    if not sentences:
        return "the page has none"
    count = f"{len(sentences):,} {'sentence' if len(sentences) == 1 else 'sentences'}"
    return f"the page has {count}, from offset {sentences[0].start:,} to {sentences[-1].end:,}"


def _sentence(item: ItemTrace, index: int, number: int, limits: Limits) -> Node:
    context = item.context
    sentence = context.sentences[index]
    words = _words(context, sentence.start, sentence.end)
    node = Node(f"[{number}] {sentence.start}-{sentence.end} {sentence.block}: {words}")
    if limits.rule is None:
        _mentions(context, sentence, node)
    attempts = [attempt for attempt in item.of(index) if limits.wants_rule(attempt.rule)]
    for attempt in attempts:
        node.children.append(_attempt(context, attempt))
    tried = {attempt.rule.name for attempt in attempts}
    squeezed = item.squeezed(index)
    for rule in context.pack.events:
        if rule.name in tried or not limits.wants_rule(rule):
            continue
        occurring = [trigger for trigger in rule.triggers if trigger in squeezed.text]
        if occurring:
            node.children.append(_unmatched(context, rule, occurring, squeezed))
        elif limits.rule is not None:
            node.add(f"{rule.name}: none of its triggers stands here ({' '.join(rule.triggers)})")
    return node


def _words(context: Context, start: int, end: int) -> str:
    words = " ".join(context.text[start:end].split())
    return words if len(words) <= LONGEST else words[:LONGEST] + " ..."


# Mentions ---------------------------------------------------------------------------------------------


def _mentions(context: Context, sentence: Sentence, node: Node) -> None:
    for mention in sentence.mentions:
        by = f"  ({mention.rule})" if mention.rule else ""
        node.add(f"{mention.type} {_words(context, mention.start, mention.end)}{_value(context, mention)}{by}")


def _value(context: Context, mention: Mention) -> str:
    value = mention.value
    told: Sequence[object]
    if isinstance(value, Actor):
        members = ",".join(member.country or "?" for member in value.members)
        told = (value.name, value.country, value.rank, members, "former" if value.former else None)
    elif isinstance(value, TimeMention):
        resolved = context.resolved.get(value.start)
        told = (value.kind, _days(resolved.start, resolved.end) if resolved else "not resolved", value.rule)
    elif isinstance(value, Noun):
        told = (value.name, value.kind, value.mode, ",".join(member.country or "?" for member in value.members))
    elif isinstance(value, Locality):
        told = (value.text, value.country)
    elif isinstance(value, NameFound):
        told = (value.full, value.country, f"score {value.score:.1f}")
    elif isinstance(value, dict):
        told = (value.get("code"), value.get("rank"), value.get("kind"))
    elif isinstance(value, tuple):
        told = value
    else:
        told = (value,)
    said = " ".join(str(part) for part in told if part)
    return f" = {said}" if said else ""


def _days(start: str | None, end: str | None) -> str:
    if start is None and end is None:
        return "no day"
    return str(start or "..") if start == end else f"{start or '..'}/{end or '..'}"


# Rules ------------------------------------------------------------------------------------------------


def _attempt(context: Context, attempt: Attempt) -> Node:
    rule = attempt.rule
    node = Node(f"{rule.name}: {_verdict(attempt)}")
    node.add(f"matches: {_words(context, *attempt.span)}")
    for draft in attempt.drafts:
        _draft(context, draft, node)
    for event in attempt.events:
        node.add(("joined to " if attempt.joined else "gives ") + _event(event))
    for reason in attempt.refused:
        node.add(f"refused by the model: {reason}")
    return node


def _verdict(attempt: Attempt) -> str:
    if attempt.events:
        return "fired"
    if attempt.refused:
        return f"refused by the model: {attempt.refused[0]}"
    return f"stopped: {attempt.stopped}"


def _draft(context: Context, draft: Draft, node: Node) -> None:
    subject = draft.rule.options.get("subject")
    for role, mentions in draft.roles.items():
        where = ""
        if role == subject:
            where = " (carried over from a sentence before)" if draft.carried else " (with the subject to the left)"
        words = ", ".join(_words(context, m.start, m.end) for m in mentions)
        node.add(f"{role}: {words}{where}")
    for role, noun in draft.nouns.items():
        node.add(f"{role}: {_words(context, noun.start, noun.end)}")
    if draft.mode:
        node.add(f"mode: {draft.mode}")
    node.add(f"status: {draft.status}" + (f" by the cue {draft.cue}" if draft.cue else " (no cue)"))
    if draft.time is not None:
        resolved = context.resolved.get(draft.time.start)
        days = _days(resolved.start, resolved.end) if resolved else "not resolved"
        far = "" if draft.time_near else ", too far away to count"
        node.add(f"time: {_words(context, draft.time.start, draft.time.end)} = {days}{far}")
    if draft.place is not None:
        node.add(f"place: {draft.place.text or '-'} {draft.place.country or ''}".rstrip())


def _event(event: Event) -> str:
    who = "; ".join(f"{party.role} {party.name} ({party.country or '?'})" for party in event.parties)
    kind = event.kind + (f"/{event.mode}" if event.mode else "")
    where = " @ " + " ".join(part for part in (event.place, event.place_country) if part)
    name = f" {event.name}" if event.name else ""
    return f"{kind} {event.status} {_days(event.start, event.end)}{where if where.strip(' @') else ''}{name}: {who}"


def _unmatched(context: Context, rule: Rule, triggers: Sequence[str], squeezed: Squeezed) -> Node:
    node = Node(f"{rule.name}: {' '.join(triggers)} stands here, but the pattern does not match")
    reached = progress(rule.pattern, squeezed, context.pack.compiler)
    if reached.matched:
        start, end = squeezed.span(*reached.span)
        node.add(f"matches up to {reached.matched[-1]}: {_words(context, start, end)}")
    if reached.wanted is not None:
        node.add(f"wanted next: {reached.wanted}")
    elif reached.matched:
        node.add("what is excluded stands there")
    return node
