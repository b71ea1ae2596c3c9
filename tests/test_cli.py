"""The command line: exit status, streams, order, and that the number of processes changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dragoman import batch
from dragoman.cli import app

PAGES = {
    "a.txt": "越南总理访问日本\n\n应日本首相邀请,越南总理张文明将于2013年12月12日至14日对日本进行正式访问。\n",
    "b.txt": "中法外长通电话\n\n新华社北京3月2日电 2019年3月2日,中国外长李文同法国外长马丁通电话。\n",
    "c.txt": "今年水稻丰收\n\n各地农民正忙于收割,预计产量比去年增加两成。\n",
}

Run = Callable[..., Result]
Process = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with PAGES in it, each as a file and all in one."""
    monkeypatch.chdir(tmp_path)
    for name, text in PAGES.items():
        (tmp_path / name).write_text(text, "utf-8")
    write_lines(tmp_path / "all.jsonl", [{"id": name, "text": text} for name, text in PAGES.items()])
    return tmp_path


def write_lines(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.fixture
def run(folder: Path) -> Run:
    """Runs the command there, in this process: the pack is loaded once for all tests."""
    return lambda *arguments: CliRunner().invoke(app, list(arguments), prog_name="dragoman")


@pytest.fixture
def process(folder: Path) -> Process:
    """Runs the command there in a process of its own."""

    def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dragoman", *arguments]
        return subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, encoding="utf-8")

    return call


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["read", "a.txt", "b.txt", "c.txt"], 0),
        (["read", "all.jsonl"], 0),
        (["read", "."], 0),
        (["read", "a.txt", "missing.txt"], 1),
        (["read", "missing.txt"], 1),
        (["read"], 2),
        (["read", "a.txt", "--to", "poems"], 2),
        (["read", "a.txt", "--jobs", "0"], 2),
        (["read", "all.jsonl", "--columns", "nonsense"], 2),
        (["read", "all.jsonl", "--columns", "colour=text"], 2),
        (["read", "a.txt", "--published", "yesterday"], 2),
        (["score", "missing.yaml"], 2),
        (["score", "missing.yaml", "--reports", "missing.jsonl"], 2),
        (["check", "missing"], 2),
        (["explain", "missing.txt"], 1),
        (["explain", "all.jsonl", "--document", "z.txt"], 1),
        (["demo", "missing"], 2),
        (["--version"], 0),
        (["--help"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_exit_status(run: Run, arguments: list[str], status: int) -> None:
    done = run(*arguments)
    assert done.exit_code == status, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert bool(done.stderr) == bool(status)


def test_what_cannot_be_read_is_one_line_and_the_rest_is_read(run: Run) -> None:
    done = run("read", "missing.txt", "a.txt", "--to", "documents")
    (line,) = done.stderr.splitlines()
    assert line.startswith("dragoman: ")
    assert "missing.txt" in line
    assert [json.loads(row)["document"] for row in done.stdout.splitlines()] == ["a.txt"]


def test_every_verb_explains_itself(run: Run) -> None:
    for verb in ("read", "check", "explain", "gaps", "score", "demo"):
        assert "Usage:" in run(verb, "--help").stdout


@pytest.mark.parametrize("to", ["reports", "facts", "documents"])
def test_output_is_lines_of_json_whose_evidence_is_in_the_text(run: Run, to: str) -> None:
    texts = {
        row["document"]: row["text"]
        for row in map(json.loads, run("read", ".", "--to", "documents").stdout.splitlines())
    }
    for line in run("read", "a.txt", "b.txt", "c.txt", "--to", to).stdout.splitlines():
        row = json.loads(line)
        for evidence in row.get("evidence", []):
            assert texts[row["document"]][evidence["start"] : evidence["end"]] == evidence["text"]


def test_output_follows_the_input_and_not_the_number_of_processes(run: Run, process: Process, folder: Path) -> None:
    rows = [{"id": f"{number}", "text": text} for number in range(20) for text in PAGES.values()]
    write_lines(folder / "many.jsonl", rows)
    documents = run("read", "many.jsonl", "--to", "documents").stdout
    assert [json.loads(line)["document"] for line in documents.splitlines()] == [row["id"] for row in rows]
    reports = run("read", "many.jsonl").stdout
    assert reports
    assert process("read", "many.jsonl", "--jobs", "2", PYTHONHASHSEED="7").stdout == reports


def test_a_page_says_the_same_wherever_it_stands(run: Run) -> None:
    forth = run("read", "a.txt", "b.txt").stdout.splitlines()
    back = run("read", "b.txt", "a.txt").stdout.splitlines()
    assert sorted(forth) == sorted(back)


def test_columns_of_other_names(run: Run, folder: Path) -> None:
    write_lines(folder / "odd.jsonl", [{"uid": "x", "words": PAGES["a.txt"]}])
    done = run("read", "odd.jsonl", "--columns", "id=uid,text=words", "--to", "documents")
    assert json.loads(done.stdout)["document"] == "x"


def test_table_shows_the_evidence_below_each_report(run: Run) -> None:
    reports = [json.loads(line) for line in run("read", "a.txt").stdout.splitlines()]
    assert reports
    shown = run("read", "a.txt", "--to", "table").stdout
    for report in reports:
        assert report["participants"][0]["name"] in shown
        assert report["evidence"][0]["text"].strip() in shown


def test_a_day_for_pages_that_have_none(run: Run) -> None:
    done = run("read", "a.txt", "b.txt", "--to", "documents", "--published", "2013-12-10")
    published = {row["document"]: row["published"] for row in map(json.loads, done.stdout.splitlines())}
    assert published["a.txt"] == "2013-12-10"


def test_output_is_utf_8_in_any_locale(process: Process) -> None:
    assert "张文明" in process("read", "a.txt", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii").stdout


def test_a_reader_that_has_seen_enough_is_no_error(folder: Path) -> None:
    write_lines(folder / "long.jsonl", [{"id": str(i), "text": "".join(PAGES.values()) * 20} for i in range(100)])
    command = [sys.executable, "-m", "dragoman", "read", "long.jsonl", "--to", "documents"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_fault_on_one_page_costs_that_page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from dragoman import reading
    from dragoman.article import Article

    real = reading.read_article

    def broken(article: Article, pack: object) -> object:
        if article.id == "b":
            raise RuntimeError("no luck")
        return real(article, pack)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_article", broken)
    pages = [Article(id=name, text=PAGES["a.txt"]) for name in "abc"]
    outcomes = list(batch.read_all(pages))
    assert [outcome.reading is None for outcome in outcomes] == [False, True, False]
    assert outcomes[1].failed == "b: not read, internal error: RuntimeError: no luck"


def test_score_of_a_folder_and_its_floors(run: Run, folder: Path) -> None:
    pages = folder / "pages"
    (pages / "gold").mkdir(parents=True)
    (pages / "c.txt").write_text(PAGES["c.txt"], "utf-8")
    (pages / "gold" / "c.yaml").write_text("document: c.txt\nreports: []\n", "utf-8")
    done = run("score", "pages", "--json")
    assert json.loads(done.stdout)["documents"] == 1
    floors = folder / "floors.json"
    assert run("score", "pages", "--floors", "floors.json", "--raise").exit_code == 0
    assert json.loads(floors.read_text())["documents"] == 1
    floors.write_text(json.dumps({"documents": 2}))
    fallen = run("score", "pages", "--floors", "floors.json", "--raise")
    assert fallen.exit_code == 1
    assert "documents is 1, its floor is 2" in fallen.stderr
    assert json.loads(floors.read_text())["documents"] == 2
