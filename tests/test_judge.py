"""`dragoman judge`: what is said holds at once and after re-reading, can be taken back, handed on, made gold."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

import dragoman
from dragoman.cli import app
from dragoman.score_files import load_gold
from dragoman.store import KeptReport, QueryError, Record, RecordError
from dragoman.store.check import check
from dragoman.store.dump import dump
from dragoman.store.file import connect
from dragoman.store.judge import take_in
from dragoman.store.linking import link_all
from dragoman.store.verdicts import to_json
from test_record_links import PAGES, groups, load

SIGNED = {"who": "审校", "why": "read beside the page"}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, text in PAGES.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    load(folder / "record", *sorted(folder.glob("*.txt")))
    return folder


@pytest.fixture
def record(tmp_path: Path, loaded: Path) -> Path:
    shutil.copy(loaded / "record", tmp_path / "record")
    return tmp_path / "record"


def ids(record: Path) -> dict[str, str]:
    """The report of each page."""
    with Record(record) as opened:
        rows = opened.database.execute(
            "SELECT substr(d.document, 1, 1), r.report FROM reports r JOIN items i ON i.id = r.item "
            "JOIN documents d ON d.id = i.document ORDER BY d.document"
        )
        return dict(rows)


def report(record: Path, page: str) -> KeptReport:
    with Record(record) as opened:
        return next(one for one in [*opened.reports(), *opened.wrong()] if one.document == f"{page}.txt")


def dumped(record: Path) -> str:
    """Everything but the judgements."""
    with closing(connect(record, write=False)) as database:
        assert list(check(database)) == []
        return "".join(line for line in dump(database) if json.loads(line)["line"] != "judgement")


def say(record: Path, verdict: str, page: str, *rest: str | None) -> str:
    """Say something of the reports of pages; gives the judgement's id."""
    known = ids(record)
    with dragoman.open(record, write=True) as opened:
        if verdict == "field":
            name, value = rest
            said = opened.judge(verdict, known[page], field=name, value=value, **SIGNED)
        else:
            said = opened.judge(verdict, known[page], *(known[str(other)] for other in rest), **SIGNED)
    return said.judgement


def read_again(record: Path, pages: Path) -> None:
    load(record, *sorted(pages.glob("*.txt")), again=True)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="dragoman")


#: What is said, and which pages tell of one visit then; that of 4 is another without it.
SAID: list[tuple[list[tuple[str | None, ...]], list[str]]] = [
    ([("same", "3", "4")], ["1234"]),
    ([("different", "1", "2")], ["13", "2", "4"]),
    ([("different", "1", "2"), ("same", "2", "4")], ["13", "24"]),
    ([("wrong", "2")], ["13", "4"]),
    ([("wrong", "1"), ("wrong", "2"), ("wrong", "3")], ["4"]),
    ([("wrong", "2"), ("right", "2")], ["123", "4"]),
    ([("right", "2"), ("wrong", "2")], ["13", "4"]),
    ([("field", "1", "start", "2013-12-11")], ["123", "4"]),
    ([("field", "4", "place_country", "CHN")], ["123", "4"]),
]


@pytest.mark.parametrize(("said", "expected"), SAID, ids=lambda value: str(value))
@pytest.mark.parametrize("later", ["at once", "read again", "linked again", "a page again"])
def test_what_is_said_holds(
    record: Path, loaded: Path, said: list[tuple[Any, ...]], expected: list[str], later: str
) -> None:
    for verdict, page, *rest in said:
        say(record, verdict, page, *rest)
    at_once = dumped(record)
    if later == "read again":
        read_again(record, loaded)
    elif later == "linked again":
        with closing(connect(record, write=True)) as database:
            link_all(database)
    elif later == "a page again":
        load(record, loaded / "2.txt", again=True)
    assert groups(record) == expected
    if later != "linked again":
        assert dumped(record) == at_once


