"""Events under the 40 column headers of POLECAT, tab-separated, several values in a cell with semicolons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from dragoman.export.base import Bundle, Tally, joined
from dragoman.export.codes import ACTED_ON, state
from dragoman.export.plover import line_of
from dragoman.export.separated import Rows
from dragoman.model import Participant

_OF_ACTOR = ("{} Name", "{} Country", "{} COW", "Primary {} Sector", "{} Sectors", "{} Title", "{} Name Raw")
HEADER = (
    *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts"),
    *(name.format("Actor") for name in _OF_ACTOR),
    "Wikipedia Actor ID",
    *(name.format("Recipient") for name in _OF_ACTOR),
    "Wikipedia Recipient ID",
    *("Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename"),
    *("Feature Type", "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations"),
    *("Language", "Version"),
)


def write(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """Events with a PLOVER type and a known day. Sectors, Wikipedia ids and coordinates stay empty: the record has
    none."""
    table = Rows(out, HEADER, tabs=True)
    for bundle in bundles:
        line = line_of(bundle, tally)
        if line is not None:
            tally.rows += 1
            table.add(_row(bundle, line))
    table.close()


def _row(bundle: Bundle, line: Mapping[str, Any]) -> dict[str, Any]:
    event = bundle.event
    pages = list(bundle.pages.values())
    acting = [p for p in event.participants if p.role not in ACTED_ON]
    acted_on = [p for p in event.participants if p.role in ACTED_ON]
    received = {"Recipient Country": event.place_country, "Recipient COW": state(event.place_country).cow_letters}
    return {
        "Event ID": event.event,
        "Event Date": line["date"],
        "Event Type": line["event"],
        "Event Mode": line["mode"],
        "Intensity": line["event_scale"],
        "Quad Code": line["quad_code"],
        "Contexts": joined(line["context"]),
        **_party("Actor", acting),
        **(_party("Recipient", acted_on) if acted_on or event.kind != "visit" else received),
        "Placename": event.place,
        "Country": event.place_country,
        "Raw Placename": event.place,
        "Source": joined(page.agency for page in pages),
        "Publication Date": pages[0].published,
        "Story People": joined(p.name for p in event.participants if p.kind == "person"),
        "Story Organizations": joined(p.name for p in event.participants if p.kind == "organisation"),
        "Story Locations": event.place,
        "Language": joined(page.language for page in pages),
        "Version": joined(page.reader for page in pages),
    }


def _party(what: str, parties: list[Participant]) -> dict[str, str]:
    return {
        f"{what} Name": joined(p.name for p in parties),
        f"{what} Country": joined(p.country for p in parties),
        f"{what} COW": joined(state(p.country).cow_letters for p in parties),
        f"{what} Title": joined(p.post for p in parties),
        f"{what} Name Raw": joined(p.name for p in parties),
    }
