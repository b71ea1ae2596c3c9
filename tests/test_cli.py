"""The command line: exit status, streams, order, and that the number of processes changes nothing."""

from __future__ import annotations

import gzip
import json
import os
import random
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import dragoman
from dragoman import batch, sources
from dragoman.cli import app
from dragoman.sources import SourceOptions

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
    write_lines(tmp_path / "all.jsonl", [{"id": name[0], "text": text} for name, text in PAGES.items()])
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
        (["read", ""], 2),
        (["read", "a.txt", "--to", "poems"], 2),
        (["read", "a.txt", "--jobs", "0"], 2),
        (["read", "all.jsonl", "--columns", "nonsense"], 2),
        (["read", "all.jsonl", "--columns", "colour=text"], 2),
        (["read", "all.jsonl", "--columns", ""], 2),
        (["read", "all.jsonl", "--columns", "text="], 2),
        (["read", "a.txt", "--published", "yesterday"], 2),
        (["read", "a.txt", "--published", ""], 2),
        (["read", "a.txt", "--published", "20200101"], 2),
        (["read", "a.txt", "--published", "2020-W01-1"], 2),
        (["score", "missing.yaml"], 2),
        (["score", "missing.yaml", "--reports", "missing.jsonl"], 2),
        (["check", "missing"], 2),
        (["explain", "missing.txt"], 1),
        (["explain", "all.jsonl", "--document", "z"], 1),
        (["explain", ""], 2),
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


@pytest.mark.parametrize("to", ["reports", "facts"])
def test_output_is_lines_of_json_whose_evidence_is_in_the_text(run: Run, to: str) -> None:
    rows = [json.loads(line) for line in run("read", "a.txt", "b.txt", "c.txt", "--to", to).stdout.splitlines()]
    assert {row["document"] for row in rows} == {"a.txt", "b.txt"}
    for row in rows:
        assert row["evidence"]
        for evidence in row["evidence"]:
            assert PAGES[row["document"]][evidence["start"] : evidence["end"]] == evidence["text"]


def test_documents_are_lines_of_json_with_the_text_as_it_came(run: Run) -> None:
    lines = run("read", "a.txt", "b.txt", "c.txt", "--to", "documents").stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    assert {row["document"]: row["text"] for row in rows} == PAGES
    for row in rows:
        (item,) = row["items"]
        assert (item["item"], item["start"]) == ("main", 0)
        assert row["text"][item["start"] : item["end"]].strip() == row["text"].strip()


def test_output_follows_the_input_and_not_the_number_of_processes(run: Run, process: Process, folder: Path) -> None:
    rows = [{"id": f"{name}{number}", "text": text} for number in range(20) for name, text in PAGES.items()]
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


@pytest.fixture
def long(folder: Path) -> list[str]:
    """A command that reads for some seconds and writes more than a pipe holds."""
    write_lines(folder / "long.jsonl", [{"id": str(i), "text": "".join(PAGES.values()) * 8} for i in range(200)])
    return [sys.executable, "-m", "dragoman", "read", "long.jsonl", "--to"]


