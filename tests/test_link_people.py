"""Persons across spellings and posts, and pages that are copies of one another."""

from __future__ import annotations

import random
from typing import Any

import pytest

from dragoman.link import Pages, load_rules, people, sketch
from dragoman.link.claims import Claim, Party
from dragoman.link.pages import NEAR, share
from test_link import meeting

RULES = load_rules()


def told(key: str, guest: str, post: str = "秘鲁总统", **changes: Any) -> Claim:
    parties = (
        Party("斯图布", "party", "person", "FIN", "芬兰总统"),
        Party(guest, "party", "person", "PER", post),
    )
    return meeting(key, "2024-03-06", parties=parties, **changes)


@pytest.mark.parametrize(
    ("spellings", "doubtful"),
    [
        (["博鲁阿尔特", "博鲁阿尔特", "迪娜·博鲁阿尔特"], ()),
        (["博鲁阿尔特", "博卢阿尔特"], ()),
        (["潘文江", "潘文江", "范文江"], ("范文江",)),
    ],
)
def test_spellings_on_one_side_of_an_event_are_one_person(spellings: list[str], doubtful: tuple[str, ...]) -> None:
    found = people([[told(str(n), name) for n, name in enumerate(spellings)]], RULES)
    person = next(person for person in found if person.country == "PER")
    assert (set(person.spellings), person.doubtful) == (set(spellings), doubtful)
    assert person.name == spellings[0]


def test_spellings_of_different_events_need_more_than_likeness() -> None:
    one, other = [told("a", "博鲁阿尔特")], [told("b", "博卢阿尔特")]
    assert len(people([one, other], RULES)) == 3
    traditional = [told("c", "博魯阿爾特")]
    assert len(people([one, traditional], RULES)) == 2


def test_who_stand_side_by_side_are_two() -> None:
    both = meeting(
        "a",
        "2024-03-06",
        parties=(
            Party("穆罕默德", "party", "person", "SAU", "王储"),
            Party("穆罕默德·本·纳瓦夫", "party", "person", "SAU", "大使"),
        ),
    )
    assert len(people([[both]], RULES)) == 2


def test_posts_with_the_days_on_which_pages_gave_them() -> None:
    claims = [
        told("a", "博鲁阿尔特", "秘鲁副总统", published="2022-01-05"),
        told("b", "博鲁阿尔特", published="2023-02-01"),
        told("c", "博鲁阿尔特", published="2024-03-01"),
    ]
    person = next(person for person in people([claims], RULES) if person.country == "PER")
    assert [(post.post, post.first, post.last, post.reports) for post in person.posts] == [
        ("秘鲁副总统", "2022-01-05", "2022-01-05", 1),
        ("秘鲁总统", "2023-02-01", "2024-03-01", 2),
    ]


# Copies ---------------------------------------------------------------------------------------------------------


def page(seed: int, length: int = 400) -> str:
    draw = random.Random(seed)
    return "".join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(length))


def test_a_copy_to_the_letter_whatever_its_marks() -> None:
    pages = Pages()
    assert pages.add("a", page(1)) is None
    found = pages.add("b", " ".join(page(1)) + "。")
    assert found is not None
    assert (found.page, found.exact) == ("a", True)


def test_a_copy_with_another_head_and_tail() -> None:
    pages = Pages()
    pages.add("a", page(1))
    pages.add("c", page(2))
    found = pages.add("b", page(3, 25) + page(1) + page(4, 25))
    assert found is not None
    assert (found.page, found.exact) == ("a", False)
    assert found.share >= NEAR


def test_pages_that_share_a_paragraph_are_no_copies() -> None:
    pages = Pages()
    pages.add("a", page(1) + page(2))
    assert pages.add("b", page(1) + page(3)) is None


def test_short_pages_are_compared_to_the_letter() -> None:
    pages = Pages()
    pages.add("a", page(1, 60))
    assert pages.add("b", page(1, 59)) is None
    assert pages.add("c", page(1, 60)) is not None


@pytest.mark.parametrize("part", [0.0, 0.5, 0.8, 1.0])
def test_the_share_is_that_of_the_shingles(part: float) -> None:
    cut = int(1200 * part)
    estimated = share(sketch(page(1, cut) + page(2, 1200 - cut)), sketch(page(1, cut) + page(3, 1200 - cut)))
    assert estimated == pytest.approx(part / (2 - part), abs=0.15)
