"""Long and odd pages are read to their end, and as short ones are. How fast is measured by benchmarks/speed.py."""

from __future__ import annotations

import pytest

from dragoman.article import Article
from dragoman.mentions import LONGEST, split
from dragoman.model import Reading
from dragoman.names import Places
from dragoman.pack import Pack, load
from dragoman.reading import read_article

MEETING = "3月5日,老挝外长通沙万在万象会见了蒙古国外长巴特策策格。"
NAMES = "阮文明会见阮文明和阮文强"
ENDS = frozenset("。!?;\n")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load()


def read(pack: Pack, text: str) -> Reading:
    reading = read_article(Article("page", text, published="2024-03-06"), pack)
    for report in reading.reports:
        for evidence in report.evidence:
            assert text[evidence.start : evidence.end] == evidence.text
    return reading


ODD = {
    "commas": "，" * 20_000,
    "brackets that open": "（" * 20_000,
    "brackets that close": "）" * 20_000,
    "pairs of brackets": "（）" * 10_000,
    "quotation marks": "“" * 20_000,
    "quotations": "“好”，" * 5_000,
    "NULs": "\0" * 20_000,
    "digits": "1" * 20_000,
    "dots": "·" * 20_000,
    "full stops": "。" * 5_000,
    "one character": "国" * 5_000,
    "one post": "外交部长" * 1_000,
    "marks of direction": "\u200f国" * 2_000,
    "leftover labels": "[详细]" * 3_000,
    "numbers in brackets": "[1]" * 3_000,
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_what_stands_behind_odd_text_is_read(pack: Pack, odd: str) -> None:
    reading = read(pack, f"{odd}\n{MEETING}\n")
    assert [report.kind for report in reading.reports] == ["meeting"]


@pytest.mark.parametrize("filling", ["据了解,", "情况", "\0", "( "], ids=["clauses", "no mark", "NULs", "brackets"])
def test_a_paragraph_without_an_end_is_read_in_pieces(pack: Pack, filling: str) -> None:
    text = filling * (3 * LONGEST // len(filling)) + "。" + MEETING
    assert [report.kind for report in read(pack, text).reports] == ["meeting"]


def test_a_long_page_of_many_events_is_read_to_its_end(pack: Pack) -> None:
    lines = [
        f"{month}月{day}日,老挝外长通沙万在万象会见了蒙古国外长巴特策策格。" for month in (1, 2) for day in range(1, 29)
    ]
    reading = read(pack, "\n".join(lines))
    assert [report.start for report in reading.reports] == [
        f"2024-{month:02d}-{day:02d}" for month in (1, 2) for day in range(1, 29)
    ]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("甲。乙!", ["甲。", "乙!"]),
        ("甲" * LONGEST, ["甲" * LONGEST]),
        ("甲" * (LONGEST + 1), ["甲" * LONGEST, "甲"]),
        ("甲" * (LONGEST - 9) + "," + "乙" * 20, ["甲" * (LONGEST - 9) + ",", "乙" * 20]),
        ("甲," + "乙" * LONGEST, ["甲," + "乙" * (LONGEST - 2), "乙" * 2]),
        (" " * 3 * LONGEST + "甲", ["甲"]),
    ],
    ids=["short", "as long as may be", "no mark", "at a mark", "no mark near by", "blanks"],
)
def test_long_sentences_are_cut(text: str, pieces: list[str]) -> None:
    assert [text[a:b] for a, b in split(text, 0, len(text), ENDS)] == pieces


@pytest.mark.parametrize(
    "page", ["阮文明会见阮文明和阮文强", "阮文明会见阮文明和阮文强" + "。" * 5000], ids=["short", "long"]
)
@pytest.mark.parametrize(("name", "count"), [("阮文明", 2), ("阮文", 3), ("阮文强", 1), ("阮武", 0), ("阮", 3)])
def test_a_name_is_counted_alike_on_short_and_long_pages(page: str, name: str, count: int) -> None:
    places = Places(page)
    assert places.count(name) == count
    assert (name in places) == (count > 0)
