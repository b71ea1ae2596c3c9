"""Time expressions against a peer, on the table of tests/data/dates.tsv.

    python benchmarks/dates.py             # Dragoman alone
    python benchmarks/dates.py --peer      # and jionlp, if this interpreter has it (pip install jionlp==1.5.29)

Counted are expressions with a value that is a date, in sentences with a full day as anchor. An answer is right if
its first and last day both lie within what the table says (so a month may be answered by a part of it). False are
answers that touch no expression of the table. Anaphors ("that day", "the next day") are counted by themselves. The
table was made for Dragoman: it shows where the two differ, not how good the peer is at what it was made for.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from dragoman import edtf
from dragoman.dates import dates

TABLE = Path(__file__).parents[1] / "tests" / "data" / "dates.tsv"
ANAPHORS = ("当天", "当日", "同日", "次日", "翌日", "当晚", "第二天", "前一天", "会后")


class Answer(NamedTuple):
    """A span and the first and last day it means, None where open or unknown."""

    start: int
    end: int
    first: date | None
    last: date | None


Reader = Callable[[str, str], list[Answer]]


def bounds(value: str) -> tuple[date | None, date | None] | None:
    """The days of a value of the table; None if it is no date."""
    first, _, last = value.partition("/")
    start, end = edtf.parse(first), edtf.parse(last or first)
    if start is None and end is None:
        return None
    return start.earliest if start else None, end.latest if end else None


def table() -> list[tuple[str, str, list[tuple[int, int, str]]]]:
    """Sentences with a day as anchor: text, anchor, and (start, end, value) of every expression."""
    rows = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith(("#", "text\t")):
            continue
        text, anchor, expected = line.split("\t")
        if len(anchor) != len("2024-03-05"):
            continue
        wanted, at = [], 0
        for item in expected.split("; ") if expected else []:
            span, _, value = item.rpartition("=")
            at = text.index(span, at)
            wanted.append((at, at + len(span), value))
            at += len(span)
        rows.append((text, anchor, wanted))
    return rows


def dragoman(text: str, anchor: str) -> list[Answer]:
    """This project."""
    return [Answer(item.start, item.end, item.earliest, item.latest) for item in dates(text, anchor)]


def jionlp() -> Reader:
    """The peer, quiet."""
    with contextlib.redirect_stdout(io.StringIO()):
        import jionlp as peer

    def read(text: str, anchor: str) -> list[Answer]:
        year, month, day = map(int, anchor.split("-"))
        base = time.mktime((year, month, day, 12, 0, 0, 0, 0, -1))
        answers = []
        for found in peer.ner.extract_time(text, time_base=base, with_parsing=True):
            start, end = found["offset"]
            limits: Any = (found.get("detail") or {}).get("time")
            days: list[date | None] = [None, None]
            if isinstance(limits, list) and len(limits) == 2:
                for place, limit in enumerate(limits):
                    with contextlib.suppress(ValueError, TypeError):
                        days[place] = date.fromisoformat(limit[:10])
            answers.append(Answer(start, end, days[0], days[1]))
        return answers

    return read


def measure(name: str, read: Reader, repeat: int) -> None:
    """Print what a reader gets right, what it invents, and how fast it is."""
    rows = table()
    right = asked = anaphors = anaphors_right = false = spans = failures = 0
    for text, anchor, wanted in rows:
        try:
            answers = read(text, anchor)
        except Exception:  # a peer that raises has no answer
            failures += 1
            answers = []
        spans += len(answers)
        false += sum(not any(a.start < e and s < a.end for s, e, _ in wanted) for a in answers)
        for start, end, value in wanted:
            limits = bounds(value)
            if limits is None:
                continue
            good = any(a.start < end and start < a.end and within(a, limits) for a in answers)
            if text[start:end].startswith(ANAPHORS):
                anaphors, anaphors_right = anaphors + 1, anaphors_right + good
            else:
                asked, right = asked + 1, right + good
    began = time.process_time()
    for _ in range(repeat):
        for text, anchor, _ in rows:
            with contextlib.suppress(Exception):
                read(text, anchor)
    rate = repeat * len(rows) / (time.process_time() - began)
    print(
        f"{name:10} right {right}/{asked} ({right / asked:.1%})  anaphors {anaphors_right}/{anaphors}  "
        f"false spans {false} of {spans}  raised {failures}  {rate:,.0f} sentences a second"
    )


def within(answer: Answer, limits: tuple[date | None, date | None]) -> bool:
    """Whether the days of an answer lie within those of the table; an open side is not asked."""
    first, last = limits
    if first is not None and (answer.first is None or answer.first < first):
        return False
    if last is not None and (answer.last is None or answer.last > last):
        return False
    if first is not None and last is not None:
        return answer.first is not None and answer.last is not None and first <= answer.last and answer.first <= last
    return True


def main() -> None:
    """Measure this project and, if asked, the peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", action="store_true", help="measure jionlp too")
    arguments = parser.parse_args()
    measure("dragoman", dragoman, 20)
    if arguments.peer:
        measure("jionlp", jionlp(), 2)


if __name__ == "__main__":
    main()
