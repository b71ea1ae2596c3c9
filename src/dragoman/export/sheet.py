"""A spreadsheet with evidence: a sheet of events, and a sheet of reports with the words that tell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, BinaryIO

from dragoman.export.base import Bundle, ExportError, Tally
from dragoman.export.tables import COLUMNS, rows

#: A sheet has so many rows at most (the format's own limit, less the header).
LONGEST = 1_048_575
#: So many characters fit a cell.
WIDEST = 32_767


def write(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """The workbook. No cell is a formula, whatever a page says."""
    try:
        import xlsxwriter
    except ImportError:
        raise ExportError("a spreadsheet needs XlsxWriter: pip install 'dragoman[export]'") from None
    held = BytesIO()
    settings = {"constant_memory": False, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(held, settings) as book:
        bold = book.add_format({"bold": True})
        known = list(bundles)
        for name in ("events", "reports"):
            sheet = book.add_worksheet(name)
            columns = [*COLUMNS[name], *(("evidence",) if name == "reports" else ())]
            sheet.write_row(0, 0, columns, bold)
            sheet.freeze_panes(1, 1)
            counted = tally if name == "events" else Tally()
            spans = (" … ".join(e.text for e in report.evidence) for bundle in known for report in bundle.reports)
            for n, row in enumerate(rows(name, known, counted), 1):
                if name == "reports":
                    row["evidence"] = next(spans)
                if n > LONGEST:
                    raise ExportError(f"a sheet holds {LONGEST:,} rows; narrow the query, or export as CSV")
                for column, heading in enumerate(columns):
                    value = row.get(heading)
                    if isinstance(value, int | float):
                        sheet.write_number(n, column, value)
                    elif value is not None:
                        sheet.write_string(n, column, str(value)[:WIDEST])
            sheet.autofilter(0, 0, max(1, counted.rows), len(columns) - 1)
        book.set_properties({"title": "Dragoman"})
    out.write(held.getvalue())
