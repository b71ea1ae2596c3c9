"""Checking claims against a record: who did what, with or to whom, where and when. For each claim a verdict, the
reasons, and the words that bear it out or speak against it.

Verdicts: *supported*, an event reported as held agrees with all that is claimed; *partly*, one agrees as far as it is
told, but something claimed is not told, or less precisely; *contradicted*, the same was told for another day or place
near by, or was cancelled or denied, or was announced for a time that is over and never reported as held; *no evidence*
else. A record is no proof that nothing happened: coverage decides what can be found.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dragoman.fold import fold
from dragoman.model import model
from dragoman.store import Event, QueryError, Record
from dragoman.store.ask import country, period
from dragoman.store.events import days
from dragoman.store.record import Asked

SLOTS = ("who", "did", "whom", "where", "when")
#: English words for kinds of event; kinds and modes of the codebook stand for themselves.
DID = {
    "visited": "visit",
    "met": "meeting",
    "called": "call",
    "phoned": "call",
    "attended": "conference",
    "signed": "agreement",
    "congratulated": "message",
    "protested": "protest",
    "sanctioned": "sanction",
}
#: The same told for a day no further off than this is another date of the same event, not another event.
NEAR = timedelta(days=31)
#: So many pieces of evidence stand beside a verdict.
EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of claims: what is said, None where nothing is; `line` is its number in the file, `rest` its other
    columns."""

    line: int
    who: str | None = None
    did: str | None = None
    whom: str | None = None
    where: str | None = None
    when: str | None = None
    rest: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Words of a page that bear on a claim, with their offsets, the report's status and when it was told."""

    event: str
    report: str
    document: str
    start: int
    end: int
    text: str
    status: str
    told: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim with its verdict, why, and the evidence; `error` if the claim cannot be checked, and then no verdict."""

    claim: Claim
    verdict: str | None
    reasons: tuple[str, ...] = ()
    evidence: tuple[Found, ...] = ()
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As one line of JSON has it."""
        return asdict(self)


class ClaimsError(ValueError):
    """Why a file of claims cannot be read, in one line."""


def claims(path: Path, columns: Mapping[str, str]) -> Iterator[Claim]:
    """The claims of a CSV with a header; `columns` gives the file's names for who, did, whom, where and when."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            named = {slot: columns.get(slot, slot) for slot in SLOTS}
            if not set(named.values()) & set(reader.fieldnames or ()):
                raise ClaimsError(f"{path}: its first line names none of {', '.join(named.values())}")
            for row in reader:
                told = {slot: (row.get(name) or "").strip() or None for slot, name in named.items()}
                rest = {name: value for name, value in row.items() if name and name not in named.values()}
                yield Claim(reader.line_num, **told, rest=rest)
    except OSError as error:
        raise ClaimsError(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ClaimsError(f"{path}: not a CSV in UTF-8: {error}") from error


def verify(record: Record, claim: Claim) -> Checked:
    """What the record says of a claim."""
    try:
        asked = _Asked.of(claim)
    except (QueryError, ValueError) as error:
        return Checked(claim, None, error=str(error))
    candidates = [_Match(event, asked, _until(record)) for event in _candidates(record, asked)]
    fitting = [one for one in candidates if not one.differs]
    if any(one.slots["whom"] == "agrees" for one in fitting):
        fitting = [one for one in fitting if one.slots["whom"] != "untold"]
    best = max(fitting, key=_Match.rank, default=None)
    if best is not None:
        return _checked(record, claim, best.verdict(), best.reasons(), [best])
    near = sorted((one for one in candidates if one.contradicts()), key=_Match.rank, reverse=True)
    if near:
        return _checked(record, claim, "contradicted", near[0].reasons(), near[:2])
    told = sorted({one.event.start for one in candidates if one.differs == ["when"] and one.event.start})
    reasons = (f"told for other times only: {', '.join(told[:EVIDENCE])}",) if told else ()
    return Checked(claim, "no evidence", reasons)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A claim as it is looked for: persons by name, countries by code, days."""

    claim: Claim
    who: str | None
    whom: str | None
    kind: str | None
    mode: str | None
    place: str | None
    first: str | None
    last: str | None

    @classmethod
    def of(cls, claim: Claim) -> _Asked:
        """Raise ValueError for a claim of which nothing can be looked for."""
        if not any((claim.who, claim.whom, claim.where)):
            raise ValueError("a claim must say who, whom or where")
        kind, mode = _kind(claim.did)
        first, last = period(claim.when) if claim.when else (None, None)
        return cls(claim, _name(claim.who), _name(claim.whom), kind, mode, _name(claim.where), first, last)


def _name(word: str | None) -> str | None:
    """The code of a country, or the words themselves in simplified characters and small letters."""
    if word is None:
        return None
    try:
        return country(word)
    except QueryError:
        return fold(word).lower()


def _kind(did: str | None) -> tuple[str | None, str | None]:
    """Kind and mode of what somebody is said to have done."""
    if did is None:
        return None, None
    word = DID.get(did.lower(), did.lower())
    kinds = model().kinds
    if word in kinds:
        return word, None
    for name, kind in kinds.items():
        if word in kind.modes:
            return name, word
    raise ValueError(
        f"there is nothing called {did} that is done; give a kind or mode of the codebook, or one of {', '.join(DID)}"
    )


