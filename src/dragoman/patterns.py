"""Looks into the patterns of rules: the parts that a pattern consists of, and how far it gets in a sentence.

For explaining; the reader itself never comes here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
