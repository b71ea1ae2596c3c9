"""Exports written as XML: an Atom feed of the newest events, and a GraphML of who met whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any, BinaryIO
from xml.etree import ElementTree as ET

from dragoman.export.base import Bundle, Tally, precision
from dragoman.export.calendar_file import summary
from dragoman.model import Participant

ATOM = "http://www.w3.org/2005/Atom"
GRAPHML = "http://graphml.graphdrawing.org/xmlns"
#: A feed has so many entries at most.
ENTRIES = 500
#: Events at which those who take part meet.
MET = frozenset({"meeting", "call", "conference", "visit"})
#: Characters that XML cannot hold.
_CONTROL = {code: None for code in range(32) if chr(code) not in "\t\n\r"} | {0xFFFE: None, 0xFFFF: None}


def write_atom(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """The events told of last, the newest first. An entry's time is the day on which it was last told."""
    told = [(bundle.event.told[-1].seen or "", bundle) for bundle in bundles if bundle.event.told]
    known = sorted(
        ((seen, bundle) for seen, bundle in told if precision(seen) == "day"),
        key=lambda entry: (entry[0], entry[1].event.event),
        reverse=True,
    )
    for _ in range(len(told) - len(known)):
        tally.leave_out("told on no known day")
    for _ in known[ENTRIES:]:
        tally.leave_out(f"older than the newest {ENTRIES}")
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", "urn:dragoman:record")
    _add(feed, "title", "Dragoman")
    _add(feed, "updated", f"{known[0][0] if known else '1970-01-01'}T00:00:00Z")
    for seen, bundle in known[:ENTRIES]:
        tally.rows += 1
        page = bundle.pages[bundle.reports[-1].document]
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _add(entry, "id", f"urn:dragoman:event:{bundle.event.event}")
        _add(entry, "title", f"{summary(bundle)} ({bundle.event.status})")
        _add(entry, "updated", f"{seen}T00:00:00Z")
        author = ET.SubElement(entry, f"{{{ATOM}}}author")
        _add(author, "name", page.agency or "unknown")
        ET.SubElement(entry, f"{{{ATOM}}}category", term=bundle.event.kind)
        if page.url:
            ET.SubElement(entry, f"{{{ATOM}}}link", href=page.url)
        _add(entry, "content", bundle.evidence())
    _write(feed, out)


def write_graphml(bundles: Iterable[Bundle], tally: Tally, options: Mapping[str, Any], out: BinaryIO) -> None:
    """Persons as nodes; between two of different countries an edge, with how often and when first and last they met,
    talked or were together at a gathering. Only what was held counts."""
    people: dict[str, Participant] = {}
    edges: dict[tuple[str, str], list[str | None]] = {}
    for bundle in bundles:
        event = bundle.event
        if event.kind not in MET or event.status != "held":
            continue
        present = {f"{p.name}|{p.country or ''}": p for p in event.participants if p.kind == "person"}
        for one, other in combinations(sorted(present), 2):
            if present[one].country != present[other].country:
                people |= {one: present[one], other: present[other]}
                edges.setdefault((one, other), []).append(event.start)
    ET.register_namespace("", GRAPHML)
    root = ET.Element(f"{{{GRAPHML}}}graphml")
    keys = {
        "node": {"name": "string", "country": "string", "post": "string"},
        "edge": {"weight": "int", "first": "string", "last": "string"},
    }
    for domain, names in keys.items():
        for name, sort in names.items():
            attributes = {"id": name, "for": domain, "attr.name": name, "attr.type": sort}
            ET.SubElement(root, f"{{{GRAPHML}}}key", attributes)
    graph = ET.SubElement(root, f"{{{GRAPHML}}}graph", edgedefault="undirected")
    number = {who: f"n{n}" for n, who in enumerate(sorted(people))}
    for who, identity in number.items():
        node = ET.SubElement(graph, f"{{{GRAPHML}}}node", id=identity)
        party = people[who]
        _data(node, name=party.name, country=party.country, post=party.post)
    for (one, other), days in sorted(edges.items()):
        tally.rows += 1
        edge = ET.SubElement(graph, f"{{{GRAPHML}}}edge", source=number[one], target=number[other])
        known = sorted(day for day in days if day and precision(day) != "unknown")
        _data(edge, weight=str(len(days)), first=known[0] if known else None, last=known[-1] if known else None)
    _write(root, out)


def _data(parent: ET.Element, **values: str | None) -> None:
    for name, value in values.items():
        if value is not None:
            ET.SubElement(parent, f"{{{GRAPHML}}}data", key=name).text = value.translate(_CONTROL)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = text.translate(_CONTROL)


def _write(root: ET.Element, out: BinaryIO) -> None:
    ET.indent(root)
    ET.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
