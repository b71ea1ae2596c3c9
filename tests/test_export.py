"""Handing a record on: every format is read back by a library that its users have, or by the standard library."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
import zipfile
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import icalendar
import pytest

import dragoman
from dragoman.export import FORMATS, export
from dragoman.export.base import Tally, precision
from dragoman.export.cameo import HEADER as CAMEO
from dragoman.export.cameo import ICEWS
from dragoman.export.codes import coded, dyads, state, states
from dragoman.export.polecat import HEADER as POLECAT
from dragoman.export.tables import COLUMNS
from dragoman.export.trips import duration
from dragoman.model import Participant, model
from dragoman.store import Event, Query

PAGES = {
    "visit": ("2024-05-21", "应泰国总理赛塔邀请，老挝总理宋赛5月20日至22日对泰国进行正式访问。"),
    "meeting": ("2024-05-21", "5月20日，泰国总理赛塔在曼谷同老挝总理宋赛举行会谈。"),
    "again": ("2024-05-22", "5月20日，泰国总理赛塔在曼谷同老挝总理宋赛举行会谈。双方讨论了贸易。"),
    "plan": ("2024-05-21", "日本外相上川阳子将于6月访问法国。"),
    "message": ("2024-05-21", "5月21日，日本首相岸田文雄向丹麦国王腓特烈十世致唁电。"),
    "summit": ("2024-05-21", "5月20日，德国总理朔尔茨、法国总统马克龙和波兰总理图斯克在华沙出席欧洲安全峰会。"),
    "hostile": ("2024-05-21", '5月20日，韩国外长赵兑烈在首尔会见蒙古国外长巴特策策格。\n\n=HYPERLINK("x"),\t"；<b>&'),
}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of a few pages of our own."""
    folder = tmp_path_factory.mktemp("export")
    lines = [
        json.dumps({"id": name, "text": text, "published": day, "url": f"https://example.org/{name}?a=1&b=2"})
        for name, (day, text) in PAGES.items()
    ]
    (folder / "pages.jsonl").write_text("\n".join(lines), "utf-8")
    path = folder / "news.record"
    with dragoman.store.Record(path, write=True) as opened:
        opened.load([folder / "pages.jsonl"])
    return path


def written(record: Path, form: str, **options: Any) -> tuple[bytes, Tally]:
    """What a format makes of the whole record."""
    out = BytesIO()
    with dragoman.open(record) as opened:
        tally = export(opened, form, out, options=options)
    return out.getvalue(), tally


def table(data: bytes, **form: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode(), newline=""), **form))


def event(kind: str, *parties: str, mode: str | None = None, status: str = "held", where: str | None = None) -> Event:
    """An event of participants written role:COUNTRY."""
    people = [Participant(f"P{n}", *one.split(":")[:1], "person", one.split(":")[1]) for n, one in enumerate(parties)]
    return Event("e", kind, mode, status, None, None, None, None, where, people, [])


