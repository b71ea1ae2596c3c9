"""Writing rows of text: every row has its header's number of cells, and no cell breaks its row."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO


class Rows:
    """A table of UTF-8 text. In a CSV cells are quoted as RFC 4180 says; in a tab-separated table, where nothing is
    quoted, tabs and line ends within a cell become blanks."""

    def __init__(self, out: BinaryIO, header: Sequence[str], *, tabs: bool = False) -> None:
        self.header = tuple(header)
        self.tabs = tabs
        self.text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        self.writer = csv.writer(self.text, lineterminator="\n" if tabs else "\r\n")
        self._line(self.header)

    def add(self, row: Mapping[str, Any]) -> None:
        """Add a row; columns that it does not name are empty, a column that there is not is an error."""
        unknown = set(row) - set(self.header)
        if unknown:
            raise ValueError(f"no such column: {sorted(unknown)}")
        self._line([_cell(row.get(name)) for name in self.header])

    def close(self) -> None:
        """End the table; the file below stays open."""
        self.text.flush()
        self.text.detach()

    def _line(self, cells: Sequence[str]) -> None:
        if self.tabs:
            self.text.write("\t".join(" ".join(cell.split()) for cell in cells) + "\n")
        else:
            self.writer.writerow(cells)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)
