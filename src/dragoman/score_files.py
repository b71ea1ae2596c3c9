"""The files of a measurement: gold in YAML, output in JSON Lines, floors in JSON.

Whatever is wrong with one raises ValueError with one line that names the file and the place in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dragoman.score import Row


def load_gold(paths: Iterable[Path]) -> list[Row]:
    """All documents of gold files, in the order given; a file may hold several."""
    import yaml  # at call time: reading pages does not need it

    rows: list[Row] = []
    for path in paths:
        try:
            found = [row for row in yaml.safe_load_all(path.read_bytes()) if row]
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
            raise ValueError(f"{path}{place}: {error.problem}") from error
        except yaml.YAMLError as error:
            raise ValueError(f"{path}: {error}".replace("\n", " ")) from error
        for row in found:
            fault = _fault(row)
            if fault:
                raise ValueError(f"{path}: {fault}")
        rows.extend(found)
    return rows


def _fault(document: Any) -> str | None:
    """What is wrong with the shape of a document of gold."""
    if not isinstance(document, dict) or not isinstance(document.get("document"), str):
        return "a document without the key `document`"
    name = document["document"]
    for key, needed in (("reports", "kind"), ("facts", "fact")):
        rows = document.get(key) or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return f"{name}: `{key}` is no list of mappings"
        for row in rows:
            parties = row.get("participants") or []
            if needed not in row and "any_kind" not in row:
                return f"{name}: one of the {key} has no `{needed}`"
            if not isinstance(parties, list) or not all(isinstance(party, dict) for party in parties):
                return f"{name}: `participants` is no list of mappings"
    return None


def load_rows(path: Path) -> list[Row]:
    """The lines of `read --to reports` or `read --to facts`."""
    rows: list[Row] = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if line.strip():
            row = _json(line, f"{path}, line {number}")
            if not isinstance(row, dict) or not isinstance(row.get("document"), str):
                raise ValueError(f"{path}, line {number}: no report or fact")
            rows.append(row)
    return rows


def load_floors(path: Path) -> dict[str, float]:
    """The lowest figures that are accepted, by name."""
    floors = _json(path.read_bytes(), str(path))
    if not isinstance(floors, dict) or not all(isinstance(floor, int | float) for floor in floors.values()):
        raise ValueError(f"{path}: wanted are names of figures and numbers")
    return floors


def _json(data: bytes, place: str) -> Any:
    try:
        return json.loads(data.decode("utf-8"))
    except json.JSONDecodeError as error:
        inner = f", line {error.lineno}" if error.lineno > 1 else ""
        raise ValueError(f"{place}{inner}, column {error.colno}: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{place}: not UTF-8") from error
    except RecursionError as error:
        raise ValueError(f"{place}: nested too deeply") from error


def below_floors(figures: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """One line for each figure that fell below its floor or is not measured any more."""
    return [
        f"{name} is {figures.get(name, 'not measured')}, its floor is {floor}"
        for name, floor in floors.items()
        if figures.get(name, float("-inf")) < floor
    ]


def raised(figures: Mapping[str, float], floors: Mapping[str, float]) -> dict[str, float]:
    """The floors after a better measurement: each the higher of the two, none lost."""
    return {name: max(figures.get(name, 0), floors.get(name, 0)) for name in {**floors, **figures}}
