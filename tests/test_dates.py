"""Time expressions: a table of sentences with their dates, and what must hold for any text."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.calendar import Chronology, Resolved, TimeFinder, TimeMention, add_duration, founding_year, resolve
from dragoman.dates import dates, direction_words, time_finder, time_rules
from dragoman.fold import fold
from dragoman.lunar import lunar_day
from dragoman.timepattern import PatternError, compile_pattern
from dragoman.timex import Amount, TimeRuleError, failures

TABLE = Path(__file__).parent / "data" / "dates.tsv"
FLOOR = 0.98
#: Rows that are known to be read otherwise than the table says: (text, anchor).
KNOWN_MISSES = {
    ("他走访了周一围家。", "2024-03-05"),  # a name that begins like a weekday
    ("双方十月怀胎。", "2024-03-05"),  # a saying
    ("首脑会谈结束后的第二天,制裁生效。", "2024-03-05"),  # the day after what is not dated
    ("国会主席一行17号抵达。", "2024-08-18"),  # a ship may have such a name
    ("1500年前的文物。", "2024-03-05"),  # before 1500, or 1500 years ago?
}


def rows() -> list[tuple[str, str | None, list[str]]]:
    """The table: text, anchor, expected `span=value` in order."""
    table = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith(("#", "text\t")):
            continue
        text, anchor, expected = line.split("\t")
        wanted = expected.split("; ") if expected else []
        table.append((text, None if anchor == "-" else anchor, wanted))
    return table


def said(mention: TimeMention, result: Resolved | None) -> str:
    """The value of a mention as the table writes it."""
    if mention.kind in ("vague", "clock"):
        return mention.kind
    if mention.kind == "anniversary":
        assert isinstance(mention.value, Amount)
        return f"anniversary {mention.value.count}"
    assert result is not None
    if mention.kind == "duration":
        return f"{result.duration_days or '?'} days"
    if result.anaphor == "visit_period":
        return "visit"
    if result.start is None and result.end is None:
        return "?"
    if result.start == result.end:
        return str(result.start)
    return f"{result.start or '..'}/{result.end or '..'}"


def read(text: str, anchor: str | None) -> list[str]:
    """What is found in a text, written as in the table."""
    chronology, direction = Chronology(anchor), direction_words()
    found = []
    for mention in time_finder().find(fold(text)):
        towards = direction.of(text, mention.start, mention.end)
        result = chronology.resolve(mention, towards)
        found.append(f"{text[mention.start : mention.end]}={said(mention, result)}")
    return found


def test_table() -> None:
    """At least 98 of 100 expressions as the table says; whatever is missed is known and listed."""
    total = right = 0
    wrong = []
    for text, anchor, wanted in rows():
        found = read(text, anchor)
        total += max(len(wanted), 1)
        right += sum(item in found for item in wanted) if wanted else not found
        if found != wanted and (text, anchor or "-") not in KNOWN_MISSES:
            wrong.append(f"{text} @{anchor}: {wanted} but {found}")
    assert not wrong, "\n".join(wrong)
    assert total >= 400
    assert right / total >= FLOOR


def test_examples_of_the_rules() -> None:
    assert failures(time_rules()) == []


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2013-12-12", 3, "2013-12-14"),
        ("2024-02-28", 3, "2024-03-01"),
        ("2023-12-31", 2, "2024-01-01"),
        ("XXXX-12-31", 2, "XXXX-01-01"),
        ("2024-02-29", 1, "2024-02-29"),
        ("2024-03", 3, "2024-03"),
        ("2024", 3, "2024"),
        ("nonsense", 3, "nonsense"),
        ("9999-12-31", 5, "9999-12-31"),
    ],
)
def test_duration_counts_the_first_day(start: str, days: int, end: str) -> None:
    assert add_duration(start, days) == end


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (2000, 1, 1, date(2000, 2, 5)),
        (2012, 1, 1, date(2012, 1, 23)),
        (2019, 8, 15, date(2019, 9, 13)),
        (2020, 8, 15, date(2020, 10, 1)),  # a leap fourth month comes before
        (2023, 5, 5, date(2023, 6, 22)),
        (2024, 0, 0, date(2024, 2, 9)),
        (2026, 1, 1, date(2026, 2, 17)),
        (1989, 1, 1, None),
        (2024, 13, 1, None),
    ],
)
def test_lunar_days(year: int, month: int, day: int, expected: date | None) -> None:
    assert lunar_day(year, month, day) == expected


@pytest.mark.parametrize(
    ("text", "anchor", "edtf", "earliest", "latest"),
    [
        ("5月底会谈", "2024-03-05", "2024-05", date(2024, 5, 21), date(2024, 5, 31)),
        ("2023年第三季度", None, "2023-35", date(2023, 7, 1), date(2023, 9, 30)),
        ("今年上半年", "2024-08-05", "2024-40", date(2024, 1, 1), date(2024, 6, 30)),
        ("20世纪90年代", None, "199X", date(1990, 1, 1), date(1999, 12, 31)),
        ("上周会谈", "2024-03-05", "2024-02-26/2024-03-03", date(2024, 2, 26), date(2024, 3, 3)),
        ("8月23日左右", "2024-08-05", "2024-08-23~", date(2024, 8, 23), date(2024, 8, 23)),
        ("19日起", "2024-08-20", "2024-08-19/..", date(2024, 8, 19), None),
        ("截至5月底", "2024-08-20", "../2024-05", None, date(2024, 5, 31)),
        ("3日会谈", None, "XXXX-XX-03", None, None),
        ("3月3日会谈", None, "XXXX-03-03", None, None),
    ],
)
def test_edtf_and_bounds(text: str, anchor: str | None, edtf: str, earliest: date | None, latest: date | None) -> None:
    [found] = dates(text, anchor)
    assert (found.edtf, found.earliest, found.latest) == (edtf, earliest, latest)


def test_offsets_are_those_of_the_text_as_it_came() -> None:
    text = "會談於２０２４年３月２日舉行,為期三天。"
    found = dates(text, "2024-03-05")
    assert [(item.text, item.resolved.start) for item in found] == [
        ("２０２４年３月２日", "2024-03-02"),
        ("為期三天", None),
    ]
    assert found[1].resolved.duration_days == 3
    assert all(text[item.start : item.end] == item.text for item in found)


def test_founding_year() -> None:
    [mention] = time_finder().find("建交45周年")
    assert founding_year(mention, "2018-09-21") == "1973"
    assert founding_year(mention, None) is None


def test_mentions_can_be_sent_to_another_process() -> None:
    found = time_finder().find("3月2日至5日访问,次日离开,为期三天,近年来")
    assert pickle.loads(pickle.dumps(found)) == found
    assert len(found) == 4


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ({"rules": []}, "unknown sections"),
        ({"rule": [{"name": "a", "kind": "date", "pattern": "甲"}]}, "no example"),
        ({"rule": [{"name": "a", "kind": "day", "pattern": "甲", "yes": ["[甲]"]}]}, "kind 'day'"),
        ({"rule": [{"name": "a", "kind": "date", "pattern": "甲", "yes": ["[甲]"], "note": ""}]}, "unknown keys"),
        ({"rule": [{"name": "a", "kind": "date", "pattern": "{b}", "yes": ["[甲]"]}]}, "no slot or part"),
        ({"rule": [{"name": "a", "kind": "date", "pattern": "甲+", "yes": ["[甲]"]}]}, "unbounded"),
        ({"rule": [{"name": "a", "kind": "date", "pattern": "甲?", "yes": ["[甲]"]}]}, "begin with anything"),
        ({"slot": {"a": {"field": "b", "words": {}}}}, "no field"),
    ],
)
def test_mistakes_in_the_rules_are_named(rules: dict[str, object], reason: str) -> None:
    with pytest.raises(TimeRuleError, match=reason):
        TimeFinder(rules)


@pytest.mark.parametrize("pattern", ["(a)", "a*", "(?:a", "a)", "[^a]b{", ".", r"\w"])
def test_patterns_that_are_refused(pattern: str) -> None:
    with pytest.raises((PatternError, ValueError)):
        compile_pattern(pattern, {}, {})


WORDS = (
    "2024年 3月 15日 今年 去年 上月 本月 周日 下周 日本 元 前 后 起 至 到 - 、 , 。 上午 晚 近 五 年来 年前 天 当 同 "
    "次 底 初 上半年 春节 农历 正月 初一 90年代 世纪 为期 三 十 二 〇 二〇二三 周年 访 期间 截至 自 ( ) 9999 0 31 30 "
    "号 : 年 月 日"
)
PIECES = st.sampled_from(WORDS.split())
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=14).map("".join))
ANCHORS = st.one_of(
    st.none(),
    st.dates().map(date.isoformat),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.dates().map(lambda day: day.isoformat()[:4]),
    st.sampled_from(["XXXX-02-03", "0001-01-01", "9999-12-31", "2024-02-30", "?"]),
)


@settings(max_examples=400, deadline=None)
@given(TEXTS, ANCHORS)
def test_any_text(text: str, anchor: str | None) -> None:
    """Whatever the text: no error, spans in order and within it, bounds in order, the same again."""
    found = dates(text, anchor)
    at = 0
    for item in found:
        assert at <= item.start < item.end <= len(text)
        assert item.text == text[item.start : item.end]
        at = item.end
        if item.earliest and item.latest:
            assert item.earliest <= item.latest
    assert dates(text, anchor) == found


@settings(max_examples=300, deadline=None)
@given(TEXTS, ANCHORS, st.sampled_from(["past", "future", "none", "report"]))
def test_any_mention_by_itself(text: str, anchor: str | None, direction: str) -> None:
    """`resolve` holds for any previous mention, too, and never says a start after its end."""
    previous: Resolved | None = None
    for mention in time_finder().find(fold(text)):
        result = resolve(mention, anchor, previous=previous, direction=direction)
        if result is not None:
            if result.start and result.end and "X" not in result.start + result.end:
                assert result.start[: len(result.end)] <= result.end[: len(result.start)]
            previous = result
