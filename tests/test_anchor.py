"""The year of undated pages: texts with what must be told of their date, and texts that tell none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dragoman.article import Article
from dragoman.chronicle import Chronicle
from dragoman.match import PackError
from dragoman.pack import load
from dragoman.reading import read_article

PACK = load()

DATED = [
    # a whole date on the day of the dateline
    (
        "新华社河内6月12日电 越南总理会见日本外相。两国代表团参加了会见。2019年6月12日,双方还签署了合作备忘录。",
        "2019-06-12",
        "text",
    ),
    # an anniversary whose first year the text tells
    (
        "新华社河内9月21日电 越南和日本于1973年建交。双方在河内举行庆祝建交45周年招待会。",
        "2018-09-21",
        "anniversary",
    ),
    (
        "新华社首尔8月24日电 庆祝韩中建交25周年的招待会在首尔举行。韩国和中国于1992年8月24日建交。",
        "2017-08-24",
        "anniversary",
    ),
    (
        "新华社曼谷7月1日电 据当地媒体介绍,泰国和中国于1975年7月1日建立外交关系。两国举行活动,庆祝建立外交关系40周年。",
        "2015-07-01",
        "anniversary",
    ),
    (
        "新华社首尔9月4日电 韩国和蒙古国1990年建交,建交30年来两国贸易不断扩大。",
        "2020-09-04",
        "anniversary",
    ),
    # an anniversary whose first year is a fact of the world; next year's
    ("新华社河内9月21日电 越南和日本举行庆祝建交45周年招待会。", "2018-09-21", "anniversary"),
    ("新华社北京3月21日电 中国外长会见尼泊尔外长。两国外长表示,明年是两国建交70周年。", "2024-03-21", "anniversary"),
    ("新华社北京9月21日电 多国使馆举行活动,庆祝中华人民共和国成立70周年。", "2019-09-21", "anniversary"),
    # the number of a meeting
    ("新华社万象10月11日电 第十九届东亚峰会11日在老挝万象举行。", "2024-10-11", "edition"),
    ("新华社河内11月12日电 亚太经合组织第二十五次领导人非正式会议12日在越南岘港举行。", "2017-11-12", "edition"),
    # a day with its weekday, within somebody's term
    ("新华社首尔3月5日电 韩国总统文在寅3月5日(周二)会见来宾。", "2019-03-05", "posts"),
    # who held what when: Gillard 2010 to 2013, Park from 2013, Hatoyama to 2010
    (
        "新华社首尔3月5日电 韩国总统朴槿惠同澳大利亚总理吉拉德通电话。",
        "2013-03-05",
        "posts",
    ),
    (
        "新华社东京12月1日电 日本首相鸠山由纪夫同澳大利亚总理吉拉德通电话。",
        "2010-12-01",
        "posts",
    ),
]

OPEN = [
    # one holder alone leaves years open
    "新华社首尔3月5日电 韩国总统朴槿惠5日发表讲话。",
    # former holders
    "新华社首尔3月5日电 韩国前总统朴槿惠会见澳大利亚前总理吉拉德。",
    # years of office that never met
    "新华社东京3月5日电 日本首相田中角荣会见韩国总统朴槿惠。",
    # history told with its years
    "新华社首尔3月5日电 2013年,韩国总统朴槿惠同澳大利亚总理吉拉德通电话。",
    # anniversaries that are not of this year
    "新华社河内9月21日电 越南和日本于1973年建交。两国即将迎来建交45周年。",
    # no first year in the text, and none known of these two
    "新华社河内9月21日电 越南和马尔代夫举行庆祝建交45周年招待会。",
    # a count that is not exact, and one of which no year is told
    "新华社北京9月21日电 中国和尼泊尔建交近70年来,两国始终友好。",
    "新华社北京9月21日电 中国和尼泊尔即将迎来建交70周年。",
    # the edition of a meeting whose years are not known; one that is over
    "新华社东京9月21日电 第三届东京读书论坛21日开幕。",
    "新华社巴厘9月21日电 两国领导人曾在第二十八届东盟峰会上会见。",
    # the day with which a text opens is that of a beginning, or nobody's
    "1955年8月1日,中国和尼泊尔正式建交。两国此后互派大使。",
    "1962年3月5日深夜,风雪袭击了这个边陲小镇。两国的救援队六十多年后还记得它。",
    # a weekday alone leaves several years
    "新华社首尔3月5日电 韩国总统府3月5日(周二)发表声明。",
    # two counts, two beginnings
    "新华社河内9月21日电 越南和日本1973年建交,越南和法国1973年建交。庆祝越日建交45周年和越法建交40周年的活动举行。",
    # a whole date of the same day long ago, and a later year
    "新华社河内6月12日电 2009年6月12日双方建立合作。2015年5月3日又签署了协议。",
    # an anniversary of the very day
    "新华社河内6月12日电 越南和日本的代表参加活动。2009年6月12日双方签约。双方庆祝合作十周年。",
]


@pytest.mark.parametrize(("text", "published", "basis"), DATED)
def test_dated(text: str, published: str, basis: str) -> None:
    document = read_article(Article("page", text), PACK).document
    assert (document["published"], document["published_basis"]) == (published, basis)
    assert document["items"][0]["published"] == published


@pytest.mark.parametrize("text", OPEN)
def test_left_open(text: str) -> None:
    published = read_article(Article("page", text), PACK).document["published"]
    assert published is None or published.startswith("XXXX")


def test_what_the_page_tells_stands() -> None:
    text = DATED[1][0]
    assert read_article(Article("page", text, published="2021-09-21"), PACK).document["published"] == "2021-09-21"


def test_events_take_the_year() -> None:
    reading = read_article(Article("page", "新华社首尔3月5日电 韩国总统朴槿惠5日在首尔会见澳大利亚总理吉拉德。"), PACK)
    assert [report.start for report in reading.reports] == ["2013-03-05"]


@pytest.mark.parametrize(
    ("text", "published", "remark"),
    [
        (
            "第十九届东亚峰会11日在老挝万象举行。",
            "2019-10-12",
            "the metadata gives 2019-10-12, the edition in the text tells 2024",
        ),
        (
            "今年是中国和泰国建交50周年,双方举行招待会。",
            "2015-07-02",
            "the metadata gives 2015-07-02, the anniversary in the text tells 2025",
        ),
        (
            "2022年5月20日,日本外相在东京会见越南外长。",
            "2022-05-10",
            "the metadata gives 2022-05-10, the text tells 2022-05-20 as past",
        ),
        ("2022年5月20日,日本外相将在东京会见越南外长。", "2022-05-10", None),
        ("第十九届东亚峰会11日在老挝万象举行。", "2024-10-12", None),
        ("2022年5月20日,日本外相在东京会见越南外长。", "2022-05-21", None),
    ],
)
def test_a_date_that_the_text_contradicts_is_said(text: str, published: str, remark: str | None) -> None:
    reading = read_article(Article("page", text, published=published), PACK)
    assert reading.notes == ([remark] if remark else [])
    assert reading.document["published"] == published


@pytest.mark.parametrize(
    ("words", "number", "years"),
    [
        ("第{}届东亚峰会", 19, {2024}),
        ("第{}届中国进出口商品交易会", 127, {2020}),
        ("第{}届中国进出口商品交易会", 128, {2020}),
        ("第{}届联合国大会", 78, {2023, 2024}),
        ("第{}届东方经济论坛", 5, {2019}),
        ("第{}届东方经济论坛", 6, {2021}),
        ("亚太经合组织第{}次领导人非正式会议", 27, {2020}),
        ("第{}届非盟峰会", 12, None),
        ("第{}届乡村读书会", 12, None),
    ],
)
def test_editions(words: str, number: int, years: set[int] | None) -> None:
    text = words.format(number)
    found = list(re.finditer(f"第{number}[届次]", text))
    assert list(PACK.chronicle.numbered(text, found, [number])) == ([frozenset(years)] if years else [])


def test_what_the_chronicle_knows() -> None:
    assert PACK.chronicle.established("CHN", "NPL") == PACK.chronicle.established("NPL", "CHN") == 1955
    assert PACK.chronicle.established("CHN", "CHN") is None
    assert [(t.first, t.last) for t in PACK.chronicle.held("安倍晋三", "JPN", "日本首相")] == [
        (2006, 2007),
        (2012, 2020),
    ]
    assert PACK.chronicle.held("安倍晋三", "KOR", "总统") == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("terms.tsv", "person\tcountry\tpost\tfrom\n"),
        ("terms.tsv", "person\tcountry\tpost\tfrom\tto\n甲\tJPN\t首相\t2001\n"),
        ("editions.tsv", "words\tedition\tyear\tevery\tfrom\tto\tlasts\n峰会\t1\t2001\t1\t\t\t\n"),
        ("founding.tsv", "words\tyear\n某会成立\tlong ago\n"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(PackError, match=name):
        Chronicle(tmp_path)