@pytest.mark.parametrize(("said", "expected"), SAID, ids=lambda value: str(value))
def test_taken_back_all_is_as_it_was(record: Path, said: list[tuple[Any, ...]], expected: list[str]) -> None:
    before = [dumped(record)]
    made = []
    for verdict, page, *rest in said:
        made.append(say(record, verdict, page, *rest))
        before.append(dumped(record))
    for judgement in reversed(made):
        before.pop()
        with Record(record, write=True) as opened:
            opened.undo(judgement, **SIGNED)
        assert dumped(record) == before[-1]
    with Record(record) as opened:
        assert [(one.judgement, one.undone_who) for one in opened.judgements()] == [(one, "审校") for one in made]


def test_taken_back_in_another_order(record: Path) -> None:
    before = dumped(record)
    first, second = say(record, "same", "3", "4"), say(record, "wrong", "4")
    for judgement in (first, second):
        with Record(record, write=True) as opened:
            opened.undo(judgement, **SIGNED)
    assert groups(record) == ["123", "4"]
    assert dumped(record) == before


def test_an_event_stands_for_its_reports(record: Path) -> None:
    one, other = report(record, "1").event, report(record, "4").event
    with Record(record, write=True) as opened:
        said = opened.judge("same", one, other, **SIGNED)
    known = ids(record)
    assert said.subject.split() == sorted(known[page] for page in "123")
    assert said.object == known["4"]
    assert groups(record) == ["1234"]


#: Field, value, and what the report of page 1 says then.
FIELDS = [
    ("mode", "state", "state"),
    ("mode", None, None),
    ("status", "cancelled", "cancelled"),
    ("start", "2013-12-11", "2013-12-11"),
    ("end", "2013-12", "2013-12"),
    ("place", "东京", "东京"),
    ("place_country", "CHN", "CHN"),
    ("name", "友好之旅", "友好之旅"),
]


@pytest.mark.parametrize(("field", "value", "expected"), FIELDS)
def test_a_corrected_field_shows_and_what_was_read_is_kept(
    record: Path, field: str, value: str | None, expected: str | None
) -> None:
    was = getattr(report(record, "1"), field)
    say(record, "field", "1", field, value)
    now = report(record, "1")
    assert (getattr(now, field), now.corrected) == (expected, {field: was})
    assert now.report == ids(record)["1"]


def test_a_correction_shows_in_the_event(record: Path) -> None:
    say(record, "field", "4", "start", "2014-03-06")
    with Record(record) as opened:
        (event,) = opened.events(period="2014")
    assert event.start == "2014-03-06"


def test_the_later_correction_stands(record: Path) -> None:
    say(record, "field", "4", "start", "2014-03-06")
    second = say(record, "field", "4", "start", "2014-03-07")
    assert report(record, "4").start == "2014-03-07"
    with Record(record, write=True) as opened:
        opened.undo(second, **SIGNED)
    assert report(record, "4").start == "2014-03-06"


def test_participants_and_kind(record: Path) -> None:
    before = dumped(record)
    guest = {"name": "苏里亚", "role": "visitor", "country": "LAO", "post": "老挝副总理"}
    made = [say(record, "field", "4", "participants", json.dumps([guest]))]
    assert [(p.name, p.kind) for p in report(record, "4").participants] == [("苏里亚", "person")]
    with Record(record) as opened:
        assert [event.start for event in opened.events(person="苏里亚")] == ["2014-03-05"]
        assert list(opened.events(person="本扬")) == []
    with pytest.raises(QueryError, match="mode first"):
        say(record, "field", "4", "kind", "meeting")
    made.append(say(record, "field", "4", "mode", None))
    with pytest.raises(QueryError, match="participants first"):
        say(record, "field", "4", "kind", "meeting")
    for field, value in (("participants", "[]"), ("kind", "meeting"), ("mode", "talks")):
        made.append(say(record, "field", "4", field, value))
    with Record(record, write=True) as opened:
        with pytest.raises(QueryError, match="has no mode talks"):
            opened.undo(made[-2], **SIGNED)
        for judgement in reversed(made):
            opened.undo(judgement, **SIGNED)
    assert dumped(record) == before


