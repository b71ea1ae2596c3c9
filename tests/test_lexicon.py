"""The lexicons of countries, places, organisations, bodies and agencies: what every row must keep to."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

LEXICON = Path(__file__).parents[1] / "src/dragoman/packs/zh/lexicon"
COLUMNS = {
    "country": ["surface", "code", "form"],
    "place": ["surface", "code", "kind"],
    "organisation": ["surface", "code", "kind"],
    "body": ["surface", "sector", "code"],
    "agency": ["surface", "code"],
    "fold": ["surface", "folded"],
}
LEAST_ROWS = {"country": 600, "place": 2000, "organisation": 900, "body": 1300, "agency": 800, "fold": 4000}

# ISO 3166-1 alpha-3, written out so that no data package is needed to run the tests.
ISO3_LIST = """
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR
BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL
COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK
FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV
HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO
LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG
MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN
PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE
SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO
TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
"""
ISO3 = set(ISO3_LIST.split())
CODES = ISO3 | {"XKX", "EUE", "ASE", "UNO", "AFU"}
# Codes without a capital in the table: dependent territories, bodies, city states that are their own capital;
# what the capital is of one state is disputed.
NO_CAPITAL_LIST = """
ABW AIA ALA ASM ATA ATF BES BLM BMU BVT CCK COK CUW CXR CYM ESH FLK FRO GGY GIB GLP GUF GUM HKG HMD
IMN IOT JEY MAC MAF MNP MSR MTQ MYT NFK NIU PCN REU SGS SHN SJM SPM SXM TCA TKL UMI VGB VIR WLF MCO SMR SGP ISR
EUE ASE UNO AFU
"""
NO_CAPITAL = set(NO_CAPITAL_LIST.split())


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one lexicon."""
    lines = [
        line
        for line in (LEXICON / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    header = lines[0].split("\t")
    return [dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:]]


FOLD = {row["surface"]: row["folded"] for row in rows("fold")}
CODE_OF = {name: {row["surface"]: row["code"] for row in rows(name)} for name in COLUMNS if name != "fold"}
WORD_FILES = [name for name in COLUMNS if name != "fold"]


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_and_size(name: str) -> None:
    assert list(rows(name)[0]) == COLUMNS[name]
    assert len(rows(name)) >= LEAST_ROWS[name]


@pytest.mark.parametrize("name", COLUMNS)
def test_no_surface_twice(name: str) -> None:
    # a one-character form of a country is another row than a word, and no word has one character
    assert [surface for surface, n in Counter(row["surface"] for row in rows(name)).items() if n > 1] == []


@pytest.mark.parametrize("name", WORD_FILES)
def test_surfaces_are_as_the_matcher_sees_the_text(name: str) -> None:
    for row in rows(name):
        surface = row["surface"]
        assert surface == surface.strip() and not re.search(r"\s{2}", surface), surface
        folded = "".join(FOLD.get(character, character) for character in surface)
        assert folded == surface, f"{surface} would never match: the text reads {folded}"
        wide = [c for c in surface if "！" <= c <= "～" and c not in "，；：？！"]
        assert not wide, f"full width in {surface}"
        assert len(surface) > 1 or row.get("form") == "char", surface


@pytest.mark.parametrize("name", WORD_FILES)
def test_codes_are_known(name: str) -> None:
    for row in rows(name):
        codes = [code for code in row["code"].split("|") if code]
        assert set(codes) <= CODES, row
        assert len(codes) <= 1 or row.get("form") == "char", row


@pytest.mark.parametrize(
    "pair", [("country", "place"), ("country", "organisation"), ("country", "body"), ("place", "organisation")]
)
def test_a_surface_has_one_type(pair: tuple[str, str]) -> None:
    assert set(CODE_OF[pair[0]]) & set(CODE_OF[pair[1]]) == set()


def test_every_code_has_one_short_form() -> None:
    short = Counter(row["code"] for row in rows("country") if row["form"] == "short")
    assert set(short) == CODES
    assert set(short.values()) == {1}
    assert {row["form"] for row in rows("country")} == {"short", "official", "variant", "char"}


def test_every_state_has_a_capital() -> None:
    assert CODES - {row["code"] for row in rows("place") if row["kind"] == "capital"} - NO_CAPITAL == set()


def test_fold_is_one_to_one_and_final() -> None:
    for old, new in FOLD.items():
        assert len(old) == len(new) == 1 and old != new
        assert new not in FOLD, f"{old} -> {new} -> {FOLD[new]}"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("臺灣總統府", "台湾总统府"),
        ("寮國國會主席訪問越南", "寮国国会主席访问越南"),
        ("於後裏為衛國", "于后里为卫国"),
        ("中国外交部长会见著名学者", "中国外交部长会见著名学者"),  # simplified text stays as it is
        ("瞭望塔 慰藉 覆盖 什么 皇后 干部 面子 只有", "瞭望塔 慰藉 覆盖 什么 皇后 干部 面子 只有"),
        ("沢広桜関", "泽广樱关"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert "".join(FOLD.get(character, character) for character in text) == folded


@pytest.mark.parametrize(
    ("name", "surface", "code"),
    [
        ("country", "日本", "JPN"),
        ("country", "越南社会主义共和国", "VNM"),
        ("country", "寮国", "LAO"),
        ("country", "纽西兰", "NZL"),
        ("country", "沙乌地阿拉伯", "SAU"),
        ("country", "辛巴威", "ZWE"),
        ("country", "史瓦帝尼", "SWZ"),
        ("country", "北韩", "PRK"),
        ("country", "多米尼加", "DOM"),
        ("country", "多米尼克", "DMA"),
        ("country", "刚果(金)", "COD"),
        ("country", "中国台湾", "TWN"),
        ("country", "欧洲联盟", "EUE"),
        ("country", "东协", "ASE"),
        ("place", "内比都", "MMR"),
        ("place", "亚的斯亚贝巴", "ETH"),
        ("place", "华盛顿", "USA"),
        ("place", "奥克兰", "NZL"),
        ("place", "柏林", "DEU"),
        ("place", "板门店", ""),
        ("place", "谅山省", "VNM"),
        ("place", "博鳌", "CHN"),
        ("place", "戴维营", "USA"),
        ("place", "霍尔木兹海峡", ""),
        ("organisation", "上合组织", ""),
        ("organisation", "联合国安理会", "UNO"),
        ("organisation", "欧盟委员会", "EUE"),
        ("organisation", "青瓦台", "KOR"),
        ("organisation", "越共中央政治局", "VNM"),
        ("body", "外务省", "JPN"),
        ("body", "统一部", "KOR"),
        ("body", "外交部", ""),
        ("body", "全国政协", "CHN"),
        ("agency", "越通社", "VNM"),
        ("agency", "韩联社", "KOR"),
    ],
)
def test_known_rows(name: str, surface: str, code: str) -> None:
    assert CODE_OF[name][surface] == code


@pytest.mark.parametrize(
    "surface", ["我国", "中非", "中欧", "刚果", "海法", "哈桑", "奥斯汀", "会安", "荣市", "里海", "日照", "巴中"]
)
def test_words_that_would_mislead_stand_nowhere(surface: str) -> None:
    assert all(surface not in table for table in CODE_OF.values())
