"""The dates of a text on their own: find them, resolve them in order, without reading any event."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from dragoman.calendar import Chronology, Resolved, TimeFinder, TimeMention
from dragoman.fold import fold

#: How far from the mention, within its clause, a word about past or future counts.
_BEFORE, _FAR_BEFORE, _AFTER = 6, 30, 10
_CLAUSE_END = "[,;:!?\\u3002\\n]"


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A time expression of a text and what it means; `start` and `end` are offsets into the text."""

    start: int
    end: int
    text: str
    edtf: str
    earliest: date | None
    latest: date | None
    kind: str
    resolved: Resolved


@lru_cache(maxsize=4)
def time_rules(pack: str = "zh") -> dict[str, Any]:
    """The time rules of a pack, as they stand in its `time.toml`."""
    source = files("dragoman").joinpath(f"packs/{pack}/time.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


@lru_cache(maxsize=4)
def time_finder(pack: str = "zh") -> TimeFinder:
    """The finder of a pack, built once."""
    return TimeFinder(time_rules(pack))


class Direction:
    """Whether the words around a mention speak of the past or the future, or report what somebody said."""

    def __init__(self, rules: dict[str, Any]) -> None:
        names: dict[str, str] = {word: name for name, words in rules.get("direction", {}).items() for word in words}
        longest = sorted(names, key=len, reverse=True)
        self._names = names
        self._word = re.compile("|".join([*map(re.escape, longest), _CLAUSE_END]))

    def of(self, text: str, start: int, end: int) -> str:
        """`future`, `past`, `report` or `none` for the mention between the offsets.

        The nearest word decides: what stands before the mention in its clause, then what follows it.
        """
        # "will, on the 3rd, go": a comma and a preposition do not end the clause
        before, reach = (start - 2, _FAR_BEFORE) if text[start - 2 : start - 1] == "," else (start, _BEFORE)
        for word in reversed(self._word.findall(text, max(0, start - reach), max(0, before))):
            name = self._names.get(word)
            if name is None:
                break
            if name in ("future", "past"):
                return name
        # "On the 3rd, the president will": the clause goes on behind the comma.
        follows = end + 1 if text[end : end + 1] == "," else end
        found = self._word.search(text, follows, follows + _AFTER)
        name = self._names.get(found[0]) if found else None
        return "none" if name is None or name == "stop" else name


@lru_cache(maxsize=4)
def direction_words(pack: str = "zh") -> Direction:
    """The words about past and future of a pack."""
    return Direction(time_rules(pack))


def resolved_mentions(
    text: str, anchor: str | None = None, *, pack: str = "zh"
) -> Iterator[tuple[TimeMention, Resolved]]:
    """The mentions of a folded text with their meaning, each resolved in the light of those before it."""
    direction = direction_words(pack)
    chronology = Chronology(anchor)
    for mention in time_finder(pack).find(text):
        result = chronology.resolve(mention, direction.of(text, mention.start, mention.end))
        if result is not None:
            yield mention, result


def dates(text: str, anchor: str | None = None) -> list[DateExpression]:
    """The time expressions of a text, in order.

    `anchor` is the EDTF date of publication ("2024-03-02", "2024-03" or "2024"), against which "last month" or
    "the 3rd" are resolved. Without it they stay as open as the text leaves them.
    """
    return [
        DateExpression(
            mention.start,
            mention.end,
            text[mention.start : mention.end],
            result.edtf,
            result.earliest,
            result.latest,
            mention.kind,
            result,
        )
        for mention, result in resolved_mentions(fold(text), anchor)
    ]
