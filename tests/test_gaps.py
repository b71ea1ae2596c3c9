"""`gaps`: which words of events count as unread, for which reason, and how they are counted over a corpus."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from dragoman.article import Article
from dragoman.gaps import NO_PATTERN, Gap, gaps, unread
from dragoman.pack import Pack, load_folder
from mini_pack import make


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return load_folder(make(tmp_path_factory.mktemp("packs") / "mini"))


def rows(pack: Pack, text: str) -> list[tuple[str, str]]:
    reading = unread(Article("page", text, published="2017-06-05"), pack)
    for item, offset, _, _ in reading.unread:
        assert item == "main" and 0 <= offset < len(text)
    return [(word, reason) for _, _, word, reason in reading.unread]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # read: nothing to say
        ("日本首相岸田文雄4日会见越南总理阮春福。", []),
        ("应日本首相岸田文雄邀请,越南总理阮春福4日开始对日本进行访问。", []),
        # no rule's pattern matches, though two sides are named
        ("岸田文雄4日访问越南。", [("访问", NO_PATTERN)]),
        ("日本首相4日访问越南,会见越南总理。", [("访问", NO_PATTERN), ("会见", NO_PATTERN)]),
        # ... one side only: nothing between states
        ("岸田文雄访问一家工厂。", []),
        # stopped, refused
        ("岸田文雄希望早日会见阮春福。", [("会见", "ignored by the cue habit")]),
        ("日本首相岸田文雄会见岸田文雄。", [("会见", "refused: one side only")]),
        ("对日本进行访问。", [("访问", "no subject for visitor")]),
        ("日本首相岸田文雄对日本进行访问。", [("访问", "who or where cannot be told")]),
        ("应岸田文雄邀请,本报刊登此文。", [("邀请", "no event to join")]),
        # a noun that no event rule takes up
        ("日本和越南4日发表联合声明。", [("声明", "no event rule takes up the noun (instrument.declaration)")]),
        # words inside names do not count
        ("今天天气很好。", []),
        ("", []),
    ],
)
def test_what_is_unread_and_why(pack: Pack, text: str, expected: list[tuple[str, str]]) -> None:
    assert rows(pack, text) == expected


def counted(pack: Pack, texts: Iterable[str]) -> list[Gap]:
    return list(gaps(unread(Article(f"p{n}", text), pack) for n, text in enumerate(texts)))


def test_the_most_frequent_comes_first_with_samples_of_different_pages(pack: Pack) -> None:
    visit, meeting = "岸田文雄访问越南。", "岸田文雄希望早日会见阮春福。"
    texts = [visit * 3, meeting, "开会。" + visit, "天气很好。", *[visit] * 3]
    first, second = counted(pack, texts)
    assert (first.word, first.reason, first.count) == ("访问", NO_PATTERN, 7)
    assert [(document, offset) for document, offset, _ in first.samples] == [("p0", 4), ("p2", 7), ("p4", 4)]
    assert all("访问" in words for _, _, words in first.samples)
    assert (second.word, second.count) == ("会见", 1)


def test_the_order_of_pages_changes_only_samples(pack: Pack) -> None:
    texts = ["岸田文雄访问越南。", "岸田文雄希望早日会见阮春福。", "阮春福希望早日会见岸田文雄。", "对日本进行访问。"]

    def told(found: list[Gap]) -> list[tuple[str, str, int]]:
        return [(gap.word, gap.reason, gap.count) for gap in found]

    assert told(counted(pack, texts)) == told(counted(pack, texts[::-1]))


def test_a_row_as_text_and_as_json(pack: Pack) -> None:
    (gap,) = counted(pack, ["岸田文雄访问越南。"])
    head, sample = str(gap).splitlines()
    assert head.split() == ["1", "访问", "no", "pattern", "matches"]
    assert sample.strip().startswith("p0:4 ")
    assert json.loads(json.dumps(gap.to_json()))["samples"] == [["p0", 4, "岸田文雄访问越南。"]]
