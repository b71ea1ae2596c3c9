"""The manifest of an export: from what, with what and how it was made, so that it can be made again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dragoman.export.base import Tally
from dragoman.model import model
from dragoman.store import Record


def manifest(
    record: Record, form: str, asked: Mapping[str, Any], options: Mapping[str, Any], tally: Tally, made: Path
) -> dict[str, Any]:
    """Format, query, options, versions, counts of the record, rows written and left out, and the hash of the file."""
    counts = {
        table: record.database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("documents", "reports", "events", "facts", "judgements")
    }
    readers = record.database.execute("SELECT DISTINCT reader FROM documents WHERE reader IS NOT NULL ORDER BY 1")
    return {
        "format": form,
        "file": made.name,
        "sha256": hashlib.sha256(made.read_bytes()).hexdigest(),
        "rows": tally.rows,
        "left_out": dict(sorted(tally.left_out.items())),
        "query": {name: value for name, value in asked.items() if value},
        "options": {name: value for name, value in options.items() if value},
        "record": {"file": record.path.name, **counts},
        "dragoman": version("dragoman"),
        "codebook": model().version,
        "readers": [reader for (reader,) in readers],
    }
