"""The words and patterns of a pack's layout, loaded and compiled once.

`layout.toml` holds what all pages share, `publishers/*.toml` what one publisher adds: its names, its country, its
hosts, its leftovers and where its HTML keeps the body. Files are read strictly: an unknown key or a bad pattern is a
`LayoutError` that names file and key. All patterns are written for folded text (see `fold`) in which agency
names are masked (`LayoutRules.mask`): so a thousand names cost one pass, not one branch in every pattern.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dragoman.regex import Pattern, Regex

Patterns = tuple[Pattern, ...]


class LayoutError(ValueError):
    """A layout file that cannot be used: which file, which key, why."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """Where a publisher's HTML keeps what; each a list of CSS selectors, the first that finds something wins."""

    title: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    teasers: tuple[str, ...] = ()
    script_variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher: what it is called, where it is at home, which hosts are its own, how its pages look."""

    name: str
    home: str | None
    agencies: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    utc_offset: int = 0
    url_date: re.Pattern[str] | None = None
    html: Selectors = field(default_factory=Selectors)


_PUBLISHER_KEYS = {
    "name", "agencies", "metadata", "home", "hosts", "utc_offset", "url_date", "tokens", "closings", "roundups", "html",
}  # fmt: skip

#: Sections of layout.toml, their keys, and how each pattern is used: l = list of patterns, p = one pattern,
#: w = plain words, t = text, n = number.
_SECTIONS: dict[str, dict[str, str]] = {
    "dateline": {"starts": "l", "reporters": "p", "today": "l"},
    "author": {"lines": "l", "brackets": "l", "names": "p"},
    "caption": {"starts": "l", "credits": "l", "longest": "n"},
    "label": {"lines": "l", "tokens": "l"},
    "closing": {"lines": "l", "brackets": "l", "tails": "l", "sources": "p", "day": "p", "dated": "l"},
    "teasers": {"strong": "w", "weak": "w", "around": "t", "end": "l"},
    "roundup": {"titles": "l", "marks": "p"},
    "heading": {"longest": "n", "finals": "t", "starts": "l"},
    "title": {"before": "l", "after": "l"},
    "dates": {
        "stamps": "l", "full": "p", "month": "p", "monthday": "p", "edition": "p", "term": "p", "anniversary": "p",
        "numerals": "t", "url": "p",
    },
}  # fmt: skip
_TOP_KEYS = {"own", "persons", "not_followed", "relayed", "language", "macros", *_SECTIONS}

#: What an agency's name looks like in masked text: one sign and as many more as the name is long.
_NAME, _MORE = "\ue000", "\ue001"
_AGENCY = f"{_NAME}{_MORE}{{0,40}}"

# An escaped character or a character class says nothing about repeats; what is left may not hold * or + or {n,}.
_HARMLESS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\}")


@dataclass(frozen=True, slots=True)
class LayoutRules:
    """All patterns of the layout step. Picklable; build once with `load`."""

    datelines: Patterns
    reporters: Pattern
    today: Patterns
    date: Pattern
    agency: Pattern
    author_line: Pattern
    author_bracket: Pattern
    names: Pattern
    caption_start: Pattern
    credit: Pattern
    longest_caption: int
    label_line: Pattern
    token: Pattern
    closing_line: Pattern
    closing_bracket: Pattern
    closing_tail: Pattern
    source: Pattern
    day_line: Pattern
    dated: Patterns
    strong_heading: Pattern
    weak_heading: Pattern
    teasers_end: Pattern
    roundup_title: Pattern
    brief_mark: Pattern
    longest_heading: int
    finals: str
    heading_start: Pattern
    title_before: Pattern
    title_after: Pattern
    stamps: Patterns
    full_date: Pattern
    month: Pattern
    monthday: Pattern
    edition: Pattern
    term: Pattern
    anniversary: Pattern
    numerals: str
    url_date: Pattern
    relayed: Pattern
    publishers: tuple[Publisher, ...]
    homes: Mapping[str, str]

    @classmethod
    def load(cls, pack_dir: Path, lazy: bool = False) -> LayoutRules:
        """Read and compile the layout files of a pack folder; if `lazy`, each pattern when it is first used."""
        path = pack_dir / "layout.toml"
        table = _read(path, _TOP_KEYS)
        publishers: list[Publisher] = []
        extra: dict[str, list[str]] = {"tokens": [], "closings": [], "roundups": []}
        for file in sorted((pack_dir / "publishers").glob("*.toml")):
            data = _read(file, _PUBLISHER_KEYS)
            for key, patterns in extra.items():
                patterns.extend(data.get(key, []))
            publishers.append(_publisher(file, data))
        homes = _homes(pack_dir / "lexicon" / "agency.tsv")
        for publisher in publishers:
            homes.update(dict.fromkeys((*publisher.agencies, *publisher.metadata), publisher.home or ""))
        metadata_only = {name for publisher in publishers for name in publisher.metadata}
        persons = re.compile(_either(table["persons"]))
        names = [name for name in homes if name not in metadata_only and not persons.search(name)]
        names.extend(table["own"])
        agency = Regex(f"{_any_of(names)}(?!{table['not_followed']})")
        if not lazy:
            re.compile(agency.pattern)
        return _Compiler(path, table, lazy).rules(agency, extra, publishers, homes)

    def mask(self, folded: str) -> str:
        """The text with each agency's name replaced by signs of the same length."""
        return self.agency.sub(lambda match: _NAME + _MORE * (len(match[0]) - 1), folded)

    def publisher_of(self, url: str | None) -> Publisher | None:
        """The publisher whose host the address is on."""
        host = _host(url)
        for publisher in self.publishers:
            if host and any(host == own or host.endswith("." + own) for own in publisher.hosts):
                return publisher
        return None

    def home_of(self, agency: str | None) -> str | None:
        """The country of a news agency or medium by its name."""
        if not agency:
            return None
        if agency in self.homes:
            return self.homes[agency] or None
        found = self.agency.search(agency)
        return (self.homes.get(found[0]) or None) if found else None


