"""The register of posts: pages of our own with what must come of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dragoman.article import Article
from dragoman.cli import app
from dragoman.pack import load
from dragoman.reading import read_article
from dragoman.register import Contradiction, PostRegister, Term
from dragoman.variants import Alike

PACK = load()


def grown(pages: Iterable[tuple[str, str]]) -> tuple[list[Term], list[Contradiction]]:
    """Terms and contradictions of pages, each a day and a text."""
    register = PostRegister(PACK)
    for number, (day, text) in enumerate(pages):
        register.add(read_article(Article(f"page-{number}", text, published=day), PACK))
    terms = register.terms()
    return terms, list(register.contradictions(terms))


def rows(terms: Iterable[Term]) -> list[tuple[str, str | None, str, str | None, str | None]]:
    """Person, seat, manner and days of each term."""
    return [(term.person, term.seat, term.manner, term.first, term.last) for term in terms]


def test_a_term_grows_from_page_to_page() -> None:
    terms, wrong = grown(
        [
            ("2015-03-02", "挪威外交大臣安纳森会见来宾。"),
            ("2014-06-01", "挪威外交大臣安纳森抵达首都。"),
            ("2016-01-09", "挪威外交大臣安纳森发表讲话。"),
        ]
    )
    assert rows(terms) == [("安纳森", "foreign_minister", "held", "2014-06-01", "2016-01-09")]
    assert terms[0].seen == 3
    assert [(proof.document, proof.text) for proof in terms[0].evidence] == [
        ("page-1", "挪威外交大臣安纳森"),
        ("page-2", "挪威外交大臣安纳森"),
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ("秘鲁总理卡斯特利发表讲话。", "held"),
        ("秘鲁前总理卡斯特利发表讲话。", "former"),
        ("秘鲁代理总理卡斯特利发表讲话。", "acting"),
        ("秘鲁候任总理卡斯特利发表讲话。", "designate"),
    ],
)
def test_how_a_post_is_held(text: str, manner: str) -> None:
    terms, _ = grown([("2019-05-02", text)])
    assert rows(terms) == [("卡斯特利", "prime_minister", manner, "2019-05-02", "2019-05-02")]


def test_what_was_held_at_once_ended_at_once() -> None:
    terms, _ = grown([("2019-05-02", "秘鲁前总理兼外长卡斯特利发表讲话。")])
    assert {(term.seat, term.manner) for term in terms} == {
        ("prime_minister", "former"),
        ("foreign_minister", "former"),
    }


def test_an_undated_page_dates_nothing() -> None:
    register = PostRegister(PACK)
    register.add(read_article(Article("page", "秘鲁总理卡斯特利发表讲话。"), PACK))
    assert rows(register.terms()) == [("卡斯特利", "prime_minister", "held", None, None)]


def test_a_successor_parts_two_terms() -> None:
    terms, wrong = grown(
        [
            ("2010-01-05", "秘鲁总理卡斯特利发表讲话。"),
            ("2012-02-05", "秘鲁总理门多萨尔发表讲话。"),
            ("2013-02-05", "秘鲁总理门多萨尔发表讲话。"),
            ("2016-03-05", "秘鲁总理卡斯特利发表讲话。"),
        ]
    )
    assert rows(terms) == [
        ("卡斯特利", "prime_minister", "held", "2010-01-05", "2010-01-05"),
        ("门多萨尔", "prime_minister", "held", "2012-02-05", "2013-02-05"),
        ("卡斯特利", "prime_minister", "held", "2016-03-05", "2016-03-05"),
    ]
    assert wrong == []


def test_two_holders_at_one_time_are_said() -> None:
    days = ("2010-01-05", "2010-04-05", "2010-07-05", "2010-10-05")
    names = ("卡斯特利", "门多萨尔", "卡斯特利", "门多萨尔")
    terms, wrong = grown([(day, f"秘鲁总理{name}发表讲话。") for day, name in zip(days, names, strict=True)])
    assert len(terms) == 2
    assert [(c.persons, c.first, c.last) for c in wrong] == [(("卡斯特利", "门多萨尔"), "2010-04-05", "2010-07-05")]


def test_a_holder_in_years_not_his_is_said() -> None:
    _, wrong = grown([("2020-01-05", "日本首相田中角荣发表讲话。"), ("1973-01-05", "日本首相田中角荣发表讲话。")])
    assert [(c.persons, c.first) for c in wrong] == [(("田中角荣",), "2020-01-05")]


def test_names_of_one_holder_across_pages() -> None:
    pages = [(f"2015-03-{day:02d}", "秘鲁总理卡斯特利发表讲话。") for day in range(1, 13)]
    pages += [("2015-04-01", "秘鲁总理卡斯特莉发表讲话。"), ("2015-04-02", "秘鲁总理胡安·卡斯特利发表讲话。")]
    (term,), _ = grown(pages)
    assert (term.seen, term.last) == (14, "2015-04-02")
    assert (term.person, term.variants) == ("胡安·卡斯特利", {"卡斯特利": 13, "卡斯特莉": 1})


SLIP = "越南国防部长陈文青3日抵达东京。陈文青会见了日本防卫大臣。陈文青参观了基地。晚上,{}出席了招待会。"


@pytest.mark.parametrize(
    ("text", "name", "slips"),
    [
        (SLIP.format("陈温青"), "陈文青", {"陈温青": "陈文青"}),  # sounds like it
        (SLIP.format("陈海青"), "陈文青", {}),  # nothing like it
        (SLIP.format("泰国外长陈温青"), "陈文青", {}),  # somebody else's post
        ("越南国防部长陈文青和陈温青3日抵达东京。陈文青会见了日本防卫大臣。", "陈文青", {}),  # beside each other
    ],
)
def test_two_spellings_on_one_page(text: str, name: str, slips: dict[str, str]) -> None:
    reading = read_article(Article("page", text, published="2019-06-04"), PACK)
    assert reading.variants == slips
    assert [note for note in reading.notes if "spelling" in note] == [
        f"{slip} is read as another spelling of {meant}" for slip, meant in slips.items()
    ]
    people = {p.name for report in reading.reports for p in report.participants if p.kind == "person"}
    assert name in people
    assert not people & set(slips)


def test_alike() -> None:
    like = Alike(["文温", "青清"])
    assert like.names("陈文青", "陈温青")
    assert not like.names("陈文青", "陈温清")  # two slips are no slip
    assert not like.names("文青", "温青")  # too short
    assert not like.names("陈文青", "陈文")


def test_the_verb(tmp_path: Path) -> None:
    page = tmp_path / "page.jsonl"
    page.write_text(json.dumps({"id": "a", "text": "秘鲁总理卡斯特利发表讲话。", "published": "2019-05-02"}), "utf-8")
    table = CliRunner().invoke(app, ["register", str(page)])
    assert table.exit_code == 0
    assert "PER  2019-05-02 2019-05-02    1x  held       秘鲁总理  卡斯特利" in table.stdout
    lines = CliRunner().invoke(app, ["register", str(page), "--json"]).stdout.splitlines()
    assert [json.loads(line)["row"] for line in lines] == ["term"]