def test_a_wrong_report_stays_listed(record: Path) -> None:
    say(record, "wrong", "4")
    with Record(record) as opened:
        assert [one.document for one in opened.wrong()] == ["4.txt"]
        assert "4.txt" not in {one.document for one in opened.reports()}
    shown = run("show", record, "--what", "wrong")
    assert [json.loads(line)["document"] for line in shown.stdout.splitlines()] == ["4.txt"]


def test_what_is_said_follows_a_report_that_reads_otherwise_now(record: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "4.txt").write_text(PAGES["4"], "utf-8")
    fresh = tmp_path / "fresh"
    load(fresh, pages)
    before = ids(fresh)["4"]
    say(fresh, "field", "4", "place", "东京都")
    say(fresh, "wrong", "4")
    (pages / "4.txt").write_text(PAGES["4"].replace("3月5日", "3月6日"), "utf-8")
    load(fresh, pages)
    now = report(fresh, "4")
    assert now.report != before
    assert (now.start, now.place, bool(now.event)) == ("2014-03-06", "东京都", True)  # what was wrong is not said now


def export(record: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("judge", record, "export").stdout.splitlines()]


def test_judgements_go_into_another_record(record: Path, loaded: Path, tmp_path: Path) -> None:
    before = dumped(record)
    for said in (("same", "3", "4"), ("field", "1", "mode", "state"), ("wrong", "2")):
        say(record, *said)
    with Record(record, write=True) as opened:
        opened.undo(opened.judgements()[0].judgement, **SIGNED)
    lines = tmp_path / "said.jsonl"
    lines.write_text(run("judge", record, "export").stdout, "utf-8")
    other = tmp_path / "other"
    shutil.copy(loaded / "record", other)
    assert run("judge", other, "import", lines).stdout == "3 judgements are new, 0 were known\n"
    assert (dumped(other), export(other)) == (dumped(record), export(record))
    assert run("judge", other, "import", lines).stdout == "0 judgements are new, 3 were known\n"
    for judgement in [said["judgement"] for said in export(other)[:0:-1]]:
        assert run("judge", other, "undo", judgement, "--who", "a", "--why", "b").exit_code == 0
    assert dumped(other) == before


def test_judgements_wait_for_their_reports(record: Path, loaded: Path, tmp_path: Path) -> None:
    for said in (("same", "3", "4"), ("field", "4", "place", "东京都"), ("wrong", "1")):
        say(record, *said)
    lines = tmp_path / "said.jsonl"
    lines.write_text(run("judge", record, "export").stdout, "utf-8")
    other = tmp_path / "other"
    load(other, loaded / "2.txt", loaded / "3.txt")
    told = run("judge", other, "import", lines)
    assert told.stderr == "dragoman: 3 of them wait for reports that are not in this record\n"
    listed = [json.loads(line)["state"] for line in run("judge", other, "list").stdout.splitlines()]
    assert listed == ["waiting"] * 3
    load(other, loaded / "1.txt", loaded / "4.txt")
    assert groups(other) == ["234"]
    assert report(other, "4").corrected == {"place": report(record, "4").corrected["place"]}
    with Record(other) as opened:
        assert [one.document for one in opened.wrong()] == ["1.txt"]


def test_an_imported_taking_back_is_taken_in(record: Path, loaded: Path, tmp_path: Path) -> None:
    judgement = say(record, "wrong", "2")
    other = tmp_path / "other"
    shutil.copy(record, other)
    with Record(record, write=True) as opened:
        opened.undo(judgement, **SIGNED)
        said = [to_json(one) for one in opened.judgements()]
    with Record(other, write=True) as opened:
        fresh, known = take_in(opened.database, [("line 1", line) for line in said])
    assert (len(fresh), known) == (1, 0)
    assert groups(other) == ["123", "4"]


