"""The pages that the project ships and their gold: each pair is complete, consistent and follows the codebook.

Nothing is read by the system here; that is the scorer's business. These tests guard the gold itself.
"""

from __future__ import annotations

import html
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "examples" / "pages"
GOLD = ROOT / "examples" / "gold"
MODEL = tomllib.loads((ROOT / "src" / "dragoman" / "model.toml").read_text(encoding="utf-8"))

DOCUMENT_KEYS = {"document", "about", "title", "published", "items", "reports", "facts"}
REPORT_KEYS = {
    "item", "event", "kind", "mode", "status", "name", "start", "end", "place", "place_country", "participants",
    "amount", "currency", "post", "quote", "optional", "any_status", "any_kind", "any_date",
}  # fmt: skip
PARTICIPANT_KEYS = {"name", "aliases", "role", "any_role", "kind", "country", "post", "optional"}
FACT_KEYS = {
    "post": {"person", "post", "country"},
    "statement": {"speaker", "country", "quote"},
    "indicator": {"name", "country", "partner", "value", "unit", "period", "rank", "change"},
}
ITEM = re.compile(r"main|(?:brief|more)-[1-9][0-9]?")
DATE = re.compile(r"(?:[0-9]{4}|XXXX)(?:-[0-9]{2}(?:-[0-9]{2})?)?")
CODE = re.compile(r"[A-Z]{3}")
INLINE = re.compile(r"</?(?:a|b|strong|em|i|span|font|u)\b[^>]*>")

STEMS = sorted({path.stem for path in PAGES.iterdir()} | {path.stem for path in GOLD.iterdir()})


def page_of(stem: str) -> Path:
    (path,) = PAGES.glob(f"{stem}.*")
    return path


def text_of(path: Path) -> str:
    """The characters of a page without its markup and white space, one line a block (bodies in scripts included)."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]+>", "\n", INLINE.sub("", text)))
        text = re.sub(r"<[^>]+>", "\n", INLINE.sub("", text))  # markup that was escaped inside a textarea or a script
    return "\n".join(re.sub(r"\s+", "", line) for line in text.splitlines())


def load(stem: str) -> dict[str, Any]:
    gold = yaml.safe_load((GOLD / f"{stem}.yaml").read_text(encoding="utf-8"))
    assert isinstance(gold, dict)
    return gold


def stands_in(text: str, names: list[str]) -> bool:
    return any(re.sub(r"\s+", "", name) in text for name in names)


def test_there_are_enough_pages_and_half_of_them_are_html() -> None:
    suffixes = [page_of(stem).suffix for stem in STEMS]
    assert len(suffixes) >= 40
    assert abs(suffixes.count(".html") - suffixes.count(".txt")) <= 4


@pytest.mark.parametrize("stem", STEMS)
def test_page_and_gold_belong_together(stem: str) -> None:
    page, gold = page_of(stem), load(stem)
    assert set(gold) <= DOCUMENT_KEYS and {"document", "about", "items"} <= set(gold)
    assert gold["document"] == page.name
    assert "own" in gold["about"], "the gold says that the text is the project's own"
    assert re.sub(r"\s+", "", gold["title"]) in text_of(page)
    assert gold.get("published") is None or DATE.fullmatch(str(gold["published"]))
    assert all(ITEM.fullmatch(item) for item in gold["items"])
    assert ("main" in gold["items"]) != any(item.startswith("brief") for item in gold["items"])


@pytest.mark.parametrize("stem", STEMS)
def test_reports_follow_the_codebook(stem: str) -> None:
    gold, text = load(stem), text_of(page_of(stem))
    for report in gold["reports"]:
        told = f"{report.get('item')} {report.get('event')}"
        assert set(report) <= REPORT_KEYS, told
        assert report["item"] in gold["items"], told
        kinds = {report["kind"], *report.get("any_kind", [])}
        assert kinds <= set(MODEL["kinds"]), told
        assert report.get("mode") in {None, *(mode for kind in kinds for mode in MODEL["kinds"][kind]["modes"])}, told
        assert {report["status"], *report.get("any_status", [])} <= set(MODEL["statuses"]), told
        assert re.sub(r"\s+", "", report["quote"]) in text, f"{told}: the quote is not on the page"
        for key in ("start", "end"):
            value = report.get(key)
            assert value is None or (isinstance(value, str) and DATE.fullmatch(value)), f"{told}: {key}"
        if report.get("start") and report.get("end"):
            shorter = min(len(report["start"]), len(report["end"]))
            assert report["start"][:shorter] <= report["end"][:shorter], told
        assert report.get("place_country") is None or CODE.fullmatch(report["place_country"]), told
        roles = {role for kind in kinds for role in MODEL["kinds"][kind]["roles"]}
        given = []
        for party in report["participants"]:
            assert set(party) <= PARTICIPANT_KEYS, told
            assert {party["role"], *party.get("any_role", [])} <= roles, told
            assert party["kind"] in MODEL["participant_kinds"], told
            assert party.get("country") is None or CODE.fullmatch(party["country"]), told
            if party["kind"] != "country":
                assert stands_in(text, [party["name"], *party.get("aliases", [])]), f"{told}: {party['name']}"
            given.append(party["role"])
        model = MODEL["kinds"][report["kind"]]
        assert set(model.get("requires", [])) <= set(given), f"{told}: a required role is missing"
        assert len(given) >= model.get("sides", 0), f"{told}: one side only"


@pytest.mark.parametrize("stem", STEMS)
def test_facts_follow_the_codebook(stem: str) -> None:
    gold, text = load(stem), text_of(page_of(stem))
    seen = set()
    for fact in gold["facts"]:
        kind = fact["fact"]
        assert set(fact) <= {"item", "fact", "optional", "aliases", *FACT_KEYS[kind]}, fact
        assert fact["item"] in gold["items"], fact
        assert CODE.fullmatch(fact["country"]), fact
        if kind == "indicator":
            assert fact["name"] in MODEL["facts"]["indicator"]["names"], fact
            assert isinstance(fact.get("value", 0), int | float), fact
        else:
            name = fact["person" if kind == "post" else "speaker"]
            assert stands_in(text, [name]), fact
            assert (fact["item"], kind, name, fact.get("post")) not in seen, f"told twice: {fact}"
            seen.add((fact["item"], kind, name, fact.get("post")))


@pytest.mark.parametrize("stem", STEMS)
def test_one_event_is_told_once_an_item(stem: str) -> None:
    told = [(report["item"], report["event"]) for report in load(stem)["reports"]]
    assert len(told) == len(set(told))


def test_an_event_has_one_kind_on_all_pages() -> None:
    kinds: dict[str, str] = {}
    for stem in STEMS:
        for report in load(stem)["reports"]:
            assert kinds.setdefault(report["event"], report["kind"]) == report["kind"], report["event"]
