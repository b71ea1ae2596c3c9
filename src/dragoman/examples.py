"""Runs the examples of a pack's rules: `yes`, `no` and `todo` sentences, the first with what must come out marked in
them as `[words](role)`. A sentence is read as a page of its own, by no agency, on the day that the rule's file names.

For an event or fact rule the marks are roles, and a role that is marked must be filled by exactly the marked words; for
an actor or noun rule the mark is the type that the rule makes, and the words must be the whole mention. Cues of status
have such sentences too, without marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dragoman.actors import Actor, Locality
from dragoman.article import Article
from dragoman.context import Event, Party
from dragoman.events import Draft
from dragoman.facts import FactReader, Row
from dragoman.fold import fold
from dragoman.match import TODAY, Mention, Rule, TriggerIndex
from dragoman.nouns import Noun
from dragoman.pack import Pack
from dragoman.trace import Attempt, ItemTrace, trace

Run = Callable[[Rule, str, "int | None"], "str | None"]

_MARK = re.compile(r"\[([^\[\]]+)\]\(([A-Za-z_]+)\)")


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of an example that a rule must give, and in which role."""

    start: int
    end: int
    role: str
    words: str


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence without its markup, and the marks in it."""

    text: str
    marks: tuple[Mark, ...]


def parse(written: str) -> Example:
    """Take the markup out of an example."""
    out: list[str] = []
    marks: list[Mark] = []
    position = length = 0
    for found in _MARK.finditer(written):
        before = written[position : found.start()]
        start = length + len(before)
        length = start + len(found[1])
        marks.append(Mark(start, length, found[2], found[1]))
        out += [before, found[1]]
        position = found.end()
    return Example("".join([*out, written[position:]]), tuple(marks))


class ExampleRunner:
    """Reads examples with one pack and says what is wrong with what comes out."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def faults(self, rule: Rule, phase: int | None = None) -> Iterator[str]:
        """What the rule's examples say and the rule does not do; `phase` is the number of an actor rule's phase."""
        for written in rule.yes:
            fault = self._guarded(self.yes, rule, written, phase)
            if fault:
                yield f"yes {written}: {fault}"
        for written in rule.no:
            fault = self._guarded(self.no, rule, written, phase)
            if fault:
                yield f"no {written}: {fault}"
        for written in rule.todo:
            if self._guarded(self.yes, rule, written, phase) is None:
                yield f"todo {written}: it is read now; make it a yes"

    def cue_faults(self, row: Mapping[str, Any]) -> Iterator[str]:
        """What the examples of a cue of status.toml say and it does not do: in each `yes` it tells the status of
        something that an event rule reads, in a `no` of nothing."""
        for example in ("yes", "no"):
            for text in row.get(example, ()):
                attempts = [a for item in self._trace(TODAY, text) for a in item.attempts]
                cues = sorted({attempt.cue or "no cue" for attempt in attempts})
                if not attempts:
                    yield f"{example} {text}: no event rule reads it"
                elif (row["name"] in cues) != (example == "yes"):
                    yield f"{example} {text}: the status is told by {', '.join(cues)}"

    def _guarded(self, run: Run, rule: Rule, written: str, phase: int | None) -> str | None:
        try:
            return run(rule, written, phase)
        except Exception as error:  # roles that do not fit together break the reader; the other rules are still to run
            return f"breaks the reader: {type(error).__name__}: {error}"

    def yes(self, rule: Rule, written: str, phase: int | None = None) -> str | None:
        """What is missing or wrong when the example is read, or None."""
        example = parse(written)
        if phase is not None:
            return _mentions_fault(rule, example, self._mentions(rule, example, phase))
        items = self._trace(rule.today, example.text)
        if rule in self.pack.facts:
            return self._fact_fault(rule, example, items)
        attempts = [a for item in items for a in item.attempts if a.rule is rule]
        return _event_fault(items, attempts, example)

    def no(self, rule: Rule, written: str, phase: int | None = None) -> str | None:
        """What the rule makes of a sentence in which it must make nothing, or None."""
        example = parse(written)
        if phase is not None:
            made = self._mentions(rule, example, phase)
            return f"makes {made[0].type} of {example.text[made[0].start : made[0].end]}" if made else None
        items = self._trace(rule.today, example.text)
        if rule in self.pack.facts:
            rows = self._rows(rule, items)
            return f"makes {rows[0][0]} {rows[0][1]}" if rows else None
        for item in items:
            for attempt in item.attempts:
                if attempt.rule is rule and attempt.accepted:
                    return "reads an event in it" if attempt.events else "reads it as part of an event"
        return None

    def _trace(self, today: str, text: str) -> list[ItemTrace]:
        return trace(Article("example", text, published=today), self.pack)

    def _mentions(self, rule: Rule, example: Example, phase: int) -> list[Mention]:
        """The mentions that an actor or noun rule makes, before later phases take them up."""
        pack = self.pack
        if rule not in pack.nouns:
            none = TriggerIndex([])
            pack = replace(pack, phases=pack.phases[: phase + 1], nouns=none, events=none, readers={})
        article = Article("example", example.text, published=rule.today)
        found = [m for item in trace(article, pack) for s in item.context.sentences for m in s.mentions]
        return [m for m in found if m.rule == rule.name]

    def _rows(self, rule: Rule, items: Sequence[ItemTrace]) -> list[Row]:
        rows = [row for item in items for row in self.pack.reader(FactReader).read(item.context)]
        return [row for row in rows if row[3] == rule.name]

    def _fact_fault(self, rule: Rule, example: Example, items: Sequence[ItemTrace]) -> str | None:
        rows = self._rows(rule, items)
        if not rows:
            return "nothing is read"
        mentions = [m for item in items for s in item.context.sentences for m in s.mentions]
        for mark in example.marks:
            if not any(_fills(mark, row[1], mentions) for row in rows):
                return f"{mark.role} is not {mark.words}"
        return None


