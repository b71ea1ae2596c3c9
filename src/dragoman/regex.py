"""Regular expressions that are compiled when they are first used: a page needs few of those of a pack, and whoever
reads one page must not wait for all. A fault in one shows late, so packs that are not our own are compiled at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "sub")


class Regex:
    """A regular expression with the methods of a compiled one; the first of them to be asked for compiles it."""

    __slots__ = ("pattern", *_METHODS)

    pattern: str
    findall: Callable[..., list[Any]]
    finditer: Callable[..., Iterator[re.Match[str]]]
    fullmatch: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    search: Callable[..., re.Match[str] | None]
    sub: Callable[..., str]

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def __getattr__(self, name: str) -> Any:
        """Called for a method only as long as the slots are empty."""
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


Pattern: TypeAlias = "re.Pattern[str] | Regex"
