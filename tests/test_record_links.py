"""Events of a record: reports are linked as they are kept, by evidence and by judgements, and events keep their ids."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dragoman.store import RecordError
from dragoman.store.check import check
from dragoman.store.dump import dump
from dragoman.store.file import connect
from dragoman.store.linking import link_all
from dragoman.store.load import Load, reader_of

#: Three pages of one visit, the last with the name of the guest spelled otherwise; and one of another visit.
PAGES = {
    "1": "新华社河内12月1日电 应日本首相田中一郎邀请,越南总理张文明将于2013年12月12日至14日对日本进行正式访问。",
    "2": "新华社东京2013年12月12日电 越南总理张文明12日抵达东京,开始对日本进行正式访问。",
    "3": "新华社东京2013年12月14日电 越南總理張文明14日結束對日本的正式訪問。",
    "4": "新华社东京2014年3月5日电 老挝总理本扬2014年3月5日抵达东京,开始对日本进行正式访问。",
}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, text in PAGES.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


def load(record: Path, *paths: Path, again: bool = False) -> None:
    with closing(connect(record, write=True, create=True)) as database:
        Load(database, reader_of("zh"), again=again).run(paths)


def events(record: Path) -> dict[str, str]:
    """The event of each page's visit."""
    with closing(connect(record, write=False)) as database:
        assert list(check(database)) == []
        return dict(
            database.execute(
                "SELECT substr(d.document, 1, 1), e.event FROM events e JOIN event_reports er ON er.event = e.id "
                "JOIN reports r ON r.id = er.report JOIN items i ON i.id = r.item "
                "JOIN documents d ON d.id = i.document WHERE e.kind = 'visit' ORDER BY d.document"
            )
        )


def groups(record: Path) -> list[str]:
    """Which pages tell of one visit."""
    found: dict[str, str] = {}
    for page, event in events(record).items():
        found[event] = found.get(event, "") + page
    return sorted(found.values())


def relink(record: Path) -> tuple[int, int]:
    with closing(connect(record, write=True)) as database:
        return link_all(database)


def judge(record: Path, verdict: str, one: str, other: str, *, undone: bool = False) -> None:
    """Says of the visits of two pages that they are the same or different."""
    with closing(sqlite3.connect(record)) as database, database:
        ids = [
            database.execute(
                "SELECT r.report FROM reports r JOIN items i ON i.id = r.item JOIN documents d ON d.id = i.document "
                "WHERE d.document = ? AND r.kind = 'visit'",
                (f"{page}.txt",),
            ).fetchone()[0]
            for page in (one, other)
        ]
        database.execute(
            "INSERT INTO judgements (judgement, verdict, subject, object, who, at, why, undone_at) "
            "VALUES (?, ?, ?, ?, 'we', '2026', 'seen', ?)",
            (f"{verdict}{one}{other}", verdict, *ids, "2026" if undone else None),
        )


def test_reports_of_one_event_are_linked_page_by_page(tmp_path: Path, pages: Path) -> None:
    load(tmp_path / "record", pages)
    assert groups(tmp_path / "record") == ["123", "4"]
    with closing(connect(tmp_path / "record", write=False)) as database:
        why = database.execute("SELECT why FROM event_reports WHERE why IS NOT NULL").fetchall()
    assert len(why) == 2
    assert all("weight" in row[0] and "date" in row[0] for row in why)


def test_one_load_or_several_and_all_anew_are_the_same(tmp_path: Path, pages: Path) -> None:
    load(tmp_path / "one", pages)
    for page in sorted(pages.iterdir()):
        load(tmp_path / "many", page)
    assert events(tmp_path / "many") == events(tmp_path / "one")
    with closing(connect(tmp_path / "one", write=False)) as database:
        before = list(dump(database))
    assert relink(tmp_path / "one") == (4, 0)
    with closing(connect(tmp_path / "one", write=False)) as database:
        assert list(dump(database)) == before


def test_reading_again_changes_no_event(tmp_path: Path, pages: Path) -> None:
    load(tmp_path / "record", pages)
    before = events(tmp_path / "record")
    load(tmp_path / "record", pages, again=True)
    assert events(tmp_path / "record") == before


def test_a_page_that_changed_keeps_the_id_of_its_event(tmp_path: Path, pages: Path) -> None:
    load(tmp_path / "record", pages)
    before = events(tmp_path / "record")
    (pages / "4.txt").write_text(PAGES["4"].replace("3月5日", "3月6日"), "utf-8")
    load(tmp_path / "record", pages)
    assert events(tmp_path / "record") == before


def test_a_page_that_tells_of_another_event_now_leaves(tmp_path: Path, pages: Path) -> None:
    load(tmp_path / "record", pages)
    (pages / "1.txt").write_text(PAGES["4"], "utf-8")
    load(tmp_path / "record", pages)
    assert groups(tmp_path / "record") == ["14", "23"]


JUDGED = [
    ([("different", "1", "2")], ["13", "2", "4"]),
    ([("same", "3", "4")], ["1234"]),
    ([], ["123", "4"]),
]


@pytest.mark.parametrize("load_again", [False, True])
@pytest.mark.parametrize(("said", "expected"), JUDGED)
def test_judgements_win(
    tmp_path: Path, pages: Path, said: list[tuple[str, str, str]], expected: list[str], load_again: bool
) -> None:
    record = tmp_path / "record"
    load(record, pages)
    for verdict, one, other in said:
        judge(record, verdict, one, other)
    judge(record, "different", "1", "3", undone=True)
    relink(record)
    if load_again:
        load(record, pages, again=True)
    assert groups(record) == expected


def test_judgements_that_cannot_hold_are_said(tmp_path: Path, pages: Path) -> None:
    record = tmp_path / "record"
    load(record, pages)
    judge(record, "same", "1", "2")
    judge(record, "different", "1", "2")
    before = events(record)
    with pytest.raises(RecordError, match="judged both same and different"):
        relink(record)
    assert events(record) == before