def _mentions_fault(rule: Rule, example: Example, made: Sequence[Mention]) -> str | None:
    if not made:
        return "nothing is made"
    wrong = [mark.role for mark in example.marks if mark.role != rule.makes]
    if wrong:
        return f"the rule makes {rule.makes}, not {wrong[0]}"
    spans = {(m.start, m.end) for m in made}
    wanted = {(mark.start, mark.end) for mark in example.marks}
    if wanted and spans != wanted:
        return "makes " + ", ".join(example.text[a:b] for a, b in sorted(spans))
    return None


# Events -----------------------------------------------------------------------------------------------


def _event_fault(items: Sequence[ItemTrace], attempts: Sequence[Attempt], example: Example) -> str | None:
    """Why the accepted attempts of a rule are not what the marks of the example say, or None."""
    good = [attempt for attempt in attempts if attempt.accepted]
    if not good:
        return why_not(items, attempts)
    mentions = [m for item in items for s in item.context.sentences for m in s.mentions]
    drafts = [draft for attempt in good for draft in attempt.drafts]
    events = [event for attempt in good for event in attempt.events]
    if any("mutual" in attempt.rule.options for attempt in good):  # the way back has the same two, the roles swapped
        events = events[::2]
    parties = [party for event in events for party in event.parties]
    joined = any(attempt.joined for attempt in good)
    marked = set() if joined else {mark.role for mark in example.marks}
    for mark in example.marks:
        given = [p for p in parties if p.role == mark.role]
        if not any(_same(p, mark, mentions) for p in given) and not _aside(mark, drafts, events, mentions):
            told = ", ".join(p.name for p in given)
            return f"{mark.role} is not {mark.words}" + (f" but {told}" if told else "")
    for party in parties:
        if party.role in marked and not any(
            _same(party, mark, mentions) for mark in example.marks if mark.role == party.role
        ):
            return f"{party.role} is also {party.name}"
    return None


def why_not(items: Sequence[ItemTrace], attempts: Sequence[Attempt]) -> str:
    """Why no attempt of a rule was accepted."""
    for attempt in attempts:
        if attempt.refused:
            return f"refused: {attempt.refused[0]}"
    for attempt in attempts:
        if attempt.stopped:
            return attempt.stopped
    others = sorted({event.rule for item in items for event in item.context.events})
    return "the pattern does not match" + (f" (read by {', '.join(others)})" if others else "")


def _within(mark: Mark, mentions: Sequence[Mention]) -> list[Mention]:
    return [m for m in mentions if m.start < mark.end and mark.start < m.end]


def _same(party: Party, mark: Mark, mentions: Sequence[Mention]) -> bool:
    """Whether the marked words stand for a participant: they name it, or the country for which it takes part."""
    if fold(party.name) in fold(mark.words):
        return True
    for mention in _within(mark, mentions):
        value = mention.value
        if isinstance(value, Noun):
            if any(member.country == party.country for member in value.members):
                return True
        elif isinstance(value, Actor):
            if value.name is not None and value.name == party.name:
                return True
            codes = {value.country, *(member.country for member in value.members)}
            open_name = value.name is None or party.kind != "person"
            if open_name and (party.country in codes or value.count):
                return True
        elif isinstance(value, dict) and party.kind != "person" and value.get("code") == party.country:
            return True
    return False


def _codes(mention: Mention) -> set[str]:
    value = mention.value
    if isinstance(value, Actor):
        return {code for code in (value.country, *(m.country for m in value.members)) if code}
    if isinstance(value, Locality):
        return {value.country} if value.country else set()
    code = value.get("code") if isinstance(value, dict) else None
    return {code} if code else set()


def _aside(mark: Mark, drafts: Sequence[Draft], events: Sequence[Event], mentions: Sequence[Mention]) -> bool:
    """Whether the marked words fill a role that names no participant: a place, mode, name, post, amount."""
    codes = {code for mention in _within(mark, mentions) for code in _codes(mention)}
    if mark.role in ("where", "to"):
        return any(e.place_country in codes or (e.place and fold(e.place) in fold(mark.words)) for e in events)
    if mark.role == "name":
        return any(e.name is not None and fold(e.name) == fold(mark.words) for e in events)
    if mark.role == "status":
        return any(e.status == mark.words for e in events)
    held = [m for draft in drafts for m in [*draft.roles.get(mark.role, []), *draft.nouns.values()]]
    said = [draft.texts.get(mark.role) for draft in drafts]
    return fold(mark.words) in said or any((m.start, m.end) == (mark.start, mark.end) for m in held)


# Facts ------------------------------------------------------------------------------------------------


def _fills(mark: Mark, fields: dict[str, Any], mentions: Sequence[Mention]) -> bool:
    """Whether a fact has what the marked words say."""
    inside = _within(mark, mentions)
    codes = {code for mention in inside for code in _codes(mention)}
    if mark.role == "speaker":
        return fields["speaker"] in mark.words or any(
            isinstance(m.value, Actor) and m.value.name == fields["speaker"] for m in inside
        )
    if mark.role == "of":
        return fields.get("country") in codes
    if mark.role == "with":
        return fields.get("partner") in codes
    if mark.role == "pair":
        return codes == {fields.get("country"), fields.get("partner")}
    if mark.role in ("value", "count"):
        values = [m.value[0] for m in inside if m.type in ("Money", "Number")]
        return fields.get("value") in values
    if mark.role in ("rank", "top"):
        return fields.get("rank") is not None
    if mark.role == "change":
        return fields.get("change") is not None
    return bool(codes & {fields.get("country"), fields.get("partner")})
