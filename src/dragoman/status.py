"""The status of an event, by the cues of status.toml around the words that tell it. The first that holds decides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dragoman.match import Compiler, Rule
from dragoman.pack import Pack

#: Where a cue may stand. before: in the clause, or from the subject on where that stands in an earlier one; clause: in
#: the clause, even in front of the subject; sentence: anywhere in front; inside: in the words that tell the event;
#: around: from in front of them to behind them; after: behind them in the clause.
SIDES = frozenset({"before", "clause", "sentence", "inside", "around", "after"})
#: What a cue may say; the head of status.toml tells what each means.
CUE_KEYS = frozenset({"name", "status", "side", "within", "words", "pattern", "dates", "carries", "yes", "no"})
#: So many characters behind the subject at most stands a cue that holds for all that he is said to do.
CARRIED = 8


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that tells the status, where it must stand and how far it reaches; whether only a time told behind it is
    the event's, since one before it is that of announcing; and whether, right behind the subject, it holds for all that
    the subject is said to do."""

    name: str
    status: str
    regex: re.Pattern[str]
    side: str
    within: int
    dates_behind: bool
    carries: bool

    @classmethod
    def of(cls, row: Mapping[str, Any], compiler: Compiler) -> Cue:
        """The cue that a row of status.toml describes."""
        words = [re.escape(word) for word in row.get("words", ())]
        if "pattern" in row:
            words.append(compiler.compile(row["pattern"], f"status.toml: cue {row['name']}")[0].pattern)
        return cls(
            row["name"],
            row["status"],
            re.compile("|".join(words)),
            row["side"],
            row["within"],
            row.get("dates") == "behind",
            row.get("carries", False),
        )


class Told(NamedTuple):
    """A status, the cue that told it, and where in the squeezed sentence the times begin that may be the event's."""

    status: str
    cue: str | None = None
    since: int | None = None


class StatusReader:
    """Tells the status of what a rule has read in a squeezed sentence."""

    def __init__(self, pack: Pack) -> None:
        self.cues = [Cue.of(row, pack.compiler) for row in pack.status["cue"]]
        self.clause = pack.clause
        self.relative = pack.refer["instrument"]["of"]
        self.held = tuple(pack.refer["gathering"]["held"])  # the relative clause is the event's, not the subject's

    def read(self, text: str, subject: int, core: tuple[int, int], rule: Rule) -> Told:
        """The status of the event that the words `core` tell, whose subject stands at `subject`: that of the first cue
        that holds, else the rule's own, else held."""
        fixed = rule.options.get("status")
        clause = max([0, *(mark.end() for mark in self.clause.finditer(text, 0, core[0]))])
        # what a relative clause in front of the subject says of it does not hold for what it does
        head = text[clause:subject]
        own = rule.makes == "meeting" and head.endswith(self.held)
        begin = subject if head.endswith(self.relative) and not own else min(clause, subject)
        mark = self.clause.search(text, core[1])
        end = mark.start() if mark else len(text)
        starts = {"before": begin, "clause": clause, "sentence": 0, "around": 0}
        deaf = rule.options.get("deaf", ())
        for cue in self.cues:
            if cue.name in deaf:
                continue
            first, last = core
            if cue.side in starts:
                first, last = max(starts[cue.side], core[0] - cue.within), core[0]
            if cue.side == "around":
                last = core[1] + cue.within
            elif cue.side == "after":
                first, last = core[1], min(end, core[1] + cue.within)
            found = cue.regex.search(text[first:last])
            if found and cue.side == "around" and not found.start() < core[0] - first < found.end():
                found = None
            carried = cue.carries and subject < clause
            if found or (carried and cue.regex.search(text, subject, min(subject + CARRIED, core[0]))):
                if fixed and cue.status in ("planned", "proposed"):
                    break
                return Told(cue.status, cue.name, first + found.start() if found and cue.dates_behind else None)
        return Told(fixed or "held")
