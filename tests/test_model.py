"""The codebook made from the code: nothing of it is missing, and its page is what the command prints."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

import dragoman
from dragoman import codebook
from dragoman.cli import app
from dragoman.export import cameo, polecat, tables, trips
from dragoman.export.base import Tally
from dragoman.export.codes import mappings
from dragoman.model import Report, model

ROOT = Path(__file__).resolve().parent.parent
PAGE = "6月12日，日本首相岸田文雄在东京会见越南总理范明政。"


def printed(*options: str) -> str:
    done = CliRunner().invoke(app, ["model", *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_page_of_the_documents_is_what_the_command_prints() -> None:
    """To mend it: dragoman model --to markdown > docs/model.md"""
    assert (ROOT / "docs" / "model.md").read_text("utf-8") == printed("--to", "markdown")


COLUMNS = [(table, column) for table, of in codebook.columns().items() for column in of]


def test_every_column_has_one_line_of_meaning_and_every_line_a_column() -> None:
    told = codebook.meanings()
    own = {(table, column) for table, lines in told["tables"].items() for column in lines.get("columns", {})}
    shared = {column for table, column in COLUMNS if (table, column) not in own}
    assert own - set(COLUMNS) == set()
    assert shared ^ told["shared"].keys() == set()
    assert told["tables"].keys() == codebook.columns().keys()


@pytest.mark.parametrize("part", ["statuses", "participant_kinds", "roles"])
def test_every_name_of_the_model_has_a_line_and_every_line_a_name(part: str) -> None:
    known = model()
    names = {
        "statuses": set(known.statuses),
        "participant_kinds": set(known.participant_kinds),
        "roles": {role for kind in known.kinds.values() for role in kind.roles},
    }
    assert codebook.meanings()[part].keys() == names[part]


def test_lines_are_single_and_say_something() -> None:
    lines = [codebook.meaning(table, column) for table, column in COLUMNS]
    lines += [section.about for section in codebook.sections()]
    assert [line for line in lines if len(line) < 8 or "\n" in line or line != line.strip()] == []


def test_a_column_without_a_line_is_found() -> None:
    with pytest.raises(KeyError):
        codebook.meaning("export.cameo", "no such column")


def test_the_columns_are_those_of_what_is_read() -> None:
    reading = dragoman.read(PAGE, published="2024-06-13")
    [report] = [one.to_json() for one in reading.reports]
    of = codebook.columns()
    assert list(of["read.reports"]) == list(report)
    assert list(of["read.participants"]) == list(report["participants"][0])
    assert list(of["read.evidence"]) == list(report["evidence"][0])
    assert list(of["read.documents"]) == list(reading.document)
    assert list(of["read.items"]) == list(reading.document["items"][0])
    lines = [fact.to_json() for fact in reading.facts]
    assert lines
    for line in lines:
        assert line.keys() == {*of["read.facts"], *of[f"fact.{line['fact']}"]}


@pytest.mark.parametrize(
    ("table", "write", "between"),
    [
        ("cameo", cameo.write, ","),
        ("icews", cameo.write_icews, "\t"),
        ("polecat", polecat.write, "\t"),
        ("trips", trips.write, ","),
        *((name, tables.write_csv, ",") for name in tables.COLUMNS),
    ],
)
def test_the_columns_are_those_of_the_exports(table: str, write: Callable[..., None], between: str) -> None:
    out = BytesIO()
    write([], Tally(), {"what": table}, out)
    assert out.getvalue().decode().rstrip("\r\n").split(between) == list(codebook.columns()[f"export.{table}"])


def test_json_holds_all_of_the_model() -> None:
    book, known = json.loads(printed("--to", "json")), model()
    assert book["version"] == known.version
    for row in book["kinds"]:
        kind = known.kinds[row["kind"]]
        assert (row["roles"], row["requires"]) == (list(kind.roles), list(kind.requires))
        assert (row["modes"], row["sides"], row["meaning"]) == (list(kind.modes), kind.sides, kind.about)
    assert [row["kind"] for row in book["kinds"]] == list(known.kinds)
    assert [row["status"] for row in book["statuses"]] == list(known.statuses)
    assert {row["fact"]: row["fields"] for row in book["facts"]} == {
        f.name: list(f.fields) for f in known.facts.values()
    }
    assert [{k: v for k, v in row.items() if v is not None} for row in book["mappings"]] == mappings()
    assert {row["column"]: row["type"] for row in book["read.reports"]}["amount"] == "number or null"


def test_mappings_name_only_what_the_model_has() -> None:
    """A line of a kind, mode or status that there is not would never be taken, and nobody would know."""
    known = model()
    for line in mappings():
        assert set(line["kind"]) <= known.kinds.keys()
        assert set(line["status"]) <= {*known.statuses, "plan"}
        modes = {mode for kind in line["kind"] for mode in known.kinds[kind].modes}
        assert set(line.get("mode", ())) <= modes, line


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_every_name_stands_in_what_is_printed(form: str) -> None:
    words = set(re.findall(r"[\w-]+", printed("--to", form)))
    known = model()
    names = {*known.kinds, *known.statuses, *known.facts, *Report.__dataclass_fields__}
    names |= {mode for kind in known.kinds.values() for mode in (*kind.modes, *kind.roles)}
    names |= {line[book].get(code) for line in mappings() for book, code in (("plover", "type"),) if book in line}
    names |= {line["cameo"]["code"] for line in mappings() if "cameo" in line}
    assert sorted(names - words) == []


def test_a_form_that_there_is_not_is_refused() -> None:
    done = CliRunner().invoke(app, ["model", "--to", "yaml"])
    assert done.exit_code == 2
    assert "yaml" in done.output
