"""Events, reports, their participants and their evidence as flat tables, with the codebook's columns: CSV, JSON Lines,
Parquet. The tables are joined by `event` and `report`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from dragoman.export.base import Bundle, ExportError, Tally, joined, precision
from dragoman.export.codes import coded, state
from dragoman.export.separated import Rows
from dragoman.model import model

#: Columns of each table with their types as SQL names them; a list of values is one cell with semicolons in CSV.
COLUMNS: dict[str, dict[str, str]] = {
    "events": {
        "event": "VARCHAR", "kind": "VARCHAR", "mode": "VARCHAR", "status": "VARCHAR", "name": "VARCHAR",
        "start": "VARCHAR", "end": "VARCHAR", "start_precision": "VARCHAR", "end_precision": "VARCHAR",
        "place": "VARCHAR", "place_country": "VARCHAR", "countries": "VARCHAR", "cow": "VARCHAR", "gw": "VARCHAR",
        "persons": "VARCHAR", "plover": "VARCHAR", "cameo": "VARCHAR", "reports": "BIGINT", "documents": "BIGINT",
        "first_told": "VARCHAR", "last_told": "VARCHAR", "statuses": "VARCHAR", "differs": "VARCHAR",
        "evidence": "VARCHAR", "codebook": "VARCHAR", "version": "VARCHAR",
    },
    "reports": {
        "report": "VARCHAR", "event": "VARCHAR", "document": "VARCHAR", "item": "VARCHAR", "kind": "VARCHAR",
        "mode": "VARCHAR", "status": "VARCHAR", "name": "VARCHAR", "start": "VARCHAR", "end": "VARCHAR",
        "start_precision": "VARCHAR", "end_precision": "VARCHAR", "place": "VARCHAR", "place_country": "VARCHAR",
        "post": "VARCHAR", "amount": "DOUBLE", "currency": "VARCHAR", "confidence": "DOUBLE", "url": "VARCHAR",
        "agency": "VARCHAR", "published": "VARCHAR", "published_basis": "VARCHAR", "rule": "VARCHAR",
        "codebook": "VARCHAR", "version": "VARCHAR",
    },
    "participants": {
        "report": "VARCHAR", "event": "VARCHAR", "n": "BIGINT", "name": "VARCHAR", "role": "VARCHAR", "kind": "VARCHAR",
        "country": "VARCHAR", "cow": "VARCHAR", "cow_letters": "VARCHAR", "gw": "VARCHAR", "post": "VARCHAR",
    },
    "evidence": {
        "report": "VARCHAR", "event": "VARCHAR", "document": "VARCHAR", "start": "BIGINT", "end": "BIGINT",
        "text": "VARCHAR",
    },
}  # fmt: skip


def rows(table: str, bundles: Iterable[Bundle], tally: Tally) -> Iterator[dict[str, Any]]:
    """The rows of a table, event by event."""
    make = {"events": _event, "reports": _reports, "participants": _participants, "evidence": _evidence}[table]
    for bundle in bundles:
        for row in make(bundle):
            tally.rows += 1
            yield row


def _event(bundle: Bundle) -> Iterator[dict[str, Any]]:
    event = bundle.event
    codes = list(dict.fromkeys(p.country for p in event.participants if p.country))
    elsewhere = coded(event)
    yield {
        "event": event.event,
        "kind": event.kind,
        "mode": event.mode,
        "status": event.status,
        "name": event.name,
        "start": event.start,
        "end": event.end,
        "start_precision": precision(event.start),
        "end_precision": precision(event.end),
        "place": event.place,
        "place_country": event.place_country,
        "countries": joined(codes),
        "cow": joined(state(code).cow for code in codes),
        "gw": joined(state(code).gw for code in codes),
        "persons": joined(p.name for p in event.participants if p.kind == "person"),
        "plover": elsewhere.plover["type"] if elsewhere.plover else None,
        "cameo": elsewhere.cameo["code"] if elsewhere.cameo else None,
        "reports": len(bundle.reports),
        "documents": len(bundle.pages),
        "first_told": event.told[0].seen if event.told else None,
        "last_told": event.told[-1].seen if event.told else None,
        "statuses": joined(f"{told.status} {told.seen or ''}".strip() for told in event.told),
        "differs": json.dumps(event.differs, ensure_ascii=False, sort_keys=True) if event.differs else None,
        "evidence": bundle.evidence(),
        **_made_by(bundle),
    }


def _reports(bundle: Bundle) -> Iterator[dict[str, Any]]:
    for report in bundle.reports:
        page = bundle.pages[report.document]
        yield {
            **{name: getattr(report, name) for name in COLUMNS["reports"] if hasattr(report, name)},
            "start_precision": precision(report.start),
            "end_precision": precision(report.end),
            "url": page.url,
            "agency": page.agency,
            "published": page.published,
            "published_basis": page.published_basis,
            **_made_by(bundle),
        }


def _participants(bundle: Bundle) -> Iterator[dict[str, Any]]:
    for report in bundle.reports:
        for n, party in enumerate(report.participants):
            codes = state(party.country)
            yield {
                "report": report.report,
                "event": report.event,
                "n": n,
                "name": party.name,
                "role": party.role,
                "kind": party.kind,
                "country": party.country,
                "cow": codes.cow or None,
                "cow_letters": codes.cow_letters or None,
                "gw": codes.gw or None,
                "post": party.post,
            }


def _evidence(bundle: Bundle) -> Iterator[dict[str, Any]]:
    for report in bundle.reports:
        for span in report.evidence:
            yield {
                "report": report.report,
                "event": report.event,
                "document": report.document,
                "start": span.start,
                "end": span.end,
                "text": span.text,
            }


def _made_by(bundle: Bundle) -> dict[str, str]:
    readers = (page.reader for page in bundle.pages.values())
    return {"codebook": f"dragoman {model().version}", "version": joined(readers)}


def write_csv(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """A table as CSV."""
    table = Rows(out, list(COLUMNS[options["what"]]))
    for row in rows(options["what"], bundles, tally):
        table.add(row)
    table.close()


def write_jsonl(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """A table as JSON Lines; what is unknown is null."""
    names = list(COLUMNS[options["what"]])
    for row in rows(options["what"], bundles, tally):
        out.write(json.dumps({name: row.get(name) for name in names}, ensure_ascii=False).encode() + b"\n")


def write_parquet(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """A table as Parquet (zstd), with types; made by DuckDB, which needs no other library for it."""
    try:
        import duckdb
    except ImportError:
        raise ExportError("Parquet needs DuckDB: pip install 'dragoman[export]'") from None
    columns = COLUMNS[options["what"]]
    with tempfile.TemporaryDirectory() as folder:
        lines, made = Path(folder, "rows.jsonl"), Path(folder, "rows.parquet")
        with lines.open("wb") as file:
            write_jsonl(bundles, tally, options, file)
        types = ", ".join(f"'{name}': '{sort}'" for name, sort in columns.items())
        source = f"read_json('{lines}', format = 'newline_delimited', columns = {{{types}}})"
        with duckdb.connect() as database:
            database.execute("SET preserve_insertion_order = true")
            database.execute(f"COPY (SELECT * FROM {source}) TO '{made}' (FORMAT parquet, COMPRESSION zstd)")
        out.write(made.read_bytes())
