"""The verbs of the `dragoman` command that keep and ask a record on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli import Columns, Jobs, Language, Published, _day, _options, _path, app
from dragoman.streams import say

if TYPE_CHECKING:
    from dragoman.store.load import Kept

RecordFile = Annotated[Path, typer.Argument(help="The record: one file.", metavar="RECORD")]


@contextmanager
def told() -> Iterator[None]:
    """What is wrong with a record becomes one line."""
    from dragoman.store import RecordError

    try:
        yield
    except RecordError as error:
        say(str(error))
        raise typer.Exit(1) from error


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
    if summary.pages["failed"] or (paths and not good):
        raise typer.Exit(1)


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
