"""The year of undated pages: texts with what must be told of their date, and texts that tell none."""

from __future__ import annotations

import pytest

from dragoman.article import Article
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
    "新华社河内9月21日电 越南和日本于1973年建交。明年是两国建交45周年。",
    "新华社河内9月21日电 越南和日本于1973年建交。两国即将迎来建交45周年。",
    # no first year in the text: none is known from elsewhere
    "新华社河内9月21日电 越南和日本举行庆祝建交45周年招待会。",
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
