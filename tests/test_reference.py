"""Reference within an item: who, when and where a sentence means, what shape an event takes, and what is refused.

Each case is a text of 15 June 2024 and its reports, written `kind status start/end country: participants`.
"""

from __future__ import annotations

import pytest

from dragoman.article import Article
from dragoman.model import Reading, Report
from dragoman.pack import load
from dragoman.reading import read_article

PACK = load()


def read(text: str) -> Reading:
    return read_article(Article("page", text, published="2024-06-15"), PACK)


def told(report: Report) -> str:
    """A report in one line, with the role of each participant that is not the kind's usual one."""
    usual = {"meeting": "party", "call": "party", "conference": "attendee", "visit": "visitor", "agreement": "party"}
    days = f"{short(report.start)}/{short(report.end)}"
    names = [
        p.name if p.role == usual[report.kind] else f"{p.name} ({p.role})"
        for p in report.participants
    ]  # fmt: skip
    return f"{report.kind} {report.status} {days} {report.place_country or '-'}: {' '.join(names)}"


def short(day: str | None) -> str:
    return (day or "-").removeprefix("2024-")


WHO = {
    "both sides": (
        "越南总理范明政6月12日在河内会见法国外长塞茹尔内。会见后,双方签署合作备忘录。",
        ["meeting held 06-12/06-12 VNM: 范明政 塞茹尔内", "agreement held 06-12/06-12 VNM: 越南 法国"],
    ),
    "the two leaders": (
        "日本首相岸田文雄6月12日会见法国总统马克龙。两国领导人随后发表联合声明。",
        ["meeting held 06-12/06-12 -: 岸田文雄 马克龙", "agreement held 06-12/06-12 -: 日本 法国"],
    ),
    "he": (
        "法国外长塞茹尔内6月12日访问日本。当天,他会见了日本外相上川阳子。",
        ["visit held 06-12/- JPN: 塞茹尔内", "meeting held 06-12/06-12 JPN: 塞茹尔内 上川阳子"],
    ),
    "a post alone is whoever holds it": (
        "法国总统马克龙说,局势严峻。法国总统6月12日会见德国总理朔尔茨。",
        ["meeting held 06-12/06-12 -: 马克龙 朔尔茨"],
    ),
    "a post alone whose holder nobody tells": (
        "日本首相6月12日同美国总统通电话。",
        ["call held 06-12/06-12 -: 日本首相 美国总统"],
    ),
    "a person named later without a post": (
        "日本首相岸田文雄6月12日在东京会见越南外长裴青山。裴青山13日会见上川阳子外相。",
        ["meeting held 06-12/06-12 JPN: 岸田文雄 裴青山", "meeting held 06-13/06-13 -: 裴青山 上川阳子"],
    ),
    "one after the other": (
        "6月12日,法国总统马克龙分别会见德国总理朔尔茨和意大利总理梅洛尼。",
        ["meeting held 06-12/06-12 -: 马克龙 朔尔茨", "meeting held 06-12/06-12 -: 马克龙 梅洛尼"],
    ),
    "who invites is the host": (
        "应越南总理范明政邀请,老挝总理宋赛6月12日至13日访问越南。",
        ["visit held 06-12/06-13 VNM: 宋赛 范明政 (host)"],
    ),
    "a post that tells its country": (
        "国务卿布林肯6月12日抵达开罗。",
        ["visit held 06-12/- EGY: 布林肯"],
    ),
}

WHEN = {
    "during the visit": (
        "老挝总理宋赛6月12日至14日访问越南。访问期间,宋赛会见越南国家主席苏林。",
        ["visit held 06-12/06-14 VNM: 宋赛", "meeting held 06-12/06-14 VNM: 宋赛 苏林"],
    ),
    "a meeting on a dated visit": (
        "老挝总理宋赛6月12日至13日访问越南。宋赛会见越南国家主席苏林。",
        ["visit held 06-12/06-13 VNM: 宋赛", "meeting held 06-12/06-13 VNM: 宋赛 苏林"],
    ),
    "the same day": (
        "老挝总理宋赛6月12日抵达河内,开始对越南进行正式访问。同日,他同越南总理范明政举行会谈。",
        ["visit held 06-12/- VNM: 宋赛", "meeting held 06-12/06-12 VNM: 宋赛 范明政"],
    ),
    "a length counts the first day": (
        "老挝总理宋赛6月12日开始对越南进行为期四天的正式访问。",
        ["visit held 06-12/06-15 VNM: 宋赛"],
    ),
    "a day alone takes the month before it": (
        "6月12日,韩国总统尹锡悦抵达塔什干,开始对乌兹别克斯坦的国事访问。13日,尹锡悦与米尔济约耶夫总统举行会谈。",
        ["visit held 06-12/- UZB: 尹锡悦", "meeting held 06-13/06-13 UZB: 尹锡悦 米尔济约耶夫"],
    ),
    "days to come are a plan": (
        "德国总理朔尔茨将于6月20日至24日访问日本。",
        ["visit planned 06-20/06-24 JPN: 朔尔茨"],
    ),
    "a visit in passing has no day": (
        "越南总理范明政6月12日在河内会见来访的老挝外长沙伦赛。",
        ["meeting held 06-12/06-12 VNM: 范明政 沙伦赛", "visit held -/- VNM: 沙伦赛"],
    ),
}

