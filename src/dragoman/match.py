"""The engine: mentions over a text, the squeezed sentence, and rules as patterns over words and mentions together.

It knows no language. A sentence is squeezed to a string in which every mention is one private-use character, the
character of its type; so a rule is an ordinary regular expression over that string. Mentions of transparent types
(times, brackets) leave no trace in it, which keeps patterns free of them.

Pattern language: `{role:Type}` a slot, `{Type}` a mention without a role, `{@set}` one of a set of words,
`{role:Type+}` a coordinated list of mentions (`++`: with commas too), `…N` a gap of at most N characters that
crosses neither a clause mark nor an actor, `⋯N` one that stays in the clause but may cross actors, `……N` one that
stays in the sentence only, `~N` (`~M-N`) a phrase of at most N (at least M) characters or mentions in which no word
of the set @stop begins, `%class` a plain character outside the class's list in pack.toml. The rest is a regular
expression without `*` or `+`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ahocorasick_rs import AhoCorasick

from dragoman.regex import Pattern, Regex

_BASE = 0xE000
_SLOT = re.compile(r"\{(?:(?P<role>[a-z_]+):)?(?P<set>@)?(?P<type>[A-Za-z_]+)(?P<many>\+{1,2})?\}")
_GAP = re.compile(r"(?P<wide>……|…|⋯)(?P<most>\d+)")
_SPACE = re.compile(r"\s")
_CLASS = re.compile(r"%(?P<name>[a-z]+)")
_PHRASE = re.compile(r"~(?:(?P<least>\d+)-)?(?P<most>\d+)")
_GROUP = re.compile(r"\(\?P<(?P<name>[a-z_]+)>")
_TYPE_RANGE = "\ue000-\uf8ff"
_UNBOUNDED = re.compile(r"(?<!\\)(?:[*+]|\{\d+,\})")


#: The day on which the examples of a file are read, unless its key `today` says otherwise.
TODAY = "2024-06-15"


class PackError(ValueError):
    """A fault in a pack; the message names the file, the rule and the reason."""


@dataclass(slots=True)
class Mention:
    """A stretch of text with a type and a value; offsets are into the document's text."""

    start: int
    end: int
    type: str
    value: Any = None
    rule: str = ""


class Types:
    """The mention types of a pack, each with its own character; an abstract type is a set of concrete ones."""

    def __init__(self, concrete: Sequence[str], abstract: Mapping[str, Sequence[str]]) -> None:
        self.char = {name: chr(_BASE + i) for i, name in enumerate(concrete)}
        self.name = {char: name for name, char in self.char.items()}
        self.abstract = {name: frozenset(members) for name, members in abstract.items()}
        for name, members in abstract.items():
            unknown = set(members) - set(self.char)
            if unknown:
                raise PackError(f"pack.toml: type {name}: unknown member {sorted(unknown)[0]}")

    def members(self, name: str) -> frozenset[str]:
        """The concrete types that `name` stands for."""
        if name in self.char:
            return frozenset((name,))
        return self.abstract[name]

    def characters(self, name: str) -> str:
        """The characters of all types that `name` stands for, for use inside a character class."""
        return "".join(sorted(self.char[member] for member in self.members(name)))


@dataclass(slots=True)
class Squeezed:
    """A sentence squeezed: `text`, and for each of its characters the offset where it stands and its mention."""

    text: str
    starts: list[int]
    ends: list[int]
    mentions: list[Mention | None]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Document offsets of the squeezed stretch `start:end` (which must not be empty)."""
        return self.starts[start], self.ends[end - 1]

    def at(self, offset: int) -> int:
        """Index of the squeezed character that stands at or before document offset `offset`."""
        return max(0, bisect_right(self.starts, offset) - 1)


def squeeze(
    text: str, start: int, end: int, mentions: Iterable[Mention], types: Types, transparent: frozenset[str]
) -> Squeezed:
    """Squeeze `text[start:end]`; `mentions` must not overlap and be in text order. White space leaves no trace."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    found: list[Mention | None] = []
    position = start

    def plain(until: int) -> None:
        stretch = text[position:until]
        if _SPACE.search(stretch) is None:
            out.append(stretch)
            starts.extend(range(position, until))
            ends.extend(range(position + 1, until + 1))
            found.extend([None] * (until - position))
        else:
            offsets = [position + i for i, char in enumerate(stretch) if not char.isspace()]
            out.append("".join(stretch.split()))
            starts.extend(offsets)
            ends.extend([offset + 1 for offset in offsets])
            found.extend([None] * len(offsets))

    for mention in mentions:
        if mention.end <= position or mention.start >= end:
            continue
        if mention.start > position:
            plain(mention.start)
        position = mention.end
        if mention.type in transparent:
            continue
        out.append(types.char[mention.type])
        starts.append(mention.start)
        ends.append(mention.end)
        found.append(mention)
    if position < end:
        plain(end)
    return Squeezed("".join(out), starts, ends, found)


