"""Numbers as Chinese news write them: values, units, and what is too vague to be a value."""

from __future__ import annotations

import pytest

from dragoman.numbers import find_numbers
from dragoman.pack import load

NUMBERS = load().numbers


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("两百三十九亿美元", 23900000000, "USD"),
        ("1.2万亿日元", 1200000000000, "JPY"),
        ("1,500万欧元", 15000000, "EUR"),
        ("3000亿韩元", 300000000000, "KRW"),
        ("千亿美元", 100000000000, "USD"),
        ("约350亿美元", 35000000000, "USD"),
        ("近20万人", 200000, "people"),
        ("429万人次", 4290000, "people"),
        ("20亿元人民币", 2000000000, "CNY"),
        ("一千零五十名留学生", 1050, "people"),
        ("13.5亿英镑", 1350000000, "GBP"),
    ],
)
def test_values(text: str, value: int, unit: str) -> None:
    (found,) = find_numbers(NUMBERS, text, 0, len(text))
    assert found.value == (value, unit)


@pytest.mark.parametrize("text", ["几十亿美元", "数百亿美元", "数千人", "美元", "几万人次"])
def test_vague(text: str) -> None:
    assert find_numbers(NUMBERS, text, 0, len(text)) == []


@pytest.mark.parametrize(
    ("text", "times"),
    [("翻一番", 2), ("翻两番", 4), ("增长到10倍", 10), ("增加两倍", 3), ("提高到三倍", 3), ("大幅增长", None)],
)
def test_times(text: str, times: int | None) -> None:
    assert NUMBERS.times(text) == times
