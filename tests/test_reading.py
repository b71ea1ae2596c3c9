"""What holds for the reading of every page: it is pure, it quotes the text, and no text makes it fail."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.article import Article
from dragoman.fold import fold
from dragoman.model import Reading
from dragoman.pack import load
from dragoman.reading import read_article

PAGES = sorted((Path(__file__).parent.parent / "examples" / "pages").glob("*.txt"))
PACK = load()

VISIT = "应日本首相岸田文雄邀请,越南总理阮春福4日对日本进行正式访问。双方举行会谈并发表联合声明。"
TRADITIONAL = "應日本首相岸田文雄邀請,越南總理阮春福4日對日本進行正式訪問。雙方舉行會談並發表聯合聲明。"


def read(text: str, *, published: str | None = "2017-06-05", title: str | None = None) -> Reading:
    return read_article(Article("page", text, title=title, published=published), PACK)


def output(reading: Reading) -> str:
    rows = [*reading.reports, *reading.facts]
    return json.dumps([reading.document, [row.to_json() for row in rows], reading.unread], ensure_ascii=False)


def check_evidence(text: str, reading: Reading) -> None:
    """Every offset lies in the text and reproduces what is quoted."""
    for row in [*reading.reports, *reading.facts]:
        assert row.evidence
        for evidence in row.evidence:
            assert 0 <= evidence.start < evidence.end <= len(text)
            assert text[evidence.start : evidence.end] == evidence.text
    for item in reading.document["items"]:
        assert 0 <= item["start"] <= item["end"] <= len(text)
    for _, offset, _, _ in reading.unread:
        assert 0 <= offset < len(text)


@pytest.mark.parametrize("path", PAGES[:12], ids=lambda path: path.stem)
def test_a_page_reads_the_same_twice_and_quotes_itself(path: Path) -> None:
    text = path.read_text("utf-8")
    first = read(text, published=None)
    assert output(first) == output(read(text, published=None))
    check_evidence(text, first)


def test_the_order_of_pages_changes_nothing() -> None:
    texts = [path.read_text("utf-8") for path in PAGES[:8]]
    forwards = [output(read(text)) for text in texts]
    backwards = [output(read(text)) for text in reversed(texts)]
    assert forwards == backwards[::-1]


def test_a_reading_can_be_sent_to_another_process() -> None:
    reading = read(VISIT)
    assert output(pickle.loads(pickle.dumps(reading))) == output(reading)


def test_traditional_script_gives_the_same_events_at_the_same_places() -> None:
    assert fold(TRADITIONAL) == fold(VISIT)
    simplified, traditional = read(VISIT), read(TRADITIONAL)
    assert len(traditional.reports) == len(simplified.reports) > 0
    for one, other in zip(simplified.reports, traditional.reports, strict=True):
        assert (one.kind, one.mode, one.status, one.start, one.place_country) == (
            other.kind, other.mode, other.status, other.start, other.place_country
        )  # fmt: skip
        assert [(e.start, e.end) for e in one.evidence] == [(e.start, e.end) for e in other.evidence]
        assert {p.country for p in one.participants} == {p.country for p in other.participants}
    check_evidence(TRADITIONAL, traditional)


@pytest.mark.parametrize(
    "mangled",
    [
        VISIT.replace(",", "，").replace("4", "４"),
        VISIT.replace("日本首相", "日本 首相"),
        "\u3000\u3000" + VISIT,
        "\ufeff" + VISIT,
        VISIT + "\x00",
        "\x00\x01\x02" + VISIT,
        VISIT + "(未完",
        "」》)" + VISIT,
        VISIT.replace("。", "。\r\n"),
        "\u200f" + VISIT,
    ],
    ids=["full width", "spaces", "indent", "BOM", "NUL behind", "control characters", "open", "close", "CRLF", "RTL"],
)
def test_the_visit_is_read_from_mangled_text(mangled: str) -> None:
    reading = read(mangled)
    (visit,) = [report for report in reading.reports if report.kind == "visit"]
    assert (visit.mode, visit.start, visit.place_country) == ("official", "2017-06-04", "JPN")
    assert {p.country for p in visit.participants} == {"VNM", "JPN"}
    check_evidence(mangled, reading)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\u3000",
        "。",
        "。。。!?;",
        "\x00",
        "\ud7ff\U0010ffff",
        "((((((((",
        "“”‘’《》",
        "年月日",
        "9" * 500,
        "日" * 3000,
        "、".join(["美国"] * 300),
        "总统" * 500,
        "阮" * 500,
        "·" * 500,
        "第一一一一一一一一一一一一一一一次会议",
        "99999999年99月99日",
        "0年0月0日访问日本",
        "2017年2月30日,越南总理访问日本。",
        "\u202e日本首相访问越南\u202c",
        "The prime minister of Japan visited Hanoi on 5 June.",
        "ญี่ปุ่น เวียดนาม",
        "👩‍👩‍👧‍👦🇯🇵",
    ],
)
def test_odd_text_is_read_without_complaint(text: str) -> None:
    check_evidence(text, read(text))
    check_evidence(text, read(text, published=None, title=text))


#: Words that the rules look at, so that arbitrary orders of them reach deep into the reader.
WRITTEN = """
日本 越南 美国 中 越 首相 总理 外长 岸田文雄 阮春福 访问 会见 举行 会谈 应 邀请 对 进行 签署 联合声明 《
》 “ ” ( ) 、 , 。 和 与 的 将 4日 6月 2017年 双方 两国 他 在河内 东盟 峰会 第九次 向 提供 1亿美元 援助
贸易额 达 表示 : 会后 访问期间 任命 为 大使 就任 建交 50周年 战略伙伴关系 提升 制裁 抗议 军演 致电 祝贺
互致贺电
"""
WORDS = [*WRITTEN.split(), "\n", "\n\n", " ", "\x00"]

DAYS = [None, "2017", "2017-06", "2017-06-05", "XXXX", "XXXX-06-05", "2017-13-45", "yesterday", ""]

quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join))
def test_words_in_any_order(text: str) -> None:
    reading = read(text)
    check_evidence(text, reading)
    assert output(reading) == output(read(text))


@quick
@given(st.text(max_size=200), st.one_of(st.none(), st.text(max_size=20)), st.sampled_from(DAYS))
def test_any_text(text: str, title: str | None, published: str | None) -> None:
    check_evidence(text, read(text, title=title, published=published))


@quick
@given(st.text(alphabet="日本越南访问总理将於會見發表聲明兩國\u3000 \n.,(:;!?-·・“”", max_size=150))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
