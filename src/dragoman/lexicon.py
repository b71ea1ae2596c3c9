"""The words of a pack: TSV tables, checked as they are loaded, and one matcher over all of them.

The file's name is the type of its words. A word that stands in several tables becomes one Word with a row for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import add
from pathlib import Path

from dragoman.match import PackError

Row = Mapping[str, str]

#: Tables whose words are looked for in the text; the other tables are looked up only.
SCANNED = ("country", "organisation", "body", "post", "person", "place", "agency", "honorific", "shield")


@dataclass(slots=True)
class Word:
    """A surface with its rows by table. `split` > 0: two words glued, the second beginning there."""

    surface: str
    rows: Mapping[str, Row]
    split: int = 0


class Lexicon:
    """All tables of a pack."""

    def __init__(self, folder: Path) -> None:
        self.tables: dict[str, dict[str, Row]] = {}
        for path in sorted(folder.glob("*.tsv")):
            self.tables[path.stem] = _read(path)
        self.characters = {row["surface"]: row["code"].split("|") for row in _characters(folder / "country.tsv")}
        self.short = {row["code"]: surface for surface, row in self.tables["country"].items() if row["form"] == "short"}
        self.words = self._words()
        self._pairs = frozenset(word[:2] for word in self.words)
        self._longer = _longer(self.words)

    def _words(self) -> dict[str, Word]:
        rows: dict[str, dict[str, Row]] = {}
        for table in SCANNED:
            for surface, row in self.tables.get(table, {}).items():
                if len(surface) > 1:
                    rows.setdefault(surface, {})[table] = row
        words = {surface: Word(surface, found) for surface, found in rows.items()}
        words.update(self._glued(words))
        return words

    def _glued(self, words: Mapping[str, Word]) -> dict[str, Word]:
        """Words in which a country's last character is the first of a body or post behind it, so that both share it."""
        seconds: dict[str, list[str]] = {}
        for surface, word in words.items():
            if len(surface) > 2 and ("body" in word.rows or "post" in word.rows):
                seconds.setdefault(surface[0], []).append(surface)
        out: dict[str, Word] = {}
        for surface, row in self.tables["country"].items():
            stem, last = surface[:-1], surface[-1]
            if len(surface) < 2 or last not in seconds:
                continue
            if stem not in self.tables["country"] and row["code"] not in self.characters.get(stem, ()):
                continue
            for second in seconds[last]:
                glued = stem + second
                if glued not in words:
                    out[glued] = Word(glued, {}, split=len(stem))
        return {**out, **self._torn(words), **self._chiefs(words)}

    def _chiefs(self, words: Mapping[str, Word]) -> dict[str, Word]:
        """Places with the post of their own chief, whose first character is the last of the place's longer name."""
        places = self.tables.get("place", {})
        chiefs = [s for s, row in self.tables.get("post", {}).items() if row["rank"] in ("mayor", "governor")]
        longer = [surface for surface in places if surface[:-1] in places]
        glued = {
            surface[:-1] + chief: len(surface) - 1 for chief in chiefs for surface in longer if surface[-1] == chief[0]
        }
        return {surface: Word(surface, {}, split=at) for surface, at in glued.items() if surface not in words}

    def _torn(self, words: Mapping[str, Word]) -> dict[str, Word]:
        """Countries with a body or post whose first character makes a longer word with them, a sea or a long form."""
        seconds: dict[str, list[str]] = {}
        for surface, word in words.items():
            if "body" in word.rows or "post" in word.rows or "organisation" in word.rows:
                seconds.setdefault(surface[0], []).append(surface)
        out: dict[str, Word] = {}
        for longer in words:
            name, last = longer[:-1], longer[-1]
            if len(name) < 2 or name not in self.tables["country"]:
                continue
            for second in seconds.get(last, ()):
                if name + second not in words:
                    out[name + second] = Word(name + second, {}, split=len(name))
        return out

    def scan(self, text: str) -> Iterator[tuple[int, int, Word]]:
        """Leftmost-longest words of `text`, as start, end, word."""
        pairs, longer, words = self._pairs, self._longer, self.words
        reach = 0
        # seven in eight pairs of characters begin no word
        for at in [at for at, pair in enumerate(map(add, text, text[1:])) if pair in pairs]:
            if at < reach:
                continue
            for size in longer.get(text[at : at + 3], _TWO):
                word = words.get(text[at : at + size])
                if word is not None:
                    reach = at + len(word.surface)
                    yield at, reach, word
                    break

    def row(self, table: str, surface: str) -> Row | None:
        """The row of `surface` in `table`, or None."""
        return self.tables.get(table, {}).get(surface)


#: How long a word can be if none of three characters begins as the text does.
_TWO = (2,)


def _longer(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """How long the words are that begin with three characters, the longest first, and last two. To look them up takes
    no longer than an automaton of all words does to run, which takes a quarter of a second to build."""
    found: dict[str, tuple[int, ...]] = {}
    for word in sorted(words, key=len):
        sizes = found.get(word[:3], _TWO)
        if len(word) > sizes[0]:
            found[word[:3]] = (len(word), *sizes)
    return found


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines:
        raise PackError(f"{path.name}: the table is empty")
    columns = lines[0].split("\t")
    if columns[0] != "surface":
        raise PackError(f"{path.name}:1: the first column must be surface")
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != len(columns):
            if len(cells) > len(columns):
                raise PackError(f"{path.name}:{number}: {len(cells)} cells under {len(columns)} columns")
            cells += [""] * (len(columns) - len(cells))
        yield number, dict(zip(columns, cells, strict=True))


def _read(path: Path) -> dict[str, Row]:
    table: dict[str, Row] = {}
    for number, row in _lines(path):
        surface = row["surface"]
        if row.get("form") == "char":
            continue
        if surface in table:
            first = next(line for line, other in _lines(path) if other["surface"] == surface)
            raise PackError(f"{path.name}:{number}: {surface} stands in line {first} already")
        table[surface] = row
    return table


def _characters(path: Path) -> Iterator[Row]:
    return (row for _, row in _lines(path) if row.get("form") == "char")
