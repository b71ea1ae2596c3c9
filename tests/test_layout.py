"""The layout step: each table is a page (or a line of one) and what must come out of it."""

from __future__ import annotations

import pickle
import time
from pathlib import Path

import pytest

import dragoman
from dragoman.article import Article, Layout
from dragoman.layout import LayoutError, LayoutRules, clean_title, lay_out

PACK = Path(dragoman.__file__).parent / "packs" / "zh"
RULES = LayoutRules.load(PACK)


def page(*lines: str, **fields: str | None) -> Layout:
    return lay_out(Article(id="page", text="\n".join(lines), **fields), RULES)  # type: ignore[arg-type]


def blocks(layout: Layout, text: str, item: int = 0) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in layout.items[item].blocks]


def blocks_of(*lines: str, **fields: str | None) -> list[tuple[str, str]]:
    return blocks(page(*lines, **fields), "\n".join(lines))


BODY = "法国总统戴高乐在爱丽舍宫同来访的德国总理阿登纳举行了长时间的会谈。"

# a first line -> the dateline in it, its place, the home country of its agency
DATELINES = [
    ("新华社巴黎1月22日电（记者 李明）", "巴黎", "CHN"),
    ("新华社巴黎１月２２日电（记者李明　王强）", "巴黎", "CHN"),
    ("新华社电 ", None, "CHN"),
    ("据新华社巴黎1月22日电 ", "巴黎", "CHN"),
    ("中新社巴黎1月22日电 (记者 李明)", "巴黎", "CHN"),
    ("中新网1月22日电 综合外媒消息，", None, "CHN"),
    ("人民网巴黎1月22日电（李明）", "巴黎", "CHN"),
    ("央视网消息（晚间新闻）：", None, "CHN"),
    ("央视网消息：", None, "CHN"),
    ("【环球网报道 记者 李明】", None, "CHN"),
    ("【环球时报驻法国特约记者 李明 环球时报记者 王强】", None, "CHN"),
    ("【共同社1月22日电】", None, "JPN"),
    ("【韩联社首尔1月22日电】", None, "KOR"),
    ("韩联社首尔1月22日电 ", "首尔", "KOR"),
    ("共同社东京1月22日电 ", "东京", "JPN"),
    ("越通社河内——", "河内", "VNM"),
    ("河内（越通社）——", "河内", "VNM"),
    ("（VOV5）- ", None, "VNM"),
    ("越通社驻法国记者报道，", "法国", "VNM"),
    ("据越通社驻巴黎记者报道，", "巴黎", "VNM"),
    ("越通社河内——越通社驻法国记者报道，", "河内", "VNM"),
    ("本报讯 ", None, None),
    ("（巴黎综合讯）", "巴黎", None),
    ("（观察者网讯）", None, "CHN"),
    ("環球網記者李明報道，", None, "CHN"),
    ("新華社巴黎1月22日電（記者 李明）", "巴黎", "CHN"),
]


@pytest.mark.parametrize(("dateline", "place", "home"), DATELINES)
def test_dateline(dateline: str, place: str | None, home: str | None) -> None:
    layout = page(dateline + BODY, BODY.replace("长时间", "第二轮"))
    assert blocks(layout, dateline + BODY)[:2] == [("dateline", dateline.strip()), ("body", BODY)]
    assert (layout.items[0].place, layout.items[0].home) == (place, home)


NO_DATELINES = [
    "新华社电视台的代表也参加了在巴黎举行的这次会议。",
    "据韩联社报道，韩国总统卢泰愚当天在青瓦台会见了客人。",
    "越通社社长会见了来访的古巴拉美社社长一行。",
    "1963年1月22日，法国和德国在巴黎签署了爱丽舍条约。",
]


@pytest.mark.parametrize("line", NO_DATELINES)
def test_what_only_looks_like_a_dateline(line: str) -> None:
    assert blocks_of(line, BODY)[0] == ("body", line)


