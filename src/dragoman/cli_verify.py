"""The verb of the `dragoman` command that checks claims against a record."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli import app
from dragoman.cli_record import Form, RecordFile, told
from dragoman.streams import say

if TYPE_CHECKING:
    from dragoman.verify import Checked


@app.command()
def verify(
    record: RecordFile,
    file: Annotated[Path, typer.Argument(help="A CSV with the columns who, did, whom, where, when.", metavar="CLAIMS")],
    to: Annotated[Form | None, typer.Option(help="Default: a table in a terminal, else lines of JSON.")] = None,
    columns: Annotated[
        str | None, typer.Option(help="Other column names, such as who=leader,where=country.", metavar="NAME=COLUMN")
    ] = None,
) -> None:
    """Check claims against a record: supported, contradicted, partly or no evidence, with the words that say so."""
    from dragoman.store import Record
    from dragoman.verify import SLOTS, ClaimsError, claims
    from dragoman.verify import verify as check

    pairs = dict(pair.partition("=")[::2] for pair in columns.split(",")) if columns else {}
    if not all(name in SLOTS and column for name, column in pairs.items()):
        raise typer.BadParameter(f"--columns {columns!r}: wanted is NAME=COLUMN,..., with names of {', '.join(SLOTS)}")
    bad = 0
    try:
        with told(), Record(record) as opened:
            checked = [check(opened, claim) for claim in claims(file, pairs)]
    except ClaimsError as error:
        raise typer.BadParameter(str(error)) from error
    for one in checked:
        if one.error:
            bad += 1
            say(f"{file}: line {one.claim.line}: {one.error}")
    if to is Form.csv:
        _print_csv(checked)
    elif to is Form.table or (to is None and sys.stdout.isatty()):
        _print_table(checked)
    else:
        for one in checked:
            print(json.dumps(one.to_json(), ensure_ascii=False))
    if bad or not checked:
        raise typer.Exit(1)


def _print_csv(checked: Iterable[Checked]) -> None:
    """The claims' own columns, then verdict, reasons and the first evidence."""
    from dragoman.verify import SLOTS

    writer = None
    for one in checked:
        first = one.evidence[0] if one.evidence else None
        row = {
            **{slot: getattr(one.claim, slot) for slot in SLOTS},
            **one.claim.rest,
            "verdict": one.verdict or "not checked",
            "reasons": "; ".join(one.reasons) or one.error,
            "event": first.event if first else None,
            "document": first.document if first else None,
            "start": first.start if first else None,
            "end": first.end if first else None,
            "evidence": first.text if first else None,
        }
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(row))
            writer.writeheader()
        writer.writerow(row)


def _print_table(checked: Iterable[Checked]) -> None:
    from rich.text import Text

    from dragoman.terminal import console
    from dragoman.verify import SLOTS

    style = {"supported": "green", "partly": "yellow", "contradicted": "red"}
    out = console()
    for one in checked:
        said = " ".join(value for slot in SLOTS if (value := getattr(one.claim, slot)))
        out.print(Text(f"{one.verdict or 'not checked':13}", style.get(one.verdict or "", "dim")) + Text(said))
        for reason in one.reasons or ((one.error,) if one.error else ()):
            out.print(Text(f"    {reason}"))
        for found in one.evidence:
            out.print(
                Text(f"    {found.status} {found.told or ''} {found.document} {found.start}-{found.end}: {found.text}")
            )
