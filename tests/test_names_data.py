"""The data of names, posts and following words: files are well formed and agree with one another."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

PACK = Path(__file__).parent.parent / "src/dragoman/packs/zh"
LEXICON = PACK / "lexicon"
COLUMNS = {
    "post": ["surface", "rank", "code"],
    "person": ["surface", "name", "code", "from", "to", "post", "ambiguous"],
    "surname": ["surface", "origin"],
    "honorific": ["surface", "kind"],
    "follow": ["surface", "kind", "strength"],
}
MINIMUM = {"post": 600, "person": 2500, "surname": 1500, "honorific": 50, "follow": 400}
CODE = re.compile(r"[A-Z]{3}")
YEAR = re.compile(r"(1[89]|20)\d\d")


def rows(name: str) -> list[dict[str, str]]:
    lines = (LEXICON / f"{name}.tsv").read_text("utf-8").splitlines()
    header, *body = (line.split("\t") for line in lines if not line.startswith("#"))
    return [dict(zip(header, cells, strict=True)) for cells in body]


def names_toml() -> dict:
    return tomllib.loads((PACK / "names.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_and_surfaces(name: str) -> None:
    table = rows(name)
    surfaces = [row["surface"] for row in table]
    assert list(table[0]) == COLUMNS[name]
    assert len(table) >= MINIMUM[name]
    assert len(surfaces) == len(set(surfaces))
    assert not [s for s in surfaces if not s or s != s.strip() or " " in s]
    if name not in ("surname", "follow"):
        assert not [s for s in surfaces if len(s) < 2]


@pytest.mark.parametrize("name", ["post", "person"])
def test_codes(name: str) -> None:
    # a post marked - belongs to no country, even if it stands behind one
    assert not [
        row
        for row in rows(name)
        if row["code"] not in ("", "-" if name == "post" else "") and not CODE.fullmatch(row["code"])
    ]


def test_persons() -> None:
    table = {row["surface"]: row for row in rows("person")}
    # heads of bodies that belong to no country have no code; nobody else lacks one
    assert sum(not row["code"] for row in table.values()) < 100
    for surface, row in table.items():
        assert row["post"], surface
        assert row["ambiguous"] in ("", "yes"), surface
        for year in (row["from"], row["to"]):
            assert not year or YEAR.fullmatch(year), surface
        assert not (row["from"] and row["to"]) or row["from"] <= row["to"], surface
        # a name that has a row of its own must be its own name: no chains
        assert row["name"] not in table or table[row["name"]]["name"] == row["name"], surface


@pytest.mark.parametrize(
    ("surface", "name", "code", "year"),
    [
        ("习近平", "习近平", "CHN", 2020),
        ("安倍", "安倍晋三", "JPN", 2015),
        ("川普", "特朗普", "USA", 2018),
        ("欧巴马", "奥巴马", "USA", 2012),
        ("普丁", "普京", "RUS", 2014),
        ("马克宏", "马克龙", "FRA", 2022),
        ("梅克尔", "默克尔", "DEU", 2010),
        ("阮晋勇", "阮晋勇", "VNM", 2010),
        ("康京和", "康京和", "KOR", 2019),
        ("古特雷斯", "古特雷斯", "UNO", 2020),
    ],
)
def test_well_known(surface: str, name: str, code: str, year: int) -> None:
    (row,) = [r for r in rows("person") if r["surface"] == surface]
    assert (row["name"], row["code"]) == (name, code)
    assert int(row["from"]) <= year <= int(row["to"] or 9999)


@pytest.mark.parametrize(
    ("surface", "rank", "code"),
    [
        ("总统", "head_of_state", ""),
        ("外相", "foreign_minister", ""),
        ("外务大臣", "foreign_minister", ""),
        ("国务卿", "foreign_minister", "USA"),
        ("防卫大臣", "defence_minister", "JPN"),
        ("统合幕僚长", "military", "JPN"),
        ("国务委员", "deputy_head", "CHN"),
        ("大使", "ambassador", ""),
        ("外交部发言人", "spokesperson", ""),
        ("半岛和平交涉本部长", "envoy", "KOR"),
    ],
)
def test_posts(surface: str, rank: str, code: str) -> None:
    (row,) = [r for r in rows("post") if r["surface"] == surface]
    assert (row["rank"], row["code"]) == (rank, code)


def test_surname_origins() -> None:
    table = rows("surname")
    assert {o for row in table for o in row["origin"].split("|")} == {"zh", "vi", "ko", "ja"}


def test_follow_kinds() -> None:
    table = rows("follow")
    assert {row["strength"] for row in table} == {"strong", "weak"}
    assert not [r["surface"] for r in table if len(r["surface"]) == 1 and r["strength"] == "strong"]


def test_characters_that_never_occur_in_names_occur_in_none() -> None:
    never = set(names_toml()["characters"]["never"])
    known = set("".join(row["surface"] for row in rows("person")))
    known |= set("".join(row["surface"] for row in rows("surname")))
    known |= set(names_toml()["characters"]["transliteration"])
    assert not never & known


def test_posts_are_not_persons() -> None:
    assert not {r["surface"] for r in rows("post")} & {r["surface"] for r in rows("person")}


@pytest.mark.parametrize("name", COLUMNS)
def test_surfaces_are_in_the_form_that_texts_are_folded_to(name: str) -> None:
    fold = {row["surface"]: row["folded"] for row in rows("fold")}
    assert not [r["surface"] for r in rows(name) if any(fold.get(c, c) != c for c in r["surface"])]
