"""What a pack knows of the years of the world: terms of office, when relations began, what jubilees are counted from,
and in which year a meeting of a number was.

These are facts of general knowledge with years only. They date pages and check them; nothing of them ever goes into a
report or a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from dragoman.fold import fold
from dragoman.match import PackError

#: A term that has not ended, or an edition without a last one, goes on up to here.
OPEN = 9999
#: Where an edition's number stands in the words of editions.tsv, and what parts the words of one row.
NUMBER, OR = "#", "|"
#: Columns that hold numbers.
NUMBERS = frozenset({"year", "from", "to", "edition", "lasts"})


class Term(NamedTuple):
    """Who held a post of these words, in which country, from which year to which (`OPEN`: still)."""

    posts: tuple[str, ...]
    country: str
    first: int
    last: int


class Edition(NamedTuple):
    """A meeting counted by number: the words before and behind the number, and in which year which edition was."""

    before: str
    behind: str
    number: int
    year: int
    every: Fraction
    first: int
    last: int
    lasts: int

    def years(self, number: int) -> frozenset[int]:
        """The years in which the edition of a number may be spoken of as the present one; none where the rule ends."""
        if not self.first <= number <= self.last:
            return frozenset()
        year = self.year + (number - self.number) * self.every
        return frozenset(range(int(year // 1), int(year // 1) + self.lasts))


class Chronicle:
    """The tables of a pack's folder `chronicle`; a pack without the folder knows nothing of years."""

    def __init__(self, folder: Path) -> None:
        self.terms: dict[str, list[Term]] = {}
        for row in _rows(folder / "terms.tsv", ("person", "country", "post", "from", "to")):
            term = Term(_words(row["post"]), row["country"], int(row["from"]), int(row["to"] or OPEN))
            self.terms.setdefault(row["person"], []).append(term)
        self._begun: dict[frozenset[str], int] = {}
        for row in _rows(folder / "relations.tsv", ("country", "year", "partners")):
            for partner in row["partners"].split():
                self._begun[frozenset((row["country"], partner))] = int(row["year"])
        begun = _rows(folder / "founding.tsv", ("words", "year"))
        #: What jubilees are counted from, the longest words first.
        self.beginnings = sorted(
            ((word, int(row["year"])) for row in begun for word in _words(row["words"])), key=lambda pair: -len(pair[0])
        )
        columns = ("words", "edition", "year", "every", "from", "to", "lasts")
        self.editions = [edition for row in _rows(folder / "editions.tsv", columns) for edition in _editions(row)]

    def established(self, one: str, other: str) -> int | None:
        """The year in which relations of two states were established; None if it is not known."""
        return self._begun.get(frozenset((one, other)))

    def held(self, person: str, country: str | None, post: str) -> list[Term]:
        """The terms of a person in what a post as written is; empty if nothing is known of it."""
        terms = self.terms.get(person, [])
        fitting = [(len(word), term) for term in terms for word in term.posts if word in post]
        longest = max((length for length, _ in fitting), default=0)
        return [term for length, term in fitting if length == longest and country in (None, term.country)]

    def numbered(self, text: str, found: Sequence[re.Match[str]], numbers: Sequence[int]) -> Iterator[frozenset[int]]:
        """The years of the meetings that stand in a folded text at the numbers found in it."""
        for match, number in zip(found, numbers, strict=True):
            start, end = match.span()
            for edition in self.editions:
                if text.startswith(edition.behind, end) and text.endswith(edition.before, 0, start):
                    years = edition.years(number)
                    if years:
                        yield years
                        break


def _editions(row: Mapping[str, str]) -> Iterator[Edition]:
    for words in _words(row["words"]):
        before, mark, behind = words.partition(NUMBER)
        if not mark:
            raise PackError(f"editions.tsv: {words} has no {NUMBER} for the number")
        yield Edition(
            before,
            behind,
            int(row["edition"]),
            int(row["year"]),
            Fraction(row["every"] or "1"),
            int(row["from"] or 1),
            int(row["to"] or OPEN),
            int(row["lasts"] or 1),
        )


def _words(cell: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in cell.split(OR) if word)


def _rows(path: Path, columns: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """The rows of a table as columns by name; a missing file has none, a wrong one is a PackError with its line."""
    if not path.is_file():
        return
    header = True
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("# "):
            continue
        cells = line.split("\t")
        if header:
            header = False
            if tuple(cells) != tuple(columns):
                raise PackError(f"{path.name}:{number}: the columns must be {', '.join(columns)}")
            continue
        if len(cells) != len(columns):
            raise PackError(f"{path.name}:{number}: {len(cells)} cells under {len(columns)} columns")
        row = dict(zip(columns, cells, strict=True))
        wrong = next((name for name in NUMBERS.intersection(row) if row[name] and not row[name].isdecimal()), None)
        if wrong:
            raise PackError(f"{path.name}:{number}: {wrong} must be a number")
        yield row
