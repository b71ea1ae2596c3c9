"""Which pages are read no further than their layout: those on which nobody is named who could take part in anything."""

from __future__ import annotations

import pytest

from dragoman.article import Article
from dragoman.events import EventReader
from dragoman.facts import FactReader
from dragoman.fold import fold
from dragoman.layout import lay_out
from dragoman.pack import load
from dragoman.reading import read_article, read_items
from dragoman.relevance import may_hold

PACK = load()

NOTHING = [
    "把土豆切成细丝,用清水泡十分钟,捞出沥干。锅烧热放油,下花椒炒香,再倒入土豆丝大火翻炒。",
    "昨夜的雨把院子里的落叶都打湿了。奶奶说,今年的柿子比往年甜,要留几个给树上的鸟。",
    "这款手机的屏幕比上一代更亮,续航也更长,但机身重了八克,快充头需要另外购买。",
    "周末小区组织了趣味运动会,拔河、跳绳、接力跑轮番上场,孩子们玩得满头大汗。",
    "",
]
SOMETHING = [
    "日本大雪,多趟列车停运。",  # a country
    "联合国发表了一份报告。",  # an organisation
    "部长谈到了今年的收成。",  # a post
    "普京在院子里散步。",  # somebody whom a list holds
    "他抵达东京,随后去了京都。",  # a place abroad
    "他此行是访华。",  # a character that stands for a country
]


def seen(text: str, published: str | None = "2024-05-06") -> bool:
    layout = lay_out(Article("page", text, published=published), PACK.layout)
    return may_hold(PACK, layout, fold(text))


@pytest.mark.parametrize("text", NOTHING)
def test_a_page_on_which_nobody_is_named_is_left_at_its_layout(text: str) -> None:
    assert not seen(text)
    article = Article("page", text, published="2024-05-06")
    reading = read_article(article, PACK)
    assert (reading.reports, reading.facts, reading.unread) == ([], [], [])
    assert reading.document["published"] == "2024-05-06"
    layout = lay_out(article, PACK.layout)
    for context in read_items(article, PACK, layout, fold(text), PACK.reader(EventReader)):
        assert context.events == [], "what is left out holds nothing"
        assert list(PACK.reader(FactReader).read(context)) == []


@pytest.mark.parametrize("text", SOMETHING)
def test_one_name_of_somebody_who_can_act_is_enough(text: str) -> None:
    assert seen(text)


def test_a_page_whose_day_its_text_may_tell_is_read() -> None:
    assert seen(NOTHING[0], published=None)