def test_a_corrected_report_becomes_gold(record: Path, tmp_path: Path) -> None:
    say(record, "field", "1", "start", "2013-12-11")
    done = run("judge", record, "gold", ids(record)["1"])
    (tmp_path / "case.yaml").write_text(done.stdout, "utf-8")
    (case,) = load_gold([tmp_path / "case.yaml"])
    assert (case["document"], case["items"], [one["start"] for one in case["reports"]]) == (
        "1.txt",
        ["main"],
        ["2013-12-11"],
    )
    assert all(one["quote"] in PAGES["1"] for one in case["reports"])
    assert {party["role"] for party in case["reports"][0]["participants"]} == {"visitor", "host"}
    say(record, "wrong", "1")
    assert yaml.safe_load(run("judge", record, "gold", ids(record)["1"]).stdout)["reports"] == []


def test_forms_of_the_list(record: Path) -> None:
    judgement = say(record, "field", "1", "mode", None)
    table = run("judge", record, "list", "--to", "table").stdout
    assert f"{judgement}  in force  field" in table
    assert "mode: null" in table
    rows = run("judge", record, "list", "--to", "csv").stdout.splitlines()
    assert (rows[0].split(",")[0], rows[1].split(",")[0], len(rows)) == ("judgement", judgement, 2)
    assert "corrected: mode (read: official)" in run("show", record, "--what", "reports", "--to", "table").stdout


#: What is asked for, with the reports of pages 1, 2 and 4 as R1, R2, R4 and the event of 1 as E; and what is told.
BAD = [
    (["same", "R1"], 2, "wanted is: dragoman judge RECORD same A B"),
    (["wrong", "R1", "R2"], 2, "wanted is: dragoman judge RECORD wrong REPORT"),
    (["gold"], 2, "judge RECORD gold REPORT..."),
    (["same", "R1", "R1"], 2, "have a report in common"),
    (["different", "E", "R1"], 2, "have a report in common"),
    (["same", "R1", "0123"], 2, "there is no report or event 0123"),
    (["wrong", "0123"], 2, "there is no report 0123"),
    (["wrong", "E"], 2, "is an event; give one of its reports"),
    (["gold", "0123"], 2, "there is no report 0123"),
    (["field", "R1", "colour", "red"], 2, "no field colour to correct; there are kind, mode"),
    (["field", "R1", "kind", "party"], 2, "there is no kind party; there are visit"),
    (["field", "R1", "kind", "null"], 2, "kind cannot be empty"),
    (["field", "R1", "mode", "talks"], 2, "visit has no mode talks, only state, official"),
    (["field", "R1", "status", "done"], 2, "there is no status done; there are held"),
    (["field", "R1", "start", "12.12.2013"], 2, "is no day, month or year in EDTF"),
    (["field", "R1", "start", "2013-02-30"], 2, "is no day, month or year in EDTF"),
    (["field", "R1", "start", "2013-12-20"], 2, "start 2013-12-20 lies behind end 2013-12-14; correct the end first"),
    (["field", "R1", "place_country", "XYZ"], 2, "there is no country XYZ"),
    (["field", "R1", "amount", "5"], 2, "only reports of aid have the field amount"),
    (["field", "R1", "amount", "nan"], 2, "amount nan is no plain number"),
    (["field", "R1", "currency", "dollar"], 2, "is no code of ISO 4217"),
    (["field", "R1", "post", "总理"], 2, "only reports of appointment have the field post"),
    (["field", "R1", "name", " "], 2, "wants one line of text"),
    (["field", "R1", "participants", "[1]"], 2, "participants wants a JSON list"),
    (["field", "R1", "participants", '[{"name": "甲"}]'], 2, "has a name and a role"),
    (["field", "R1", "participants", '[{"name": "甲", "role": "party"}]'], 2, "visit has no role party"),
    (
        ["field", "R1", "participants", '[{"name": "甲", "role": "host", "age": "5"}]'],
        2,
        "a participant has name, role",
    ),
    (["undo", "0123"], 2, "there is no judgement 0123"),
    (["import", "none.jsonl"], 1, "none.jsonl: No such file"),
]


