#!/usr/bin/env python3
"""How fast Dragoman reads: pages a second on one core, pages with and without events, the start of the command, memory,
and growth with a page's length.

    python benchmarks/speed.py [FILE.jsonl ...] [--seconds N]

Without a file the shipped examples are read. Machines differ and so do their moods, therefore each run also measures
a yardstick, one regular expression over the same text, and gives the figures as multiples of it; compare those.
Nothing here is asserted by a test.
"""

from __future__ import annotations

import argparse
import gc
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dragoman.article import Article
from dragoman.pack import Pack, load
from dragoman.reading import read_article
from dragoman.sources import open_paths

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
#: What no page looks like, and what a broken one may: each is repeated to this length.
ODD_LENGTH = 100_000
ODD = {
    "commas": ",",
    "brackets": "(",
    "quotations": "\u201c\u597d\u201d,",
    "NULs": "\0",
    "no sentence end": "\u8d8a\u5357\u5916\u957f\u963f\u660e\u4f1a\u89c1\u8001\u631d\u56fd\u9632\u90e8\u957f,",
    "one character": "\u56fd",
    "dots": "\u00b7",
}


def seconds(action: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """How long one call takes: of the processor's time, so that what else runs on the machine counts for little."""
    start = clock()
    action()
    return clock() - start


def best_of(times: int, action: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    return min(seconds(action, clock) for _ in range(times))


def command_takes(*command: str) -> float:
    """Seconds on the clock that a command takes from its start to its end."""
    return best_of(3, lambda: subprocess.run([sys.executable, *command], capture_output=True), time.perf_counter)


def held() -> float:
    """Megabytes that the process holds, or 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    gc.collect()
    return pages * 4096 / 1e6


def by_kind(articles: list[Article], pack: Pack, took: dict[int, float]) -> None:
    """Print how fast pages with reports are read, those with facts alone, and those that hold nothing."""
    kinds: dict[str, list[int]] = {"reports": [], "facts alone": [], "nothing": []}
    for number in took:
        reading = read_article(articles[number], pack)
        kinds["reports" if reading.reports else "facts alone" if reading.facts else "nothing"].append(number)
    print("pages with     number, pages a second, seconds per character relative to the first row")
    base = None
    for kind, numbers in kinds.items():
        if numbers:
            spent = sum(took[number] for number in numbers)
            relative = spent / sum(len(articles[number].text) for number in numbers)
            base = base or relative
            print(f"{kind:<14} {len(numbers):>9,}  {len(numbers) / spent:8,.0f}  {relative / base:5.2f}")


def yardstick(articles: list[Article]) -> float:
    """Seconds that one plain regular expression needs for the text of the pages."""
    pattern = re.compile(r"\w+")
    return best_of(3, lambda: [pattern.findall(article.text) for article in articles])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seconds", type=float, default=20, help="about how long to read pages for")
    arguments = parser.parse_args()

    files = arguments.files or sorted(
        path for path in EXAMPLES.rglob("*") if path.suffix in (".txt", ".html", ".jsonl")
    )
    articles = [item for item in open_paths(files) if isinstance(item, Article)]
    if not articles:
        parser.error("no page in these files")
    empty_handed = held()
    loading = seconds(load)
    pack = load()
    read_article(articles[0], pack)  # whatever is made on first use is made now

    spent, read, characters, measured = 0.0, 0, 0, []
    best: dict[int, float] = {}
    loaded = held()
    while spent < arguments.seconds and read < 20_000:
        number = read % len(articles)
        article = articles[number]
        took = seconds(lambda article=article: read_article(article, pack))
        measured.append(took)
        best[number] = min(took, best.get(number, took))
        spent, read, characters = spent + took, read + 1, characters + len(article.text)
    per_character = spent / characters
    all_text = sum(len(article.text) for article in articles)
    stick = yardstick(articles) / all_text
    measured.sort()
    print(f"pages          {len(articles)} of {all_text / len(articles):,.0f} characters on average")
    quiet = len(best) / sum(best.values())
    print(f"one core       {read / spent:,.0f} pages a second, {1 / per_character:,.0f} characters a second")
    print(f"               {quiet:,.0f} pages a second if the best time of each counts, as on a quiet machine")
    print(f"               median {1000 * measured[read // 2]:.1f} ms, slowest {1000 * measured[-1]:.0f} ms a page")
    print(f"yardstick      reading takes {per_character / stick:,.0f} times as long as one regular expression")

    by_kind(articles, pack, best)
    print(
        f"memory         {loaded - empty_handed:,.0f} MB the pack, {held() - loaded:,.0f} MB more after {read:,} pages"
    )

    sample = min((EXAMPLES / "pages").iterdir(), key=lambda path: path.stat().st_size)
    empty = command_takes("-c", "pass")
    version = command_takes("-m", "dragoman", "--version")
    first = command_takes("-m", "dragoman", "read", str(sample))
    print(f"start          python alone {empty:.2f} s, dragoman --version {version:.2f} s, one page read {first:.2f} s")
    print(f"               of it loading the pack {loading:.2f} s")

    print("length         characters, seconds, seconds per character relative to the first row")
    body = "\n".join(article.text for article in articles)
    base = None
    for length in LENGTHS:
        text = (body * (length // len(body) + 1))[:length]
        # Paragraphs that repeat are read once only, so each copy gets a number of its own.
        lines = (f"{line}{number}" for number, line in enumerate(text.split("\n")))
        article = replace(articles[0], text="\n".join(lines))
        took = best_of(2 if length < LENGTHS[-1] else 1, lambda article=article: read_article(article, pack))
        relative = took / len(article.text)
        base = base or relative
        print(f"               {len(article.text):>9,}  {took:8.3f}  {relative / base:5.2f}")
    print("odd text       characters, seconds, seconds per character relative to a hundredth of it")
    for name, piece in ODD.items():
        short, long = (replace(articles[0], text=piece * (n // len(piece))) for n in (ODD_LENGTH // 100, ODD_LENGTH))
        few = best_of(3, lambda short=short: read_article(short, pack)) / len(short.text)
        took = seconds(lambda long=long: read_article(long, pack))
        print(f"{name:<14} {len(long.text):>9,}  {took:8.3f}  {took / len(long.text) / few:5.2f}")


if __name__ == "__main__":
    main()