# a last line -> its parts
ENDINGS = [
    (BODY + "(完)", [("body", BODY), ("closing", "(完)")]),
    (BODY + "（记者李明、王强）", [("body", BODY), ("author", "（记者李明、王强）")]),
    (BODY + "（李明）（新华社特稿）", [("body", BODY), ("author", "（李明）"), ("closing", "（新华社特稿）")]),
    (BODY + "【编辑:李明】", [("body", BODY), ("closing", "【编辑:李明】")]),
    (BODY + "(来源:越南之声)", [("body", BODY), ("closing", "(来源:越南之声)")]),
    (BODY + "（VOV5）", [("body", BODY), ("closing", "（VOV5）")]),
    (BODY + "（作者是大学历史系教授）", [("body", BODY), ("author", "（作者是大学历史系教授）")]),
    (BODY + "（编译/李明）", [("body", BODY), ("closing", "（编译/李明）")]),
    (BODY + "（本报巴黎1月22日电）", [("body", BODY), ("closing", "（本报巴黎1月22日电）")]),
    ("责任编辑：李明", [("closing", "责任编辑：李明")]),
    ("（原标题：戴高乐会见阿登纳）", [("closing", "（原标题：戴高乐会见阿登纳）")]),
    ("分享让更多人看到", [("label", "分享让更多人看到")]),
    ("12下一页12下一页", [("label", "12下一页12下一页")]),
    ("■李 明 王 强", [("author", "■李 明 王 强")]),
    ("本报记者 李明", [("author", "本报记者 李明")]),
    ("二人在宫中合影。新华社记者李明摄", [("caption", "二人在宫中合影。"), ("credit", "新华社记者李明摄")]),
    ("二人在宫中合影。图自越通社", [("caption", "二人在宫中合影。"), ("credit", "图自越通社")]),
    ("资料图：爱丽舍宫外景。", [("caption", "资料图：爱丽舍宫外景。")]),
    # brackets that belong to the sentence
    (
        "会谈的第二天，两国签署了条约（又称爱丽舍条约）。",
        [("body", "会谈的第二天，两国签署了条约（又称爱丽舍条约）。")],
    ),
    ("客人还参观了卢浮宫（李明）和凡尔赛宫。", [("body", "客人还参观了卢浮宫（李明）和凡尔赛宫。")]),
]


@pytest.mark.parametrize(("line", "parts"), ENDINGS)
def test_ending(line: str, parts: list[tuple[str, str]]) -> None:
    assert blocks_of(BODY.replace("戴高乐", "蓬皮杜"), line)[1:] == parts


def test_title_heading_and_repeat() -> None:
    lines = ("法德两国领导人在巴黎会谈", BODY, "签署条约", "条约于当年夏天生效。", BODY)
    assert [kind for kind, _ in blocks_of(*lines)] == ["title", "body", "heading", "body", "repeat"]


def test_title_is_known_from_the_metadata() -> None:
    lines = ("副题说的是另一件事情", "法德两国领导人在巴黎会谈", BODY)
    kinds = [kind for kind, _ in blocks_of(*lines, title="[视频]法德两国领导人在巴黎会谈 - 国际 - 人民网")]
    assert kinds == ["heading", "title", "body"]


def test_a_leftover_within_a_line() -> None:
    line = "戴高乐同阿登纳会谈 ảnh 1戴高乐（右）同阿登纳握手 图自越通社"
    assert blocks_of("戴高乐同阿登纳会谈", BODY, line)[2:] == [
        ("repeat", "戴高乐同阿登纳会谈"),
        ("label", "ảnh 1"),
        ("caption", "戴高乐（右）同阿登纳握手"),
        ("credit", "图自越通社"),
    ]


TITLES = [
    ("[视频]会谈举行", "会谈举行"),
    ("法德会谈在巴黎举行--国际--人民网", "法德会谈在巴黎举行"),
    ("法德会谈在巴黎举行_光明网", "法德会谈在巴黎举行"),
    ("法德会谈在巴黎举行 - 欧洲频道", "法德会谈在巴黎举行"),
    ("法国—德国：共谋合作", "法国—德国：共谋合作"),
    ("  ", None),
]


@pytest.mark.parametrize(("title", "clean"), TITLES)
def test_titles_lose_what_the_template_added(title: str, clean: str | None) -> None:
    assert clean_title(title, RULES) == clean


# teasers ------------------------------------------------------------------------------------------------------

