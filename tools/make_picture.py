#!/usr/bin/env python3
"""Draws docs/images/reading.svg, the picture of the README, from a real reading of one of the shipped examples.

    python tools/make_picture.py [PAGE]

On the left stands the page with the evidence of each report in a colour, on the right the reports. Nothing in it is
drawn by hand: after a change in what is read, run it again.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from dragoman.article import Article
from dragoman.pack import load
from dragoman.reading import read_article
from dragoman.sources import open_paths

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "examples" / "pages" / "29-truong-tan-sang-japan-2014.html"
PICTURE = ROOT / "docs" / "images" / "reading.svg"

COLOURS = ("#ffd166", "#9bd5ff", "#b7e4a8", "#f7b2c4", "#d7c0f5", "#ffc9a3")
FONT = "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
SIZE, LEADING, COLUMNS = 15, 27, 30  # of the page's text: pixels, pixels, full-width characters a line
MARGIN, CARD_WIDTH, GAP = 24, 430, 36


def width(character: str) -> float:
    """A character's width in units of a full-width one."""
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.7 if character.isupper() else 0.56


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line of the picture; an empty line of the text ends up as an empty line."""
    start, used = 0, 0.0
    for position, character in enumerate(text):
        if character == "\n" or used + width(character) > COLUMNS:
            yield start, position
            start = position + (character == "\n")
            used = 0.0
        if character != "\n":
            used += width(character)
    yield start, len(text)


def label(x: float, y: float, words: str, size: int = SIZE, extra: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" {extra}>{escape(words)}</text>'


def run_width(words: str) -> float:
    return SIZE * sum(width(character) for character in words)


def draw_page(text: str, spans: list[tuple[int, int, int]], top: float) -> tuple[list[str], float]:
    """The text with its coloured spans, and where it ends."""
    parts, y = [], top
    for start, end in lines(text):
        for number, first, last in spans:
            a, b = max(start, first), min(end, last)
            if a < b:
                # Spans of several reports share a sentence: each later one is drawn a little lower, as an underline.
                shared = sum(1 for other, f, t in spans if other < number and f < b and a < t)
                x, wide = MARGIN + run_width(text[start:a]), run_width(text[a:b])
                high, up = (SIZE + 6, SIZE + 1) if not shared else (4, -4 - 5 * (shared - 1))
                parts.append(
                    f'<rect x="{x:.1f}" y="{y - up:.1f}" width="{wide:.1f}" height="{high}" rx="2" '
                    f'fill="{COLOURS[number % len(COLOURS)]}"/>'
                )
        x = float(MARGIN)
        for character in text[start:end]:
            if not character.isspace():
                parts.append(label(x, y, character))
            x += run_width(character)
        y += LEADING if end > start else LEADING / 3
    return parts, y


def draw_card(number: int, report: dict[str, Any], x: float, y: float) -> tuple[list[str], float]:
    """One report as a card, and where it ends."""
    dates = report["start"] if report["start"] == report["end"] else f"{report['start']} – {report['end']}"
    kind = "/".join(part for part in (report["kind"], report["mode"]) if part)
    where = " ".join(part for part in (report["place"], report["place_country"]) if part)
    amount = f"{report['amount']:,} {report['currency']}" if report["amount"] else None
    about = " · ".join(part for part in (dates, where, report["name"], report["post"], amount) if part)
    rows = [
        f"{one['name']} ({', '.join(part for part in (one['country'], one['role']) if part)})"
        + (f"  {one['post']}" if one["post"] else "")
        for one in report["participants"]
    ]
    height = 54 + 20 * len(rows)
    parts = [
        f'<rect x="{x}" y="{y}" width="{CARD_WIDTH}" height="{height}" rx="6" fill="#ffffff" stroke="#d9d9d4"/>',
        f'<rect x="{x}" y="{y}" width="8" height="{height}" rx="3" fill="{COLOURS[number % len(COLOURS)]}"/>',
        label(x + 20, y + 22, kind, 15, 'font-weight="bold"'),
        label(x + CARD_WIDTH - 14, y + 22, report["status"], 13, 'text-anchor="end" fill="#2a7d46"'),
        label(x + 20, y + 42, about, 13, 'fill="#555550"'),
    ]
    parts += [label(x + 20, y + 62 + 20 * row, words, 13) for row, words in enumerate(rows)]
    return parts, y + height + 12


def draw(article: Article) -> str:
    reading = read_article(article, load())
    reports = [report.to_json() for report in reading.reports]
    spans = [(number, one["start"], one["end"]) for number, report in enumerate(reports) for one in report["evidence"]]
    parts, page_end = draw_page(article.text.rstrip(), spans, top=MARGIN + SIZE + 4.0)
    x, y = MARGIN + COLUMNS * SIZE + GAP, float(MARGIN)
    for number, report in enumerate(reports):
        card, y = draw_card(number, report, x, y)
        parts += card
    wide, high = x + CARD_WIDTH + MARGIN, max(page_end, y) + MARGIN / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" '
        f'font-family="{FONT}" fill="#1d1d1b">\n'
        f'<rect width="100%" height="100%" fill="#faf9f5"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def main() -> None:
    page = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    (article,) = open_paths([page])
    if not isinstance(article, Article):
        sys.exit(str(article))
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(draw(article), "utf-8")
    print(PICTURE.relative_to(ROOT))


if __name__ == "__main__":
    main()
