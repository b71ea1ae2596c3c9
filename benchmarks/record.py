#!/usr/bin/env python3
"""How fast a record answers: makes one of invented reports, and asks it what users ask.

    python benchmarks/record.py FILE [--reports 1000000]

FILE is made if it is not there. The reports go in through the code that `dragoman load` writes with. Each question is
asked twice, the time of the second is shown (the file is then in memory as far as it fits), with the first in brackets.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dragoman.article import Article
from dragoman.model import Evidence, Participant, Reading, Report, model
from dragoman.store.ask import Query, codes, count_events, find_documents, find_events, find_reports
from dragoman.store.file import connect, transaction
from dragoman.store.linking import Links
from dragoman.store.rows import documents, events, reports
from dragoman.store.write import Keeper, Page, standing

CODES = sorted(set(codes().values()))
CHARACTERS = [chr(code) for code in range(0x4E00, 0x5600)]
AGENCIES = [f"通讯社{number}" for number in range(40)]
PER_PAGE, PER_EVENT = 3, 2
MODES = {kind.name: kind.modes or (None,) for kind in model().kinds.values()}


def names(dice: random.Random, count: int) -> list[tuple[str, str]]:
    """People with their countries; the first are the ones of whom most is told."""
    made = ["".join(dice.choices(CHARACTERS, k=dice.choice((2, 3, 3, 5)))) for _ in range(count)]
    return [(name, CODES[min(int(dice.expovariate(0.05)), len(CODES) - 1)]) for name in made]


def happened(dice: random.Random, people: list[tuple[str, str]]) -> dict[str, Any]:
    """One event: two or three people and a day."""
    who = [people[min(int(dice.expovariate(1 / 2000)), len(people) - 1)] for _ in range(dice.choice((2, 2, 3)))]
    kind = dice.choice(("visit", "meeting", "meeting", "meeting", "call", "agreement", "message"))
    role = {"visit": "visitor", "message": "sender"}.get(kind, "party")
    start = (date(2000, 1, 1) + timedelta(dice.randrange(9000))).isoformat() if dice.random() < 0.9 else None
    said = [kind, start, *(name for name, _ in who)]
    return {
        "event": hashlib.blake2b("|".join(map(str, said)).encode(), digest_size=8).hexdigest(),
        "kind": kind,
        "mode": dice.choice(MODES[kind]),
        "status": dice.choice(("held", "held", "held", "planned", "proposed")),
        "start": start,
        "place_country": who[-1][1],
        "participants": [Participant(name, role, "person", code, "部长") for name, code in who],
    }


def pages(count: int) -> Iterator[tuple[Page, Reading]]:
    """Pages with three reports each, of events that two pages tell on average."""
    dice = random.Random(1)
    people = names(dice, 20_000)
    recent: list[dict[str, Any]] = []
    for number in range(count // PER_PAGE):
        told = []
        for _ in range(PER_PAGE):
            if not recent or dice.random() < 1 / PER_EVENT:
                recent.append(happened(dice, people))
                del recent[:-500]
            told.append(dice.choice(recent))
        lines = ["".join(f"{p.name}部长" for p in event["participants"]) + "举行会谈。" for event in told]
        text = "".join(lines) + "".join(dice.choices(CHARACTERS, k=60)) + ("越南" if number % 3 else "防务合作")
        identity, day = f"page-{number}", told[0]["start"]
        found = [
            Report(
                document=identity,
                item="main",
                name=None,
                end=event["start"],
                place=None,
                amount=None,
                currency=None,
                confidence=0.9,
                evidence=[Evidence(0, 10, text[:10])],
                rule="invented",
                **event,
            )
            for event in {event["event"]: event for event in told}.values()
        ]
        article = Article(identity, text, text[:12], day, agency=dice.choice(AGENCIES))
        item = {"item": "main", "title": text[:12], "published": day, "start": 0, "end": len(text)}
        line = {"title": text[:12], "published": day, "published_basis": "metadata", "agency": article.agency}
        yield Page.of(article, "invented"), Reading({**line, "language": "zh", "text": text, "items": [item]}, found)


def make(path: Path, count: int) -> None:
    """Write the record, a thousand pages a transaction."""
    with closing(connect(path, write=True, create=True)) as database:
        database.execute("INSERT INTO loads (started, reader, paths, counts) VALUES ('', '', '[]', '{}')")
        waiting = pages(count)
        links = Links(database)
        began, done = time.perf_counter(), 0
        more = True
        while more:
            with transaction(database):
                keeper = Keeper(database, "0 zh-0-0", 1, links)
                more = False
                for _, (page, reading) in zip(range(1000), waiting, strict=False):
                    keeper.keep(page, standing(database, page, "0 zh-0-0"), reading)
                    done, more = done + len(reading.reports), True
                keeper.finish()
            if done % 50_000 < 3000:
                print(f"{done:>9,} reports, {done / (time.perf_counter() - began):,.0f} a second", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--reports", type=int, default=1_000_000)
    arguments = parser.parse_args()
    if not arguments.file.exists():
        make(arguments.file, arguments.reports)
    with closing(connect(arguments.file, write=False)) as database:
        common, second = CODES[0], CODES[1]
        (person,) = database.execute(
            "SELECT n.name FROM participants p JOIN names n ON n.id = p.who "
            "GROUP BY n.id ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
        asked = {
            "nothing": Query(),
            "person": Query(person=person),
            "part of a name": Query(person=person[0]),
            "country": Query(countries=(common,)),
            "pair": Query(countries=(common, second)),
            "kind": Query(kind="meeting"),
            "status": Query(status="planned"),
            "period": Query(period="2013-05"),
            "common text": Query(text="越南"),
            "one character": Query(text="越"),
            "rare text": Query(text=person),
            "agency": Query(agency=AGENCIES[7]),
            "all agencies": Query(agency="通讯社"),
            "pair, kind, status, period": Query(
                countries=(common, second), kind="meeting", status="held", period="2001/2020"
            ),
            "country, text, agency": Query(countries=(common,), text="越南", agency="通讯社1"),
        }
        print(f"{'question':<28}{'events':>10}   events, their reports, their pages, the count: seconds")
        for name, query in asked.items():
            figures = []
            for find, values in ((find_events, events), (find_reports, reports), (find_documents, documents)):
                took = []
                for _ in range(2):
                    start = time.perf_counter()
                    values(database, [row for row, _ in zip(find(database, query), range(100), strict=False)])
                    took.append(time.perf_counter() - start)
                figures.append(f"{took[1]:.3f} ({took[0]:.3f})")
            start = time.perf_counter()
            count = count_events(database, query)
            print(f"{name:<28}{count:>10,}   {'  '.join(figures)}  {time.perf_counter() - start:.3f}", flush=True)


if __name__ == "__main__":
    main()
