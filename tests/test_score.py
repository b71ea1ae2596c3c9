"""The scorer: what counts as found, exact and right, as tables of gold, output and figures."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.score import fact_matches, fold_name, measure
from dragoman.score_files import below_floors, load_gold, raised

LI = {"name": "李四", "role": "visitor", "country": "CHN"}
ZHANG = {"name": "张三", "role": "host", "country": "JPN"}


def visit(**changes: Any) -> dict[str, Any]:
    """A gold visit, or the same as the system's output, with some fields changed."""
    row = {
        "document": "a.txt",
        "item": "main",
        "event": "e1",
        "kind": "visit",
        "mode": "official",
        "status": "planned",
        "name": None,
        "start": "2013-12-12",
        "end": "2013-12-14",
        "place_country": "JPN",
        "participants": [LI, ZHANG],
    }
    return row | changes


def figures(gold: list[dict[str, Any]], system: list[dict[str, Any]]) -> tuple[float, float, float]:
    shown = measure([{"document": "a.txt", "reports": gold}], system).to_json()
    return shown["precision"], shown["recall"], shown["exact"]


ONE_REPORT = [
    # what differs, gold, system, (precision, recall, exact)
    ("nothing", {}, {}, (1, 1, 1)),
    ("mode is a slot but not part of exact", {}, {"mode": "state"}, (1, 1, 1)),
    ("another day is found, not exact", {}, {"start": "2013-12-11"}, (1, 1, 0)),
    ("an imprecise day is not exact", {}, {"start": "2013-12"}, (1, 1, 0)),
    ("another kind is not found", {}, {"kind": "meeting"}, (0, 0, 0)),
    ("one of several kinds", {"any_kind": ["visit", "meeting"]}, {"kind": "meeting"}, (1, 1, 1)),
    ("another status is not exact", {}, {"status": "held"}, (1, 1, 0)),
    ("one of several statuses", {"any_status": ["held", "planned"]}, {"status": "held"}, (1, 1, 1)),
    ("unknown day where gold allows it", {"any_date": True, "start": None}, {}, (1, 1, 1)),
    ("wrong day where gold names one", {"any_date": True}, {"start": None}, (1, 1, 0)),
    ("country that gold leaves open", {"place_country": None}, {}, (1, 1, 1)),
    ("another country is not exact", {}, {"place_country": "KOR"}, (1, 1, 0)),
    ("one participant of two is found", {}, {"participants": [LI]}, (1, 1, 0)),
    ("none of them is not", {}, {"participants": [{"name": "王五", "role": "visitor"}]}, (0, 0, 0)),
    ("swapped roles", {}, {"participants": [LI | {"role": "host"}, ZHANG | {"role": "visitor"}]}, (1, 1, 0)),
    ("alias", {"participants": [LI | {"aliases": ["李老四"]}]}, {"participants": [LI | {"name": "李老四"}]}, (1, 1, 1)),
    (
        "optional participant absent",
        {"participants": [LI, ZHANG | {"optional": True}]},
        {"participants": [LI]},
        (1, 1, 1),
    ),
    ("optional participant present", {"participants": [LI, ZHANG | {"optional": True}]}, {}, (1, 1, 1)),
    ("any role", {"participants": [LI | {"any_role": ["party", "visitor"]}, ZHANG]}, {}, (1, 1, 1)),
]


@pytest.mark.parametrize(
    ("gold", "system", "expected"), [row[1:] for row in ONE_REPORT], ids=[r[0] for r in ONE_REPORT]
)
def test_one_report_against_one(
    gold: dict[str, Any], system: dict[str, Any], expected: tuple[float, float, float]
) -> None:
    assert figures([visit(**gold)], [visit(**system)]) == expected


def test_optional_report_is_neither_asked_for_nor_counted_against() -> None:
    optional = visit(kind="meeting", optional=True)
    assert figures([visit(), optional], [visit()]) == (1, 1, 1)
    assert figures([visit(), optional], [visit(), visit(kind="meeting")]) == (1, 1, 1)


def test_a_report_told_twice_is_right_once() -> None:
    assert figures([visit()], [visit(), visit()]) == (0.5, 1, 1)


