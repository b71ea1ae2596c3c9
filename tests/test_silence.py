"""Where nothing of the record is told, nothing is reported: pages of many sorts, and sentences that look like news."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.article import Article
from dragoman.pack import load
from dragoman.reading import read_article

PAGES = Path(__file__).parent / "data" / "silence.txt"
PACK = load()


def reports(text: str) -> list[str]:
    reading = read_article(Article("page", text, published="2024-05-06", agency="新华社"), PACK)
    return [f"{report.kind} {report.status} {report.evidence[0].text}" for report in reading.reports]


def test_at_most_one_report_in_fifty_pages() -> None:
    pages = [line for line in PAGES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = [report for page in pages for report in reports(page)]
    assert len(pages) >= 50
    assert len(found) <= 1, found


@pytest.mark.parametrize(
    "text",
    [
        "日本政府希望法国总统能出面调停,与伊朗外长和以色列外长进行会谈。",  # wished of somebody
        "以色列总理10日召开安全内阁会议。",  # a cabinet is its own country's
        "各方没有提出举行类似日韩峰会的安排。",  # a sort of gathering
        "土耳其国防部长阿尔坎10日与军方将领举行会议。",  # a body of no known country
        "中国第九批赴马里维和部队官兵10日抵达成都。",  # where troops come back from is not whose they are
        "李大妈和王大爷在会谈中没有翻译陪同。",  # of no known country
        "两国外长会晤的时机尚不成熟。",
        "一旦美国国务卿访问平壤,局势将会改变。",
        "有人问,韩国总统会不会访问东京?",
    ],
)
def test_nothing_is_reported(text: str) -> None:
    assert reports(text) == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("韩国总统金志勋原定6月对美国进行访问。", "cancelled"),
        ("朝方转达了对韩国总统金志勋访问平壤的口头邀请。", "proposed"),
        ("韩国总统金志勋接到访问日本的邀请。", "proposed"),
    ],
)
def test_what_did_not_happen_is_not_held(text: str, status: str) -> None:
    assert [report.split()[1] for report in reports(text)] == [status]