def _candidates(record: Record, asked: _Asked) -> Iterator[Event]:
    """The events in which who is said to have done it takes part, of the kind claimed, whatever else they say."""
    query: Asked = {"kind": asked.kind}
    names = [one for one in (asked.who, asked.whom) if one is not None]
    persons = [one for one in names if not _is_code(one)]
    if persons:
        query["person"] = persons[0]
    elif names:
        query["countries"] = (names[0],)
    elif asked.place is not None and _is_code(asked.place):
        query["countries"] = (asked.place,)
    for event in record.events(**query):
        if asked.who is None or any(_is(asked.who, p.name, p.country) for p in event.participants):
            yield event


def _is_code(word: str) -> bool:
    return len(word) == 3 and word.isascii() and word.isupper()


def _is(wanted: str, name: str, code: str | None) -> bool:
    return code == wanted if _is_code(wanted) else wanted in fold(name).lower()


def _until(record: Record) -> str | None:
    """The last day on which the record was told anything."""
    row = record.database.execute("SELECT max(seen_last) FROM events").fetchone()
    return row[0] if row else None


class _Match:
    """An event held against a claim: each slot agrees, differs, or is untold (or told less precisely)."""

    def __init__(self, event: Event, asked: _Asked, until: str | None) -> None:
        self.event, self.asked, self.until = event, asked, until
        self.slots = {"whom": self._whom(), "where": self._where(), "when": self._when(), "did": self._did()}
        self.differs = [slot for slot, found in self.slots.items() if found == "differs"]

    def _did(self) -> str:
        if self.asked.mode is None or self.event.mode == self.asked.mode:
            return "agrees"
        return "untold" if self.event.mode is None else "differs"

    def _whom(self) -> str:
        wanted = self.asked.whom
        if wanted is None:
            return "agrees"
        others = [
            p for p in self.event.participants if self.asked.who is None or not _is(self.asked.who, p.name, p.country)
        ]
        if any(_is(wanted, p.name, p.country) for p in others) or wanted == self.event.place_country:
            return "agrees"
        named = [p for p in others if p.kind == "person" or _is_code(wanted)]
        return "differs" if named else "untold"

    def _where(self) -> str:
        wanted, event = self.asked.place, self.event
        if wanted is None:
            return "agrees"
        if _is_code(wanted):
            return "untold" if event.place_country is None else "agrees" if event.place_country == wanted else "differs"
        if event.place is None:
            return "untold"
        place = fold(event.place).lower()
        return "agrees" if wanted in place or place in wanted else "differs"

    def _when(self) -> str:
        if self.asked.claim.when is None:
            return "agrees"
        first, last = days(self.event.start, self.event.end)
        if first is None or last is None:
            return "untold"
        if first > (self.asked.last or "9999") or last < (self.asked.first or ""):
            return "differs"
        inside = (self.asked.first or "") <= first and last <= (self.asked.last or "9999")
        days_told = len(self.event.start or self.event.end or "") == 10
        return "agrees" if inside or days_told else "untold"

    def over(self) -> bool:
        """Whether the time of an event that was only announced is over, as far as the record goes."""
        last = days(self.event.start, self.event.end)[1]
        return last is not None and self.until is not None and last < self.until

    def rank(self) -> tuple[bool, int, int]:
        """What speaks louder: what was held, what agrees in more, what is told more often."""
        return self.event.status == "held", list(self.slots.values()).count("agrees"), len(self.event.told)

    def verdict(self) -> str:
        """The verdict by an event that does not differ from the claim."""
        status = self.event.status
        if status in ("cancelled", "denied") or (status in ("planned", "proposed") and self.over()):
            return "contradicted"
        return "supported" if status == "held" and "untold" not in self.slots.values() else "partly"

    def reasons(self) -> tuple[str, ...]:
        """Why, in words: the status, then slot by slot what differs or is not told."""
        event, out = self.event, []
        if event.status in ("planned", "proposed"):
            never = ", and its time is over: announced, never reported as held" if self.over() else ""
            out.append(f"told as {event.status} only{never}")
        elif event.status != "held":
            out.append(f"told as {event.status}")
        told = {
            "whom": ", ".join(p.name for p in event.participants),
            "where": ", ".join(part for part in (event.place, event.place_country) if part),
            "when": " to ".join(dict.fromkeys(day for day in (event.start, event.end) if day)),
            "did": event.mode or "",
        }
        for slot, found in self.slots.items():
            if found == "differs":
                out.append(f"{slot}: told is {told[slot]}")
            elif found == "untold":
                out.append(f"{slot}: told is no more than {told[slot]}" if told[slot] else f"{slot}: not told")
        return tuple(out)

    def contradicts(self) -> bool:
        """Whether it is the same event told otherwise: for another day near by, or on that day in another country."""
        if self.differs == ["when"]:
            return self.asked.who is not None and self._near()
        return self.differs == ["where"] and self.slots["when"] == "agrees" and self.asked.claim.when is not None

    def _near(self) -> bool:
        first, last = days(self.event.start, self.event.end)
        claimed = [day for day in (self.asked.first, self.asked.last) if day]
        if first is None or last is None or not claimed or len(self.asked.claim.when or "") < 10:
            return False
        told = (date.fromisoformat(first), date.fromisoformat(last))
        return any(min(abs(date.fromisoformat(day) - one) for one in told) <= NEAR for day in claimed)


def _checked(record: Record, claim: Claim, verdict: str, reasons: tuple[str, ...], matches: list[_Match]) -> Checked:
    found = [
        Found(
            report.event,
            report.report,
            report.document,
            span.start,
            span.end,
            span.text,
            report.status,
            told.get(report.report),
        )
        for match in matches
        for told in [{one.report: one.seen for one in match.event.told}]
        for report in record.reports(event=match.event.event)
        for span in report.evidence[:1]
    ]
    return Checked(claim, verdict, reasons, tuple(found[:EVIDENCE]))
