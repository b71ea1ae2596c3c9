#!/usr/bin/env python3
"""Headlines that tell of an event of which their item has no report: doubts that need no gold.

    python tools/doubts.py FILES...

A headline tells of an event if it holds a word that an event rule is looked for by, of two characters or more, and
that can stand in the part of the rule that holds the event. Talks, gatherings and calls are taken as one kind, as a
headline seldom tells which it was. One line for each doubt: kind, word, page, item, headline; how many headlines there
were and how many are in doubt is said at the end. Half of the doubts are none of the record's (a law is signed, guests
of one's own country are received): whoever reads them finds the others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from dragoman.article import Article
from dragoman.gaps import EventWords
from dragoman.model import Reading
from dragoman.pack import Pack, load
from dragoman.reading import read_article
from dragoman.sources import open_paths

TALKS = frozenset({"meeting", "conference", "call"})


def told(title: str, words: EventWords, kinds: dict[str, str]) -> dict[str, str]:
    """The kinds of event that a headline tells of, each with the word that tells it."""
    found: dict[str, str] = {}
    if words.matcher is not None:
        for index, _, _ in words.matcher.find_matches_as_indexes(title):
            word = words.words[index]
            for rule in words.rules[word]:
                found.setdefault(kinds[rule], word)
    return found


def doubts(reading: Reading, words: EventWords, kinds: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Kind, word, item and headline of what a page's headlines tell and its reports do not."""
    for item in reading.document["items"]:
        found = told(item["title"] or "", words, kinds)
        read = {report.kind for report in reading.reports if report.item == item["item"]}
        if not found or read & found.keys() or (read & TALKS and TALKS & found.keys()):
            continue
        kind, word = next(iter(found.items()))
        yield kind, word, item["item"], item["title"]


def main(paths: list[str], pack: Pack) -> int:
    words = EventWords(pack)
    kinds = {rule.name: rule.makes for rule in pack.events}
    headlines = number = 0
    for article in open_paths([Path(path) for path in paths]):
        if not isinstance(article, Article):
            print(article, file=sys.stderr)
            continue
        reading = read_article(article, pack)
        headlines += sum(bool(told(item["title"] or "", words, kinds)) for item in reading.document["items"])
        for doubt in doubts(reading, words, kinds):
            number += 1
            print(doubt[0], doubt[1], article.id, *doubt[2:], sep="\t")
    print(f"{number} of {headlines} headlines with a word of an event are in doubt", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], load()))
