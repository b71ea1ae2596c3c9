"""Confidence is what docs/confidence.md says: the shares stand there, and each is tried alone and together."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dragoman.context import Event, Party
from dragoman.reading import confidence

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "confidence.md").read_text("utf-8")
SHARES = {what: int(share) / 100 for what, share in re.findall(r"^\| (.+?) \| (\d+) % \|$", PAGE, re.MULTILINE)}

HOST = Party("日本", "party", "country", "JPN")
OPEN = replace(HOST, country=None)
UNSURE = replace(HOST, sure=False)

INFERRED: dict[str, dict[str, Any]] = {
    "the subject was carried over from a sentence before": {"carried": True},
    "a participant's country could not be told": {"parties": [OPEN]},
    "a participant's own words do not tell a country, here or elsewhere on the page": {"parties": [UNSURE]},
    "nothing at the event dates it": {"dated": False},
    "it is only proposed": {"status": "proposed"},
}


def event(**fields: Any) -> Event:
    plain: dict[str, Any] = dict.fromkeys(("mode", "name", "start", "end", "place", "place_country"))
    rest: dict[str, Any] = {"status": "held", "parties": [HOST], "spans": [(0, 9)], "rule": "r", "sentence": 0}
    return Event(**(plain | rest | {"kind": "meeting", "dated": True, "carried": False} | fields))


def test_the_page_names_all_that_is_inferred() -> None:
    assert set(SHARES) == set(INFERRED)
    assert f"starts at {confidence(event())};" in PAGE.replace("\n", " ")


@pytest.mark.parametrize("what", INFERRED)
def test_each_inference_takes_its_share(what: str) -> None:
    assert confidence(event(**INFERRED[what])) == round(0.97 * SHARES[what], 3)


def test_shares_add_up() -> None:
    everything = event(carried=True, dated=False, status="proposed", parties=[OPEN, UNSURE])
    total = 0.97
    for share in SHARES.values():
        total *= share
    assert confidence(everything) == round(total, 3)


@pytest.mark.parametrize(("tellings", "value"), [(1, 0.97), (2, 0.985), (3, 0.9925), (4, 0.9925), (9, 0.9925)])
def test_being_told_again_gives_half_of_the_rest_back_at_most_twice(tellings: int, value: float) -> None:
    assert confidence(event(tellings=tellings)) == pytest.approx(value, abs=0.001)
