"""Lints the words of a pack: what can never be found, stands twice, or names a code that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dragoman.fold import fold
from dragoman.lexicon import SCANNED
from dragoman.mentions import WORD_TYPES

#: The tables in the order in which a word that stands in several is taken. Names and honorifics are looked up besides.
ORDER = tuple(table for table, _ in WORD_TYPES if table != "honorific")
_FORMS = frozenset({"short", "official", "variant", "char"})

Rows = Mapping[str, Sequence[tuple[int, Mapping[str, str]]]]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the file, the rule or line in it, and the reason."""

    file: str
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.reason}" if self.place else f"{self.file}: {self.reason}"


def lint_words(folder: Path) -> Iterator[Problem]:
    """All problems of the tables in a folder."""
    tables = {path.stem: _lines(path) for path in sorted(folder.glob("*.tsv"))}
    codes = {row.get("code", "") for _, row in tables.get("country", []) if row.get("form") == "short"}
    for name, rows in tables.items():
        seen: dict[str, int] = {}
        for number, row in rows:
            surface, char = row["surface"], row.get("form") == "char"
            line = f"line {number}"
            if surface in seen and not char:
                yield Problem(f"{name}.tsv", line, f"{surface} stands in line {seen[surface]} already")
            seen.setdefault(surface, number)
            if surface != surface.strip() or not surface:
                yield Problem(f"{name}.tsv", line, "an empty word, or white space around it")
            if name in SCANNED and len(surface) == 1 and not char:
                yield Problem(f"{name}.tsv", line, f"{surface}: a single character is no word to look for")
            if name in SCANNED and fold(surface) != surface:
                yield Problem(f"{name}.tsv", line, f"{surface} is never found: folded text has {fold(surface)}")
            for code in filter(None, row.get("code", "").split("|")):
                if code not in codes and (name, code) != ("post", "-"):  # a post that belongs to no country
                    yield Problem(f"{name}.tsv", line, f"{surface}: unknown code {code}")
    yield from _country_forms(tables.get("country", []))
    yield from _hidden(tables)


def _country_forms(rows: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[Problem]:
    short: dict[str, str] = {}
    for number, row in rows:
        form, code = row.get("form", ""), row.get("code", "")
        if form not in _FORMS:
            yield Problem("country.tsv", f"line {number}", f"{row['surface']}: unknown form {form}")
        elif form == "short":
            if code in short:
                yield Problem("country.tsv", f"line {number}", f"{code} has the short name {short[code]} already")
            short[code] = row["surface"]


def _hidden(tables: Rows) -> Iterator[Problem]:
    """Words that a table before theirs takes away. Names of persons are looked up beside the other tables."""
    owners: dict[str, str] = {}
    for name in (table for table in ORDER if table in tables):
        for number, row in tables[name]:
            surface = row["surface"]
            if row.get("form") == "char":
                continue
            ruler = (name, owners.get(surface)) == ("post", "country")  # such a title still opens names
            if surface in owners and not ruler:
                reason = f"{surface} is hidden by the same word in {owners[surface]}.tsv"
                yield Problem(f"{name}.tsv", f"line {number}", reason)
            owners.setdefault(surface, name)


def _lines(path: Path) -> list[tuple[int, dict[str, str]]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    columns = lines[0].split("\t") if lines else []
    return [
        (number, dict(zip(columns, [*line.split("\t"), *[""] * len(columns)], strict=False)))
        for number, line in enumerate(lines[1:], start=2)
        if line.strip() and not line.startswith("#")
    ]
