"""The small pattern language of the time rules.

A pattern is a regular expression of a restricted kind: literals, classes, non-capturing groups,
alternatives, look-arounds, `?` and bounded repeats. `{name}` stands for a slot (which captures a value)
or for a part (a named piece of pattern); `{to.name}` is the same for the second half of a range. Unbounded
repeats are refused, so no text can make matching slow.

Because the language is small, the first two characters that a pattern can begin with are computed
here. The finder looks only where such a pair stands, which is what makes it fast.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

ANY = "\0"  # stands in a prefix for "some character that is not listed"
_MANY = 80  # a class with more members than this counts as ANY
_WIDTH = 2
_LOOK = ("?=", "?!", "?<=", "?<!")


class PatternError(ValueError):
    """A pattern that the language does not allow; the message says where."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of pattern whose text becomes the value of a field."""

    name: str
    field: str
    source: str
    second: bool = False


@dataclass(slots=True)
class Compiled:
    """A pattern as source for `re`: the slots in the order of their groups, and its first characters."""

    source: str
    prefixes: frozenset[str]
    slots: list[Slot] = field(default_factory=list)


#: The slots and parts translated before, by name and by whether they belong to the second half of a range.
Memo: TypeAlias = "dict[tuple[str, bool], tuple[str, set[str], list[Slot]]]"


def compile_pattern(
    pattern: str, slots: Mapping[str, Slot], parts: Mapping[str, str], memo: Memo | None = None
) -> Compiled:
    """Translate a pattern; slots become capturing groups. `memo` serves all patterns of the same slots and parts."""
    reader = _Reader(pattern, slots, parts, False, (), {} if memo is None else memo)
    source, prefixes = reader.alternatives()
    if reader.at < len(pattern):
        raise PatternError(f"unexpected {pattern[reader.at]!r} at {reader.at} in {pattern!r}")
    return Compiled(source, frozenset(prefixes), reader.found)


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(
        self,
        text: str,
        slots: Mapping[str, Slot],
        parts: Mapping[str, str],
        second: bool,
        inside: tuple[str, ...],
        memo: Memo,
    ) -> None:
        self.memo = memo
        self.text, self.slots, self.parts = text, slots, parts
        self.second, self.inside = second, inside
        self.at = 0
        self.found: list[Slot] = []

    def alternatives(self) -> tuple[str, set[str]]:
        """One or more sequences with a bar between."""
        sources: list[str] = []
        prefixes: set[str] = set()
        while True:
            source, first = self._sequence()
            sources.append(source)
            prefixes |= first
            if self._peek() != "|":
                return "|".join(sources), prefixes
            self.at += 1

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _sequence(self) -> tuple[str, set[str]]:
        source: list[str] = []
        prefixes = {""}
        while self._peek() not in ("", "|", ")"):
            piece, first = self._repeated()
            source.append(piece)
            prefixes = _join(prefixes, first)
        return "".join(source), prefixes

    def _repeated(self) -> tuple[str, set[str]]:
        piece, first = self._item()
        char = self._peek()
        if char in ("*", "+"):
            raise PatternError(f"unbounded repeat at {self.at} in {self.text!r}")
        if char == "?":
            self.at += 1
            return f"{piece}?", first | {""}
        bounds = re.compile(r"\{([0-9]+)(?:,([0-9]+))?\}\??").match(self.text, self.at)
        if bounds is None:
            return piece, first
        self.at = bounds.end()
        least, most = int(bounds[1]), int(bounds[2] or bounds[1])
        total: set[str] = set()
        run = {""}
        for count in range(min(most, _WIDTH) + 1):
            if count >= min(least, _WIDTH):
                total |= run
            run = _join(run, first)
        return f"{piece}{bounds[0]}", total

    def _item(self) -> tuple[str, set[str]]:
        char = self.text[self.at]
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == "{":
            return self._reference()
        if char == "\\":
            return self._escape()
        if char in ".^$*+?})]":
            raise PatternError(f"unexpected {char!r} at {self.at} in {self.text!r}")
        self.at += 1
        return re.escape(char), {char}

    def _escape(self) -> tuple[str, set[str]]:
        char = self.text[self.at + 1 : self.at + 2]
        self.at += 2
        if char == "d":
            return "[0-9]", set("0123456789")
        if not char or char.isalnum():
            raise PatternError(f"unknown escape \\{char} in {self.text!r}")
        return re.escape(char), {char}

    def _class(self) -> tuple[str, set[str]]:
        end = self.text.index("]", self.at + 2)
        body = self.text[self.at + 1 : end]
        self.at = end + 1
        if body.startswith("^"):
            return f"[{body}]", {ANY}
        members: set[str] = set()
        plain = body.replace("\\d", "0-9")
        index = 0
        while index < len(plain):
            if plain[index] == "\\":
                index += 1
            if plain[index + 1 : index + 2] == "-" and index + 2 < len(plain):
                low, high = ord(plain[index]), ord(plain[index + 2])
                if high - low > _MANY:
                    return f"[{plain}]", {ANY}
                members.update(map(chr, range(low, high + 1)))
                index += 3
            else:
                members.add(plain[index])
                index += 1
        return f"[{plain}]", members if len(members) <= _MANY else {ANY}

    def _group(self) -> tuple[str, set[str]]:
        for mark in _LOOK:
            if self.text.startswith(mark, self.at + 1):
                inner = self._inner(self.at + 1 + len(mark))
                return f"({mark}{inner[0]})", {""}
        if not self.text.startswith("?:", self.at + 1):
            raise PatternError(f"groups are written (?:...), see {self.at} in {self.text!r}")
        source, prefixes = self._inner(self.at + 3)
        return f"(?:{source})", prefixes

    def _inner(self, start: int) -> tuple[str, set[str]]:
        opened, self.at = self.at, start
        result = self.alternatives()
        if self._peek() != ")":
            raise PatternError(f"group opened at {opened} is not closed in {self.text!r}")
        self.at += 1
        return result

    def _reference(self) -> tuple[str, set[str]]:
        end = self.text.find("}", self.at)
        name = self.text[self.at + 1 : end]
        self.at = end + 1
        second = self.second
        if name.startswith("to."):
            name, second = name[3:], True
        if name in self.inside:
            raise PatternError(f"part {name!r} contains itself")
        if name in self.slots:
            slot = self.slots[name]
            self.found.append(Slot(slot.name, slot.field, slot.source, second))
            source, prefixes = self._nested(slot.source, name, second, keep=False)
            return f"({source})", prefixes
        if name in self.parts:
            source, prefixes = self._nested(self.parts[name], name, second, keep=True)
            return f"(?:{source})", prefixes
        raise PatternError(f"no slot or part is called {name!r} (in {self.text!r})")

    def _nested(self, text: str, name: str, second: bool, *, keep: bool) -> tuple[str, set[str]]:
        known = self.memo.get((name, second))
        if known is None:
            reader = _Reader(text, self.slots, self.parts, second, (*self.inside, name), self.memo)
            source, prefixes = reader.alternatives()
            if reader.at < len(text):
                raise PatternError(f"unexpected {text[reader.at]!r} at {reader.at} in {text!r}")
            if reader.found and not keep:
                raise PatternError(f"slot {name!r} contains a slot")
            known = self.memo[name, second] = source, prefixes, reader.found
        self.found.extend(known[2])
        return known[:2]


def _join(left: set[str], right: set[str]) -> set[str]:
    """The first characters of one piece followed by another."""
    done = {item for item in left if len(item) >= _WIDTH}
    return done | {(item + more)[:_WIDTH] for item in left - done for more in right}
