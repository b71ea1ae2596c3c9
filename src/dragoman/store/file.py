"""The file of a record: opened, created, recognised; and every fault of it as one clear line (RecordError).

A record is one SQLite file in WAL mode: many may read it while one writes. It is told by its application id, and its
format by `user_version`; a record of another format is not touched.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path

APPLICATION = 0x44524147  # "DRAG"
FORMAT = 2
#: Seconds to wait for another program that writes.
PATIENCE = 60.0


_DAMAGED = (
    "the file is damaged; take a copy that is whole, or save what can be read with `sqlite3 OLD .recover | sqlite3 NEW`"
)


class RecordError(Exception):
    """What is wrong with a record, and what to do, in one line."""


class QueryError(RecordError, ValueError):
    """What in a question cannot be asked, and what can, in one line."""


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turns faults of the file into a RecordError; also those that come of values which no sound file holds."""
    try:
        yield
    except (RecordError, OSError):
        raise
    except sqlite3.Error as error:
        raise RecordError(f"{path}: {_reason(error)}") from error
    except Exception as error:
        if _damaged(path):
            raise RecordError(f"{path}: {_DAMAGED}") from error
        raise


def _damaged(path: Path) -> bool:
    try:
        with closing(_open(path, write=False)) as database:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.Error:
        return True


def _reason(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "another program is writing it and does not end; try again when it has"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return "cannot be written: it, or its folder, is read-only"
    if code == sqlite3.SQLITE_FULL:
        return "the disk is full; make room and repeat the command"
    if code == sqlite3.SQLITE_CANTOPEN:
        return "cannot be opened; is its folder there, and may it be read and written?"
    if code == sqlite3.SQLITE_NOTADB:
        return "is not a record of Dragoman"
    if code == sqlite3.SQLITE_CORRUPT:
        return _DAMAGED
    if code == sqlite3.SQLITE_IOERR:
        return "the disk failed to read or write it (is it full?); nothing of this step was kept"
    return str(error)


def connect(path: Path, *, write: bool, create: bool = False) -> sqlite3.Connection:
    """A connection to the record at `path`. With `create` it is made if there is none, or an empty file."""
    exists = path.exists()
    if path.is_dir():
        raise RecordError(f"{path}: is a folder, not a record")
    if not exists and not create:
        raise RecordError(f"{path}: there is no such record; `dragoman load {path} PAGES` makes one")
    if not exists and not path.parent.is_dir():
        raise RecordError(f"{path}: there is no folder {path.parent}")
    with guarded(path):
        database = _open(path, write)
        try:
            fresh = _recognise(database, path)
            if fresh and not create:
                raise RecordError(f"{path}: is empty, not a record; `dragoman load {path} PAGES` makes one")
            if write:
                _settle(database)
            if fresh:
                _create(database)
        except BaseException:
            database.close()
            raise
    return database


def _open(path: Path, write: bool) -> sqlite3.Connection:
    name = path.resolve().as_uri()
    if write:
        database = sqlite3.connect(f"{name}?mode=rwc", uri=True, timeout=PATIENCE, isolation_level=None)
    else:
        database = sqlite3.connect(f"{name}?mode=ro", uri=True, timeout=PATIENCE, isolation_level=None)
        try:
            database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError:
            # In a folder that cannot be written SQLite cannot share a WAL file; without one there is nothing to share.
            wal = path.with_name(path.name + "-wal")
            if wal.exists() and wal.stat().st_size:
                raise
            database.close()
            database = sqlite3.connect(f"{name}?mode=ro&immutable=1", uri=True, isolation_level=None)
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("PRAGMA cache_size = -65536")
    return database


def _recognise(database: sqlite3.Connection, path: Path) -> bool:
    """Whether the file holds nothing yet; refuses what is no record and what has another format."""
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (form,) = database.execute("PRAGMA user_version").fetchone()
    if application == APPLICATION and form == FORMAT:
        return False
    if application == APPLICATION:
        made = "a newer" if form > FORMAT else "an older"
        raise RecordError(
            f"{path}: was made by {made} Dragoman (format {form}; this one reads format {FORMAT}) and is left as it "
            f"is; use that version, or load its pages into a new record"
        )
    if database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        raise RecordError(f"{path}: is an SQLite file, but not a record of Dragoman")
    return True


def _settle(database: sqlite3.Connection) -> None:
    """WAL, and every commit on disk before it is called kept. To change to WAL does not wait by itself."""
    for attempt in range(50):
        try:
            database.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError:
            if attempt == 49:
                raise
            time.sleep(0.1)
    database.execute("PRAGMA synchronous = FULL")


def _create(database: sqlite3.Connection) -> None:
    with transaction(database):
        if database.execute("PRAGMA application_id").fetchone()[0] == APPLICATION:
            return  # another load was faster
        for statement in files("dragoman.store").joinpath("schema.sql").read_text("utf-8").split(";\n"):
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION}")
        database.execute(f"PRAGMA user_version = {FORMAT}")


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; waits for other writers first, so that what is read inside still holds at the end."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
