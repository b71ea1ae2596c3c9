"""What a person sees in a terminal: reports with the sentence that proves them, and scores as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dragoman.score import SLOTS

if TYPE_CHECKING:
    from dragoman.model import Participant, Reading, Report
    from dragoman.score import Row, Score, Tally
    from dragoman.store import Event

STATUS_STYLE = {"held": "green", "planned": "cyan", "proposed": "yellow", "cancelled": "red", "denied": "red"}
LONGEST_EVIDENCE = 160


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let the command answer a reader that has seen enough; rich by itself would end with status 1."""
        raise


def console() -> Console:
    """A console that leaves the breaking of lines to the terminal, so that output can be cut with other tools."""
    return _Console(highlight=False, soft_wrap=True)


def print_reading(out: Console, reading: Reading) -> None:
    """One page: its title, then each report in two lines, the second of them the evidence."""
    page = reading.document
    title = page.get("title") or "(no title)"
    out.print(Text.assemble((str(title), "bold"), ("  " + str(page["document"]), "dim")))
    for report in reading.reports:
        out.print(headline(report))
        if report.evidence:
            words = " … ".join(one_line(one.text) for one in report.evidence)
            out.print(Text("    " + one_line(words), style="italic dim"))
    if not reading.reports:
        out.print(Text("  no event", style="dim"))
    for fact, count in sorted(Counter(fact.fact for fact in reading.facts).items()):
        out.print(Text(f"  {count} {fact} {'fact' if count == 1 else 'facts'}", style="dim"))
    out.print()


def headline(report: Report) -> Text:
    """A report in one line."""
    kind = report.kind + (f"/{report.mode}" if report.mode else "")
    line = Text("  ")
    line.append(f"{when(report):<22} ")
    line.append(f"{kind:<25} ", style="bold")
    line.append(f"{report.status:<9} ", style=STATUS_STYLE.get(report.status, ""))
    line.append("; ".join(who(participant) for participant in report.participants))
    amount = f"{report.amount:,} {report.currency or ''}".rstrip() if report.amount is not None else None
    for more in (report.name, report.post, amount):
        line.append(f"  {more}" if more else "")
    where = " ".join(part for part in (report.place, report.place_country) if part)
    if where:
        line.append(f"  @ {where}")
    if report.item != "main":
        line.append(f"  [{report.item}]", style="dim")
    return line


def when(report: Report | Event) -> str:
    """The days of a report or event."""
    if report.start == report.end:
        return report.start or "?"
    return f"{report.start or '?'} - {report.end or '?'}"


def who(participant: Participant) -> str:
    """A participant with country and role."""
    about = ", ".join(part for part in (participant.country, participant.role) if part)
    return f"{participant.name} ({about})"


def one_line(text: str) -> str:
    """The beginning of a text, without line ends."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_EVIDENCE else flat[:LONGEST_EVIDENCE] + " ..."


def print_counts(out: Console, readings: Sequence[Reading]) -> None:
    """How many reports of each kind there are, by status."""
    counts = Counter((report.kind, report.status) for reading in readings for report in reading.reports)
    statuses = [status for status in STATUS_STYLE if any(key[1] == status for key in counts)]
    table = _table("kind", *statuses, "all")
    for kind in sorted({kind for kind, _ in counts}):
        row = [counts[kind, status] for status in statuses]
        table.add_row(kind, *(str(count or "") for count in row), str(sum(row)))
    out.print(table)


def print_score(out: Console, score: Score) -> None:
    """The measurement as tables: all together, each kind, the slots of found reports, facts and merging."""
    total = score.total
    table = _table("", "asked", "found", "given", "precision", "recall", "F1", "exact")
    for kind, tally in sorted(score.kinds.items()):
        table.add_row(*_figures(kind, tally))
    table.add_section()
    table.add_row(*_figures(f"all of {score.documents} pages", total), style="bold")
    out.print(table)
    slots = (f"{slot} {score.slot_right[slot]}/{score.slot_asked[slot]}" for slot in SLOTS if score.slot_asked[slot])
    out.print("Slots right on found reports: " + ", ".join(slots))
    if score.facts:
        facts = (f"{kind} {tally.found}/{tally.asked}" for kind, tally in sorted(score.facts.items()))
        out.print("Facts found: " + ", ".join(facts))
    merge = score.merge()
    if merge["pairs"]:
        out.print(f"Same event, {merge['pairs']} pairs: precision {merge['precision']}, recall {merge['recall']}")


def _figures(name: str, tally: Tally) -> Iterable[str]:
    yield name
    yield from (str(number) for number in (tally.asked, tally.found, tally.given))
    exact = tally.exact / tally.asked if tally.asked else 0.0
    yield from (f"{figure:.3f}" for figure in (tally.precision, tally.recall, tally.f1, exact))


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def print_misses(out: Console, score: Score, most: int) -> None:
    """Up to `most` errors of each sort, gold above the system's report."""
    for sort in ("missed", "spurious", "wrong"):
        for miss in [miss for miss in score.misses if miss.sort == sort][:most]:
            out.print(Text(f"{sort:<9}{miss.document} {' '.join(miss.slots)}", style="bold"))
            for side, row in (("gold", miss.gold), ("system", miss.system)):
                if row is not None:
                    out.print(Text(f"  {side:<7}{brief(row)}"))


def brief(row: Row) -> str:
    """One report of gold or of the system in one line."""
    who = ", ".join(
        f"{one.get('role')}:{one.get('name')}({one.get('country')})" for one in row.get("participants") or ()
    )
    kind = "/".join(str(row[key]) for key in ("kind", "mode") if row.get(key))
    when_where = f"{row.get('start')}..{row.get('end')} @{row.get('place_country')}"
    return f"{row.get('item')} {kind} {row.get('status')} {when_where} [{who}] {row.get('name') or ''}".rstrip()
