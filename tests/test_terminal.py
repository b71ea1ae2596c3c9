"""What people see in a terminal, from readings made by hand."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from dragoman.model import Evidence, Fact, Participant, Reading, Report
from dragoman.score import measure
from dragoman.terminal import brief, print_counts, print_misses, print_reading, print_score

VISIT = Report(
    document="a.txt",
    item="main",
    event="e",
    kind="visit",
    mode="official",
    status="planned",
    name=None,
    start="2013-12-12",
    end="2013-12-14",
    place="东京",
    place_country="JPN",
    participants=[Participant("张文明", "visitor", country="VNM")],
    amount=None,
    currency=None,
    confidence=0.9,
    evidence=[Evidence(0, 10, "张文明将访问\n日本。")],
)
PAGE = {"document": "a.txt", "title": "题目"}


@pytest.fixture
def out() -> Console:
    return Console(file=io.StringIO(), soft_wrap=True, highlight=False)


def printed(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "2013-12-12 - 2013-12-14"),
        ({}, "visit/official"),
        ({}, "张文明 (VNM, visitor)"),
        ({}, "@ 东京 JPN"),
        ({}, "\n    张文明将访问 日本。\n"),
        ({"start": None, "end": None}, " ? "),
        ({"end": None}, "2013-12-12 - ?"),
        ({"name": "第五届[峰会]"}, "第五届[峰会]"),
        ({"item": "more-2"}, "[more-2]"),
        ({"amount": 1200000, "currency": "JPY"}, "1,200,000 JPY"),
        ({"kind": "appointment", "post": "驻外大使"}, "驻外大使"),
        ({"evidence": [Evidence(0, 2, "一句"), Evidence(5, 7, "又一句")]}, "一句 … 又一句"),
    ],
)
def test_a_report_and_its_evidence(out: Console, changes: dict[str, Any], shown: str) -> None:
    print_reading(out, Reading(PAGE, reports=[replace(VISIT, **changes)]))
    assert shown in printed(out)


def test_a_page_without_events_says_so_and_counts_facts(out: Console) -> None:
    fact = Fact("a.txt", "main", "post", {"person": "张文明"}, [])
    print_reading(out, Reading(PAGE, facts=[fact, fact]))
    assert "no event" in printed(out)
    assert "2 post facts" in printed(out)


def test_counts_by_kind_and_status(out: Console) -> None:
    print_counts(out, [Reading(PAGE, reports=[VISIT, replace(VISIT, status="held")])])
    assert [line.split() for line in printed(out).splitlines()] == [
        ["kind", "held", "planned", "all"],
        ["visit", "1", "1", "2"],
    ]


def test_score_tables_and_errors(out: Console) -> None:
    row = VISIT.to_json()
    gold = [{"document": "a.txt", "reports": [row, row | {"kind": "aid"}]}]
    score = measure(gold, [row | {"status": "held"}, row | {"kind": "call"}])
    print_score(out, score)
    print_misses(out, score, 1)
    text = printed(out)
    assert "all of 1 pages" in text
    assert "status 0/1" in text
    assert [word for word in ("missed", "spurious", "wrong") if f"\n{word}" not in text] == []
    assert brief(row) in text