@pytest.mark.parametrize(("words", "status", "told"), BAD, ids=lambda value: str(value))
def test_what_cannot_be_said(record: Path, words: list[str], status: int, told: str) -> None:
    known = ids(record)
    names = {f"R{page}": known[page] for page in "124"} | {"E": report(record, "1").event}
    before = dumped(record)
    done = run("judge", record, *(names.get(word, word) for word in words), "--who", "a", "--why", "b")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (status, "", 1)
    assert told in done.stderr
    assert (dumped(record), export(record)) == (before, [])


@pytest.mark.parametrize("signed", [[], ["--who", "a"], ["--why", "b"], ["--who", " ", "--why", "b"]])
def test_nobody_says_anything_without_a_name_and_a_reason(record: Path, signed: list[str]) -> None:
    done = run("judge", record, "wrong", ids(record)["1"], *signed)
    assert (done.exit_code, done.stderr.count("\n"), export(record)) == (2, 1, [])
    assert "who" in done.stderr


def test_judgements_that_cannot_all_hold(record: Path) -> None:
    say(record, "same", "1", "2")
    before = dumped(record)
    with pytest.raises(QueryError, match="judged both same and different; take one of them back first"):
        say(record, "different", "1", "2")
    assert (dumped(record), len(export(record))) == (before, 1)


def test_what_was_taken_back_is_not_taken_back_again(record: Path) -> None:
    judgement = say(record, "wrong", "1")
    with Record(record, write=True) as opened:
        opened.undo(judgement, **SIGNED)
        with pytest.raises(QueryError, match="taken back already, by 审校"):
            opened.undo(judgement, **SIGNED)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2: no JSON"),
        ("[]", "line 2: no judgement; it has the keys"),
        ('{"judgement": "x"}', "line 2: no judgement; it has the keys"),
        (("who", "somebody else"), "line 2: judgement"),
        (("who", None), "line 2: no judgement; verdict, subject"),
        (("at", "yesterday"), "was not made at yesterday"),
        (("verdict", "maybe"), "does not say what its id says"),
    ],
)
def test_nothing_of_a_file_with_a_fault_is_imported(
    record: Path, tmp_path: Path, loaded: Path, line: Any, told: str
) -> None:
    say(record, "wrong", "1")
    (row,) = export(record)
    bad = json.dumps({**row, line[0]: line[1]}) if isinstance(line, tuple) else line
    lines = tmp_path / "said.jsonl"
    lines.write_text(json.dumps(row) + "\n" + bad + "\n", "utf-8")
    other = tmp_path / "other"
    shutil.copy(loaded / "record", other)
    done = run("judge", other, "import", lines)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert told in done.stderr
    assert export(other) == []


def test_a_record_that_cannot_be_written(record: Path, tmp_path: Path) -> None:
    known = ids(record)
    done = run("judge", tmp_path / "none", "wrong", known["1"], "--who", "a", "--why", "b")
    assert (done.exit_code, (tmp_path / "none").exists()) == (1, False)
    assert "there is no such record" in done.stderr
    with Record(record) as opened, pytest.raises(RecordError, match="read-only"):
        opened.judge("wrong", known["1"], **SIGNED)


def test_check_finds_what_does_not_follow_from_the_judgements(record: Path) -> None:
    judgement = say(record, "wrong", "2")
    say(record, "field", "1", "mode", "state")
    with closing(sqlite3.connect(record)) as database, database:
        database.execute(
            "UPDATE judgements SET undone_at = '2026' WHERE judgement = ? OR verdict = 'field'", (judgement,)
        )
    with closing(connect(record, write=False)) as database:
        faults = sorted(fault.partition(": ")[0] for fault in check(database))
    assert faults == ["a report that is corrected without a judgement", "a report without an event"]