HEADINGS = [
    "更多",
    "相关新闻",
    "相关新闻：",
    "延伸阅读",
    "推荐阅读：",
    "相关报道",
    "相关閱讀",
    "热门",
    "【相关链接】",
    "更多新闻>>",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_bare_headlines_under_a_heading(heading: str) -> None:
    layout = page(BODY, heading, "戴高乐将访问西德多个城市", "阿登纳回国后向议会作报告")
    assert [(item.name, item.title) for item in layout.items] == [
        ("main", None),
        ("more-1", "戴高乐将访问西德多个城市"),
        ("more-2", "阿登纳回国后向议会作报告"),
    ]


def test_teasers_of_caption_headline_and_text() -> None:
    lines = (
        BODY,
        "更多",
        "铁托总统在贝尔格莱德机场。图自越通社",
        "铁托总统启程出访",
        "2月3日，南斯拉夫总统铁托离开首都，前往亚洲数国访问。",
        "会议大厅内景",
        "不结盟会议筹备就绪",
        "1961年2月1日至5日，各国代表在开罗为会议作准备，将于夏天开会。",
    )
    layout = page(*lines)
    assert [item.title for item in layout.items] == [None, "铁托总统启程出访", "不结盟会议筹备就绪"]
    assert [kind for kind, _ in blocks(layout, "\n".join(lines), 1)] == ["caption", "credit", "title", "body"]
    assert [kind for kind, _ in blocks(layout, "\n".join(lines), 2)] == ["caption", "title", "body"]
    # The second gives its year itself, the first has it from the second; the page has none.
    assert [(item.published, item.published_basis) for item in layout.items] == [
        (None, None),
        ("1961-02", "sibling"),
        ("1961-02", "text"),
    ]


def test_headlines_behind_the_signature_are_teasers() -> None:
    layout = page(BODY, BODY + "（李明）", "联邦德国总理返回波恩后发表谈话")
    assert [item.name for item in layout.items] == ["main", "more-1"]


def test_a_heading_before_more_text_is_no_teaser() -> None:
    layout = page(BODY, "新闻链接", "爱丽舍条约", "条约规定两国政府首脑每年至少会晤两次。")
    assert [item.name for item in layout.items] == ["main"]


def test_a_signed_document_is_no_list() -> None:
    layout = page(BODY + BODY, "法兰西共和国总统 夏尔·戴高乐", "联邦共和国总理 康拉德·阿登纳", "1963年1月22日")
    assert [item.name for item in layout.items] == ["main"]


# roundups -----------------------------------------------------------------------------------------------------

BRIEFS = (
    "央视网消息（晚间新闻）：",
    "法德签署条约",
    BODY,
    "英国谈判中断",
    "英国加入共同市场的谈判中断。",
    "双方没有说明原因。",
)


def test_roundup() -> None:
    layout = page(*BRIEFS, title="[视频]国际联播快讯", published="1963-01-29")
    assert [(item.name, item.title, item.published, item.home) for item in layout.items] == [
        ("brief-1", "法德签署条约", "1963-01-29", "CHN"),
        ("brief-2", "英国谈判中断", "1963-01-29", "CHN"),
    ]


def test_a_roundup_with_marks_and_a_title_of_its_own() -> None:
    layout = page("国际要闻一周回顾（1963年1月）", "中新网1月29日电", "◆法德签署条约", BODY, "◆英国谈判中断", BODY)
    assert layout.title == "国际要闻一周回顾（1963年1月）"
    assert [(item.name, item.title) for item in layout.items] == [
        ("brief-1", "◆法德签署条约"),
        ("brief-2", "◆英国谈判中断"),
    ]


def test_an_article_with_a_second_report_is_no_roundup() -> None:
    layout = page("央视网消息（晚间新闻）：" + BODY, "英国谈判中断", "英国加入共同市场的谈判中断。", title="法德会谈")
    assert [item.name for item in layout.items] == ["main"]


# dates --------------------------------------------------------------------------------------------------------

DATES: list[tuple[dict[str, str | None], str, tuple[str | None, str | None]]] = [
    ({"published": "2023-05-08"}, BODY, ("2023-05-08", "metadata")),
    ({"url": "http://world.people.com.cn/n1/2016/0802/c1003-1.html"}, BODY, ("2016-08-02", "url")),
    ({"url": "http://m.ce.cn/gj/gd/202310/18/t20231018_38754717.shtml"}, BODY, ("2023-10-18", "url")),
    ({"url": "https://cn.yna.co.kr/view/ACK20240102000100881"}, BODY, ("2024-01-02", "url")),
    ({"url": "https://m.huanqiu.com/article/9CaKrnJFaiq"}, BODY, (None, None)),
    ({}, "新华社巴黎1月22日电 " + BODY, ("XXXX-01-22", "dateline")),
    ({}, "新华社巴黎1963年1月22日电 " + BODY, ("1963-01-22", "dateline")),
    ({}, "1963年1月22日，" + BODY, ("1963-01-22", "text")),
    # history at the start: a later date shows it
    ({}, "1963年1月22日，" + BODY + "2003年1月22日是四十周年。", (None, None)),
    ({}, "自1963年1月建立外交关系四十年后的今天，两国总理将于3月2日会面。", ("2003-03", "text")),
    # a date further on, or of an edition
    ({}, "德国总理在会见时说，他上一次来到巴黎还是在1958年9月14日，那是一次难忘的访问。", (None, None)),
    ({}, "新华社湛江9月12日电 “蓝色海洋—2016”演习开始。" + BODY, ("2016-09-12", "dateline")),
    # the dateline makes the day exact
    ({"published": "2022-04-07"}, "中新网4月6日电 " + BODY, ("2022-04-06", "dateline")),
    ({"published": "2022-01-01"}, "中新网12月31日电 " + BODY, ("2021-12-31", "dateline")),
    # a page that was stored under a later date: its year is not known
    ({"published": "2023-08-10"}, "中新网5月23日电 " + BODY, ("XXXX-05-23", "dateline")),
    ({"published": "2025-01-14"}, "法国议会今天（1月14日）开会。" + BODY, ("2025-01-14", "metadata")),
    ({"published": "XXXX", "url": "https://example.org/2023/08/10/a.html"}, BODY, (None, None)),
]


@pytest.mark.parametrize(("fields", "text", "expected"), DATES)
def test_date_of_the_page(fields: dict[str, str | None], text: str, expected: tuple[str | None, str | None]) -> None:
    item = page(text, **fields).items[0]
    assert (item.published, item.published_basis) == expected


STAMPS = [
    ("1963-01-22 20:30", None),
    ("1963年01月22日 07:20:15", None),
    ("1963/01/22 10:41 韩联社", "KOR"),
    ("发布/1963年1月22日 5:20 PM 联合早报网", "SGP"),
    ("人民日报 1963年1月22日 第3版", "CHN"),
    ("越通社 22/01/1963", "VNM"),
    ("来源：新华社 1963-01-22", "CHN"),
    ("09:06 | 1963/01/22", None),
    ("1963/1/22 10:21（1/22 11:02 更新）", None),
]


@pytest.mark.parametrize(("stamp", "home"), STAMPS)
@pytest.mark.parametrize("below", [False, True])
def test_time_of_publication_on_a_line_of_its_own(stamp: str, home: str | None, below: bool) -> None:
    lines = ["法德两国签署条约", *([] if below else [stamp]), BODY, BODY * 2, *([stamp] if below else [])]
    layout = page(*lines)
    assert [item.name for item in layout.items] == ["main"]
    assert (layout.published, layout.published_basis, layout.items[0].home) == ("1963-01-22", "text", home)
    assert blocks(layout, "\n".join(lines))[-1 if below else 1] == ("closing", stamp)


TEASER_DATES = [
    # each of its own year
    (("1961年2月3日，会议开幕。", "1965年5月6日，条约生效。"), (("1961-02", "text"), ("1965-05", "text"))),
    # a neighbour's year only for a day that is near
    (("1961年2月3日，会议开幕。", "条约将于1月30日生效。"), (("1961-02", "text"), ("1961-01", "sibling"))),
    (("1961年2月3日，会议开幕。", "条约将于9月30日生效。"), (("1961-02", "text"), (None, None))),
    (("1961年1月3日，会议开幕。", "条约已于12月30日生效。"), (("1961-01", "text"), ("1960-12", "sibling"))),
    # what a teaser looks back on does not date it
    (("1930年2月3日建党，1961年2月3日庆祝。", "条约于2月5日生效。"), (("1961-02", "text"), ("1961-02", "sibling"))),
    (("会议开幕了。", "条约生效了。"), ((None, None), (None, None))),
]


@pytest.mark.parametrize(("texts", "dates"), TEASER_DATES)
def test_dates_of_teasers(texts: tuple[str, str], dates: tuple[tuple[str | None, str | None], ...]) -> None:
    layout = page(BODY, "更多", "会议的最新消息", texts[0], "条约的最新消息", texts[1], published="2013-12-12")
    assert tuple((item.published, item.published_basis) for item in layout.items[1:]) == dates


def test_a_contradiction_is_noted() -> None:
    layout = page("中新网5月23日电 " + BODY, published="2023-08-10")
    assert layout.notes == ("the page's metadata gives 2023-08-10, its own text XXXX-05-23: the year is left open",)
    assert (layout.published, layout.published_basis) == ("2023-08-10", "metadata")


def test_a_teaser_near_the_page_is_of_its_year() -> None:
    near, far = "领导人将于6月1日在波恩会谈", "领导人曾于2月1日在波恩会谈"
    layout = page(BODY, "推荐阅读：", near, far, published="2016-05-31")
    assert [item.published for item in layout.items] == ["2016-05-31", "2016-05-31", None]


# where the text was written -----------------------------------------------------------------------------------

HOMES: list[tuple[dict[str, str | None], str, str | None]] = [
    ({"agency": "外交部"}, BODY, "CHN"),
    ({"agency": "韩联社"}, BODY, "KOR"),
    # passed on by a Chinese portal, in the portal's words
    ({"agency": "共同社(转)", "url": "http://www.ce.cn/a/201601/11/t20160111_1.shtml"}, BODY, "CHN"),
    ({"agency": "共同社(转)"}, BODY, None),
    ({"url": "https://www.zaobao.com.sg/news/world/story20240102-1"}, BODY, "SGP"),
    ({}, BODY + "(来源:共同社)", "JPN"),
    ({}, BODY, None),
]


@pytest.mark.parametrize(("fields", "text", "home"), HOMES)
def test_home(fields: dict[str, str | None], text: str, home: str | None) -> None:
    assert page(text, **fields).items[0].home == home


# what holds for any text --------------------------------------------------------------------------------------


def test_blocks_are_in_order_and_do_not_overlap() -> None:
    for lines in (BRIEFS, (BODY, "更多", "戴高乐将访问西德多个城市"), ("（" * 50 + BODY, "】" * 30)):
        layout = page(*lines)
        ends = [0]
        for item in layout.items:
            for block in item.blocks:
                assert item.start <= block.start < block.end <= item.end
                assert block.start >= ends[-1]
                ends.append(block.end)


def test_rules_and_layouts_can_be_pickled() -> None:
    rules = pickle.loads(pickle.dumps(RULES))
    article = Article(id="page", text="\n".join(BRIEFS))
    assert pickle.loads(pickle.dumps(lay_out(article, rules))) == lay_out(article, RULES)


def test_empty_text_has_no_items() -> None:
    assert page("", "  \u3000").items == ()


@pytest.mark.parametrize("unit", [BODY, BODY + "\n", "（", "新华社", "1月", "——", "更多\n", "a"])
def test_time_is_linear(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.perf_counter()
        lay_out(Article(id="page", text=text), RULES)
        return time.perf_counter() - start

    seconds(1_000)
    assert seconds(400_000) < 12 * max(seconds(100_000), 0.01)


def test_layout_files_are_read_strictly(tmp_path: Path) -> None:
    source = (PACK / "layout.toml").read_text(encoding="utf-8")
    for bad, message in [
        (source + "\n[surprise]\n", "unknown keys"),
        (source.replace("[heading]\n", "[heading]\nsurprise = 1\n"), "surprise"),
        (source.replace("longest = 42", "longest = 42\nstart = 1"), "start"),
        (source.replace("marks = '", "marks = '.*"), "unbounded repeat"),
        (source.replace("marks = '", "marks = '("), "roundup.marks"),
    ]:
        assert bad != source
        (tmp_path / "layout.toml").write_text(bad, encoding="utf-8")
        with pytest.raises(LayoutError, match=message):
            LayoutRules.load(tmp_path)


def test_publisher_files_are_read_strictly(tmp_path: Path) -> None:
    (tmp_path / "layout.toml").write_text((PACK / "layout.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "publishers").mkdir()
    (tmp_path / "publishers" / "a.toml").write_text('name = "a"\n[html]\nbodies = ["p"]\n', encoding="utf-8")
    with pytest.raises(LayoutError, match=r"a\.toml.*bodies"):
        LayoutRules.load(tmp_path)
