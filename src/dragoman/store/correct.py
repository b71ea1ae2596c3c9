"""Corrected fields of reports: the row holds what is right by the judgements in force, `originals` what was read."""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from dragoman import edtf
from dragoman.fold import fold
from dragoman.model import model
from dragoman.store.ask import codes
from dragoman.store.file import QueryError
from dragoman.store.ids import digest
from dragoman.store.verdicts import Judgement

SCALARS = (*("kind", "mode", "status", "name", "start", "end", "place", "place_country", "amount", "currency", "post"),)
#: What can be corrected, by the names of the codebook.
FIELDS = (*SCALARS, "participants")
#: Fields that only reports of one kind have.
ONLY = {"amount": "aid", "currency": "aid", "post": "appointment"}
_PARTICIPANT = ("name", "role", "kind", "country", "post")
_PARTICIPANT_KINDS = ("person", "organisation", "country")


def parsed(field: str, value: str | None) -> Any:
    """The value of a field from its text; QueryError if no report can have it."""
    if field not in FIELDS:
        raise QueryError(f"a report has no field {field} to correct; there are {', '.join(FIELDS)}")
    if value is None:
        if field in ("kind", "status", "participants"):
            raise QueryError(f"{field} cannot be empty")
        return None
    if not value.strip() or len(value.splitlines()) != 1:
        raise QueryError(f"{field} wants one line of text, or null for nothing")
    if field == "amount":
        return _amount(value)
    if field == "participants":
        return _participants(value)
    if field in ("start", "end") and edtf.parse(value) is None:
        raise QueryError(f"{field} {value} is no day, month or year in EDTF, such as 2019-03-04, 2019-03 or XXXX-03-04")
    if field == "currency" and not re.fullmatch("[A-Z]{3}", value):
        raise QueryError(f"currency {value} is no code of ISO 4217, such as USD")
    if field == "place_country":
        _country(value)
    known = {"kind": tuple(model().kinds), "status": model().statuses}.get(field)
    if known and value not in known:
        raise QueryError(f"there is no {field} {value}; there are {', '.join(known)}")
    return value


def _amount(value: str) -> int | float:
    try:
        amount = int(value) if re.fullmatch("[0-9]+", value) else float(value)
    except ValueError:
        amount = math.nan
    if not math.isfinite(amount) or not 0 <= amount < 2**63:
        raise QueryError(f"amount {value} is no plain number")
    return amount


def _country(code: str) -> None:
    if code not in codes().values():
        raise QueryError(f"there is no country {code}; give an ISO 3166-1 code of three letters")