class _Compiler:
    """Turns the table of layout.toml into patterns, with the macros put in."""

    def __init__(self, path: Path, table: Mapping[str, Any], lazy: bool) -> None:
        self.path = path
        self.lazy = lazy
        self.table = table
        self.macros: dict[str, str] = {"agency": _AGENCY}
        for name, pattern in table["macros"].items():
            self.macros[name] = self._expand(pattern)

    def rules(
        self,
        agency: Pattern,
        extra: Mapping[str, list[str]],
        publishers: Iterable[Publisher],
        homes: Mapping[str, str],
    ) -> LayoutRules:
        for section, keys in _SECTIONS.items():
            missing = set(keys) - set(self.table.get(section, {}))
            unknown = set(self.table.get(section, {})) - set(keys)
            if missing or unknown:
                raise LayoutError(f"{self.path}: [{section}]: missing {sorted(missing)}, unknown {sorted(unknown)}")
        around = self.table["teasers"]["around"]
        headings = {
            kind: self._one(f"{around}{_either(self.table['teasers'][kind])}{around}", f"teasers.{kind}")
            for kind in ("strong", "weak")
        }
        closings = [*self.table["closing"]["lines"], *extra["closings"]]
        return LayoutRules(
            datelines=self._each("dateline", "starts"),
            reporters=self._pattern("dateline", "reporters"),
            today=self._each("dateline", "today"),
            date=self._one(self.macros["date"], "macros.date"),
            agency=agency,
            author_line=self._any("author", "lines"),
            author_bracket=self._any("author", "brackets"),
            names=self._pattern("author", "names"),
            caption_start=self._any("caption", "starts"),
            credit=self._one(_either(self.table["caption"]["credits"]) + r"[。.]?\Z", "caption.credits"),
            longest_caption=self.table["caption"]["longest"],
            label_line=self._any("label", "lines"),
            token=self._one(_either([*self.table["label"]["tokens"], *extra["tokens"]]), "label.tokens"),
            closing_line=self._one(_either(closings), "closing.lines"),
            closing_bracket=self._any("closing", "brackets"),
            closing_tail=self._one(_either(self.table["closing"]["tails"]) + r"\Z", "closing.tails"),
            source=self._pattern("closing", "sources"),
            day_line=self._pattern("closing", "day"),
            dated=self._each("closing", "dated"),
            strong_heading=headings["strong"],
            weak_heading=headings["weak"],
            teasers_end=self._any("teasers", "end"),
            roundup_title=self._one(_either([*self.table["roundup"]["titles"], *extra["roundups"]]), "roundup.titles"),
            brief_mark=self._pattern("roundup", "marks"),
            longest_heading=self.table["heading"]["longest"],
            finals=self.table["heading"]["finals"],
            heading_start=self._any("heading", "starts"),
            title_before=self._any("title", "before"),
            title_after=self._any("title", "after"),
            stamps=self._each("dates", "stamps"),
            full_date=self._pattern("dates", "full"),
            month=self._pattern("dates", "month"),
            monthday=self._pattern("dates", "monthday"),
            edition=self._pattern("dates", "edition"),
            term=self._pattern("dates", "term"),
            anniversary=self._pattern("dates", "anniversary"),
            numerals=self.table["dates"]["numerals"],
            url_date=self._pattern("dates", "url"),
            relayed=self._one(_either(self.table["relayed"]), "relayed"),
            publishers=tuple(publishers),
            homes=dict(homes),
        )

    def _expand(self, pattern: str) -> str:
        for name, value in self.macros.items():
            pattern = pattern.replace("{" + name + "}", f"(?:{value})")
        return pattern

    def _one(self, pattern: str, key: str) -> Pattern:
        expanded = _distinct_groups(self._expand(pattern))
        if _UNBOUNDED.search(_HARMLESS.sub("", expanded)):
            raise LayoutError(f"{self.path}: {key}: unbounded repeat in {pattern!r}")
        try:
            return Regex(expanded) if self.lazy else re.compile(expanded)
        except re.error as error:
            raise LayoutError(f"{self.path}: {key}: {error} in {pattern!r}") from error

    def _pattern(self, section: str, key: str) -> Pattern:
        return self._one(self.table[section][key], f"{section}.{key}")

    def _each(self, section: str, key: str) -> Patterns:
        return tuple(self._one(pattern, f"{section}.{key}") for pattern in self.table[section][key])

    def _any(self, section: str, key: str) -> Pattern:
        return self._one(_either(self.table[section][key]), f"{section}.{key}")


