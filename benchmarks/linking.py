"""How right linking is on labelled reports, and how its time grows: `python benchmarks/linking.py --help`.

    python benchmarks/linking.py pages PAGES     archive pages that tell the same events on several days
    python benchmarks/linking.py growth          synthetic reports: time per report at 100,000 and 1,000,000

`pages` needs the pages themselves (a WARC or JSONL file of the broadcaster's archive); link_archive.tsv holds their
addresses and, for each labelled report, what finds it on its page again, but no text.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from dragoman.batch import read_all
from dragoman.link import Claim, Linker
from dragoman.link.claims import Party, claims_of
from dragoman.link.cluster import Memory
from dragoman.sources import SourceOptions, open_paths

LABELS = Path(__file__).parent / "link_archive.tsv"


def pairs(labels: Iterable[tuple[str, str]]) -> tuple[int, int, int]:
    """Pairs of reports that are one event: by the labels, by the linker, by both. Each row is (label, event)."""
    rows = list(labels)
    counts = (Counter(label for label, _ in rows), Counter(event for _, event in rows), Counter(rows))
    gold, system, both = (sum(size * (size - 1) // 2 for size in counter.values()) for counter in counts)
    return gold, system, both


def name_hash(name: str | None) -> str:
    return hashlib.blake2b(name.encode(), digest_size=2).hexdigest() if name else "-"


def likeness(label: dict[str, str], claim: Claim) -> float:
    """How well a report agrees with what a label says of it; 0 if it is of another kind."""
    if claim.kind != label["kind"]:
        return 0.0
    sides = {p.country for p in claim.parties if p.country}
    wanted = set(label["countries"].split(",")) - {"-"}
    told = (claim.start or "-", claim.end or "-", claim.place_country or "-", name_hash(claim.name))
    same = sum(a == b for a, b in zip(told, (label[k] for k in ("start", "end", "place_country", "name")), strict=True))
    return 1 + same + 2 * len(sides & wanted) / max(1, len(sides | wanted))


def pages(paths: list[Path], show: bool) -> None:
    """Read the pages, link all their reports, and compare the labelled ones."""
    claims: list[Claim] = []
    for outcome in read_all(open_paths(paths, SourceOptions()), jobs=2):
        if outcome.reading is None:
            continue
        document = outcome.reading.document
        published = {(document["document"], item["item"]): item["published"] for item in document["items"]}
        claims += claims_of([report.to_json() for report in outcome.reading.reports], published)
    claims.sort(key=lambda claim: claim.published or "")
    shelf = Memory()
    linker = Linker(shelf=shelf)
    begun = time.perf_counter()
    for claim in claims:
        linker.add(claim)
    spent = time.perf_counter() - begun
    event = {key: name for name, profile in shelf.profiles.items() for key in profile.reports}
    on_page: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        on_page[claim.document, claim.item].append(claim)
    found: list[tuple[str, str]] = []
    missing = 0
    with LABELS.open(encoding="utf-8") as stream:
        for label in csv.DictReader(stream, delimiter="\t"):
            near = on_page.get((label["document"], label["item"]), [])
            best = max(near, key=lambda claim: likeness(label, claim), default=None)
            if best is None or likeness(label, best) < 3:
                missing += 1
                continue
            found.append((label["event"], event[best.key]))
    gold, system, both = pairs(found)
    print(f"{len(claims)} reports of {len(shelf.profiles)} events, linked in {spent:.1f} s")
    print(f"{len(found)} labelled reports of {len({label for label, _ in found})} events ({missing} not found again)")
    print(f"pairs: precision {both / system:.3f}, recall {both / gold:.3f} ({gold} pairs)")
    if show:
        split = defaultdict(Counter)
        joined = defaultdict(Counter)
        for label, name in found:
            split[label][name] += 1
            joined[name][label] += 1
        print("one event in several:", {k: dict(v) for k, v in split.items() if len(v) > 1})
        print("several events in one:", {k: dict(v) for k, v in joined.items() if len(v) > 1})


def synthetic(count: int, seed: int = 1) -> Iterator[Claim]:
    """So many invented reports in the order of their days: three of an event on average, 200 countries, their leaders
    and ministers. More reports are more years of news, at the same number of events a day."""
    draw = random.Random(seed)
    people = {code: [f"{code.lower()}{n:02d}" for n in range(12)] for code in (f"{a:03d}" for a in range(200))}
    codes = list(people)
    weights = [1 / (rank + 1) for rank in range(len(codes))]
    day = date(1950, 1, 1)
    made = 0
    while made < count:
        day += timedelta(days=draw.random() < 0.02)
        one, other = draw.choices(codes, weights, k=2)
        if one == other:
            continue
        kind = draw.choices(("meeting", "visit", "call", "message"), (6, 2, 1, 1))[0]
        roles = {"visit": ("visitor", "host"), "message": ("sender", "recipient")}.get(kind, ("party", "party"))
        first, second = draw.choice(people[one]), draw.choice(people[other])
        event = f"{made:016x}"
        for n in range(draw.randint(1, 5)):
            told = day + timedelta(days=draw.choice((-5, 0, 0, 1, 2)))
            start = None if draw.random() < 0.3 else day.isoformat()
            parties = (
                Party(first, roles[0], "person", one, None),
                Party(second, roles[1], "person", other, None),
            )
            status = "planned" if told < day else "held"
            place = other if kind != "message" else None
            yield Claim(
                *(f"{event}.{n}", f"d{event}.{n}", "main", event, kind, None, status, None, None, place, parties),
                *(None, None, None, start, start if kind != "visit" else None, told.isoformat()),
            )
            made += 1


def growth(sizes: list[int]) -> None:
    """Processor time per report for each size, over the last tenth of the reports."""
    before = None
    for size in sizes:
        linker = Linker(shelf=Memory())
        last = 0.0
        for number, claim in enumerate(synthetic(size)):
            if number == size * 9 // 10:
                last = time.process_time()
            linker.add(claim)
        each = (time.process_time() - last) / (size / 10) * 1e6
        more = "" if before is None else f", {each / before - 1:+.0%}"
        print(f"{size:,} reports: {each:.0f} microseconds a report{more}", flush=True)
        before = each


def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmarks of linking.")
    parser.add_argument("what", choices=["pages", "growth"])
    parser.add_argument("paths", nargs="*", type=Path, help="pages: files of pages")
    parser.add_argument("--sizes", default="100000,1000000", help="growth: numbers of reports")
    parser.add_argument("--show", action="store_true", help="pages: show what is wrong")
    options = parser.parse_args()
    if options.what == "growth":
        growth([int(size) for size in options.sizes.split(",")])
    elif options.paths:
        pages(options.paths, options.show)
    else:
        parser.error("pages needs files of pages")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
