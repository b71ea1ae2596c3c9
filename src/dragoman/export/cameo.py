"""Ordered pairs of countries with CAMEO codes: a table of our own with other data sets' country codes, and the 20
columns of ICEWS. A visit is two rows, 042 and 043; pairs of a conference only on request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from dragoman.export.base import Bundle, Tally, joined, precision, whole_day
from dragoman.export.codes import coded, dyads, state
from dragoman.export.separated import Rows
from dragoman.model import model

HEADER = (
    *("id", "event", "start", "end", "date_precision", "source", "target", "source_cow", "target_cow", "source_gw"),
    *("target_gw", "cameo", "goldstein", "kind", "mode", "status", "place_country", "reports", "first_told", "url"),
    *("codebook", "version"),
)
ICEWS = (
    *("event_id", "event_date", "source_name", "source_sectors", "source_country", "event_text", "cameo_code"),
    *("intensity", "target_name", "target_sectors", "target_country", "story_id", "sentence_number", "publisher"),
    *("city", "district", "province", "country", "latitude", "longitude"),
)


def _pairs(
    bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any]
) -> Iterator[tuple[Bundle, str, str, str, str, float]]:
    """Each ordered pair: its bundle, its id (that of the event with the place of the pair), source, target, code and
    Goldstein value."""
    for bundle in bundles:
        code = coded(bundle.event).cameo
        if code is None:
            event = bundle.event
            tally.leave_out(f"{event.kind} {event.mode or ''} {event.status}: no CAMEO code".replace("  ", " "))
            continue
        pairs = dyads(bundle.event, conferences=options.get("conferences", False))
        if not pairs:
            asked = bundle.event.kind == "conference" and not options.get("conferences", False)
            tally.leave_out("a conference (its pairs on request)" if asked else "no pair of two countries")
        for n, (source, target, back) in enumerate(pairs, 1):
            other = back and "back" in code
            value = code["back_goldstein"] if other else code["goldstein"]
            yield bundle, f"{bundle.event.event}-{n}", source, target, code["back"] if other else code["code"], value


def write(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """All pairs, with days as precise as they are known."""
    table = Rows(out, HEADER)
    for bundle, pair, source, target, code, goldstein in _pairs(bundles, tally, options):
        event = bundle.event
        tally.rows += 1
        table.add(
            {
                "id": pair,
                "event": event.event,
                "start": event.start,
                "end": event.end,
                "date_precision": precision(event.start),
                "source": source,
                "target": target,
                "source_cow": state(source).cow,
                "target_cow": state(target).cow,
                "source_gw": state(source).gw,
                "target_gw": state(target).gw,
                "cameo": code,
                "goldstein": goldstein,
                "kind": event.kind,
                "mode": event.mode,
                "status": event.status,
                "place_country": event.place_country,
                "reports": len(bundle.reports),
                "first_told": event.told[0].seen if event.told else None,
                "url": bundle.pages[bundle.reports[0].document].url,
                "codebook": f"dragoman {model().version}",
                "version": joined(page.reader for page in bundle.pages.values()),
            }
        )
    table.close()


def write_icews(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """Pairs whose day is known, under ICEWS' headers, tab-separated. event_id is unique here; sectors, numbers
    of sentences and coordinates stay empty."""
    table = Rows(out, ICEWS, tabs=True)
    undated: set[str] = set()
    for bundle, pair, source, target, code, goldstein in _pairs(bundles, tally, options):
        event, day = bundle.event, whole_day(bundle.event)
        if day is None:
            if event.event not in undated:
                tally.leave_out("no day is known")
            undated.add(event.event)
            continue
        tally.rows += 1
        first = bundle.reports[0]
        table.add(
            {
                "event_id": pair,
                "event_date": day,
                "source_name": _who(bundle, source),
                "source_country": source,
                "event_text": bundle.evidence(),
                "cameo_code": code,
                "intensity": goldstein,
                "target_name": _who(bundle, target),
                "target_country": target,
                "story_id": first.document,
                "publisher": bundle.pages[first.document].agency,
                "city": event.place,
                "country": event.place_country,
            }
        )
    table.close()


def _who(bundle: Bundle, code: str) -> str:
    return joined(p.name for p in bundle.event.participants if p.country == code)
