"""The country of persons: a table of sentences with the agency that tells them and the persons in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.actors import Actor
from dragoman.article import Article
from dragoman.events import EventReader
from dragoman.fold import fold
from dragoman.homeland import country_of
from dragoman.layout import lay_out
from dragoman.pack import load
from dragoman.reading import read_items

TABLE = Path(__file__).parent / "data" / "countries.tsv"
PACK = load()
#: Persons whose country is known not to be found: a university that is no body of the lexicon.
KNOWN_MISSES = {"安德烈耶夫"}


def rows() -> list[tuple[str, str | None, dict[str, str]]]:
    """The table: text, agency, and the country (or countries that are right) of each person; "none" for none."""
    table = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith(("#", "text\t")):
            continue
        text, agency, expected = line.split("\t")
        wanted = dict(entry.split("=") for entry in expected.split("; "))
        table.append((text, None if agency == "-" else agency, wanted))
    return table


def countries(text: str, agency: str | None) -> dict[str, str]:
    """The persons found in a text with their countries."""
    article = Article("page", text, published="2024-05-06", agency=agency)
    found = {}
    for context in read_items(article, PACK, lay_out(article, PACK.layout), fold(text), PACK.reader(EventReader)):
        for name in context.register.persons:
            found[name] = country_of(context, name) or "none"
    return found


def test_the_table_is_large_enough() -> None:
    assert len(rows()) >= 150


@pytest.mark.parametrize(
    ("text", "agency", "wanted"), rows(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_country_of_person(text: str, agency: str | None, wanted: dict[str, str]) -> None:
    found = countries(text, agency)
    wrong = {name: found.get(name, "not found") for name in wanted if found.get(name) not in wanted[name].split("|")}
    assert not wrong.keys() - KNOWN_MISSES


#: Pages with characters that several countries share, and what the characters mean there.
CHARACTERS = [
    (
        "阿拉伯国家联盟成员国代表在开罗出席会议。阿拉伯国家与中国关系密切。阿尔及利亚代表也出席。中阿合作论坛将继续。",
        "阿",
        None,
    ),
    ("阿尔及利亚总统特本抵达北京。中国欢迎阿尔及利亚参与合作。中阿关系进入新阶段。", "阿", "DZA"),
    ("阿根廷总统抵达北京。阿根廷是重要国家。中阿关系进入新阶段。", "阿", "ARG"),
    ("阿富汗代表抵达伊斯兰堡。阿富汗希望扩大贸易。阿方感谢中方帮助。", "阿", "AFG"),
    ("澳大利亚和新西兰举行年度会谈。澳新两国重申同盟。", "新", "NZL"),
    (
        "澳大利亚总理访问新加坡。新加坡总理欢迎他。澳大利亚重视合作,新加坡也是。新西兰没有参加。新澳两国关系密切。",
        "新",
        "NZL",
    ),
    ("新加坡总理访问吉隆坡。马来西亚总理会见了他。新马两国商定建设铁路。", "新", "SGP"),
    ("新西兰总理访华。新西兰是第一个签约的国家。中新双方举行会谈。", "新", "NZL"),
    ("新加坡外长访华。新加坡愿扩大投资。中新双方举行会谈。", "新", "SGP"),
    ("哈萨克斯坦总统访华。中哈两国签署联合声明。", "哈", "KAZ"),
    ("以色列与哈马斯在多哈谈判。哈马斯提出新方案。哈方要求停火。", "哈", None),
    ("伊朗外长访华。伊方感谢中方。", "伊", "IRN"),
    ("伊拉克总理访华。伊拉克愿扩大合作。伊方感谢中方。", "伊", "IRQ"),
    ("巴基斯坦总理访华。巴方感谢中方。", "巴", "PAK"),
    ("巴西总统访华。巴方感谢中方。", "巴", "BRA"),
    ("巴勒斯坦总统访华。巴方感谢中方。", "巴", "PSE"),
    ("巴拿马总统访华。巴方感谢中方。", "巴", "PAN"),
    ("印度和巴基斯坦交火。印巴两国应对话。", "巴", "PAK"),
    ("沙特和伊朗恢复关系。沙伊两国互派大使。", "伊", "IRN"),
    ("乌克兰总统与俄罗斯总统通话。俄乌两国同意停火。", "乌", "UKR"),
    ("乌兹别克斯坦总统访华。中乌两国签署文件。", "乌", "UZB"),
    ("塔吉克斯坦总统访华。中塔两国签署文件。", "塔", "TJK"),
    ("尼泊尔总理访华。中尼两国签署文件。", "尼", "NPL"),
    ("尼日利亚总统访华。中尼两国签署文件。", "尼", "NGA"),
    ("马来西亚总理访华。中马两国签署文件。", "马", "MYS"),
    ("马尔代夫总统访华。中马两国签署文件。", "马", "MDV"),
    ("塞尔维亚总统访华。中塞两国签署文件。", "塞", "SRB"),
    ("瑞士联邦主席访华。中瑞两国签署文件。", "瑞", "CHE"),
    ("瑞典首相访华。中瑞两国签署文件。", "瑞", "SWE"),
    ("埃塞俄比亚总理访华。中埃两国签署文件。", "埃", "ETH"),
    ("印度尼西亚总统访华。中印尼两国签署文件。印度尼西亚总统还将访问东京。", "印", None),
    ("阿塞拜疆和亚美尼亚举行谈判。阿亚两国商定划界。", "阿", "AZE"),
    ("吉尔吉斯斯坦总统访华。中吉两国签署文件。", "吉", "KGZ"),
    ("哥伦比亚总统访华。中哥两国签署文件。", "哥", "COL"),
    ("刚果(金)总统访华。刚果(金)外长随行。中刚两国签署文件。", "刚", "COD"),
    ("利比亚和突尼斯代表会谈。中利两国签署文件。", "利", "LBY"),
]


@pytest.mark.parametrize(("text", "char", "code"), CHARACTERS)
def test_country_of_a_character(text: str, char: str, code: str | None) -> None:
    article = Article("page", text, published="2024-05-06", agency="新华社")
    contexts = read_items(article, PACK, lay_out(article, PACK.layout), fold(text), PACK.reader(EventReader))
    mentions = [mention for context in contexts for sentence in context.sentences for mention in sentence.mentions]
    actors = [mention.value for mention in mentions if isinstance(mention.value, Actor)]
    members = [member for actor in actors for member in (actor, *actor.members)]
    found = {a.country for a in members if a.kind in ("country", "organisation") and fold(text)[slice(*a.span)] == char}
    found |= {
        m.value["code"]
        for m in mentions
        if m.type == "Country" and isinstance(m.value, dict) and m.value["surface"] == char
    }
    assert found == ({code} if code else set())