@dataclass(slots=True)
class Match:
    """One reading of a rule: squeezed offsets of the whole, and the mentions in each role."""

    rule: Rule
    start: int
    end: int
    roles: dict[str, list[Mention]]
    texts: dict[str, tuple[int, int]]


@dataclass(slots=True)
class Rule:
    """A compiled rule. `options` holds what the rule's file says beside pattern and examples."""

    name: str
    makes: str
    triggers: tuple[str, ...]
    pattern: str
    regex: Pattern
    slots: dict[str, str]
    options: dict[str, Any] = field(default_factory=dict)
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    todo: tuple[str, ...] = ()
    source: str = ""
    today: str = TODAY
    needs: tuple[frozenset[str], ...] = ()  # of each of these sets one character stands in whatever it matches

    def matches(self, sentence: Squeezed, types: Types) -> list[Match]:
        """All readings of this rule in the sentence, left to right, not overlapping."""
        return [self._match(found, sentence, types) for found in self.regex.finditer(sentence.text)]

    def _match(self, found: re.Match[str], sentence: Squeezed, types: Types) -> Match:
        roles: dict[str, list[Mention]] = {}
        texts: dict[str, tuple[int, int]] = {}
        for group, slot in self.slots.items():
            start, end = found.span(group)
            if start < 0 or start == end:
                continue
            role = group.rstrip("0123456789")
            if slot:
                inside = [m for m in sentence.mentions[start:end] if m is not None and m.type in types.members(slot)]
                roles.setdefault(role, []).extend(inside)
            texts.setdefault(role, (start, end))
        return Match(self, found.start(), found.end(), roles, texts)