def _either(patterns: Iterable[str]) -> str:
    """One pattern for any of them, tried in this order."""
    return "(?:" + "|".join(patterns) + ")"


def _any_of(names: Iterable[str]) -> str:
    """One pattern for the longest of many names, as a tree of their letters."""
    tree: dict[str, Any] = {}
    for name in names:
        node = tree
        for char in name:
            node = node.setdefault(char, {})
        node[""] = {}

    def pattern(node: dict[str, Any]) -> str:
        branches = [re.escape(char) + pattern(below) for char, below in node.items() if char]
        if len(branches) == 1 and "" not in node:
            return branches[0]  # a group of its own would take its time to compile
        return "(?:" + "|".join(branches) + ")" + ("?" if "" in node else "") if branches else ""

    return pattern(tree)


def _distinct_groups(pattern: str) -> str:
    """A group name may stand once in a pattern: later ones of the same name become plain groups."""
    seen: set[str] = set()

    def rename(match: re.Match[str]) -> str:
        if match[1] in seen:
            return "(?:"
        seen.add(match[1])
        return match[0]

    return re.sub(r"\(\?P<(\w+)>", rename, pattern)


def _read(path: Path, known: set[str]) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LayoutError(f"{path}: {error}") from error
    unknown = set(table) - known
    if unknown:
        raise LayoutError(f"{path}: unknown keys {sorted(unknown)}")
    return table


def _publisher(path: Path, data: Mapping[str, Any]) -> Publisher:
    html = data.get("html", {})
    unknown = set(html) - {entry.name for entry in fields(Selectors)}
    if unknown or "name" not in data:
        raise LayoutError(f"{path}: unknown keys {sorted(unknown)}" if unknown else f"{path}: no name")
    return Publisher(
        name=data["name"],
        home=data.get("home"),
        agencies=tuple(data.get("agencies", ())),
        metadata=tuple(data.get("metadata", ())),
        hosts=tuple(data.get("hosts", ())),
        utc_offset=data.get("utc_offset", 0),
        url_date=re.compile(data["url_date"]) if "url_date" in data else None,
        html=Selectors(**{key: tuple(value) for key, value in html.items()}),
    )


def _homes(path: Path) -> dict[str, str]:
    """Agencies of the pack's lexicon: name -> country, empty if it has none."""
    if not path.exists():
        return {}
    homes: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        if line and not line.startswith("#"):
            surface, _, rest = line.partition("\t")
            homes[surface] = rest.split("\t")[0].strip()
    return homes


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:  # a bracket in an address that is not IPv6
        return ""
