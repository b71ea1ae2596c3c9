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
from operator import attrgetter
from typing import Any

from ahocorasick_rs import AhoCorasick

from dragoman.regex import Pattern, Regex

_BASE = 0xE000
_SLOT = re.compile(r"\{(?:(?P<role>[a-z_]+):)?(?P<set>@)?(?P<type>[A-Za-z_]+)(?P<many>\+{1,2})?\}")
#: What tells which slots a pattern cannot do without: slots, groups, alternatives; not what is escaped or in a class.
_TOKEN = re.compile(_SLOT.pattern + r"|[()|]|\\.|\[.[^\]]*\]")
_GAP = re.compile(r"(?P<wide>……|…|⋯)(?P<most>\d+)")
_SPACE = re.compile(r"\s")
#: A choice of more words than this begins with a look at their first characters.
_FEW = 8
#: The type of the stretches of white space while a sentence is squeezed.
_BLANK = "blank"
_start = attrgetter("start")
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
    mentions: list[Mention | None]
    #: The triggers of the pack that it may hold, once they have been looked for.
    triggers: frozenset[str] | None = field(default=None, repr=False, compare=False)
    #: The types of its mentions.
    types: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.types = frozenset([mention.type for mention in self.mentions if mention is not None])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Document offsets of the squeezed stretch `start:end` (which must not be empty)."""
        last = self.mentions[end - 1]
        return self.starts[start], self.starts[end - 1] + 1 if last is None else last.end

    def at(self, offset: int) -> int:
        """Index of the squeezed character that stands at or before document offset `offset`."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def replaced(self, made: Sequence[tuple[int, int, Mention]], types: Types, transparent: frozenset[str]) -> Squeezed:
        """The sentence with new mentions in place of the squeezed stretches that they cover, which are in text order
        and do not overlap: what squeezing it anew would give, at a quarter of the cost."""
        text, starts, mentions = [], [], []
        position = 0
        triggers = self.triggers
        for start, end, mention in made:
            text.append(self.text[position:start])
            starts += self.starts[position:start]
            mentions += self.mentions[position:start]
            if mention.type not in transparent:
                text.append(types.char[mention.type])
                starts.append(mention.start)
                mentions.append(mention)
            else:
                triggers = None  # what stands on both sides of it may be a trigger now
            position = end
        text.append(self.text[position:])
        return Squeezed("".join(text), starts + self.starts[position:], mentions + self.mentions[position:], triggers)


def squeeze(
    text: str, start: int, end: int, mentions: Sequence[Mention], types: Types, transparent: frozenset[str]
) -> Squeezed:
    """Squeeze `text[start:end]`; `mentions` must not overlap and be in text order. White space leaves no trace."""
    out: list[str] = []
    starts: list[int] = []
    found: list[Mention | None] = []
    blanks = [Mention(at.start(), at.end(), _BLANK) for at in _SPACE.finditer(text, start, end)]
    position = start
    for mention in sorted([*mentions, *blanks], key=_start) if blanks else mentions:
        if mention.end <= position or mention.start >= end:
            continue
        if mention.start > position:
            out.append(text[position : mention.start])
            starts += range(position, mention.start)
            found += [None] * (mention.start - position)
        position = mention.end
        if mention.type not in transparent and mention.type is not _BLANK:
            out.append(types.char[mention.type])
            starts.append(mention.start)
            found.append(mention)
    if position < end:
        out.append(text[position:end])
        starts += range(position, end)
        found += [None] * (end - position)
    return Squeezed("".join(out), starts, found)


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
    needs: tuple[frozenset[str], ...] = ()  # of each of these sets of types one stands in whatever it matches

    _groups: tuple[tuple[int, str, frozenset[str] | None], ...] | None = None  # group, role, types; on first use

    def matches(self, sentence: Squeezed, types: Types) -> list[Match]:
        """All readings of this rule in the sentence, left to right, not overlapping."""
        out = []
        for found in self.regex.finditer(sentence.text):
            out.append(self._match(found, sentence, types))
        return out

    def _match(self, found: re.Match[str], sentence: Squeezed, types: Types) -> Match:
        if self._groups is None:
            self._groups = tuple(
                (found.re.groupindex[group], group.rstrip("0123456789"), types.members(slot) if slot else None)
                for group, slot in self.slots.items()
            )
        roles: dict[str, list[Mention]] = {}
        texts: dict[str, tuple[int, int]] = {}
        spans = found.regs
        for group, role, members in self._groups:
            start, end = spans[group]
            if start < 0 or start == end:
                continue
            if members is not None:
                inside = [m for m in sentence.mentions[start:end] if m is not None and m.type in members]
                roles.setdefault(role, []).extend(inside)
            texts.setdefault(role, (start, end))
        return Match(self, found.start(), found.end(), roles, texts)