@pytest.mark.parametrize(("to", "jobs"), [("documents", "1"), ("table", "1"), ("documents", "2")])
def test_a_reader_that_has_seen_enough_is_no_error(folder: Path, long: list[str], to: str, jobs: str) -> None:
    command = [*long, to, "--jobs", jobs]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.skipif(os.name == "nt", reason="a console of Windows sends no signals")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_all_processes_with_one_line(folder: Path, long: list[str], jobs: str) -> None:
    with subprocess.Popen(
        [*long, "documents", "--jobs", jobs],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout and process.stderr
        assert process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does
        process.stdout.read()
        assert process.stderr.read() == b"dragoman: stopped\n"
        assert process.wait() == 130


@pytest.mark.skipif(os.name == "nt", reason="needs a shell of Unix")
@pytest.mark.parametrize("arguments", ["read a.txt", "read a.txt --to table", "--help"])
@pytest.mark.parametrize(
    ("redirection", "line"),
    [
        (">&-", "dragoman: standard output is closed"),
        pytest.param(
            ">/dev/full",
            "dragoman: standard output: No space left on device",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full"),
        ),
    ],
)
def test_output_that_goes_nowhere_is_said_in_one_line(
    folder: Path, arguments: str, redirection: str, line: str
) -> None:
    command = f"{shlex.quote(sys.executable)} -m dragoman {arguments} {redirection}"
    done = subprocess.run(command, shell=True, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert (done.returncode, done.stderr.splitlines()) == (1, [line])


# remarks ------------------------------------------------------------------------------------------------------

PAGE = PAGES["a.txt"]
SHORT = PAGE * 5 + "." * 700  # few bytes a character
DICE = random.Random(1)
NOISE = "".join(chr(DICE.randrange(0x4E00, 0x9FA5)) for _ in range(300))  # does not pack well
CUT = gzip.compress(NOISE.encode())[:-100]
DATED = [json.dumps({"id": str(n), "text": PAGE, "published": day}) for n, day in enumerate(("2013-12-10", "soon"))]
LONG_LINE, LONG_TEXT = json.dumps({"text": PAGE * 30}), json.dumps({"text": SHORT}, ensure_ascii=False)

REST = "the rest was not read"
# a file, the line about it, and whether that is because something was not read
REMARKS = [
    ("nul.txt", PAGE.replace("。", "\0。"), ": 1 NUL character: replaced by blanks", False),
    ("gb.txt", PAGE.encode("gb18030"), ": not UTF-8: read as gb18030", False),
    ("both.txt", PAGE.encode() + b"\xff\0", ": 1 broken place: replaced; 1 NUL character: replaced by blanks", False),
    ("dated.jsonl", "\n".join(DATED), ", line 2: date 'soon' not understood: left out", False),
    ("twice.jsonl", "\n".join(DATED[:1] * 2), ", line 2: another page has the id 0 too: named 0#2", False),
    ("cut.txt.gz", CUT, ": gzip ends early: what came before was read", True),
    ("bytes.txt", PAGE * 30, f": longer than 1,500 bytes: {REST}", True),
    ("characters.txt", SHORT, f": longer than 800 characters: {REST}", True),
    ("line.jsonl", LONG_LINE, ", line 1: longer than 1,500 bytes: skipped", True),
    ("text.jsonl", LONG_TEXT, f", line 1: longer than 800 characters: {REST}", True),
    ("bad.jsonl", '{"id" 1}', ", line 1: invalid JSON (column 7: Expecting ':' delimiter): skipped", True),
    ("empty.html", "", ": is empty: skipped", True),
]


@pytest.mark.parametrize(("name", "content", "line", "lost"), REMARKS, ids=[entry[0] for entry in REMARKS])
def test_remarks(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str | bytes, line: str, lost: bool
) -> None:
    """Each input has one line at most, which begins with its file and place; the page after it is read all the same."""
    monkeypatch.setattr(sources, "SourceOptions", partial(SourceOptions, max_bytes=1_500, max_chars=800))
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    done = run("read", name, "b.txt", "--to", "documents")
    assert done.stderr.splitlines() == [f"dragoman: {name}{line}"]
    assert done.exit_code == int(lost)
    assert json.loads(done.stdout.splitlines()[-1])["document"] == "b.txt"


def test_remarks_are_the_same_with_several_processes(run: Run, folder: Path) -> None:
    for name, content, _, _ in REMARKS:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    names = [name for name, *_ in REMARKS]
    assert run("read", *names, "--jobs", "2").stderr == run("read", *names).stderr != ""


@contextmanager
def without_rights() -> Iterator[None]:
    """As a user who may not read what others keep to themselves, even if root runs the tests."""
    if os.geteuid():
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="needs users of Unix")
def test_an_unreadable_file_does_not_stop_the_next(run: Run, folder: Path) -> None:
    run("read", "b.txt")  # so that all modules are loaded: they may be root's alone
    folder.chmod(0o755)
    (folder / "a.txt").chmod(0)
    (folder / "inner").mkdir(0)
    with without_rights():
        done = run("read", "a.txt", "inner", "b.txt", "--to", "documents")
    assert done.stderr.splitlines() == [
        "dragoman: a.txt: cannot be read (Permission denied): skipped",
        "dragoman: inner: cannot be opened (Permission denied): skipped",
    ]
    assert done.exit_code == 1
    assert json.loads(done.stdout)["document"] == "b.txt"


def test_a_process_that_the_system_ends_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_read_chunk", _die)
    done = run("read", "a.txt", "b.txt", "--jobs", "2")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "dragoman: the system ended a reading process, for want of memory perhaps: the rest was not read\n"
    )


def _die(*_: object) -> None:
    os._exit(9)


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
    assert outcomes[1].remark == "b: not read, internal error: RuntimeError: no luck"


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


def test_floors_that_are_missing_do_not_let_everything_pass(run: Run, folder: Path) -> None:
    (folder / "gold").mkdir()
    (folder / "gold" / "c.yaml").write_text("document: c.txt\nreports: []\n", "utf-8")
    done = run("score", ".", "--floors", "none.json")
    assert done.exit_code == 2
    assert "none.json: No such file or directory" in done.stderr
    assert not (folder / "none.json").exists()


BAD_FILES = [
    ("lines.jsonl", '{"document": "c.txt"}\n{"docu', ["--reports", "lines.jsonl"], "lines.jsonl, line 2, column 2: "),
    ("lines.jsonl", "[1]\n", ["--reports", "lines.jsonl"], "lines.jsonl, line 1: no report or fact"),
    ("floors.json", '{\n"f1": }', ["--floors", "floors.json"], "floors.json, line 2, column 7: Expecting value"),
    ("floors.json", '{"f1": "high"}', ["--floors", "floors.json"], "floors.json: wanted are names of figures"),
    ("gold.yaml", "a: [", ["--reports", "all.jsonl"], "gold.yaml, line 1, column 5: expected"),
    ("gold.yaml", "reports: []", ["--reports", "all.jsonl"], "gold.yaml: a document without the key `document`"),
    ("gold.yaml", "document: d\nreports: [visit]", ["--reports", "all.jsonl"], "d: `reports` is no list of mappings"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "arguments", "line"), BAD_FILES)
def test_files_of_a_measurement_that_are_wrong(
    run: Run, folder: Path, name: str, content: str, arguments: list[str], line: str
) -> None:
    (folder / "gold.yaml").write_text("document: c.txt\nreports: []\n", "utf-8")
    (folder / name).write_text(content, "utf-8")
    done = run("score", "gold.yaml", *arguments)
    assert done.exit_code == 2
    assert line in done.stderr


def test_a_folder_without_pages_is_no_demo(run: Run, folder: Path) -> None:
    (folder / "empty").mkdir()
    done = run("demo", "empty")
    assert done.exit_code == 2
    assert "empty: no pages in it" in done.stderr


@pytest.mark.parametrize("day", ["bad", "20200101", "2020-02-30", ""])
def test_reading_from_python_refuses_what_is_no_date(day: str) -> None:
    with pytest.raises(ValueError, match="wanted is an EDTF day"):
        dragoman.read(PAGE, published=day)
