"""The verb of the `dragoman` command that hands a record on."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dragoman.cli import app
from dragoman.cli_record import RecordFile, told
from dragoman.streams import say

if TYPE_CHECKING:
    from dragoman.export import Tally
    from dragoman.store import Record
    from dragoman.store.record import Asked


class To(StrEnum):
    """The formats of `dragoman export`; dragoman.export.FORMATS writes them."""

    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"
    plover = "plover"
    polecat = "polecat"
    icews = "icews"
    cameo = "cameo"
    trips = "trips"
    ftm = "ftm"
    ics = "ics"
    atom = "atom"
    graphml = "graphml"
    xlsx = "xlsx"


class Table(StrEnum):
    """The tables of csv, jsonl and parquet."""

    events = "events"
    reports = "reports"
    participants = "participants"
    evidence = "evidence"


@app.command()
def export(
    record: RecordFile,
    to: Annotated[To, typer.Option(help="The format.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; default: standard output.")
    ] = None,
    what: Annotated[Table, typer.Option(help="Which table of csv, jsonl and parquet.")] = Table.events,
    conferences: Annotated[
        bool, typer.Option("--conferences", help="Pairs of countries of conferences too, for cameo and icews.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
    person: Annotated[str | None, typer.Option(help="Only events in which somebody of such a name takes part.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Only events with this country; several: all.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind.")] = None,
    status: Annotated[str | None, typer.Option(help="Only this status.")] = None,
    period: Annotated[str | None, typer.Option(help="Only events of 2019, 2019-03, 2018/2019-03-02 ...")] = None,
    text: Annotated[str | None, typer.Option(help="Only events told where these words stand.")] = None,
    agency: Annotated[str | None, typer.Option(help="Only events told by such an agency.")] = None,
) -> None:
    """Hand the events of a record on. Beside a file its manifest is written, from which it can be made again."""
    from dragoman.store import Record

    asked: Asked = {
        "person": person,
        "countries": tuple(country or ()),
        "kind": kind,
        "status": status,
        "period": period,
        "text": text,
        "agency": agency,
    }
    options = {"what": str(what), "conferences": conferences}
    with told(), Record(record) as opened:
        if output is None:
            tally = _to_output(opened, to, asked, options)
        elif output.exists() and not force:
            say(f"{output}: there is a file of this name; --force replaces it")
            raise typer.Exit(2)
        else:
            tally = _to_file(opened, to, asked, options, output)
    for reason, count in sorted(tally.left_out.items()):
        say(f"left out {count:,}: {reason}")


def _to_output(record: Record, to: str, asked: Asked, options: dict[str, Any]) -> Tally:
    """Write to standard output, which is not touched before all is made."""
    from dragoman.export import export as write
    from dragoman.store import Query

    with tempfile.TemporaryFile() as made:
        tally = write(record, to, made, Query(**asked), options)
        made.seek(0)
        while chunk := made.read(1 << 20):
            sys.stdout.buffer.write(chunk)
    return tally


def _to_file(record: Record, to: str, asked: Asked, options: dict[str, Any], output: Path) -> Tally:
    """Write beside the file and rename, so that it is there as a whole or not at all; then its manifest."""
    from dragoman.export import export as write
    from dragoman.export.manifest import manifest
    from dragoman.store import Query, RecordError

    beside = output.with_name(f".{output.name}.part")
    try:
        with beside.open("wb") as made:
            tally = write(record, to, made, Query(**asked), options)
            made.flush()
            os.fsync(made.fileno())
        lines = manifest(record, to, asked, options, tally, beside) | {"file": output.name}
        beside.replace(output)
        listed = output.with_name(f"{output.name}.manifest.json")
        listed.write_text(json.dumps(lines, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise RecordError(f"{output}: not written: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)
    return tally
