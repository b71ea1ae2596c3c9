"""The verbs for whoever improves a pack, from the command line: check, explain, gaps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from dragoman.cli import app
from mini_pack import change, make

TEXT = "应日本首相岸田文雄邀请,越南总理范明政12月16日对日本进行正式访问。双方应尽早举行会谈。\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(TEXT, "utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_check_says_how_many_problems_there_are(tmp_path: Path) -> None:
    pack = make(tmp_path / "mini")
    done = run("check", pack)
    assert (done.exit_code, done.stdout) == (0, "mini: 0 problems\n")
    change(pack, "events/visit.toml", "{to:Country}", "{to:Continent}")
    done = run("check", pack)
    assert done.exit_code == 1
    assert "visit.toml: rule visit.pays: unknown type Continent\n" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "there", "not_there"),
    [
        ([], "visit.pays: fired", "no sentence"),
        (["--sentence", "2"], "[2]", "visit.pays"),
        (["--at", "3"], "visit.host: fired", "[2]"),
        (["--word", "尽早"], "[2]", "visit.pays"),
        (["--rule", "visit.pays"], "visit.pays: fired", "visit.host"),
        (["--published", "2023-12-20"], "published 2023-12-20", "unknown day"),
    ],
)
def test_explain_prints_the_tree(page: Path, arguments: list[str], there: str, not_there: str) -> None:
    done = run("explain", page, *arguments)
    assert done.exit_code == 0
    assert there in done.stdout
    assert not_there not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--at", "99999"], "page.txt: no sentence at 99,999; the page has 2 sentences, from offset 0 to 45"),
        (["--at", "-5"], "no sentence at -5; "),
        (["--sentence", "3"], "no sentence number 3; "),
        (["--word", "地震"], "no sentence with '地震'; "),
        (["--word", ""], "no sentence with ''; "),
        (["--at", "3", "--sentence", "2"], "no sentence number 2 at 3; "),
        (["--rule", "visit.pay"], "no event rule 'visit.pay'; near it are visit.pays"),
        (["--rule", "zzz"], "no event rule 'zzz'\n"),
    ],
)
def test_what_explain_cannot_find_is_an_error(page: Path, arguments: list[str], line: str) -> None:
    done = run("explain", page, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert line in done.stderr


def test_explain_shows_the_title_that_the_page_has(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("范明政访问日本\n\n" + TEXT, "utf-8")
    assert run("explain", page).stdout.splitlines()[0] == "page.txt: 范明政访问日本"


def test_what_is_no_pack_is_said_once(tmp_path: Path) -> None:
    done = run("check", tmp_path)
    name = tmp_path.name
    assert (done.exit_code, done.stdout) == (1, f"{name}: no pack: there is no pack.toml in it\n{name}: 1 problem\n")


def test_gaps_counts_over_pages_and_processes(tmp_path: Path) -> None:
    rows = [{"id": f"p{number}", "text": TEXT} for number in range(40)]
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    told = run("gaps", corpus, "--json")
    assert told.exit_code == 0
    gaps = [json.loads(line) for line in told.stdout.splitlines()]
    assert gaps == sorted(gaps, key=lambda gap: -gap["count"])
    assert any(gap["word"] == "会谈" and gap["count"] == 40 for gap in gaps)
    assert run("gaps", corpus, "--json", "--jobs", "2").stdout == told.stdout
    assert len(run("gaps", corpus, "--json", "--top", "1").stdout.splitlines()) == 1
    assert "会谈" in run("gaps", corpus).stdout
