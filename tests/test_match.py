"""The engine: squeezing a text, the language of patterns, and what the compiler refuses."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.actors import merge
from dragoman.match import Compiler, Mention, PackError, Rule, Squeezed, TriggerIndex, Types, squeeze

TYPES = Types(
    ["Country", "Person", "Office", "Time"],
    {
        "Actor": ["Country", "Person", "Office"],
        "Who": ["Person", "Office"],
        "Somebody": ["Person", "Office"],
    },
)
COMPILER = Compiler(
    TYPES,
    {"and": ["、", "和"], "verb": ["访", "访问"], "stop": ["将", "举行"]},
    {"o": "的,"},
    breaks="。;",
    clause=",:",
    actor="Actor",
)
TRANSPARENT = frozenset({"Time"})


def sentence(written: str) -> Squeezed:
    """`[日本 Country]访问` squeezed: mentions written in brackets with their type."""
    text, mentions = "", []
    for plain, words, kind in re.findall(r"([^\[\]]+)|\[([^ \]]+) (\w+)\]", written):
        text += plain or words
        if words:
            mentions.append(Mention(len(text) - len(words), len(text), kind, words))
    return squeeze(text, 0, len(text), mentions, TYPES, TRANSPARENT)


def rule(pattern: str, triggers: tuple[str, ...] = ()) -> Rule:
    regex, slots = COMPILER.compile(pattern, "test")
    return Rule("test", "visit", triggers, pattern, regex, slots)


@pytest.mark.parametrize(
    ("pattern", "written", "roles"),
    [
        ("{who:Person}访问", "[安倍 Person]访问", {"who": ["安倍"]}),
        ("{who:Person}访问", "[日本 Country]访问", None),
        ("{who:Actor}访问", "[日本 Country]访问", {"who": ["日本"]}),
        ("{who:Who}访问", "[日本 Country]访问", None),
        ("{Person}访{to:Country}", "[安倍 Person]访[越南 Country]", {"to": ["越南"]}),
        # a list of mentions, and the same role twice
        ("{who:Person+}", "[甲 Person]、[乙 Person]和[丙 Person]", {"who": ["甲", "乙", "丙"]}),
        ("{who:Person}会见{who:Person}", "[甲 Person]会见[乙 Person]", {"who": ["甲", "乙"]}),
        # word sets: the longest word first
        ("{who:Person}{@verb}{to:Country}", "[甲 Person]访问[日本 Country]", {"who": ["甲"], "to": ["日本"]}),
        ("{who:Person}{@verb}{to:Country}", "[甲 Person]走访[日本 Country]", None),
        # what is transparent leaves no trace
        ("{who:Person}访问", "[安倍 Person][4日 Time]访问", {"who": ["安倍"]}),
        # gaps: … crosses neither a clause mark nor an actor, ⋯ no clause mark, …… stays in the sentence
        ("{who:Person}…4访问", "[甲 Person]今天上午访问", {"who": ["甲"]}),
        ("{who:Person}…4访问", "[甲 Person]今天上午才访问", None),
        ("{who:Person}…9访问", "[甲 Person]说,访问", None),
        ("{who:Person}…9访问", "[甲 Person]同[乙 Person]访问", {"who": ["乙"]}),
        ("^{who:Person}⋯9访问", "[甲 Person]同[乙 Person]访问", {"who": ["甲"]}),
        ("^{who:Person}⋯9访问", "[甲 Person]说,访问", None),
        ("^{who:Person}……9访问", "[甲 Person]说,访问", {"who": ["甲"]}),
        ("^{who:Person}……9访问", "[甲 Person]说。访问", None),
        # a phrase stops before the words of @stop
        ("^~2-6会$", "安全会", {}),
        ("^~2-6会$", "安会", None),
        ("^~2-6会$", "安将全会", None),
        # a plain character that its class does not exclude
        ("^{who:Person}%o{1,3}访问", "[甲 Person]刚刚访问", {"who": ["甲"]}),
        ("^{who:Person}%o{1,3}访问", "[甲 Person]的访问", None),
        ("^{who:Person}%o{1,3}访问", "[甲 Person][日本 Country]访问", None),
    ],
)
def test_patterns(pattern: str, written: str, roles: dict[str, list[str]] | None) -> None:
    found = rule(pattern).matches(sentence(written), TYPES)
    if roles is None:
        assert found == []
    else:
        assert {role: [m.value for m in mentions] for role, mentions in found[0].roles.items()} == roles


def test_a_named_group_gives_its_words() -> None:
    (found,) = rule("{to:Country}(?P<core>(?P<mode>正式|工作)?访问)").matches(sentence("[日本 Country]正式访问"), TYPES)
    assert set(found.texts) == {"to", "core", "mode"}
    assert found.texts["core"] == (1, 5)
    assert found.texts["mode"] == (1, 3)


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("{who:Angel}", "unknown type Angel"),
        ("{@songs}", "unknown word set @songs"),
        ("%z", "unknown class %z"),
        ("访.*问", "unbounded repeat"),
        ("访.+问", "unbounded repeat"),
        ("访{2,}", "unbounded repeat"),
        ("(访", "not a pattern"),
        ("访)", "not a pattern"),
    ],
)
def test_what_the_compiler_refuses(pattern: str, complaint: str) -> None:
    with pytest.raises(PackError, match=f"visit.toml: rule v: .*{complaint}"):
        COMPILER.compile(pattern, "visit.toml: rule v")


@pytest.mark.parametrize("pattern", [r"访\*问", "访{2,3}", "{who:Person+}", "访问?"])
def test_what_looks_like_an_unbounded_repeat_and_is_none(pattern: str) -> None:
    COMPILER.compile(pattern, "test")


def test_an_abstract_type_needs_known_members() -> None:
    with pytest.raises(PackError, match="type Actor: unknown member Ghost"):
        Types(["Person"], {"Actor": ["Person", "Ghost"]})


TRIGGERED = [rule("甲", ("访问", "会见")), rule("乙"), rule("丙", ("会见",)), rule("丁", ("访",))]


@pytest.mark.parametrize(
    ("text", "patterns"),
    [("", "乙"), ("访问", "甲乙丁"), ("访", "乙丁"), ("会见", "甲乙丙"), ("会见并访问", "甲乙丙丁"), ("会再见", "乙")],
)
def test_only_rules_whose_trigger_occurs_are_tried_in_their_order(text: str, patterns: str) -> None:
    assert "".join(found.pattern for found in TriggerIndex(TRIGGERED).candidates(sentence(text))) == patterns


# What holds for every text and every mentions ---------------------------------------------------------

texts = st.text(alphabet="日本越南访问,。 \n\u3000\x00(甲", max_size=40)


@st.composite
def mentioned(draw: st.DrawFn) -> tuple[str, list[Mention]]:
    """A text and mentions in it that do not overlap, in text order."""
    text = draw(texts)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [Mention(a, b, draw(st.sampled_from(["Person", "Country", "Time"]))) for a, b in pairs]


@given(mentioned())
def test_squeezed_offsets_lead_back_to_the_text(case: tuple[str, list[Mention]]) -> None:
    text, mentions = case
    squeezed = squeeze(text, 0, len(text), mentions, TYPES, TRANSPARENT)
    assert len(squeezed.text) == len(squeezed.starts) == len(squeezed.mentions)
    assert squeezed.starts == sorted(squeezed.starts)
    last = 0
    spans = [squeezed.span(at, at + 1) for at in range(len(squeezed.text))]
    for char, (start, end), mention in zip(squeezed.text, spans, squeezed.mentions, strict=True):
        assert last <= start < end
        last = end
        if mention is None:
            assert char == text[start:end]
        else:
            assert (char, start, end) == (TYPES.char[mention.type], mention.start, mention.end)
        assert squeezed.text[squeezed.at(start)] == char
    visible = [m for m in mentions if m.type not in TRANSPARENT]
    assert [m for m in squeezed.mentions if m is not None] == visible


@given(mentioned(), st.integers(0, 40), st.integers(0, 40))
def test_squeezing_a_part_keeps_to_it(case: tuple[str, list[Mention]], a: int, b: int) -> None:
    text, mentions = case
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    inside = [m for m in mentions if start <= m.start and m.end <= end]
    squeezed = squeeze(text, start, end, inside, TYPES, TRANSPARENT)
    assert all(start <= at < end for at in squeezed.starts)
    if squeezed.text:
        assert squeezed.span(len(squeezed.text) - 1, len(squeezed.text))[1] <= end


@given(mentioned(), st.data())
def test_mentions_put_into_a_squeezed_sentence_are_as_if_squeezed_with_them(
    case: tuple[str, list[Mention]], data: st.DataObject
) -> None:
    text, mentions = case
    squeezed = squeeze(text, 0, len(text), mentions, TYPES, TRANSPARENT)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(squeezed.text)), max_size=6, unique=True)))
    kinds = st.sampled_from(["Person", "Time"])
    made = [
        (a, b, Mention(*squeezed.span(a, b), data.draw(kinds))) for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    anew = squeeze(text, 0, len(text), merge(mentions, [m for _, _, m in made]), TYPES, TRANSPARENT)
    assert squeezed.replaced(made, TYPES, TRANSPARENT) == anew


@given(mentioned(), mentioned())
def test_merged_mentions_do_not_overlap(old: tuple[str, list[Mention]], new: tuple[str, list[Mention]]) -> None:
    merged = merge(old[1], new[1])
    assert all(one.end <= other.start for one, other in pairwise(merged))
    assert all(any(m is n for m in merged) for n in new[1]), "what a later phase makes is kept"