def test_the_more_similar_report_is_matched() -> None:
    early, late = visit(start="2013-01-01", end="2013-01-02"), visit(start="2014-01-01", end="2014-01-02")
    assert figures([early, late], [late, early]) == (1, 1, 1)


def test_reports_of_documents_without_gold_are_ignored() -> None:
    assert figures([visit()], [visit(), visit(document="b.txt")]) == (1, 1, 1)


def test_merging_counts_pairs_of_found_reports() -> None:
    gold = [visit(item=item, event="e") for item in ("main", "more-1", "more-2")]
    system = [visit(item=item, event=event) for item, event in (("main", "x"), ("more-1", "x"), ("more-2", "y"))]
    shown = measure([{"document": "a.txt", "reports": gold}], system).to_json()
    assert shown["merge"] == {"precision": 1.0, "recall": 0.333, "pairs": 3}


def test_kinds_and_misses_say_where_it_goes_wrong() -> None:
    gold = [visit(), visit(kind="call", participants=[ZHANG])]
    score = measure([{"document": "a.txt", "reports": gold}], [visit(status="held"), visit(kind="aid")])
    assert score.to_json()["kinds"] == {
        "aid": "found 0/0, right 0/1",
        "call": "found 0/1, right 0/0",
        "visit": "found 1/1, right 1/1",
    }
    assert [(miss.sort, miss.slots) for miss in score.misses] == [
        ("wrong", ("status",)),
        ("missed", ()),
        ("spurious", ()),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("武元甲·张", "武元甲・张"),
        ("ＡＢＣ", "abc"),
        ("东盟—日本峰会", "东盟-日本峰会"),
        ("《联合声明》", "联合声明"),
        ("弗拉基米尔 普京", "弗拉基米尔普京"),
    ],
)
def test_names_that_only_wires_write_differently_are_equal(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


TRADE = {"fact": "indicator", "name": "bilateral_trade", "country": "VNM", "partner": "JPN", "value": 24700000000}
POST = {"fact": "post", "person": "李四", "post": "外交部长", "country": "CHN"}


@pytest.mark.parametrize(
    ("gold", "row", "expected"),
    [
        (TRADE, TRADE | {"unit": "USD"}, True),
        (TRADE, TRADE | {"value": 24.7e9}, True),
        (TRADE, TRADE | {"value": 24.8e9}, False),
        (TRADE | {"unit": "USD"}, TRADE, False),
        (TRADE, TRADE | {"country": "JPN", "partner": "VNM"}, True),
        (TRADE, TRADE | {"value": None}, False),
        (POST, POST | {"post": "中国外交部长"}, True),
        (POST, POST | {"country": "JPN"}, False),
        ({"fact": "statement", "speaker": "李四"}, {"fact": "statement", "speaker": "李四", "text": "."}, True),
        ({"fact": "statement", "speaker": "李四"}, {"fact": "post", "person": "李四"}, False),
    ],
)
def test_facts(gold: dict[str, Any], row: dict[str, Any], expected: bool) -> None:
    assert fact_matches(gold, row) is expected


def test_gold_files_may_hold_several_documents(tmp_path: Any) -> None:
    (tmp_path / "a.yaml").write_text("document: a\n---\ndocument: b\n---\n", "utf-8")
    assert [row["document"] for row in load_gold([tmp_path / "a.yaml"])] == ["a", "b"]


@pytest.mark.parametrize(
    ("figures", "floors", "fallen"),
    [
        ({"f1": 0.8}, {"f1": 0.8}, 0),
        ({"f1": 0.79}, {"f1": 0.8}, 1),
        ({}, {"f1": 0.8}, 1),
        ({"f1": 0.9, "exact": 0.1}, {"f1": 0.8}, 0),
    ],
)
def test_a_figure_below_its_floor_or_gone_is_named(
    figures: dict[str, float], floors: dict[str, float], fallen: int
) -> None:
    assert len(below_floors(figures, floors)) == fallen


FIGURES = st.dictionaries(st.sampled_from(["f1", "exact", "gold"]), st.floats(0, 1))


@given(FIGURES, FIGURES)
def test_raised_floors_never_fall(figures: dict[str, float], floors: dict[str, float]) -> None:
    after = raised(figures, floors)
    assert all(after[name] >= floor for name, floor in floors.items())
    assert not below_floors(after, floors)
    assert not below_floors(after, figures)
