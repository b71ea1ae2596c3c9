"""Records that are none, are damaged, locked, read-only, or find no room: one clear line, and nothing is lost."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dragoman.cli import app
from dragoman.store import file as record_file
from dragoman.store import load as load_module
from dragoman.store.check import check
from dragoman.store.file import connect
from test_load import CALL, VISIT, load

Run = Callable[..., Result]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "visit.txt"
    path.write_text(VISIT, "utf-8")
    return path


@pytest.fixture
def record(tmp_path: Path, page: Path) -> Path:
    load(tmp_path / "news.record", page)
    return tmp_path / "news.record"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="dragoman")


def one_line(result: Result, told: str) -> None:
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("dragoman: ")


def harm(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript(sql)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def make(path: Path, kind: str) -> None:
    if kind == "text":
        path.write_text(CALL, "utf-8")
    elif kind == "folder":
        path.mkdir()
    elif kind == "other":
        harm(path, "CREATE TABLE notes (line TEXT)")
    elif kind == "empty":
        path.touch()


NO_RECORDS = [
    ("text", ["show", "load", "check", "timeline"], "is not a record of Dragoman"),
    ("other", ["show", "load", "check"], "is an SQLite file, but not a record of Dragoman"),
    ("folder", ["show", "load"], "is a folder, not a record"),
    ("empty", ["show", "check"], "is empty, not a record"),
    ("missing", ["show"], "there is no such record; `dragoman load"),
]


@pytest.mark.parametrize(("kind", "verb", "told"), [(k, v, t) for k, verbs, t in NO_RECORDS for v in verbs])
def test_what_is_no_record(tmp_path: Path, page: Path, kind: str, verb: str, told: str) -> None:
    path = tmp_path / "thing"
    make(path, kind)
    before = path.read_bytes() if path.is_file() else None
    one_line(run(verb, path, *{"load": [page], "timeline": ["VNM"]}.get(verb, [])), told)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_an_empty_file_becomes_a_record(tmp_path: Path, page: Path) -> None:
    make(tmp_path / "thing", "empty")
    assert run("load", tmp_path / "thing", page).exit_code == 0


def test_there_is_no_folder(tmp_path: Path, page: Path) -> None:
    one_line(run("load", tmp_path / "none" / "record", page), "there is no folder")


@pytest.mark.parametrize(("form", "made"), [(99, "a newer Dragoman (format 99"), (0, "an older Dragoman (format 0")])
@pytest.mark.parametrize("verb", ["show", "load", "check"])
def test_a_record_of_another_format_is_left_alone(record: Path, page: Path, verb: str, form: int, made: str) -> None:
    harm(record, f"PRAGMA user_version = {form}")
    before = record.read_bytes()
    one_line(run(verb, record, *([page] if verb == "load" else [])), made)
    assert record.read_bytes() == before


def test_a_record_that_is_being_written(record: Path, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_file, "PATIENCE", 0.1)
    page.write_text(VISIT * 2, "utf-8")
    with closing(sqlite3.connect(record, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM facts")
        one_line(run("load", record, page), "another program is writing it")
        assert run("show", record).exit_code == 0  # whoever asks need not wait
    assert run("load", record, page).exit_code == 0


# In a process of its own -----------------------------------------------------------------------------------------

FORK: Any = multiprocessing.get_context("fork") if os.name == "posix" else None
fork = [
    pytest.mark.skipif(FORK is None, reason="needs fork"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]


def apart(prepare: Callable[[], None], *arguments: str | Path) -> Result:
    """Runs the command in a process that is prepared first."""
    receive, send = FORK.Pipe(duplex=False)

    def child() -> None:
        prepare()
        result = run(*arguments)
        send.send((result.exit_code, result.stdout, result.stderr, repr(result.exception)))

    process = FORK.Process(target=child)
    process.start()
    send.close()
    status, out, err, error = receive.recv()
    process.join()
    receive.close()
    assert "SystemExit" in error or error == "None", error
    return Result(CliRunner(), out.encode(), err.encode(), (out + err).encode(), None, status, None)


def nobody() -> None:
    """Root may write everything."""
    if os.geteuid() == 0:
        os.setuid(65534)


def open_to_all(folder: Path) -> None:
    for part in (folder, *folder.parents):
        if part.stat().st_uid == os.geteuid() and part != part.parent and str(part) != "/tmp":
            part.chmod(part.stat().st_mode | 0o755)


class TestReadOnly:
    pytestmark = fork

    @pytest.fixture
    def locked(self, record: Path) -> Path:
        open_to_all(record.parent)
        record.chmod(0o444)
        record.parent.chmod(0o555)
        return record

    def test_it_cannot_be_loaded(self, locked: Path, page: Path) -> None:
        one_line(apart(nobody, "load", locked, page), "cannot be written: it, or its folder, is read-only")

    @pytest.mark.parametrize("verb", ["show", "check"])
    def test_it_can_be_asked(self, locked: Path, verb: str) -> None:
        assert apart(nobody, verb, locked).exit_code == 0


class TestFullDisk:
    pytestmark = fork

    def test_what_was_kept_stays(self, record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import resource

        monkeypatch.setattr(load_module, "PAGES", 4)
        more = tmp_path / "more.jsonl"
        rows = [{"id": str(number), "text": f"{CALL}{number}\n" + "稻" * 3000} for number in range(24)]
        more.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        limit = record.stat().st_size + 100_000
        result = apart(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)), "load", record, more)
        one_line(result, "is it full?")
        kept = int(result.stderr.partition(" pages of this load were kept")[0].rpartition(" ")[2])
        assert kept < 24
        with closing(connect(record, write=False)) as database:
            assert list(check(database)) == []
            assert database.execute("SELECT count(*) FROM documents").fetchone() == (kept + 1,)
        assert run("load", record, more).exit_code == 0


# Damage ----------------------------------------------------------------------------------------------------------


def test_every_damaged_page_of_the_file_is_one_line_at_most(record: Path, page: Path, tmp_path: Path) -> None:
    whole, dice = record.read_bytes(), random.Random(1)
    found = 0
    for start in range(0, len(whole), 3 * 4096):
        broken = tmp_path / "broken"
        broken.write_bytes(whole[:start] + dice.randbytes(4096) + whole[start + 4096 :])
        told = []
        for arguments in (["check"], ["show"], ["show", "--text", "越南"], ["load", "--again", page]):
            result = run(arguments[0], broken, *arguments[1:])
            told.append(result.exit_code)
            where = f"page at {start}: {arguments}: {result.exception!r}\n{result.output}"
            assert isinstance(result.exception, SystemExit | None), where
            assert result.exit_code in (0, 1), where
            if result.exit_code and arguments[0] != "check":
                assert result.stderr.count("\n") == 1, where
                assert "damaged" in result.stderr or "not a record" in result.stderr, where
        found += told[0]
    assert found > len(whole) // 4096 // 6  # pages that are free hold nothing that could be damaged


def test_a_fault_of_python_is_not_taken_for_damage(record: Path) -> None:
    with pytest.raises(ZeroDivisionError), record_file.guarded(record):
        raise ZeroDivisionError
