"""The codebook as the code defines it: `dragoman model` prints it, and docs/model.md is what it prints.

Names come from where they are defined: model.toml, the dataclasses of the output, the headers and mappings of the
exports. What they mean stands in codebook.toml. So neither can drift from what the program writes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

from dragoman.export import cameo, polecat, tables, trips
from dragoman.export.codes import mappings
from dragoman.model import Evidence, Fact, Participant, Report, model

#: What types are called in the codebook: of SQL, and of the output's dataclasses.
_TYPES = {"VARCHAR": "text", "BIGINT": "whole number", "DOUBLE": "number"}
_TYPES |= {"str": "text", "str | None": "text or null", "int": "whole number", "float": "number"}
_TYPES |= {"float | int | None": "number or null", "list[Participant]": "list", "list[Evidence]": "list"}
#: A row with such a cell takes several lines of text.
_MANY = (list, dict)

Columns = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the codebook: its name, what it is, and its rows, which all have the same headings. A cell is text, a
    number, a list, a mapping of names to values, or None."""

    name: str
    about: str
    rows: tuple[dict[str, Any], ...]


@lru_cache(maxsize=1)
def meanings() -> dict[str, Any]:
    """codebook.toml: `statuses`, `participant_kinds`, `roles` and `shared` give a line a name; `tables` gives each
    table its `about` and its `columns`."""
    return tomllib.loads(files("dragoman").joinpath("codebook.toml").read_text("utf-8"))


def columns() -> dict[str, Columns]:
    """The columns of all that is written, by table, in their order, with their types where they have one."""
    out: dict[str, Columns] = {
        "read.reports": _fields(Report),
        "read.participants": _fields(Participant),
        "read.evidence": _fields(Evidence),
        "read.facts": dict.fromkeys(Fact("", "", "", {}, []).to_json()),
    }
    out |= {f"fact.{fact.name}": dict.fromkeys(fact.fields) for fact in model().facts.values()}
    # a document's line is made in one place without a class of its own; a test holds these to it
    out |= {name: dict.fromkeys(meanings()["tables"][name]["columns"]) for name in ("read.documents", "read.items")}
    out |= {
        f"export.{name}": {column: _TYPES[sort] for column, sort in table.items()}
        for name, table in tables.COLUMNS.items()
    }
    headers = {"cameo": cameo.HEADER, "icews": cameo.ICEWS, "polecat": polecat.HEADER, "trips": trips.HEADER}
    return out | {f"export.{name}": dict.fromkeys(header) for name, header in headers.items()}


def _fields(made: type[Report | Participant | Evidence]) -> Columns:
    return {field.name: _TYPES[str(field.type)] for field in fields(made)}


def meaning(table: str, column: str) -> str:
    """What a column means: the table's own line, or the one that tables share. KeyError if there is none."""
    own: Mapping[str, str] = meanings()["tables"][table].get("columns", {})
    return own[column] if column in own else str(meanings()["shared"][column])


def sections() -> Iterator[Section]:
    """The whole codebook: the model, then all columns, then what events are called in other code books."""
    known, told = model(), meanings()
    yield Section(
        "kinds",
        "Kinds of event. `requires`: roles without which there is no report; `sides`: how many sides it needs.",
        tuple(
            {
                "kind": kind.name,
                "meaning": kind.about,
                "roles": list(kind.roles),
                "requires": list(kind.requires),
                "sides": kind.sides,
                "modes": list(kind.modes),
            }
            for kind in known.kinds.values()
        ),
    )
    roles = dict.fromkeys(role for kind in known.kinds.values() for role in kind.roles)
    yield _named("roles", "role", "What participants are in an event.", roles, told["roles"])
    yield _named("statuses", "status", "As of the item's day.", known.statuses, told["statuses"])
    takes = known.participant_kinds
    yield _named("participant_kinds", "kind", "Who or what takes part.", takes, told["participant_kinds"])
    yield Section(
        "facts",
        "What is written down beside events. `names`: those that an indicator can have.",
        tuple(
            {"fact": fact.name, "meaning": fact.about, "fields": list(fact.fields), "names": list(fact.names)}
            for fact in known.facts.values()
        ),
    )
    for table, of in columns().items():
        yield Section(table, told["tables"][table]["about"], tuple(_columns(table, of)))
    yield Section(
        "mappings",
        "What an event is in PLOVER 2.0 and CAMEO 1.1b3. The first line that fits is taken; no mode: any. `plan` is "
        "planned or proposed; `where` is at home (in the country of a side) or third (in another). `back` is what the "
        "other side does.",
        tuple(
            {name: line.get(name) for name in ("kind", "status", "mode", "where", "plover", "cameo")}
            for line in mappings()
        ),
    )


def _named(name: str, heading: str, about: str, names: Iterable[str], lines: Mapping[str, str]) -> Section:
    return Section(name, about, tuple({heading: one, "meaning": lines[one]} for one in names))


def _columns(table: str, of: Columns) -> Iterator[dict[str, Any]]:
    typed = any(of.values())
    for column, sort in of.items():
        yield {"column": column, **({"type": sort} if typed else {}), "meaning": meaning(table, column)}


def as_json() -> dict[str, Any]:
    """The codebook as one object: `version`, and the rows of each section under its name."""
    return {"version": model().version, **{section.name: list(section.rows) for section in sections()}}


def as_text() -> str:
    """The codebook for a terminal: a row a line, with its lists below it."""
    out = [f"dragoman model {model().version}"]
    for section in sections():
        out += ["", section.name, f"  {section.about}".replace("`", "")]
        keys = [key for key in section.rows[0] if not any(isinstance(row[key], _MANY) for row in section.rows)]
        if len(keys) == len(section.rows[0]):  # all cells are short
            widths = {key: max(len(_cell(row[key])) for row in section.rows) for key in keys}
            out += ["    " + "  ".join(_cell(row[k]).ljust(widths[k]) for k in keys).rstrip() for row in section.rows]
            continue
        for row in section.rows:
            (_, head), *rest = row.items()
            out.append(f"    {_cell(head)}")
            out += [f"        {key}: {_cell(value)}" for key, value in rest if _cell(value)]
    return "\n".join(out) + "\n"


def as_markdown() -> str:
    """The codebook as a page."""
    out = [
        "# The model",
        "",
        f"Version {model().version}. Made from the program by `dragoman model --to markdown`, not edited by hand.",
        "How close cases are decided is said in [codebook.md](codebook.md), what exports leave out in",
        "[export.md](export.md).",
    ]
    for section in sections():
        out += ["", f"## {section.name}", section.about, ""]
        keys = list(section.rows[0])
        out += [f"| {' | '.join(keys)} |", "|" + " --- |" * len(keys)]
        for row in section.rows:
            head, *rest = (_cell(value).replace("|", "\\|") for value in row.values())
            head = f"`{head.replace(', ', '`, `')}`"
            out.append(f"| {' | '.join([head, *rest])} |")
    return "\n".join(out) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {one}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
