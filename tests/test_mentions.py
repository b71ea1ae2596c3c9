"""Sentences, words and one-character countries: what stands in a text before any rule looks at it."""

from __future__ import annotations

import pytest

import dragoman
from dragoman.fold import fold
from dragoman.lexicon import Lexicon
from dragoman.mentions import Page, split
from dragoman.pack import load

PACK = load()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("双方会谈。会后发表声明。", ["双方会谈。", "会后发表声明。"]),
        ("真的吗?真的!好;再见。", ["真的吗?", "真的!", "好;", "再见。"]),
        ("他说:“我们欢迎。”双方随后会谈。", ["他说:“我们欢迎。”", "双方随后会谈。"]),
        ("(会谈结束。)记者离开。", ["(会谈结束。)", "记者离开。"]),
        ("没有句号的标题\n第二行", ["没有句号的标题\n", "第二行"]),
        ("\n \n双方会谈", ["双方会谈"]),
        ("双方在3.5小时里会谈", ["双方在3.5小时里会谈"]),
        ("。", ["。"]),
        ("", []),
        (" \n", []),
    ],
)
def test_split(text: str, sentences: list[str]) -> None:
    assert [text[a:b].lstrip("\n ") for a, b in split(text, 0, len(text), PACK.ends)] == sentences


def test_split_keeps_to_its_stretch() -> None:
    text = "甲。乙。丙。丁。"
    assert split(text, 2, 6, PACK.ends) == [(2, 4), (4, 6)]
    assert split(text, 3, 5, PACK.ends) == [(3, 4), (4, 5)]


def words(lexicon: Lexicon, text: str) -> list[str]:
    """The words of a text; a glued word as its two parts."""
    out: list[str] = []
    for start, end, word in lexicon.scan(text):
        middle = start + word.split
        out += [text[start:end]] if not word.split else [text[start:middle], text[middle:end]]
    return out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("美国国务卿", ["美国", "国务卿"]),
        ("美国防部长", ["美", "国防部长"]),  # the country shares its last character with the post
        ("韩国防部", ["韩", "国防部"]),
        ("英国防大臣", ["英", "国防大臣"]),
        ("蒙古国防部", ["蒙古", "国防部"]),  # and not the country in its long form before a torn word
        ("蒙古国国防部", ["蒙古国", "国防部"]),
        ("日本海军", ["日本", "海军"]),  # and not the sea
        ("日本海", ["日本海"]),
        ("日本海上自卫队", ["日本", "海上自卫队"]),
        ("国防部", ["国防部"]),
    ],
)
def test_words_that_share_a_character_are_told_apart(text: str, found: list[str]) -> None:
    assert words(PACK.lexicon, text) == found


def mentions(text: str) -> list[tuple[str, str]]:
    """The words and types of all mentions of a page of one sentence."""
    folded = fold(text)
    (sentence,) = Page(PACK, text, folded, "").sentences([("body", 0, len(text))], None)
    return [(text[m.start : m.end], m.type) for m in sentence.mentions]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("法国总统马克龙访华", [("法国总统马克龙", "Person"), ("华", "Country")]),
        ("法國總統馬克龍訪華", [("法國總統馬克龍", "Person"), ("華", "Country")]),
        ("中法关系", [("中法", "Collective")]),
        ("中日韩合作", [("中日韩", "Collective")]),
        ("法方回应", [("法方", "Country")]),
        ("这个日子", []),
        ("中间派", []),
        ("美好的生活", []),
        ("新华社今天", [("新华社", "Media"), ("今天", "Time")]),
        ("韩国外交部", [("韩国外交部", "Organ")]),
        ("提供1亿美元", [("1亿美元", "Money")]),
    ],
)
def test_mentions(text: str, found: list[tuple[str, str]]) -> None:
    assert mentions(text) == found


def test_mentions_are_in_order_and_do_not_overlap() -> None:
    text = "6月12日,中国外长王毅在青岛会见美国国务卿布林肯和韩国防部长官申源湜,三方讨论中美韩关系。"
    (sentence,) = Page(PACK, text, fold(text), "").sentences([("body", 0, len(text))], "CHN")
    ends = [0, *(m.end for m in sentence.mentions)]
    assert all(m.start >= end for m, end in zip(sentence.mentions, ends, strict=False))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # days and places outside quotation marks are no part of a name, inside they are
        ("中国与老挝10日举行代号为“中老友谊盾牌-2024”的联合军事演习。", "“中老友谊盾牌-2024”"),
        ("中国与老挝10日举行代号为“金龙 2024”的联合军事演习。", "“金龙 2024”"),
        ("老挝总理宋赛10日出席万象友好协会成立30周年纪念活动。", "万象友好协会成立30周年纪念活动"),
        ("马克龙10日在爱丽舍宫举行“海洋和供应链安全首席执行官峰会”。", "海洋和供应链安全首席执行官峰会"),
        ("日本首相岸田文雄、德国总理朔尔茨进行首次“政府间磋商”。", "“政府间磋商”"),
    ],
)
def test_the_name_of_an_event_is_written_down_as_it_stands(text: str, name: str) -> None:
    assert [report.name for report in dragoman.read(text, published="2024-06-12").reports] == [name]
