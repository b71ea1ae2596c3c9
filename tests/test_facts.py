"""Facts read from plain sentences: the examples of every rule, who is meant by a speaker, and what must not be read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dragoman.article import Article
from dragoman.match import Rule
from dragoman.model import Fact
from dragoman.numbers import find_numbers
from dragoman.pack import load
from dragoman.reading import read_article

PACK = load()
MARK = re.compile(r"\[([^\[\]]+)\]\((\w+)\)")
RULES = [rule for rule in PACK.facts if rule.yes or rule.no]
YES = [(rule, text) for rule in RULES for text in rule.yes]
NO = [(rule, text) for rule in RULES for text in rule.no]


def read(text: str, kind: str, published: str = "2024-03-05") -> list[Fact]:
    facts = read_article(Article("page", text, published=published), PACK).facts
    return [fact for fact in facts if fact.fact == kind]


def code(words: str) -> str:
    row = PACK.lexicon.row("country", words)
    assert row is not None, words
    return str(row["code"])


def codes(words: str) -> set[str]:
    """The countries that the words of a pair name: short names, or one character each."""
    known = [row["code"] for name in re.split("[和与]", words) if (row := PACK.lexicon.row("country", name))]
    return set(known) if len(known) == 2 else {PACK.lexicon.characters[char][0] for char in words}


def check(role: str, words: str, fact: dict[str, Any]) -> bool:
    """Whether a fact holds what the marked words of an example say."""
    if role == "speaker":
        return str(fact["speaker"]) in words
    if role in ("of", "with"):
        return fact["country" if role == "of" else "partner"] == code(words)
    if role in ("pair", "one"):
        told = codes(words) if role == "pair" else {code(words)}
        return told <= {fact["country"], fact["partner"]}
    if role == "rank":
        return fact["rank"] == (PACK.numbers.value(words) or 1)
    if role == "top":
        return fact["rank"] == 1
    if role == "change":
        return fact["change"] == f"x{PACK.numbers.times(words)}"
    (number,) = find_numbers(PACK.numbers, words, 0, len(words))
    return (fact["value"], fact["unit"]) == number.value


@pytest.mark.parametrize(("rule", "example"), YES, ids=[f"{rule.name}-{text[:12]}" for rule, text in YES])
def test_a_rule_reads_its_examples(rule: Rule, example: str) -> None:
    rows = [fact.fields for fact in read(MARK.sub(r"\1", example), rule.makes) if fact.rule == rule.name]
    assert rows, "the rule made nothing"
    for words, role in MARK.findall(example):
        assert any(check(role, words, row) for row in rows), (role, words, rows)


@pytest.mark.parametrize(("rule", "example"), NO, ids=[f"{rule.name}-{text[:12]}" for rule, text in NO])
def test_a_rule_leaves_its_counterexamples_alone(rule: Rule, example: str) -> None:
    assert [fact.fields for fact in read(example, rule.makes) if fact.rule == rule.name] == []


def test_every_rule_that_makes_facts_has_examples() -> None:
    bare = [rule.name for rule in PACK.facts if rule.makes in ("statement", "indicator") and not (rule.yes and rule.no)]
    assert bare == []


LEAD = "美国国务卿布林肯3日在首尔会见韩国外长朴振。"


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("布林肯说，两国同盟十分牢固。", ["布林肯"]),
        ("布林肯说，两国同盟十分牢固。他还表示，美方愿意对话。", ["布林肯", "布林肯"]),
        ("会见时，朴振表示，韩方愿加强合作。", ["朴振"]),
        ("布林肯对朴振说，美方会履行承诺。", ["布林肯"]),
        ("在同朴振会谈时，布林肯强调，同盟十分牢固。", ["布林肯"]),
        ("布林肯和朴振都表示，同盟十分牢固。", ["布林肯", "朴振"]),
        ("“我们的同盟十分牢固，不会改变。”布林肯说。", ["布林肯"]),
        ("韩国外长表示，韩方愿加强合作。", ["朴振"]),
        ("对此，布林肯回应称，这不是事实。", ["布林肯"]),
        ("布林肯并未表示美国会撤军。", []),
        ("韩国媒体称，布林肯此行意在施压。", []),
        ("一名美国官员说，布林肯将再次访韩。", []),
        ("分析人士认为，布林肯此行成果有限。", []),
        ("双方一致认为，应当继续对话。", []),
        ("布林肯所说的对话没有实现。", []),
        ("就布林肯表示将访华，记者没有提问。", []),
    ],
)
def test_who_speaks(text: str, speakers: list[str]) -> None:
    assert [fact.fields["speaker"] for fact in read(LEAD + text, "statement")] == speakers


@pytest.mark.parametrize(
    ("text", "words", "quote"),
    [
        ("布林肯说：“同盟十分牢固。我们不会改变立场。”", "同盟十分牢固。我们不会改变立场。", True),
        ("“同盟十分牢固，不会改变。”布林肯说。", "同盟十分牢固，不会改变。", True),
        ("布林肯表示，美方愿意对话。", "美方愿意对话", False),
        ("布林肯表示，美方注意到“一带一路”倡议。", "美方注意到“一带一路”倡议", False),
    ],
)
def test_the_words_said(text: str, words: str, quote: bool) -> None:
    (fact,) = read(LEAD + text, "statement")
    assert (fact.fields["text"], fact.fields["quote"]) == (words, quote)
    assert fact.evidence[0].text in LEAD + text


def test_questions_of_the_press_are_no_statements() -> None:
    text = "外交部发言人毛宁回答记者提问。\n路透社记者：发言人能否透露布林肯何时访华？\n毛宁：我们已经发布了消息。"
    assert [fact.fields["speaker"] for fact in read(text, "statement")] == ["毛宁"]


def test_a_scholar_is_no_official() -> None:
    assert read("复旦大学教授沈丁立对记者表示，三方会谈成果有限。", "statement") == []


def test_posts_with_their_country() -> None:
    found = {(f.fields["person"], f.fields["post"], f.fields["country"]) for f in read(LEAD, "post")}
    assert found == {("布林肯", "美国国务卿", "USA"), ("朴振", "韩国外长", "KOR")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("日本是越南第三大贸易伙伴。", ("trade_rank", "VNM", "JPN", None, 3)),
        ("去年越南同日本双边贸易额达到两百三十九亿美元。", ("bilateral_trade", "VNM", "JPN", 23900000000, None)),
        ("去年越南同日本双边贸易额突破千亿美元。", ("bilateral_trade", "VNM", "JPN", 100000000000, None)),
    ],
)
def test_indicators(text: str, expected: tuple[object, ...]) -> None:
    (fact,) = read(text, "indicator")
    assert tuple(fact.fields[key] for key in ("name", "country", "partner", "value", "rank")) == expected


@pytest.mark.parametrize(
    "text",
    ["去年越南同日本双边贸易额达几百亿美元。", "越南去年出口额达3000亿美元。", "越南同日本贸易摩擦造成损失10亿美元。"],
)
def test_no_indicator(text: str) -> None:
    assert read(text, "indicator") == []
