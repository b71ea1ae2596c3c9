"""How sentences are built: own short texts (data/structure.yaml) with all the reports that a careful coder writes down.

A case is right if exactly its reports are made: kind, mode, status, days, country, and all participants with role and
country. Cases marked `gap` are known to fail; their number may only fall.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dragoman.article import Article
from dragoman.model import Report
from dragoman.pack import load
from dragoman.reading import read_article

TABLE = Path(__file__).parent / "data/structure.yaml"
#: How many cases are known to fail.
GAPS = 20

PACK = load()


@dataclass(frozen=True)
class Row:
    """One report as a line of the table says it; `*` stands for anything."""

    kind: str
    mode: str
    status: str
    days: str
    country: str
    roles: frozenset[str]
    optional: bool

    @classmethod
    def of(cls, line: str) -> Row:
        kind, status, days, country, *roles = line.removeprefix("?").split()
        kind, _, mode = kind.partition("/")
        return cls(kind, mode or "-", status, days, country, frozenset(roles), line.startswith("?"))

    def fits(self, report: Row) -> bool:
        """Whether `report`, as read, is the one that this row wants."""
        plain = all(
            want in ("*", got)
            for want, got in (
                (self.kind, report.kind),
                (self.mode, report.mode),
                (self.status, report.status),
                (self.days, report.days),
                (self.country, report.country),
            )
        )
        return plain and (not self.roles or self.roles == report.roles)


def days(report: Report) -> str:
    """The days of a report as the table writes them."""
    if report.start == report.end:
        return report.start or "-"
    return f"{report.start or ''}..{report.end or ''}"


def line(report: Report) -> str:
    """A report as a line of the table."""
    kind = f"{report.kind}/{report.mode}" if report.mode else report.kind
    roles = [f"{p.role}:{p.name}={p.country}" for p in report.participants]
    return " ".join([kind, report.status, days(report), report.place_country or "-", *roles])


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Section and case, in the order of the table."""
    for section, rows in yaml.safe_load(TABLE.read_text("utf-8")).items():
        for row in rows:
            yield section, row


def wrong(case: dict[str, Any]) -> list[str]:
    """What is missing (-) and what is too much (+)."""
    reading = read_article(Article("case", case["text"], published=str(case["day"])), PACK)
    wanted = [(text, Row.of(text)) for text in case["reports"]]
    problems = []
    for report in reading.reports:
        found = line(report)
        row = Row.of(found)
        hit = next((pair for pair in wanted if pair[1].fits(row)), None)
        if hit is None:
            problems.append(f"+ {found}  {report.rule}")
        else:
            wanted.remove(hit)
    return problems + [f"- {text}" for text, row in wanted if not row.optional]


def test_the_table_is_large_and_has_no_text_twice() -> None:
    texts = [case["text"] for _, case in cases()]
    assert len(texts) >= 200
    assert len(texts) == len(set(texts))


def test_the_gaps_do_not_grow() -> None:
    assert sum("gap" in case for _, case in cases()) <= GAPS


def parameters() -> Iterator[Any]:
    """The cases for pytest; a known gap may fail."""
    for section, case in cases():
        marks = [pytest.mark.xfail(reason="a known gap", strict=False)] if "gap" in case else []
        yield pytest.param(case, id=f"{section}: {case['text'][:20]}", marks=marks)


@pytest.mark.parametrize("case", list(parameters()))
def test_reports_of_the_table(case: dict[str, Any]) -> None:
    problems = wrong(case)
    assert not problems, "\n".join([case["text"], *problems])
