"""`explain`: what the tree says of rules that fired, that stopped, and whose pattern did not match."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.article import Article
from dragoman.explain import Node, explain
from dragoman.gaps import unread
from dragoman.match import Squeezed
from dragoman.pack import Pack, load_folder
from dragoman.patterns import alternatives, progress
from dragoman.spelling import can_avoid, can_occur
from dragoman.trace import trace
from mini_pack import make

TEXT = (
    "应日本首相岸田文雄邀请,越南总理阮春福4日对日本进行正式访问。"
    "岸田文雄希望早日会见阮春福。会见记者。越南总理访问日本。"
)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return load_folder(make(tmp_path_factory.mktemp("packs") / "mini"))


def tree(pack: Pack, text: str = TEXT, **limits: object) -> str:
    return str(explain(Article("page", text, published="2017-06-05"), pack, **limits))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "line",
    [
        "main: published 2017-06-05 (metadata)",
        "[1] 0-31 body: 应日本首相岸田文雄邀请",
        # mentions, by which rule
        "Person 日本首相岸田文雄 = 岸田文雄 JPN head_of_government  (person.office_first)",
        "Time 4日 = date 2017-06-04 date.day",
        "Country 日本 = JPN",
        # a rule that fired, and what it chose
        "visit.pays: fired",
        "matches: 对日本进行正式访问",
        "visitor: 越南总理阮春福 (with the subject to the left)",
        "mode: official",
        "status: held (no cue)",
        "time: 4日 = 2017-06-04",
        "gives visit/official held 2017-06-04/.. @ JPN: visitor 阮春福 (VNM); host 岸田文雄 (JPN)",
        # a rule that adds somebody to an event
        "visit.host: fired",
        "joined to visit/official held 2017-06-04/.. @ JPN",
        # stopped by a cue; no pattern
        "meeting.meets: stopped: ignored by the cue habit",
        "visit.pays: 访问 stands here, but the pattern does not match",
        "wanted next: 对",
    ],
)
def test_what_the_tree_says(pack: Pack, line: str) -> None:
    assert line in tree(pack)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("岸田文雄4日会见日本首相。", "meeting.meets: 会见 stands here, but the pattern does not match"),
        ("岸田文雄4日会见日本首相。", "matches up to (?P<core>(?P<mode>会见|接见)): 会见"),
        ("岸田文雄4日会见日本首相。", "wanted next: {party:Person}"),
        ("日本首相岸田文雄会见岸田文雄。", "refused by the model: one side only"),
        ("会见阮春福。", "meeting.meets: refused by the model: one side only"),
        ("对日本进行访问。", "visit.pays: stopped: no subject for visitor"),
        ("日本首相岸田文雄对日本进行访问。", "visit.pays: stopped: who or where cannot be told"),
        ("应岸田文雄邀请,本报刊登此文。", "visit.host: stopped: no event to join"),
        ("阮春福4日将对日本进行访问。", "status: planned by the cue future"),
        ("今天阳光明媚。", "[1] 0-7 body: 今天阳光明媚。"),
        ("", "no sentence"),
    ],
)
def test_the_step_at_which_a_rule_stopped(pack: Pack, text: str, line: str) -> None:
    assert line in tree(pack, text)


@pytest.mark.parametrize(
    ("limits", "there", "not_there"),
    [
        ({"sentence": 2}, "[2]", "[1]"),
        ({"offset": 40}, "[2]", "[1]"),
        ({"word": "记者"}, "[3]", "[2]"),
        ({"word": "記者"}, "[3]", "[2]"),
        ({"rule": "visit.host"}, "visit.host: fired", "visit.pays"),
        ({"rule": "visit"}, "visit.pays: fired", "meeting.meets"),
        ({"rule": "meeting.meets", "sentence": 1}, "none of its triggers stands here (会见 接见)", "fired"),
    ],
)
def test_limits(pack: Pack, limits: dict[str, object], there: str, not_there: str) -> None:
    told = tree(pack, **limits)
    assert there in told
    assert not_there not in told


def test_branches_are_drawn() -> None:
    root = Node("root")
    first = root.add("first")
    first.add("leaf")
    root.add("last").add("leaf")
    assert str(root).splitlines() == ["root", "├ first", "│ └ leaf", "└ last", "  └ leaf"]


# What explaining and checking know of patterns ----------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("会见{party:Person}", [["会见", "{party:Person}"]]),
        ("(?:同|与){party:Actor+}……8(?P<core>会(?:见|谈))(?!时)",
         [["(?:同|与)", "{party:Actor+}", "……8", "(?P<core>会(?:见|谈))", "(?!时)"]]),
        ("甲(?:的)?{Time}?乙{2,3}丙", [["甲", "(?:的)?", "{Time}?", "乙{2,3}", "丙"]]),
        ("甲乙|丙{Place}", [["甲乙"], ["丙", "{Place}"]]),
        (r"[^,。]{0,9}%o{1,2}~2-6会\(", [["[^,。]{0,9}", "%o{1,2}", "~2-6", "会", r"\("]]),
    ],
)  # fmt: skip
def test_parts(pattern: str, parts: list[list[str]]) -> None:
    assert alternatives(pattern) == parts
    assert "|".join("".join(one) for one in parts) == pattern


@pytest.mark.parametrize(
    ("pattern", "text", "matched", "wanted"),
    [
        ("对(?:了)?访问日本", "他对了", ("对", "(?:了)?"), "访问日本"),
        ("(?:正)?在……4访问", "他正说", ("(?:正)?",), "在"),
        ("(?:正)?在……4访问", "他在说", ("(?:正)?", "在", "……4"), "访问"),
        ("访问(?!时)", "访问时", ("访问",), None),
        ("访问谁|会见%o谁", "会见刚", ("会见", "%o"), "谁"),
        ("访问", "说", (), "访问"),
    ],
)
def test_progress(pack: Pack, pattern: str, text: str, matched: tuple[str, ...], wanted: str | None) -> None:
    sentence = Squeezed(text, list(range(len(text))), [None] * len(text))
    reached = progress(pattern, sentence, pack.compiler)
    if wanted is None:
        assert reached.matched == matched
    else:
        assert (reached.matched, reached.wanted) == (matched, wanted)


@pytest.mark.parametrize(
    ("word", "regex", "yes"),
    [
        ("会见", "会见", True),
        ("会见", "(?:同|与)会(?:见|谈)", True),
        ("会见", "会(?:议)?见", True),
        ("会见", "会议?见", True),
        ("会见", "会议见", False),
        ("会见", "会[见谈]", True),
        ("会见", "会[^谈]", False),
        ("会见", "[^,]{0,9}", False),
        ("会见", "(?!会见)谈", False),
        ("会见", "谈(?=会见)", True),
        ("见见", "(?:见){2}", True),
        ("见见", "(?:见){1}", False),
        ("第3次", "第[0-9]次", True),
    ],
)
def test_can_occur(word: str, regex: str, yes: bool) -> None:
    assert can_occur(word, regex) is yes


@pytest.mark.parametrize(
    ("words", "regex", "yes"),
    [
        (["会见"], "会见", False),
        (["会见"], "会(?:见|谈)", True),
        (["会见", "会谈"], "会(?:见|谈)", False),
        (["会见"], "[^,]{0,9}会见", False),
        (["会见"], "(?:会见)?", True),
        (["会见"], "(?:会见){1,2}", False),
        (["会见"], "谈(?=.{0,9}会见)", False),
        (["会见"], "(?<=会见)谈", False),
        (["会见"], "(?!会见)谈", True),
        (["会见"], "会会见", False),
        (["见"], "会[见谈]", True),
        (["时,"], "时[,。]", True),
    ],
)
def test_can_avoid(words: list[str], regex: str, yes: bool) -> None:
    assert can_avoid(words, regex) is yes


def test_can_occur_in_a_group() -> None:
    regex = "应(?P<host>甲)(?P<core>邀请)(?P<core2>访问)"
    assert can_occur("邀请", regex, "core") and can_occur("访问", regex, "core")
    assert not can_occur("应", regex, "core")


def test_files_are_not_written(pack: Pack, tmp_path: Path) -> None:
    tree(pack)
    assert list(tmp_path.iterdir()) == []


NOUNS = ["日本", "首相", "岸田文雄", "阮春福", "越南", "4日"]
PIECES = [*NOUNS, "访问", "对", "进行", "会见", "应", "邀请", "希望", ",", "。", "\n", "(", "“"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_is_explained_and_searched_for_gaps(pack: Pack, text: str) -> None:
    article = Article("page", text, published="2017-06-05")
    assert str(explain(article, pack)).startswith("page:")
    for item, offset, word, reason in unread(article, pack).unread:
        assert item and word and reason
        assert 0 <= offset < len(text)


def test_the_trace_gives_the_events_that_the_reader_reads(pack: Pack) -> None:
    """Taking notes changes nothing: every event comes from an attempt that says so."""
    (item,) = trace(Article("page", TEXT, published="2017-06-05"), pack)
    told = [event for attempt in item.attempts if not attempt.joined for event in attempt.events]
    assert sorted(map(id, told)) == sorted(map(id, item.context.events))
