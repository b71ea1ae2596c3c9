"""The verbs of the `dragoman` command that keep and ask a record on disk."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dragoman.cli import Columns, Jobs, Language, Published, _day, _options, _path, app
from dragoman.streams import say

if TYPE_CHECKING:
    from dragoman.store import Document, Event, KeptReport
    from dragoman.store.load import Kept
    from dragoman.store.record import Asked

RecordFile = Annotated[Path, typer.Argument(help="The record: one file.", metavar="RECORD")]


@contextmanager
def told() -> Iterator[None]:
    """What is wrong with a record, or with what is asked, becomes one line."""
    from dragoman.store import QueryError, RecordError

    try:
        yield
    except RecordError as error:
        say(str(error))
        raise typer.Exit(2 if isinstance(error, QueryError) else 1) from error


@app.command()
def load(
    record: RecordFile,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            parser=_path, metavar="PATH", help="Files or folders; none: read again what an older version has read."
        ),
    ] = None,
    jobs: Jobs = 1,
    again: Annotated[bool, typer.Option("--again", help="Read what is known too.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say each page when it is kept.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as one line of JSON.")] = False,
    columns: Columns = None,
    published: Published = None,
    language: Language = "zh",
) -> None:
    """Read pages into a record, which is made if there is none; what it knows is passed over."""
    from concurrent.futures.process import BrokenProcessPool

    from dragoman.match import PackError
    from dragoman.sources import size_of
    from dragoman.store.file import RecordError, connect, guarded
    from dragoman.store.load import Load, reader_of
    from dragoman.terminal import console
    from dragoman.terminal_record import print_summary, progress

    options = _options(columns)
    day = None if published is None else _day(published)

    def kept(pages: Sequence[Kept]) -> None:
        moved()
        for page in pages if verbose else ():
            changes = "".join(f"; {c.change} {c.new or c.old}" for c in page.changes)
            say(f"{page.document}: {page.sort}, {page.reports} reports{changes}")

    try:
        reader = reader_of(language)
    except (FileNotFoundError, PackError) as error:
        raise typer.BadParameter(f"--language {language}: there is no such pack, or it does not load") from error
    with told():
        database = connect(record, write=True, create=bool(paths))
    job = Load(database, reader, jobs=jobs, again=again, said=say, kept=kept)
    stopped, status = "", 1
    try:
        with guarded(record), progress(job, size_of(paths or ())) as moved:
            job.run(paths or (), options, day)
    except KeyboardInterrupt:
        stopped, status = "interrupted", 130
    except (RecordError, PackError) as error:
        stopped = str(error)
    except BrokenProcessPool:
        stopped = "a reading process died (is memory short? try fewer --jobs)"
    finally:
        database.close()
    summary = job.summary
    if stopped:
        say(f"{stopped}: {summary.pages['read']:,} pages of this load were kept; the same command goes on from there")
        raise typer.Exit(status)
    if as_json:
        print(json.dumps(summary.to_json(), ensure_ascii=False))
    else:
        print_summary(console(), summary)
    good = sum(summary.pages[sort] for sort in ("read", "known", "duplicate"))
    cut = any(sort in ("read", "duplicate") for sort, _ in summary.reasons)  # pages of which only a part was read
    if cut or summary.pages["failed"] or (paths and not good):
        raise typer.Exit(1)


@app.command()
def link(record: RecordFile) -> None:
    """Link all reports of a record to events anew; `load` links what it adds."""
    from dragoman.store.file import connect, guarded
    from dragoman.store.linking import link_all

    with told(), closing(connect(record, write=True)) as database, guarded(record):
        reports, moved = link_all(database)
        (events,) = database.execute("SELECT count(*) FROM events").fetchone()
    print(f"{reports:,} reports are of {events:,} events; {moved:,} reports are in another event than before")


class What(StrEnum):
    """What `show` lists."""

    events = "events"
    reports = "reports"
    documents = "documents"
    wrong = "wrong"


class Form(StrEnum):
    """How answers are printed: for people, as lines of JSON, or as CSV."""

    table = "table"
    json = "json"
    csv = "csv"


To = Annotated[Form | None, typer.Option(help="Default: a table in a terminal, else lines of JSON.")]


@app.command()
def show(
    record: RecordFile,
    person: Annotated[str | None, typer.Option(help="A part of the name of somebody who takes part.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Takes part, or is the place; several: all do.")] = None,
    pair: Annotated[tuple[str, str] | None, typer.Option(help="The same for two.", metavar="CODE CODE")] = None,
    kind: Annotated[str | None, typer.Option(help="Kind of event.")] = None,
    status: Annotated[str | None, typer.Option(help="Status of the event.")] = None,
    period: Annotated[str | None, typer.Option(help="2019, 2019-03, 2018/2019-03-02, 2018/, /2019.")] = None,
    text: Annotated[str | None, typer.Option(help="Words on the page, all of which must be there.")] = None,
    agency: Annotated[str | None, typer.Option(help="A part of the agency's name.")] = None,
    event: Annotated[str | None, typer.Option(help="The event with this id.")] = None,
    what: Annotated[What, typer.Option(help="What to list; wrong: reports judged so.")] = What.events,
    to: To = None,
    limit: Annotated[int, typer.Option(min=0, help="Show at most N; 0 shows all.", metavar="N")] = 100,
) -> None:
    """Ask a record; whatever is asked for must all hold. The newest come first."""
    asked: Asked = {
        "person": person,
        "countries": (*(country or ()), *(pair or ())),
        "kind": kind,
        "status": status,
        "period": period,
        "text": text,
        "agency": agency,
        "event": event,
    }
    from dragoman.store import QueryError, Record

    with told(), Record(record) as opened:
        if what is What.wrong and any(asked.values()):
            raise QueryError("reports that are judged wrong are of no event, so nothing can be asked of it")
        answers: Iterator[Event | KeptReport | Document]
        answers = opened.wrong() if what is What.wrong else getattr(opened, what)(**asked)
        _print(islice(answers, limit or None), to)
        if limit and next(answers, None) is not None:
            say(f"there are more than these {limit:,} {what}; --limit 0 shows all")


@app.command()
def timeline(
    record: RecordFile,
    countries: Annotated[list[str], typer.Argument(help="Countries, by code or Chinese name.", metavar="COUNTRY...")],
    to: To = None,
) -> None:
    """Show the events in which all of some countries have a part, the oldest first."""
    from dragoman.store import Record

    with told(), Record(record) as opened:
        _print(opened.timeline(*countries), to)


def _print(answers: Iterable[Event | KeptReport | Document], to: Form | None) -> None:
    if to is Form.table or (to is None and sys.stdout.isatty()):
        from dragoman.terminal import console
        from dragoman.terminal_record import print_answer

        out = console()
        for answer in answers:
            print_answer(out, answer)
    elif to is Form.csv:
        _print_csv(answer.to_json() for answer in answers)
    else:
        for answer in answers:
            print(json.dumps(answer.to_json(), ensure_ascii=False))


def _print_csv(lines: Iterator[dict[str, Any]]) -> None:
    writer = None
    for line in lines:
        row = {name: _cell(value) for name, value in line.items() if name not in ("differs", "text", "items")}
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(row))
            writer.writeheader()
        writer.writerow(row)


def _cell(value: Any) -> Any:
    """A value as one cell: of participants name, role, country and post, of other lists their text or number."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else None
    if not isinstance(value, list):
        return value
    cells = []
    for one in value:
        if isinstance(one, str):
            cells.append(one)
        elif "role" in one:
            cells.append(", ".join(one[name] for name in ("name", "role", "country", "post") if one[name]))
        elif "status" in one:
            cells.append(" ".join(one[name] for name in ("status", "seen", "document") if one[name]))
        else:
            cells.append(one["text"])
    return "; ".join(cells)


def check_record(record: Path) -> None:
    """`dragoman check RECORD`."""
    from dragoman.store.check import check
    from dragoman.store.file import connect, guarded

    with told(), guarded(record), closing(connect(record, write=False)) as database:
        faults = list(check(database))
    for fault in faults:
        print(fault)
    print(f"{record}: {len(faults)} {'problem' if len(faults) == 1 else 'problems'}")
    if faults:
        raise typer.Exit(1)
