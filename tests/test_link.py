"""Which reports are one event: labelled own pages (data/link_pages.yaml), names, days, judgements, ids that stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.article import Article
from dragoman.link import Claim, Contradiction, Judgement, Linker, disagreements, history, link, load_rules
from dragoman.link.claims import DAY, MONTH, NONE, TOLD, YEAR, Party, Window, claims_of, window
from dragoman.link.cluster import Memory
from dragoman.pack import load
from dragoman.reading import read_article

RULES = load_rules()
PAGES = yaml.safe_load((Path(__file__).parent / "data/link_pages.yaml").read_text("utf-8"))


def claims_on(number: int, page: dict[str, Any]) -> list[Claim]:
    reading = read_article(Article(f"page-{number:02d}", page["text"], published=str(page["day"])), load())
    return claims_of(
        [report.to_json() for report in reading.reports], {(f"page-{number:02d}", "main"): str(page["day"])}
    )


@pytest.fixture(scope="module")
def labelled() -> list[tuple[Claim, str]]:
    out = []
    for number, page in enumerate(PAGES):
        claims = claims_on(number, page)
        assert len(claims) == len(page["tells"]), page["text"]
        out += zip(claims, page["tells"], strict=True)
    return out


def pairs(groups: Iterable[object]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def test_the_set_is_large_enough(labelled: list[tuple[Claim, str]]) -> None:
    assert (len(labelled), len({label for _, label in labelled})) >= (65, 34)


@pytest.mark.parametrize("order", ["as written", "backwards", "by day"])
def test_events_of_own_pages(labelled: list[tuple[Claim, str]], order: str) -> None:
    rows = {
        "as written": labelled,
        "backwards": labelled[::-1],
        "by day": sorted(labelled, key=lambda row: row[0].published or ""),
    }[order]
    events = {key: event for event, keys in link([claim for claim, _ in rows]).items() for key in keys}
    found = [(label, events[claim.key]) for claim, label in rows]
    both, gold, system = pairs(found), pairs(label for label, _ in found), pairs(event for _, event in found)
    wrong = {label: sorted({e for name, e in found if name == label}) for label, _ in found}
    assert both / system >= 0.97, {e: sorted({n for n, other in found if other == e}) for _, e in found}
    assert both / gold >= 0.90, {label: ids for label, ids in wrong.items() if len(ids) > 1}


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("马克龙", "埃马纽埃尔·马克龙", "part"),
        ("馬克龍", "马克龙", "same"),
        ("河野克俊(Katsutoshi Kawano)", "河野克俊", "same"),
        ("Irakli Garibashvili", "Garibashvili", "part"),
        ("加里巴什维利", "加利巴什维利", "sound"),
        ("伊拉克利・加里巴什维利", "伊拉克利·加里巴什维利", "same"),
        ("泽连斯基", "泽伦斯基", "sound"),
        ("弗拉基米尔·泽连斯基", "泽林斯基", "sound"),
        ("黎怀忠", "黎怀中", "sound"),
        ("潘文江", "范文江", "slip"),
        ("米哈伊洛夫", "米哈伊洛娃", None),
        ("王毅", "王沪宁", None),
        ("李强", "李克强", None),
        ("岸田文雄", "菅义伟", None),
        ("穆罕默德·本·萨勒曼", "穆罕默德·本·扎耶德", None),
    ],
)
def test_names_of_persons(one: str, other: str, how: str | None) -> None:
    assert RULES.alike(one, other) == RULES.alike(other, one) == how


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("第九届里海合作论坛", "第9届里海合作论坛", "numbered"),
        ("首届里海合作论坛", "第一届里海合作论坛", "numbered"),
        ("第九届里海合作论坛", "里海合作论坛", "same"),
        ("第九届里海合作论坛", "第十届里海合作论坛", "edition"),
        ("里海能源论坛2024年年会", "里海能源论坛2025年年会", "edition"),
        ("里海国家外长会议", "里海国家领导人会议", "far"),
        ("第三届里海合作论坛", "第三届里海合作论坛绿色航运高级别会议", "open"),
        ("里海沿岸国家峰会", "安第斯共同体峰会", "far"),
        ("芬兰大使馆独立日音乐会", "芬兰驻智利大使馆独立日音乐会", "open"),
        ("《关于深化全面战略伙伴关系的联合声明》", "《深化全面战略伙伴关系联合声明》", "same"),
    ],
)
def test_names_of_gatherings_and_papers(one: str, other: str, how: str) -> None:
    assert RULES.titles(one, other) == RULES.titles(other, one) == how


@pytest.mark.parametrize(
    ("start", "end", "published", "days", "sharpness"),
    [
        ("2024-03-05", "2024-03-08", None, 4, DAY),
        ("2024-03-05", None, "2024-03-09", 1, DAY),
        ("2024-02", "2024-02", None, 29, MONTH),
        ("2024", "2024", "2024-05-01", 366, YEAR),
        (None, None, "2024-03-09", 1, TOLD),
        (None, None, "2024", 1, NONE),
        (None, None, None, 1, NONE),
        ("XXXX-03-05", "XXXX-03-05", "2024-03-09", 1, NONE),
    ],
)
def test_windows(start: str | None, end: str | None, published: str | None, days: int, sharpness: int) -> None:
    found = window(start, end, published)
    assert (found.last - found.first + 1, found.sharpness) == (days, sharpness)


def test_days_of_an_unknown_year_are_compared_by_the_calendar() -> None:
    assert window("XXXX-03-05", None, None) == Window(0, 0, NONE, calendar=(3, 5))


# Judgements and ids ---------------------------------------------------------------------------------------------


def meeting(key: str, day: str, **changes: Any) -> Claim:
    """Two leaders meet on a day, told on it by a page of its own."""
    parties = (
        Party("斯图布", "party", "person", "FIN", "芬兰总统"),
        Party("呼日勒苏赫", "party", "person", "MNG", "蒙古国总统"),
    )
    plain = Claim(
        *(key, f"page {key}", "main", f"own {key}", "meeting", "meeting", "held", None, None, "FIN", parties),
        *(None, None, None, day, day, day),
    )
    return replace(plain, **changes)


def test_one_meeting_told_twice_and_another_day() -> None:
    events = link([meeting("a", "2024-03-06"), meeting("b", "2024-03-06"), meeting("c", "2024-03-08")])
    assert events == {"own a": ["a", "b"], "own c": ["c"]}


def test_a_decision_tells_its_evidence() -> None:
    linker = Linker()
    linker.add(meeting("a", "2024-03-06"))
    placed = linker.add(meeting("b", "2024-03-06"))
    assert placed.event == "own a"
    assert dict(placed.pieces)["date.day"] > 0
    assert placed.weight == pytest.approx(sum(weight for _, weight in placed.pieces))


def test_two_told_by_one_item_stay_two() -> None:
    one = meeting("a", "2024-03-06", document="p", own_event="x")
    other = meeting("b", "2024-03-06", document="p", own_event="y", mode="talks")
    assert len(link([one, other])) == 2


def test_judgements_win() -> None:
    claims = [meeting("a", "2024-03-06"), meeting("b", "2024-03-06"), meeting("c", "2024-03-08")]
    judged = [Judgement("different", "a", "b"), Judgement("same", "b", "c")]
    assert link(claims, judged) == {"own a": ["a"], "own b": ["b", "c"]}


def test_a_report_judged_the_same_as_two_events_joins_them() -> None:
    claims = [meeting("a", "2024-03-06"), meeting("b", "2024-06-06"), meeting("c", "2024-09-08")]
    judged = [Judgement("same", "a", "c"), Judgement("same", "b", "c")]
    assert link(claims, judged) == {"own a": ["a", "b", "c"]}


def test_judgements_that_cannot_all_hold() -> None:
    with pytest.raises(Contradiction, match="a and c"):
        Linker([Judgement("same", "a", "b"), Judgement("same", "b", "c"), Judgement("different", "a", "c")])
    with pytest.raises(ValueError, match="not 'maybe'"):
        Judgement("maybe", "a", "b")


def test_an_event_that_is_put_anew_keeps_its_id() -> None:
    claims = [meeting(key, "2024-03-06") for key in "abc"]
    linker = Linker()
    for claim in claims:
        linker.add(claim)
    again = Linker([Judgement("different", "a", "c")], shelf=linker.shelf, born=linker.born)
    assert [placed.event for placed in again.relink("own a", claims)] == ["own a", "own a", "own c"]
    again.relink("own a", claims[:1])
    assert [placed.event for placed in again.relink("own c", claims[1:2])] == ["own a"]  # its only report is gone


def test_a_bridge_joins_two_events_under_the_elder_id() -> None:
    trip = {"kind": "visit", "mode": None, "place_country": "FIN"}
    visitor = (Party("呼日勒苏赫", "visitor", "person", "MNG", None),)
    early = meeting("a", "2024-03-05", end="2024-03-05", parties=visitor, **trip)
    late = meeting("b", "2024-03-09", start="2024-03-09", end="2024-03-09", parties=visitor, **trip)
    whole = meeting("c", "2024-03-10", start="2024-03-05", end="2024-03-09", parties=visitor, **trip)
    apart = link([early, late])
    assert len(apart) == 2
    assert link([early, late, whole])["own a"][0] == "a"


days = st.sampled_from(["2024-03-06", "2024-03-07", "2024-03-20", "2024-09-01"])
told = st.lists(st.tuples(days, st.booleans(), st.sampled_from(["held", "planned"])), min_size=1, max_size=9)


@settings(max_examples=60)
@given(told)
def test_every_report_is_in_one_event_whose_id_stays(rows: list[tuple[str, bool, str]]) -> None:
    claims = [
        meeting(f"r{n}", day, status=status, **({"start": None, "end": None} if undated else {}))
        for n, (day, undated, status) in enumerate(rows)
    ]
    shelf = Memory()
    linker = Linker(shelf=shelf)
    for number, claim in enumerate(claims):
        before = set(shelf.profiles)
        placed = linker.add(claim)
        assert set(shelf.profiles) == before - set(placed.merged) | {placed.event}
        assert sorted(k for p in shelf.profiles.values() for k in p.reports) == [c.key for c in claims[: number + 1]]
    assert all(shelf.event_of(key) == event for event, p in shelf.profiles.items() for key in p.reports)
    assert link(claims) == link(claims)


# What an event's reports disagree about, and what was told when -----------------------------------------------------


def test_disagreements_keep_every_value_with_its_reports() -> None:
    claims = [meeting("a", "2024-03-06"), meeting("b", "2024-03-06", place_country="EST"), meeting("c", "2024-03-06")]
    (field,) = disagreements(claims)
    assert (field.name, field.values) == ("place_country", (("FIN", ("a", "c")), ("EST", ("b",))))


@pytest.mark.parametrize(
    ("statuses", "never_held"),
    [
        (["planned"], True),
        (["proposed", "planned"], True),
        (["planned", "held"], False),
        (["planned", "cancelled"], False),
    ],
)
def test_history(statuses: list[str], never_held: bool) -> None:
    claims = [meeting(str(n), f"2024-03-0{n + 1}", status=status) for n, status in enumerate(statuses)]
    found = history(claims[::-1])
    assert [status for _, status, _ in found.told] == statuses
    assert found.never_held is never_held
