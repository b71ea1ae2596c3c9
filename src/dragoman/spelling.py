"""What words a compiled pattern can spell: whether a trigger can stand in a match at all, and whether there can be a
match without any of them. For checking; the reader itself never comes here.

Gaps and excluding classes can hold any word, but nobody would write a trigger for what they hold: they spell nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_MOST = 3  # repeats that are followed beyond the required ones


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

    def _advance(self, states: set[int], fits: Callable[[str], bool]) -> set[int] | None:
        after = {0} | {state + 1 for state in states if fits(self.word[state])}
        return None if len(self.word) in after else after


def _in_class(code: int, items: Iterable[Any]) -> bool:
    for operation, argument in items:
        if operation is codes.LITERAL and code == argument:
            return True
        if operation is codes.RANGE and argument[0] <= code <= argument[1]:
            return True
    return False


def can_avoid(words: Sequence[str], regex: str) -> bool:
    """Whether the regular expression can match without spelling any of the words: then a trigger is missing."""
    return bool(_Escape(words).run(_parser.parse(regex), {""}))


class _Escape:
    """Follows a parsed pattern on all ways that spell none of some words; a state is what one of them begins with."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def run(self, tree: Iterable[Any], states: set[str]) -> set[str]:
        """The states at the end of `tree`; none if every way through it spells a word."""
        for operation, argument in tree:
            if not states:
                break
            states = self._step(operation, argument, states)
        return states

    def _step(self, operation: Any, argument: Any, states: set[str]) -> set[str]:
        if operation is codes.LITERAL:
            return self._spell(states, chr(argument))
        if operation is codes.IN:
            if argument[0][0] is codes.NEGATE:
                return {""}
            return set().union(*(self._spell(states, char) for char in _members(argument)))
        if operation is codes.BRANCH:
            return set().union(*(self.run(branch, states) for branch in argument[1]))
        if operation in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            least, most, inner = argument
            for _ in range(least):
                states = self.run(inner, states)
            reached = set(states)
            for _ in range(min(int(most) - least, _MOST)):
                states = self.run(inner, states)
                reached |= states
            return reached
        if operation is codes.SUBPATTERN:
            return self.run(argument[-1], states)
        if operation is codes.ASSERT:
            return states if self.run(argument[1], {""}) else set()
        if operation in (codes.ASSERT_NOT, codes.AT):
            return states
        return {""}

    def _spell(self, states: set[str], char: str) -> set[str]:
        out = set()
        for state in states:
            spelled = state + char
            if spelled.endswith(tuple(self.words)):
                continue
            while spelled and not any(word.startswith(spelled) for word in self.words):
                spelled = spelled[1:]
            out.add(spelled)
        return out


def _members(items: Iterable[Any]) -> Iterable[str]:
    """Some characters of a class: all that it lists, and the first of each range."""
    for operation, argument in items:
        if operation is codes.LITERAL:
            yield chr(argument)
        elif operation is codes.RANGE:
            yield chr(argument[0])