# kind, mode, status, where, participants | PLOVER type and mode | CAMEO code
CODES = [
    (("visit", None, "held", "JPN", ["visitor:VNM"]), ("CONSULT", "visit"), "042"),
    (("visit", None, "planned", "JPN", ["visitor:VNM"]), ("AGREE", None), "036"),
    (("visit", None, "cancelled", "JPN", ["visitor:VNM"]), ("REJECT", "meet"), "125"),
    (("visit", None, "denied", "JPN", ["visitor:VNM"]), None, None),
    (("meeting", "talks", "held", "JPN", ["party:JPN", "party:VNM"]), ("CONSULT", "visit"), "046"),
    (("meeting", "meeting", "held", "JPN", ["party:JPN", "party:VNM"]), ("CONSULT", "visit"), "042"),
    (("meeting", "meeting", "held", "CHE", ["party:JPN", "party:VNM"]), ("CONSULT", "third-party"), "044"),
    (("meeting", "meeting", "held", None, ["party:JPN", "party:VNM"]), ("CONSULT", None), "040"),
    (("call", "phone", "held", None, ["party:JPN", "party:VNM"]), ("CONSULT", "phone"), "041"),
    (("agreement", "treaty", "held", None, ["party:JPN", "party:VNM"]), ("SUPPORT", None), "057"),
    (("relations", "established", "held", None, ["party:JPN", "party:VNM"]), ("SUPPORT", None), "054"),
    (("relations", "severed", "held", None, ["party:JPN", "party:VNM"]), ("SANCTION", "discontinue"), "161"),
    (("message", "condolence", "held", None, ["sender:JPN", "recipient:DNK"]), None, "018"),
    (("appointment", "appointed", "held", None, ["holder:JPN"]), None, None),
    (("aid", "relief", "planned", None, ["donor:JPN", "recipient:VNM"]), ("AGREE", None), "0333"),
    (("aid", "relief", "held", None, ["donor:JPN", "recipient:VNM"]), ("AID", None), "073"),
    (("exercise", "exercise", "held", None, ["party:JPN", "party:USA"]), ("COOPERATE", None), "062"),
    (("protest", "demarche", "held", None, ["actor:JPN", "target:RUS"]), ("ACCUSE", "disapprove"), "114"),
    (("sanction", "lifted", "held", None, ["actor:JPN", "target:RUS"]), ("RETREAT", None), "085"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "plover", "cameo"), CODES)
def test_other_code_books(given: Any, plover: Any, cameo: Any) -> None:
    kind, mode, status, where, parties = given
    found = coded(event(kind, *parties, mode=mode, status=status, where=where))
    assert (found.plover and (found.plover["type"], found.plover.get("mode"))) == plover
    assert (found.cameo and found.cameo["code"]) == cameo


def test_every_kind_mode_and_status_has_an_answer() -> None:
    for name, kind in model().kinds.items():
        for mode in (None, *kind.modes):
            for status in model().statuses:
                coded(event(name, f"{kind.roles[0]}:JPN", mode=mode, status=status))


# who goes where | ordered pairs, each with whether it is the host's side
DYADS = [
    (event("visit", "visitor:VNM", "host:JPN", where="JPN"), [("VNM", "JPN", False), ("JPN", "VNM", True)]),
    (event("visit", "visitor:VNM", where="JPN"), [("VNM", "JPN", False), ("JPN", "VNM", True)]),
    (event("meeting", "party:JPN", "party:VNM", where="JPN"), [("VNM", "JPN", False), ("JPN", "VNM", True)]),
    (event("call", "party:JPN", "party:VNM"), [("JPN", "VNM", False), ("VNM", "JPN", False)]),
    (event("message", "sender:JPN", "recipient:DNK"), [("JPN", "DNK", False)]),
    (event("conference", "attendee:JPN", "attendee:DNK"), []),
    (event("appointment", "holder:JPN"), []),
]


@pytest.mark.parametrize(("given", "pairs"), DYADS)
def test_pairs_of_countries(given: Event, pairs: list[tuple[str, str, bool]]) -> None:
    assert dyads(given) == pairs


def test_pairs_of_a_conference_on_request() -> None:
    gathering = event("conference", "attendee:DEU", "attendee:FRA", "host:POL")
    assert len(dyads(gathering, conferences=True)) == 6


@pytest.mark.parametrize(
    ("code", "cow", "gw"),
    [("DEU", "255", "260"), ("VNM", "816", "816"), ("YEM", "679", "678"), ("SRB", "345", "340"), ("USA", "2", "2")],
)
def test_codes_of_states(code: str, cow: str, gw: str) -> None:
    assert (state(code).cow, state(code).gw) == (cow, gw)


def test_codes_are_unique_and_what_has_none_is_empty() -> None:
    for column in ("cow", "cow_letters", "gw"):
        assert len({getattr(one, column) for one in states().values()}) == len(states())
    assert state("EUE").cow == state(None).gw == ""


