"""One event, one report: which tellings are the same event, what is kept of both, and which events share an id."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dragoman.context import Event, Party
from dragoman.identity import event_id, event_ids
from dragoman.merge import absorb, merge_tellings
from dragoman.same import same

LI = Party("李强", "party", "person", "CHN")
SUGA = Party("菅义伟", "party", "person", "JPN")
ABE = Party("安倍晋三", "party", "person", "JPN")
CHINA = Party("中国", "party", "country", "CHN")
JAPAN = Party("日本", "party", "country", "JPN")


def event(kind: str = "meeting", parties: tuple[Party, ...] = (LI, SUGA), **fields: Any) -> Event:
    """An event that is told in the first sentence, without anything but its parties."""
    plain: dict[str, Any] = dict.fromkeys(("mode", "name", "start", "end", "place", "place_country"))
    rest: dict[str, Any] = {"status": "held", "spans": [(0, 9)], "rule": "r", "sentence": 0, "dated": False}
    own = [replace(party) for party in parties]
    return Event(kind=kind, parties=own, carried=False, **(plain | rest | fields))


def visit(*visitors: Party, country: str = "JPN", **fields: Any) -> Event:
    return event("visit", tuple(replace(p, role="visitor") for p in visitors), place_country=country, **fields)


def day(value: str) -> dict[str, str]:
    return {"start": value, "end": value}


SAME = {
    "told twice": (event(), event()),
    "with and without a day": (event(), event(**day("2024-06-12"))),
    "a month and a day of it": (event(**day("2024-06")), event(**day("2024-06-12"))),
    "persons and their countries": (event(), event(parties=(CHINA, JAPAN))),
    "with and without a place": (event(place_country="JPN"), event()),
    "a visit by one of two": (visit(LI, SUGA, country="USA"), visit(LI, country="USA")),
    "a visitor and his country": (visit(LI), visit(CHINA)),
    "first and last day of a visit": (visit(LI, start="2024-06-12"), visit(LI, end="2024-06-14")),
    "a day of a visit": (visit(LI, start="2024-06-12", end="2024-06-14"), visit(LI, **day("2024-06-13"))),
    "a short and the full name of a gathering": (
        event("conference", name="东盟峰会"),
        event("conference", name="第44届东盟峰会"),
    ),
    "an instrument named and unnamed in the next sentence": (
        event("agreement", name="《渔业协定》", mode="agreement"),
        event("agreement", mode="agreement", sentence=1),
    ),
}
OTHER = {
    "another kind": (event(), event("call")),
    "another day": (event(**day("2024-06-12")), event(**day("2024-06-13"))),
    "another person": (event(), event(parties=(LI, ABE))),
    "another place": (event(place_country="JPN"), event(place_country="CHN")),
    "held and called off": (event(), event(status="cancelled")),
    "a visit to another country": (visit(LI), visit(LI, country="KOR")),
    "a visit by another person": (visit(LI), visit(ABE, country="JPN")),
    "gatherings of other names": (event("conference", name="东盟峰会"), event("conference", name="气候大会")),
    "two instruments": (
        event("agreement", name="《渔业协定》", mode="agreement"),
        event("agreement", name="《航空协定》", mode="agreement"),
    ),
    "an instrument of another sort": (event("agreement", mode="agreement"), event("agreement", mode="memorandum")),
    "relations resumed and severed": (event("relations", mode="resumed"), event("relations", mode="severed")),
    "the two directions of a message": (
        event("message", (replace(LI, role="sender"), replace(SUGA, role="recipient"))),
        event("message", (replace(LI, role="recipient"), replace(SUGA, role="sender"))),
    ),
}
PAIRS = [(*pair, True) for pair in SAME.values()] + [(*pair, False) for pair in OTHER.values()]


@pytest.mark.parametrize(("one", "other", "alike"), PAIRS, ids=[*SAME, *OTHER])
def test_which_tellings_are_one_event(one: Event, other: Event, alike: bool) -> None:
    assert same(one, other) is alike
    assert same(other, one) is alike
    assert len(merge_tellings([one, other])) == (1 if alike else 2)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ({}, day("2024-06-12"), day("2024-06-12")),
        (day("2024-06"), day("2024-06-12"), day("2024-06-12")),
        (day("2024-06-12"), day("2024-06"), day("2024-06-12")),
        ({"mode": "talks"}, {"mode": "meeting"}, {"mode": "talks"}),
        ({}, {"mode": "meeting"}, {"mode": "meeting"}),
        ({}, {"place": "东京", "place_country": "JPN"}, {"place": "东京", "place_country": "JPN"}),
        ({"place_country": "CHN"}, {"place": "东京", "place_country": "JPN"}, {"place": None, "place_country": "CHN"}),
        ({"status": "planned", "dated": True}, {"status": "held"}, {"status": "planned"}),
        ({"name": "东盟峰会"}, {"name": "第44届东盟峰会"}, {"name": "第44届东盟峰会"}),
        ({}, {"amount": 5, "currency": "USD"}, {"amount": 5, "currency": "USD"}),
        ({"spans": [(0, 9)]}, {"spans": [(0, 9), (20, 30)]}, {"spans": [(0, 9), (20, 30)], "tellings": 2}),
    ],
)
def test_what_is_kept_of_two_tellings(first: dict[str, Any], second: dict[str, Any], kept: dict[str, Any]) -> None:
    one = event(**first)
    absorb(one, event(**second))
    assert {key: getattr(one, key) for key in kept} == kept


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ((LI, SUGA), (CHINA, JAPAN), ["李强", "菅义伟"]),
        ((CHINA, JAPAN), (LI, SUGA), ["李强", "菅义伟"]),
        ((LI, JAPAN), (LI, SUGA), ["李强", "菅义伟"]),
        ((LI, SUGA), (LI, SUGA, ABE), ["李强", "菅义伟", "安倍晋三"]),
    ],
)
def test_a_person_takes_the_place_of_his_country(
    first: tuple[Party, ...], second: tuple[Party, ...], names: list[str]
) -> None:
    one = event(parties=first)
    absorb(one, event(parties=second))
    assert [party.name for party in one.parties] == names


def test_a_later_telling_adds_post_and_country() -> None:
    one = event(parties=(Party("李强", "party", "person", None), SUGA))
    absorb(one, event(parties=(Party("李强", "party", "person", "CHN", "国务院总理"), SUGA)))
    assert (one.parties[0].country, one.parties[0].post) == ("CHN", "国务院总理")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (event(**day("2024-06-12")), event(parties=(SUGA, LI), **day("2024-06-12"), place="东京"), True),
        (event(**day("2024-06-12")), event(**day("2024-06-13")), False),
        (visit(LI, start="2024-06-12"), visit(LI, start="2024-06-13", end="2024-06-14"), True),
        (visit(LI, start="2024-06-12"), visit(LI, start="2024-07-12"), False),
        (event("conference", name="“东盟峰会”"), event("conference", (JAPAN,), name="东盟峰会"), True),
        (event("relations", mode="resumed", **day("2024-06")), event("relations", mode="severed"), False),
    ],
)
def test_ids_of_events_that_no_page_has_together(one: Event, other: Event, alike: bool) -> None:
    assert (event_id(one) == event_id(other)) is alike


def test_the_same_event_in_two_items_has_one_id() -> None:
    main, teaser, other = event(**day("2024-06-12")), event(parties=(CHINA, JAPAN)), event(parties=(LI, ABE))
    ids = event_ids([[main], [teaser, other]])
    assert ids[id(main)] == ids[id(teaser)] != ids[id(other)]


def test_events_of_one_item_keep_the_order_of_their_first_telling() -> None:
    first, second = event(**day("2024-06-12")), visit(LI)
    merged = merge_tellings([first, second, event(), visit(LI)])
    assert [one.kind for one in merged] == ["meeting", "visit"]
    assert [one.tellings for one in merged] == [2, 2]
