"""Handing a record on: one small module a format. `FORMATS` names them; `export` writes one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from dragoman.export import calendar_file, cameo, followthemoney, markup, plover, polecat, sheet, tables, trips
from dragoman.export.base import ExportError, Format, Tally, bundles
from dragoman.store import Query, Record

__all__ = ["FORMATS", "ExportError", "Format", "Tally", "export"]

FORMATS = {
    form.name: form
    for form in (
        Format("csv", "csv", "a table with the codebook's columns; which one says --what", tables.write_csv),
        Format("jsonl", "jsonl", "the same as JSON Lines", tables.write_jsonl),
        Format("parquet", "parquet", "the same as Parquet", tables.write_parquet),
        Format("plover", "jsonl", "events as PLOVER 2.0 JSON Lines", plover.write),
        Format("polecat", "tsv", "events under POLECAT's 40 columns", polecat.write),
        Format("icews", "tsv", "pairs of countries under ICEWS' 20 columns", cameo.write_icews),
        Format("cameo", "csv", "pairs of countries with CAMEO, COW and Gleditsch-Ward codes", cameo.write),
        Format("trips", "csv", "one row a traveller, country and trip", trips.write),
        Format("ftm", "jsonl", "FollowTheMoney entities", followthemoney.write),
        Format("ics", "ics", "a calendar of planned and held events", calendar_file.write),
        Format("atom", "xml", "a feed of the events told of last", markup.write_atom),
        Format("graphml", "graphml", "who met whom", markup.write_graphml),
        Format("xlsx", "xlsx", "a spreadsheet of events and reports with evidence", sheet.write),
    )
}


def export(
    record: Record, form: str, out: BinaryIO, query: Query | None = None, options: Mapping[str, Any] | None = None
) -> Tally:
    """Write the events that answer a query (all of them if there is none) to a binary file, in a format of FORMATS.

    Options: `what`, the table of csv, jsonl and parquet (events, reports, participants, evidence); `conferences`,
    whether a conference has pairs of countries. Gives how many rows were written, and what was left out and why. The
    same record gives the same bytes.
    """
    tally = Tally()
    chosen = {"what": "events", "conferences": False, **(options or {})}
    FORMATS[form].write(bundles(record, query or Query()), tally, chosen, out)
    return tally
