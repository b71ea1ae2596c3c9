"""What `run.py demo` shows: the shipped examples read, some reports with their proof, and how right they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman.score import measure
from dragoman.score_files import load_gold
from dragoman.terminal import console, print_counts, print_reading, print_score

if TYPE_CHECKING:
    from dragoman.model import Reading

SHOWN = 4  # pages shown in full: enough to see the form, few enough to read


def show(readings: Sequence[Reading], examples: Path) -> None:
    """Print the demonstration for readings of all pages in the folder of examples."""
    out = console()
    reports = [report for reading in readings for report in reading.reports]
    facts = [fact for reading in readings for fact in reading.facts]
    out.print(f"Read {len(readings)} pages in {examples}: {len(reports)} reports of events and {len(facts)} facts.\n")
    print_counts(out, readings)
    out.print(f"\n{SHOWN} of the pages; under each report stands the sentence that proves it.\n", style="bold")
    for reading in _most_varied(readings):
        print_reading(out, reading)
    result = measure(
        load_gold(sorted(examples.glob("gold/*.yaml"))),
        [report.to_json() for report in reports],
        [fact.to_json() for fact in facts],
    )
    out.print("Against the gold that was written by hand for these pages:\n", style="bold")
    print_score(out, result)
    out.print(_ending(reports[0].to_json() if reports else None))


def _most_varied(readings: Sequence[Reading]) -> list[Reading]:
    """Few pages that together show many kinds of event: each time the one that adds most."""
    left = list(readings)
    chosen: list[Reading] = []
    seen: set[str] = set()
    while left and len(chosen) < SHOWN:
        best = max(left, key=lambda reading: len({report.kind for report in reading.reports} - seen))
        seen.update(report.kind for report in best.reports)
        chosen.append(best)
        left.remove(best)
    return chosen


def _ending(row: dict[str, object] | None) -> str:
    line = json.dumps(row, ensure_ascii=False) if row else ""
    return f"""
For programs every report is a line of JSON with offsets into the text, such as:

{line}

Go on with your own pages (text, HTML, JSONL or WARC):

    python3 run.py -- read FILE ...                 a table in the terminal
    python3 run.py -- read FILE ... --to reports    lines of JSON; also --to facts, --to documents
    python3 run.py -- explain FILE                  why each rule fired, or where it stopped

There is no web page yet: this version is the reader and its command line.
README.md tells the rest."""
