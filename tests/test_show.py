"""Asking a record: `dragoman show`, `dragoman timeline`, and the same from Python."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import dragoman
from dragoman.cli import app
from dragoman.store import QueryError, Record, RecordError, ask
from dragoman.store.ask import period
from dragoman.store.events import Telling, prevailing, status

PAGES = [
    ("plan", "2013-12-01", "甲社", "应日本首相邀请,越南总理张文明将于2013年12月12日至14日对日本进行正式访问。"),
    (
        "held",
        "2013-12-12",
        "乙社",
        "越南总理张文明12日抵达东京,开始对日本进行正式访问。12月12日,张文明同日本首相田中一郎举行会谈。",
    ),
    ("call", "2019-03-02", "甲社", "2019年3月2日,中国外长李文同法国外长马丁通电话。"),
    ("tie", "2020-05-04", "丙社", "2020年5月4日,法國總統貝爾納在巴黎會見越南總理張文明。"),
    ("rice", "2020-06-01", "丙社", "各地农民正忙于收割水稻,预计产量比去年增加两成。"),
]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("record")
    rows = [{"id": name, "published": day, "agency": agency, "text": text} for name, day, agency, text in PAGES]
    (folder / "pages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with dragoman.open(folder / "news.record", write=True) as opened:
        assert opened.load([folder / "pages.jsonl"]).pages == {"read": len(PAGES)}
    return folder / "news.record"


@pytest.fixture
def run(record: Path) -> Callable[..., Result]:
    def call(verb: str, *arguments: str) -> Result:
        return CliRunner().invoke(app, [verb, str(record), *arguments], prog_name="dragoman")

    return call


@pytest.fixture(params=[ask.FEW, 0], ids=["few", "many"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to look: for what few events answer to, and for what many do."""
    monkeypatch.setattr(ask, "FEW", request.param)


VISIT, TALKS = ("visit", "2013-12-12"), ("meeting", "2013-12-12")
CALL, MEETING = ("call", "2019-03-02"), ("meeting", "2020-05-04")

ASKED: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({}, [MEETING, CALL, VISIT, TALKS]),
    ({"person": "张文明"}, [MEETING, VISIT, TALKS]),
    ({"person": "張文"}, [MEETING, VISIT, TALKS]),
    ({"person": "田中"}, [TALKS]),
    ({"person": "文"}, [MEETING, CALL, VISIT, TALKS]),
    ({"person": "无名"}, []),
    ({"countries": ("JPN",)}, [VISIT, TALKS]),
    ({"countries": ("VNM", "FRA")}, [MEETING]),
    ({"countries": ("法国",)}, [MEETING, CALL]),
    ({"countries": ("LAO",)}, []),
    ({"kind": "meeting"}, [MEETING, TALKS]),
    ({"status": "planned"}, []),
    ({"period": "2013"}, [VISIT, TALKS]),
    ({"period": "2013-12-14"}, [VISIT]),
    ({"period": "2019/2020-05-03"}, [CALL]),
    ({"period": "2019-03/"}, [MEETING, CALL]),
    ({"period": "/2013-12-12"}, [VISIT, TALKS]),
    ({"text": "会见"}, [MEETING]),  # the page has it in traditional characters
    ({"text": "外"}, [CALL]),
    ({"text": "越南 东京"}, [VISIT, TALKS]),
    ({"text": "水稻"}, []),
    ({"agency": "甲"}, [CALL, VISIT]),
    ({"agency": "社", "countries": ("JPN",), "kind": "visit", "text": "总理"}, [VISIT]),
    ({"agency": "丙社", "person": "田中"}, []),
]


@pytest.mark.parametrize(("asked", "expected"), ASKED, ids=[str(asked) for asked, _ in ASKED])
@pytest.mark.usefixtures("way")
def test_events(record: Path, asked: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    with dragoman.open(record) as opened:
        found = [(event.kind, event.start or "") for event in opened.events(**asked)]
        assert (sorted(found), opened.count(**asked)) == (sorted(expected), len(expected))
        assert [day for _, day in found] == sorted((day for _, day in found), reverse=True)


def test_an_event_has_all_that_was_told_of_it(record: Path) -> None:
    with dragoman.open(record) as opened:
        (visit,) = opened.events(kind="visit")
    assert [(told.document, told.seen, told.status) for told in visit.told] == [
        ("plan", "2013-12-01", "planned"),
        ("held", "2013-12-12", "held"),
    ]
    assert (visit.status, visit.mode, visit.end) == ("held", "official", "2013-12-14")
    assert visit.participants[0].name == "张文明"


def test_reports_are_those_of_the_events(record: Path) -> None:
    with dragoman.open(record) as opened:
        reports = list(opened.reports(kind="visit"))
        (event,) = opened.events(kind="visit")
    assert [report.document for report in reports] == ["plan", "held"]
    assert {report.event for report in reports} == {event.event}
    assert {told.report for told in event.told} == {report.report for report in reports}
    texts = {name: text for name, _, _, text in PAGES}
    assert all(texts[r.document][e.start : e.end] == e.text for r in reports for e in r.evidence)


DOCUMENTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["rice", "tie", "call", "held", "plan"]),
    ({"text": "水稻"}, ["rice"]),
    ({"agency": "丙", "period": "2020-05/"}, ["rice", "tie"]),
    ({"period": "2013-12-01"}, ["plan"]),
    ({"kind": "visit"}, ["held", "plan"]),
    ({"person": "张文明", "agency": "乙"}, ["held"]),
]