class Triggers:
    """All triggers of some rules in one matcher, so that a sentence is searched once for those of all phases."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._words = list(dict.fromkeys(word for rule in rules for word in rule.triggers))
        self._matcher = AhoCorasick(self._words) if self._words else None

    def within(self, text: str) -> frozenset[str]:
        """The triggers that occur in `text`."""
        if self._matcher is None:
            return frozenset()
        words = self._words
        return frozenset([words[row[0]] for row in self._matcher.find_matches_as_indexes(text, overlapping=True)])


class TriggerIndex:
    """Which of some rules can match a sentence at all: those of which a trigger occurs, then a look at which types of
    mention they need. The order of the rules is kept. `triggers` are those of these and other rules."""

    def __init__(self, rules: Sequence[Rule], triggers: Triggers | None = None) -> None:
        self.rules = tuple(rules)
        self.triggers = triggers or Triggers(rules)
        self._by_trigger: dict[str, list[int]] = {}
        for i, rule in enumerate(rules):
            for trigger in rule.triggers:
                self._by_trigger.setdefault(trigger, []).append(i)
        self._own = frozenset(self._by_trigger)
        self._always: dict[frozenset[str], tuple[list[int], list[Rule]]] = {}

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def candidates(self, sentence: Squeezed) -> list[Rule]:
        """The rules without triggers and those of whose triggers one occurs, if the sentence has what they need."""
        if sentence.triggers is None:
            sentence.triggers = self.triggers.within(sentence.text)
        always = self._always.get(sentence.types)
        if always is None:  # the same few sets of types come again and again
            found = [i for i, rule in enumerate(self.rules) if not rule.triggers and _has(sentence.types, rule)]
            always = self._always[sentence.types] = found, [self.rules[i] for i in found]
        here = sentence.triggers & self._own
        if not here:
            return always[1]
        chosen = {i for word in here if word in sentence.text for i in self._by_trigger[word]}
        return [
            self.rules[i] for i in sorted([*always[0], *(i for i in chosen if _has(sentence.types, self.rules[i]))])
        ]


def _has(present: frozenset[str], rule: Rule) -> bool:
    """Whether one type of each set that a rule needs is present."""
    return not any(map(present.isdisjoint, rule.needs))


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
        self.sets = {name: _one_of(words) for name, words in sets.items()}
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
        """Sets of types of mention: a pattern matches only if one of each set is there. They are those of the slots
        that cannot be left out."""
        return tuple(dict.fromkeys(self._needs(pattern, 0)[0]))

    def _needs(self, pattern: str, at: int) -> tuple[list[frozenset[str]], int]:
        """The needs of a pattern from `at` to its end or to the end of the group that has begun there, and where."""
        branches: list[list[frozenset[str]]] = [[]]
        while (token := _TOKEN.search(pattern, at)) is not None and token[0] != ")":
            inner: list[frozenset[str]] = []
            at = token.end()
            if token["type"] and not token["set"]:
                inner = [self.types.members(token["type"])]
            elif token[0] == "(":
                around = pattern.startswith(("?=", "?!", "?<"), at)
                inner, at = self._needs(pattern, at)
                inner, at = [] if around else inner, at + 1
            elif token[0] == "|":
                branches.append([])
            if not pattern.startswith(("?", "{0"), at):
                branches[-1] += inner
        at = len(pattern) if token is None else token.start()
        if len(branches) == 1:
            return branches[0], at
        # whichever branch is taken, one of its own needs is met
        return [frozenset().union(*(min(branch, key=len) for branch in branches))] if all(branches) else [], at

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


def _one_of(words: Sequence[str]) -> str:
    """A pattern for one of the words, the longest first. Where there are many, a look at the first character comes
    before them: most places fail at it, and need not be compared with each word."""
    found = "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
    first = "".join(sorted({word[0] for word in words if word}))
    return f"(?:(?=[{re.escape(first)}])(?:{found}))" if len(words) > _FEW and all(words) else f"(?:{found})"
