"""Codes of states and of kinds of event in other data sets, from codes.tsv and mappings.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from dragoman.store import Event

#: Roles that act and roles that are acted upon; all others take part alike.
ACTING = frozenset({"visitor", "sender", "donor", "actor"})
ACTED_ON = frozenset({"host", "recipient", "target"})


@dataclass(frozen=True, slots=True)
class State:
    """A state's codes: Correlates of War (number, letters) and Gleditsch-Ward (number); all as strings."""

    cow: str
    cow_letters: str
    gw: str


@dataclass(frozen=True, slots=True)
class Coded:
    """An event in other code books. `plover` has type, mode, score, quad, context; `cameo` code, goldstein, and what
    the other side does (back, back_goldstein) if that is another code. None: it has no place there."""

    plover: Mapping[str, Any] | None
    cameo: Mapping[str, Any] | None


@lru_cache(maxsize=1)
def states() -> dict[str, State]:
    """The states by their ISO 3166-1 alpha-3 code."""
    lines = files(__package__).joinpath("codes.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {iso3: State(*codes) for iso3, *codes in rows[1:]}


def state(iso3: str | None) -> State:
    """The codes of a country; empty strings where a list has none (organisations, territories)."""
    return states().get(iso3 or "", State("", "", ""))


@lru_cache(maxsize=1)
def mappings() -> list[dict[str, Any]]:
    """The lines of mappings.toml, in the order in which they are tried."""
    return list(tomllib.loads(files(__package__).joinpath("mappings.toml").read_text("utf-8"))["line"])


def coded(event: Event) -> Coded:
    """What an event is in PLOVER and CAMEO, by its kind, mode, status and where it took place."""
    status = "plan" if event.status in ("planned", "proposed") else event.status
    sides = {p.country for p in event.participants if p.country}
    where = None
    if event.place_country is not None:
        where = "at home" if event.place_country in sides else "third"
    for line in mappings():
        if event.kind not in line["kind"] or status not in line["status"]:
            continue
        if event.mode not in line.get("mode", [event.mode]) or line.get("where", where) != where:
            continue
        return Coded(line.get("plover"), line.get("cameo"))
    return Coded(None, None)


def dyads(event: Event, *, conferences: bool = False) -> list[tuple[str, str, bool]]:
    """The ordered pairs of countries of an event, each with whether it is the way back (the host's side of a visit).

    Who acts comes first; where all take part alike, each pair stands both ways. A conference has pairs only on request.
    """
    if event.kind == "conference" and not conferences:
        return []
    acting = _countries(event, ACTING)
    acted_on = _countries(event, ACTED_ON)
    if event.kind == "visit" and event.place_country:
        acted_on = [event.place_country]
    if event.kind in ("conference", "meeting", "call", "agreement", "relations", "exercise") or not acting:
        everybody = _countries(event, None)
        if event.kind == "meeting" and event.place_country in everybody:  # the guest goes to the host
            guests = [code for code in everybody if code != event.place_country]
            return [
                pair
                for code in guests
                for pair in ((code, event.place_country, False), (event.place_country, code, True))
            ]
        return [(one, other, False) for one in everybody for other in everybody if one != other]
    pairs = [(one, other, False) for one in acting for other in acted_on if one != other]
    if event.kind == "visit":
        pairs = [pair for one, other, _ in pairs for pair in ((one, other, False), (other, one, True))]
    return pairs


def _countries(event: Event, roles: frozenset[str] | None) -> list[str]:
    """The countries of those who have one of these roles (None: any), each once, in their order."""
    found = (p.country for p in event.participants if roles is None or p.role in roles)
    return list(dict.fromkeys(code for code in found if code))