@pytest.mark.parametrize(("asked", "expected"), DOCUMENTS, ids=[str(asked) for asked, _ in DOCUMENTS])
@pytest.mark.usefixtures("way")
def test_documents(record: Path, asked: dict[str, Any], expected: list[str]) -> None:
    with dragoman.open(record) as opened:
        assert [page.document for page in opened.documents(**asked)] == expected


@pytest.mark.usefixtures("way")
def test_timeline_goes_forward(record: Path, run: Callable[..., Result]) -> None:
    with dragoman.open(record) as opened:
        days = [event.start for event in opened.timeline("VNM")]
    assert days == ["2013-12-12", "2013-12-12", "2020-05-04"]
    lines = [json.loads(line) for line in run("timeline", "越南", "JPN").stdout.splitlines()]
    assert [line["start"] for line in lines] == ["2013-12-12", "2013-12-12"]


def test_show_as_json_csv_and_table(run: Callable[..., Result]) -> None:
    lines = [json.loads(line) for line in run("show", "--pair", "VNM", "JPN").stdout.splitlines()]
    rows = list(csv.DictReader(io.StringIO(run("show", "--pair", "VNM", "JPN", "--to", "csv").stdout)))
    assert [line["event"] for line in lines] == [row["event"] for row in rows]
    assert rows[0]["participants"].startswith("张文明, ")
    table = run("show", "--pair", "VNM", "JPN", "--to", "table").stdout
    assert "told as planned 2013-12-01, held 2013-12-12; 2 reports" in table
    assert "张文明同日本首相田中一郎举行会谈" in run("show", "--what", "reports", "--to", "table").stdout
    pages = run("show", "--what", "documents", "--to", "csv", "--text", "水稻").stdout
    assert [row["document"] for row in csv.DictReader(io.StringIO(pages))] == ["rice"]


def test_what_is_left_out_is_said(run: Callable[..., Result]) -> None:
    result = run("show", "--limit", "2")
    assert len(result.stdout.splitlines()) == 2
    assert result.stderr == "dragoman: there are more than these 2 events; --limit 0 shows all\n"
    assert run("show", "--limit", "4").stderr == run("show", "--limit", "0").stderr == ""


WRONG = [
    (["--kind", "party"], "there is no kind party"),
    (["--status", "over"], "there is no status over"),
    (["--country", "XQX"], "there is no country XQX"),
    (["--period", "2013-13"], "2013-13 is no period"),
    (["--period", "/"], "/ is no period"),
    (["--text", "。"], "holds no word to look for"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG)
def test_what_cannot_be_asked(run: Callable[..., Result], arguments: list[str], told: str) -> None:
    result = run("show", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_python_says_it_too(record: Path) -> None:
    with dragoman.open(record) as opened, pytest.raises(QueryError, match="no kind party"):
        next(opened.events(kind="party"))


def test_arrow(record: Path) -> None:
    with dragoman.open(record) as opened:
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            with pytest.raises(RecordError, match=r"dragoman\[arrow\]"):
                opened.arrow("events")
            return
        table = opened.arrow("events", kind="visit")
        assert table.column("start").to_pylist() == ["2013-12-12"]
        assert opened.arrow("reports").num_rows == 5
        assert opened.arrow("documents").num_rows == len(PAGES)


def test_asking_does_not_write(record: Path) -> None:
    before = record.read_bytes()
    with closing(Record(record)) as opened:
        list(opened.events())
    assert record.read_bytes() == before


PERIODS = [
    ("2012-02", ("2012-02-01", "2012-02-29")),
    ("2012/2013", ("2012-01-01", "2013-12-31")),
    ("2012-03-04/", ("2012-03-04", None)),
    ("/2012", (None, "2012-12-31")),
]


@pytest.mark.parametrize(("written", "expected"), PERIODS)
def test_period(written: str, expected: tuple[str | None, str | None]) -> None:
    assert period(written) == expected


def telling(status: str, seen: str | None, *, start: str | None = None, sure: float = 0.9) -> Telling:
    return Telling("visit", None, status, None, start, start, None, "JPN", sure, seen, "page", None)


STATUSES = [
    ([("planned", "2013-12-01"), ("held", "2013-12-12")], "held"),
    ([("held", "2013-12-12"), ("planned", "2013-12-20")], "held"),
    ([("planned", "2013-12-01"), ("cancelled", "2013-12-05")], "cancelled"),
    ([("cancelled", "2013-12-05"), ("planned", "2014-01-05")], "planned"),
    ([("held", "2013-12-12"), ("denied", "2013-12-13")], "denied"),
    ([("proposed", None), ("planned", None)], "planned"),
    ([("proposed", "2013-12-01"), ("held", None)], "held"),
]


@pytest.mark.parametrize(("told", "expected"), STATUSES)
def test_status(told: list[tuple[str, str | None]], expected: str) -> None:
    assert status([telling(state, seen) for state, seen in told]) == expected


DATES = [
    ([("2013", 0.9), ("2013-12-12", 0.5)], "2013-12-12"),
    ([("2013-12", 0.5), ("2013-12", 0.5), ("2013-12-12", 0.5)], "2013-12-12"),
    ([("2013-12-12", 0.5), ("2013-12-12", 0.5), ("2013-12-13", 0.9)], "2013-12-12"),
    ([("2012", 0.5), ("2012", 0.5), ("2013-12-12", 0.9)], "2012"),
    ([(None, 0.9)], None),
    ([(None, 0.9), ("2013", 0.1)], "2013"),
]


@pytest.mark.parametrize(("told", "expected"), DATES)
def test_the_days_that_stand_for_an_event(told: list[tuple[str | None, float]], expected: str | None) -> None:
    assert prevailing([telling("held", None, start=start, sure=sure) for start, sure in told]).start == expected
