"""Looks into the patterns of rules: the parts that a pattern consists of, how far it gets in a sentence, and whether a
word can stand in what it matches. For checking and explaining; the reader itself never comes here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from dragoman.match import Compiler, PackError, Squeezed

_TOKEN = re.compile(
    r"\{[^{}]*\}|……\d+|[…⋯]\d+|~\d+(?:-\d+)?|%[a-z]+|\\.|\[(?:\\.|[^\]\\])*\]|[()|^$.?]|[^\\\[\](){}|^$.?]", re.DOTALL
)
_REPEAT = re.compile(r"(?:\?|\{\d+(?:,\d+)?\})\??")


def alternatives(pattern: str) -> list[list[str]]:
    """The parts of a pattern in order, for each alternative at its top: slots, gaps, groups, runs of plain words."""
    out: list[list[str]] = [[]]
    position = depth = 0
    begin = 0
    while position < len(pattern):
        found = _TOKEN.match(pattern, position)
        token = found[0] if found else pattern[position]
        end = position + len(token)
        if token == "(":
            if depth == 0:
                begin = position
            depth += 1
        elif token == ")":
            depth -= 1
        position = end
        if depth:
            continue
        if token == ")":
            token = pattern[begin:end]
        elif token == "|":
            out.append([])
            continue
        repeat = _REPEAT.match(pattern, end)
        if repeat:
            token += repeat[0]
            position = repeat.end()
        parts = out[-1]
        if parts and not repeat and _plain(token) and _plain(parts[-1]):
            parts[-1] += token
        else:
            parts.append(token)
    return out


def _plain(token: str) -> bool:
    return not re.search(r"[{}()\[\]|%~…⋯?\\^$.]", token)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pattern got: the parts that matched, the part that was wanted next, and where the match stands."""

    matched: tuple[str, ...]
    wanted: str | None
    span: tuple[int, int]
    share: float


def progress(pattern: str, sentence: Squeezed, compiler: Compiler) -> Progress:
    """The longest beginning of the pattern that matches some words of the sentence."""
    best = Progress((), None, (0, 0), -1.0)
    for parts in alternatives(pattern):
        reached = Progress((), _needed(parts), (0, 0), 0.0)
        for count in range(len(parts), 0, -1):
            regex = _prefix(compiler, "".join(parts[:count]))
            found = regex.search(sentence.text) if regex is not None else None
            while regex is not None and found is not None and found.start() == found.end():
                found = next((m for m in regex.finditer(sentence.text) if m.end() > m.start()), None)
            if found is not None:
                reached = Progress(tuple(parts[:count]), _needed(parts[count:]), found.span(), count / len(parts))
                break
        if reached.share > best.share:
            best = reached
    return best


def _needed(parts: Sequence[str]) -> str | None:
    """The first part that cannot be left out."""
    return next((part for part in parts if not part.endswith("?")), None)


_prefixes: dict[tuple[int, str], re.Pattern[str] | None] = {}


def _prefix(compiler: Compiler, pattern: str) -> re.Pattern[str] | None:
    key = (id(compiler), pattern)
    if key not in _prefixes:
        try:
            _prefixes[key] = compiler.compile(pattern, "a part")[0]
        except PackError:  # a reference to a group that stands further on
            _prefixes[key] = None
    return _prefixes[key]


# What words can stand in a match ------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def can_occur(word: str, regex: str, group: str | None = None) -> bool:
    """Whether `word` can stand in what the regular expression, or its named group, spells out. What only a gap or
    an excluding class could hold does not count: nobody would write a trigger for it."""
    tree = _parser.parse(regex)
    if group is None:
        return _Walk(word).run(tree, {0}) is None
    names = [name for name in tree.state.groupdict if name.rstrip("0123456789") == group]
    wanted = {tree.state.groupdict[name] for name in names}
    return any(_Walk(word).run(part, {0}) is None for part in _groups(tree, wanted))


def _groups(tree: Iterable[Any], wanted: set[int]) -> list[Any]:
    out = []
    for operation, argument in tree:
        for inner in _inner(operation, argument):
            if operation is codes.SUBPATTERN and argument[0] in wanted:
                out.append(inner)
            out += _groups(inner, wanted)
    return out


def _inner(operation: Any, argument: Any) -> Sequence[Any]:
    """The patterns inside one operation of a parsed pattern."""
    if operation is codes.SUBPATTERN:
        return [argument[-1]]
    if operation is codes.BRANCH:
        return list(argument[1])
    if operation in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        return [argument[2]]
    if operation is codes.ASSERT:
        return [argument[1]]
    return []


class _Walk:
    """Follows a parsed pattern with all the beginnings of a word that can have been spelled so far."""

    def __init__(self, word: str) -> None:
        self.word = word

    def run(self, tree: Iterable[Any], states: set[int]) -> set[int] | None:
        """The beginnings that can stand at the end of `tree`; None as soon as the whole word can."""
        for operation, argument in tree:
            after = self._step(operation, argument, states)
            if after is None:
                return None
            states = after
        return states

    def _step(self, operation: Any, argument: Any, states: set[int]) -> set[int] | None:
        if operation is codes.LITERAL:
            return self._advance(states, lambda char: ord(char) == argument)
        if operation is codes.IN:
            if argument and argument[0][0] is codes.NEGATE:
                return {0}
            return self._advance(states, lambda char: _in_class(ord(char), argument))
        if operation is codes.BRANCH:
            return self._any(argument[1], states)
        if operation in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            least, most, inner = argument
            reached = set(states) if least == 0 else set()
            current: set[int] = set(states)
            for _ in range(min(int(most), len(self.word) + 1)):
                after = self.run(inner, current)
                if after is None:
                    return None
                reached |= after
                current = after
            return reached
        if operation is codes.SUBPATTERN:
            return self.run(argument[-1], states)
        if operation is codes.ASSERT:
            return None if self.run(argument[1], set(states)) is None else states
        if operation in (codes.ASSERT_NOT, codes.AT):
            return states
        return {0}

    def _any(self, branches: Iterable[Any], states: set[int]) -> set[int] | None:
        out: set[int] = set()
        for branch in branches:
            after = self.run(branch, set(states))
            if after is None:
                return None
            out |= after
        return out

    def _advance(self, states: set[int], fits: Any) -> set[int] | None:
        after = {0} | {state + 1 for state in states if fits(self.word[state])}
        return None if len(self.word) in after else after


def _in_class(code: int, items: Iterable[Any]) -> bool:
    for operation, argument in items:
        if operation is codes.LITERAL and code == argument:
            return True
        if operation is codes.RANGE and argument[0] <= code <= argument[1]:
            return True
    return False
