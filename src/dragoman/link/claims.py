"""What linking sees of a report: a claim, with the days on which its event can have been."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dragoman import edtf
from dragoman.model import Participant, Report

#: How well the days of a window are known: told to the day, the month, the year; by when it was told; not at all.
DAY, MONTH, YEAR, TOLD, NONE = range(5)


class Party(NamedTuple):
    """A participant as linking compares it."""

    name: str
    role: str
    kind: str
    country: str | None
    post: str | None


class Window(NamedTuple):
    """The days on which an event was, as day numbers (`date.toordinal`): from `first` to `last`, as sharp as told.

    `open_end` and `open_start`: only its first, only its last day is told. With TOLD both are the day on which it was
    told. `calendar` is month and day where nobody tells the year.
    """

    first: int
    last: int
    sharpness: int
    open_end: bool = False
    open_start: bool = False
    calendar: tuple[int, int] | None = None


def window(start: str | None, end: str | None, published: str | None) -> Window:
    """The window of two EDTF dates; of a report without any, by the day on which it was published."""
    first, last = edtf.parse(start), edtf.parse(end)
    known = first or last
    if known is not None and known.year is None:
        calendar = (known.month, known.day) if known.month and known.day else None
        return Window(0, 0, NONE, calendar=calendar)
    if known is not None:
        ends = (first or last, last or first)
        days = [(p.earliest, p.latest, p) for p in ends if p is not None and p.year is not None]
        if days and days[0][0] is not None and days[-1][1] is not None:
            sharpness = max(DAY if p.day else MONTH if p.month else YEAR for _, _, p in days)
            low, high = days[0][0].toordinal(), days[-1][1].toordinal()
            return Window(min(low, high), max(low, high), sharpness, last is None, first is None)
    told = edtf.parse(published)
    if told is None or told.earliest is None or told.latest is None or told.month is None:
        return Window(0, 0, NONE)
    return Window(told.earliest.toordinal(), told.latest.toordinal(), TOLD)


@dataclass(frozen=True, slots=True)
class Claim:
    """One report, as far as linking looks at it. `key` is the report's own id, unique among all claims; `own_event`
    the event id that reading gave it; `published` the day of its item, or else of its page."""

    key: str
    document: str
    item: str
    own_event: str
    kind: str
    mode: str | None
    status: str
    name: str | None
    place: str | None
    place_country: str | None
    parties: tuple[Party, ...]
    amount: float | int | None
    currency: str | None
    post: str | None
    start: str | None
    end: str | None
    published: str | None

    @property
    def window(self) -> Window:
        return window(self.start, self.end, self.published)

    @classmethod
    def of(cls, report: Report, published: str | None, key: str | None = None) -> Claim:
        """The claim of a report; `key` defaults to its place in its document, see `keys`."""
        return cls(
            key or f"{report.document}#{report.item}#{report.event}",
            report.document,
            report.item,
            report.event,
            report.kind,
            report.mode,
            report.status,
            report.name,
            report.place,
            report.place_country,
            tuple(Party(p.name, p.role, p.kind, p.country, p.post) for p in report.participants),
            report.amount,
            report.currency,
            report.post,
            report.start,
            report.end,
            published,
        )

    @classmethod
    def of_row(cls, row: Mapping[str, Any], published: str | None, key: str | None = None) -> Claim:
        """The claim of a line of `dragoman read --to reports`."""
        fields: dict[str, Any] = {name: row.get(name) for name in _FIELDS}
        parties = [
            Participant(p["name"], p["role"], p.get("kind", "person"), p.get("country"), p.get("post"))
            for p in row.get("participants") or ()
        ]
        return cls.of(Report(**fields, participants=parties, confidence=1.0, evidence=[]), published, key)


_FIELDS = (
    *("document", "item", "event", "kind", "mode", "status", "name", "start", "end"),
    *("place", "place_country", "amount", "currency", "post"),
)


def claims_of(rows: Iterable[Mapping[str, Any]], published: Mapping[tuple[str, str], str | None]) -> list[Claim]:
    """The claims of report lines. `published` gives the day of an item, by document and item; lines of one item that
    the reading gave one event id get keys of their own."""
    seen: dict[str, int] = {}
    out = []
    for row in rows:
        plain = f"{row['document']}#{row['item']}#{row['event']}"
        seen[plain] = seen.get(plain, 0) + 1
        key = plain if seen[plain] == 1 else f"{plain}#{seen[plain]}"
        out.append(Claim.of_row(row, published.get((row["document"], row["item"])), key))
    return out


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody decided of two reports, by their keys: `same` event or `different` ones. It always wins."""

    verdict: str
    one: str
    other: str

    def __post_init__(self) -> None:
        if self.verdict not in ("same", "different"):
            raise ValueError(f"a judgement is same or different, not {self.verdict!r}")
