"""The country of persons: a table of sentences with the agency that tells them and the persons in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.article import Article
from dragoman.events import EventReader
from dragoman.fold import fold
from dragoman.homeland import country_of
from dragoman.layout import lay_out
from dragoman.pack import load
from dragoman.reading import read_items

TABLE = Path(__file__).parent / "data" / "countries.tsv"
PACK = load()


def rows() -> list[tuple[str, str | None, dict[str, str]]]:
    """The table: text, agency, and the country (or countries that are right) of each person; "none" for none."""
    table = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith(("#", "text\t")):
            continue
        text, agency, expected = line.split("\t")
        wanted = dict(entry.split("=") for entry in expected.split("; "))
        table.append((text, None if agency == "-" else agency, wanted))
    return table


def countries(text: str, agency: str | None) -> dict[str, str]:
    """The persons found in a text with their countries."""
    article = Article("page", text, published="2024-05-06", agency=agency)
    found = {}
    for context in read_items(article, PACK, lay_out(article, PACK.layout), fold(text), PACK.reader(EventReader)):
        for name in context.register.persons:
            found[name] = country_of(context, name) or "none"
    return found


def test_the_table_is_large_enough() -> None:
    assert len(rows()) >= 150


@pytest.mark.parametrize(
    ("text", "agency", "wanted"), rows(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_country_of_person(text: str, agency: str | None, wanted: dict[str, str]) -> None:
    found = countries(text, agency)
    wrong = {name: found.get(name, "not found") for name in wanted if found.get(name) not in wanted[name].split("|")}
    assert not wrong
