"""Where names end: sentences of our own (data/names.tsv) with all the names that stand in them, in text order.

A sentence is right if exactly its names are found, each from its first character to its last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dragoman.fold import fold
from dragoman.mentions import Page
from dragoman.pack import Pack, load

TABLE = Path(__file__).parent / "data/names.tsv"
#: Of a hundred sentences of the table, how many must be right.
FLOOR = 97

Finder = Callable[[str], list[str]]


def table() -> Iterator[tuple[str, str, list[str]]]:
    """Section, sentence, names."""
    section = ""
    for line in TABLE.read_text("utf-8").splitlines()[1:]:
        if line.startswith("#"):
            section = line[1:].strip()
        else:
            sentence, names = line.split("\t")
            yield section, sentence, names.split()


def reader(pack: Pack | None = None) -> Finder:
    """What reading makes of one sentence on a page of its own, before posts and countries are joined to the names."""
    pack = replace(pack or load(), phases=[])

    def names(sentence: str) -> list[str]:
        folded = fold(sentence)
        page = Page(pack, sentence, folded, "")
        found = [m for s in page.sentences([("body", 0, len(folded))], None) for m in s.mentions if m.type == "Name"]
        return [sentence[m.start : m.end] for m in sorted(found, key=lambda m: m.start)]

    return names


@pytest.fixture(scope="module")
def read() -> Finder:
    return reader()


def test_table_is_large_and_has_no_sentence_twice() -> None:
    sentences = [sentence for _, sentence, _ in table()]
    assert len(sentences) >= 600
    assert len(sentences) == len(set(sentences))


def test_names_of_the_table(read: Finder) -> None:
    rows = list(table())
    wrong = [f"{sentence}  {names} but {got}" for _, sentence, names in rows if (got := read(sentence)) != names]
    assert 100 * (len(rows) - len(wrong)) >= FLOOR * len(rows), f"{len(wrong)} of {len(rows)}:\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("page", "names"),
    [
        # a name found behind a post is found at all its mentions
        ("韩国外长赵显旭抵达。众人等候赵显旭已久。", ["赵显旭", "赵显旭"]),
        # the last part of a name with dots stands for it
        ("总统亚曼杜·奥尔西到访。晚宴上奥尔西致辞。次日奥尔西离开。", ["亚曼杜·奥尔西", "奥尔西", "奥尔西"]),
        # a Japanese surname alone, if the page has it oftener than the whole name
        ("日本外相船桥健太发言。船桥说不。其后船桥离席。", ["船桥健太", "船桥", "船桥"]),
    ],
)
def test_names_are_carried_through_the_page(read: Finder, page: str, names: list[str]) -> None:
    assert read(page) == names