class TriggerIndex:
    """Which of some rules can match a text at all: one pass for all their triggers, then a look at which types of
    mention they need. The order of the rules is kept."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self.always = frozenset(i for i, rule in enumerate(rules) if not rule.triggers)
        by_trigger: dict[str, list[int]] = {}
        for i, rule in enumerate(rules):
            for trigger in rule.triggers:
                by_trigger.setdefault(trigger, []).append(i)
        self._rules = list(by_trigger.values())
        self._matcher = AhoCorasick(list(by_trigger)) if by_trigger else None

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def candidates(self, text: str) -> list[Rule]:
        """The rules without triggers and those of whose triggers one occurs in `text`, if it has what they need."""
        chosen = set(self.always)
        if self._matcher is not None:
            for index in {row[0] for row in self._matcher.find_matches_as_indexes(text, overlapping=True)}:
                chosen.update(self._rules[index])
        present = set(text)
        found = [self.rules[i] for i in sorted(chosen)]
        return [rule for rule in found if not any(map(present.isdisjoint, rule.needs))]


class Compiler:
    """Turns patterns into regular expressions, strictly: whatever it does not know is an error."""

    def __init__(
        self,
        types: Types,
        sets: Mapping[str, Sequence[str]],
        classes: Mapping[str, str],
        breaks: str,
        clause: str,
        actor: str,
        lazy: bool = False,
    ) -> None:
        self.types = types
        self.lazy = lazy
        self.classes = {name: f"[^{re.escape(outside)}{_TYPE_RANGE}]" for name, outside in classes.items()}
        self.sets = {name: "(?:" + _alternatives(words) + ")" for name, words in sets.items()}
        self.words = sets
        hard = re.escape(breaks)
        soft = re.escape(clause) + types.characters(actor)
        self.gap = {"……": f"[^{hard}]", "…": f"[^{hard}{soft}]", "⋯": f"[^{hard}{re.escape(clause)}]"}
        stops = self.sets.get("stop", "(?!)")
        self.stop = re.compile("|".join([stops, *([self.sets["loose"]] if "loose" in self.sets else [])]))
        never = re.escape(breaks + clause) + types.characters("Somebody")
        self.phrase = f"(?:(?!{stops})[^{never}])"

    def compile(self, pattern: str, where: str) -> tuple[re.Pattern[str], dict[str, str]]:
        """Return the regular expression and, for each of its groups, the type that its slot takes ("" for text)."""
        text, slots = self._translate(pattern, where)
        try:
            return re.compile(text), slots
        except re.error as error:
            raise PackError(f"{where}: not a pattern: {error}") from error

    def rule(self, pattern: str, where: str) -> tuple[Pattern, dict[str, str]]:
        """The same for the pattern of a rule; a lazy compiler leaves a fault in it for the first use."""
        if not self.lazy:
            return self.compile(pattern, where)
        text, slots = self._translate(pattern, where)
        return Regex(text), slots

    def needs(self, pattern: str) -> tuple[frozenset[str], ...]:
        """The types of mention, as their characters, without which a pattern cannot match: the slots outside all
        groups that are not optional."""
        out: list[frozenset[str]] = []
        at = depth = 0
        while at < len(pattern):
            char = pattern[at]
            found = _SLOT.match(pattern, at)
            if found is not None:
                at = found.end()
                if depth == 0 and not found["set"] and not pattern.startswith(("?", "{0"), at):
                    out.append(frozenset(self.types.characters(found["type"])))
            elif char == "[":
                at = pattern.index("]", at + 2) + 1
            elif char == "|" and depth == 0:
                return ()
            else:
                depth += (char == "(") - (char == ")")
                at += 2 if char == "\\" else 1
        return tuple(dict.fromkeys(out))

    def _translate(self, pattern: str, where: str) -> tuple[str, dict[str, str]]:
        slots: dict[str, str] = {}

        def slot(found: re.Match[str]) -> str:
            name, role = found["type"], found["role"]
            if found["set"]:
                if name not in self.sets:
                    raise PackError(f"{where}: unknown word set @{name}")
                body, kind = self.sets[name], ""
            else:
                if name not in self.types.char and name not in self.types.abstract:
                    raise PackError(f"{where}: unknown type {name}")
                one = f"[{self.types.characters(name)}]"
                body, kind = one, name
                if found["many"]:
                    comma = "|," if found["many"] == "++" else ""
                    body = f"{one}(?:(?:{self.sets['and']}{comma}){one}){{0,11}}"
            if role is None:
                return body
            group, number = role, 1
            while group in slots:
                number += 1
                group = f"{role}{number}"
            slots[group] = kind
            return f"(?P<{group}>{body})"

        def text_group(found: re.Match[str]) -> str:
            group, number = found["name"], 1
            while group in slots:
                number += 1
                group = f"{found['name']}{number}"
            slots[group] = ""
            return f"(?P<{group}>"

        outside = _SLOT.sub("", pattern)
        if _UNBOUNDED.search(outside):
            raise PackError(f"{where}: an unbounded repeat in the pattern")
        text = _GROUP.sub(text_group, pattern)
        text = _SLOT.sub(slot, text)
        text = _GAP.sub(lambda g: f"{self.gap[g['wide']]}{{0,{g['most']}}}?", text)
        text = _PHRASE.sub(lambda g: f"{self.phrase}{{{g['least'] or 0},{g['most']}}}", text)

        def plain(found: re.Match[str]) -> str:
            if found["name"] not in self.classes:
                raise PackError(f"{where}: unknown class %{found['name']}")
            return self.classes[found["name"]]

        return _CLASS.sub(plain, text), slots


def _alternatives(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
