"""A load that is killed: whenever it happens, the record opens, is whole, and holds all that was called kept."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from dragoman.pack import load as load_pack
from dragoman.store import load as load_module
from dragoman.store.check import check
from dragoman.store.dump import dump
from dragoman.store.file import connect
from dragoman.store.load import Kept, Load, reader_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="needs fork and SIGKILL"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]

KILLS = 20
PAGES = 120
COUNTRIES = ["越南", "日本", "法国", "老挝", "智利", "埃及"]
#: The pack is loaded already in a process that is forked, so that it begins at once.
FORK: Any = multiprocessing.get_context("fork") if os.name == "posix" else None


def page(number: int) -> dict[str, str]:
    """A page of its own, save that every tenth is a copy of one before."""
    number -= number % 10 == 9
    here, there = COUNTRIES[number % 6], COUNTRIES[(number + 1 + number // 6 % 5) % 6]
    return {
        "text": f"2014年{number % 12 + 1}月{number % 28 + 1}日,{here}外长同{there}外长举行会谈。第{number}次。",
        "published": "2014-12-30",
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    load_pack()
    return written(tmp_path_factory.mktemp("pages") / "pages.jsonl", PAGES)


def written(path: Path, count: int) -> Path:
    """A file of so many pages."""
    rows = [{"id": f"{number:03}", **page(number)} for number in range(count)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture(autouse=True)
def many_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_module, "PAGES", 8)


def load(record: Path, *paths: Path, said: Callable[[str], object] = lambda name: None) -> None:
    def kept(pages: Sequence[Kept]) -> None:
        for page in pages:
            said(page.document)

    with closing(connect(record, write=True, create=True)) as database:
        Load(database, reader_of("zh"), kept=kept).run(paths)


def child(record: Path, paths: list[Path], pipe: Connection) -> None:
    load(record, *paths, said=pipe.send)


def dumped(record: Path) -> list[str]:
    with closing(connect(record, write=False)) as database:
        assert list(check(database)) == []
        return list(dump(database))


@pytest.fixture(scope="module")
def whole(pages: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], float]:
    """What a load that nobody disturbs makes, and how long it takes."""
    record = tmp_path_factory.mktemp("whole") / "record"
    began = time.monotonic()
    load(record, pages)
    return dumped(record), time.monotonic() - began


def test_the_pages_are_of_every_sort(whole: tuple[list[str], float]) -> None:
    rows = [json.loads(line) for line in whole[0]]
    assert sum(row["line"] == "document" for row in rows) == PAGES
    assert sum(bool(row.get("copy_of")) for row in rows) == PAGES // 10
    assert sum(row["line"] == "event" for row in rows) > PAGES // 2


@pytest.mark.parametrize("kill", range(KILLS))
def test_killed_at_any_moment(kill: int, pages: Path, whole: tuple[list[str], float], tmp_path: Path) -> None:
    expected, seconds = whole
    record = tmp_path / "record"
    receive, send = FORK.Pipe(duplex=False)
    process = FORK.Process(target=child, args=(record, [pages], send))
    process.start()
    send.close()
    time.sleep(seconds * random.Random(kill).random())
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    kept = set()
    try:
        while True:
            kept.add(receive.recv())
    except EOFError:
        pass
    receive.close()
    if kept:
        assert kept <= {row["document"] for row in map(json.loads, dumped(record)) if row["line"] == "document"}
    load(record, pages)
    assert dumped(record) == expected


def test_two_at_once(pages: Path, whole: tuple[list[str], float], tmp_path: Path) -> None:
    record = tmp_path / "record"
    receive, send = FORK.Pipe(duplex=False)
    processes = [FORK.Process(target=child, args=(record, [pages], send)) for _ in range(2)]
    for process in processes:
        process.start()
    send.close()
    while any(process.is_alive() for process in processes):
        while receive.poll(0.05):
            try:
                receive.recv()
            except EOFError:
                break
        if record.exists():  # and one that reads all the while
            with closing(connect(record, write=True, create=True)) as database:
                assert database.execute("SELECT count(*) FROM documents").fetchone()[0] <= PAGES
    receive.close()
    assert [process.exitcode for process in processes] == [0, 0]
    assert dumped(record) == whole[0]


def children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number, _, rest = path.read_text("utf-8", "replace").partition(" ")
            state, owner = rest.rpartition(")")[2].split()[:2]
            if int(owner) == parent and state != "Z":
                found.append(int(number))
    return found


def alive(processes: list[int]) -> bool:
    return any(Path(f"/proc/{number}").exists() for number in processes)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_nobody_goes_on_reading_for_one_that_was_killed(tmp_path: Path) -> None:
    pages = written(tmp_path / "many.jsonl", 50 * PAGES)  # so many that the readers cannot be done before they are seen
    command = [
        sys.executable,
        "-m",
        "dragoman",
        "load",
        str(tmp_path / "record"),
        str(pages),
        "--jobs",
        "2",
        "--verbose",
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        readers: list[int] = []
        while not readers and process.poll() is None:
            time.sleep(0.1)
            readers = children(process.pid)
        process.kill()
    end = time.monotonic() + 30
    while alive(readers) and time.monotonic() < end:
        time.sleep(0.1)
    assert readers
    assert not alive(readers)
