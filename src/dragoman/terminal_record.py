"""What a person sees of a record in a terminal: how a load goes, what came of it, and answers to questions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from dragoman.store import Document, Event, Judgement, KeptReport
from dragoman.terminal import STATUS_STYLE, headline, one_line, when, who

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


def print_answer(out: Console, answer: Event | KeptReport | Document) -> None:
    """An event, report or page."""
    if isinstance(answer, Event):
        print_event(out, answer)
    elif isinstance(answer, KeptReport):
        print_report(out, answer)
    else:
        print_document(out, answer)


def print_event(out: Console, event: Event) -> None:
    """An event in two lines: what it is; and what was told of it on which day, in how many reports."""
    line = Text(f"{when(event):<24} ")
    line.append(f"{event.kind + (f'/{event.mode}' if event.mode else ''):<22} ", style="bold")
    line.append(f"{event.status:<9} ", style=STATUS_STYLE.get(event.status, ""))
    line.append("; ".join(who(participant) for participant in event.participants))
    line.append(f"  {event.name}" if event.name else "")
    where = " ".join(part for part in (event.place, event.place_country) if part)
    line.append(f"  @ {where}" if where else "")
    out.print(line)
    first: dict[str, str] = {}
    for told in event.told:
        first.setdefault(told.status, told.seen or "on an unknown day")
    history = ", ".join(f"{status} {seen}" for status, seen in first.items())
    reports = "1 report" if len(event.told) == 1 else f"{len(event.told):,} reports"
    differs = f"; they differ in {', '.join(event.differs)}" if event.differs else ""
    out.print(Text(f"    told as {history}; {reports}{differs}  {event.event}", style="dim"))


def print_report(out: Console, report: KeptReport) -> None:
    """A report in two lines, the second of them its evidence and where it stands."""
    out.print(headline(report))
    words = " … ".join(one_line(one.text) for one in report.evidence)
    out.print(Text.assemble(("    " + one_line(words), "italic dim"), (f"  {report.document}  {report.report}", "dim")))
    if report.corrected:
        read = ", ".join(f"{name} (read: {_read(value)})" for name, value in report.corrected.items())
        out.print(Text(f"    corrected: {read}", style="dim"))


def _read(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(one["name"] for one in value)
    return "nothing" if value is None else str(value)


def print_judgement(out: Console, said: Judgement, state: str) -> None:
    """A judgement in two lines, the second of them who said it, when and why."""
    line = Text(f"{said.judgement}  {state:<8}  ", style="dim" if said.undone_at else "")
    line.append(f"{said.verdict} ", style="bold")
    line.append(" / ".join(part for part in (said.subject, said.object) if part))
    line.append(f"  {said.field}: {said.value or 'null'}" if said.field else "")
    out.print(line)
    back = f"; taken back by {said.undone_who} {said.undone_at}: {said.undone_why}" if said.undone_at else ""
    out.print(Text(f"    {said.who} {said.at}: {said.why}{back}", style="dim"))


def print_document(out: Console, document: Document) -> None:
    """A page in one line."""
    about = "  ".join(part for part in (document.published, document.agency) if part)
    out.print(Text.assemble((document.title or "(no title)", "bold"), (f"  {about}  {document.document}", "dim")))
