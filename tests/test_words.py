"""Full-text search of Chinese: a word is found exactly where it stands as a substring."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.store.words import query, tokens


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE words USING fts5 (text, content = '', columnsize = 0, "
        "tokenize = 'unicode61 remove_diacritics 2')"
    )
    yield database
    database.close()


def found(index: sqlite3.Connection, texts: list[str], words: str) -> list[int]:
    index.execute("INSERT INTO words (words) VALUES ('delete-all')")
    index.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", list(enumerate(map(tokens, texts))))
    return [
        row for (row,) in index.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (query(words),))
    ]


TEXTS = [
    "老挝外长会见越南总理阮晉勇。",
    "越老两国举行防务合作磋商",
    "G20峰会在里约开幕,Nguyễn先生出席",
    "外",
    "南越旧事",
]
ASKED = [
    ("越南", [0]),
    ("外", [0, 3]),
    ("老", [0, 1]),
    ("越", [0, 1, 4]),
    ("事", [4]),
    ("防务合作磋商", [1]),
    ("防务磋商", []),
    ("阮晋勇", [0]),  # simplified for traditional
    ("阮晉勇", [0]),
    ("越南 总理", [0]),
    ("越南 磋商", []),
    ("G20峰会", [2]),
    ("g20", [2]),
    ("峰会在里", [2]),
    ("nguyen", [2]),
    ("开幕,Nguyễn", [2]),
    ('"越南"', [0]),
]


@pytest.mark.parametrize(("words", "rows"), ASKED)
def test_search(index: sqlite3.Connection, words: str, rows: list[int]) -> None:
    assert found(index, TEXTS, words) == rows


@pytest.mark.parametrize("words", ["", "  ", "。,", '"'])
def test_nothing_to_look_for(words: str) -> None:
    assert query(words) is None


FEW = "中越日老南外长会"


@given(
    texts=st.lists(st.text(FEW, min_size=1, max_size=12), min_size=1, max_size=6),
    word=st.text(FEW, min_size=1, max_size=4),
)
def test_search_is_substring(index: sqlite3.Connection, texts: list[str], word: str) -> None:
    assert found(index, texts, word) == [row for row, text in enumerate(texts) if word in text]


@given(st.text())
def test_tokens_never_fail_and_can_be_asked_for(text: str) -> None:
    assert (query(text) is None) == (tokens(text) == "")