@pytest.mark.parametrize("what", list(COLUMNS))
def test_tables_say_the_same_in_every_form(record: Path, what: str, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in written(record, "jsonl", what=what)[0].decode().splitlines()]
    rows = table(written(record, "csv", what=what)[0])
    assert list(rows[0]) == list(lines[0]) == list(COLUMNS[what])
    assert [{k: "" if v is None else str(v) for k, v in line.items()} for line in lines] == rows
    (tmp_path / "t.parquet").write_bytes(written(record, "parquet", what=what)[0])
    found = duckdb.sql(f"SELECT * FROM '{tmp_path}/t.parquet'")
    assert found.columns == list(COLUMNS[what])
    assert [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()] == lines


def test_an_event_told_twice_is_one_row_with_two_reports(record: Path) -> None:
    rows = [row for row in table(written(record, "csv")[0]) if row["kind"] == "meeting" and "LAO" in row["countries"]]
    assert [(row["reports"], row["documents"], row["cow"], row["cameo"]) for row in rows] == [
        ("2", "2", "800;812", "046")
    ]


def test_evidence_stands_at_its_offsets(record: Path) -> None:
    for row in table(written(record, "csv", what="evidence")[0]):
        assert PAGES[row["document"]][1][int(row["start"]) : int(row["end"])] == row["text"]


@pytest.mark.parametrize(("form", "header"), [("polecat", POLECAT), ("icews", ICEWS)])
def test_tab_separated_rows_have_their_headers_cells(record: Path, form: str, header: tuple[str, ...]) -> None:
    lines = written(record, form)[0].decode().splitlines()
    assert tuple(lines[0].split("\t")) == header
    assert len(lines) > 3
    assert {line.count("\t") for line in lines} == {len(header) - 1}


def test_headers_are_as_long_as_those_of_the_data_sets() -> None:
    assert (len(POLECAT), len(ICEWS), len(set(POLECAT)), len(set(ICEWS))) == (40, 20, 40, 20)


def test_pairs_have_ids_of_their_own_and_a_visit_is_two_rows(record: Path) -> None:
    rows = table(written(record, "cameo")[0])
    assert tuple(rows[0]) == CAMEO
    assert len({row["id"] for row in rows}) == len(rows)
    visit = [
        (row["source"], row["target"], row["cameo"])
        for row in rows
        if row["kind"] == "visit" and "2024-05" in row["start"]
    ]
    assert visit == [("LAO", "THA", "042"), ("THA", "LAO", "043")]


def test_plover_leaves_out_what_has_no_day_and_says_so(record: Path) -> None:
    data, tally = written(record, "plover")
    lines = [json.loads(line) for line in data.decode().splitlines()]
    assert {line["event"] for line in lines} == {"CONSULT"}
    assert all(len(line["date"]) == 10 for line in lines)
    assert tally.left_out == {"no day is known": 1, "message condolence held: no PLOVER type": 1}


def test_trips_count_their_days(record: Path) -> None:
    rows = {(row["leader"], row["country_visited"]): row for row in table(written(record, "trips")[0])}
    trip = rows["宋赛", "THA"]
    assert (trip["duration_days"], trip["purpose"], trip["bilateral"], trip["host"]) == (
        "3",
        "official",
        "TRUE",
        "赛塔",
    )
    assert (rows["马克龙", "POL"]["purpose"], rows["马克龙", "POL"]["bilateral"]) == ("conference", "FALSE")
    assert ("图斯克", "POL") not in rows


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [("2024-05-20", "2024-05-22", 3), ("2024-05-20", None, None), ("2024-05", "2024-06", None), (None, None, None)],
)
def test_durations(start: str | None, end: str | None, days: int | None) -> None:
    assert duration(start, end) == days


@pytest.mark.parametrize(
    ("day", "known"), [("2024-05-20", "day"), ("2024", "year"), ("XXXX-05-20", "unknown"), (None, "unknown")]
)
def test_precision(day: str | None, known: str) -> None:
    assert precision(day) == known


