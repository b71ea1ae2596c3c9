"""What a person sees of a record in a terminal: how a load goes, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from dragoman.store.load import Load, Summary


@contextmanager
def progress(load: Load, size: int | None) -> Iterator[Callable[[], None]]:
    """A bar on standard error with pages a second and the time left, if that is a terminal. `size` is what goes in, in
    bytes, if it is known. Gives what is to be called as pages come and go."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda: None
        return
    began = time.monotonic()
    columns = (
        *(BarColumn(), TextColumn("{task.fields[pages]:,} pages, {task.fields[rate]:.0f} a second")),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=size, pages=0, rate=0.0)

        def moved() -> None:
            pages = sum(load.summary.pages.values())
            bar.update(task, completed=load.position(), pages=pages, rate=pages / (time.monotonic() - began))

        yield moved


def print_summary(out: Console, summary: Summary) -> None:
    """How many pages went which way and why, and what re-reading changed."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("pages", justify="right")
    table.add_column("")
    table.add_column("why")
    for sort, count in summary.to_json()["pages"].items():
        reasons = [(reason, n) for (of, reason), n in sorted(summary.reasons.items()) if of == sort]
        why = "; ".join(f"{reason} ({n:,})" if len(reasons) > 1 else reason for reason, n in reasons)
        table.add_row(f"{count:,}", sort, why)
    out.print(table)
    pages = sum(summary.pages.values())
    rate = f", {pages / summary.seconds:,.0f} pages a second" if summary.seconds > 1 else ""
    out.print(Text(f"{summary.reports:,} reports read in {summary.seconds:.1f} seconds{rate}"))
    if summary.changes:
        told = ", ".join(f"{summary.changes[change]:,} {change}" for change in ("added", "gone", "changed"))
        out.print(Text(f"reports of pages that were read before: {told}"))
    if summary.older:
        out.print(
            Text(f"{summary.older:,} pages of the record were read by another version; load without paths for them")
        )