def _participants(value: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise QueryError('participants wants a JSON list such as [{"name": "...", "role": "host", "country": "VNM"}]')
    for one in found:
        strange = [name for name in one if name not in _PARTICIPANT]
        if strange or not all(value is None or (isinstance(value, str) and value) for value in one.values()):
            raise QueryError(f"a participant has {', '.join(_PARTICIPANT)}, each of them text")
        if not one.get("name") or not one.get("role"):
            raise QueryError("a participant has a name and a role")
        if one.get("kind", "person") not in _PARTICIPANT_KINDS:
            raise QueryError(f"a participant is {', '.join(_PARTICIPANT_KINDS)}, not {one['kind']}")
        if one.get("country"):
            _country(one["country"])
    return [{"kind": "person", "country": None, "post": None, **one} for one in found]


def fits(field: str, values: Mapping[str, Any]) -> None:
    """Whether a report can have this field beside its others; QueryError if not, with what to do first."""
    kind, value = model().kinds[values["kind"]], values[field]
    if field in ("kind", "mode") and values["mode"] is not None and values["mode"] not in kind.modes:
        first = "; correct its mode first, to null" if field == "kind" else ""
        raise QueryError(f"{kind.name} has no mode {values['mode']}, only {', '.join(kind.modes) or 'none'}{first}")
    if field in ("kind", "participants"):
        for one in values["participants"]:
            if one["role"] not in kind.roles:
                first = "; correct its participants first, to [] if need be" if field == "kind" else ""
                raise QueryError(f"{kind.name} has no role {one['role']}, only {', '.join(kind.roles)}{first}")
    if value is not None and ONLY.get(field, kind.name) != kind.name:
        raise QueryError(f"only reports of {ONLY[field]} have the field {field}")
    if field in ("start", "end"):
        start, end = edtf.parse(values["start"]), edtf.parse(values["end"])
        if start and end and start.earliest and end.latest and start.earliest > end.latest:
            other = "end" if field == "start" else "start"
            raise QueryError(f"start {values['start']} lies behind end {values['end']}; correct the {other} first")


def correct(database: sqlite3.Connection, row: int, said: Sequence[Judgement]) -> list[tuple[Judgement, QueryError]]:
    """Bring a report to what its corrections make of what was read; those that do not fit it are given back."""
    held = values_of(database, row)
    read = held | originals(database, row)
    wanted, refused = dict(read), []
    for one in said:
        try:
            tried = wanted | {str(one.field): parsed(str(one.field), one.value)}
            fits(str(one.field), tried)
            wanted = tried
        except QueryError as error:
            refused.append((one, error))
    for field in FIELDS:
        if wanted[field] != held[field]:
            _write(database, row, field, wanted[field])
    database.execute("DELETE FROM originals WHERE report = ?", (row,))
    database.executemany(
        "INSERT INTO originals (report, field, value) VALUES (?, ?, ?)",
        [(row, f, json.dumps(read[f], ensure_ascii=False)) for f in FIELDS if read[f] != wanted[f]],
    )
    return refused


def originals(database: sqlite3.Connection, row: int) -> dict[str, Any]:
    """What was read where the report is corrected now, by field."""
    rows = database.execute("SELECT field, value FROM originals WHERE report = ? ORDER BY field", (row,))
    return {field: json.loads(value) for field, value in rows}


def values_of(database: sqlite3.Connection, row: int) -> dict[str, Any]:
    """All fields of a report as they stand."""
    names = ", ".join(f'"{name}"' for name in SCALARS)
    found = database.execute(f"SELECT {names} FROM reports WHERE id = ?", (row,)).fetchone()
    parties = database.execute(
        "SELECT n.name, p.role, n.kind, n.country, p.post FROM participants p JOIN names n ON n.id = p.who "
        "WHERE p.report = ? ORDER BY p.n",
        (row,),
    )
    participants = [dict(zip(_PARTICIPANT, party, strict=True)) for party in parties]
    return {**dict(zip(SCALARS, found, strict=True)), "participants": participants}


def _write(database: sqlite3.Connection, row: int, field: str, value: Any) -> None:
    if field != "participants":
        database.execute(f'UPDATE reports SET "{field}" = ? WHERE id = ?', (value, row))
        return
    before = [who for (who,) in database.execute("SELECT who FROM participants WHERE report = ?", (row,))]
    database.execute("DELETE FROM participants WHERE report = ?", (row,))
    database.executemany(
        "INSERT INTO participants (report, n, role, who, post) VALUES (?, ?, ?, ?, ?)",
        [
            (row, number, one["role"], name_number(database, one["name"], one["country"], one["kind"]), one["post"])
            for number, one in enumerate(value)
        ],
    )
    drop_names(database, before)


def name_number(database: sqlite3.Connection, name: str, country: str | None, kind: str) -> int:
    """The row of a spelling, made if there is none."""
    found = database.execute(
        "SELECT id FROM names WHERE name = ? AND kind = ? AND ifnull(country, '') = ?", (name, kind, country or "")
    ).fetchone()
    if found:
        return int(found[0])
    made = database.execute(
        "INSERT INTO names (name, folded, country, kind, person) VALUES (?, ?, ?, ?, ?)",
        (name, fold(name).lower(), country, kind, digest(kind, country, name)),
    )
    return int(made.lastrowid or 0)


def drop_names(database: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Forget those of these spellings that nobody bears now."""
    database.execute(
        "DELETE FROM names WHERE id IN (SELECT value FROM json_each(?)) "
        "AND NOT EXISTS (SELECT 1 FROM participants p WHERE p.who = names.id)",
        (json.dumps(sorted(rows)),),
    )
