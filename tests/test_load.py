"""`dragoman load`: what is kept, what is passed over, and that loading again changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dragoman.model import Evidence, Participant, Report
from dragoman.sources import SourceOptions
from dragoman.store.changes import changes
from dragoman.store.check import check
from dragoman.store.dump import dump
from dragoman.store.events import days
from dragoman.store.file import connect
from dragoman.store.load import Load, Summary, reader_of

ROOT = Path(__file__).resolve().parent.parent
VISIT = "越南总理访问日本\n\n应日本首相邀请,越南总理张文明将于2013年12月12日至14日对日本进行正式访问。\n"
CALL = "中法外长通电话\n\n新华社北京3月2日电 2019年3月2日,中国外长李文同法国外长马丁通电话。\n"
NOTHING = "今年水稻丰收\n\n各地农民正忙于收割,预计产量比去年增加两成。\n"
ENGLISH = "The prime minister received the ambassador."


def load(record: Path, *paths: Path, **options: Any) -> Summary:
    with closing(connect(record, write=True, create=True)) as database:
        return Load(database, reader_of("zh"), **options).run(paths)


def lines(record: Path) -> list[dict[str, Any]]:
    with closing(connect(record, write=False)) as database:
        assert list(check(database)) == []
        return [json.loads(line) for line in dump(database)]


def documents(record: Path) -> dict[str, dict[str, Any]]:
    return {line["document"]: line for line in lines(record) if line["line"] == "document"}


def counted(summary: Summary) -> dict[str, int]:
    return {sort: count for sort, count in summary.to_json()["pages"].items() if count}


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "news.record"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, text in {"visit.txt": VISIT, "call.txt": CALL, "nothing.txt": NOTHING}.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def test_everything_read_is_kept(record: Path, pages: Path) -> None:
    summary = load(record, pages)
    assert counted(summary) == {"read": 3}
    held = documents(record)
    assert {name: line["text"] for name, line in held.items()} == {
        "visit.txt": VISIT,
        "call.txt": CALL,
        "nothing.txt": NOTHING,
    }
    (report,) = held["visit.txt"]["reports"]
    assert (report["kind"], report["mode"], report["start"], report["end"]) == (
        "visit",
        "official",
        "2013-12-12",
        "2013-12-14",
    )
    assert report["participants"][0]["name"] == "张文明"
    assert all(VISIT[e["start"] : e["end"]] == e["text"] for e in report["evidence"])
    events = [line for line in lines(record) if line["line"] == "event"]
    assert {event["kind"]: event["first"] for event in events} == {"visit": "2013-12-12", "call": "2019-03-02"}
    assert {"facet": "country", "value": "VNM"} in next(e for e in events if e["kind"] == "visit")["facets"]


def test_a_second_load_changes_nothing(record: Path, pages: Path) -> None:
    load(record, pages)
    before = lines(record)
    assert counted(load(record, pages)) == {"known": 3}
    assert counted(load(record, *sorted(pages.iterdir()))) == {"known": 3}
    assert lines(record) == before


def test_processes_change_nothing(tmp_path: Path, pages: Path) -> None:
    load(tmp_path / "one", pages)
    load(tmp_path / "two", pages, jobs=2)
    assert lines(tmp_path / "one") == lines(tmp_path / "two")


def test_only_what_is_new_is_read(record: Path, pages: Path) -> None:
    load(record, pages / "visit.txt")
    assert counted(load(record, pages)) == {"read": 2, "known": 1}


def test_a_page_that_has_changed_takes_the_place_of_the_old_one(record: Path, pages: Path) -> None:
    load(record, pages)
    (pages / "visit.txt").write_text(VISIT.replace("14日", "15日"), "utf-8")
    summary = load(record, pages)
    assert counted(summary) == {"read": 1, "known": 2}
    assert summary.changes == {"changed": 1}
    assert documents(record)["visit.txt"]["reports"][0]["end"] == "2013-12-15"


def test_another_page_of_the_same_name_is_another_page(record: Path, pages: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "visit.txt"
    other.parent.mkdir()
    other.write_text(CALL.replace("3月2日", "3月9日"), "utf-8")
    load(record, pages / "visit.txt")
    assert counted(load(record, other)) == {"read": 1}
    assert counted(load(record, other, pages / "visit.txt", again=True)) == {"read": 2}
    held = documents(record)
    assert len(held) == 2
    assert held["visit.txt"]["text"] == VISIT


def test_a_moved_page_is_known(record: Path, pages: Path, tmp_path: Path) -> None:
    load(record, pages)
    pages.rename(tmp_path / "moved")
    assert counted(load(record, tmp_path / "moved")) == {"known": 3}


def test_a_copy_is_kept_and_not_read(record: Path, pages: Path) -> None:
    shutil.copy(pages / "visit.txt", pages / "z-copy.txt")
    assert counted(load(record, pages)) == {"read": 3, "duplicate": 1}
    copy = documents(record)["z-copy.txt"]
    assert (copy["copy_of"], copy["text"], copy["reports"]) == ("visit.txt", VISIT, [])
    assert counted(load(record, pages)) == {"known": 4}


def test_a_copy_of_what_is_another_page_now_is_read(record: Path, pages: Path) -> None:
    for name in ("y-copy.txt", "z-copy.txt"):
        shutil.copy(pages / "visit.txt", pages / name)
    load(record, pages)
    (pages / "visit.txt").write_text(VISIT.replace("14日", "15日"), "utf-8")
    load(record, pages)
    held = documents(record)
    assert [len(held[name]["reports"]) for name in ("visit.txt", "y-copy.txt", "z-copy.txt")] == [1, 1, 0]
    assert held["z-copy.txt"]["copy_of"] == "y-copy.txt"


def test_every_page_is_counted_with_its_reason(record: Path, pages: Path) -> None:
    (pages / "empty.txt").write_text("", "utf-8")
    (pages / "foreign.txt").write_text(ENGLISH, "utf-8")
    (pages / "more.jsonl").write_text(
        '{"id": "1", "text"\n' + json.dumps({"id": "2", "text": VISIT * 2}) + "\n", "utf-8"
    )
    said: list[str] = []
    first = load(record, pages, pages / "missing.txt", said=said.append)
    assert counted(first) == {"read": 4, "empty": 1, "foreign": 1, "failed": 2}
    assert first.reasons["empty", "is empty"] == first.reasons["foreign", "another language"] == 1
    assert len(said) == 4
    again = load(record, pages, pages / "missing.txt")
    assert counted(again) == {"known": 4, "empty": 1, "foreign": 1, "failed": 2}
    assert again.reasons == first.reasons
    with closing(connect(record, write=False)) as database:
        stored = [json.loads(row[0]) for row in database.execute("SELECT counts FROM loads ORDER BY id")]
    assert stored == [first.to_json(), again.to_json()]


def test_pages_of_one_file_with_one_id_are_all_kept(record: Path, tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps({"id": "7", "text": text}) + "\n" for text in (VISIT, CALL)), "utf-8")
    load(record, path)
    load(record, path, again=True)
    assert {name: line["text"] for name, line in documents(record).items()} == {"7": VISIT, "7#2": CALL}


def test_what_is_left_out_of_a_page_is_said(record: Path, pages: Path) -> None:
    with closing(connect(record, write=True, create=True)) as database:
        summary = Load(database, reader_of("zh")).run([pages / "visit.txt"], SourceOptions(max_chars=30))
    assert summary.reasons == {("read", "longer than 30 characters: the rest was not read"): 1}
    assert documents(record)["visit.txt"]["notes"] == '["longer than 30 characters: the rest was not read"]'


def test_what_can_be_read_now_is_no_longer_skipped(record: Path, pages: Path) -> None:
    (pages / "more.txt").write_text("", "utf-8")
    load(record, pages)
    (pages / "more.txt").write_text(VISIT * 2, "utf-8")
    load(record, pages)
    assert [line for line in lines(record) if line["line"] == "skip"] == []


def test_broken_characters_are_kept_as_question_marks(record: Path, tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text(
        '{"id": "1\\ud800", "title": "\\ud800", "text": "\\ud800' + VISIT.replace("\n", "\\n") + '"}\n', "utf-8"
    )
    assert counted(load(record, path)) == {"read": 1}
    assert list(documents(record)) == ["1?"]


# another pack ----------------------------------------------------------------------------------------------------


def with_pack(folder: Path, *arguments: str) -> str:
    """Runs the command with the program that lies in `folder`."""
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "dragoman", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_another_pack_reads_again_and_says_what_changed(record: Path, pages: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(ROOT / "src", older, ignore=shutil.ignore_patterns("__pycache__"))
    (older / "dragoman" / "packs" / "zh" / "events" / "call.toml").unlink()
    load(record, pages)
    newer = lines(record)
    first = json.loads(with_pack(older, "load", str(record), str(pages), "--json"))
    assert first["pages"]["read"] == 3
    assert first["changes"] == {"added": 0, "gone": 1, "changed": 0}
    assert documents(record)["call.txt"]["reports"] == []
    second = load(record)
    assert second.changes == {"added": 1}
    assert second.older == 0
    assert lines(record) == newer
    with closing(connect(record, write=False)) as database:
        told = database.execute("SELECT document, change, old, new FROM changes ORDER BY load").fetchall()
    (identity,) = {
        report["report"]
        for line in newer
        if line["line"] == "document" and line["name"] == "call.txt"
        for report in line["reports"]
    }
    assert told == [("call.txt", "gone", identity, None), ("call.txt", "added", None, identity)]


def test_pages_of_another_pack_are_counted(record: Path, pages: Path) -> None:
    load(record, pages)
    with closing(sqlite3.connect(record)) as database, database:
        database.execute("UPDATE documents SET reader = '0 zh-0-0' WHERE name <> 'call.txt'")
    assert load(record, pages / "call.txt").older == 2
    assert counted(load(record)) == {"read": 2}


# parts -----------------------------------------------------------------------------------------------------------


def report(
    item: str = "main", kind: str = "visit", start: str | None = None, who: str = "张文明", at: int = 0
) -> Report:
    participants = [Participant(who, "visitor", "person", "VNM")]
    evidence = [Evidence(at, at + 5, "")]
    return Report(
        "d", item, "e", kind, None, "held", None, start, None, None, "JPN", participants, None, None, 0.9, evidence
    )


CHANGES = [
    ([report()], [report()], []),
    ([], [report()], [("added", {})]),
    ([report()], [], [("gone", {})]),
    ([report()], [report(start="2013")], [("changed", {"start": (None, "2013")})]),
    ([report()], [report(item="more-1")], [("gone", {}), ("added", {})]),
    ([report()], [report(kind="meeting")], [("gone", {}), ("added", {})]),
    ([report()], [report(who="李文", at=50)], [("gone", {}), ("added", {})]),
    (
        [report(start="2012"), report(start="2014", at=50)],
        [report(start="2014"), report(at=50)],
        [("changed", {"start": ("2012", None)})],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES)
def test_changes(old: list[Report], new: list[Report], expected: list[tuple[str, dict[str, Any]]]) -> None:
    before, after = ({(r.item, r.kind, r.start, r.participants[0].name).__repr__(): r for r in rs} for rs in (old, new))
    assert [(c.change, dict(c.fields or {})) for c in changes(before, after)] == expected


DAYS = [
    ("2013-12-12", "2013-12-14", ("2013-12-12", "2013-12-14")),
    ("2012-02", "2012-02", ("2012-02-01", "2012-02-29")),
    ("2013", None, ("2013-01-01", "2013-12-31")),
    (None, "2013-06", ("2013-06-01", "2013-06-30")),
    ("XXXX-12-12", "XXXX-12-12", (None, None)),
    (None, None, (None, None)),
]


@pytest.mark.parametrize(("start", "end", "expected"), DAYS)
def test_days(start: str | None, end: str | None, expected: tuple[str | None, str | None]) -> None:
    assert days(start, end) == expected


# check -----------------------------------------------------------------------------------------------------------

FAULTS = [
    ("DELETE FROM event_reports", "a report without an event"),
    ("DELETE FROM evidence WHERE report IS NOT NULL", "a report without evidence"),
    ('UPDATE evidence SET "end" = 999 WHERE report IS NOT NULL', "evidence of a report behind the end of the text"),
    ("UPDATE reports SET place = '巴黎'", "does not say what its id says"),
    ("UPDATE events SET status = 'denied'", "is not what its reports make it"),
    ("DELETE FROM event_facets", "is not what its reports make it"),
    ("INSERT INTO words (words) VALUES ('delete-all')", "are not in the index"),
    ("DELETE FROM items", "items in the index of words are not in the record"),
    ("PRAGMA foreign_keys = OFF; DELETE FROM documents", "refers to a row of documents that is not there"),
    (
        "INSERT INTO names (name, folded, kind, person) VALUES ('李四', '李四', 'person', '')",
        "a name in no report: 李四",
    ),
]


@pytest.mark.parametrize(("harm", "fault"), FAULTS)
def test_check_finds(record: Path, pages: Path, harm: str, fault: str) -> None:
    load(record, pages / "visit.txt")
    with closing(connect(record, write=True)) as database:
        database.executescript(harm)
        assert fault in "\n".join(check(database))
