"""The verb of the `dragoman` command by which people say what is right in a record."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dragoman.cli import app
from dragoman.cli_record import Form, RecordFile, To, told
from dragoman.streams import say

if TYPE_CHECKING:
    from dragoman.store import Judgement, Record


class Say(StrEnum):
    """What can be said, and what can be done with what was said."""

    same = "same"
    different = "different"
    wrong = "wrong"
    right = "right"
    field = "field"
    undo = "undo"
    list = "list"
    export = "export"
    import_ = "import"
    gold = "gold"


#: What follows each of them on the command line.
WORDS = {
    Say.same: ("A", "B"),
    Say.different: ("A", "B"),
    Say.wrong: ("REPORT",),
    Say.right: ("REPORT",),
    Say.field: ("REPORT", "FIELD", "VALUE"),
    Say.undo: ("JUDGEMENT",),
    Say.list: (),
    Say.export: (),
    Say.import_: ("FILE",),
}
SIGNED = (Say.same, Say.different, Say.wrong, Say.right, Say.field, Say.undo)


@app.command()
def judge(
    record: RecordFile,
    what: Annotated[Say, typer.Argument(help="What to say, or to do with what was said.")],
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="same A B, different A B (reports or events), wrong REPORT, right REPORT, field REPORT FIELD VALUE, "
            "undo JUDGEMENT, import FILE, gold REPORT...",
            metavar="...",
        ),
    ] = None,
    who: Annotated[str | None, typer.Option(help="Who says so.")] = None,
    why: Annotated[str | None, typer.Option(help="Why.")] = None,
    to: To = None,
) -> None:
    """Say what is right in a record: it holds whatever is read or linked later, and can be taken back."""
    from dragoman.store import Record

    given = words or []
    with told():
        _check(what, given, who, why)
        if what in (Say.list, Say.export, Say.gold):
            with Record(record) as opened:
                _show(opened, what, given, to)
            return
        if not record.exists():
            Record(record)  # says that there is none
        with Record(record, write=True) as opened:
            if what is Say.import_:
                _import(opened, given[0])
                return
            signed = {"who": who or "", "why": why or ""}
            if what is Say.undo:
                said = opened.undo(given[0], **signed)
            elif what is Say.field:
                value = None if given[2] == "null" else given[2]
                said = opened.judge(what, given[0], field=given[1], value=value, **signed)
            else:
                said = opened.judge(what, *given, **signed)
        print(said.judgement)


def _check(what: Say, given: list[str], who: str | None, why: str | None) -> None:
    from dragoman.store import QueryError

    wanted = WORDS.get(what)
    if (what is Say.gold and not given) or (wanted is not None and len(given) != len(wanted)):
        raise QueryError(f"wanted is: dragoman judge RECORD {' '.join((what, *(wanted or ('REPORT...',))))}")
    if what in SIGNED and not (who and why):
        raise QueryError(f"{what} wants --who NAME and --why TEXT")


def _show(record: Record, what: Say, given: list[str], to: Form | None) -> None:
    from dragoman.store.gold import gold
    from dragoman.store.verdicts import to_json

    if what is Say.gold:
        print(gold(record.database, given), end="")
    elif what is Say.export:
        for said in record.judgements():
            print(json.dumps(to_json(said), ensure_ascii=False))
    else:
        _list(record, to)


def _list(record: Record, to: Form | None) -> None:
    from dragoman.terminal import console
    from dragoman.terminal_record import print_judgement

    if to is Form.table or (to is None and sys.stdout.isatty()):
        out = console()
        for said, state in _states(record):
            print_judgement(out, said, state)
        return
    writer = None
    for said, state in _states(record):
        line = _line(said, state)
        if to is not Form.csv:
            print(json.dumps(line, ensure_ascii=False))
            continue
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(line))
            writer.writeheader()
        writer.writerow(line)


def _states(record: Record) -> Iterator[tuple[Judgement, str]]:
    """Each judgement with how it stands: in force, undone, or waiting for a report that is not in the record."""
    from dragoman.store.judge import waiting

    waits = waiting(record.database)
    for said in record.judgements():
        yield said, "undone" if said.undone_at else "waiting" if said.judgement in waits else "in force"


def _line(said: Judgement, state: str) -> dict[str, Any]:
    from dragoman.store.verdicts import to_json

    return {**to_json(said), "state": state}


def _import(record: Record, name: str) -> None:
    from dragoman.store import RecordError
    from dragoman.store.file import guarded
    from dragoman.store.judge import take_in, waiting

    lines = []
    try:
        rows = Path(name).read_bytes().splitlines()
    except OSError as error:
        raise RecordError(f"{name}: {error.strerror or error}") from error
    for number, row in enumerate(rows, 1):
        if row.strip():
            try:
                lines.append((f"{name}, line {number}", json.loads(row.decode("utf-8"))))
            except (ValueError, RecursionError) as error:
                raise RecordError(f"{name}, line {number}: no JSON in UTF-8") from error
    with guarded(record.path):
        fresh, known = take_in(record.database, lines)
        waits = waiting(record.database) & {said.judgement for said in fresh}
    print(f"{len(fresh):,} judgements are new, {known:,} were known")
    if waits:
        say(f"{len(waits):,} of them wait for reports that are not in this record")