WHERE = {
    "a city tells its country": (
        "6月12日,中国外长王毅在北京会见老挝外长沙伦赛。",
        ["meeting held 06-12/06-12 CHN: 王毅 沙伦赛"],
    ),
    "an ambassador is received at his post": (
        "日本驻越南大使伊藤直树6月12日拜会越南总理范明政。",
        ["meeting held 06-12/06-12 VNM: 伊藤直树 范明政"],
    ),
    "nothing is told": (
        "法国总统马克龙6月12日会见德国总理朔尔茨。",
        ["meeting held 06-12/06-12 -: 马克龙 朔尔茨"],
    ),
}

SHAPE = {
    "three sides make a conference": (
        "中国外长王毅、日本外相上川阳子和韩国外长赵兑烈6月12日在首尔举行会谈。",
        ["conference held 06-12/06-12 KOR: 王毅 上川阳子 赵兑烈"],
    ),
    "guests received together are in one meeting": (
        "6月12日,法国总统马克龙共同会见德国总理朔尔茨和意大利总理梅洛尼。",
        ["meeting held 06-12/06-12 -: 马克龙 朔尔茨 梅洛尼"],
    ),
    "talks by video are a call": (
        "日本外相上川阳子6月12日同韩国外长赵兑烈举行视频会谈。",
        ["call held 06-12/06-12 -: 上川阳子 赵兑烈"],
    ),
    "one visit for each country": (
        "美国国务卿布林肯6月12日访问埃及、以色列和约旦。",
        ["visit held 06-12/- EGY: 布林肯", "visit held 06-12/- ISR: 布林肯", "visit held 06-12/- JOR: 布林肯"],
    ),
    "a planned trip has the days of the whole for each": (
        "德国总理朔尔茨将于6月20日至24日访问日本和韩国。",
        ["visit planned 06-20/06-24 JPN: 朔尔茨", "visit planned 06-20/06-24 KOR: 朔尔茨"],
    ),
    "what is denied": (
        "朝鲜否认金正恩6月12日会见日本首相岸田文雄。",
        ["meeting denied 06-12/06-12 -: 金正恩 岸田文雄"],
    ),
    "what is called off": (
        "法国总统马克龙取消访问德国的计划。",
        ["visit cancelled -/- DEU: 马克龙"],
    ),
}

LAST_DAYS = {
    "the year in a gathering's name gives way to the day": (
        "2024年6月12日,越南总理范明政出席泰国举办的2024年湄公河投资论坛。",
        ["conference held 06-12/06-12 -: 范明政 泰国 (host)"],
    ),
    "on a visit told by its first day, and ended in another sentence": (
        "日本首相岸田文雄6月13日结束对越南的访问。在11日开始的越南之行中,岸田文雄与越南总理范明政举行会谈。",
        ["visit held 06-11/06-13 VNM: 岸田文雄", "meeting held 06-11/06-13 VNM: 岸田文雄 范明政"],
    ),
    "the legs of a trip and its last day": (
        "日本首相岸田文雄6月14日起依次访问越南和泰国。岸田文雄对两国的访问将于18日结束。期间,他将与泰国总理赛塔会谈。",
        [
            "visit held 06-14/06-18 VNM: 岸田文雄",
            "visit held 06-14/06-18 THA: 岸田文雄",
            "meeting planned 06-14/06-18 THA: 岸田文雄 赛塔",
        ],
    ),
    "he leaves on a day told next": (
        "日本首相岸田文雄6月10日抵达河内,13日离开。",
        ["visit held 06-10/06-13 VNM: 岸田文雄"],
    ),
    "what ends is dated by the day told at its end": (
        "日本首相岸田文雄将于6月20日抵达河内,对越南进行访问,22日结束访问回国。",
        ["visit planned 06-20/06-22 VNM: 岸田文雄"],
    ),
    "a gathering closes": (
        "第五届越日海洋论坛6月12日在河内开幕,将于14日闭幕。",
        ["conference held 06-12/06-14 VNM: "],
    ),
    "the next day told is of something else": (
        "日本首相岸田文雄6月10日抵达河内,13日会见越南总理范明政。",
        ["visit held 06-10/- VNM: 岸田文雄", "meeting held 06-13/06-13 VNM: 岸田文雄 范明政"],
    ),
    "the day before": (
        "越南外长裴青山6月13日会见日本外相上川阳子,此前一天他会见了法国外长塞茹尔内。",
        ["meeting held 06-13/06-13 -: 裴青山 上川阳子", "meeting held 06-12/06-12 -: 裴青山 塞茹尔内"],
    ),
}

CASES = {**WHO, **WHEN, **WHERE, **SHAPE, **LAST_DAYS}


@pytest.mark.parametrize(("text", "reports"), CASES.values(), ids=CASES)
def test_who_when_where_and_in_what_shape(text: str, reports: list[str]) -> None:
    assert [told(report) for report in read(text).reports] == reports


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("中国总理李强6月12日会见中国外长王毅。", "one side only"),
        ("外交部长王毅6月12日在杭州会见德国外长贝尔伯克。随后,王毅会见中国总理李强。", "one side only"),
    ],
)
def test_what_the_model_refuses_is_told_with_the_reason(text: str, reason: str) -> None:
    reading = read(text)
    assert reason in [why for _, _, _, why in reading.unread]


@pytest.mark.parametrize(
    "text",
    [
        "法国总统马克龙6月12日访问法国。",
        "双方6月12日举行会谈。",
        "他6月12日会见了记者。",
        "法国总统马克龙6月12日视察里昂的工厂。",
    ],
    ids=["his own country", "sides nobody told", "nobody of another country", "at home"],
)
def test_nothing_is_made_up(text: str) -> None:
    assert read(text).reports == []
