"""Who is who on a page: posts and countries of persons, and who holds a post that stands without a name."""

from __future__ import annotations

import pytest

from dragoman.actors import Actor
from dragoman.fold import fold
from dragoman.mentions import Page
from dragoman.pack import load
from dragoman.persons import Register, holders

PACK = load()


def register(text: str) -> Register:
    """The persons of a page of one paragraph."""
    sentences = Page(PACK, text, fold(text), "").sentences([("body", 0, len(text))], None)
    out = Register(PACK.lexicon)
    out.add(sentences)
    return out


TWO = "越南总理范明政会见日本首相岸田文雄。范明政表示欢迎。随后,越南外长裴青山会见日本外相上川阳子。"


@pytest.mark.parametrize(
    ("text", "name", "country", "post"),
    [
        (TWO, "范明政", "VNM", "越南总理"),
        (TWO, "上川阳子", "JPN", "日本外相"),
        ("法国总统马克龙抵达。马克龙总统发表讲话。", "马克龙", "FRA", "法国总统"),
        ("马克龙发表讲话。", "马克龙", "FRA", None),  # the list of leaders tells the country, never the post
        ("甲国人陈文山发表讲话。陈文山说,很好。", "陈文山", None, None),
    ],
)
def test_country_and_post(text: str, name: str, country: str | None, post: str | None) -> None:
    found = register(text)
    assert found.country(name) == country
    assert (found.persons[name].post if name in found.persons else None) == post


@pytest.mark.parametrize(
    ("rank", "country", "name"),
    [
        ("head_of_government", "VNM", "范明政"),
        ("head_of_government", "JPN", "岸田文雄"),
        ("foreign_minister", "JPN", "上川阳子"),
        ("foreign_minister", "FRA", None),
        ("monarch", "JPN", None),
        (None, "JPN", None),
        ("foreign_minister", None, None),
    ],
)
def test_the_holder_of_a_post(rank: str | None, country: str | None, name: str | None) -> None:
    person = register(TWO).holder(rank, country, len(TWO))
    assert (person.name if person else None) == name


def test_of_two_holders_the_one_told_last_before_is_meant() -> None:
    text = "日本首相安倍晋三发表讲话。日本首相菅义伟发表讲话。"
    found = register(text)
    assert [p.name for at in (10, len(text)) if (p := found.holder("head_of_government", "JPN", at))] == [
        "安倍晋三",
        "菅义伟",
    ]


def test_nobody_is_the_holder_if_both_are_told_only_later() -> None:
    text = "这一天,日本首相安倍晋三发表讲话。日本首相菅义伟发表讲话。"
    assert register(text).holder("head_of_government", "JPN", 0) is None


@pytest.mark.parametrize(
    ("countries", "names"),
    [(["VNM", "JPN"], ["裴青山", "上川阳子"]), (["VNM", "FRA"], None), ([], None)],
)
def test_the_holders_of_several_countries_are_known_all_or_none(countries: list[str], names: list[str] | None) -> None:
    members = [Actor(code, "country", code) for code in countries]
    found = holders(register(TWO), members, "foreign_minister", len(TWO))
    assert (None if found is None else [person.name for person in found]) == names


def test_an_item_knows_the_persons_of_the_page_behind_it() -> None:
    own, page = register("范明政发表讲话。"), register("立陶宛总理希莫尼特发表讲话。")
    own.behind = page
    assert own.country("希莫尼特") == "LTU"
    assert "希莫尼特" not in own.persons