def test_the_calendar_is_read_back(record: Path) -> None:
    entries = icalendar.Calendar.from_ical(written(record, "ics")[0]).walk("VEVENT")
    trip = next(entry for entry in entries if entry["CATEGORIES"].to_ical() == b"visit")
    assert (str(trip.start), str(trip.end), trip["STATUS"]) == ("2024-05-20", "2024-05-23", "CONFIRMED")
    assert len({str(entry["UID"]) for entry in entries}) == len(entries)


def test_the_feed_and_the_graph_are_well_formed(record: Path) -> None:
    atom = {"a": "http://www.w3.org/2005/Atom"}
    feed = ET.fromstring(written(record, "atom")[0])
    entries = feed.findall("a:entry", atom)
    assert len(entries) == written(record, "csv")[1].rows
    assert next(e.findtext("a:updated", "", atom) for e in entries) == feed.findtext("a:updated", "", atom)
    assert {e.find("a:link", atom).get("href") for e in entries} <= {f"https://example.org/{n}?a=1&b=2" for n in PAGES}
    graph = ET.fromstring(written(record, "graphml")[0])
    names = {
        data.text for data in graph.iter("{http://graphml.graphdrawing.org/xmlns}data") if data.get("key") == "name"
    }
    assert {"赛塔", "宋赛", "马克龙"} <= names
    assert "上川阳子" not in names


def test_the_spreadsheet_holds_text_and_no_formula(record: Path) -> None:
    with zipfile.ZipFile(BytesIO(written(record, "xlsx")[0])) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
        strings = book.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 2
    assert not any("<f>" in sheet for sheet in sheets)
    assert "老挝总理宋赛" in strings


def test_entities_refer_to_one_another(record: Path) -> None:
    entities = [json.loads(line) for line in written(record, "ftm")[0].decode().splitlines()]
    known = {entity["id"] for entity in entities}
    assert len(known) == len(entities)
    for entity in entities:
        for name in ("proof", "subject", "object"):
            assert set(entity["properties"].get(name, [])) <= known


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_same_record_gives_the_same_bytes(record: Path, form: str) -> None:
    if form == "xlsx":  # holds the time at which it was made
        pytest.skip("a workbook says when it was made")
    assert written(record, form)[0] == written(record, form)[0]


def run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "dragoman", *map(str, arguments)], capture_output=True, check=False)


def test_a_file_has_its_manifest_and_is_not_replaced_unasked(record: Path, tmp_path: Path) -> None:
    target = tmp_path / "trips.csv"
    done = run("export", record, "--to", "trips", "-o", target, "--kind", "visit")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    held = target.read_bytes()
    listed = json.loads((tmp_path / "trips.csv.manifest.json").read_text("utf-8"))
    assert (listed["format"], listed["query"]) == ("trips", {"kind": "visit"})
    assert listed["sha256"] == hashlib.sha256(held).hexdigest()
    assert listed["rows"] == len(table(held))
    again = run("export", record, "--to", "csv", "-o", target)
    assert (again.returncode, again.stderr.decode()) == (
        2, f"dragoman: {target}: there is a file of this name; --force replaces it\n",
    )  # fmt: skip
    assert target.read_bytes() == held
    assert run("export", record, "--to", "csv", "-o", target, "--force").returncode == 0
    assert target.read_bytes() != held
    assert sorted(path.name for path in tmp_path.iterdir()) == ["trips.csv", "trips.csv.manifest.json"]


BAD = [
    (("--to", "csv", "-o", "{}/no/such/folder.csv"), 1, "not written"),
    (("--to", "csv", "--kind", "party"), 2, "there is no kind party"),
    (("--to", "dbase"), 2, "dbase"),
]


@pytest.mark.parametrize(("arguments", "status", "words"), BAD)
def test_what_cannot_be_done_is_said_in_a_line(
    record: Path, tmp_path: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    done = run("export", record, *(one.format(tmp_path) for one in arguments))
    assert done.returncode == status
    assert words in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_a_query_narrows_an_export(record: Path) -> None:
    out = BytesIO()
    with dragoman.open(record) as opened:
        export(opened, "csv", out, Query(countries=("JPN",)))
    assert {row["kind"] for row in table(out.getvalue())} == {"visit", "message"}
