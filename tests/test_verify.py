"""Checking claims against a record: a table of claims about a few pages of our own, and what is said of bad lines."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

import dragoman
from dragoman.verify import Claim, verify

PAGES = {
    "visit": ("2024-05-21", "应泰国总理赛塔邀请，老挝总理宋赛5月20日至22日对泰国进行正式访问。"),
    "talks": ("2024-05-21", "5月20日，泰国总理赛塔在曼谷同老挝总理宋赛举行会谈。"),
    "plan": ("2024-05-21", "日本外相上川阳子将于6月3日访问法国。"),
    "off": ("2024-05-25", "德国总理朔尔茨取消了原定于6月10日对印度的访问。"),
    "denied": ("2024-05-25", "韩国外交部否认了韩国外长赵兑烈5月24日在首尔会见朝鲜外相崔善姬的报道。"),
    "coming": ("2024-06-20", "越南总理范明政将于7月8日对马来西亚进行正式访问。"),
    "vague": ("2024-06-20", "今年3月，巴西总统卢拉访问秘鲁。"),
    "call": ("2024-07-01", "6月30日，波兰总理图斯克同丹麦首相弗雷泽里克森通电话。"),
}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    lines = [json.dumps({"id": name, "text": text, "published": day}) for name, (day, text) in PAGES.items()]
    (folder / "pages.jsonl").write_text("\n".join(lines), "utf-8")
    with dragoman.open(folder / "news.record", write=True) as opened:
        opened.load([folder / "pages.jsonl"])
    return folder / "news.record"


# who, did, whom, where, when | verdict | what its reasons hold
CLAIMS = [
    (("宋赛", "visited", None, "THA", "2024-05-20"), "supported", ""),
    (("宋赛", "visit", None, "泰国", "2024-05"), "supported", ""),
    (("宋賽", "visit", None, "THA", None), "supported", ""),  # in other characters
    (("LAO", "visit", None, "THA", "2024"), "supported", ""),
    (("宋赛", "official", "赛塔", "THA", None), "supported", ""),
    (("宋赛", "state", None, "THA", "2024-05-20"), "no evidence", ""),
    (("宋赛", "met", "赛塔", "曼谷", "2024-05-20"), "supported", ""),
    (("赛塔", "met", "LAO", None, "2024-05-20"), "supported", ""),
    (("宋赛", "met", "赛塔", "清迈", "2024-05-20"), "contradicted", "where: told is 曼谷"),
    (("宋赛", "visited", None, "THA", "2024-06-02"), "contradicted", "when: told is 2024-05-20 to 2024-05-22"),
    (("宋赛", "visited", None, "THA", "2019"), "no evidence", "other times only: 2024-05-20"),
    (("宋赛", "visited", None, "VNM", "2024-05-21"), "contradicted", "where: told is THA"),
    (("宋赛", "visited", None, "VNM", None), "no evidence", ""),
    # visits that never took place
    (("上川阳子", "visited", None, "FRA", "2024-06-03"), "contradicted", "announced, never reported as held"),
    (("朔尔茨", "visited", None, "IND", None), "contradicted", "told as cancelled"),
    (("赵兑烈", "met", "崔善姬", None, None), "contradicted", "told as denied"),
    (("范明政", "visited", None, "MYS", "2024-07-08"), "partly", "told as planned only"),
    (("卢拉", "visited", None, "PER", "2024-03-12"), "partly", "when: told is no more than 2024-03"),
    (("卢拉", "visited", None, "利马", "2024-03"), "partly", "where: told is no more than PER"),
    (("图斯克", "called", "弗雷泽里克森", None, "2024-06-30"), "supported", ""),
    (("图斯克", "met", "弗雷泽里克森", None, "2024-06-30"), "no evidence", ""),
    (("丹增", "visited", None, "THA", None), "no evidence", ""),
]


@pytest.mark.parametrize(("told", "verdict", "words"), CLAIMS)
def test_claims(record: Path, told: tuple[str | None, ...], verdict: str, words: str) -> None:
    with dragoman.open(record) as opened:
        found = verify(opened, Claim(1, *told))
    assert (found.error, found.verdict) == (None, verdict), found.reasons
    assert words in "; ".join(found.reasons)
    if verdict in ("supported", "contradicted", "partly"):
        assert found.evidence
    for one in found.evidence:
        assert PAGES[one.document][1][one.start : one.end] == one.text


FILE = """\
who,did,whom,where,when,note
宋赛,visited,,THA,2024-05-20,first
宋赛,danced,,THA,2024-05-20,
宋赛,visited,,THA,in May,
,visited,,,2024-05-20,
上川阳子,visited,,FRA,2024-06-03,last
"""


def run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "dragoman", *map(str, arguments)], capture_output=True, check=False)


def test_bad_lines_are_said_and_the_others_are_checked(record: Path, tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(FILE, "utf-8")
    done = run("verify", record, path, "--to", "csv")
    rows = list(csv.DictReader(StringIO(done.stdout.decode())))
    assert [(row["verdict"], row["note"]) for row in rows] == [
        ("supported", "first"),
        ("not checked", ""),
        ("not checked", ""),
        ("not checked", ""),
        ("contradicted", "last"),
    ]
    said = done.stderr.decode().splitlines()
    assert [line.partition(": line ")[2][:2] for line in said] == ["3:", "4:", "5:"]
    assert "danced" in said[0]
    assert "in May" in said[1]
    assert done.returncode == 1


def test_other_column_names_and_lines_of_json(record: Path, tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("leader,to\n宋赛,THA\n", "utf-8-sig")
    done = run("verify", record, path, "--columns", "who=leader,where=to")
    (line,) = map(json.loads, done.stdout.decode().splitlines())
    assert (done.returncode, line["verdict"], line["claim"]["who"]) == (0, "supported", "宋赛")


BAD = [
    (b"a,b\n1,2\n", "names none of who, did, whom, where, when"),
    (b"who\n\xff\xfe\n", "not a CSV in UTF-8"),
    (None, "No such file"),
]


@pytest.mark.parametrize(("data", "words"), BAD)
def test_a_file_that_holds_no_claims(record: Path, tmp_path: Path, data: bytes | None, words: str) -> None:
    path = tmp_path / "claims.csv"
    if data is not None:
        path.write_bytes(data)
    done = run("verify", record, path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert words in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
